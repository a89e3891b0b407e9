from grants.services.audit.sampling import draw_sample
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories import money
from tests.grants.sampling import plan_of

from . import Route, World
from .letters import issued
from .reviews import received


def entry(world: World) -> dict:
    number = received(world)["number"]
    return {"seq": AuditEntry.objects.filter(case=number).latest("seq").seq}


def filing(world: World) -> dict:
    return {"number": received(world)["number"], "filing": 1}


def sample(world: World) -> dict:
    award = money.approved(staff=money.county())
    return {"pk": draw_sample(world[Role.AUDITOR], plan_of(award)).pk}


ROUTES = {
    "grants:audit": Route(),
    "grants:audit_entry": Route(entry),
    "grants:audit_four_eyes": Route(),
    "grants:audit_case": Route(received),
    "grants:audit_bundle": Route(received),
    "grants:audit_samples": Route(),
    "grants:audit_sample": Route(sample),
    "grants:audit_sample_sheets": Route(sample),
    "grants:audit_seals": Route(),
    "grants:audit_verify": Route(),
    "grants:proofs": Route(),
    "grants:proof_heads": Route(),
    "grants:filing_proof": Route(filing),
    "grants:letter_proof": Route(issued),
}
