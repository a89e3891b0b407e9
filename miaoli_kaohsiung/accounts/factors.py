"""Seeds of second factors at rest: those of authenticator apps and of recovery codes, sealed as numbers of people are."""

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import sealed

RESEAL = actions.register("account.factors_reseal", "以新金鑰重新加密兩步驟驗證")
# What django-allauth keeps in `data` that would let somebody make codes.
SECRETS = ("secret", "seed")


def opened(text: str) -> str:
    """Return a seed; one that an earlier release kept in the clear is taken as it is. Raises sealed.KeyGoneError."""
    return sealed.unseal(text) if sealed.looks_sealed(text) else text


def reseal(by: Actor) -> int:
    """Seal every seed under the first key; return how many. Can be repeated at any time."""
    return _seal(by, Authenticator.objects.all())


def seal_clear() -> int:
    """Seal what is not sealed yet; return how many. Runs each night."""
    clear = [row.pk for row in Authenticator.objects.all() if _is_clear(row)]
    return _seal(Actor.system("accounts.sweep"), Authenticator.objects.filter(pk__in=clear)) if clear else 0


def _is_clear(row: Authenticator) -> bool:
    return any(name in row.data and not sealed.looks_sealed(row.data[name]) for name in SECRETS)


def _seal(by: Actor, rows: QuerySet[Authenticator]) -> int:
    count = 0
    with trail.unit_of_work(by):
        for row in rows.select_for_update().order_by("pk"):
            found = {name: sealed.seal(opened(row.data[name])) for name in SECRETS if name in row.data}
            if found:
                row.data |= found
                row.save(update_fields=["data"])
                trail.record(RESEAL, row.user, after={"kind": row.type})
                count += 1
    return count
