import datetime as dt

from communities.services import volunteers
from miaoli_kaohsiung.accounts.enums import Role

from . import Route, World


def a_team(world: World) -> dict:
    """With somebody in it."""
    made = volunteers.found_team(
        world[Role.MEMBER],
        world.organisation,
        name="楓香志工隊",
        work="送餐",
        insured_by="示範保險",
        insured_from=dt.date(2010, 1, 1),
        insured_until=dt.date(2010, 12, 31),
    )
    volunteers.join(world[Role.MEMBER], made, ["王示範"], dt.date(2007, 1, 1))
    return {"pk": world.organisation.pk, "team": made.pk}


def a_body(world: World) -> dict:
    return {"pk": a_team(world)["pk"]}


def a_month(world: World) -> dict:
    return a_team(world) | {"year": 2010, "month": 6}


def a_volunteer(world: World) -> dict:
    made = a_team(world)
    return {"pk": made["pk"], "volunteer": world.organisation.volunteer_teams.get().volunteers.get().pk}


def a_door(world: World) -> dict:
    a_team(world)
    return {"code": world.organisation.volunteer_teams.get().door_code}


ROUTES = {
    "communities:volunteers": Route(a_body),
    "communities:volunteer-team-new": Route(a_body),
    "communities:volunteer-team": Route(a_team),
    "communities:volunteer-team-edit": Route(a_team),
    "communities:volunteer-month": Route(a_month),
    "communities:volunteer": Route(a_volunteer),
    "communities:volunteer-door-sheet": Route(a_team),
    "communities:volunteer-door": Route(a_door),
    "communities:volunteer-totals": Route(),
    "communities:volunteer-townships": Route(),
}
