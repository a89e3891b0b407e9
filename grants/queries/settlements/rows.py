"""The rows of a 結報: read again before every write, and once for a page that only reads."""

from django.db.models import Prefetch, prefetch_related_objects

from grants.models import Settlement, SettlementLine
from miaoli_kaohsiung.lib.shown import mark


def read_once(settlement: Settlement) -> None:
    """Fetch lines, months and the county's rulings once for this object; later reads of them take no query."""
    lines = Prefetch("lines", SettlementLine.objects.select_related("line"), to_attr="read_lines")
    prefetch_related_objects([settlement], lines, "months", "voucher_rows")
    prefetch_related_objects([settlement.award.application.scheme], "rulings")


def read_case_once(settlement: Settlement) -> None:
    """Fetch the application's lines and waivers once in the same way; the law's judgement needs them."""
    prefetch_related_objects([settlement.award.application], "lines", "waivers")


def shown_of(settlement: Settlement, *, admitted: bool = True) -> str:
    """Return the mark of what is decided on the page: what was sent and, once finance has looked, what it admitted."""
    lines = [(line.pk, line.spent, line.admitted if admitted else None) for line in lines_of(settlement)]
    months = sorted((row.pk or 0, row.cost, row.admitted if admitted else None) for row in settlement.months.all())
    return mark(settlement.edition, settlement.submitted_on, lines, months)


def lines_of(settlement: Settlement) -> list[SettlementLine]:
    """Return the lines, each with its line of the award."""
    read = getattr(settlement, "read_lines", None)
    return list(settlement.lines.select_related("line")) if read is None else read
