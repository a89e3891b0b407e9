"""The statement of a desk is made once for what it is made of, and what it finds is asked for each time."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from communities.enums import Office
from communities.models import OfficeTerm
from communities.queries import lapsed_posts
from grants.enums import ApplicationStatus as S
from grants.enums import DeadlineKind
from grants.models import Conflict, Debt
from grants.queries import payments
from grants.queries.desk import arms, kept, watched
from grants.queries.desk.queues import OF_DEBTS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories.accounts import PostFactory, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of
from tests.factories.grants import EnvelopeFactory

from .desks import TODAY, YESTERDAY, bare, waiting

pytestmark = pytest.mark.django_db


def anew(user: User) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def statement(user: User) -> tuple[str, tuple]:
    """What is asked for the person's desk; the same as if nothing had been kept."""
    user = anew(user)
    for make in (arms._asked, watched._numbers):
        assert kept.kept(make, user) == make(anew(user))
    found, _models = arms.asked(user)
    return found.sql, found.params


@pytest.fixture
def made(monkeypatch):
    """The people for whom a statement was made."""
    found = []

    def counted(user, **more):
        found.append(user.pk)
        return arms_of(user, **more)

    arms_of = arms.arms_of
    monkeypatch.setattr(arms, "arms_of", counted)
    return found


def of_role(role: Role) -> User:
    if role == Role.MEMBER:
        return chair_of(OrganisationFactory())
    return person(role, township_code=QISHAN if role == Role.TOWNSHIP_OFFICER else "")


@pytest.mark.parametrize("role", list(Role))
def test_a_desk_is_made_once_of_the_person_and_the_posts_alone(client, made, role):
    user = of_role(role)
    known = anew(user)
    posts_of(known), lapsed_posts(known)
    with CaptureQueriesContext(connection) as asked:
        arms.asked(known)
        kept.kept(watched._numbers, known)
    assert (made, len(asked)) == ([user.pk], 0)
    client.force_login(user)
    assert [client.get("/desk/").status_code for _ in range(2)] == [200, 200]
    assert made == [user.pk]


@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.CASE_OFFICER, "/desk/"), (Role.APPROVER, "/desk/"), (Role.MEMBER, "/desk/"), (Role.APPROVER, "/county/")],
)
def test_whoever_comes_again_has_no_statement_made(client, monkeypatch, role, address):
    client.force_login(of_role(role))
    bare(S.SUBMITTED)
    EnvelopeFactory(year=TODAY.year)
    assert client.get(address).status_code == 200
    built, as_sql = [], SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda self, *args, **more: built.append(1) or as_sql(self, *args, **more)
    )
    assert client.get(address).status_code == 200
    assert built == []


def test_what_a_statement_finds_is_never_kept(made):
    user = person(Role.CASE_OFFICER)
    assert waiting(anew(user)) == {}
    case = bare(S.SUBMITTED)
    assert waiting(anew(user)) == {"receive": 1}
    case.__class__.objects.filter(pk=case.pk).update(status=S.COMPLETENESS_CHECK, officer=user)
    assert waiting(anew(user)) == {"check": 1}
    assert made == [user.pk]


def test_the_next_day_has_another_statement():
    user = person(Role.CASE_OFFICER)
    bare(S.CORRECTION_REQUESTED, officer=user, correction_due_on=TODAY)
    before = statement(user)
    assert waiting(anew(user)) == {}
    with clock.travel(TODAY + dt.timedelta(1)):
        assert statement(user) != before
        assert waiting(anew(user)) == {"overdue": 1}
    assert statement(user) == before


CHANGES = {
    "county": {"county": "miaoli"},
    "role": {"role": Role.APPROVER},
    "ended": {"valid_to": YESTERDAY},
    "not begun": {"valid_from": TODAY + dt.timedelta(1)},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_change_of_the_post_is_another_statement(change):
    user = person(Role.CASE_OFFICER)
    before = statement(user)
    Post.objects.filter(user=user).update(**change)
    assert statement(user) != before


def test_another_township_or_association_is_another_statement():
    office = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)
    chair = chair_of(OrganisationFactory())
    before = statement(office), statement(chair)
    office.posts.update(township_code="64000330")
    assert statement(office) != before[0]
    chair.posts.update(organisation_id=OrganisationFactory().pk)
    moved = statement(chair)
    chair.posts.update(office=Office.STAFF)
    assert len({before[1], moved, statement(chair)}) == 3


