"""Looking at low-risk settlements by samples: the county's rule by two people, and admitting at once what was not drawn."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Settlement
from grants.queries.settlements.sampling import NAME, SamplingRule, made_of, rule_of, sampled
from grants.workflow import settlements
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.money import format_amount

from .locks import locked

AT_ONCE = actions.register("settlement.vouchers_at_once", _l("未抽中，一次核完單據"))


def propose(user: User, county: str, wish: services.Wish) -> Change:
    """Keep the rule until another person confirms it; its values are those of a `SamplingRule`. Raises Refused, of
    `changes.services`.
    """
    before = values(rule_of(county, clock.today()))
    return services.propose(user, KIND, wish.proposal(county, county, str(KIND.label), before))


def values(rule: SamplingRule | None) -> dict[str, Any]:
    """Return the rule as the data of a change; nothing for none."""
    return {"percent": rule.percent, "up_to": rule.up_to, "seed": rule.seed} if rule else {}


def admit_all(user: User, settlement: Settlement) -> int:
    """Admit every voucher that nobody looked at, of a settlement that was not drawn; return how many. Raises Refused."""
    with locked(user, settlement, Role.FINANCE_OFFICER) as row:
        require(settlements.TABLE.answer(row, "check_sums", user))
        found = sampled(row)
        if found is None or found.whole:
            raise Refused(_("這一案要逐張核對單據。"))
        vouchers = list(row.voucher_rows.filter(admitted__isnull=True))
        for voucher in vouchers:
            voucher.admitted = voucher.amount
            voucher.save(update_fields=["admitted"])
        after = {"vouchers": [voucher.position for voucher in vouchers], "words": found.words, "seed": found.rule.seed}
        trail.record(AT_ONCE, row, after=after, case=row.number)
        return len(vouchers)


def _rows(change: Change) -> list[Row]:
    before, after = made_of(change.before), made_of(change.data)
    shown = [(_("抽查比例"), _percent), (_("低風險的核定金額"), _most), (_("種子"), _seed)]
    return [Row(label, words(before), words(after)) for label, words in shown]


def _percent(rule: SamplingRule | None) -> str:
    return _("%(percent)d%%") % {"percent": rule.percent} if rule else _("全部逐張核對")


def _most(rule: SamplingRule | None) -> str:
    return _("%(most)s 元以下") % {"most": format_amount(rule.up_to)} if rule else "—"


def _seed(rule: SamplingRule | None) -> str:
    return rule.seed if rule else "—"


KIND = register(
    Kind(
        name=NAME,
        label=_l("結報抽查的規定"),
        proposers=MONEY_KEEPERS,
        confirmers=MONEY_KEEPERS,
        rows=_rows,
        apply=services.begin,
        page=lambda change: reverse("grants:sampling", args=[change.county]),
        current=lambda change: values(rule_of(change.county, clock.today())),
    )
)
