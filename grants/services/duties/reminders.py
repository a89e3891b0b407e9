"""Reminders of duties, to whoever does them; when and in which words stands in the county's table of reminders."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from grants import duty_kinds
from grants.models import Duty
from grants.queries.duties import waiting
from grants.queries.law.pages import label_of, law_with
from grants.queries.reminders.plans import HORIZON, Stage
from grants.services import notices
from grants.services.reminders.engine import Due, Source
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib.due_dates import days_left, reckoned
from miaoli_kaohsiung.notices.models import Notice

SERIES = "duty."
VISIT = "guidance"
# A notice of several visits names at most so many associations.
NAMED = 20
# What an association owes each year (M5.5a, M5.5b).
RELATED = ("application__organisation", "organisation", "award")
# Columns for the search, long and not read here.
UNREAD = ("application__search",)
_YEARLY = Q(organisation__isnull=False, key__in=duty_kinds.OWED)


def _due(day: dt.date) -> Iterator[Due]:
    """Yield what may be due among the open duties. Visits of a county on the same day count as one."""
    rows = waiting(Duty.objects.filter(due_on__lte=day + dt.timedelta(days=HORIZON)))
    visits: dict[tuple[str, dt.date], list[Duty]] = {}
    # A visit with a day of its own is reminded of by that day (services/guidance).
    rows = rows.exclude(key=VISIT, visit__on__gte=day, visit__on__lte=F("due_on"))
    for row in rows.exclude(key=VISIT).select_related(*RELATED).defer(*UNREAD).order_by("pk").iterator(trail.PIECE):
        yield _due_of(row)
    for row in rows.filter(key=VISIT).select_related("organisation"):
        visits.setdefault((row.county, row.due_on), []).append(row)
    for (county, due_on), there in visits.items():
        yield _due_of_visits(county, due_on, there)


def example(county: str, of: str) -> Due | None:
    """Return a duty of the county for a preview, or a day's visits: open ones if there are any, the latest due."""
    rows = Duty.objects.filter(county=county).order_by(F("done_on").desc(nulls_first=True), "-due_on", "-pk")
    rows = rows.select_related("application__organisation", "organisation", "award")
    if of in ("duty", "yearly"):
        rows = rows.filter(_YEARLY) if of == "yearly" else rows.exclude(_YEARLY | Q(key=VISIT))
        return _due_of(row) if (row := rows.first()) else None
    if of != "visits" or (first := rows.filter(key=VISIT).first()) is None:
        return None
    return _due_of_visits(county, first.due_on, list(rows.filter(key=VISIT, due_on=first.due_on)))


def _due_of(row: Duty) -> Due:
    return Due(
        of="yearly" if row.organisation_id and row.key in duty_kinds.OWED else "duty",
        county=row.county,
        series=SERIES,
        key=f"duty:{row.pk}",
        due_on=row.due_on,
        opened_on=row.opened_on,
        values=lambda stage, day: _values(row, day),
        people=lambda who: _people(row),
        url=lambda who: reverse("grants:duty", args=[row.pk]),
        case_number=row.application.number if row.application else "",
    )


def _due_of_visits(county: str, due_on: dt.date, rows: list[Duty]) -> Due:
    return Due(
        of="visits",
        county=county,
        series=SERIES,
        key=f"visits:{county}:{due_on}",
        due_on=due_on,
        opened_on=min(row.opened_on for row in rows),
        values=lambda stage, day: _values_of_visits(rows, stage, day),
        people=lambda who: holders_of(Role.APPROVER if who == "approvers" else Role.CASE_OFFICER, county=county),
        url=lambda who: reverse("grants:duty_communities") + f"?kind={VISIT}",
    )


def _values(row: Duty, day: dt.date) -> dict[str, str]:
    kind, case = duty_kinds.DUTIES[row.key], row.application
    about = f"{case.number} {case.organisation.name}" if case else ""
    about = row.organisation.name if row.organisation else about or row.title
    return {
        "事項": kind.title,
        "說明": row.invitation or str(kind.text),
        "對象": f"：{about}" if about else "",
        "案號": case.number if case else "",
        "期限": reckoned(row.due_on, row.county),
        "剩餘天數": days_left(row.due_on, day),
        "條文": _clause(row),
    }


def _people(row: Duty) -> list[User]:
    """Return whoever does the duty; an event concerns both sides."""
    kind = duty_kinds.DUTIES[row.key]
    if row.organisation_id and kind.by == Role.MEMBER:
        return holders_of(Role.MEMBER, organisation_id=row.organisation_id)
    if kind.scope == "event":
        return [*notices.members(row.case), *notices.officers(row.case)]
    if kind.by == Role.MEMBER:
        return notices.members(row.case)
    return holders_of(Role.CASE_OFFICER, county=row.county)


def _values_of_visits(rows: list[Duty], stage: Stage, day: dt.date) -> dict[str, str]:
    """Return how many visits were open when the stage came, and where."""
    there = [row for row in rows if row.opened_on <= stage.on]
    return {
        "件數": str(len(there)),
        "名單": "、".join(row.organisation.name for row in there[:NAMED] if row.organisation),
        "期限": reckoned(rows[0].due_on, rows[0].county),
        "剩餘天數": days_left(rows[0].due_on, day),
    }


def _clause(row: Duty) -> str:
    law = law_with(row.clause)
    return label_of(row.clause, law) if law else row.clause


def _ended(current: QuerySet[Notice]) -> Iterator[int]:
    """Yield the ids of notices whose duty is no longer open. The notice of an announced occasion stays to be read. There are
    as many as associations have duties, so no more than a piece of them is held.
    """
    visits = waiting(Duty.objects.filter(key=VISIT)).order_by().values_list("county", "due_on").distinct()
    announced = {f"visits:{county}:{due_on}" for county, due_on in visits}
    asked = current.exclude(kind="duty.occasion").values_list("pk", "object_key").iterator(trail.PIECE)
    while some := list(islice(asked, trail.PIECE)):
        numbers = [key.partition(":")[2] for _pk, key in some if key.startswith("duty:")]
        keys = {f"duty:{pk}" for pk in waiting(Duty.objects.filter(pk__in=numbers)).values_list("pk", flat=True)}
        yield from (pk for pk, key in some if key not in keys | announced)


SOURCE = Source(SERIES, _due, _ended)
