"""The demonstration as people meet it; none of these tests writes."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import override_settings

from communities.models import ActivityCentre
from grants.compliance.judging import evaluate, unreasoned
from grants.enums import ApplicationStatus, AwardStatus, InstalmentStatus, SettlementStatus
from grants.models import Application, AuditSample, Award, Duty, Instalment, PropertyItem, Ruling, Sanction, Settlement
from grants.queries import duties
from grants.queries.desk.tasks import desk_of
from grants.queries.payments import refund_due
from grants.queries.reminders.undelivered import undelivered
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.demo.data.registry import LAST_DAY, PASSWORD
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.privacy.models import DisposalItem

pytestmark = pytest.mark.django_db

User = get_user_model()
NAMED = (
    "qishan-staff",
    "qishan-chair",
    "jiaxian-staff",
    "yuanli-staff",
    "yuanli-chair",
    "qishan-office",
    "yuanli-office",
    "ks-officer",
    "ks-head",
    "ks-finance",
    "ml-officer",
    "ml-head",
    "ml-finance",
    "reviewer-1",
    "reviewer-2",
    "reviewer-3",
    "auditor",
    "admin",
)


@pytest.fixture(scope="module", autouse=True)
def _demonstration(demonstration, django_db_blocker):
    with django_db_blocker.unblock(), demonstration.shown():
        yield


def test_the_portal_stands_on_the_last_day_of_the_demonstration(demonstration):
    demonstration.bring_files()
    assert clock.portal_date() == LAST_DAY


def test_the_county_sees_a_text_that_did_not_arrive():
    for officer in ("ks-officer", "ml-officer"):
        assert [row.channel for row in undelivered(User.objects.get(username=officer))] == ["簡訊"]


def statuses(model) -> set[str]:
    return set(model.objects.values_list("status", flat=True))


def test_every_named_account_signs_in_and_holds_a_post():
    people = {user.username: user for user in User.objects.filter(username__in=NAMED)}
    assert sorted(people) == sorted(NAMED)
    assert [name for name, user in people.items() if not posts_of(user)] == []
    assert people["ks-officer"].check_password(PASSWORD)


def test_cases_in_every_state_and_money_in_every_stage():
    assert statuses(Application) == set(ApplicationStatus)
    assert statuses(Instalment) == set(InstalmentStatus)
    assert statuses(Settlement) == set(SettlementStatus)
    assert statuses(Award) == {AwardStatus.ACTIVE, AwardStatus.COMPLETED, AwardStatus.CLOSED, AwardStatus.NOT_EXECUTED}


def test_one_association_is_barred_and_has_money_to_return():
    row = Sanction.objects.get(status="confirmed", event="not_executed")
    assert (row.award.status, row.barred_from.isoformat(), row.barred_to.isoformat()) == (
        AwardStatus.NOT_EXECUTED,
        "2011-01-01",
        "2012-12-31",
    )
    assert refund_due(row.award) == row.award.instalments.get(number=1).amount


def test_jiaxian_waits_for_the_receipt_of_two_instalments():
    award = Award.objects.get(application__organisation__township="64000330", status=AwardStatus.ACTIVE)
    assert list(award.instalments.values_list("condition", "status")) == [
        ("receipt", "awaiting_receipt"),
        ("settlement", "scheduled"),
    ]


def test_the_draft_of_qishan_has_one_line_over_the_cap_and_one_to_explain():
    case = Application.objects.get(created_by__username="qishan-staff", status=ApplicationStatus.DRAFT)
    evaluation = evaluate(case, stage="draft")
    assert [found.clause for found in evaluation.errors] == ["K4.1.2"]
    assert [found.clause for found in unreasoned(case, evaluation)] == ["K4.2.1"]


def test_the_year_of_the_associations_has_done_open_late_and_unchecked_items():
    rows = duties.of_associations(Duty.objects.all())
    late = duties.in_state(rows, "late").values_list("key", "organisation__name")
    assert sorted(late) == [
        ("accounts", "南庄鄉桂花巷示範社區發展協會"),
        ("accounts", "後龍鎮龍鳳港示範社區發展協會"),
        ("accounts", "泰安鄉溫泉谷示範社區發展協會"),
        ("accounts", "西湖鄉將軍柚示範社區發展協會"),
        ("guidance", "泰安鄉溫泉谷示範社區發展協會"),
        ("guidance", "西湖鄉將軍柚示範社區發展協會"),
        ("property_list", "南庄鄉桂花巷示範社區發展協會"),
        ("property_list", "後龍鎮龍鳳港示範社區發展協會"),
        ("property_list", "泰安鄉溫泉谷示範社區發展協會"),
        ("property_list", "西湖鄉將軍柚示範社區發展協會"),
    ]
    counts = {state: duties.in_state(rows, state).count() for state in ("done", "unchecked")}
    assert counts == {"done": 3 + 10 + 3 + 10, "unchecked": 2}
    election = rows.get(key="election", due_on="2010-06-01")
    assert (election.organisation.name, election.done_on) == ("苑裡鎮藺草示範社區發展協會", None)
    places = {row.title: (row.places, row.done_on is not None) for row in duties.occasions(Duty.objects.all())}
    assert places == {
        "98年度金卓越社區選拔": (2, True),
        "99年度金卓越社區選拔": (3, False),
        # The year's training and visit: written down where courses are.
        "": (0, True),
    }


def test_rulings_are_marked_as_demonstration():
    assert set(Ruling.objects.values_list("demonstration", flat=True)) == {True}


def test_the_trail_holds():
    call_command("verify_audit", verbosity=0)


def test_a_second_run_changes_nothing():
    before = AuditEntry.objects.count()
    call_command("load_demo")
    assert AuditEntry.objects.count() == before


def test_production_refuses():
    with override_settings(DEMO=False, TESTING=False), pytest.raises(CommandError):
        call_command("load_demo")


def test_the_officer_finds_the_case_that_the_readme_leads_to():
    tasks = desk_of(User.objects.get(username="ks-officer")).tasks
    assert [task.queue.kind for task in tasks if task.who == "旗山鎮溪畔示範社區發展協會"] == ["propose"]


def test_the_activity_centres_of_yuanli_stand_with_their_things_and_their_condition():
    rows = ActivityCentre.objects.order_by("pk")
    assert [(row.name, row.items.count(), row.records.get().condition) for row in rows] == [
        ("稻浪社區活動中心", 3, "good"), ("山腳社區活動中心", 2, "repair"),
    ]  # fmt: skip


def test_what_settled_grants_bought_stands_in_a_register():
    assert PropertyItem.objects.filter(withdrawn_on=None).exists()


def test_a_disposal_list_was_carried_out_by_two_people_and_another_is_open():
    found = DisposalItem.objects.filter(term="ended_office", disposal_list__county="kaohsiung").order_by("pk")
    rows = [(row.carried_out, bool(row.left_out), row.disposal_list.change is not None) for row in found]
    assert rows == [(False, True, True), (True, False, True), (False, False, False)]


def test_what_was_read_and_what_was_drawn_stand_in_the_trail():
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert acts >= {"read.personal", "read.money", "list.export", "audit.sample"}
    sample = AuditSample.objects.get()
    assert (sample.turn, sample.count >= 5, str(sample.drawn_by)) == (1, True, "稽示範")
