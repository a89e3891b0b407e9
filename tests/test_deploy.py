"""The files for servers call what there is: commands, options, variables."""

import re
from pathlib import Path

import pytest
from celery.bin.celery import celery
from django.core.management import get_commands, load_command_class
from gunicorn.config import KNOWN_SETTINGS

ROOT = Path(__file__).parent.parent
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.*"))
STARTED = [
    (unit.name, line.partition("=")[2].removeprefix("/opt/portal/.venv/bin/").split())
    for unit in UNITS
    for line in unit.read_text("utf-8").splitlines()
    if line.startswith("ExecStart=")
]


def flags(words):
    return [word for word in words if word.startswith("-")]


@pytest.mark.parametrize(("unit", "words"), STARTED, ids=[f"{unit}-{n}" for n, (unit, _) in enumerate(STARTED)])
def test_each_service_starts_what_there_is(unit, words):
    program, *rest = words
    if program == "gunicorn":
        known = {flag for setting in KNOWN_SETTINGS for flag in setting.cli or ()}
        assert rest[0] == "miaoli_kaohsiung.wsgi"
    elif program == "celery":
        known = {
            option for each in (celery, celery.commands[rest[2]]) for param in each.params for option in param.opts
        }
    else:
        assert rest[0] == "manage.py"
        command = load_command_class(get_commands()[rest[1]], rest[1])
        parser = command.create_parser("manage.py", rest[1])
        parser.parse_args(rest[2:])
        return
    assert set(flags(rest)) <= known


def test_every_timer_has_its_service_and_every_single_run_its_timer():
    names = {unit.name for unit in UNITS}
    timed = {name.removesuffix(".timer") for name in names if name.endswith(".timer")}
    single = {unit.stem for unit in UNITS if "Type=oneshot" in unit.read_text("utf-8")}
    assert timed == single
    assert {name.removesuffix(".service") for name in names if name.endswith(".service")} - timed == {
        "portal-web",
        "portal-worker",
        "portal-beat",
        "portal-backup-stream",
    }


def test_the_environment_names_variables_that_the_readme_explains():
    named = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text("utf-8"), re.MULTILINE)
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text("utf-8")))
    assert set(named) - explained == set()
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "BROKER_URL"} <= set(named)


def test_the_proxy_passes_on_what_the_portal_reads():
    text = (ROOT / "deploy" / "nginx" / "portal.conf").read_text("utf-8").partition("location / {")[2]
    assert re.findall(r"proxy_set_header (\S+) (\S+);", text)[1:] == [
        ("Host", "$host"),
        ("X-Forwarded-Proto", "$scheme"),
        ("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
    ]
