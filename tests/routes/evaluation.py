from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.evaluation import a_round

from . import Route, World


def round_year(world: World) -> dict:
    return {"year": a_round(opener=world[Role.CASE_OFFICER]).roc_year}


def entry(world: World) -> dict:
    opened = a_round(opener=world[Role.CASE_OFFICER])
    return {"pk": opened.entries.get(organisation=world.organisation).pk}


NOT_A_SCORER = dict.fromkeys((Role.MEMBER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR), 403)

ROUTES = {
    "evaluation:rounds": Route(),
    "evaluation:open": Route(),
    "evaluation:round": Route(round_year),
    # Nothing is scored yet, so nobody may publish.
    "evaluation:publish": Route(round_year, post_refused={Role.APPROVER: 403}),
    "evaluation:entry": Route(entry, post_refused=NOT_A_SCORER),
    "evaluation:difficulties": Route(entry),
}
