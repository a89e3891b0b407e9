from types import SimpleNamespace

from grants.models import PaymentBatch
from grants.services.treasury import batches
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import money
from tests.grants.paying import approve, brought, line

from . import Route, World


def drafted(world: World) -> dict:
    """A batch of two payments that its finance officer may pay."""
    body = world.organisation
    body.bank_code, body.bank_account, body.bank_account_name = "0040037", "003700412340", body.name
    body.save()
    people = SimpleNamespace(officer=world[Role.CASE_OFFICER], head=world[Role.APPROVER])
    rows = [approve(people, money.approved(staff=people, organisation=body)) for _row in range(2)]
    batch, _left = batches.make(world[Role.FINANCE_OFFICER], [row.pk for row in rows])
    return {"pk": batch.pk}


def sent(world: World) -> dict:
    kwargs = drafted(world)
    batches.send(world[Role.FINANCE_OFFICER], PaymentBatch.objects.get(**kwargs))
    return kwargs


def listed(world: World) -> dict:
    sent(world)
    return {}


def a_row(world: World) -> dict:
    return drafted(world) | {"position": 1}


def a_row_of_what_was_sent(world: World) -> dict:
    return sent(world) | {"position": 2}


def a_file(world: World) -> dict:
    """A row of each look: one that matches, one that asks, one that differs."""
    one, two = (row.instalment for row in PaymentBatch.objects.get(**sent(world)).payments.all())
    found = brought(world[Role.FINANCE_OFFICER], line(one), line(two), line(one, "付2", amount="1"))
    return {"pk": found.pk}


def files(world: World) -> dict:
    a_file(world)
    return {}


def a_table(world: World) -> dict:
    return drafted(world) | {"extension": "ods"}


FINANCE = Role.FINANCE_OFFICER
ROUTES = {
    "grants:payment_batches": Route(shows=((FINANCE, listed), (Role.AUDITOR, listed))),
    "grants:payment_batch": Route(drafted, shows=((FINANCE, drafted), (FINANCE, sent), (Role.CASE_OFFICER, sent))),
    "grants:payment_batch_send": Route(drafted),
    "grants:payment_batch_recall": Route(sent),
    "grants:payment_batch_discard": Route(drafted),
    "grants:payment_batch_row": Route(a_row, shows=((FINANCE, a_row), (FINANCE, a_row_of_what_was_sent))),
    "grants:payment_batch_pdf": Route(drafted),
    "grants:payment_batch_table": Route(a_table),
    "grants:payment_batch_transfer": Route(sent),
    "grants:payment_imports": Route(shows=((FINANCE, files),)),
    "grants:payment_import": Route(a_file),
    "grants:payment_import_discard": Route(a_file),
}
