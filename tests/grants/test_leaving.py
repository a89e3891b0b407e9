"""Somebody leaves in the middle of everything: nothing is lost, and nothing names them any more."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.urls import reverse

from communities.models import OfficeTerm
from grants.enums import ApplicationStatus as S
from grants.models import Application, Instalment, Letter
from grants.queries.desk import arms, tasks
from grants.queries.desk.lists import queue_list
from grants.queries.desk.queues import QUEUES
from grants.queries.desk.unheld import unheld_in
from grants.services import daily, notices
from grants.services.letters import drafts
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts import services
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import letters, reviews
from tests.factories.accounts import PostFactory, person
from tests.factories.communities import QISHAN, member_of

from .desks import bare
from .every_queue import fill
from .in_each_status import People
from .test_services_letters import NUMBER

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = dt.date(2010, 6, 1), dt.date(2010, 6, 2)
# Who leaves, and whose colleague is to find everything, apart from what a chairperson takes over for themselves.
WALKS = {
    "officer": Role.CASE_OFFICER,
    "head": Role.APPROVER,
    "finance": Role.FINANCE_OFFICER,
    "township": Role.TOWNSHIP_OFFICER,
    "chair": Role.MEMBER,
}


def found_by(user: User) -> dict[str, set[int]]:
    """The rows of each queue on the desk."""
    found: dict[str, set[int]] = {}
    for queue, rows in arms.arms_of(User.objects.get(pk=user.pk)):
        found.setdefault(queue.kind, set()).update(rows.values_list("pk", flat=True))
    return {kind: keys for kind, keys in found.items() if keys}


def leave(user: User, last_day: dt.date = TODAY) -> None:
    with trail.unit_of_work(Actor.system("test")):
        for post in user.posts.filter(stands_for=None):
            services.end_post(post, last_day)


@pytest.fixture
def people() -> People:
    found = People.make()
    found.reviewer = person(Role.REVIEWER)
    fill(found)
    return found


def colleague_of(people: People, name: str) -> User:
    """Somebody who comes to the same post, and had a part in nothing so far."""
    if name == "chair":
        return member_of(people.body, Office.CHAIRPERSON)
    scope = {"township_code": QISHAN} if name == "township" else {}
    return person(WALKS[name], **scope)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards: filling every queue takes longest."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_all_that_waited_for_a_leaver_stands_on_a_colleagues_desk(people):
    passed = {*found_by(people.reviewer), *found_by(person(Role.ADMINISTRATOR))} | {
        kind for user in people.everybody() for kind in found_by(user)
    }
    assert passed == {queue.kind for queue in QUEUES}
    for name in WALKS:
        with undone():
            leaver, colleague = getattr(people, name), colleague_of(people, name)
            before = {kind: keys for kind, keys in found_by(leaver).items() if kind != "take_over"}
            leave(leaver)
            with clock.travel(TOMORROW):
                after = found_by(colleague)
                # A chairperson with nobody elected since still reads what must be done.
                assert not found_by(leaver) or name == "chair"
            lost = {kind: keys - after.get(kind, set()) for kind, keys in before.items()}
            assert (name, bool(before), lost) == (name, True, {kind: set() for kind in before})


def test_every_row_of_every_queue_has_its_details(people):
    for user in [*people.everybody(), people.reviewer]:
        user = User.objects.get(pk=user.pk)
        assert len(tasks.desk_of(user).tasks) > 0
        for kind, keys in found_by(user).items():
            work = queue_list(user, kind)
            assert {work.task(row).pk for row in work.rows} == keys


# What others may do, or confirm, where nobody holds the post.
HELD_BY_OTHERS = {
    "officer": {"payment", "ruling", "waiver", "sanction", "record_correction", "sanction_lifting", "data_change", "closure"},
    "head": {
        "payment", "ruling", "waiver", "sanction", "record_correction", "sanction_lifting", "envelope", "return_terms", "change", "data_change",
        "closure",
    },
    "finance": {"envelope", "return_terms", "data_change"},
    "township": set(),
}  # fmt: skip


def test_the_daily_check_says_what_nobody_holds_once_the_last_one_left(people):
    for name, held in HELD_BY_OTHERS.items():
        with undone():
            kinds = set(found_by(getattr(people, name))) - held
            for post in Post.objects.filter(role=WALKS[name], county="kaohsiung"):
                leave(post.user)
            with clock.travel(TOMORROW):
                said = {row.title for row in unheld_in("kaohsiung")}
            assert said >= {str(queue.title) for queue in QUEUES if queue.kind in kinds}, name
    with undone():
        for post in Post.objects.filter(organisation_id=people.body.pk).exclude(user=people.reviewer):
            leave(post.user)
        OfficeTerm.objects.filter(organisation=people.body).delete()
        with clock.travel(TOMORROW):
            assert "等申請單位辦理" in {row.title for row in unheld_in("kaohsiung")}


def test_what_a_reviewer_did_not_score_stands_on_the_officers_desk_until_another_one_is_asked(people, client):
    (review,) = found_by(people.reviewer)["score"]
    before = found_by(people.officer)["without_reviewer"]
    leave(people.reviewer)
    case = Application.objects.get(assignments=review)
    with clock.travel(TOMORROW):
        assert found_by(people.officer)["without_reviewer"] - before == {review}
        client.force_login(people.officer)
        page = client.get(reverse("grants:case_reviewers", args=[case.number])).content.decode()
        assert f"{people.reviewer}已經卸任，還沒有評分。" in page
        other = person(Role.REVIEWER)
        reviewers.assign(people.officer, case, [other], due_on=TOMORROW + dt.timedelta(days=14))
        assert found_by(people.officer)["without_reviewer"] == before
        assert [row.reviewer for row in case.assignments.all()] == [other]


def test_the_daily_check_finds_who_may_not_do_it_alone(people):
    for name in WALKS:
        colleague_of(people, name)
    assert (unheld_in("kaohsiung"), unheld_in("miaoli")) == ([], [])
    Instalment.objects.filter(status="approved").update(approved_by=people.finance)
    for post in Post.objects.filter(role=Role.FINANCE_OFFICER).exclude(user=people.finance):
        leave(post.user)
    with clock.travel(TOMORROW):
        (row,) = [row for row in unheld_in("kaohsiung") if row.title == "待撥款"]
    assert (row.number, row.why) == (1, "擔任的同仁都辦過前一個步驟，要有另一位同仁才能辦。")


def test_the_head_and_the_administrators_are_told_each_day_until_it_is_over():
    head, admin, both = person(Role.APPROVER), person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR, "")
    bare(S.SUBMITTED)
    current = Notice.objects.filter(kind="desk.unheld", closed_at=None)
    for day in (TODAY, TOMORROW):
        with clock.travel(day):
            daily.run(day)
        assert set(current.values_list("recipient", flat=True)) == {head.pk, admin.pk, both.pk}
    assert set(current.values_list("times", flat=True)) == {2}
    assert "待收件 1：現在沒有人擔任縣府承辦人。" in current.first().body
    PostFactory(role=Role.CASE_OFFICER)
    with clock.travel(TOMORROW + dt.timedelta(days=1)):
        daily.run(clock.today())
    assert not current.exists()


def test_the_page_shows_what_nobody_holds(client):
    bare(S.SUBMITTED, title="社區防災")
    for user in (person(Role.APPROVER), person(Role.ADMINISTRATOR, "")):
        client.force_login(user)
        text = client.get(reverse("grants:unheld")).content.decode()
        assert "待收件 1 件：現在沒有人擔任縣府承辦人。" in text
        assert "社區防災" in text
    client.force_login(person(Role.APPROVER, "miaoli"))
    assert "社區防災" not in client.get(reverse("grants:unheld")).content.decode()


def test_notices_go_to_who_holds_it_now():
    people = reviews.staff()
    case = reviews.filed()
    notices.about_case(case, [people.officer], "filed-1", "有新的申請案", "請收件")
    colleague = person(Role.CASE_OFFICER)
    case = reviews.received(people)
    notices.about_case(case, notices.officers(case), "sent_back", "主管退回", "請重擬")
    leave(people.officer)
    with clock.travel(TOMORROW):
        daily.run(TOMORROW)
        mine = Notice.objects.filter(closed_at=None, kind__startswith="application.")
        assert not mine.filter(recipient=people.officer).exists()
        assert set(mine.filter(recipient=colleague).values_list("kind", flat=True)) == {
            "application.filed-1",
            "application.sent_back",
        }
        assert notices.officers(case) == [colleague]
        assert people.officer.display_name not in notices.contact(case)
        daily.run(TOMORROW + dt.timedelta(days=1))
        assert mine.filter(recipient=colleague).count() == 2


def test_who_has_no_post_any_more_reads_so_and_not_that_all_is_done(client):
    officer = person(Role.CASE_OFFICER)
    client.force_login(officer)
    assert "您現在沒有職務" not in client.get("/desk/").content.decode()
    leave(officer)
    with clock.travel(TOMORROW):
        text = client.get("/desk/").content.decode()
    assert ("您現在沒有職務" in text, "都辦完了" in text) == (True, False)


def test_letters_issued_then_name_the_new_officer(rendered):
    people = reviews.staff()
    letter = reviews.approved(people).application.letters.get()
    assert letter.context["contact"]["name"] == str(people.officer)
    colleague = person(Role.CASE_OFFICER)
    leave(people.officer)
    with clock.travel(TOMORROW):
        assert drafts.as_issued(letter, TOMORROW, user=people.head).context["contact"]["name"] == str(colleague)
        issued = letters.issued(people.head, letter, NUMBER, TOMORROW)
    assert issued.context["contact"] == {
        "name": str(colleague),
        "email": colleague.email,
        "phone": "",
        "user": colleague.pk,
    }


def test_no_page_of_the_association_names_who_left(client):
    people = reviews.staff()
    case = reviews.checked(people)
    leaver, chair = people.officer, member_of(case.organisation, Office.CHAIRPERSON)
    User.objects.filter(pk=leaver.pk).update(display_name="高離任")
    leave(leaver)
    with clock.travel(TOMORROW):
        for user in (chair, person(Role.CASE_OFFICER), people.head):
            client.force_login(user)
            text = client.get(reverse("grants:application_detail", args=[case.number])).content.decode()
            shown = text.partition("歷程")[0]
            assert "高離任" not in shown
    assert Application.objects.get(pk=case.pk).officer == leaver
    assert Letter.objects.count() == 0
