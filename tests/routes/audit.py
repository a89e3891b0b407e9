from miaoli_kaohsiung.audit.models import AuditEntry

from . import Route, World
from .reviews import received


def entry(world: World) -> dict:
    number = received(world)["number"]
    return {"seq": AuditEntry.objects.filter(case=number).latest("seq").seq}


ROUTES = {
    "grants:audit": Route(),
    "grants:audit_entry": Route(entry),
    "grants:audit_seals": Route(),
    "grants:audit_verify": Route(),
}
