"""Which addresses are encrypted, on this machine, or neither."""

import pytest

from miaoli_kaohsiung.lib.neighbours import in_plain


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("", False),
        ("postgres:///portal", False),
        ("postgres://postgres@/portal?host=/run/postgresql", False),
        ("postgres://portal@127.0.0.1:6432/portal", False),
        ("postgres://portal@[::1]/portal", False),
        ("postgres://portal@database.example/portal", True),
        ("postgres:///portal?host=database.example", True),
        ("postgres://portal@127.0.0.1.example/portal", True),
        ("postgres://portal@database.example/portal?sslmode=require", True),
        ("postgres://portal@database.example/portal?sslmode=verify-ca", True),
        ("postgres://portal@database.example/portal?sslmode=verify-full", False),
        ("postgres://portal@database.example/portal?sslmode=verify-full&sslmode=disable", True),
        ("redis://localhost:6379/0", False),
        ("redis://broker.example/0", True),
        ("rediss://broker.example/0", False),
        ("amqp://broker.example//", True),
        ("amqps://broker.example//", False),
        ("dbcache://portal_cache", False),
        ("smtp://mail.example:25", True),
        ("smtp+tls://USER:PASSWORD@mail.example:587", False),
        ("/run/clamav/clamd.ctl", False),
        ("127.0.0.1:3310", False),
        ("scanner.example:3310", True),
        ("http://127.0.0.1:4318/v1/traces", False),
        ("http://objects.example", True),
        ("https://objects.example", False),
    ],
)
def test_what_is_in_plain(address, plain):
    assert in_plain({"THIS": address}, []) == ["THIS"] * plain


def test_hosts_that_the_operator_answers_for():
    both = {"BROKER_URL": "redis://broker/0", "DATABASE_URL": "postgres://portal@database/portal"}
    assert in_plain(both, ["broker"]) == ["DATABASE_URL"]
    assert in_plain(both, ["broker", "database"]) == []
