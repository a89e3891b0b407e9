"""The year of Miaoli's associations (M4.3b, M5.5a): planned by tier and term, reminded, recorded, checked, taken back."""

import datetime as dt

import pytest

from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from grants import duty_kinds
from grants.models import Duty, Ruling
from grants.queries import duties
from grants.queries.desk.tasks import desk_of
from grants.services import daily
from grants.services.duties import associations, records
from grants.services.duties.records import Record
from grants.services.reminders import engine
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import YUANLI, OrganisationFactory, chair_of, member_of, yuanli
from tests.factories.grants import SchemeFactory

pytestmark = pytest.mark.django_db
NEW_YEAR, TODAY = dt.date(2010, 1, 4), dt.date(2010, 6, 1)
NUMBERS = {
    "guidance.visits_excellent": 1,
    "guidance.visits_potential": 2,
    "guidance.visits_basic": 4,
    "governance.assembly_month": 6,
    "governance.board_every": 6,
    "governance.election_days": 30,
    "governance.accounts_month": 4,
    "governance.roster_month": 6,
    "governance.property_month": 4,
    "profile.months": 12,
}


@pytest.fixture(autouse=True)
def scheme():
    return SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER, "miaoli")


def association(tier: str = "", **fields) -> Organisation:
    return OrganisationFactory(county="miaoli", township=yuanli(), current_tier=tier, **fields)


def plan(day: dt.date = NEW_YEAR) -> int:
    with clock.travel(day), trail.unit_of_work(Actor.system("test")):
        return records.plan(day)


def planned(place: Organisation, key: str) -> list[tuple]:
    return list(place.duties.filter(key=key).order_by("due_on").values_list("period", "due_on"))


def governance(place: Organisation) -> Duty:
    plan()
    return place.duties.get(key="assembly")


# --- What the year holds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "months"), [("excellent", [12]), ("potential", [6, 12]), ("basic", [3, 6, 9, 12]), ("", [3, 6, 9, 12])]
)
def test_visits_are_as_many_as_the_tier_asks_for(tier, months):
    wanted = [
        want
        for want in duty_kinds.of_association(tier, None, 2010, NUMBERS, office_calendar.published())
        if want.duty.key == "guidance"
    ]
    assert [want.period for want in wanted] == [f"2010-{month:02}" for month in months]


@pytest.mark.parametrize(("visits", "months"), [(0, []), (1, [12]), (5, [2, 4, 7, 9, 12]), (13, list(range(1, 13)))])
def test_any_number_of_visits_is_spread_over_the_year(visits, months):
    numbers = NUMBERS | {"guidance.visits_basic": visits}
    wanted = [
        want
        for want in duty_kinds.of_association("basic", None, 2010, numbers, office_calendar.published())
        if want.duty.key == "guidance"
    ]
    assert [int(want.period[5:]) for want in wanted] == months


def test_meetings_and_accounts_are_due_at_the_end_of_their_months_or_the_next_workday():
    wanted = {
        (w.duty.key, w.period): w.due_on
        for w in duty_kinds.of_association("excellent", None, 2011, NUMBERS, office_calendar.published())
    }
    # 30 April 2011 is a Saturday and 2 May the next workday; so is 31 December, followed by a holiday.
    assert wanted == {
        ("guidance", "2011-12"): dt.date(2012, 1, 2),
        ("assembly", "2011"): dt.date(2011, 6, 30),
        ("accounts", "2011"): dt.date(2011, 5, 2),
        ("officers_roster", "2011"): dt.date(2011, 6, 30),
        ("property_list", "2011"): dt.date(2011, 5, 2),
        ("profile_renewal", "2011"): dt.date(2012, 1, 2),
        ("board_meeting", "2011-06"): dt.date(2011, 6, 30),
        ("board_meeting", "2011-12"): dt.date(2012, 1, 2),
    }


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (dt.date(2010, 1, 30), []),
        (dt.date(2010, 1, 31), [("2010-01", dt.date(2010, 1, 4))]),
        (dt.date(2011, 1, 30), [("2011-01", dt.date(2010, 12, 31))]),
        (dt.date(2011, 1, 31), []),
        (None, []),
    ],
)
def test_the_election_is_due_thirty_days_before_the_term_ends(ends, expected):
    wanted = [
        want
        for want in duty_kinds.of_association("", ends, 2010, NUMBERS, office_calendar.published())
        if want.duty.key == "election"
    ]
    assert [(want.period, want.due_on) for want in wanted] == expected


def test_the_daily_job_plans_each_association_of_miaoli_once():
    place = association("potential")
    association("basic", status="dissolved")
    OrganisationFactory()
    # The county's own four; two visits, two boards, assembly, accounts and two lists. The record was confirmed in January.
    assert plan() == 4 + 8
    assert plan(dt.date(2010, 1, 5)) == 0
    assert planned(place, "guidance") == [("2010-06", dt.date(2010, 6, 30)), ("2010-12", dt.date(2010, 12, 31))]
    clauses = dict(place.duties.values_list("key", "clause"))
    lists = dict.fromkeys(("assembly", "accounts", "board_meeting", "officers_roster", "property_list"), "M5.5a")
    assert clauses == {"guidance": "M4.3b"} | lists
    assert set(Duty.objects.filter(organisation__isnull=False).values_list("organisation", flat=True)) == {place.pk}


