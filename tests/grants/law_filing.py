"""A law filed as data, as a county's two people bring it in; and a third county to file it for."""

import datetime as dt

from django.db import connection

from grants.models import FiledLaw, Scheme
from grants.services import law
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import County, CountyParticulars, User
from miaoli_kaohsiung.changes import services
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import township
from tests.grants.rules.filing_laws import SLUG, example

TAITUNG, TAITUNG_CITY = "taitung", "10014010"
SINCE = dt.date(2010, 6, 1)


def third_county() -> str:
    """臺東縣 with its letterhead and one township, as rows."""
    County.objects.create(slug=TAITUNG, position=3)
    row = CountyParticulars.objects.filter(county=MIAOLI).order_by("starts_on").first()
    row.pk, row.county_id, row.name, row.signatory_name = None, TAITUNG, "臺東縣", "示範丁"
    row.save()
    township(TAITUNG_CITY, "臺東市", county=TAITUNG, postal_code="950", position=1)
    counties.KEPT.forget()
    return TAITUNG


def file_law(
    county: str = MIAOLI, files: dict[str, str] | None = None, on: dt.date = SINCE, by: User | None = None
) -> FiledLaw:
    """The version that one person proposed and another confirmed."""
    officer, head = by or person(Role.CASE_OFFICER, county), person(Role.APPROVER, county)
    change = law.propose(officer, county, files or example(), on)
    services.confirm(head, change)
    return FiledLaw.objects.get(change=change)


def scheme_of_the_example() -> Scheme:
    return Scheme.objects.get(ruleset=SLUG)


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The example with something else in one of its files."""
    files = example()
    assert old in files[file]
    return {**files, file: files[file].replace(old, new, 1)}


def never_changed(row: FiledLaw) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grants_filedlaw SET slug = 'other' WHERE id = %s", [row.pk])
