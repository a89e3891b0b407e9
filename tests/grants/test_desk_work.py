"""Whose work it is: a colleague who left, cases that change hands, what an officer urges."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.enums import ApplicationStatus as S
from grants.models import Application, Deadline
from grants.queries.desk import tasks
from grants.services.desk import handover
from grants.services.reminders import urging
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.communities import member_of

from .desks import TODAY, YESTERDAY, bare, waiting

pytestmark = pytest.mark.django_db


def test_the_work_of_an_officer_who_left_is_on_the_others_desks(people):
    leaver, other = people.officer, person(Role.CASE_OFFICER)
    cases = [bare(status, officer=leaver) for status in (S.COMPLETENESS_CHECK, S.UNDER_REVIEW)]
    bare(S.CORRECTION_REQUESTED, officer=leaver, correction_due_on=YESTERDAY)
    assert (waiting(leaver), waiting(other)) == ({"overdue": 1, "check": 1, "propose": 1}, {})
    Post.objects.filter(user=leaver).update(valid_to=TODAY - dt.timedelta(days=1))
    assert waiting(other) == {"overdue": 1, "check": 1, "propose": 1}
    assert {task.left for task in tasks.desk_of(other).tasks} == {leaver.display_name}
    assert waiting(person(Role.CASE_OFFICER, "miaoli")) == {}
    handover.reassign(other, cases[0], other, "接手")
    assert [task.left for task in tasks.desk_of(other).tasks if task.number == cases[0].number] == [""]


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
    assert Notice.objects.filter(recipient=new, kind="desk.handover").count() == 1


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


def test_the_cases_of_a_colleague_are_found_by_name_and_can_be_taken_over(client, people):
    theirs, _mine = (
        bare(S.UNDER_REVIEW, officer=people.officer),
        bare(S.UNDER_REVIEW, officer=person(Role.CASE_OFFICER)),
    )
    client.force_login(people.head)
    page = client.get("/applications/", {"officer": people.officer.pk})
    assert [row.number for row in page.context["list"].rows] == [theirs.number]
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