def test_a_deputy_has_the_absent_ones_cases_from_the_first_day_to_the_last():
    absent, deputy = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER)
    bare(S.COMPLETENESS_CHECK, officer=absent)
    before = statement(deputy)
    own = Post.objects.get(user=absent)
    days = {"valid_from": TODAY, "valid_to": TODAY}
    post = PostFactory(user=deputy, role=own.role, county=own.county, stands_for=own, **days)
    during = statement(deputy)
    assert (during != before, waiting(anew(deputy))) == (True, {"check": 1})
    # Another absent one behind the same post.
    Post.objects.filter(pk=own.pk).update(user=person(Role.CASE_OFFICER))
    assert statement(deputy) not in (before, during)
    Post.objects.filter(pk=post.pk).delete()
    assert statement(deputy) == before


def test_the_post_that_is_worked_in_decides():
    user = person(Role.CASE_OFFICER)
    other = PostFactory(user=user, role=Role.FINANCE_OFFICER)
    both = statement(user)
    user.acting_post_id = other.pk
    user.save(update_fields=["acting_post"])
    assert statement(user) != both


def test_a_reviewers_interests_are_asked_for_as_soon_as_the_post_is_there():
    user = person(Role.CASE_OFFICER)
    case = bare(S.SUBMITTED)
    assert waiting(anew(user)) == {"receive": 1}
    PostFactory(user=user, role=Role.REVIEWER, valid_from=dt.date(2008, 1, 1), valid_to=dt.date(2008, 12, 31))
    Conflict.objects.create(application=case, person=user, ground="declared", found_on=TODAY)
    assert waiting(anew(user)) == {}


def test_a_successor_takes_the_work_from_a_chairperson_whose_term_is_over():
    body = OrganisationFactory()
    chair = chair_of(body)
    Post.objects.filter(user=chair).update(valid_to=YESTERDAY)
    OfficeTerm.objects.filter(user=chair).update(valid_to=YESTERDAY)
    bare(S.CORRECTION_REQUESTED, organisation=body)
    assert waiting(anew(chair)) == {"correct": 1}
    OfficeTerm.objects.create(organisation=body, office=Office.CHAIRPERSON, person_name="新任", valid_from=TODAY)
    assert (statement(chair), waiting(anew(chair))) == (("", ()), {})


def test_two_people_in_the_same_post_share_no_statement(made):
    first, second = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER)
    bare(S.COMPLETENESS_CHECK, officer=first)
    assert [waiting(anew(user)) for user in (first, second, first)] == [{"check": 1}, {}, {"check": 1}]
    assert made == [first.pk, second.pk]
    assert kept.made_of(anew(first)) != kept.made_of(anew(second))


def test_how_far_is_counted_is_part_of_it(monkeypatch):
    user = person(Role.CASE_OFFICER)
    before = statement(user)
    monkeypatch.setattr(payments, "MOST_COUNTED", 7)
    assert statement(user) != before


def test_one_that_the_day_overtook_is_not_kept(monkeypatch):
    user, days = person(Role.CASE_OFFICER), iter([TODAY, TODAY + dt.timedelta(1)])
    monkeypatch.setattr(kept, "made_of", lambda user: next(days))

    def make(user):
        return "made"

    assert kept.kept(make, user) == "made"
    assert [kept.KEPT.get((make, TODAY + dt.timedelta(more))) for more in (0, 1)] == [None, None]


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.FINANCE_OFFICER])
def test_debts_stand_for_their_awards(role):
    """In the same order, with the same days; those of an interest are left out as well."""
    user = person(role)
    days = [TODAY, YESTERDAY, None, YESTERDAY]
    awards = [money.approved() for _day in days]
    away = money.approved(organisation=OrganisationFactory(county="miaoli"))
    for kind in (DeadlineKind.RETURN, DeadlineKind.OVERPAID):
        owed = zip([*awards, away], [*days, YESTERDAY], strict=True)
        Debt.objects.bulk_create(
            Debt(award=award, county=award.county, kind=kind, amount=1, held=1, due_on=day) for award, day in owed
        )
    PostFactory(user=user, role=Role.REVIEWER, valid_from=dt.date(2008, 1, 1), valid_to=dt.date(2008, 12, 31))
    Conflict.objects.create(application=awards[3].application, person=user, ground="declared", found_on=TODAY)
    found = {}
    for counted in (True, False):
        rows = arms.arms_of(anew(user), counted=counted)
        found[counted] = {queue.kind: list(arms.ordered(queue, of)) for queue, of in rows if queue.kind in OF_DEBTS}
    late = [(awards[1].pk, YESTERDAY)]
    due = [*late, (awards[0].pk, TODAY), (awards[2].pk, None)]
    kinds = ("late_return", "late_overpaid") if role == Role.CASE_OFFICER else ("back", "overpaid")
    rows = late if role == Role.CASE_OFFICER else due
    assert found[True] == found[False] == {kind: [(kind, *row) for row in rows] for kind in kinds}
    assert waiting(anew(user)).items() >= dict.fromkeys(kinds, len(rows)).items()
