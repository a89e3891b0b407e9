"""Keys inside the body of a post reach no further than the page does: strangers' lines, letters and tiers stay as they are."""

import pytest
from django.urls import reverse

from communities.models import TierDecision
from communities.services import tiers
from grants.models import BudgetLine, PrintRun
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, yuanli

from .filing import ready_case
from .pages import budget_post, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    organisation = OrganisationFactory()
    return ready_case(organisation, chair_of(organisation))


@pytest.fixture
def theirs():
    organisation = OrganisationFactory()
    return ready_case(organisation, chair_of(organisation))


def rows(case):
    return list(case.lines.order_by("pk").values())


@pytest.mark.parametrize("command", ["remove", "copy", "cap"])
def test_a_command_on_the_line_of_another_case(mine, theirs, command):
    line = theirs.lines.get()
    BudgetLine.objects.filter(pk=line.pk).update(requested=999_999)
    before = [rows(mine), rows(theirs)]
    body = budget_post(mine, command=f"{command}:{line.pk}")
    signed_in(mine.created_by).post(reverse("grants:application_budget", args=[mine.number]), body)
    assert [rows(mine), rows(theirs)] == before


def test_amounts_and_reasons_for_the_line_of_another_case(mine, theirs):
    line = theirs.lines.get()
    before = [rows(mine), rows(theirs)]
    names = {f"line-{line.pk}-requested": "1", f"line-{line.pk}-description": "改掉", f"reason:K1:{line.pk}": "理由"}
    body = budget_post(mine, **names)
    signed_in(mine.created_by).post(reverse("grants:application_budget", args=[mine.number]), body)
    assert [rows(mine), rows(theirs)] == before
    assert not mine.justifications.exists()
    assert not theirs.justifications.exists()


def test_letters_of_the_other_county_are_not_printed():
    own, other = (person(Role.ADMINISTRATOR, county=county) for county in ("kaohsiung", "miaoli"))
    letter = reviews.approved(reviews.staff()).application.letters.get()
    assert letter.county == "kaohsiung"
    for user in (other, own):
        signed_in(user).post(reverse("grants:letter_list"), {"act": "print", "row": [letter.pk]})
    assert [list(run.letters.all()) for run in PrintRun.objects.all()] == [[letter]]


def test_tiers_of_the_other_county_are_not_confirmed():
    association = OrganisationFactory(county="miaoli", township=yuanli())
    officer = person(Role.CASE_OFFICER, county="miaoli")
    waiting = tiers.propose_tier(officer, association, year=2010, tier="basic", basis="decision", reason="初次")
    for county, status in (("kaohsiung", "proposed"), ("miaoli", "confirmed")):
        user = person(Role.APPROVER, county=county)
        answer = signed_in(user).post(reverse("communities:tier-decide", args=[waiting.pk]), {"confirm": "yes"})
        assert answer.status_code == (404 if county == "kaohsiung" else 302)
        assert TierDecision.objects.get().status == status
