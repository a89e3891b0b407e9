"""Why an association has its tier, and which indicators would lift it by how many points."""

from decimal import Decimal

import pytest
from django.urls import reverse

from communities.models import TierDecision
from communities.services.tiers import decide_tier
from evaluation.queries.lift import lift_of
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.evaluation import a_round, published, score_fully

pytestmark = pytest.mark.django_db


def decided(percent: int) -> TierDecision:
    round_ = a_round()
    score_fully(round_.entries.get(), percent)
    score_fully(round_.entries.get(), percent)
    head = person(Role.APPROVER)
    published(head, round_)
    return decide_tier(head, TierDecision.objects.get(), confirm=True, note="") or TierDecision.objects.get()


def test_the_largest_gaps_that_together_suffice_are_marked(client):
    body = OrganisationFactory()
    decision = decided(50)
    found = lift_of(decision)
    assert (found.total, found.following, found.needed) == (Decimal(50), "potential", Decimal(10))
    assert [(gain.indicator.points, gain.missing) for gain in found.chosen] == [(20, Decimal(10))]
    assert (found.reached, [gain.enough for gain in found.gains].count(True)) == (Decimal(10), 1)
    assert [(name, points) for name, points, _full in found.parts] == [
        ("會務", Decimal(10)),
        ("財務", Decimal(10)),
        ("業務", Decimal(30)),
    ]
    assert all(gain.advice for gain in found.gains)
    client.force_login(chair_of(body))
    page = client.get(reverse("evaluation:tier", args=[decision.pk])).content.decode()
    assert "再增加 10 分，就是潛力型" in page


def test_the_highest_tier_has_nothing_above():
    OrganisationFactory()
    found = lift_of(decided(100))
    assert (found.following, found.needed, found.chosen) == (None, 0, [])


def test_a_decision_by_itself_has_words_alone(client):
    body, head, officer = OrganisationFactory(), person(Role.APPROVER), person(Role.CASE_OFFICER)
    decision = TierDecision.objects.create(
        organisation=body,
        year=2010,
        tier="basic",
        basis="decision",
        reason="新成立",
        what_would_lift="先辦理會員大會",
        proposed_by=officer,
        proposed_on="2010-06-01",
    )
    assert lift_of(decision) is None
    client.force_login(chair_of(body))
    # What is not confirmed is the county's alone.
    assert client.get(reverse("evaluation:tier", args=[decision.pk])).status_code == 404
    client.force_login(head)
    assert "先辦理會員大會" in client.get(reverse("evaluation:tier", args=[decision.pk])).content.decode()
