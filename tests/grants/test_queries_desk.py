"""My desk: what waits for each post, in which order, with how many queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.enums import Office
from grants.enums import ApplicationStatus as S
from grants.enums import InstalmentStatus
from grants.models import Application, Proposal, ReviewAssignment, Sanction, Settlement, Waiver
from grants.queries import payments
from grants.queries.desk import tasks
from grants.queries.desk.entries import entries_of
from grants.services.awards import decisions
from grants.services.reviews import proposals
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import letters, money, reviews
from tests.factories.accounts import PostFactory, person
from tests.factories.communities import QISHAN, OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory, ProgrammeFactory

from .desks import TODAY, bare, listed, waiting

pytestmark = pytest.mark.django_db


def test_officer_sees_what_is_new_and_what_is_theirs(people):
    mine = {"officer": people.officer}
    bare(S.SUBMITTED)
    bare(S.COMPLETENESS_CHECK, **mine)
    bare(S.COMPLETENESS_CHECK, officer=person(Role.CASE_OFFICER))
    bare(S.UNDER_REVIEW, **mine)
    bare(S.CORRECTION_REQUESTED, correction_due_on=TODAY, **mine)
    late = bare(S.CORRECTION_REQUESTED, correction_due_on=dt.date(2010, 5, 31), **mine)
    found = tasks.desk_of(people.officer)
    assert waiting(people.officer) == {"overdue": 1, "receive": 1, "check": 1, "propose": 1}
    assert (found.first.number, found.first.url) == (late.number, f"/applications/{late.number}/correction/")
    assert [task.queue.kind for task in found.tasks] == ["overdue", "receive", "check", "propose"]


def test_approver_is_not_asked_about_own_proposals(people):
    for proposer in (people.officer, people.head):
        Proposal.objects.create(
            application=bare(S.PROPOSED), outcome="approve", total=1, proposed_by=proposer, proposed_on=TODAY
        )
    assert waiting(people.head) == {"decide": 1}


def test_waivers_and_sanctions_wait_for_everybody_who_may_confirm_them(people):
    award = money.approved(staff=people)
    Waiver.objects.create(
        application=award.application, clause="K4.1.4", memo_number="簽1", author=people.officer, recorded_on=TODAY
    )
    Sanction.objects.create(
        award=award,
        organisation=award.application.organisation,
        county=award.county,
        event="misuse",
        decision_number="府社區字第0990009999號",
        decided_on=TODAY,
        heard_on=TODAY,
        reason="購置項目與計畫不符",
        approved_end=award.ends_on,
        next_application=True,
        recorded_by=people.officer,
        recorded_on=TODAY,
    )
    assert (waiting(people.head), waiting(person(Role.CASE_OFFICER))) == ({"waiver": 1, "sanction": 1},) * 2
    assert (waiting(people.officer), waiting(people.finance)) == ({}, {})
    assert waiting(person(Role.APPROVER, "miaoli")) == {}
    urls = {task.queue.kind: task.url for task in tasks.desk_of(people.head).tasks}
    assert urls == {
        "waiver": f"/applications/{award.number}/waivers/",
        "sanction": f"/sanctions/{Sanction.objects.get().pk}/",
    }


def test_money_waits_for_whose_turn_it_is(people):
    award = money.approved(staff=people, receipt_due=dt.date(2010, 6, 30))
    member = member_of(award.application.organisation)
    instalment = award.instalments.get(number=1)
    assert (waiting(member), waiting(people.officer), waiting(people.finance)) == ({"receipt": 1}, {}, {})
    due = instalment.deadlines.get().due_on
    assert [task.due_on for task in tasks.desk_of(member).tasks] == [due]
    instalment.__class__.objects.filter(pk=instalment.pk).update(status="requested")
    assert (waiting(member), waiting(people.officer), waiting(people.finance)) == ({}, {"payment": 1}, {})
    instalment.__class__.objects.filter(pk=instalment.pk).update(status="approved")
    assert (waiting(member), waiting(people.officer), waiting(people.finance)) == ({}, {}, {"pay": 1})


def test_who_checked_the_vouchers_is_not_asked_to_pay(people):
    award = money.approved(staff=people)
    award.instalments.filter(number=1).update(status=InstalmentStatus.APPROVED, approved_by=people.officer)
    Settlement.objects.create(award=award, number=award.number, sums_checked_by=people.finance)
    assert (waiting(people.finance), waiting(person(Role.FINANCE_OFFICER))) == ({}, {"pay": 1})


@pytest.mark.parametrize("who", ["officer", "head", "asker"])
def test_who_asked_or_decided_is_not_asked_to_pay(people, who):
    award, asker = money.approved(staff=people), person(Role.FINANCE_OFFICER)
    award.instalments.filter(number=1).update(status=InstalmentStatus.APPROVED, requested_by=asker)
    user = asker if who == "asker" else getattr(people, who)
    if who != "asker":
        PostFactory(user=user, role=Role.FINANCE_OFFICER)
    assert ("pay" in waiting(user), waiting(people.finance)) == (False, {"pay": 1})


def test_member_s_chair_and_township(people):
    organisation = OrganisationFactory()
    staff, chair = member_of(organisation), member_of(organisation, Office.CHAIRPERSON)
    ApplicationFactory(organisation=organisation)
    ApplicationFactory(organisation=organisation, status=S.AWAITING_CHAIR, programme=ProgrammeFactory(code="culture"))
    bare(S.CORRECTION_REQUESTED, organisation=organisation, correction_due_on=dt.date(2010, 6, 3))
    bare(S.TOWNSHIP_REVIEW, organisation=organisation)
    assert waiting(staff) == {"correct": 1, "draft": 1}
    assert waiting(chair) == {"correct": 1, "confirm": 1, "draft": 1}
    assert waiting(person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)) == {"first_review": 1}
    assert waiting(person(Role.TOWNSHIP_OFFICER, township_code="64000330")) == {}
    assert tasks.desk_of(staff).first.due_on == dt.date(2010, 6, 3)


@pytest.mark.parametrize(
    ("status", "note", "words"),
    [
        (S.DRAFT, "講師費請再核對", "理事長退回：講師費請再核對"),
        (S.CORRECTION_REQUESTED, "請補簽到單", "理事長退回：請補簽到單"),
        (S.DRAFT, "", "接著填寫"),
        (S.AWAITING_CHAIR, "舊的話", "確認"),
    ],
)
def test_a_row_says_what_the_chairperson_sent_back(client, status, note, words):
    organisation = OrganisationFactory()
    staff, chair = member_of(organisation), member_of(organisation, Office.CHAIRPERSON)
    ApplicationFactory(organisation=organisation, status=status, chair_note=note)
    user = chair if status == S.AWAITING_CHAIR else staff
    (task,) = tasks.desk_of(user).tasks
    assert (words in task.text, "理事長退回" in task.text) == (True, "理事長退回" in words)
    client.force_login(user)
    for address in ("/desk/", f"/desk/{task.queue.kind}/"):
        assert task.text in client.get(address).content.decode()


def test_reviewer_has_what_is_not_scored_and_no_conflicts(people):
    for interest in ("unanswered", "none", "conflict"):
        ReviewAssignment.objects.create(
            application=bare(S.UNDER_REVIEW),
            reviewer=people.reviewer,
            interest=interest,
            assigned_by=people.officer,
            assigned_on=TODAY,
            due_on=TODAY,
        )
    assert waiting(people.reviewer) == {"score": 2}


def test_nothing_of_the_other_county(people):
    bare(S.SUBMITTED)
    assert waiting(person(Role.CASE_OFFICER, "miaoli")) == {}


def test_a_queue_that_is_longer_than_is_counted_says_so(people, client, monkeypatch):
    for _ in range(3):
        bare(S.SUBMITTED)
    client.force_login(people.officer)
    monkeypatch.setattr(payments, "MOST_COUNTED", 3)
    found = tasks.desk_of(people.officer)
    assert ([count.words for count in found.counts], found.total, found.more) == (["3"], 3, False)
    monkeypatch.setattr(payments, "MOST_COUNTED", 2)
    found = tasks.desk_of(people.officer)
    assert ([count.words for count in found.counts], found.total, found.more) == (["2+"], 2, True)
    page = client.get("/desk/").content.decode()
    assert "有 2 件以上等您處理" in page
    assert listed(client, "receive") == [task.number for task in found.tasks]


def test_what_waits_for_long_comes_before_what_is_due_later(people):
    old = bare(S.SUBMITTED, status_since=TODAY - dt.timedelta(days=40))
    new = bare(S.SUBMITTED)
    award = money.approved(staff=people, receipt_due=TODAY - dt.timedelta(days=1))
    numbers = [task.number for task in tasks.desk_of(people.officer).tasks]
    assert numbers[:2] == [award.number, old.number]
    assert numbers.index(new.number) > 1


def test_long_queue_hides_no_other(people):
    for _ in range(20):
        bare(S.SUBMITTED)
        bare(S.UNDER_REVIEW, officer=people.officer)
    kinds = [task.queue.kind for task in tasks.desk_of(people.officer).tasks]
    assert kinds == ["receive"] * 7 + ["propose"] * 7


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def many(people, number):
    for _ in range(number):
        bare(S.SUBMITTED)
        bare(S.COMPLETENESS_CHECK, officer=people.officer)
        case = bare(S.CORRECTION_REQUESTED, officer=people.officer, correction_due_on=dt.date(2010, 5, 3))
        money.approved(staff=people, organisation=case.organisation).instalments.filter(number=1).update(
            status="requested"
        )
        letters.drafted(people.officer, case)


@pytest.mark.parametrize(("address", "number"), [("/desk/", 9), ("/letters/", 9)])
def test_as_many_queries_for_thirty_rows_as_for_one(people, client, monkeypatch, address, number):
    """And as many for queues that are longer than they are counted."""
    client.force_login(people.officer)
    many(people, 1)
    queries_of(client, address)
    asked = [queries_of(client, address)]
    many(people, 29)
    asked.append(queries_of(client, address))
    monkeypatch.setattr(payments, "MOST_COUNTED", 10)
    asked.append(queries_of(client, address))
    assert (len(set(asked)), asked[0] <= number) == (1, True)


def test_at_most_fifteen_rows(people, client):
    client.force_login(people.officer)
    many(people, 8)
    page = client.get("/desk/")
    assert len(page.context["desk"].tasks) == 15


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MEMBER, Role.TOWNSHIP_OFFICER)])
def test_every_post_has_a_desk(client, role):
    client.force_login(person(role))
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(("role", "ways"), [(Role.AUDITOR, 11), (Role.ADMINISTRATOR, 8), (Role.CASE_OFFICER, 12)])
def test_who_works_no_queue_finds_ways_that_open(client, role, ways):
    user = person(role)
    client.force_login(user)
    addresses = [address for _title, _text, address in entries_of(user)]
    assert len(addresses) == ways
    assert [client.get(address, follow=True).status_code for address in addresses] == [200] * ways


def test_decision_page_asks_as_much_for_many_lines_as_for_one(people, client):
    client.force_login(people.head)
    few = reviews.proposed(people, amounts=(10_000,))
    many_lines = reviews.proposed(people, amounts=(1_000,) * 30)
    # Each has a next one to decide.
    reviews.proposed(people, amounts=(10_000,))
    reviews.EnvelopeFactory(scheme=few.application.scheme)
    pages = [f"/applications/{proposal.application.number}/decision/" for proposal in (few, few, many_lines)]
    counts = [queries_of(client, page) for page in pages]
    assert counts[1] == counts[2]


def test_desk_counts_real_work(people):
    """The same numbers after the steps that people take."""
    case = reviews.received(people)
    assert waiting(people.officer) == {"check": 1}
    proposals.propose_refusal(people.officer, case, reason="逾期")
    assert (waiting(people.officer), waiting(people.head)) == ({}, {"decide": 1})
    decisions.not_accept(people.head, case)
    assert (waiting(people.officer), waiting(people.head)) == ({"letter": 1}, {})
    assert Application.objects.get().letters.count() == 1
