"""The lists behind the desk: whole, with the numbers of the desk; whose work it is; what an officer urges."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import OfficeTerm
from grants.enums import ApplicationStatus as S
from grants.enums import DeadlineKind, InstalmentStatus, LedgerKind, SettlementStatus
from grants.models import Application, CorrectionRequest, Deadline, Duty, LedgerEntry, Settlement
from grants.queries import desk
from grants.queries.next_steps import stages
from grants.services import handover, notify, urging
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money
from tests.factories import reviews as make
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)
YESTERDAY = dt.date(2010, 5, 31)


@pytest.fixture
def people():
    return make.staff()


def bare(status, **fields):
    return ApplicationFactory(status=status, first_filed_on=TODAY, filed_on=TODAY, **fields)


def kinds(user):
    return {count.queue.kind: count.number for count in desk.desk_of(user).counts}


def listed(client, kind, page=1):
    answer = client.get(reverse("grants:desk_queue", args=[kind]), {"page": page})
    assert answer.status_code == 200
    return [task.number for task, _deadline, _urged in answer.context["rows"]]


# Whole


def test_each_number_of_the_desk_is_that_of_its_list(client, people):
    for number in range(35):
        bare(S.SUBMITTED)
        bare(S.UNDER_REVIEW, officer=people.officer)
        late = bare(S.CORRECTION_REQUESTED, officer=people.officer, correction_due_on=dt.date(2010, 5, 1 + number % 28))
    money.approved(staff=people, receipt_due=YESTERDAY, settlement_due=YESTERDAY, organisation=late.organisation)
    client.force_login(people.officer)
    counts = kinds(people.officer)
    assert counts == {"overdue": 35, "receive": 35, "propose": 35, "late_receipt": 1, "late_settlement": 1}
    for kind, number in counts.items():
        rows = (
            [number for page in (1, 2) for number in listed(client, kind, page)]
            if number > 30
            else listed(client, kind)
        )
        assert (len(rows), len(set(rows))) == (number, number)
    page = client.get("/desk/").content.decode()
    assert all(f'href="/desk/{kind}/"' in page for kind in counts)


def test_a_list_begins_with_what_is_due_first_and_then_with_the_oldest(client, people):
    dues = [dt.date(2010, 5, day) for day in (20, 3, 11)]
    cases = [bare(S.CORRECTION_REQUESTED, officer=people.officer, correction_due_on=due) for due in dues]
    ages = [bare(S.SUBMITTED, status_since=dt.date(2010, 5, day)) for day in (9, 2)]
    client.force_login(people.officer)
    assert listed(client, "overdue") == [cases[1].number, cases[2].number, cases[0].number]
    assert listed(client, "receive") == [ages[1].number, ages[0].number]


@pytest.mark.parametrize("kind", ["receive", "late_settlement"])
def test_a_list_asks_as_much_for_three_rows_as_for_one(client, people, kind):
    client.force_login(people.officer)

    def one_more():
        bare(S.SUBMITTED)
        money.approved(staff=people, settlement_due=YESTERDAY)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            listed(client, kind)
        return len(queries)

    one_more()
    asked()
    one = asked()
    one_more()
    one_more()
    assert asked() == one


def test_another_post_s_queue_is_not_there(client, people):
    client.force_login(people.head)
    assert client.get("/desk/receive/").status_code == 404
    assert client.get("/desk/nothing/").status_code == 404
    assert "目前沒有這一類的事" in client.get("/desk/decide/").content.decode()


def test_one_draft_is_at_the_head_alone(client):
    organisation = OrganisationFactory()
    ApplicationFactory(organisation=organisation, title="重建區學童課後照顧")
    client.force_login(member_of(organisation))
    page = client.get("/desk/").content.decode()
    assert (page.count("重建區學童課後照顧"), 'class="counts"' in page) == (1, False)


def test_the_draft_worked_on_last_is_offered_first(client):
    organisation = OrganisationFactory()
    drafts = [ApplicationFactory(organisation=organisation, programme__code=code) for code in ("culture", "care")]
    for draft, hour in zip(drafts, (11, 10), strict=True):
        Application.objects.filter(pk=draft.pk).update(updated_at=dt.datetime(2010, 6, 1, hour, tzinfo=dt.UTC))
    assert desk.desk_of(member_of(organisation)).first.number == drafts[0].number


# The association's duties, by the legal term


def test_a_settlement_is_late_by_its_legal_term_and_not_by_the_end_of_the_project(people):
    award = money.approved((50_000,), staff=people, ends_on=YESTERDAY, settlement_due=dt.date(2010, 6, 30))
    (task,) = desk.desk_of(money.member(award)).tasks
    assert (task.queue.kind, task.due_on, task.title) == ("settle", dt.date(2010, 6, 30), award.application.title)


@pytest.mark.parametrize(("due", "shown"), [(dt.date(2010, 7, 1), True), (dt.date(2010, 7, 2), False)])
def test_a_settlement_comes_a_month_ahead_of_its_term(people, due, shown):
    award = money.approved((50_000,), staff=people, ends_on=dt.date(2010, 6, 20), settlement_due=due)
    assert ("settle" in kinds(money.member(award))) is shown


def test_a_settlement_sent_back_is_asked_for(people):
    award = money.approved((50_000,), staff=people)
    Settlement.objects.create(award=award, number=award.number, status=SettlementStatus.CORRECTION_REQUESTED)
    assert kinds(money.member(award)) == {"settle_again": 1}


def test_money_to_be_returned_is_asked_for_and_awaited(people):
    award = money.approved((50_000,), staff=people)
    LedgerEntry.objects.create(
        envelope=award.envelope, award=award, kind=LedgerKind.PAID, amount=30_000, on=TODAY, at=clock.now(),
        by=people.finance, instalment=award.instalments.get(),
    )  # fmt: skip
    award.instalments.update(status=InstalmentStatus.PAID)
    award.__class__.objects.filter(pk=award.pk).update(status="not_executed")
    assert kinds(money.member(award)) == {"pay_back": 1}
    assert kinds(people.finance) == {"back": 1}
    assert [task.amount for task in desk.desk_of(people.finance).tasks] == [30_000]


@pytest.mark.parametrize(
    ("key", "ahead", "shown"),
    [("assembly", 60, True), ("assembly", 61, False), ("board_meeting", 30, True), ("board_meeting", 31, False),
     ("guidance", 30, False)],
)  # fmt: skip
def test_meetings_come_early_enough_to_be_called(key, ahead, shown):
    organisation = OrganisationFactory()
    Duty.objects.create(
        key=key, clause="M5.5a", county="kaohsiung", organisation=organisation, period="2010",
        due_on=TODAY + dt.timedelta(days=ahead), opened_on=TODAY,
    )  # fmt: skip
    assert bool(kinds(member_of(organisation))) is shown


def test_a_meeting_says_by_when_its_notice_must_be_out():
    organisation = OrganisationFactory()
    Duty.objects.create(
        key="assembly", clause="M5.5a", county="kaohsiung", organisation=organisation, period="2010",
        due_on=dt.date(2010, 6, 30), opened_on=TODAY,
    )  # fmt: skip
    (task,) = desk.desk_of(member_of(organisation)).tasks
    assert task.text == "會員大會（99年）：請訂日期；開會通知要在 15 天前寄出，最晚 99年6月15日"


def test_running_cases_stand_below_with_their_money(client, people):
    award = money.approved(staff=people)
    bare(S.UNDER_REVIEW, organisation=award.application.organisation, title="社區防災")
    client.force_login(money.member(award))
    shown = client.get("/desk/").context["running"]
    assert [(case.title, case.status, case.approved, case.paid, case.next) for case in shown] == [
        ("社區防災", "審查中", None, 0, "縣府審查"),
        (award.application.title, "執行中", 120_000, 0, "請送領據"),
    ]
    client.force_login(people.officer)
    assert client.get("/desk/").context["running"] == []


# Whose work it is


def test_the_work_of_an_officer_who_left_is_on_the_others_desks(people):
    leaver, other = people.officer, person(Role.CASE_OFFICER)
    cases = [bare(status, officer=leaver) for status in (S.COMPLETENESS_CHECK, S.UNDER_REVIEW)]
    bare(S.CORRECTION_REQUESTED, officer=leaver, correction_due_on=YESTERDAY)
    assert (kinds(leaver), kinds(other)) == ({"overdue": 1, "check": 1, "propose": 1}, {})
    Post.objects.filter(user=leaver).update(valid_to=TODAY - dt.timedelta(days=1))
    assert kinds(other) == {"overdue": 1, "check": 1, "propose": 1}
    assert {task.left for task in desk.desk_of(other).tasks} == {leaver.display_name}
    assert kinds(person(Role.CASE_OFFICER, "miaoli")) == {}
    handover.reassign(other, cases[0], other, "接手")
    assert [task.left for task in desk.desk_of(other).tasks if task.number == cases[0].number] == [""]


def test_an_officer_takes_a_case_over_on_its_page(client, people):
    case, taker = bare(S.UNDER_REVIEW, officer=people.officer), person(Role.CASE_OFFICER)
    client.force_login(taker)
    address = reverse("grants:case_officer", args=[case.number])
    assert f'value="{taker.pk}" selected' in client.get(address).content.decode()
    assert client.post(address, {"officer": taker.pk, "reason": ""}).status_code == 422
    assert client.post(address, {"officer": taker.pk, "reason": "請假"}).status_code == 302
    case.refresh_from_db()
    assert case.officer == taker
    entry = AuditEntry.objects.get(action="application.reassign")
    assert (entry.case, entry.after["reason"]) == (case.number, "請假")


def test_the_approver_gives_all_of_somebody_s_cases_away_and_the_receiver_hears_of_it(people):
    new = person(Role.CASE_OFFICER)
    first = bare(S.UNDER_REVIEW, officer=people.officer)
    other, over = bare(S.APPROVED, officer=people.officer), bare(S.REJECTED, officer=people.officer)
    moved = handover.reassign(people.head, first, new, "調職", others=True)
    assert {case.pk for case in moved} == {first.pk, other.pk}
    assert set(Application.objects.filter(officer=new)) == {first, other}
    assert Application.objects.get(pk=over.pk).officer == people.officer
    assert Notice.objects.filter(recipient=new, kind="application.reassigned").count() == 2


@pytest.mark.parametrize("who", ["miaoli", "finance", "member"])
def test_a_case_goes_to_no_one_but_the_county_s_officers(people, who):
    case = bare(S.UNDER_REVIEW, officer=people.officer)
    taker = {"miaoli": person(Role.CASE_OFFICER, "miaoli"), "finance": people.finance}.get(who)
    if who == "member":
        taker = person(Role.CASE_OFFICER)
        member_of(case.organisation, user=taker)
    with pytest.raises(Refused, match="現任的承辦人"):
        handover.reassign(people.head, case, taker, "調職")
    with pytest.raises(Refused):
        handover.reassign(people.finance, case, people.officer, "調職")


# 催辦


def test_an_officer_urges_once_a_day_and_it_is_on_record(client, people):
    award = money.approved((50_000,), staff=people, settlement_due=YESTERDAY)
    someone, deadline = money.member(award), award.deadlines.get()
    client.force_login(people.officer)
    assert "催辦" in client.get("/desk/late_settlement/").content.decode()
    back = {"next": "/desk/late_settlement/"}
    assert client.post(reverse("grants:urge", args=[deadline.pk]), back).url == "/desk/late_settlement/"
    (notice,) = Notice.objects.filter(recipient=someone)
    assert (notice.kind, notice.due_on, "我們一起想辦法" in notice.body) == ("urge", TODAY, True)
    assert AuditEntry.objects.filter(action="deadline.urge", case=award.number).count() == 1
    with pytest.raises(Refused, match="今天已經催辦過了"):
        urging.urge(people.officer, deadline)
    assert "上次 99年6月1日" in client.get("/desk/late_settlement/").content.decode()
    with clock.travel(TODAY + dt.timedelta(days=1)):
        assert urging.urge(people.officer, deadline) == 1
    current = Notice.objects.filter(recipient=someone, closed_at=None)
    assert [(notice.kind, notice.times) for notice in current] == [("urge", 2)]


def test_nothing_is_urged_that_is_done_or_not_due_or_that_nobody_reads(people):
    award = money.approved((50_000,), staff=people, settlement_due=YESTERDAY)
    deadline = award.deadlines.get()
    with pytest.raises(Refused, match="沒有人有帳號"):
        urging.urge(people.officer, deadline)
    money.member(award)
    for change in ({"due_on": TODAY}, {"done_on": TODAY, "due_on": YESTERDAY}):
        Deadline.objects.filter(pk=deadline.pk).update(**change)
        with pytest.raises(Refused, match="不用催辦"):
            urging.urge(people.officer, deadline)
    with pytest.raises(Refused):
        urging.urge(people.finance, deadline)


# A chairperson whose term is over


@pytest.fixture
def lapsed(people):
    """A chairperson whose term ended yesterday, with an award that waits for its receipt."""
    award = money.approved(staff=people, receipt_due=dt.date(2010, 6, 20))
    chair = chair_of(award.application.organisation)
    for model in (Post, OfficeTerm):
        model.objects.filter(user=chair).update(valid_to=YESTERDAY)
    return chair, award


def test_reads_on_and_sees_what_must_still_be_done(client, lapsed):
    chair, award = lapsed
    client.force_login(chair)
    page = client.get("/desk/")
    assert "理事長任期到 99年5月31日" in page.content.decode()
    assert [task.queue.kind for task in page.context["desk"].tasks] == ["receipt"]
    assert ("看內容" in page.content.decode(), 'href="/payments/"' in page.content.decode()) == (True, True)
    assert [case.number for case in page.context["running"]] == [award.number]
    for address in ("/applications/", f"/applications/{award.number}/", f"/awards/{award.number}/", "/payments/"):
        assert client.get(address).status_code == 200, address
    answer = client.post(f"/awards/{award.number}/instalments/1/request/", {"receipt_number": "1"})
    assert (answer.status_code, "理事長任期到 99年5月31日" in answer.content.decode()) == (403, True)


def test_what_still_waits_leads_to_pages_that_may_be_read(client, people, lapsed):
    chair, award = lapsed
    organisation = award.application.organisation
    for status in (S.AWAITING_CHAIR, S.CORRECTION_REQUESTED):
        ApplicationFactory(organisation=organisation, status=status, officer=people.officer)
    client.force_login(chair)
    tasks = client.get("/desk/").context["desk"].tasks
    assert {task.queue.kind for task in tasks} == {"receipt", "confirm", "correct"}
    assert {task.url: client.get(task.url).status_code for task in tasks} == {task.url: 200 for task in tasks}


def test_the_staff_is_told_why_nobody_confirms(client, lapsed):
    _chair, award = lapsed
    organisation = award.application.organisation
    case = ApplicationFactory(organisation=organisation, status=S.AWAITING_CHAIR)
    client.force_login(member_of(organisation))
    at = f"/applications/{case.number}/"
    assert "理事長任期到 99年5月31日" in client.get(at).context["next"].sub
    OfficeTerm.objects.filter(user=chair_of(organisation)).update(valid_from=TODAY)
    assert "任期" not in client.get(at).context["next"].sub


def test_reads_no_more_once_somebody_is_elected(client, lapsed):
    chair, award = lapsed
    client.force_login(chair)
    successor = chair_of(award.application.organisation)
    OfficeTerm.objects.filter(user=successor).update(valid_from=TODAY)
    assert client.get(f"/awards/{award.number}/").status_code in (403, 404)
    assert client.get("/desk/").context["desk"].total == 0


def test_the_county_sees_terms_that_are_over(people, lapsed):
    _chair, award = lapsed
    assert kinds(people.officer) == {"term": 1}
    (task,) = desk.desk_of(people.officer).tasks
    assert (task.number, task.due_on) == (award.application.organisation.name, YESTERDAY)
    OfficeTerm.objects.create(
        organisation=award.application.organisation, office=Office.CHAIRPERSON, person_name="新示範",
        valid_from=TODAY, valid_to=None,
    )  # fmt: skip
    assert kinds(people.officer) == {}


def test_reminders_of_an_association_without_a_board_go_to_the_chair_of_before(people, lapsed):
    chair, award = lapsed
    assert notify.members(award.application) == [chair]
    assert DeadlineKind.FIRST_RECEIPT in set(award.deadlines.values_list("kind", flat=True))


def test_the_cases_of_a_colleague_are_found_by_name_and_can_be_taken_over(client, people):
    theirs, _mine = (
        bare(S.UNDER_REVIEW, officer=people.officer),
        bare(S.UNDER_REVIEW, officer=person(Role.CASE_OFFICER)),
    )
    client.force_login(people.head)
    page = client.get("/applications/", {"officer": people.officer.pk})
    assert [row["number"] for row in page.context["page"].rows] == [theirs.number]
    assert (
        reverse("grants:case_officer", args=[theirs.number])
        in client.get(f"/applications/{theirs.number}/").content.decode()
    )
    client.force_login(member_of(theirs.organisation))
    assert "id_officer" not in client.get("/applications/").content.decode()
    assert (
        reverse("grants:case_officer", args=[theirs.number])
        not in client.get(f"/applications/{theirs.number}/").content.decode()
    )


def test_a_case_sent_back_by_the_township_stands_with_the_township(people):
    case = bare(S.CORRECTION_REQUESTED, correction_due_on=TODAY)
    case.scheme.township_first = True
    asked = CorrectionRequest.objects.create(
        application=case, version=make.version(case), items="缺課程表", due_on=TODAY, requested_by=people.officer,
        requested_on=TODAY, by_township=True,
    )  # fmt: skip
    now = {stage["state"]: stage["label"] for stage in stages(case)}["now"]
    CorrectionRequest.objects.filter(pk=asked.pk).update(by_township=False)
    assert (now, {stage["state"]: stage["label"] for stage in stages(case)}["now"]) == ("公所初審", "收件檢核")


@pytest.mark.parametrize(
    ("number", "title", "who", "about"),
    [
        ("88-099-0001", "共餐", "甲協會", "88-099-0001　甲協會"),
        ("88-099-0001", "", "甲協會", "甲協會"),
        ("甲協會", "會員大會（99年）", "甲協會", "甲協會"),
        ("甲協會", "", "甲協會", ""),
    ],
)
def test_a_row_says_each_thing_once(number, title, who, about):
    task = desk.Task(desk.QUEUES[0], 1, number, title, who, "", None, None, None, "/")
    assert task.about == about
