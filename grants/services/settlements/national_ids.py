"""The numbers of people on rosters at rest: deleted after their term, and sealed anew when the key was changed."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _l

from grants.enums import SettlementStatus
from grants.models import RosterRow, Settlement
from grants.rules import withholding
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import sealed

FORGET = actions.register("settlement.numbers_forget", _l("刪除逾期的身分證字號"))
RESEAL = actions.register("settlement.numbers_reseal", _l("以新金鑰重新加密身分證字號"))


def last_year_over(day: dt.date) -> int:
    """Return the newest year of payments whose term is over on the day."""
    years, _source = withholding.numbers_kept(day)
    return day.year - years - 1


def forget(day: dt.date) -> int:
    """Delete the numbers of payments whose term is over, of accepted accounts alone; return how many rows. The name, the
    pay and what was kept back stay. Runs with the daily jobs.
    """
    over = _with_a_number().filter(
        voucher__issued_on__year__lte=last_year_over(day), voucher__settlement__status=SettlementStatus.ACCEPTED
    )
    with trail.unit_of_work(Actor.daily()):
        return sum(_noted(FORGET, row, _without(rows)) for row, rows in _by_account(over))


def reseal(by: Actor) -> int:
    """Seal every number under the first key and mark it anew; return how many. Can be repeated at any time."""
    with trail.unit_of_work(by):
        return sum(_noted(RESEAL, row, _sealed_anew(rows)) for row, rows in _by_account(_with_a_number()))


def _by_account(found: QuerySet[RosterRow]) -> Iterator[tuple[Settlement, QuerySet[RosterRow]]]:
    for row in Settlement.objects.filter(voucher_rows__people__in=found).distinct().order_by("pk"):
        yield row, found.filter(voucher__settlement=row).order_by("pk")


def _noted(action: str, settlement: Settlement, people: int) -> int:
    trail.record(action, settlement, after={"people": people}, case=settlement.number)
    return people


def _without(rows: QuerySet[RosterRow]) -> int:
    return RosterRow.objects.filter(pk__in=rows).update(sealed_id="", id_mark="")


def _sealed_anew(rows: QuerySet[RosterRow]) -> int:
    held = list(rows.select_for_update(of=("self",)))
    for row in held:
        number = row.national_id
        row.sealed_id, row.id_mark = sealed.seal(number), sealed.mark_of(number)
    RosterRow.objects.bulk_update(held, ["sealed_id", "id_mark"])
    return len(held)


def _with_a_number() -> QuerySet[RosterRow]:
    return RosterRow.objects.exclude(sealed_id="")
