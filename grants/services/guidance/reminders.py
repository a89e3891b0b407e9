"""Reminders of visits that have a day: to who goes there, and to the association."""

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse

from grants.models import VisitPlan
from grants.queries.duties import waiting
from grants.queries.guidance import visits, words_of
from grants.queries.reminders.plans import HORIZON
from grants.services.reminders.engine import Due, Source
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib.due_dates import days_left
from miaoli_kaohsiung.notices.models import Notice

SERIES = "visit."
OF = "visit"


def _due(day: dt.date) -> list[Due]:
    rows = _open().filter(on__lte=day + dt.timedelta(days=HORIZON))
    return [_due_of(row) for row in rows]


def visit_example(county: str, of: str) -> Due | None:
    """Return a visit of the county for a preview."""
    row = _open().filter(duty__county=county).first() if of == OF else None
    return _due_of(row) if row else None


def _open() -> QuerySet[VisitPlan]:
    rows = VisitPlan.objects.filter(duty__in=waiting(visits()).values("pk"))
    return rows.select_related("duty__organisation", "visitor")


def _due_of(row: VisitPlan) -> Due:
    duty = row.duty
    return Due(
        of=OF,
        county=duty.county,
        series=SERIES,
        key=f"visit:{duty.pk}",
        due_on=row.on,
        opened_on=row.planned_on,
        values=lambda stage, day: _values(row, day),
        people=lambda who: _people(row, who),
        url=lambda who: reverse("grants:duty", args=[duty.pk]),
    )


def _values(row: VisitPlan, day: dt.date) -> dict[str, str]:
    return {
        "單位": row.duty.organisation.name if row.duty.organisation else "",
        "期限": words_of(row),
        "剩餘天數": days_left(row.on, day),
        "地點": row.place or "—",
    }


def _people(row: VisitPlan, who: str) -> list[User]:
    if who == "members":
        return holders_of(Role.MEMBER, organisation_id=row.duty.organisation_id)
    return [row.visitor]


def _ended(current: QuerySet[Notice]) -> list[int]:
    open_keys = {f"visit:{duty}" for duty in _open().values_list("duty", flat=True)}
    return [pk for pk, key in current.values_list("pk", "object_key") if key not in open_keys]


VISITS = Source(SERIES, _due, _ended)
