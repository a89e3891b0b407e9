"""Who proposed, who decided, who paid: every decision and payment of a time, from the trail alone, and where two steps were one
person, in one post or in two, or came from one address within a minute.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Application
from miaoli_kaohsiung.audit.models import AuditEntry

# What each step is called, in the order of the way.
PROPOSING = ("application.propose", "application.propose_refusal")
DECIDING = ("application.approve", "application.reject", "application.not_accept")
ASKING, APPROVING, PAYING = "instalment.request", "instalment.approve", "instalment.pay"
WORDS = {
    **dict.fromkeys(PROPOSING, _l("建議")),
    **dict.fromkeys(DECIDING, _l("決定")),
    ASKING: _l("請款"),
    APPROVING: _l("核付"),
    PAYING: _l("撥付"),
}
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    """One step of a decision or a payment."""

    word: str
    entry: AuditEntry

    @property
    def text(self) -> str:
        return f"{self.word}：{self.entry.who}"


@dataclass(frozen=True)
class Way:
    """A decision or a payment with its steps, and what is to be looked at."""

    final: AuditEntry
    steps: tuple[Step, ...]
    found: tuple[str, ...]

    @property
    def amount(self) -> int:
        after = self.final.after or {}
        amount = after.get("total", after.get("amount", 0))
        return amount if isinstance(amount, int) else 0

    @property
    def paid(self) -> bool:
        return self.final.action == PAYING


@dataclass(frozen=True)
class Totals:
    decisions: int
    decided: int
    payments: int
    paid: int
    found: int


def ways_of(case: Application) -> list[Way]:
    """Return the decisions and payments of one case."""
    return ways(AuditEntry.objects.filter(case=case.number), dt.date.min, dt.date.max)


def ways(entries: QuerySet[AuditEntry], since: dt.date, until: dt.date) -> list[Way]:
    """Return the decisions and payments of these days, newest first."""
    final = entries.filter(action__in=(*DECIDING, PAYING), portal_date__gte=since, portal_date__lte=until)
    rows = entries.filter(action__in=tuple(WORDS), case__in=final.values("case")).order_by("seq")
    earlier: dict[tuple[str, str], list[AuditEntry]] = defaultdict(list)
    found = []
    for row in rows:
        key = (row.object_type, row.object_id)
        earlier[key].append(row)
        if row.action in (*DECIDING, PAYING):
            steps = _steps(earlier.pop(key))
            if since <= row.portal_date <= until:
                found.append(Way(row, steps, tuple(_findings(steps))))
    return found[::-1]


def _steps(rows: Iterable[AuditEntry]) -> tuple[Step, ...]:
    """Return the last entry of each kind of step: what was taken back and done again counts as it was done last."""
    last = {str(WORDS[row.action]): row for row in rows}
    return tuple(Step(word, row) for word, row in sorted(last.items(), key=lambda pair: pair[1].seq))


def _findings(steps: tuple[Step, ...]) -> Iterable[str]:
    for one, other in combinations(steps, 2):
        pair = {"one": one.word, "other": other.word}
        if one.entry.actor_id is not None and one.entry.actor_id == other.entry.actor_id:
            if one.entry.post_label == other.entry.post_label:
                yield _("%(one)s和%(other)s是同一人") % pair
            else:
                yield _("%(one)s和%(other)s是同一人，用兩個職務") % pair
        elif _side_by_side(one.entry, other.entry):
            yield _("%(one)s和%(other)s在一分鐘內來自同一個連線位址") % pair


def _side_by_side(one: AuditEntry, other: AuditEntry) -> bool:
    mark = one.address_mark
    return bool(mark) and mark == other.address_mark and abs(other.at - one.at) <= MINUTE


def totals_of(found: Iterable[Way]) -> Totals:
    """Return how many there are, what they come to in whole NT dollars, and how many are to be looked at."""
    rows = list(found)
    paid = [way for way in rows if way.paid]
    decided = [way for way in rows if not way.paid]
    return Totals(
        len(decided),
        sum(way.amount for way in decided),
        len(paid),
        sum(way.amount for way in paid),
        sum(1 for way in rows if way.found),
    )
