"""The yearly duties around each community association: the county's guidance by tier (M4.3b), and what the association
itself has to do and the county checks (M5.5a). They are recorded by `grants.services.duties.records.record`.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import OrganisationKind, OrganisationStatus
from communities.models import Organisation
from communities.queries import with_chair_term
from grants import duty_kinds
from grants.models import Duty, VisitPlan
from grants.permissions import actor_for, duty_ground, holds
from grants.rules import tasks
from grants.rules.ruleset import RuleSet
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, Who
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.notices.services import close

if TYPE_CHECKING:
    from communities.queries import OrganisationWithTerm

CHECK = actions.register("duty.check", _l("確認協會登錄的事項"))
REOPEN = actions.register("duty.reopen", _l("收回登錄，重新填寫"))
MOVE = actions.register("duty.move", _l("依規定調整期限"))
DROP = actions.register("duty.drop", _l("規定或分級改變，取消還沒到期的事項"))
# What is owed is made so long before its day, and first reminded of then.
AHEAD = dt.timedelta(days=90)
KEPT = ("held_on", "note", "figures", "file", "done_on", "done_by", "checked_on", "checked_by")


@dataclass(frozen=True)
class Yearly:
    """What a county's law asks around each association on a day: the first clause by duty, and the numbers that it names.

    A duty that another tier, another term or a ruling no longer asks for is removed while it is not due, or gets its
    new day; a duty that is due stays until it is done. What writes runs in the caller's unit of work.
    """

    county: str
    day: dt.date
    clauses: dict[str, str]
    numbers: dict[str, int]

    def places(self) -> "Iterator[OrganisationWithTerm]":
        return with_chair_term(_associations(self.county)).order_by("pk").iterator(trail.PIECE)

    def missing(self, places: "list[OrganisationWithTerm]") -> list[Duty]:
        """Return the missing duties of these that are not past yet, unsaved: this year's, and of the next year what
        associations owe within the days of the first reminder. What they have already is moved or removed.
        """
        return [row for year in self._years() for row in self._missing(places, year)]

    def of_nobody(self) -> Iterator[Duty]:
        """Return what is ahead for associations that are none any more."""
        for year in self._years():
            rows = _rows_of(self.county, year).exclude(organisation__in=_associations(self.county))
            yield from self._ahead(rows.iterator(trail.PIECE), year)

    def drop(self, rows: list[Duty]) -> int:
        """Remove what is no longer asked for; a visit that has a day stays, because the association was notified of it."""
        agreed = set(VisitPlan.objects.filter(duty__in=[row.pk for row in rows]).values_list("duty", flat=True))
        over = [row for row in rows if row.pk not in agreed]
        for row in over:
            trail.record(DROP, row, before={"key": row.key, "period": row.period, "due_on": row.due_on})
            close([f"duty:{row.pk}"])
            row.delete()
        return len(over)

    def _years(self) -> list[int]:
        return sorted({self.day.year, (self.day + AHEAD).year})

    def _missing(self, places: "list[OrganisationWithTerm]", year: int) -> Iterator[Duty]:
        rows = _rows_of(self.county, year).filter(organisation__in=places)
        known = {(row.organisation_id, row.key, row.period): row for row in rows}
        for place in places:
            for want in _of_year(place, year, self.numbers, self.day):
                found = known.pop((place.pk, want.duty.key, want.period), None)
                if found is None and want.due_on >= self.day:
                    yield _row(place, want, self.clauses[want.duty.key], self.day)
                elif found is not None and _still_ahead(found, self.day) and found.due_on != want.due_on:
                    _move(found, want.due_on)
        self.drop(list(self._ahead(known.values(), year)))

    def _ahead(self, rows: Iterable[Duty], year: int) -> Iterator[Duty]:
        return (row for row in rows if _still_ahead(row, self.day) and row.period.startswith(str(year)))


def yearly(county: str, ruleset: RuleSet, day: dt.date) -> Yearly | None:
    """Return what the law asks around each association, None if nothing."""
    clauses = {key: asked[0].id for key in duty_kinds.OF_ASSOCIATIONS if (asked := tasks.clauses_of(ruleset, key))}
    if not clauses:
        return None
    names = [name for key in clauses for name in tasks.KINDS[key].parameters]
    return Yearly(county, day, clauses, {name: ruleset.value(name, day, "lenient") for name in names})


def _of_year(
    place: "OrganisationWithTerm", year: int, numbers: dict[str, int], day: dt.date
) -> Iterator[duty_kinds.Wanted]:
    days = office_calendar.of(place.county, place.township_id or "")
    confirmed = place.profile_updated_on
    for want in duty_kinds.of_association(place.current_tier, _term_of(place), year, numbers, days, confirmed):
        if year == day.year or (want.duty.key in duty_kinds.OWED and want.due_on <= day + AHEAD):
            yield want


def check(user: User, duty: Duty) -> Duty:
    """Note that the county has checked the association's record. A second time changes nothing."""
    ground = duty_ground(duty)
    with trail.unit_of_work(actor_for(user, ground, Role.CASE_OFFICER)):
        require(holds(user, ground, Role.CASE_OFFICER))
        row = lock(Duty.objects.all(), pk=duty.pk)
        if row.checked_on is not None:
            return row
        if row.organisation_id is None or row.done_on is None:
            raise Refused(_("這一項還沒有登錄，不能確認。"))
        row.checked_on, row.checked_by = clock.today(), user
        row.save(update_fields=["checked_on", "checked_by"])
        trail.record(CHECK, row, after={"checked_on": row.checked_on})
        return row


