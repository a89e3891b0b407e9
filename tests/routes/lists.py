from grants.services.desk import bulk
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lists.bulk import services

from . import Route, World
from .applications import a_filed_case

# A run is shown to whoever chose its rows.
ANOTHERS = {role: 404 for role in Role if role != Role.CASE_OFFICER}


def a_chosen_run(world: World) -> dict:
    case = a_filed_case(world)
    return {"pk": services.choose(world[Role.CASE_OFFICER], bulk.RECEIVE, [case.pk], "/desk/receive/").pk}


def a_finished_run(world: World) -> dict:
    kwargs = a_chosen_run(world)
    run = world[Role.CASE_OFFICER].bulk_runs.get()
    services.confirm(world[Role.CASE_OFFICER], run, {})
    services.work_pending()
    return kwargs


def seen_runs(world: World) -> dict:
    a_finished_run(world)
    return {}


ROUTES = {
    "lists:bulk_runs": Route(shows=((Role.CASE_OFFICER, seen_runs),)),
    "lists:bulk_run": Route(a_chosen_run, refused=ANOTHERS, shows=((Role.CASE_OFFICER, a_finished_run),)),
}
