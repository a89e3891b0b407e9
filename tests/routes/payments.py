from types import SimpleNamespace

from grants.models import Award
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import money

from . import Route, World


def an_award(world: World) -> Award:
    people = SimpleNamespace(officer=world[Role.CASE_OFFICER], head=world[Role.APPROVER])
    return money.approved(staff=people, organisation=world.organisation)


def award(world: World) -> dict:
    return {"number": an_award(world).number}


def first_instalment(world: World) -> dict:
    return {"number": an_award(world).number, "n": 1}


ROUTES = {
    "grants:award_detail": Route(award),
    "grants:payment_list": Route(),
    "grants:instalment_request": Route(first_instalment),
    # The first instalment waits for its receipt, so that nothing is there to return, to approve or to pay.
    "grants:instalment_return": Route(first_instalment, refused={Role.CASE_OFFICER: 403}),
    "grants:instalment_approve": Route(first_instalment, refused={Role.CASE_OFFICER: 403, Role.APPROVER: 403}),
    "grants:instalment_pay": Route(first_instalment, refused={Role.FINANCE_OFFICER: 403}),
    "grants:receipt_pdf": Route(first_instalment),
    "grants:receipt_file": Route(first_instalment, refused=dict.fromkeys(Role, 404)),
}
