from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.models import Award, Instalment
from grants.services.payments import instalments
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import money
from tests.factories.accounts import person
from tests.files import samples

from . import Route, World


def an_award(world: World) -> Award:
    people = SimpleNamespace(officer=world[Role.CASE_OFFICER], head=world[Role.APPROVER])
    return money.approved(staff=people, organisation=world.organisation)


def award(world: World) -> dict:
    return {"number": an_award(world).number}


def first_instalment(world: World) -> dict:
    return {"number": an_award(world).number, "n": 1}


def requested(world: World) -> dict:
    row = an_award(world).instalments.get(number=1)
    upload = SimpleUploadedFile("領據.pdf", samples.pdf())
    instalments.request_payment(world[Role.MEMBER], row, receipt_number="旗示字第1號", receipt=upload)
    return {"number": row.award.number, "n": 1}


def ready_to_pay(world: World) -> dict:
    kwargs = requested(world)
    instalments.approve_payment(world[Role.APPROVER], Instalment.objects.get(award__number=kwargs["number"], number=1))
    return kwargs


def paid(world: World) -> dict:
    """The first payment, as its cashier sees it; another one paid it."""
    kwargs = ready_to_pay(world)
    row = Instalment.objects.get(award__number=kwargs["number"], number=1)
    instalments.pay(person(Role.FINANCE_OFFICER), row, voucher_number=kwargs["number"])
    return {"number": kwargs["number"], "pk": row.entries.get().pk}


def paid_part(world: World) -> dict:
    return {"number": paid(world)["number"], "n": 1}


def ledger(world: World) -> dict:
    return {"number": paid(world)["number"]}


def something_paid(world: World) -> dict:
    paid(world)
    return {}


ROUTES = {
    # Each sees the own county.
    "grants:county_dashboard": Route(shared=True),
    "grants:money_overview": Route(shows=((Role.FINANCE_OFFICER, something_paid),)),
    "grants:award_ledger": Route(award, shows=((Role.FINANCE_OFFICER, ledger),)),
    "grants:entry_correct": Route(paid),
    "grants:instalment_overpaid": Route(paid_part),
    "grants:award_regained": Route(ledger),
    "grants:award_detail": Route(award),
    "grants:payment_list": Route(),
    "grants:instalment_request": Route(first_instalment),
    # The first instalment waits for its receipt, so that nothing is there to return, to approve or to pay.
    "grants:instalment_return": Route(
        first_instalment, refused={Role.CASE_OFFICER: 403}, shows=((Role.CASE_OFFICER, requested),)
    ),
    "grants:instalment_approve": Route(
        first_instalment, refused={Role.CASE_OFFICER: 403, Role.APPROVER: 403}, shows=((Role.CASE_OFFICER, requested),)
    ),
    "grants:instalment_pay": Route(
        first_instalment, refused={Role.FINANCE_OFFICER: 403}, shows=((Role.FINANCE_OFFICER, ready_to_pay),)
    ),
    "grants:instalment_withdraw": Route(
        first_instalment,
        refused=dict.fromkeys((Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER), 403),
        shows=((Role.FINANCE_OFFICER, ready_to_pay),),
    ),
    "grants:passbook_file": Route(first_instalment, refused=dict.fromkeys(Role, 404)),
    "grants:receipt_pdf": Route(first_instalment),
    "grants:receipt_file": Route(first_instalment, refused=dict.fromkeys(Role, 404)),
}
