"""The registry by its tiers: those of a past year, and their order."""

import pytest
from django.urls import reverse

from communities.models import Organisation, TierDecision
from communities.services.organisations import index
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory

pytestmark = pytest.mark.django_db


def url(name):
    return reverse(f"communities:{name}")


@pytest.fixture
def officer(client):
    user = person(Role.CASE_OFFICER)
    client.force_login(user)
    return user


def listed(client, **query):
    return list(client.get(url("registry"), query).context["list"].rows)


def in_order(client, **query):
    rows = client.get(url("registry"), query).context["list"].table.rows
    return [Organisation.objects.get(pk=row.record["pk"]) for row in rows]


def graded(organisation, year, tier):
    by = {
        "proposed_by": person(Role.CASE_OFFICER),
        "proposed_on": clock.today(),
        "basis": "evaluation",
        "reason": "評鑑",
    }
    return TierDecision.objects.create(organisation=organisation, year=year, tier=tier, status="confirmed", **by)


def test_a_past_year_of_tiers_shows_that_years_tier_on_the_screen_and_in_files(client, officer):
    risen, other, ungraded = (
        OrganisationFactory(name=name, current_tier="excellent", current_tier_year=2010)
        for name in ("上升協會", "改過協會", "沒評協會")
    )
    graded(risen, 2009, "basic")
    graded(other, 2009, "potential")
    graded(other, 2009, "excellent")
    index([risen, other, ungraded])
    shown = client.get(url("registry"), {"tier_year": "2009"}).content.decode()
    head, body = shown.partition("<thead")[2].split("<tbody", 1)
    assert ("分級（98年）" in head, "基本型" in body, "（99年）" in body) == (True, True, False)
    assert (listed(client, tier_year="2009", tier="potential"), listed(client, tier_year="2009", tier="basic")) == (
        [],
        [risen],
    )
    assert in_order(client, tier_year="2009", sort="current_tier") == [other, risen]
    assert in_order(client, tier_year="2009", sort="-current_tier") == [risen, other]
    query = "?tier_year=2009&column=name&column=current_tier&sort=current_tier"
    file = b"".join(client.post(url("registry") + query, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert file.split() == ["名稱,分級（98年）", "改過協會,績優型", "上升協會,基本型"]
    assert "分級（98年）" not in client.get(url("registry")).content.decode()
    assert client.get(url("registry"), {"tier_year": "abc", "tier": "excellent"}).status_code == 200


def test_tiers_are_sorted_from_the_excellent_down_and_none_last(client, officer):
    rows = {
        tier: OrganisationFactory(current_tier=tier, current_tier_year=2010)
        for tier in ("basic", "", "excellent", "potential")
    }
    assert in_order(client, sort="current_tier") == [rows[tier] for tier in ("excellent", "potential", "basic", "")]
    assert in_order(client, sort="-current_tier") == [rows[tier] for tier in ("basic", "potential", "excellent", "")]
