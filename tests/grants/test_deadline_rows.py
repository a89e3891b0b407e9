"""A deadline is made in one place: what it is about gives its links and its key, once."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings

from communities.models import OfficeTerm
from grants.enums import DeadlineKind
from grants.models import CorrectionRequest, Deadline
from grants.services.reminders.rows import keep, unsaved
from tests.factories import money

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2010, 6, 1), dt.date(2010, 7, 1)


def made(kind, subject):
    row = unsaved(kind, subject, clause="K7.1a", due_on=JULY, opened_on=JUNE)
    return row.subject_key, row.application, row.award, row.instalment


def test_what_a_deadline_is_about_gives_its_links_and_its_key():
    award = money.approved()
    case, first = award.application, award.instalments.get(number=1)
    asked = CorrectionRequest(pk=5, application=case)
    number = award.number
    assert made(DeadlineKind.SETTLEMENT, award) == (f"award:{number}", case, award, None)
    assert made(DeadlineKind.RETURN, award) == (f"award:{number}", case, award, None)
    assert made(DeadlineKind.RECEIPT, first) == (f"instalment:{number}:1", case, award, first)
    assert made(DeadlineKind.CORRECTION, asked) == ("correction:5", case, None, None)
    assert made(DeadlineKind.TERM_EXPIRY, OfficeTerm(pk=7)) == ("term:7", None, None, None)


def test_a_term_that_is_kept_again_is_open_and_never_shorter():
    award = money.approved()
    Deadline.objects.all().delete()
    later = JULY + dt.timedelta(days=1)
    for due_on, shown in ((JULY, JULY), (later, later), (JUNE, later)):
        Deadline.objects.update(done_on=JUNE)
        row = keep(DeadlineKind.SETTLEMENT, award, clause="K7.2a", due_on=due_on, opened_on=JUNE)
        assert list(Deadline.objects.values_list("pk", "due_on", "done_on")) == [(row.pk, shown, None)]


def test_nobody_else_makes_a_deadline():
    makes = re.compile(r"\bDeadline\(|\bDeadline\.objects\.(create|update_or_create|get_or_create|bulk_create)\(")
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for path in Path(settings.BASE_DIR, "grants").rglob("*.py")
        if not {"migrations", "models"} & set(path.parts) and makes.search(path.read_text())
    }
    assert found == {"grants/services/reminders/rows.py"}
