"""What the person is called who confirms for a body: 首長 of an office, 理事長 of an association."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from grants.forms.applications.corrections import ChairCodeForm, SignedSheetForm
from grants.models import Application
from grants.queries.applications.lists import shown
from grants.tables.applications import ApplicationTable
from tests.factories.communities import OrganisationFactory
from tests.factories.grants import ApplicationFactory

DAY = dt.date(2010, 6, 1)
pytestmark = pytest.mark.django_db
WORDS = pytest.mark.parametrize(
    ("kind", "head"), [("township_office", "首長"), ("community_association", "理事長"), ("church", "理事長")]
)


@WORDS
def test_a_case_waits_for_the_head_of_its_body(kind, head):
    case = ApplicationFactory(organisation__kind=kind, status="awaiting_chair")
    row = shown(Application.objects.all()).get()
    cell = ApplicationTable.render_status(None, row["status"], row)
    assert (case.get_status_display(), cell) == (f"待{head}確認", f"待{head}確認")


def test_another_status_reads_as_ever():
    assert ApplicationFactory(organisation__kind="township_office").get_status_display() == "草稿"


@WORDS
@pytest.mark.parametrize("paper", ["payments/receipt", "books/_sign"])
def test_papers_are_signed_by_the_head_of_the_body(kind, head, paper):
    body, other = OrganisationFactory.build(kind=kind), {"首長": "理事長", "理事長": "首長"}[head]
    instalment = SimpleNamespace(number=1, amount=1000, award=SimpleNamespace(number="甲"))
    context = {"organisation": body, "row": instalment, "names": {"chairperson": "王示範"}}
    html = render_to_string(f"grants/{paper}.html", context)
    assert (head in html, other in html) == (True, False)


@WORDS
def test_at_the_counter_the_words_name_the_head_of_the_body(kind, head):
    case, other = ApplicationFactory(organisation__kind=kind), {"首長": "理事長", "理事長": "首長"}[head]
    forms = {"code_form": ChairCodeForm(head=head), "sign_form": SignedSheetForm(head=head)}
    context = {"case": case, "state": "sign", "chair": SimpleNamespace(user=None), **forms}
    html = render_to_string("grants/applications/_confirm_next.html", context)
    assert f"{head}唸的確認碼" in str(forms["code_form"])
    assert (f"{head}不在櫃檯" in html, other in html) == (True, False)
    more = {"row": SimpleNamespace(expires_on=DAY), "today": DAY, "county": SimpleNamespace(phone="")}
    letter = render_to_string("grants/applications/chair_letter.html", context | more)
    assert (f"<h1>{head}確認碼信</h1>" in letter, other in letter) == (True, False)
