import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.enums import OrganisationKind, OrganisationStatus, Tier, TierBasis
from communities.models import TierDecision
from communities.services.tiers import TierError, confirm_tiers, propose_tier
from evaluation.enums import Dimension
from evaluation.models import Entry, Round, Score
from evaluation.queries import by_dimension, entries
from evaluation.services import RoundError, open_round, publish, score, tell_difficulties, tier_of
from grants.models import Duty
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import KAOHSIUNG, MIAOLI, PostFactory, person
from tests.factories.communities import OrganisationFactory, member_of, yuanli
from tests.factories.evaluation import a_round, score_fully

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return person(Role.APPROVER)


def test_a_round_takes_in_the_countys_active_associations():
    ours = OrganisationFactory()
    OrganisationFactory(kind=OrganisationKind.CHURCH)
    OrganisationFactory(status=OrganisationStatus.DISSOLVED)
    OrganisationFactory(county=MIAOLI, township=yuanli())
    round_ = a_round()
    assert [entry.organisation for entry in round_.entries.all()] == [ours]


def test_the_portals_indicators_weigh_20_20_60():
    sums = dict.fromkeys(Dimension.values, 0)
    for indicator in a_round().indicators.all():
        sums[indicator.dimension] += indicator.points
    assert sums == {"governance": 20, "finance": 20, "services": 60}


def test_a_year_is_opened_once():
    first = a_round()
    with pytest.raises(RoundError):
        open_round(person(Role.CASE_OFFICER), KAOHSIUNG, 2010, excellent_from=90, potential_from=50)
    a_round(county=MIAOLI)
    assert Round.objects.get(pk=first.pk).excellent_from == 80


