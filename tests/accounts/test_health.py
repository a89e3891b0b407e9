import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection

from miaoli_kaohsiung.accounts import readiness
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import notify
from tests.factories.accounts import UserFactory


def test_alive_needs_no_database(client):
    assert client.get("/livez").content == b"ok"


READY = {
    "database": "ok",
    "migrations": "ok",
    # Tests make their tables themselves; that of the serving role is tests/lib/test_rights.py.
    "role": "too many rights",
    "disk": "ok",
    "broker": "ok",
    "outbox": "ok",
    "fonts": "ok",
    "calendar": "ok",
    "scanner": "not configured",
}


@pytest.fixture(autouse=True)
def _anew():
    readiness.forget()
    yield
    readiness.forget()


def asked(client, **fails) -> tuple[int, dict[str, str]]:
    """The status and what differs from a portal in order."""
    readiness.forget()
    answer = client.get("/readyz")
    assert answer.json()["ready"] is (answer.status_code == 200)
    return answer.status_code, {name: said for name, said in answer.json()["checks"].items() if said != READY[name]}


@pytest.mark.django_db
def test_ready_looks_at_everything(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert asked(client) == (200, {})


@pytest.mark.django_db
def test_without_the_database_it_is_not_ready(client, monkeypatch):
    def gone(*args):
        raise DatabaseError("connection to db.example as portal failed: password")

    monkeypatch.setattr(connection, "cursor", gone)
    status, differs = asked(client)
    assert (status, differs["database"], "example" in str(differs)) == (503, "down", False)


@pytest.mark.django_db
def test_without_a_migration_it_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'files' AND name LIKE '0002%'")
    assert asked(client) == (503, {"migrations": "missing"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("free", "status", "said"), [(readiness.FULL - 1, 503, "full"), (readiness.FULL, 200, "tight")]
)
def test_a_full_disk_takes_nothing_in(client, monkeypatch, free, status, said):
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    assert asked(client) == (status, {"disk": said})


@pytest.mark.django_db
def test_what_is_not_needed_is_said_only(client, settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    settings.CLAMD = "127.0.0.1:9"
    monkeypatch.setattr(readiness.pdf, "problems", lambda: [("a font", "apt")])
    assert asked(client) == (200, {"broker": "down", "fonts": "missing", "scanner": "down"})


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "said"), [(10, {}), (11, {"outbox": "late"})])
def test_the_oldest_row_of_the_outbox(client, minutes, said):
    with clock.travel(clock.today()):
        notify(UserFactory(), "x", "y", clock.today(), "主旨", "內容")
    Notice.objects.update(next_attempt_at=clock.now() - dt.timedelta(minutes=minutes) + dt.timedelta(seconds=1))
    assert asked(client) == (200, said)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "said"), [((2027, 9, 30), "not yet"), ((2027, 10, 1), "missing")])
def test_the_calendar_of_next_year(client, day, said):
    with clock.travel(dt.date(*day)):
        assert asked(client) == (200, {"calendar": said})


@pytest.mark.django_db
def test_whoever_asks_again_at_once_costs_nothing(client, django_assert_num_queries):
    readiness.forget()
    client.get("/readyz")
    with django_assert_num_queries(0):
        client.get("/readyz")


def test_browsers_find_the_icon_where_they_look_for_it(client):
    assert client.get("/favicon.ico")["Location"] == "/static/img/icon.svg"
