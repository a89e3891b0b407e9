from grants.services.calendar import closures
from grants.services.calendar.closures import Declared
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person

from . import Route, World


def year(world: World) -> dict:
    return {"county": "kaohsiung", "year": 2010}


def county(world: World) -> dict:
    return {"county": "kaohsiung"}


def closure(world: World) -> dict:
    """Declared by somebody else than the people of the world."""
    declared = Declared("kaohsiung", clock.today(), (), "凡那比颱風")
    return {"pk": closures.declare(person(Role.CASE_OFFICER), declared)[0].pk}


ROUTES = {
    # Which days are off is no secret: everybody with an account reads every county's calendar.
    "grants:calendar_home": Route(),
    "grants:office_calendar": Route(year, shared=True),
    "grants:calendar_day": Route(year, shared=True),
    "grants:calendar_import": Route(year, shared=True),
    "grants:closure_new": Route(county, shared=True),
    "grants:closure": Route(closure),
    "grants:closure_seen": Route(closure),
    "grants:closure_take_back": Route(closure),
}
