"""The register of personal data: nothing personal without purpose, ground, term and end; shown to everybody."""

import inspect
import re
import tomllib

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from grants.rules import withholding
from grants.services import daily
from miaoli_kaohsiung.accounts import sweeping, tasks
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.privacy import register
from miaoli_kaohsiung.privacy.register import End
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of

HELD = [pytest.param(held, id=f"{held.label}-{held.names[0]}") for held in register.every()]


def test_every_file_says_all_that_the_notice_must_say():
    left = {
        file.code: [name for name, value in vars(file).items() if not value]
        for file in register.files()
        if not all(vars(file).values())
    }
    assert (len(register.files()), left) == (12, {})


def test_every_ground_names_the_law():
    assert [file.code for file in register.files() if "個人資料保護法第15條" not in file.ground] == []


@pytest.mark.parametrize("held", HELD)
def test_the_columns_are_there(held):
    names = {field.name for field in apps.get_model(held.label)._meta.concrete_fields}
    assert set(held.names) <= names
    assert held.words


def test_nothing_is_named_in_english():
    words = {held.title for held in register.every()} | {
        register.word_of(held.label, name) for held in register.every() for name in held.names
    }
    assert sorted(word for word in words if re.fullmatch(r"[\x00-\x7f]+", word)) == ["LINE"]


def test_every_word_of_the_register_is_needed():
    held = {one.label for one in register.every()} | {
        f"{one.label}.{name}" for one in register.every() for name in one.names
    }
    assert set(tomllib.loads(register.FILE.read_text(encoding="utf-8"))["words"]) - held == set()


def test_no_column_stands_twice():
    columns = [(held.label, name) for held in register.every() for name in held.names]
    assert sorted({column for column in columns if columns.count(column) > 1}) == []


def test_no_column_is_personal_and_not():
    other = {(label, name) for label, names in register.otherwise().items() for name in names}
    assert other & {(held.label, name) for held in register.every() for name in held.names} == set()


@pytest.mark.parametrize("term", list(register.terms().values()), ids=lambda term: term.code)
def test_every_term_has_its_end(term):
    assert term.words
    assert bool(term.why) == (term.end == End.KEEP)
    assert bool(term.job) == (term.end == End.JOB)
    assert (term.number > 0) or term.end == End.KEEP or term.code == "session"


def test_every_term_is_used():
    assert set(register.terms()) - {held.term.code for held in register.every()} == set()


def test_every_job_runs_by_itself():
    sources = inspect.getsource(daily) + inspect.getsource(tasks)
    for term in register.terms().values():
        if term.end == End.JOB:
            assert callable(import_string(term.job))
            module, _dot, name = term.job.rpartition(".")
            assert f"{module.rpartition('.')[2]}.{name}(" in sources or f"{name}()" in sources, term.job


def test_the_terms_are_those_of_the_jobs():
    terms = register.terms()
    assert terms["national_id"].number == withholding.numbers_kept(clock.today())[0]
    assert terms["notice"].words == f"看過或辦結滿{sweeping.NOTICE_DAYS}日"


@pytest.mark.django_db
def test_everybody_reads_the_notice(client):
    page = client.get(reverse("privacy:notice")).content.decode()
    for file in register.files():
        assert f'id="{file.code}"' in page
        assert file.without in page
    assert "個人資料保護法第3條、第8條" in page
    assert reverse("privacy:notice") in client.get("/").content.decode()


@pytest.mark.django_db
def test_the_notice_leads_nobody_to_a_page_that_refuses_them(client):
    def leads() -> bool:
        return reverse("privacy:fields") in client.get(reverse("privacy:notice")).content.decode()

    assert leads()
    client.force_login(person(Role.CASE_OFFICER))
    assert leads()
    client.force_login(member_of(OrganisationFactory()))
    assert not leads()


@pytest.mark.django_db
def test_staff_read_every_column(client):
    client.force_login(person(Role.CASE_OFFICER))
    page = client.get(reverse("privacy:fields")).content.decode()
    assert "領款人" in page
    assert page.count("列入銷毀清冊") == sum(held.term.end == End.LIST for held in register.every())


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CASE_OFFICER, Role.AUDITOR])
def test_the_register_links_only_what_opens(client, role):
    client.force_login(person(role))
    page = client.get(reverse("privacy:fields")).content.decode()
    for address in map(reverse, ("privacy:disposals", "privacy:copy")):
        assert (f'href="{address}"' in page) == (client.get(address).status_code == 200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "file"),
    [("communities:account-request", "requests"), ("communities:registration", "requests")],
)
def test_the_notice_stands_where_data_are_asked_for(client, address, file):
    assert f"{reverse('privacy:notice')}#{file}" in client.get(reverse(address)).content.decode()


# What a column is called that holds a key, a number of identity or a bank account.
DELICATE = re.compile(r"password|pass_code|sealed_\w+|\w*_mark|code_hash|session_key|\w*token\w*|bank_account")


def test_every_class_of_data_stands_in_the_operators_guide():
    guide = (settings.BASE_DIR / "docs" / "operations.md").read_text("utf-8")
    section = guide.partition("## Classes of data")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d) [^|]+ \|(.+)\|$", section, re.MULTILINE)
    assert [(number, len(cells.split("|"))) for number, cells in rows] == [(str(number), 5) for number in range(1, 7)]
    named = set(re.findall(r"`([\w.]+)`", section))
    columns = [(model.__name__, field.name) for model in apps.get_models() for field in model._meta.concrete_fields]
    delicate = {(model, name) for model, name in columns if DELICATE.fullmatch(name)}
    assert {(model, name) for model, name in delicate if not named & {f"{model}.{name}", name}} == set()
