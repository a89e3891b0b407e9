"""Registry and directory find the rows of a page by their keys and read of them what they show."""

import csv
import io

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from communities.enums import Tier
from communities.models import OfficeTerm, Organisation
from communities.queries import waiting
from communities.services.organisations import load_townships
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lists.pages import PER_PAGE
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import QISHAN, YUANLI, OrganisationFactory

from .test_directory_map import decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    load_townships()
    return person(Role.CASE_OFFICER, KAOHSIUNG)


def bodies(count: int) -> list[str]:
    """So many bodies of Kaohsiung, the last of which comes first, and one of Miaoli; the names of Kaohsiung's in order."""
    rows = [OrganisationFactory.build(name=f"{9999 - n}社區發展協會", township_id=QISHAN) for n in range(count)]
    for row in rows:
        row.county, row.folded_name = KAOHSIUNG, row.name
    Organisation.objects.bulk_create(rows)
    OrganisationFactory(name="苗栗縣苑裡鎮山柑社區發展協會", county=MIAOLI, township_id=YUANLI)
    return sorted(row.name for row in rows)


@pytest.mark.parametrize(
    "address", ["/registry/", "/registry/?sort=-chair_until", "/registry/?page=2", "/communities/"]
)
def test_no_whole_record_is_built(client, officer, address):
    bodies(PER_PAGE + 2)
    client.force_login(officer)
    built = []

    def note(instance, **_rest: object) -> None:
        built.append(instance)

    post_init.connect(note, sender=Organisation)
    try:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
    finally:
        post_init.disconnect(note, sender=Organisation)
    assert built == []
    assert not [one["sql"] for one in asked if '"communities_organisation"."purpose"' in one["sql"]]


def rows_asked_for(client, address: str) -> tuple[list[str], str]:
    """What a page sends, and the statement of its rows."""
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    sent = [one["sql"] for one in asked]
    (rows,) = [sql for sql in sent if '"communities_organisation"."name" AS "name"' in sql]
    return sent, rows


def test_the_rows_of_a_page_are_found_by_their_keys(client, officer):
    bodies(PER_PAGE + 2)
    client.force_login(officer)
    _sent, rows = rows_asked_for(client, "/communities/?page=2")
    keys = rows.partition(" IN (SELECT ")[2]
    assert keys.partition(" FROM ")[0].endswith('."id" AS "pk"')
    assert "LIMIT 15" in keys
    sent, rows = rows_asked_for(client, "/registry/")
    keys = 'SELECT "communities_organisation"."id" AS "pk" FROM "communities_organisation"'
    assert [f"LIMIT {PER_PAGE}" in sql for sql in sent if sql.startswith(keys) and "ORDER BY" in sql] == [True]
    assert rows.partition('"communities_organisation"."id" IN (')[2].partition(")")[0].count(",") == PER_PAGE - 1


def names(client, address: str) -> list[str]:
    return [row.record["name"] for row in client.get(address).context["list"].table.paginated_rows]


def test_the_registry_opens_with_the_first_rows_and_goes_on_behind_them(client, officer):
    wanted = bodies(PER_PAGE + 2)
    client.force_login(officer)
    assert names(client, "/registry/") == wanted[:PER_PAGE]
    assert names(client, "/registry/?page=2") == wanted[PER_PAGE:]
    assert names(client, "/registry/?sort=-name") == wanted[::-1][:PER_PAGE]
    assert client.get("/registry/").context["list"].table.counted == PER_PAGE + 2


def test_a_file_has_the_rows_of_all_pages(client, officer):
    wanted = bodies(PER_PAGE + 2)
    client.force_login(officer)
    answer = client.post("/registry/", {"export": "csv"})
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == wanted


def test_a_tier_of_a_year_stands_in_the_row(client, officer):
    bodies(1)
    body = Organisation.objects.get(county=KAOHSIUNG)
    Organisation.objects.filter(pk=body.pk).update(current_tier=Tier.BASIC, current_tier_year=2010)
    decided(body, 2009, Tier.EXCELLENT)
    client.force_login(officer)
    assert "<td" in (page := client.get("/registry/?tier_year=2009").content.decode())
    assert (">績優型</td>" in page, "分級（98年）" in page) == (True, True)
    assert ">基本型（99年）</td>" in client.get("/registry/").content.decode()


def test_the_directory_goes_by_township_and_name(client, officer):
    wanted = bodies(17)
    pages = [client.get("/communities/", {"county": KAOHSIUNG, "page": page}).content.decode() for page in (1, 2)]
    shown = [[name for name in wanted if escape(name) in page] for page in pages]
    assert shown == [wanted[:15], wanted[15:]]


def test_what_is_counted_above_the_registry_is_built_once_and_asked_each_time(officer, monkeypatch):
    (name,) = bodies(1)
    body, counted = Organisation.objects.get(name=name), []

    def counts() -> tuple[int, int]:
        return waiting.expiring_terms([KAOHSIUNG]), waiting.count_tier_proposals(User.objects.get(pk=officer.pk))

    assert counts() == (0, 0)
    decided(body, 2009, Tier.BASIC, status="proposed")
    as_sql = SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler,
        "as_sql",
        lambda self, *args, **more: counted.append(self.query.model) or as_sql(self, *args, **more),
    )
    assert counts() == (0, 1)
    assert set(counted) == {User}


def test_of_the_registry_only_the_rows_and_their_number_are_built_anew(client, officer, monkeypatch):
    bodies(1)
    client.force_login(officer)
    client.get("/registry/")
    built, as_sql = [], SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda self, *args, **more: built.append(self.query.model) or as_sql(self, *args, **more)
    )
    client.get("/registry/")
    # The rows with their keys and two looks at the terms of office, and how many there are.
    assert (built.count(OfficeTerm), set(built)) == (2, {Organisation, OfficeTerm})