def test_points_add_up_and_may_be_taken_back():
    OrganisationFactory()
    round_ = a_round()
    entry = round_.entries.get()
    score_fully(entry, 50)
    found = entries(round_).get()
    assert (found.points, found.left) == (50, 0)
    assert by_dimension(entry) == {"governance": 10, "finance": 10, "services": 30}
    first = round_.indicators.first()
    score(round_.opened_by, entry, {first.pk: None}, comment="", not_evaluated="")
    found = entries(round_).get()
    assert (found.points, found.left) == (50 - first.points // 2, 1)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MEMBER])
def test_who_scores(role):
    organisation = OrganisationFactory()
    entry = a_round().entries.get()
    scope = {"township_code": organisation.township_id} if role == Role.TOWNSHIP_OFFICER else {}
    user = person(role, **scope)
    if role in (Role.CASE_OFFICER, Role.REVIEWER):
        score(user, entry, {}, comment="可以", not_evaluated="")
        assert Entry.objects.get().comment == "可以"
    else:
        with pytest.raises(Refused):
            score(user, entry, {}, comment="不可以", not_evaluated="")


def test_nobody_scores_the_own_association_or_the_other_county():
    organisation = OrganisationFactory()
    entry = a_round().entries.get()
    reviewer = person(Role.REVIEWER)
    member_of(organisation, user=reviewer)
    for user in (reviewer, person(Role.REVIEWER, MIAOLI)):
        with pytest.raises(Refused):
            score(user, entry, {}, comment="", not_evaluated="")


def test_publishing_waits_until_all_are_scored_or_explained(head):
    OrganisationFactory.create_batch(3)
    round_ = a_round()
    first, second, third = round_.entries.order_by("pk")
    score_fully(first)
    score(round_.opened_by, second, {}, comment="", not_evaluated="已停止運作")
    assert list(round_.unscored()) == [third]
    with pytest.raises(Refused, match="還有1個協會"):
        publish(head, round_)
    assert (Round.objects.get().status, TierDecision.objects.count()) == ("scoring", 0)
    score_fully(third, 0)
    publish(head, round_)
    assert list(Entry.objects.order_by("pk").values_list("total", flat=True)) == [100, None, 0]


@pytest.mark.parametrize(
    ("total", "tier"),
    [
        (100, Tier.EXCELLENT),
        (80, Tier.EXCELLENT),
        (79, Tier.POTENTIAL),
        (60, Tier.POTENTIAL),
        (59, Tier.BASIC),
        (0, Tier.BASIC),
    ],
)
def test_cut_offs_include_their_own_number(total, tier):
    assert tier_of(Round(excellent_from=80, potential_from=60), total) == tier


def test_published_results_become_tiers_when_an_approver_confirms(head, portal_date):
    organisation = OrganisationFactory()
    member = member_of(organisation)
    round_ = a_round()
    score_fully(round_.entries.get(), 50)
    publish(head, round_)
    decision = TierDecision.objects.get()
    assert (decision.tier, decision.basis, decision.year) == (Tier.BASIC, TierBasis.EVALUATION, 2010)
    assert (decision.governance_score, decision.finance_score, decision.services_score) == (10, 10, 30)
    assert decision.reason == "99年度評鑑總分50分（會務10、財務10、業務30）。"
    assert decision.what_would_lift == "總分再增加10分，可以列為潛力型。"
    assert decision.proposed_by == round_.opened_by
    organisation.refresh_from_db()
    assert organisation.current_tier == ""
    confirm_tiers(head, [decision.pk])
    organisation.refresh_from_db()
    assert organisation.current_tier == Tier.BASIC
    assert [(n.recipient, n.due_on) for n in Notice.objects.all()] == [(member, portal_date)]
    assert "evaluation.publish" in AuditEntry.objects.values_list("action", flat=True)


@pytest.mark.parametrize(("county", "done"), [("kaohsiung", True), ("miaoli", False)])
def test_publishing_does_the_countys_reminder_of_the_year(head, portal_date, county, done):
    OrganisationFactory()
    row = Duty.objects.create(
        key="yearly_evaluation", clause="M5.4a", county=county, period="2010", due_on=portal_date, opened_on=portal_date
    )
    round_ = a_round()
    score_fully(round_.entries.get())
    publish(head, round_)
    row.refresh_from_db()
    assert (row.done_on, row.figures) == ((portal_date, {"evaluated": 1}) if done else (None, {}))


def test_who_opened_a_round_does_not_publish_it():
    user = person(Role.CASE_OFFICER)
    PostFactory(user=user, role=Role.APPROVER)
    with pytest.raises(Refused, match="另一位主管"):
        publish(user, a_round(opener=user))


def test_a_round_is_published_once_and_closed_then(head):
    OrganisationFactory()
    round_ = a_round()
    entry = round_.entries.get()
    score_fully(entry)
    publish(head, round_)
    with pytest.raises(Refused, match="公布過"):
        publish(head, round_)
    with pytest.raises(Refused, match="不能再改分數"):
        score(round_.opened_by, entry, {}, comment="", not_evaluated="")
    assert Score.objects.filter(entry=entry).count() == round_.indicators.count()


def test_a_proposal_that_waits_holds_up_publication_whole(head):
    first, second = OrganisationFactory(), OrganisationFactory()
    round_ = a_round()
    for entry in round_.entries.all():
        score_fully(entry)
    propose_tier(round_.opened_by, second, year=2010, tier="basic", basis="decision", reason="個案")
    with pytest.raises(TierError, match=second.name):
        publish(head, round_)
    assert (Round.objects.get().status, first.tier_decisions.count()) == ("scoring", 0)


def test_an_association_tells_its_own_difficulties_until_publication(head):
    organisation = OrganisationFactory()
    member, stranger = member_of(organisation), member_of(OrganisationFactory(status=OrganisationStatus.DISSOLVED))
    round_ = a_round()
    entry = round_.entries.get()
    tell_difficulties(member, entry, "缺少志工")
    assert Entry.objects.get().difficulties == "缺少志工"
    with pytest.raises(Refused):
        tell_difficulties(stranger, entry, "不是我們的")
    score_fully(entry)
    publish(head, round_)
    with pytest.raises(Refused):
        tell_difficulties(member, entry, "太晚了")


def test_points_wait_for_a_publication_that_has_begun():
    """Else points could be written after the total was fixed: the round is locked before its entry, by both."""
    OrganisationFactory()
    entry = a_round().entries.get()
    with CaptureQueriesContext(connection) as asked:
        score_fully(entry)
        tell_difficulties(member_of(entry.organisation), entry, "沒有場地")
    locks = [re.search(r'FROM "evaluation_(round|entry)".* FOR UPDATE', query["sql"]) for query in asked]
    assert [lock[1] for lock in locks if lock] == ["round", "entry"] * 2
