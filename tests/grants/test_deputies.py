"""What a deputy sees and does: the absent officer's work, in that officer's place, with four eyes counting the person."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus as S
from grants.letters import names
from grants.permissions import actor_for
from grants.queries.applications.officers import handler_of
from grants.queries.desk import tasks
from grants.services import daily, notices
from grants.services.awards import decisions
from grants.services.reviews import checks
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews
from tests.factories.accounts import PostFactory, person

from .desks import TODAY, YESTERDAY, bare, waiting

pytestmark = pytest.mark.django_db


def stand_in(absent: User, deputy: User) -> User:
    """The deputy, read anew, standing for the absent one this week."""
    post = absent.posts.get(stands_for=None)
    PostFactory(
        user=deputy,
        role=post.role,
        county=post.county,
        stands_for=post,
        valid_from=TODAY,
        valid_to=TODAY + dt.timedelta(6),
    )
    return User.objects.get(pk=deputy.pk)


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


def test_the_absent_officers_cases_are_on_the_deputys_desk_with_his_name(officer):
    other = person(Role.CASE_OFFICER)
    bare(S.UNDER_REVIEW, officer=officer)
    bare(S.COMPLETENESS_CHECK, officer=officer)
    bare(S.CORRECTION_REQUESTED, officer=officer, correction_due_on=YESTERDAY)
    bare(S.UNDER_REVIEW, officer=other)
    assert waiting(other) == {"propose": 1}
    other = stand_in(officer, other)
    assert waiting(other) == {"overdue": 1, "check": 1, "propose": 2}
    assert sorted(task.absent for task in tasks.desk_of(other).tasks) == ["", *[officer.display_name] * 3]
    assert waiting(officer) == {"overdue": 1, "check": 1, "propose": 1}


def test_a_deputy_of_another_post_has_its_whole_desk(officer):
    head = person(Role.APPROVER)
    bare(S.SUBMITTED)
    assert waiting(head) == {}
    assert waiting(stand_in(officer, head)) == {"receive": 1}


def test_a_second_post_of_the_same_kind_asks_the_database_no_more(officer, django_assert_num_queries):
    other = person(Role.CASE_OFFICER)
    bare(S.UNDER_REVIEW, officer=officer)
    other = stand_in(officer, other)
    # The posts, all queues, the rows, and how many reviewers have scored.
    with django_assert_num_queries(4):
        tasks.desk_of(other)


def test_what_a_deputy_takes_up_is_the_absent_officers(officer):
    deputy = stand_in(officer, person(Role.FINANCE_OFFICER))
    case = checks.receive(deputy, reviews.filed())
    assert case.officer == officer
    assert checks.receive(deputy, case).officer == officer
    entry = AuditEntry.objects.get(action="application.receive")
    assert (entry.actor_name, entry.post_label) == (str(deputy), f"高雄縣 縣府承辦人（代理{officer}）")


def test_the_act_is_recorded_under_the_post_that_acted(officer):
    deputy = stand_in(officer, person(Role.CASE_OFFICER))
    his, own = bare(S.UNDER_REVIEW, officer=officer), bare(S.UNDER_REVIEW, officer=deputy)
    labels = [actor_for(deputy, case, Role.CASE_OFFICER).post_label for case in (his, own)]
    assert labels == [f"高雄縣 縣府承辦人（代理{officer}）", "高雄縣 縣府承辦人"]


def test_who_proposed_does_not_approve_as_deputy_of_the_head():
    people = reviews.staff()
    case = reviews.proposed(people).application
    deputy = stand_in(people.head, people.officer)
    assert "decide" not in waiting(deputy)
    with pytest.raises(Refused):
        decisions.approve(deputy, case)
    another = stand_in(people.head, person(Role.CASE_OFFICER))
    assert waiting(another)["decide"] == 1


def test_notices_and_letters_name_who_does_the_work_today(officer):
    other = person(Role.CASE_OFFICER)
    case = bare(S.UNDER_REVIEW, officer=officer)
    contact = names.contact_of(case, officer, TODAY)
    assert (contact["name"], contact["user"]) == (str(officer), officer.pk)
    stand_in(officer, other)
    assert notices.officers(case) == [other]
    assert f"承辦人{other}（代理）" in notices.contact(case)
    contact = names.contact_of(case, officer, TODAY)
    assert (contact["name"], contact["user"]) == (f"{other}（代理）", other.pk)
    Post.objects.filter(stands_for__isnull=False).update(valid_from=YESTERDAY, valid_to=YESTERDAY)
    assert str(handler_of(case)) == str(officer)
    assert notices.officers(case) == [officer]


def test_notices_are_read_by_the_deputy_and_then_by_the_officer_again(officer):
    deputy = stand_in(officer, person(Role.FINANCE_OFFICER))
    case, last = bare(S.UNDER_REVIEW, officer=officer), TODAY + dt.timedelta(days=6)
    notices.about_case(case, [officer], "before", "請辦", "")
    stranger = bare(S.UNDER_REVIEW, officer=person(Role.CASE_OFFICER))
    notices.about_case(stranger, [officer], "strange", "請辦", "")
    read = Notice.objects.filter(closed_at=None, kind__startswith="application.")
    daily.run(TODAY)
    notices.about_case(case, notices.officers(case), "meanwhile", "請辦", "")
    assert set(read.filter(recipient=deputy).values_list("kind", flat=True)) == {
        "application.before",
        "application.meanwhile",
    }
    with clock.travel(last + dt.timedelta(days=1)):
        daily.run(clock.today())
        daily.run(clock.today() + dt.timedelta(days=1))
    mine = read.filter(recipient=officer, case_number=case.number)
    assert sorted(mine.values_list("kind", flat=True)) == ["application.before", "application.meanwhile"]


@pytest.mark.parametrize(("role", "kept"), [(Role.CASE_OFFICER, {"own"}), (Role.FINANCE_OFFICER, {"own", "meanwhile"})])
def test_after_the_absence_the_deputy_keeps_only_what_may_be_the_deputys_own(officer, role, kept):
    deputy = stand_in(officer, person(role))
    case = bare(S.UNDER_REVIEW, officer=officer)
    own = bare(S.UNDER_REVIEW, officer=deputy)
    notices.about_case(case, [officer], "before", "請辦", "")
    notices.about_case(own, [deputy], "own", "請辦", "")
    daily.run(TODAY)
    notices.about_case(case, notices.officers(case), "meanwhile", "請辦", "")
    with clock.travel(TODAY + dt.timedelta(days=7)):
        daily.run(clock.today())
    still_open = Notice.objects.filter(recipient=deputy, closed_at=None, kind__startswith="application.")
    assert set(still_open.values_list("kind", flat=True)) == {f"application.{name}" for name in kept}


def test_a_leaver_who_stands_for_somebody_keeps_no_case_of_his_own(officer):
    leaver, third = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER)
    bare(S.UNDER_REVIEW, officer=leaver)
    stand_in(officer, leaver)
    Post.objects.filter(user=leaver, stands_for=None).update(valid_to=YESTERDAY)
    assert waiting(third) == {"propose": 1}