def may_reopen(user: User, duty: Duty) -> Answer:
    """Return who may reopen a record: the officer, or the association its own record until the county has checked it. A
    record that an award rests on stays closed.
    """
    if duty.application_id is not None or duty.done_on is None:
        return deny(_("這一項不能收回。"))
    ground = duty_ground(duty)
    if holds(user, ground, Role.CASE_OFFICER):
        return ALLOW
    if duty.checked_on is not None:
        return deny(_("縣府已經確認，要更正請洽縣府承辦人。"))
    return holds(user, ground, recorders(duty_kinds.DUTIES[duty.key]))


def reopen(user: User, duty: Duty, reason: str) -> Duty:
    """Reopen the record so that it is made again. The form keeps what was written, and the trail keeps all of it."""
    ground = duty_ground(duty)
    with trail.unit_of_work(actor_for(user, ground)):
        row = lock(Duty.objects.select_related("organisation"), pk=duty.pk)
        require(may_reopen(user, row))
        if not reason.strip():
            raise Refused(_("請寫原因。"))
        before = trail.snapshot(row, *KEPT)
        row.done_on = row.done_by = row.checked_on = row.checked_by = None
        row.save(update_fields=["done_on", "done_by", "checked_on", "checked_by"])
        trail.record(REOPEN, row, before=before, after={"reason": reason.strip()})
        kind = duty_kinds.DUTIES[row.key]
        if kind.by == Role.MEMBER and holds(user, ground, Role.CASE_OFFICER):
            _ask_again(row, kind, reason.strip())
        return row


def recorders(kind: duty_kinds.Duty) -> Who:
    """Return who may record the duty. The county may also record what an association brings on paper."""
    return ASSOCIATION_OR_OFFICER if kind.scope == "association" and kind.by == Role.MEMBER else kind.by


def _ask_again(row: Duty, kind: duty_kinds.Duty, reason: str) -> None:
    subject = _("請再登錄一次：%(what)s") % {"what": kind.title}
    words = notices.Words(subject, reason, reverse("grants:duty", args=[row.pk]))
    people = holders_of(Role.MEMBER, organisation_id=row.organisation_id)
    notices.send(people, "duty.reopened", f"duty:{row.pk}", words, at_once=True)


def _associations(county: str) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(county=county, kind=OrganisationKind.COMMUNITY_ASSOCIATION)
    return rows.exclude(status=OrganisationStatus.DISSOLVED)


def _rows_of(county: str, year: int) -> QuerySet[Duty]:
    """Return all duties that may be this year's: a due day at the end of December may have moved into January."""
    rows = Duty.objects.filter(county=county, organisation__isnull=False)
    rows = rows.filter(due_on__gte=dt.date(year, 1, 1), due_on__lt=dt.date(year + 1, 2, 1))
    return rows.only("organisation", "key", "period", "due_on", "done_on")


def _still_ahead(row: Duty, day: dt.date) -> bool:
    return row.done_on is None and row.due_on > day


def _row(place: Organisation, want: duty_kinds.Wanted, clause: str, day: dt.date) -> Duty:
    return Duty(
        key=want.duty.key,
        clause=clause,
        county=place.county,
        organisation=place,
        period=want.period,
        due_on=want.due_on,
        opened_on=day,
    )


def _move(row: Duty, due_on: dt.date) -> None:
    before, row.due_on = {"due_on": row.due_on}, due_on
    row.save(update_fields=["due_on"])
    trail.record(MOVE, row, before=before, after={"due_on": due_on})


def _term_of(place: "OrganisationWithTerm") -> dt.date | None:
    """Return the last day of the chairperson's term, as the query annotated it."""
    return place.chair_until
