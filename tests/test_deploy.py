"""The files for servers call what there is: commands, options, variables."""

import json
import re
from pathlib import Path

import pytest
import yaml
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


COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose" / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "deploy" / "compose" / "Dockerfile").read_text("utf-8")
STARTED += [
    (f"compose-{name}", service["command"])
    for name, service in COMPOSE["services"].items()
    if service["image"] == "portal" and name not in ("web", "migrate")
]
STARTED += [("Dockerfile", json.loads(DOCKERFILE.rpartition("CMD ")[2]))]
STARTED += [
    ("compose-migrate", command.split()) for command in COMPOSE["services"]["migrate"]["command"][-1].split(" && ")
]


def flags(words):
    return [word.partition("=")[0] for word in words if word.startswith("-")]


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
    # Whoever brings a new release starts this one.
    assert single - timed == {"portal-migrate"}
    assert {name.removesuffix(".service") for name in names if name.endswith(".service")} - timed - {
        "portal-migrate"
    } == {
        "portal-web",
        "portal-worker",
        "portal-beat",
        "portal-backup-stream",
    }


def test_the_environment_names_variables_that_the_readme_explains():
    named = re.findall(r"^(?:# )?([A-Z0-9_]+)=", (ROOT / "deploy" / "env.example").read_text("utf-8"), re.MULTILINE)
    explained = set(re.findall(r"`([A-Z0-9_]+)`", (ROOT / "README.md").read_text("utf-8")))
    assert set(named) - explained == set()
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "BROKER_URL"} <= set(named)


def test_every_sealed_secret_is_opened_where_the_portal_reads_it():
    text = (ROOT / "deploy" / "systemd" / "credentials" / "credentials.conf").read_text("utf-8")
    opened = re.findall(r"^LoadCredentialEncrypted=(\w+):/etc/portal/credentials/(\w+)$", text, re.MULTILINE)
    assert opened == [(name, name) for name in ("SECRET_KEY", "PERSONAL_DATA_KEYS", "DATABASE_URL", "BROKER_URL")]
    assert re.findall(r"^Environment=(\w+)_FILE=%d/(\w+)$", text, re.MULTILINE) == opened


def test_what_compose_sets_and_asks_for_is_explained():
    """Each variable of the portal in the compose file and its example stands in the README; nothing of production is missing."""
    example = (ROOT / "deploy" / "compose" / "env.example").read_text("utf-8")
    bucket = yaml.safe_load((ROOT / "deploy" / "compose" / "objects.yaml").read_text("utf-8"))["x-bucket"][
        "environment"
    ]
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) | {*COMPOSE["x-portal"]["environment"], *bucket}
    explained = set(re.findall(r"`([A-Z0-9_]+)`", (ROOT / "README.md").read_text("utf-8")))
    assert named - explained == set()
    assert {"SECRET_KEY", "PERSONAL_DATA_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "BROKER_URL", "BEHIND_PROXY"} <= named


def test_web_and_worker_share_nothing_but_the_services_and_their_files():
    services = COMPOSE["services"]
    assert set(services) == {"migrate", "web", "worker", "beat", "proxy", "database", "broker", "scanner"}
    for name in ("web", "worker", "beat"):
        assert services[name]["read_only"], name
        assert services[name]["volumes"] == ["portal:/var/lib/portal", "heads:/srv/portal-heads"], name
        assert "ports" not in services[name], name
    surroundings = COMPOSE["x-portal"]["environment"]
    assert surroundings["DATABASE_URL"].startswith("postgres://portal_service:")
    assert surroundings["DATABASE_URL"].endswith("@database/portal")
    assert surroundings["BROKER_URL"].startswith("redis://broker:")
    assert surroundings["CLAMD"].startswith("scanner:")
    assert all(service["logging"]["options"]["max-file"] for service in services.values())


def test_the_owner_of_the_tables_stands_where_they_are_migrated_and_nowhere_else():
    given = {
        name: service["environment"]["DATABASE_URL"].partition(":$")[0]
        for name, service in COMPOSE["services"].items()
        if service["image"] == "portal"
    }
    serving = dict.fromkeys(("web", "worker", "beat"), "postgres://portal_service")
    assert given == serving | {"migrate": "postgres://portal"}
    units = {unit.name: unit.read_text("utf-8") for unit in UNITS}
    assert [name for name, text in units.items() if "owner.env" in text] == ["portal-migrate.service"]
    read = re.findall(r"^EnvironmentFile=(.*)$", units["portal-migrate.service"], re.MULTILINE)
    # What stands in the last one counts.
    assert read == ["/etc/portal/env", "/etc/portal/owner.env"]
    addresses = [
        re.findall(r"^DATABASE_URL=postgres://(\w+):", (ROOT / "deploy" / name).read_text("utf-8"), re.MULTILINE)
        for name in ("env.example", "owner.env.example")
    ]
    assert addresses == [["portal_service"], ["portal"]]
    made = (ROOT / "deploy" / "compose" / "service-role.sh").read_text("utf-8")
    assert "CREATE ROLE portal_service LOGIN PASSWORD :'password';" in made


def test_the_image_is_built_from_hashes_alone():
    installing = [line for line in DOCKERFILE.splitlines() if "pip install" in line]
    assert len(installing) == 1
    assert "--require-hashes -r requirements-hashes.txt && npm ci" in installing[0]
    kept_out = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".env", "var", "tests"} <= set(kept_out)
    copied = re.findall(r"^COPY (requirements\S+ .*) \./$", DOCKERFILE, re.MULTILINE)[0].split()
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("folder", ["nginx", "compose"])
def test_the_proxy_finds_the_portal(folder):
    assert (ROOT / "deploy" / folder / "upstream.conf").read_text("utf-8").startswith("upstream portal {\n")


def test_the_proxy_passes_on_what_the_portal_reads():
    text = (ROOT / "deploy" / "nginx" / "portal.conf").read_text("utf-8").partition("location / {")[2]
    assert re.findall(r"proxy_set_header (\S+) (\S+);", text)[1:] == [
        ("Host", "$host"),
        ("X-Forwarded-Proto", "$scheme"),
        ("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
    ]


def test_both_ways_to_run_a_database_set_what_the_operations_ask_for():
    wanted = {
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
        "jit": "off",
    }
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert [name for name, value in wanted.items() if f"{name} = {value}" not in text] == []
    patroni = yaml.safe_load((ROOT / "deploy" / "failover" / "patroni.yml").read_text("utf-8"))
    servers = {
        "compose": dict(word.split("=") for word in COMPOSE["services"]["database"]["command"] if "=" in word),
        "patroni": patroni["bootstrap"]["dcs"]["postgresql"]["parameters"],
    }
    for name, given in servers.items():
        assert {key: str(given[key]) for key in wanted} == wanted, name
