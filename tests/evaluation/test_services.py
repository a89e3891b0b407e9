import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.enums import OrganisationKind, OrganisationStatus, Tier, TierBasis
from communities.models import TierDecision
from communities.services.tiers import TierError, decide_tier, propose_tier
from evaluation.enums import Dimension
from evaluation.models import Entry, Round, Score
from evaluation.queries.sheets import result_of
from evaluation.queries.spread import tier_of, totals
from evaluation.services.moderation import propose_total
from evaluation.services.publishing import close, publish, reopen
from evaluation.services.rounds import Days, RoundError, add_entry, excuse, open_round, set_days, tell_difficulties
from grants.models import Duty
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import KAOHSIUNG, MIAOLI, PostFactory, person
from tests.factories.communities import OrganisationFactory, member_of, yuanli
from tests.factories.evaluation import a_round, a_sheet, published, score_fully, terms

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
        open_round(person(Role.CASE_OFFICER), KAOHSIUNG, 2010, terms(excellent_from=90, potential_from=50))
    a_round(county=MIAOLI)
    assert Round.objects.get(pk=first.pk).excellent_from == 80


def test_the_officer_moves_the_last_days_while_the_judges_score(head):
    round_ = a_round()
    days = Days(*(dt.date(2010, 7, number) for number in (1, 2, 3)))
    with pytest.raises(Refused):
        set_days(head, round_, days)
    set_days(round_.opened_by, round_, days)
    assert Round.objects.get().closes_on == days.closes_on
    close(round_.opened_by, round_)
    with pytest.raises(Refused, match="已經結束"):
        set_days(round_.opened_by, round_, days)


def test_closing_waits_until_all_are_judged_or_explained(head):
    OrganisationFactory.create_batch(3)
    round_ = a_round()
    first, second, third = round_.entries.order_by("pk")
    score_fully(first)
    excuse(round_.opened_by, second, "已停止運作")
    assert list(round_.unscored()) == [third]
    with pytest.raises(Refused, match="還有1個協會"):
        close(round_.opened_by, round_)
    unfinished = a_sheet(third)
    score_fully(third, 0)
    assert list(round_.unscored()) == [third]
    unfinished.delete()
    published(head, round_)
    assert list(Entry.objects.order_by("pk").values_list("total", flat=True)) == [100, None, 0]


def test_an_association_that_was_dissolved_does_not_hold_up_the_end():
    gone = OrganisationFactory()
    round_ = a_round()
    gone.status = OrganisationStatus.DISSOLVED
    gone.save()
    close(round_.opened_by, round_)
    assert Entry.objects.get().not_evaluated == "協會已解散"


@pytest.mark.parametrize(
    ("total", "tier"),
    [
        ("100", Tier.EXCELLENT),
        ("80", Tier.EXCELLENT),
        ("79.9", Tier.POTENTIAL),
        ("60", Tier.POTENTIAL),
        ("59.5", Tier.BASIC),
        ("0", Tier.BASIC),
    ],
)
def test_cut_offs_include_their_own_number(total, tier):
    assert tier_of(Round(excellent_from=80, potential_from=60), Decimal(total)) == tier


def test_published_results_become_tiers_when_an_approver_confirms(head, portal_date):
    organisation = OrganisationFactory()
    member = member_of(organisation)
    round_ = a_round()
    entry = round_.entries.get()
    score_fully(entry, 50)
    score_fully(entry, 60)
    found = result_of(entry)
    published(head, round_)
    decision = TierDecision.objects.get()
    assert (decision.tier, decision.basis, decision.year) == (Tier.BASIC, TierBasis.EVALUATION, 2010)
    scores = (decision.governance_score, decision.finance_score, decision.services_score)
    assert scores == tuple(found.by_dimension.values())
    assert found.total == Decimal(53)
    assert decision.reason.startswith("99年度評鑑總分53分（會務10、財務10、業務33）")
    assert decision.what_would_lift == "總分再增加7分，可以列為潛力型。"
    assert decision.proposed_by == round_.opened_by
    organisation.refresh_from_db()
    assert organisation.current_tier == ""
    decide_tier(head, decision, confirm=True, note="")
    organisation.refresh_from_db()
    assert organisation.current_tier == Tier.BASIC
    assert [(n.recipient, n.due_on) for n in Notice.objects.filter(kind="evaluation.published")] == [
        (member, portal_date)
    ]
    assert "evaluation.publish" in AuditEntry.objects.values_list("action", flat=True)


@pytest.mark.parametrize(("county", "done"), [("kaohsiung", True), ("miaoli", False)])
def test_publishing_does_the_countys_reminder_of_the_year(head, portal_date, county, done):
    OrganisationFactory()
    row = Duty.objects.create(
        key="yearly_evaluation", clause="M5.4a", county=county, period="2010", due_on=portal_date, opened_on=portal_date
    )
    round_ = a_round()
    score_fully(round_.entries.get())
    published(head, round_)
    row.refresh_from_db()
    assert (row.done_on, row.figures) == ((portal_date, {"evaluated": 1}) if done else (None, {}))


def test_who_opened_or_closed_a_round_does_not_publish_it():
    opener, closer = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER)
    for user in (opener, closer):
        PostFactory(user=user, role=Role.APPROVER)
    round_ = a_round(opener=opener)
    with pytest.raises(Refused, match="結束評分以後"):
        publish(closer, round_)
    close(closer, round_)
    for user in (opener, closer):
        with pytest.raises(Refused, match="另一位主管"):
            publish(user, round_)


