"""The rows of a 結報: read again before every write, and once for a page that only reads."""

from typing import Any

from django.db.models import QuerySet

from grants.models import Award, Settlement, SettlementLine
from grants.queries import scope
from grants.queries.payments import with_terms
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lib.related import read_related
from miaoli_kaohsiung.lib.shown import mark


def award_seen(user: User, number: str, *joined: str) -> Award | None:
    """Return the award of this number `with_terms`, its case and its settlement, and what is `joined` beside, or None if
    the user may not see it.
    """
    reach = scope.reach_of(user, posts_of(user))
    return _AWARD.first(reach.compared, *joined, number=number, **scope.as_values(user, reach.places))


def _award(compared: bool, *joined: str, number: Any, person: Any, **places: Any) -> QuerySet[Any]:
    rows = Award.objects.filter(scope.awards_reached(person, compared, **places), number=number)
    case = ("application__organisation", "application__scheme", "application__programme")
    return with_terms(rows.select_related(*case, "settlement", *joined))


_AWARD = Prepared(_award)


def read_once(settlement: Settlement) -> None:
    """Fetch lines, months and the county's rulings once for this object; later reads of them take no query."""
    read_lines_once(settlement)
    read_related(settlement, "months", "voucher_rows")
    read_related(settlement.award.application.scheme, "rulings")


def read_lines_once(settlement: Settlement) -> None:
    """Fetch the lines alone in the same way."""
    if getattr(settlement, "read_lines", None) is None:
        lines = _LINES(settlement=settlement.pk)
        for line in lines:
            line.settlement = settlement
        settlement.read_lines = lines  # type: ignore[attr-defined]  # read by lines_of


_LINES = Prepared(lambda settlement: SettlementLine.objects.filter(settlement=settlement).select_related("line"))


def read_case_once(settlement: Settlement) -> None:
    """Fetch the application's lines, waivers and papers once in the same way; the law's judgement needs them."""
    read_related(settlement.award.application, "lines", "waivers", "documents")


def shown_of(settlement: Settlement, *, admitted: bool = True) -> str:
    """Return the mark of what is decided on the page: what was sent and, once finance has looked, what it admitted."""
    lines = [(line.pk, line.spent, line.admitted if admitted else None) for line in lines_of(settlement)]
    months = sorted((row.pk or 0, row.cost, row.admitted if admitted else None) for row in settlement.months.all())
    return mark(settlement.edition, settlement.submitted_on, lines, months)


def lines_of(settlement: Settlement) -> list[SettlementLine]:
    """Return the lines, each with its line of the award."""
    read = getattr(settlement, "read_lines", None)
    return list(settlement.lines.select_related("line")) if read is None else read