def test_what_was_due_before_an_association_came_is_not_asked_for():
    place = association("basic")
    plan(dt.date(2010, 7, 1))
    assert planned(place, "guidance") == [("2010-09", dt.date(2010, 9, 30)), ("2010-12", dt.date(2010, 12, 31))]
    assert planned(place, "assembly") == []


def test_another_tier_adds_and_takes_back_visits_that_are_not_due():
    place = association("basic")
    plan()
    Organisation.objects.filter(pk=place.pk).update(current_tier="excellent")
    plan(dt.date(2010, 4, 1))
    # The visit of March is due and stays until it is done.
    assert [period for period, _due in planned(place, "guidance")] == ["2010-03", "2010-12"]
    assert AuditEntry.objects.filter(action="duty.drop").count() == 2
    Organisation.objects.filter(pk=place.pk).update(current_tier="potential")
    plan(dt.date(2010, 4, 2))
    assert [period for period, _due in planned(place, "guidance")] == ["2010-03", "2010-06", "2010-12"]


def test_what_is_done_is_never_taken_back(officer):
    place = association("basic")
    plan()
    row = place.duties.get(key="guidance", period="2010-06")
    records.record(officer, row, Record(TODAY, {}, "看過帳冊"))
    Organisation.objects.filter(pk=place.pk).update(current_tier="excellent")
    plan(TODAY)
    assert [period for period, _due in planned(place, "guidance")] == ["2010-03", "2010-06", "2010-12"]


def test_a_ruling_moves_the_day_of_what_is_not_due(scheme, officer):
    place = association("excellent")
    plan()
    Ruling.objects.create(
        scheme=scheme,
        parameter="governance.assembly_month",
        value={"value": 9},
        effective_from=dt.date(2010, 2, 1),
        memo_number="府社行字第1號",
        reason="示範",
        status="confirmed",
        author=officer,
        recorded_on=NEW_YEAR,
    )
    plan(dt.date(2010, 2, 1))
    assert planned(place, "assembly") == [("2010", dt.date(2010, 9, 30))]
    assert AuditEntry.objects.filter(action="duty.move").count() == 1


def test_the_next_year_has_its_own():
    place = association("excellent")
    OfficeTerm.objects.create(
        organisation=place,
        office=Office.CHAIRPERSON,
        person_name="示範",
        valid_from=dt.date(2008, 1, 16),
        valid_to=dt.date(2011, 1, 15),
    )
    plan()
    plan(dt.date(2011, 1, 3))
    assert planned(place, "assembly") == [("2010", dt.date(2010, 6, 30)), ("2011", dt.date(2011, 6, 30))]
    assert planned(place, "election") == [("2011-01", dt.date(2010, 12, 16))]


# --- Who records, checks and takes back --------------------------------------------------------------------------------


def test_a_visit_is_the_officers_and_needs_words(officer):
    place = association("basic")
    plan()
    row = place.duties.get(key="guidance", period="2010-03")
    with pytest.raises(Refused):
        records.record(chair_of(place), row, Record(TODAY, {}, "來過"))
    with pytest.raises(Refused):
        records.record(person(Role.CASE_OFFICER), row, Record(TODAY, {}, "別縣"))
    with pytest.raises(Refused, match="請寫紀錄"):
        records.record(officer, row, Record(TODAY))
    done = records.record(officer, row, Record(TODAY, {}, "協助整理帳冊"))
    assert (done.done_on, done.checked_on, done.checked_by) == (TODAY, TODAY, officer)


def test_the_association_records_its_meeting_and_the_county_checks_it(officer):
    place = association()
    row = governance(place)
    with pytest.raises(Refused):
        records.record(chair_of(association()), row, Record(TODAY))
    with pytest.raises(Refused, match="還沒有登錄"):
        associations.check(officer, row)
    done = records.record(chair_of(place), row, Record(dt.date(2010, 5, 20)))
    assert (done.held_on, done.done_on, done.checked_on) == (dt.date(2010, 5, 20), TODAY, None)
    with pytest.raises(Refused):
        associations.check(person(Role.APPROVER, "miaoli"), done)
    checked = associations.check(officer, done)
    assert (checked.checked_on, checked.checked_by) == (TODAY, officer)
    assert associations.check(officer, done).checked_on == TODAY
    assert AuditEntry.objects.filter(action="duty.check").count() == 1


def test_what_came_on_paper_is_recorded_by_the_officer_and_checked_with_it(officer):
    done = records.record(officer, governance(association()), Record(TODAY))
    assert done.checked_by == officer


def test_an_officer_of_the_association_stands_aside():
    place = association()
    row = governance(place)
    both = person(Role.CASE_OFFICER, "miaoli")
    member_of(place, user=both)
    done = records.record(both, row, Record(TODAY))
    assert done.checked_on is None
    with pytest.raises(Refused, match="迴避"):
        associations.check(both, done)


