"""What the page of a case asks of the database, and that Django builds none of it anew for the next reader."""

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.models import Application
from miaoli_kaohsiung.accounts.models import User
from tests.factories import money
from tests.factories.communities import member_of
from tests.factories.grants import terms_of

pytestmark = pytest.mark.django_db


def asked(client, monkeypatch, user: User, case: Application) -> tuple[list[str], list[str]]:
    """Return the statements that the page sends, and those that Django put together for it."""
    client.force_login(user)
    # The first page of a session writes when it began.
    client.get(reverse("help"))
    built: list[str] = []
    as_sql = SQLCompiler.as_sql

    def noted(self: SQLCompiler, *args: object, **more: object) -> object:
        statement = as_sql(self, *args, **more)
        built.append(statement[0])
        return statement

    with monkeypatch.context() as watched, CaptureQueriesContext(connection) as seen:
        watched.setattr(SQLCompiler, "as_sql", noted)
        page = client.get(reverse("grants:application_detail", args=[case.number]))
    assert (page.status_code, case.title in page.content.decode()) == (200, True)
    return [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))], built


def test_the_page_of_an_approved_case(client, monkeypatch):
    staff = money.county()
    other, case = (money.approved(staff=staff).application for _turn in range(2))
    Application.objects.update(filed_under=terms_of(case.scheme))
    for user in (staff.officer, member_of(other.organisation)):
        asked(client, monkeypatch, user, other)
    people = {"officer": staff.officer, "head": staff.head, "member": member_of(case.organisation)}
    found = {name: asked(client, monkeypatch, user, case) for name, user in people.items()}
    assert {name: len(sent) for name, (sent, _built) in found.items()} == {"officer": 19, "head": 20, "member": 14}
    # Whether it is being decided anew is asked for each head's move.
    assert {name: len(built) for name, (_sent, built) in found.items()} == {"officer": 0, "head": 1, "member": 0}
