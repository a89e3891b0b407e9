"""The pages about a county's associations ask the database the same of three of them as of sixty."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import OfficeTerm, Organisation, TierDecision
from communities.services.organisations import load_townships
from grants.models import Duty
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import YUANLI, OrganisationFactory

pytestmark = pytest.mark.django_db
TIERS = ("excellent", "potential", "basic")
PAGES = {
    "directory": ("communities:directory", {}),
    "map of a year": ("communities:directory", {"county": MIAOLI, "year": "99"}),
    "registry": ("communities:registry", {}),
    "dashboard": ("grants:county_dashboard", {}),
    "tiers by township": ("communities:tier-heat", {}),
    "health": ("grants:health_list", {}),
    "volunteers": ("communities:volunteer-totals", {}),
    "volunteers by township": ("communities:volunteer-townships", {}),
    "training hours": ("communities:training-hours", {}),
    "centres": ("communities:centres", {}),
    "alliances": ("communities:alliances-public", {}),
}


@pytest.fixture
def officer():
    load_townships()
    return person(Role.CASE_OFFICER, MIAOLI)


def fill(officer, first: int, last: int) -> None:
    """Associations with a tier, a chairperson's term and two duties of the year."""
    made = [
        OrganisationFactory.build(
            county=MIAOLI, township=None, township_id=YUANLI, name=f"苗栗縣苑裡鎮第{number}社區發展協會",
            folded_name=f"第{number}社區發展協會", current_tier=TIERS[number % 3], current_tier_year=2010,
        )
        for number in range(first, last)
    ]  # fmt: skip
    bodies = Organisation.objects.bulk_create(made)
    day = dt.date(2010, 3, 1)
    head = person(Role.APPROVER, MIAOLI)
    TierDecision.objects.bulk_create(
        TierDecision(organisation=body, year=2010, tier=body.current_tier, basis="decision", reason="示範",
                     status="confirmed", proposed_by=officer, proposed_on=day, decided_by=head, decided_on=day)
        for body in bodies
    )  # fmt: skip
    OfficeTerm.objects.bulk_create(
        OfficeTerm(organisation=body, office="chairperson", person_name="王示範", valid_from=day) for body in bodies
    )
    Duty.objects.bulk_create(
        Duty(organisation=body, key=key, period="2010", county=MIAOLI, clause="M5.5a", due_on=dt.date(2010, 4, 30),
             opened_on=day, held_on=day, done_on=day, done_by=officer)
        for body in bodies
        for key in ("assembly", "accounts")
    )  # fmt: skip


def counts(client) -> dict[str, int]:
    found = {}
    for name, (route, query) in PAGES.items():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(route), query).status_code == 200, name
        found[name] = len(asked)
    return found


def test_three_and_sixty_ask_the_same(client, officer):
    client.force_login(officer)
    fill(officer, 0, 3)
    counts(client)
    few = counts(client)
    fill(officer, 3, 60)
    assert counts(client) == few
