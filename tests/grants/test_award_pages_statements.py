"""What the pages of an award and of its settlement ask is built once in a process, and nothing is asked twice."""

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from grants.models import Award, Debt
from grants.queries.standing import standing_of
from tests.factories.money import member

from .settling import paid_first, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(monkeypatch) -> list[type]:
    """The models of which a statement was built."""
    found, as_sql = [], SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda self, *args, **more: found.append(self.query.model) or as_sql(self, *args, **more)
    )
    return found


@pytest.mark.parametrize(("page", "most"), [("awards", 23), ("settlements", 23)])
def test_whoever_looks_again_has_no_statement_built(client, staff, award, built, page, most):
    submitted(award, 90_000, 30_000)
    client.force_login(staff.officer)
    address = f"/{page}/{award.number}/"
    for _time in range(2):
        built.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
    assert built == []
    assert len(asked) <= most
    statements = [one["sql"] for one in asked]
    assert [one for one in set(statements) if statements.count(one) > 1] == []


def test_the_page_of_a_running_award_asks_nothing_twice(client, staff, award):
    paid_first(award, staff)
    client.force_login(member(award))
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/awards/{award.number}/").status_code == 200
    statements = [one["sql"] for one in asked]
    assert [one for one in set(statements) if statements.count(one) > 1] == []


def test_what_is_owed_and_decided_is_asked_for_only_of_who_has_it(staff, award):
    body = Award.objects.get(pk=award.pk).application.organisation
    standing_of(body)
    with CaptureQueriesContext(connection) as without:
        assert standing_of(body).owing == []
    Debt.objects.create(award=award, county=award.county, kind="return", amount=10, held=10)
    with CaptureQueriesContext(connection) as owing:
        assert [row.due for row in standing_of(body).owing] == [10]
    assert len(owing) == len(without) + 1
