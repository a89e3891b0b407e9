"""The counties: their names and the heads of their letters, by day, as the rows of CountyParticulars say. No other module
has their names.

Each process keeps the rows for some seconds. Letters ask with `refresh` first, so that none goes out under an old head.
"""

import datetime as dt

from django.apps import apps

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.kept import Kept

from .filed_counties import filed
from .particulars import Known, Particulars, from_row


def _read() -> Known:
    # By its name: the choices of the models' columns come from here.
    rows = apps.get_model("accounts", "CountyParticulars").objects.order_by("county__position", "county", "starts_on")
    found: Known = {}
    for row in rows:
        found[row.county_id] = (*found.get(row.county_id, ()), from_row(row))
    return found


# While the database does not answer, the page of an error still says whom to call.
KEPT = Kept(_read, otherwise=filed)


def load_filed() -> None:
    """Make rows of the counties of the files that have none yet: after a migration, or after a test or a reset has emptied
    the tables.
    """
    county_model = apps.get_model("accounts", "County")
    row_model = apps.get_model("accounts", "CountyParticulars")
    present = set(county_model.objects.values_list("slug", flat=True))
    for place, (slug, rows) in enumerate(filed().items(), 1):
        if slug in present:
            continue
        county = county_model.objects.create(slug=slug, position=place)
        row_model.objects.bulk_create(
            row_model(county=county, **{name: value for name, value in vars(row).items() if name != "signature"})
            for row in rows
        )
    KEPT.forget_on_commit()


def refresh() -> None:
    """Read the rows now, for what is about to be printed."""
    KEPT.read_now()


def slugs() -> list[str]:
    """Return the counties that run this portal, in the order in which they came."""
    return list(KEPT.get())


def choices() -> list[tuple[str, str]]:
    """Return slug and today's name of each county, for a column or a field of a form."""
    today = clock.today()
    return [(slug, _on(rows, today).name) for slug, rows in KEPT.get().items()]


def particulars(county: str, on: dt.date) -> Particulars:
    """Return the particulars in force on a day; before the first ones, the first."""
    return _on(KEPT.get()[county], on)


def _on(rows: tuple[Particulars, ...], day: dt.date) -> Particulars:
    return next((row for row in reversed(rows) if row.starts_on <= day), rows[0])


def history(county: str) -> tuple[Particulars, ...]:
    """Return all particulars of the county, the oldest first."""
    return KEPT.get()[county]


def names_of(county: str) -> tuple[str, ...]:
    """Return every name that the county ever had, the oldest first."""
    return tuple(dict.fromkeys(row.name for row in KEPT.get()[county]))


def former_names(county: str, on: dt.date) -> tuple[str, ...]:
    """Return every name that the county had before the one of the day, the oldest first."""
    now = name_of(county, on)
    return tuple(dict.fromkeys(row.name for row in KEPT.get()[county] if row.starts_on <= on and row.name != now))


def name_of(county: str, on: dt.date) -> str:
    """Return the county's name on a day: 高雄縣, from 2010-12-25 on 高雄市."""
    return particulars(county, on).name


def office_of(county: str, on: dt.date) -> str:
    """Return the name of the county's government on a day: 高雄縣政府."""
    return particulars(county, on).office
