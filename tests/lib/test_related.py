"""What points to a row is held as Django's own prefetching holds it."""

import pytest
from django.db.models import prefetch_related_objects
from django.db.models.sql.compiler import SQLCompiler

from grants.models import Application
from miaoli_kaohsiung.lib.related import read_related
from tests.factories.communities import OrganisationFactory, chair_of
from tests.grants.filing import add_line, ready_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    body = OrganisationFactory()
    chair = chair_of(body)
    case = ready_case(body, chair)
    add_line(chair, case, "printing", requested=3_000, description="海報")
    return case


def test_the_rows_are_those_that_prefetching_holds(case, django_assert_num_queries):
    mine, djangos = (Application.objects.get(pk=case.pk) for _ in range(2))
    with django_assert_num_queries(2):
        read_related(mine, "lines", "documents")
    prefetch_related_objects([djangos], "lines", "documents")
    with django_assert_num_queries(0):
        assert list(mine.lines.all()) == list(djangos.lines.all()) != []
        assert list(mine.documents.all()) == list(djangos.documents.all()) != []
        assert {line.application for line in mine.lines.all()} == {mine}


def test_what_is_joined_is_read_with_it(case, django_assert_num_queries):
    row = Application.objects.get(pk=case.pk)
    with django_assert_num_queries(1):
        read_related(row, "documents", joined=("file",))
        assert all(paper.file.sha256 for paper in row.documents.all())


def test_what_was_read_before_is_not_read_again(case, django_assert_num_queries):
    row = Application.objects.get(pk=case.pk)
    prefetch_related_objects([row], "lines")
    with django_assert_num_queries(0):
        read_related(row, "lines")


def test_narrower_questions_are_those_of_this_row(case):
    ready_case(other := OrganisationFactory(), chair_of(other))
    row = Application.objects.get(pk=case.pk)
    read_related(row, "lines")
    assert {line.application_id for line in row.lines.filter(requested__gt=0)} == {case.pk}


def test_its_statement_is_built_once(case, monkeypatch):
    built, as_sql = [], SQLCompiler.as_sql
    read_related(Application.objects.get(pk=case.pk), "lines", "justifications")
    rows = [Application.objects.get(pk=case.pk) for _ in range(2)]
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda self, *args, **more: built.append(1) or as_sql(self, *args, **more)
    )
    for row in rows:
        read_related(row, "lines", "justifications")
    assert built == []