def test_the_association_takes_its_record_back_until_it_is_checked(officer):
    place = association()
    chair, row = chair_of(place), governance(place)
    with pytest.raises(Refused, match="不能收回"):
        associations.reopen(chair, row, "寫錯")
    records.record(chair, row, Record(TODAY, {}, "開過"))
    with pytest.raises(Refused, match="請寫原因"):
        associations.reopen(chair, row, " ")
    back = associations.reopen(chair, row, "日期寫錯")
    assert (back.done_on, back.held_on, back.note) == (None, TODAY, "開過")
    assert Notice.objects.count() == 0
    associations.check(officer, records.record(chair, row, Record(TODAY)))
    with pytest.raises(Refused, match="縣府已經確認"):
        associations.reopen(chair, row, "又錯")
    associations.reopen(officer, row, "紀錄不是今年的")
    assert Notice.objects.get().body == "紀錄不是今年的"
    before = AuditEntry.objects.filter(action="duty.reopen").last().before
    assert (before["done_by"], before["checked_by"]) == (chair.pk, officer.pk)


# --- Telling ------------------------------------------------------------------------------------------------------------


def remind(day: dt.date) -> int:
    with clock.travel(day):
        return engine.remind(daily.SOURCES, day)


def test_all_visits_of_a_day_are_one_notice(officer):
    first, second = association("potential"), association("potential")
    plan()
    Duty.objects.exclude(key="guidance").delete()
    assert [remind(dt.date(2010, 6, day)) for day in (26, 27, 28, 30)] == [0, 1, 0, 0]
    assert [remind(dt.date(2010, 7, day)) for day in (1, 2)] == [1, 0]
    notice = Notice.objects.get(kind="duty.asked.before-3")
    assert (notice.recipient, notice.url) == (officer, "/tasks/communities/?kind=guidance")
    assert notice.subject == "分級輔導：2 個社區，期限 99年6月30日"
    assert notice.body == f"{first.name}、{second.name}"


def test_the_association_is_told_of_its_own(officer):
    place = association()
    chair = chair_of(place)
    plan()
    Duty.objects.exclude(key="assembly").delete()
    assert remind(dt.date(2010, 6, 27)) == 1
    assert Notice.objects.get().recipient == chair
    assert Notice.objects.get().subject == f"會員大會：{place.name}"


def test_nobody_waits_for_a_dissolved_association():
    place = association()
    plan()
    Organisation.objects.filter(pk=place.pk).update(status="dissolved")
    assert duties.waiting(place.duties.all()).count() == 0


def test_the_desk_names_what_waits_for_whom(officer):
    place = association("basic")
    chair = chair_of(place)
    plan()
    with clock.travel(dt.date(2010, 6, 28)):
        # The duty by its own name, with its month or year; the association in the place of a case's number.
        waits = [(task.queue.kind, task.text.partition("（")[0], task.number) for task in desk_of(chair).tasks]
        assert sorted(waits) == [
            ("duty", "會員大會", place.name),
            ("duty", "理監事會議", place.name),
            ("duty", "職員名冊", place.name),
            ("duty", "財務報表", place.name),
            ("duty", "財產清冊", place.name),
        ]
        records.record(chair, place.duties.get(key="assembly"), Record(TODAY))
        found = {(task.queue.kind, task.number, task.url) for task in desk_of(officer).tasks}
        assert found == {
            ("guidance", place.name, f"/tasks/{place.duties.get(period='2010-03').pk}/"),
            ("guidance", place.name, f"/tasks/{place.duties.get(key='guidance', period='2010-06').pk}/"),
            ("unchecked", place.name, f"/tasks/{place.duties.get(key='assembly').pk}/"),
        }


def test_who_sees_the_year_of_an_association():
    place = association()
    plan()
    rows = place.duties.count()
    seen = [
        chair_of(place),
        person(Role.TOWNSHIP_OFFICER, "miaoli", township_code=YUANLI),
        person(Role.AUDITOR, "miaoli"),
        person(Role.FINANCE_OFFICER, "miaoli"),
    ]
    unseen = [
        chair_of(association()),
        person(Role.TOWNSHIP_OFFICER, "miaoli", township_code="10005030"),
        person(Role.TOWNSHIP_OFFICER, "kaohsiung", township_code=YUANLI),
        person(Role.AUDITOR, "kaohsiung"),
        person(Role.REVIEWER, "miaoli"),
    ]
    own = [duties.visible(user).filter(organisation=place).count() for user in seen]
    others = [duties.visible(user).filter(organisation=place).count() for user in unseen]
    assert (own, others) == ([rows] * len(seen), [0] * len(unseen))


@pytest.mark.parametrize("key", ["assembly", "board_meeting", "accounts"])
def test_last_years_meeting_is_not_this_years(key):
    place = association()
    chair = chair_of(place)
    plan()
    row = Duty.objects.filter(organisation=place, key=key).order_by("due_on")[0]
    with pytest.raises(Refused, match="99年1月1日以後"):
        records.record(chair, row, Record(dt.date(2009, 12, 31), note="去年的"))
    assert records.record(chair, row, Record(dt.date(2010, 1, 1))).held_on == dt.date(2010, 1, 1)
