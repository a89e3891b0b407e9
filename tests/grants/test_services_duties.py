"""Duties of the clauses of enforcement M: made by the job, notified, recorded, kept until they are done."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants import duty_kinds
from grants.enums import AwardStatus, InstalmentStatus
from grants.models import Award, Duty
from grants.queries.desk.tasks import desk_of
from grants.queries.duties import waiting
from grants.services import daily
from grants.services.duties import records
from grants.services.duties.records import Record
from grants.services.payments import instalments
from grants.services.reminders import engine
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.grants import ProgrammeFactory, SchemeFactory
from tests.factories.money import approved, member
from tests.files.samples import pdf

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


def award_of(programme: str, staff, item: str = "printing") -> Award:
    award = approved(staff=staff)
    award.application.programme = ProgrammeFactory(code=programme)
    award.application.save()
    award.lines.update(item=item)
    return award


def planned(key: str) -> list[tuple]:
    return list(Duty.objects.filter(key=key).order_by("due_on").values_list("period", "due_on", "clause"))


def plan(day: dt.date) -> int:
    with trail.unit_of_work(Actor.system("test")):
        return records.plan(day)


def a_paper():
    return check(SimpleUploadedFile("紀錄.pdf", pdf(), content_type="application/pdf"))


# --- What the law calls for, and when -----------------------------------------------------------------------------------------


def test_monthly_statistics_are_due_on_the_tenth_and_made_once(staff):
    award_of("welfare_survey", staff)
    assert plan(TODAY) == 12
    assert plan(TODAY) == 0
    # The 10th of April and of July 2010 are Saturdays: the next workday counts.
    assert planned("statistics_report") == [
        ("2010-03", dt.date(2010, 4, 12), "K3.I.1.5"),
        ("2010-04", dt.date(2010, 5, 10), "K3.I.1.5"),
        ("2010-05", dt.date(2010, 6, 10), "K3.I.1.5"),
        ("2010-06", dt.date(2010, 7, 12), "K3.I.1.5"),
    ]
    assert AuditEntry.objects.filter(action="duty.plan").count() == 12


@pytest.mark.parametrize(
    ("programme", "item", "expected"),
    [
        ("welfare_survey", "printing", {"activity_log", "register_update", "statistics_report"}),
        ("elder_care_station", "elder_aide", {"activity_log", "monthly_visits", "training_record"}),
        ("rental_housing", "printing", {"activity_log", "rental_visits"}),
        ("child_day_care", "child_carer", {"activity_log", "carer_training", "monthly_meeting", "training_record"}),
        ("growth_prevention", "printing", {"activity_log"}),
    ],
)
def test_only_what_the_programme_and_its_lines_call_for(staff, programme, item, expected):
    award_of(programme, staff, item)
    plan(TODAY)
    assert set(Duty.objects.values_list("key", flat=True)) == expected


@pytest.mark.parametrize(("day", "made"), [(dt.date(2010, 11, 30), 0), (dt.date(2010, 12, 1), 1)])
def test_withholding_comes_up_in_december_even_for_a_closed_award(staff, day, made):
    award = award_of("growth_prevention", staff, "lecturer_fee")
    Award.objects.filter(pk=award.pk).update(status=AwardStatus.CLOSED)
    with clock.travel(day):
        plan(day)
    assert len(planned("withholding")) == made
    assert waiting(Duty.objects.all()).count() == made


def test_nothing_is_waited_for_when_the_award_is_over(staff):
    award = award_of("growth_prevention", staff)
    plan(TODAY)
    assert waiting(Duty.objects.all()).count() == 4
    Award.objects.filter(pk=award.pk).update(status=AwardStatus.CLOSED)
    assert waiting(Duty.objects.all()).count() == 0


def test_miaoli_has_its_yearly_work(staff):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    plan(TODAY)
    found = dict(Duty.objects.filter(county="miaoli", application=None).values_list("key", "clause"))
    assert found == {
        "selection_campaign": "M5.2",
        "yearly_evaluation": "M5.4a",
        "training_event": "M5.6",
        "observation_visit": "M5.7",
    }
    assert set(Duty.objects.values_list("due_on", flat=True)) == {dt.date(2010, 12, 31)}


# --- Reminders -----------------------------------------------------------------------------------------------------------------


def test_reminded_three_days_before_and_the_day_after_and_not_when_done(staff):
    award = award_of("growth_prevention", staff)
    people = member(award)
    plan(TODAY)
    Duty.objects.exclude(period="2010-05").delete()
    row = Duty.objects.get()
    reminded = []
    for day in (6, 7, 8, 10, 11, 12, 20):
        with clock.travel(dt.date(2010, 6, day)):
            reminded.append(engine.remind(daily.SOURCES, clock.today()))
    assert reminded == [0, 1, 0, 0, 1, 0, 0]
    assert set(Notice.objects.values_list("recipient", "kind", "url")) == {
        (people.pk, "duty.asked.before-3", f"/tasks/{row.pk}/"),
        (people.pk, "duty.asked.after-1", f"/tasks/{row.pk}/"),
    }
    records.record(people, row, Record(TODAY, {"people": 5}, "共餐"))
    assert [task for task in desk_of(people).tasks if task.queue.kind == "duty"] == []


def test_the_daily_job_makes_them(staff):
    award_of("growth_prevention", staff)
    with clock.travel(TODAY):
        assert daily.run(TODAY)["duties"] == 4


# --- Recording -----------------------------------------------------------------------------------------------------------------


def test_recorded_by_the_association_alone_and_once(staff):
    award = award_of("growth_prevention", staff)
    people = member(award)
    plan(TODAY)
    row = Duty.objects.get(period="2010-05")
    with pytest.raises(Refused):
        records.record(staff.officer, row, Record(TODAY, {"people": 5}, "共餐"))
    with pytest.raises(Refused, match="參加人數"):
        records.record(people, row, Record(TODAY, {}, "共餐"))
    with pytest.raises(Refused, match="不能晚於今天"):
        records.record(people, row, Record(TODAY + dt.timedelta(days=1), {"people": 5}, "共餐"))
    done = records.record(people, row, Record(TODAY, {"people": 0}, "共餐"))
    assert (done.done_on, done.done_by, done.figures) == (TODAY, people, {"people": 0})
    assert records.record(people, row, Record(TODAY, {"people": 9}, "改")).figures == {"people": 0}


@pytest.mark.parametrize(("hours", "passes"), [(1, False), (2, True)])
def test_carers_are_trained_for_two_hours_at_least_with_a_record(staff, hours, passes):
    award = award_of("child_day_care", staff, "child_carer")
    people = member(award)
    plan(TODAY)
    row = Duty.objects.get(key="carer_training")
    assert (row.due_on, row.clause) == (award.starts_on, "K3.I.5.1b")
    with pytest.raises(Refused, match="請上傳"):
        records.record(people, row, Record(TODAY, {"hours": 2, "people": 6}, "照顧訓練"))
    training = Record(TODAY, {"hours": hours, "people": 6}, "照顧訓練", a_paper())
    if passes:
        assert records.record(people, row, training).file is not None
    else:
        with pytest.raises(Refused, match="至少要 2 小時"):
            records.record(people, row, training)


@pytest.mark.parametrize("planned_first", [True, False])
def test_the_first_payment_of_child_day_care_waits_for_the_training_record(staff, planned_first):
    award = award_of("child_day_care", staff, "child_carer")
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    if planned_first:
        plan(TODAY)
    with pytest.raises(Refused, match=r"照顧者訓練紀錄.*K3\.I\.5\.1b"):
        instalments.approve_payment(staff.head, first)
    plan(TODAY)
    row = Duty.objects.get(key="carer_training")
    records.record(member(award), row, Record(TODAY, {"hours": 2, "people": 6}, "照顧訓練", a_paper()))
    assert instalments.approve_payment(staff.head, first).status == InstalmentStatus.APPROVED


def test_no_other_programme_waits_for_the_training_of_carers(staff):
    award = award_of("after_school_care", staff, "after_school_tutor")
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    assert instalments.approve_payment(staff.head, first).status == InstalmentStatus.APPROVED


# --- Events ------------------------------------------------------------------------------------------------------------


def test_a_presentation_is_set_told_and_recorded_by_the_officer(staff):
    award = approved(staff=staff)
    people = member(award)
    with pytest.raises(Refused):
        records.invite(people, award.application, "presentation", TODAY, "來")
    with pytest.raises(Refused, match="不能早於今天"):
        records.invite(staff.officer, award.application, "presentation", dt.date(2010, 5, 31), "來")
    first = records.invite(
        staff.officer, award.application, "presentation", dt.date(2010, 6, 9), "縣府三樓，請帶計畫書"
    )
    visit = records.invite(staff.officer, award.application, "site_visit", dt.date(2010, 6, 9), "到貴會看看")
    assert (first.clause, visit.clause, first.period) == ("K6.1d", "K7.5a", "1")
    assert records.invite(staff.officer, award.application, "presentation", dt.date(2010, 7, 1), "再來").period == "2"
    assert "縣府三樓" in Notice.objects.get(recipient=people, kind="application.presentation-1").body
    with pytest.raises(Refused):
        records.record(people, first, Record(TODAY, {}, "來過"))
    assert records.record(staff.officer, first, Record(TODAY, {}, "說明清楚")).done_by == staff.officer


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_member_finds_it_on_award_desk_and_list_and_records_it(client, staff):
    award = award_of("welfare_survey", staff)
    people = member(award)
    plan(TODAY)
    client.force_login(people)
    page = client.get(reverse("grants:award_detail", args=[award.number])).content.decode()
    assert "填報服務統計表" in page
    assert "本網站不是通報管道" in page
    assert "補助款要專款專用" in page
    row = Duty.objects.get(key="statistics_report", period="2010-05")
    address = reverse("grants:duty", args=[row.pk])
    assert address in client.get(reverse("grants:duties")).content.decode()
    data = {"held_on": "99/5/31", "note": "訪視順利", "figure-visits": "12", "figure-calls": "30"}
    assert client.post(address, data).status_code == 422
    assert client.post(address, data | {"figure-referrals": "0"}).status_code == 302
    row.refresh_from_db()
    assert row.figures == {"visits": 12, "calls": 30, "referrals": 0}
    assert "訪視順利" in client.get(address).content.decode()
    assert address in client.get(reverse("grants:duties") + "?state=done").content.decode()


def test_an_officer_sets_a_visit_on_the_page(client, staff):
    award = approved(staff=staff)
    client.force_login(staff.officer)
    assert "排定簡報或訪視" in client.get(reverse("grants:application_detail", args=[award.number])).content.decode()
    data = {"key": "site_visit", "on": "99/6/15", "text": "上午十時"}
    answer = client.post(reverse("grants:duty_invite", args=[award.number]), data)
    assert answer.url == reverse("grants:duty", args=[Duty.objects.get().pk])


def test_strangers_see_nothing(client, staff):
    award_of("growth_prevention", staff)
    plan(TODAY)
    row = Duty.objects.first()
    for stranger in (person(Role.CASE_OFFICER, "miaoli"), member(approved(staff=staff))):
        client.force_login(stranger)
        assert client.get(reverse("grants:duty", args=[row.pk])).status_code == 404


def test_every_kind_of_task_is_a_duty_or_lives_elsewhere():
    from grants.rules.tasks import KINDS

    assert set(duty_kinds.DUTIES) | set(duty_kinds.ELSEWHERE) == set(KINDS)


@pytest.mark.parametrize(("period", "name"), [("2010-06", "記錄推動過程（99年6月）"), ("2010", "記錄推動過程（99年）")])
def test_the_trail_names_a_duty_in_words(period, name):
    assert str(Duty(key="activity_log", period=period)) == name
    assert str(Duty(key="activity_log", period=period, title="訪視")) == "訪視"
