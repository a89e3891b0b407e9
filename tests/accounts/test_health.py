import pytest
from django.db import DatabaseError, connection


def test_alive_needs_no_database(client):
    assert client.get("/livez").content == b"ok"


@pytest.mark.django_db
def test_ready_asks_the_database(client, monkeypatch):
    assert client.get("/readyz").content == b"ok"

    def gone(*args):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", gone)
    assert client.get("/readyz").status_code == 503


def test_browsers_find_the_icon_where_they_look_for_it(client):
    assert client.get("/favicon.ico")["Location"] == "/static/img/icon.svg"