def test_a_round_is_closed_opened_again_and_published_once(head):
    OrganisationFactory()
    round_ = a_round()
    entry = round_.entries.get()
    sheet = score_fully(entry)
    close(round_.opened_by, round_)
    with pytest.raises(Refused):
        reopen(head, round_)
    reopen(round_.opened_by, round_)
    assert Round.objects.get().closed_by is None
    published(head, round_)
    with pytest.raises(Refused, match="公布過"):
        publish(head, round_)
    with pytest.raises(Refused, match="已經公布"):
        reopen(round_.opened_by, round_)
    assert Score.objects.filter(sheet=sheet).count() == round_.indicators.count()


def test_a_proposal_that_waits_holds_up_publication_whole(head):
    first, second = OrganisationFactory(), OrganisationFactory()
    round_ = a_round()
    for entry in round_.entries.all():
        score_fully(entry)
    propose_tier(round_.opened_by, second, year=2010, tier="basic", basis="decision", reason="個案")
    with pytest.raises(TierError, match=second.name):
        published(head, round_)
    assert (Round.objects.get().status, first.tier_decisions.count()) == ("closed", 0)


def test_an_association_tells_its_difficulties_until_the_end_of_scoring():
    organisation = OrganisationFactory()
    member, stranger = member_of(organisation), member_of(OrganisationFactory(status=OrganisationStatus.DISSOLVED))
    round_ = a_round()
    entry = round_.entries.get()
    tell_difficulties(member, entry, "缺少志工")
    assert Entry.objects.get().difficulties == "缺少志工"
    with pytest.raises(Refused):
        tell_difficulties(stranger, entry, "不是我們的")
    score_fully(entry)
    close(round_.opened_by, round_)
    with pytest.raises(Refused):
        tell_difficulties(member, entry, "太晚了")


def test_points_wait_for_an_end_that_has_begun():
    """Else points could be written after the result: the round is locked before its sheets and entries, by all."""
    OrganisationFactory()
    entry = a_round().entries.get()
    sheet = a_sheet(entry)
    with CaptureQueriesContext(connection) as asked:
        score_fully(entry, judge=sheet.judge)
        tell_difficulties(member_of(entry.organisation), entry, "沒有場地")
    found = [re.search(r'FROM "evaluation_(round|entry|sheet)".* FOR UPDATE', query["sql"]) for query in asked]
    locks = [lock[1] for lock in found if lock]
    assert locks[0::2] == ["round"] * (len(locks) // 2) or locks[:1] == ["round"]
    assert locks[-2:] == ["round", "entry"]


def test_an_association_that_was_registered_later_is_taken_in_by_the_officer(head):
    OrganisationFactory()
    round_ = a_round()
    later, church = OrganisationFactory(), OrganisationFactory(kind=OrganisationKind.CHURCH)
    for refused_to, organisation in ((head, later), (round_.opened_by, church)):
        with pytest.raises(Refused):
            add_entry(refused_to, round_, organisation)
    add_entry(round_.opened_by, round_, later)
    with pytest.raises(Refused, match="已經在這一輪"):
        add_entry(round_.opened_by, round_, later)
    assert round_.entries.count() == 2


def test_a_total_is_moderated_by_two_between_the_end_and_the_publication_alone(head):
    OrganisationFactory()
    round_ = a_round()
    entry = round_.entries.get()
    score_fully(entry)
    with pytest.raises(Refused, match="結束評分以後"):
        propose_total(round_.opened_by, entry, Decimal(90), "太早")
    close(round_.opened_by, round_)
    entry = Entry.objects.select_related("round", "organisation").get()
    with pytest.raises(Refused):
        propose_total(head, entry, Decimal(90), "不是承辦人")
    change = propose_total(round_.opened_by, entry, Decimal(90), "討論後一致")
    with pytest.raises(Refused):
        confirm(round_.opened_by, change)
    confirm(head, change)
    assert totals(round_) == {entry.pk: 90}
    # Whoever may write again starts from the sheets.
    reopen(round_.opened_by, round_)
    assert totals(round_) == {entry.pk: 100}
    close(round_.opened_by, round_)
    entry.refresh_from_db()
    entry.round.refresh_from_db()
    waiting = propose_total(round_.opened_by, entry, Decimal("79.5"), "討論後一致")
    with pytest.raises(Refused, match="還有1件總分調整"):
        publish(head, round_)
    confirm(head, waiting)
    publish(head, round_)
    decision = TierDecision.objects.get()
    assert (decision.tier, Entry.objects.get().total) == (Tier.POTENTIAL, Decimal("79.5"))
    assert decision.reason.endswith("委員平均100分，討論後調整：討論後一致")


def test_who_was_registered_after_the_year_is_not_judged_and_it_says_why():
    days = {"before": dt.date(2009, 12, 31), "after": dt.date(2010, 1, 1), "unknown": None}
    bodies = {name: OrganisationFactory(registered_on=day) for name, day in days.items()}
    found = a_round(year=2009)
    said = {entry.organisation: entry.not_evaluated for entry in found.entries.all()}
    assert [said[body] for body in bodies.values()] == ["", "99年1月1日才立案", ""]
    assert found.unscored().count() == 2
