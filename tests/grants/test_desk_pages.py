"""The lists behind the desk: whole, with the numbers of the desk, in the order of what is due."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.enums import ApplicationStatus as S
from grants.enums import InstalmentStatus, LedgerKind, SettlementStatus
from grants.models import Application, CorrectionRequest, Deadline, Duty, LedgerEntry, Settlement
from grants.queries.applications.next_steps import stages
from grants.queries.desk import tasks
from grants.queries.desk.watched import watched
from miaoli_kaohsiung.lib import clock
from tests.factories import money, reviews
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory, terms_of

from .desks import TODAY, YESTERDAY, bare, listed, waiting

pytestmark = pytest.mark.django_db


def test_each_number_of_the_desk_is_that_of_its_list(client, people):
    for number in range(45):
        bare(S.SUBMITTED)
        bare(S.UNDER_REVIEW, officer=people.officer)
        late = bare(S.CORRECTION_REQUESTED, officer=people.officer, correction_due_on=dt.date(2010, 5, 1 + number % 28))
    money.approved(staff=people, receipt_due=YESTERDAY, settlement_due=YESTERDAY, organisation=late.organisation)
    client.force_login(people.officer)
    counts = waiting(people.officer)
    assert counts == {"overdue": 45, "receive": 45, "propose": 45, "late_receipt": 1, "late_settlement": 1}
    for kind, number in counts.items():
        rows = (
            [number for page in (1, 2) for number in listed(client, kind, page)]
            if number > 40
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


def test_the_head_sees_what_is_late_in_the_county_and_each_number_opens_its_rows(client, people):
    bare(S.SUBMITTED, status_since=dt.date(2010, 5, 2))
    bare(S.UNDER_REVIEW, officer=people.officer, status_since=dt.date(2010, 5, 3))
    money.approved(staff=people, settlement_due=YESTERDAY)
    money.approved(staff=people, receipt_due=YESTERDAY)
    client.force_login(people.head)
    shown = client.get("/desk/").context["watched"]
    assert [(row.title, row.number) for row in shown] == [("承辦超過 30 天", 1), ("領據逾期", 1), ("結報逾期", 1)]
    for row in shown:
        assert client.get(row.url).context["list"].table.paginator.count == row.number
    head = type(people.head).objects.get(pk=people.head.pk)
    with CaptureQueriesContext(connection) as asked:
        assert watched(head) == shown
    # The posts, and all numbers at once.
    assert len(asked) == 2
    client.force_login(people.officer)
    assert client.get("/desk/").context["watched"] == []


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
    assert tasks.desk_of(member_of(organisation)).first.number == drafts[0].number


def test_a_settlement_is_late_by_its_legal_term_and_not_by_the_end_of_the_project(people):
    award = money.approved((50_000,), staff=people, ends_on=YESTERDAY, settlement_due=dt.date(2010, 6, 30))
    (task,) = tasks.desk_of(money.member(award)).tasks
    assert (task.queue.kind, task.due_on, task.title) == ("settle", dt.date(2010, 6, 30), award.application.title)


@pytest.mark.parametrize(("due", "shown"), [(dt.date(2010, 7, 1), True), (dt.date(2010, 7, 2), False)])
def test_a_settlement_comes_a_month_ahead_of_its_term(people, due, shown):
    award = money.approved((50_000,), staff=people, ends_on=dt.date(2010, 6, 20), settlement_due=due)
    assert ("settle" in waiting(money.member(award))) is shown


def test_a_settlement_sent_back_is_asked_for(people):
    award = money.approved((50_000,), staff=people)
    Settlement.objects.create(award=award, number=award.number, status=SettlementStatus.CORRECTION_REQUESTED)
    assert waiting(money.member(award)) == {"settle_again": 1}


def test_money_to_be_returned_is_asked_for_and_awaited(people):
    award = money.approved((50_000,), staff=people)
    LedgerEntry.objects.create(
        envelope=award.envelope,
        award=award,
        kind=LedgerKind.PAID,
        amount=30_000,
        on=TODAY,
        at=clock.now(),
        by=people.finance,
        instalment=award.instalments.get(),
    )
    award.instalments.update(status=InstalmentStatus.PAID)
    award.__class__.objects.filter(pk=award.pk).update(status="not_executed")
    assert waiting(money.member(award)) == {}, "nothing is asked for before the letter"
    Deadline.objects.create(kind="return", award=award, application=award.application, due_on=TODAY, opened_on=TODAY)
    assert waiting(money.member(award)) == {"pay_back": 1}
    assert waiting(people.finance) == {"back": 1}
    assert [task.amount for task in tasks.desk_of(people.finance).tasks] == [30_000]


@pytest.mark.parametrize(
    ("key", "ahead", "shown"),
    [
        ("assembly", 60, True),
        ("assembly", 61, False),
        ("board_meeting", 30, True),
        ("board_meeting", 31, False),
        ("guidance", 30, False),
    ],
)
def test_meetings_come_early_enough_to_be_called(key, ahead, shown):
    organisation = OrganisationFactory()
    Duty.objects.create(
        key=key,
        clause="M5.5a",
        county="kaohsiung",
        organisation=organisation,
        period="2010",
        due_on=TODAY + dt.timedelta(days=ahead),
        opened_on=TODAY,
    )
    assert bool(waiting(member_of(organisation))) is shown


def test_a_meeting_says_by_when_its_notice_must_be_out():
    organisation = OrganisationFactory()
    Duty.objects.create(
        key="assembly",
        clause="M5.5a",
        county="kaohsiung",
        organisation=organisation,
        period="2010",
        due_on=dt.date(2010, 6, 30),
        opened_on=TODAY,
    )
    (task,) = tasks.desk_of(member_of(organisation)).tasks
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


def test_a_case_sent_back_by_the_township_stands_with_the_township(people):
    case = bare(S.CORRECTION_REQUESTED, correction_due_on=TODAY)
    terms_of(case.scheme, township_first=True)
    asked = CorrectionRequest.objects.create(
        application=case,
        version=reviews.version(case),
        items="缺課程表",
        due_on=TODAY,
        requested_by=people.officer,
        requested_on=TODAY,
    )
    found = []
    for by_township in (True, False):
        CorrectionRequest.objects.filter(pk=asked.pk).update(by_township=by_township)
        # As each page reads it: a case object asks once.
        track = stages(Application.objects.get(pk=case.pk))
        found += [stage["label"] for stage in track if stage["state"] == "now"]
    assert found == ["公所初審", "收件檢核"]


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
    task = tasks.Task(tasks.QUEUES[0], 1, number, title, who, "", None, None, None, "/")
    assert task.about == about
