"""A prepared statement asks the database each time and answers as the queryset would."""

import threading

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from grants.models import SchemeTerms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.lib.prepared import Prepared
from tests.factories.accounts import UserFactory, person
from tests.factories.grants import SchemeFactory, terms_of

pytestmark = pytest.mark.django_db


def posts_by_role(roles: tuple[str, ...], user: int) -> QuerySet[Post]:
    return Post.objects.filter(user_id=user, role__in=roles).select_related("user")


def test_it_answers_as_the_queryset_does_with_what_it_joins(django_assert_num_queries):
    one, other = person(Role.APPROVER), person(Role.APPROVER)
    prepared = Prepared(posts_by_role)
    for user in (one, other):
        with django_assert_num_queries(1):
            rows = prepared((Role.APPROVER,), user=user.pk)
            assert [(row.user_id, row.user.username) for row in rows] == [(user.pk, user.username)]
        assert rows == list(posts_by_role((Role.APPROVER,), user.pk))


def test_what_changed_since_is_seen():
    user = UserFactory()
    prepared = Prepared(lambda key: User.objects.filter(pk=key).values_list("display_name", flat=True))
    User.objects.filter(pk=user.pk).update(display_name="先前")
    before = prepared(key=user.pk)
    User.objects.filter(pk=user.pk).update(display_name="後來")
    assert (before, prepared(key=user.pk)) == (["先前"], ["後來"])


def test_the_statement_is_built_once_for_each_shape(monkeypatch):
    built = []
    as_sql = SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda self, *args, **more: built.append(1) or as_sql(self, *args, **more)
    )
    prepared = Prepared(posts_by_role)
    for roles in ((Role.APPROVER,), (Role.APPROVER, Role.AUDITOR)):
        for user in (1, 2, 3):
            prepared(roles, user=user)
    assert len(built) == 2


def test_a_tuple_is_as_many_values_and_each_length_has_its_statement():
    users = [UserFactory() for _turn in range(3)]
    prepared = Prepared(lambda keys: User.objects.filter(pk__in=keys).order_by("pk"))
    keys = tuple(user.pk for user in users)
    assert [prepared(keys=keys[:number]) for number in range(4)] == [users[:number] for number in range(4)]


def test_columns_are_made_into_python_as_ever():
    term = terms_of(SchemeFactory(), papers=[{"code": "x", "name": "計畫書"}])
    prepared = Prepared(lambda key: SchemeTerms.objects.filter(pk=key))
    assert [(row.papers, row.starts_on) for row in prepared(key=term.pk)] == [(term.papers, term.starts_on)]


def test_a_shape_that_can_find_nothing_asks_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Prepared(posts_by_role)((), user=1) == []


def test_a_value_is_a_value_whatever_stands_in_it():
    prepared = Prepared(lambda name: User.objects.filter(username=name))
    UserFactory(username="somebody")
    assert prepared.first(name="x' OR '1'='1") is None
    assert prepared.first(name="somebody").username == "somebody"


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection():
    prepared = Prepared(lambda key: User.objects.filter(pk=key))
    user = UserFactory()
    assert prepared(key=user.pk) == [user]
    seen = []

    def ask() -> None:
        with connection.execute_wrapper(lambda execute, *args: seen.append(1) or execute(*args)):
            seen.extend(prepared(key=user.pk))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert seen == [1, user]
