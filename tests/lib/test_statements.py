"""A statement that is made once answers as its query does, and what it finds is as it is now."""

import pytest
from django.db.models import Q, Sum

from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.lib.statements import Statement
from tests.factories.accounts import PostFactory

pytestmark = pytest.mark.django_db


def test_rows_have_their_names_and_types():
    first, second = PostFactory(organisation_id=3), PostFactory(organisation_id=4)
    rows = Post.objects.order_by("pk").values("pk", "valid_from").annotate(sum=Sum("organisation_id"))
    statement = Statement.of(rows)
    assert list(statement.named()) == list(rows)
    assert [(row, type(row[2])) for row in statement.rows()] == [
        ((post.pk, post.valid_from, number), int) for post, number in ((first, 3), (second, 4))
    ]


def test_what_it_finds_is_asked_for_each_time():
    statement = Statement.of(Post.objects.values_list("county"))
    assert statement.rows() == []
    PostFactory()
    assert statement.rows() == [("kaohsiung",)]


def test_a_union_and_a_query_that_can_find_nothing():
    post = PostFactory()
    rows = Post.objects.values_list("role", "pk")
    assert Statement.of(rows.union(rows, all=True)).rows() == [(post.role, post.pk)] * 2
    nothing = Statement.of(rows.filter(Q(pk__in=[])))
    assert (nothing.sql, nothing.rows(), list(nothing.named())) == ("", [], [])
