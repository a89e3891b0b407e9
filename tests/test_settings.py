"""Production starts on what it needs and on nothing less; which headers a browser gets with every page."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError

from miaoli_kaohsiung.celery import use_only_what_is_fit_for_it
from miaoli_kaohsiung.lib.neighbours import ADDRESSES, REFUSAL
from miaoli_kaohsiung.lib.production import fit_for_production, heads_lie_elsewhere, refuse_to_start

FILE = Path(settings.BASE_DIR) / "miaoli_kaohsiung" / "settings.py"
GOOD = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "0123456789" * 5,
    "PERSONAL_DATA_KEYS": "9876543210" * 4,
    "DEBUG": "",
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgres://portal@database.example/portal?sslmode=verify-full",
    "BROKER_URL": "rediss://broker.example/0",
    "CACHE_URL": "dbcache://portal_cache",
}


@pytest.fixture
def start(monkeypatch):
    """Read the settings file anew under an environment; the settings of the tests stay as they are."""

    def read(**environ: str) -> dict[str, object]:
        for name, value in (GOOD | environ).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(FILE))

    return read


def test_production_starts_on_servers_of_its_own(start):
    values = start()
    assert (values["REFUSALS"], values["DEMO"], values["PORTAL_DATE_FILE"]) == ([], False, None)
    assert (values["SESSION_COOKIE_SECURE"], values["SECURE_SSL_REDIRECT"], values["SECURE_HSTS_SECONDS"]) == (
        True,
        True,
        31_536_000,
    )


@pytest.mark.parametrize("url", ["locmemcache://", "redis://cache.example/0", "dbcache://other"])
def test_counters_stand_in_a_table_of_their_own_whatever_the_cache_is(start, url):
    counters = start(CACHE_URL=url)["CACHES"]["default"]
    assert (counters["BACKEND"].rsplit(".", 1)[-1], counters["LOCATION"]) == ("CounterCache", "portal_counters")


@pytest.mark.parametrize(
    ("environ", "proxies"),
    [
        ({}, 0),
        ({"TRUSTED_PROXIES": "2"}, 0),
        ({"BEHIND_PROXY": "1"}, 1),
        ({"BEHIND_PROXY": "1", "TRUSTED_PROXIES": "2"}, 2),
    ],
)
def test_behind_a_proxy_the_client_is_known(start, environ, proxies):
    values = start(**environ)
    assert (values["ALLAUTH_TRUSTED_PROXY_COUNT"], "SECURE_PROXY_SSL_HEADER" in values) == (proxies, proxies > 0)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set, secret and at least 50 characters long."),
        (
            {"SECRET_KEY": "0123456789" * 4 + "123456789"},
            "SECRET_KEY must be set, secret and at least 50 characters long.",
        ),
        ({"SECRET_KEY": settings.UNSAFE_SECRET_KEY}, "SECRET_KEY must be set, secret and at least 50 characters long."),
        (
            {"SECRET_KEY": "123456789" * 6},
            "SECRET_KEY must be drawn at random: it has fewer than 10 different characters.",
        ),
        (
            {"PERSONAL_DATA_KEYS": ""},
            "PERSONAL_DATA_KEYS must be set, each at least 40 characters long and none the SECRET_KEY.",
        ),
        (
            {"PERSONAL_DATA_KEYS": f"{'9876543210' * 4},short"},
            "PERSONAL_DATA_KEYS must be set, each at least 40 characters long and none the SECRET_KEY.",
        ),
        (
            {"PERSONAL_DATA_KEYS": "0123456789" * 5},
            "PERSONAL_DATA_KEYS must be set, each at least 40 characters long and none the SECRET_KEY.",
        ),
        ({"DEBUG": "1"}, "DEBUG must be off."),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the portal's hosts."),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the portal's hosts."),
        ({"DATABASE_URL": ""}, "DATABASE_URL must point to a PostgreSQL server."),
        ({"DATABASE_URL": "sqlite:///portal.sqlite3"}, "DATABASE_URL must point to a PostgreSQL server."),
        (
            {"DATABASE_URL": f"postgres://postgres@/postgres?host={settings.BASE_DIR / 'var' / 'postgres'}"},
            "DATABASE_URL must not point to the embedded database.",
        ),
        ({"CACHE_URL": "locmemcache://"}, "CACHE_URL must be a cache that all processes share."),
        ({"CACHE_URL": "dummycache://"}, "CACHE_URL must be a cache that all processes share."),
        ({"BROKER_URL": "filesystem://"}, "BROKER_URL must point to Redis or RabbitMQ."),
        ({"BROKER_URL": "redis://broker.example/0"}, REFUSAL.format("BROKER_URL")),
    ],
)
def test_production_refuses_what_is_good_enough_for_a_trial(start, environ, sentence):
    assert start(**environ)["REFUSALS"] == [sentence]


def test_a_plain_host_is_one_that_the_operator_names(start):
    plain = {
        "BROKER_URL": "redis://broker/0",
        "DATABASE_URL": "postgres://portal@database/portal",
        "CLAMD": "scanner:3310",
    }
    names = [name for name in ADDRESSES if name in plain]
    assert start(**plain)["REFUSALS"] == [REFUSAL.format(name) for name in names]
    assert start(**plain, PLAIN_HOSTS="broker,scanner")["REFUSALS"] == [REFUSAL.format("DATABASE_URL")]
    assert start(**plain, PLAIN_HOSTS="broker,scanner,database")["REFUSALS"] == []


def test_a_secret_is_read_from_a_file_that_is_named(start, tmp_path):
    (tmp_path / "key").write_text("abcdefghij" * 6)
    assert start(SECRET_KEY_FILE=str(tmp_path / "key"))["SECRET_KEY"] == "abcdefghij" * 6
    with pytest.raises(FileNotFoundError):
        start(SECRET_KEY_FILE=str(tmp_path / "nowhere"))


def test_neither_web_nor_worker_nor_commands_start_on_a_refusal(settings):
    settings.REFUSALS = ["DEBUG must be off.", "ALLOWED_HOSTS must name the portal's hosts."]
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_to_start()
    assert [line.strip() for line in str(refusal.value).splitlines()[1:-1]] == settings.REFUSALS
    with pytest.raises(SystemExit, match="DEBUG must be off"):
        use_only_what_is_fit_for_it()
    assert [problem.msg for problem in fit_for_production()] == settings.REFUSALS


def test_all_start_where_nothing_is_refused(settings):
    assert (settings.REFUSALS, refuse_to_start(), fit_for_production()) == ([], None, [])


def test_a_head_on_the_disk_of_everything_else_is_warned_of(settings, tmp_path):
    settings.VAR_DIR, settings.AUDIT_HEADS_FILE = tmp_path, ""
    assert [warning.id for warning in heads_lie_elsewhere()] == ["portal.W001"]
    settings.AUDIT_HEADS_FILE = "/proc/elsewhere/audit_heads"
    assert heads_lie_elsewhere() == []


def test_cases_are_put_to_the_law_on_a_machine_that_is_not_set_up(tmp_path):
    """A checkout without `.env` is in production without anything that production needs."""
    unset = dict.fromkeys(["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "BROKER_URL"], "")
    done = subprocess.run(
        [sys.executable, str(FILE.parent.parent / "manage.py"), "check_cases", "-"],
        input='{"cases": []}',
        env={"PATH": os.environ["PATH"], "PORTAL_MODE": "production", **unset},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["results"]) == (0, [])


def test_production_keeps_cookies_and_connections_to_itself(start):
    values = start()
    assert (values["SESSION_COOKIE_NAME"], values["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert (values["SESSION_COOKIE_SECURE"], values["CSRF_COOKIE_SECURE"]) == (True, True)
    assert (values["SESSION_COOKIE_SAMESITE"], values["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")
    assert values.get("SESSION_COOKIE_HTTPONLY", settings.SESSION_COOKIE_HTTPONLY) is True
    assert (values["SECURE_HSTS_SECONDS"], values["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) == (31_536_000, True)
    assert values["SECURE_SSL_REDIRECT"] is True
    assert values["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


@pytest.mark.parametrize("password", ["好" * 12, " leading and trailing ", "a" * 11 + "1", "b c" * 40])
def test_passwords_may_be_long_and_of_anything_but_common_ones(password):
    validate_password(password)
    assert check_password(password, make_password(password))
    assert not check_password(password.strip() + "x", make_password(password))
    for refused in ("short 11 ch", "qwerty123456", "1Qaz2wsx3edc"):
        with pytest.raises(ValidationError):
            validate_password(refused)


@pytest.mark.parametrize(
    "password", ["kaohsiung2010!", "Miaoli-Portal-99", "社區補助社區補助1234", "苗栗縣公所0990601!!"]
)
def test_no_password_is_made_of_the_words_of_the_house(db, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert [one.code for one in refused.value.error_list] == ["password_of_the_house"]


@pytest.mark.parametrize("password", ["miaoli-purple-lamp", "community-7-lanterns", "8472-9931-5520"])
def test_a_word_of_the_house_among_others_is_no_harm(db, password):
    validate_password(password)


def test_every_secret_of_the_environment_stands_in_the_list_of_keys():
    page = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text("utf-8")
    keys = page.partition("## Keys and secrets")[2].partition("\n## ")[0]
    source = FILE.read_text("utf-8") + (FILE.parent / "lib" / "object_storage.py").read_text("utf-8")
    secret = {name for name in re.findall(r"\"([A-Z0-9_]+)\"", source) if re.search(r"_(KEYS?|SECRET|TOKEN)$", name)}
    assert len(secret) > 6
    assert sorted(name for name in secret if f"`{name}`" not in keys) == []
    assert {"DATABASE_URL", "BROKER_URL", "EMAIL_URL"} <= set(re.findall(r"`([A-Z_]+)`", keys))


@pytest.mark.parametrize(
    "address", ["/", "/accounts/login/", "/desk/", "/schemes/", "/static/css/portal.css", "/none/"]
)
def test_nothing_answers_to_trace(client, db, address):
    """What a browser sent, its cookies with it, is never sent back."""
    answer = client.generic("TRACE", address, headers={"X-Sent": "secret"})
    assert (answer.status_code, b"secret" in b"".join(answer)) == (405, False)


def test_a_mode_that_does_not_exist_is_refused(start):
    with pytest.raises(ImproperlyConfigured, match="may be production, trial or test"):
        start(PORTAL_MODE="staging")


def test_the_trial_says_so_and_lets_the_date_be_moved(start):
    values = start(PORTAL_MODE="trial")
    assert (values["DEMO"], values["DEBUG"], values["PORTAL_DATE_FILE"]) == (
        True,
        False,
        values["VAR_DIR"] / "portal_date",
    )


def test_every_page_forbids_what_it_does_not_need(client, db):
    answer = client.get("/accounts/login/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    names = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert [answer[name] for name in names] == ["nosniff", "DENY", "same-origin", "same-origin"]
