"""如果今天結報: what an award would come to by the figures that are there now, reckoned by the law's own function."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from django.utils.translation import gettext as _

from grants.enums import SUMS_PASSED
from grants.models import Award, Instalment, Settlement, SettlementLine
from grants.queries.payments import Movements, law_of, misused_amount, movements, settled
from grants.rules import catalogue, payments
from miaoli_kaohsiung.lib.money import format_amount

from .rows import lines_of


@dataclass(frozen=True)
class Compared:
    """A line as approved and as spent so far, in whole NT dollars; `own` is what the association itself bears of it,
    `counted` what the county would bear: what finance admitted, or before that what was spent within the approved.
    """

    line: SettlementLine
    approved: int
    spent: int
    own: int
    counted: int

    @property
    def left(self) -> int:
        return max(0, self.approved - self.spent)

    @property
    def name(self) -> str:
        return catalogue.items()[self.line.line.item].name


@dataclass(frozen=True)
class Deduction:
    """Why less is paid than was approved or spent, with its arithmetic and the clause ("" if the law has none)."""

    text: str
    arithmetic: str
    clause: str


@dataclass(frozen=True)
class Forecast:
    """The result of the figures so far. `own_share` is planned and reported own money, if the association plans any."""

    rows: list[Compared]
    approved: int
    spent: int
    own: int
    blanks: int
    outcome: payments.Settlement
    last: Instalment | None
    deductions: list[Deduction]
    own_share: tuple[int, int | None]

    @property
    def left(self) -> int:
        return sum(row.left for row in self.rows)


def compared(line: SettlementLine, *, judged: bool = False) -> Compared:
    spent, approved = line.spent or 0, line.line.approved
    counted = (line.admitted or 0) if judged else min(spent, approved)
    return Compared(line, approved, spent, max(0, spent - max(approved, counted)), counted)


def forecast(
    award: Award,
    settlement: Settlement | None,
    surcharge: int,
    money: Movements | None = None,
    misused: int | None = None,
) -> Forecast:
    """Return the forecast; `surcharge` is what the months add so far. Without a settlement nothing is spent yet. A page
    that has read them gives `money` and `misused`.
    """
    judged = settlement is not None and settlement.status in SUMS_PASSED
    lines = (
        lines_of(settlement)
        if settlement
        else [SettlementLine(line=line) for line in award.lines.all() if line.approved]
    )
    rows = [compared(line, judged=judged) for line in lines]
    misused = misused_amount(award) if misused is None else misused
    eligible = min(award.total, sum(row.counted for row in rows))
    outcome = settled(award, money or movements(award), eligible, surcharge, disallowed=misused)
    planned = sum(line.own_funds or 0 for line in award.application.lines.all())
    return Forecast(
        rows,
        sum(row.approved for row in rows),
        sum(row.spent for row in rows),
        sum(row.own for row in rows),
        sum(line.spent is None for line in lines),
        outcome,
        max(award.instalments.all(), key=attrgetter("number"), default=None),
        [*_of_lines(award, rows, judged=judged), *_of_the_whole(award, outcome, eligible, misused, surcharge)],
        (planned, settlement.own_funds if settlement else None),
    )


def _of_lines(award: Award, rows: list[Compared], *, judged: bool) -> Iterator[Deduction]:
    clause = law_of(award).cite("accepted_account")
    for row in rows:
        less = row.spent - row.counted
        if less <= 0:
            continue
        place = {"number": row.line.line.position, "name": row.name}
        figures = {
            "spent": format_amount(row.spent),
            "less": format_amount(less),
            "counted": format_amount(row.counted),
        }
        if judged:
            text = _("第 %(number)d 項 %(name)s：縣府剔除") % place + (
                f"（{row.line.reason}）" if row.line.reason else ""
            )
            yield Deduction(text, _("實支 %(spent)s 元 − 准予 %(counted)s 元 = %(less)s 元") % figures, clause)
        else:
            text = _("第 %(number)d 項 %(name)s：超過核定，由單位自付") % place
            yield Deduction(text, _("實支 %(spent)s 元 − 核定 %(counted)s 元 = %(less)s 元") % figures, clause)


def _of_the_whole(
    award: Award, outcome: payments.Settlement, eligible: int, misused: int, surcharge: int
) -> Iterator[Deduction]:
    law = law_of(award)
    if misused:
        params = {"eligible": format_amount(eligible), "misused": format_amount(misused)}
        yield Deduction(
            _("經縣府認定支用不當"), _("核實支出 %(eligible)s 元中扣除 %(misused)s 元") % params, law.cite("misused")
        )
    ceiling = award.total + surcharge
    if outcome.accepted < ceiling:
        params = {
            "ceiling": format_amount(ceiling),
            "borne": format_amount(outcome.accepted),
            "rest": format_amount(ceiling - outcome.accepted),
        }
        yield Deduction(
            _("沒有用到的補助不撥付，已撥的繳回"),
            _("核定 %(ceiling)s 元 − 可核銷 %(borne)s 元 = %(rest)s 元") % params,
            law.cite("refund" if outcome.refund else "accepted_account"),
        )
