"""A check across fields never reads a field that has a fault of its own: one sentence, at the right place, and no crash."""

import pytest
from django import forms

from grants.forms.reviews import ChecklistForm, ProposalForm
from grants.forms.settlements.months import AttendanceForm
from grants.models import SettlementMonth
from miaoli_kaohsiung.lib.fields import left_empty
from tests.factories import reviews

pytestmark = pytest.mark.django_db
TOO_LONG = "長" * 240


def test_a_reason_that_is_too_long_is_not_called_missing():
    people = reviews.staff()
    case = reviews.checked(people)
    first, _second = case.lines.all()
    data = {"edition": case.edition, "note": ""}
    for line in case.lines.all():
        data |= {f"amount-{line.pk}": str((line.requested or 0) - 1), f"reason-{line.pk}": "核實"}
    form = ProposalForm(data | {f"reason-{first.pk}": TOO_LONG}, lines=case.lines.all(), earlier={})
    assert not form.is_valid()
    assert (list(form.errors), len(form.errors[f"reason-{first.pk}"])) == ([f"reason-{first.pk}"], 1)
    assert "理由" not in form.errors[f"reason-{first.pk}"][0]
    form = ProposalForm(data | {f"reason-{first.pk}": " "}, lines=case.lines.all(), earlier={})
    assert form.errors == {f"reason-{first.pk}": ["核減的項目都要寫理由，函文會逐項列出。"]}


def test_a_note_that_is_too_long_is_not_called_missing():
    case = reviews.received(reviews.staff())
    justification = case.justifications.create(clause="K5.1", text="一")
    key = f"reason:{justification.pk}"
    for note, words in ((TOO_LONG, "200"), ("", "請寫說明")):
        data = {"edition": case.edition, key: "refused", f"note:{key}": note}
        form = ChecklistForm(data, items=[], reasons=[justification], known={})
        assert not form.is_valid()
        (error,) = form.errors[f"note:{key}"]
        assert words in error


@pytest.mark.parametrize(
    ("attendees", "wrong"), [("十個", ["attendees"]), ("", ["payers"]), ("5", ["payers"]), ("6", [])]
)
def test_payers_are_compared_with_a_number_that_could_be_read(attendees, wrong):
    row = SettlementMonth(part="visits", month="2010-06")

    class Part:
        code, average = "visits", None

    class Form(AttendanceForm):
        def __init__(self, data):
            forms.Form.__init__(self, data)
            self.months = [(Part, row)]
            for name, field in self.month_fields(Part, row).items():
                self.fields[f"month-visits-2010-06-{name}"] = field

    form = Form({"month-visits-2010-06-attendees": attendees, "month-visits-2010-06-payers": "6"})
    assert [name.rpartition("-")[2] for name in form.errors] == wrong


def test_left_empty_is_only_what_was_read():
    form = ProposalForm({"edition": "x", "note": " "}, lines=[], earlier={})
    form.is_valid()
    assert (left_empty(form, "note"), left_empty(form, "edition"), left_empty(form, "nothing")) == (True, False, False)
