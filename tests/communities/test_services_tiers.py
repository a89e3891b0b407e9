import pytest

from communities.enums import OrganisationKind, Tier, TierBasis, TierDecisionStatus
from communities.models import TierDecision
from communities.services import tiers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.queries import history_of_object
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import MIAOLI, PostFactory, person
from tests.factories.communities import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def head():
    return person(Role.APPROVER)


def propose(organisation, user, year=2010, tier=Tier.EXCELLENT):
    return tiers.propose_tier(
        user, organisation, year=year, tier=tier, basis=TierBasis.DECISION, reason="會務財務健全，持續辦理據點。"
    )


def test_a_confirmed_tier_stands_on_the_organisation_and_in_the_trail(organisation, officer, head, portal_date):
    decision = propose(organisation, officer)
    organisation.refresh_from_db()
    assert organisation.current_tier == ""
    tiers.decide_tier(head, decision, confirm=True, note="")
    organisation.refresh_from_db()
    decision.refresh_from_db()
    assert (organisation.current_tier, organisation.current_tier_year) == (Tier.EXCELLENT, 2010)
    assert (decision.status, decision.decided_by, decision.decided_on) == ("confirmed", head, portal_date)
    entries = history_of_object(decision)
    assert [(e.action, e.actor, e.post_label) for e in entries] == [
        ("tier.confirm", head, "高雄縣 主管"),
        ("tier.propose", officer, "高雄縣 縣府承辦人"),
    ]


def test_a_refused_tier_changes_nothing_and_leaves_room_for_another(organisation, officer, head):
    tiers.decide_tier(head, propose(organisation, officer), confirm=False, note="理由不足")
    organisation.refresh_from_db()
    assert organisation.current_tier == ""
    assert TierDecision.objects.get().status == TierDecisionStatus.REFUSED
    propose(organisation, officer, tier=Tier.POTENTIAL)


def test_an_older_year_does_not_replace_a_newer_one(organisation, officer, head):
    tiers.decide_tier(head, propose(organisation, officer), confirm=True, note="")
    tiers.decide_tier(head, propose(organisation, officer, year=2009, tier=Tier.BASIC), confirm=True, note="")
    organisation.refresh_from_db()
    assert (organisation.current_tier, organisation.current_tier_year) == (Tier.EXCELLENT, 2010)


def test_one_proposal_a_year_waits(organisation, officer):
    propose(organisation, officer)
    propose(organisation, officer, year=2009)
    with pytest.raises(tiers.TierError):
        propose(organisation, officer)
    assert TierDecision.objects.count() == 2


def test_nobody_confirms_the_own_proposal(organisation, officer):
    PostFactory(user=officer, role=Role.APPROVER)
    decision = propose(organisation, officer)
    with pytest.raises(Refused, match="自己提報"):
        tiers.decide_tier(officer, decision, confirm=True, note="")
    assert TierDecision.objects.get().status == TierDecisionStatus.PROPOSED


def test_a_decision_is_made_once(organisation, officer, head):
    decision = propose(organisation, officer)
    tiers.decide_tier(head, decision, confirm=True, note="")
    with pytest.raises(Refused, match="決定過"):
        tiers.decide_tier(head, decision, confirm=False, note="改變主意")
    assert TierDecision.objects.get().status == TierDecisionStatus.CONFIRMED


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CASE_OFFICER, Role.MEMBER)])
def test_only_a_case_officer_proposes(organisation, role):
    scope = {"township_code": organisation.township_id} if role == Role.TOWNSHIP_OFFICER else {}
    with pytest.raises(Refused):
        propose(organisation, person(role, **scope))


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.APPROVER, Role.MEMBER)])
def test_only_an_approver_decides(organisation, officer, role):
    decision = propose(organisation, officer)
    scope = {"township_code": organisation.township_id} if role == Role.TOWNSHIP_OFFICER else {}
    with pytest.raises(Refused):
        tiers.decide_tier(person(role, **scope), decision, confirm=True, note="")


def test_the_other_county_neither_proposes_nor_confirms(organisation, officer):
    decision = propose(organisation, officer)
    with pytest.raises(Refused):
        propose(organisation, person(Role.CASE_OFFICER, MIAOLI), year=2009)
    with pytest.raises(Refused):
        tiers.decide_tier(person(Role.APPROVER, MIAOLI), decision, confirm=True, note="")


def test_a_tier_is_for_associations_only(officer):
    with pytest.raises(Refused, match="社區發展協會"):
        propose(OrganisationFactory(kind=OrganisationKind.CHURCH), officer)


def test_each_is_confirmed_by_itself(officer, head):
    ours = [propose(OrganisationFactory(), officer) for _ in range(2)]
    tiers.decide_tier(head, ours[0], confirm=True, note="")
    states = list(TierDecision.objects.order_by("pk").values_list("status", flat=True))
    assert states == ["confirmed", "proposed"]
