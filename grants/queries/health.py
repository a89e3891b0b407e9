"""What associations owe each year (M5.5a, M5.5b), and how much of it was done in time: the county's figure of a year."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from communities.models import Organisation
from grants import duty_kinds
from grants.models import Duty
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.due_dates import days_left
from miaoli_kaohsiung.lib.money import share_floor
from miaoli_kaohsiung.lib.roc_date import roc_year

# Held by its last day, whenever it was written down: the county looks at the paper before it checks the record.
IN_TIME = Q(done_on__isnull=False, held_on__lte=F("due_on"))


@dataclass(frozen=True)
class Share:
    """Of what was owed in a year and has come due or was done, how much was done in time."""

    year: int
    in_time: int
    counted: int

    @property
    def roc_year(self) -> int:
        return roc_year(self.year)

    @property
    def share(self) -> int:
        """The share in whole per cent, rounded down."""
        return share_floor(100, self.in_time, self.counted)


@dataclass(frozen=True)
class Line:
    """One thing owed: `state` is good, late, missing or ahead, `words` says so."""

    duty: Duty
    state: str
    words: str

    @property
    def title(self) -> str:
        return duty_kinds.DUTIES[self.duty.key].title

    @property
    def is_profile(self) -> bool:
        return self.duty.key == duty_kinds.PROFILE


@dataclass(frozen=True)
class Health:
    """An association's year: its `lines` in the order of their days."""

    year: int
    lines: list[Line]

    @cached_property
    def figure(self) -> Share:
        counted = [line for line in self.lines if line.state != "ahead"]
        return Share(self.year, sum(line.state == "good" for line in counted), len(counted))

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.state in ("missing", "ahead")]

    @property
    def late(self) -> int:
        return sum(line.state == "late" for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(line.state == "missing" for line in self.lines)


def owed(rows: QuerySet[Duty], year: int) -> QuerySet[Duty]:
    """Return of these duties what associations owed in a year."""
    return rows.filter(_owed_in(year))


def counted(year: int, today: dt.date) -> Q:
    """Return the filter of what of it has come due or was done already."""
    return _owed_in(year) & (Q(due_on__lt=today) | Q(done_on__isnull=False))


def _owed_in(year: int) -> Q:
    return Q(organisation__isnull=False, key__in=duty_kinds.OWED, period__startswith=str(year))


def health_of(organisation: Organisation, year: int) -> Health:
    """Return the checklist of an association's year. One query."""
    rows = owed(Duty.objects.filter(organisation=organisation), year).select_related("file")
    return Health(year, [_line(row) for row in rows.order_by("due_on", "pk")])


def years_of(organisation: Organisation) -> list[int]:
    """Return this year and those of which something was owed, the newest first."""
    rows = Duty.objects.filter(organisation=organisation, key__in=duty_kinds.OWED).order_by()
    found = {int(period[:4]) for period in rows.values_list("period", flat=True).distinct()}
    return sorted({clock.today().year} | found, reverse=True)


def last_assembly(organisation_id: int | None) -> dt.date | None:
    """Return when the association held the last assembly that it recorded."""
    rows = Duty.objects.filter(organisation=organisation_id, key="assembly", done_on__isnull=False)
    return rows.order_by("-held_on").values_list("held_on", flat=True).first()


def with_health(rows: QuerySet[Organisation], year: int) -> QuerySet[Organisation]:
    """Return of these associations those that owed something in the year, each with `owed_count`, `in_time_count`,
    `overdue_count` and `next_due`, the day of what is still open. Each figure reads the association's own duties, for the
    rows that are shown alone; `sums_of` adds up all.
    """
    of_year = owed(Duty.objects.filter(organisation=OuterRef("pk")), year)
    due, done = Q(due_on__lt=clock.today()), Q(done_on__isnull=False)
    return rows.filter(Exists(of_year)).annotate(
        owed_count=_of(of_year, Count("pk", filter=done | due)),
        in_time_count=_of(of_year, Count("pk", filter=IN_TIME)),
        overdue_count=_of(of_year, Count("pk", filter=~done & due)),
        next_due=_of(of_year, Min("due_on", filter=~done)),
    )


def _of(duties: QuerySet[Duty], figure: Count | Min) -> Subquery:
    return Subquery(duties.order_by().values("organisation").annotate(figure=figure).values("figure"))


def sums_of(rows: QuerySet[Organisation], year: int) -> dict[str, int]:
    """Return how many of `with_health` these are (`bodies`) and the sums of its counts, read from the duties at once."""
    duties = owed(Duty.objects.filter(organisation__in=rows.order_by().values("pk")), year)
    due, done = Q(due_on__lt=clock.today()), Q(done_on__isnull=False)
    return duties.aggregate(
        bodies=Count("organisation", distinct=True),
        owed_count=Count("pk", filter=done | due),
        in_time_count=Count("pk", filter=IN_TIME),
        overdue_count=Count("pk", filter=~done & due),
    )


def _line(row: Duty) -> Line:
    if row.done_on is None:
        missing = row.due_on < clock.today()
        return Line(row, "missing" if missing else "ahead", _("還沒辦，%s") % days_left(row.due_on, clock.today()))
    assert row.held_on is not None, "the table sees to it"
    if row.held_on <= row.due_on:
        return Line(row, "good", _("按時"))
    return Line(row, "late", _("晚了 %d 天") % (row.held_on - row.due_on).days)
