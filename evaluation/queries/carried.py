"""What the record says already at an indicator: what the association owed in the round's year and when it was done."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation.defaults import RECORDS
from evaluation.enums import Dimension
from evaluation.models import Entry, Indicator
from evaluation.rules import STEP
from grants.queries.health import Line, health_of
from miaoli_kaohsiung.lib.roc_date import format_roc


@dataclass(frozen=True)
class Carried:
    """An indicator with the lines of the association's year that say something of it; nothing that is still ahead."""

    indicator: Indicator
    lines: list[Line]

    @property
    def dimension(self) -> str:
        return str(Dimension(self.indicator.dimension).label)

    @property
    def in_time(self) -> int:
        return sum(line.state == "good" for line in self.lines)

    @property
    def points(self) -> Decimal:
        """The indicator's points by the share that was done in time, down to the half point."""
        steps = self.indicator.points * self.in_time / (STEP * len(self.lines))
        return int(steps) * STEP

    @property
    def words(self) -> str:
        return "；".join(_said(line) for line in self.lines)


def carried_of(entry: Entry) -> dict[int, Carried]:
    """Return by indicator what the record says of it; a county's own indicators have nothing. Two queries."""
    lines = [line for line in health_of(entry.organisation, entry.round.year).lines if line.state != "ahead"]
    found = {}
    for indicator in entry.round.indicators.all():
        keys = RECORDS.get(indicator.name, ())
        own = [line for line in lines if line.duty.key in keys]
        if own:
            found[indicator.pk] = Carried(indicator, own)
    return found


def _said(line: Line) -> str:
    if line.duty.held_on is None:
        return _("%(title)s%(words)s") % {"title": line.title, "words": line.words}
    params = {"title": line.title, "day": format_roc(line.duty.held_on), "words": line.words}
    return _("%(title)s %(day)s（%(words)s）") % params
