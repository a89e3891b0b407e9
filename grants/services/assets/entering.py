"""Equipment enters the register when the account that bought it is accepted, and leaves it when the acceptance is taken back."""

from django.utils.translation import gettext_lazy as _l

from grants.models import PropertyItem, Settlement, SettlementLine, Voucher
from grants.queries.assets import EQUIPMENT
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock

ENTER = actions.register("property.enter", _l("登入財產清冊"))
WITHDRAW = actions.register("property.withdraw", _l("財產隨核銷撤回"))


def enter(settlement: Settlement) -> list[PropertyItem]:
    """Enter what was admitted under equipment: a row a voucher, or one for a line without vouchers. Within the unit of
    work that accepts the account.
    """
    lines = settlement.lines.filter(line__item=EQUIPMENT, admitted__gt=0).select_related("line")
    made = [_entered(settlement, line, voucher) for line in lines for voucher in _vouchers(line)]
    for row in made:
        trail.record(ENTER, row, after={"name": row.name, "amount": row.amount})
    return made


def withdraw(settlement: Settlement) -> None:
    """Take out of the register what the account had entered. Within the unit of work that reverses the acceptance."""
    for row in PropertyItem.objects.filter(award=settlement.award, withdrawn_on=None):
        row.withdrawn_on = clock.today()
        row.save(update_fields=["withdrawn_on"])
        trail.record(WITHDRAW, row, before={"name": row.name, "amount": row.amount})


def _vouchers(line: SettlementLine) -> list[Voucher | None]:
    return list(line.voucher_rows.filter(admitted__gt=0)) or ([] if line.voucher_rows.exists() else [None])


def _entered(settlement: Settlement, line: SettlementLine, voucher: Voucher | None) -> PropertyItem:
    """Return the row of a voucher; one that an earlier acceptance entered keeps its number, place and keeper."""
    award = settlement.award
    bought = {
        "name": (voucher and voucher.purpose) or line.line.description or award.application.title[:120],
        "amount": (voucher and voucher.admitted) or line.admitted,
        "acquired_on": voucher.issued_on if voucher else settlement.completed_on or award.ends_on,
        "withdrawn_on": None,
    }
    count = PropertyItem.objects.filter(award=award).count()
    row, _is_new = PropertyItem.objects.update_or_create(
        line=line,
        voucher=voucher.position if voucher else 0,
        defaults=bought,
        create_defaults={
            **bought,
            "organisation": award.application.organisation,
            "award": award,
            "number": f"{award.number}-{count + 1:02d}",
        },
    )
    return row
