"""Selections, courses and visits of Miaoli (M5.2, M5.6, M5.7), and the pages of the associations' year."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.enums import EntryStage
from grants.models import Duty, DutyEntry
from grants.queries import duties
from grants.queries.desk.tasks import desk_of
from grants.queries.reviews.cases import record_of
from grants.services.duties import associations, occasions, records
from grants.services.duties.occasions import Line, Occasion
from grants.services.duties.records import Record
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import YUANLI, OrganisationFactory, chair_of, yuanli
from tests.factories.grants import ApplicationFactory, ProgrammeFactory, SchemeFactory
from tests.files.samples import pdf

pytestmark = pytest.mark.django_db
NEW_YEAR, TODAY = dt.date(2010, 1, 4), dt.date(2010, 6, 1)
COURSE = Occasion("會計實務", dt.date(2010, 5, 20), "九時，縣府三樓")


@pytest.fixture(autouse=True)
def scheme():
    return SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER, "miaoli")


def association(**fields):
    return OrganisationFactory(county="miaoli", township=yuanli(), **fields)


def plan(day: dt.date = NEW_YEAR) -> None:
    with clock.travel(day), trail.unit_of_work(Actor.system("test")):
        records.plan(day)


def course(officer, values: Occasion = COURSE) -> Duty:
    return occasions.add(officer, "miaoli", "training_event", values)


def attended(place, people: int = 3, note: str = "理事長、會計", on: dt.date = COURSE.on) -> Line:
    return Line(place, EntryStage.ATTENDED, on, people, note)


# --- Announcing -------------------------------------------------------------------------------------------------------


def test_the_first_of_the_year_takes_the_row_of_the_daily_job_and_others_follow(officer):
    plan()
    first, second = course(officer), course(officer, Occasion("志工排班", dt.date(2010, 9, 1)))
    assert [(row.period, row.title, row.due_on, row.clause) for row in (first, second)] == [
        ("2010", "會計實務", dt.date(2010, 5, 20), "M5.6"),
        ("2010/2", "志工排班", dt.date(2010, 9, 1), "M5.6"),
    ]
    plan(dt.date(2010, 6, 2))
    assert Duty.objects.filter(key="training_event").count() == 2
    assert AuditEntry.objects.filter(action="duty.schedule").count() == 2


def test_one_of_next_year_leaves_this_years_open(officer):
    plan()
    row = course(officer, Occasion("明年的課", dt.date(2011, 3, 1)))
    assert row.period == "2011"
    assert Duty.objects.get(key="training_event", period="2010").title == ""


def test_only_officers_of_a_county_whose_plan_asks_for_it(officer):
    with pytest.raises(Refused):
        course(person(Role.APPROVER, "miaoli"))
    with pytest.raises(Refused):
        course(person(Role.CASE_OFFICER, "kaohsiung"))
    SchemeFactory()
    with pytest.raises(Refused, match="沒有這一項"):
        occasions.add(person(Role.CASE_OFFICER), "kaohsiung", "training_event", COURSE)
    with pytest.raises(Refused, match="沒有這一項"):
        occasions.add(officer, "miaoli", "guidance", COURSE)


@pytest.mark.parametrize("everybody", [True, False])
def test_associations_are_told_where_the_officer_wants_it(officer, everybody):
    chair = chair_of(association())
    chair_of(OrganisationFactory())
    row = course(officer, Occasion("會計實務", TODAY, "九時", everybody))
    notices = list(Notice.objects.values_list("recipient", "subject", "body", "url"))
    words = (chair.pk, "社區培力訓練：會計實務（99年6月1日）", "九時", f"/tasks/{row.pk}/")
    assert notices == ([words] if everybody else [])


def test_another_day_until_it_is_closed(officer):
    row = occasions.change(officer, course(officer), Occasion("會計實務二", TODAY))
    assert (row.title, row.due_on, row.invitation) == ("會計實務二", TODAY, "")
    records.record(officer, row, Record(TODAY, {"people": 0}, "辦了"))
    row.refresh_from_db()
    with pytest.raises(Refused, match="已經登錄完成"):
        occasions.change(officer, row, COURSE)
    associations.reopen(officer, row, "人數寫錯")
    row.refresh_from_db()
    assert occasions.change(officer, row, COURSE).title == "會計實務"


# --- Writing down -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"people": 0}, "請填出席人數"),
        ({"on": dt.date(2010, 6, 2)}, "不能晚於今天"),
        ({"stage": EntryStage.ENTERED}, "沒有這種紀錄"),
    ],
)
def test_what_cannot_be_written_down_of_a_course(officer, line, words):
    values = {"organisation": association(), "stage": EntryStage.ATTENDED, "on": TODAY, "people": 1} | line
    with pytest.raises(Refused, match=words):
        occasions.enter(officer, course(officer), Line(**values))
    assert not DutyEntry.objects.exists()


def test_each_association_attends_once_and_is_of_the_county(officer):
    row, place = course(officer), association()
    entry = occasions.enter(officer, row, attended(place))
    assert (entry.people, entry.by) == (3, officer)
    with pytest.raises(Refused, match="已經登錄過"):
        occasions.enter(officer, row, attended(place, 4))
    with pytest.raises(Refused, match="不是本縣的"):
        occasions.enter(officer, row, attended(OrganisationFactory()))
    with pytest.raises(Refused):
        occasions.enter(chair_of(place), row, attended(association()))
    assert DutyEntry.objects.get().people == 3


def test_a_selection_has_entries_any_number_of_mentorings_and_a_result(officer):
    row = occasions.add(officer, "miaoli", "selection_campaign", Occasion("金卓越", dt.date(2010, 9, 30)))
    place = association()
    assert row.clause == "M5.2"
    for stage in (EntryStage.MENTORED, EntryStage.RESULT):
        with pytest.raises(Refused, match="請寫紀錄"):
            occasions.enter(officer, row, Line(place, stage, TODAY))
    with pytest.raises(Refused, match="還沒有推薦參選"):
        occasions.enter(officer, row, Line(place, EntryStage.MENTORED, TODAY, note="看過資料"))
    steps = [EntryStage.ENTERED, EntryStage.MENTORED, EntryStage.MENTORED]
    for stage in steps:
        occasions.enter(officer, row, Line(place, stage, TODAY, note="看過資料"))
    result = Line(place, EntryStage.RESULT, TODAY, note="服務成果完整")
    for grade in ("", "platinum"):
        with pytest.raises(Refused, match="請選獎項"):
            occasions.enter(officer, row, replace(result, grade=grade))
    assert occasions.enter(officer, row, replace(result, grade="third")).grade == "third"
    steps.append(EntryStage.RESULT)
    assert list(row.entries.values_list("stage", flat=True)) == steps
    assert duties.sums(row)["entries"] == 1


def test_a_nomination_with_papers_or_what_followed_stays(officer):
    row = occasions.add(officer, "miaoli", "selection_campaign", Occasion("金卓越", dt.date(2010, 9, 30)))
    place, other = association(), association()
    first, second = (occasions.enter(officer, row, Line(one, EntryStage.ENTERED, TODAY)) for one in (place, other))
    paper = occasions.add_paper(officer, first, ContentFile(pdf(), "計畫書.pdf"), " 參選計畫書 ")
    assert (paper.title, paper.added_by) == ("參選計畫書", officer)
    with pytest.raises(Refused):
        occasions.add_paper(chair_of(place), first, ContentFile(pdf(), "計畫書.pdf"), "計畫書")
    occasions.enter(officer, row, Line(other, EntryStage.MENTORED, TODAY, note="補照片"))
    for entry in (first, second):
        with pytest.raises(Refused, match="不能刪除"):
            occasions.remove(officer, entry)


def test_the_ladder_climbs_year_by_year_and_names_the_next_step(officer, client):
    place = association()
    results = ((2007, "third"), (2008, "none"), (2009, "second"), (2010, "feature"))
    for year, grade in results:
        row = occasions.add(officer, "miaoli", "selection_campaign", Occasion("金卓越", dt.date(year, 5, 1)))
        for stage, won in ((EntryStage.ENTERED, ""), (EntryStage.RESULT, grade)):
            occasions.enter(officer, row, Line(place, stage, dt.date(2010, 5, 1), note="評語", grade=won))
    steps = duties.ladder_of(place.pk)
    assert [(step.roc_year, step.label, step.climbs) for step in steps] == [
        (96, "甲等獎", True),
        (97, "沒有獲獎", False),
        (98, "優等獎", True),
        (99, "單項特色獎", False),
    ]
    assert (duties.next_step(steps), duties.next_step([])) == ("卓越獎", "甲等獎")
    public = client.get(reverse("communities:community", args=[place.pk])).content.decode()
    assert ("優等獎" in public, "評語" in public) == (True, False)
    for user, status in ((chair_of(place), 200), (chair_of(association()), 404)):
        client.force_login(user)
        assert client.get(reverse("grants:selection", args=[row.pk, place.pk])).status_code == status


def test_a_mistake_is_taken_back_and_the_trail_keeps_it(officer):
    row, place = course(officer), association()
    entry = occasions.enter(officer, row, attended(place))
    with pytest.raises(Refused):
        occasions.remove(chair_of(place), entry)
    occasions.remove(officer, entry)
    assert not DutyEntry.objects.exists()
    assert AuditEntry.objects.get(action="duty.remove_entry").before["people"] == 3
    entry = occasions.enter(officer, row, attended(place))
    records.record(officer, row, Record(TODAY, {"people": 3}, "辦了"))
    entry.refresh_from_db()
    with pytest.raises(Refused, match="已經登錄完成"):
        occasions.remove(officer, entry)


# --- Pages ------------------------------------------------------------------------------------------------------------


def text_of(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_officer_holds_a_course_on_the_pages(client, officer):
    plan()
    place = association()
    client.force_login(officer)
    assert "還沒排定日期" in text_of(client, "grants:occasions")
    data = {"key": "training_event", "title": "會計實務", "on": "99/5/20", "text": "九時"}
    assert client.post(reverse("grants:occasion_new"), data).status_code == 422
    row = Duty.objects.get(key="training_event")
    change = reverse("grants:occasion_edit", args=[row.pk])
    assert client.post(change, data | {"on": ""}).status_code == 422
    assert client.post(change, data).url == reverse("grants:duty", args=[row.pk])
    address = reverse("grants:occasion_entries", args=[row.pk])
    line = {"organisation": place.pk, "on": "99/5/20", "people": "3", "note": "理事長"}
    assert client.post(address, line | {"people": "0"}).status_code == 422
    assert client.post(address, line).url == address
    assert client.post(address, line).status_code == 422
    page = text_of(client, "grants:duty", row.pk)
    assert place.name in page
    assert 'name="figure-people" value="3"' in page
    done = {"held_on": "99/5/20", "figure-people": "3", "note": "辦了"}
    client.post(reverse("grants:duty", args=[row.pk]), done)
    assert "收回登錄" in text_of(client, "grants:duty", row.pk)
    assert client.get(address).status_code == 403


def test_the_desk_names_an_occasion_by_its_title(client, officer):
    course(officer)
    assert [(task.number, task.who) for task in desk_of(officer).tasks] == [("會計實務", "")]


def test_a_visit_starts_with_today_and_a_selection_is_written_down_today(client, officer):
    place = association()
    plan()
    client.force_login(officer)
    row = place.duties.filter(key="guidance").first()
    assert 'name="held_on" value="99/6/1"' in text_of(client, "grants:duty", row.pk)
    selection = occasions.add(officer, "miaoli", "selection_campaign", Occasion("金卓越", dt.date(2010, 9, 30)))
    assert 'name="on" value="99/6/1"' in text_of(client, "grants:occasion_entries", selection.pk)
    assert 'name="on" value="99/5/20"' in text_of(client, "grants:occasion_entries", course(officer).pk)


def test_a_member_reads_what_is_announced_and_the_own_line_alone(client, officer):
    plan()
    mine, other = association(), association()
    row = course(officer)
    for place in (mine, other):
        occasions.enter(officer, row, attended(place))
    client.force_login(chair_of(mine))
    assert row.title in text_of(client, "grants:occasions")
    page = text_of(client, "grants:duty", row.pk)
    assert (mine.name in page, other.name in page, "刪除" in page) == (True, False, False)
    unannounced = Duty.objects.get(key="selection_campaign")
    assert client.get(reverse("grants:duty", args=[unannounced.pk])).status_code == 404


def test_reviewers_see_where_the_applicants_people_were_trained(client, officer):
    place = association()
    occasions.enter(officer, course(officer), attended(place))
    case = ApplicationFactory(organisation=place, programme=ProgrammeFactory(scheme__slug="miaoli-welfare"))
    assert [entry.duty.title for entry in record_of(case).attended] == ["會計實務"]
    assert record_of(ApplicationFactory(organisation=association(), programme=case.programme)).attended == []


def test_the_association_records_and_the_officer_checks_on_the_pages(client, officer):
    place = association(name="苗栗縣示範社區發展協會")
    plan()
    row = place.duties.get(key="assembly")
    address = reverse("grants:duty", args=[row.pk])
    client.force_login(chair_of(place))
    assert address in text_of(client, "grants:duties")
    assert client.post(address, {"held_on": "99/5/20", "note": ""}).url == address
    assert "還沒確認" in text_of(client, "grants:duty", row.pk)
    assert client.post(reverse("grants:duty_check", args=[row.pk])).status_code == 403
    client.force_login(officer)
    assert address in text_of(client, "grants:duty_communities", state="unchecked")
    client.post(reverse("grants:duty_check", args=[row.pk]))
    row.refresh_from_db()
    assert row.checked_by == officer
    back = reverse("grants:duty_reopen", args=[row.pk])
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "日期不對"}).url == address
    assert "99/5/20" in text_of(client, "grants:duty", row.pk)


def rows_of(client, **query) -> list[tuple]:
    rows = client.get(reverse("grants:duty_communities"), query).context["list"].rows
    return [(row.organisation.current_tier, row.key, row.period) for row in rows]


def test_the_officers_list_by_state_kind_tier_and_township(client, officer):
    association(current_tier="excellent")
    association(current_tier="potential")
    plan()
    client.force_login(officer)
    assert len(rows_of(client)) == 7 + 8
    assert rows_of(client, state="late", tier="potential") == [
        ("potential", "accounts", "2010"),
        ("potential", "property_list", "2010"),
    ]
    assert rows_of(client, kind="guidance", tier="excellent") == [("excellent", "guidance", "2010-12")]
    assert rows_of(client, township=YUANLI, q="沒有這個名字") == []
    assert rows_of(client, state="done") == []
    progress = client.get(reverse("grants:duty_communities")).context["progress"]
    tiers = [(row["tier"], row["places"], row["total"], row["done"], row["late"]) for row in progress]
    assert tiers == [("績優型", 1, 7, 0, 2), ("潛力型", 1, 8, 0, 2)]


@pytest.mark.parametrize(("code", "shown"), [(YUANLI, 2), ("10005030", 0)])
def test_a_township_reads_its_own_area_and_records_nothing(client, code, shown):
    place = association(current_tier="excellent")
    plan()
    client.force_login(person(Role.TOWNSHIP_OFFICER, "miaoli", township_code=code))
    found = rows_of(client, kind="board_meeting")
    assert len(found) == shown
    row = place.duties.first()
    address = reverse("grants:duty", args=[row.pk])
    assert client.get(address).status_code == (200 if shown else 404)
    assert client.post(address, {"held_on": "99/5/20"}).status_code == (403 if shown else 404)


@pytest.mark.parametrize(("role", "led"), [(Role.CASE_OFFICER, True), (Role.TOWNSHIP_OFFICER, False)])
def test_only_who_may_see_the_occasions_is_led_to_them(client, officer, role, led):
    course(officer)
    somebody = person(role, county="miaoli", township_code=YUANLI if role == Role.TOWNSHIP_OFFICER else "")
    client.force_login(somebody)
    page = client.get(reverse("grants:duties"))
    assert (reverse("grants:occasions") in page.content.decode()) is led
    assert client.get(reverse("grants:occasions")).status_code == (200 if led else 403)


@pytest.mark.parametrize("name", ["grants:duty_communities", "grants:occasions", "grants:duties"])
def test_lists_ask_the_same_however_long_they_are(client, officer, name):
    client.force_login(officer)

    def ask():
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse(name))
        shown = page.context["page"] if name == "grants:occasions" else page.context["list"].table.page
        return len(asked), len(shown.object_list)

    association(current_tier="excellent")
    plan()
    course(officer)
    Duty.objects.exclude(key__in=["assembly", "training_event"]).delete()
    ask()
    one, shown = ask()
    assert shown == 1
    for number in range(2):
        association(current_tier="potential")
        course(officer, Occasion(f"課程{number}", TODAY))
    plan()
    Duty.objects.exclude(key__in=["assembly", "training_event"]).delete()
    many, shown = ask()
    assert (many, shown) == (one, 3)


def test_an_occasion_asks_the_same_however_many_came(client, officer):
    client.force_login(officer)
    row = course(officer)
    counts = []
    for _number in range(3):
        occasions.enter(officer, row, attended(association()))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("grants:duty", args=[row.pk]))
        counts.append(len(asked))
    assert counts[1] == counts[2]
