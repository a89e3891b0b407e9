"""Reminders of duties, to whoever does them: three days before the due day, and the day after."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grants import duty_kinds
from grants.models import Duty
from grants.queries.duties import waiting
from grants.queries.law.pages import label_of, law_with
from grants.services import notices
from grants.services.notices import Words
from grants.services.reminders.engine import Due, Message, Source
from grants.services.reminders.stages import Plan, Stage
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.notices.models import Notice

SERIES = "duty."
PLAN = Plan(duty_kinds.REMINDERS)
VISIT = "guidance"
# A notice of several visits names at most so many associations.
NAMED = 20


def _due(day: dt.date) -> list[Due]:
    """Return what may be due among the open duties. Visits of a county on the same day count as one."""
    rows = waiting(Duty.objects.filter(due_on__lte=day - dt.timedelta(days=duty_kinds.REMINDERS[0])))
    found: list[Due] = []
    visits: dict[tuple[str, dt.date], list[Duty]] = {}
    for row in rows.select_related("application__organisation", "organisation", "award"):
        if row.key == VISIT:
            visits.setdefault((row.county, row.due_on), []).append(row)
        else:
            case = row.application
            number = case.number if case else ""
            found.append(_due_of(f"duty:{row.pk}", [row], partial(_messages, row), number))
    return found + [
        _due_of(f"visits:{county}:{due_on}", rows, partial(_messages_of_visits, rows))
        for (county, due_on), rows in visits.items()
    ]


def _due_of(
    key: str, rows: list[Duty], messages: Callable[[Stage, dt.date], list[Message]], case_number: str = ""
) -> Due:
    opened_on = min(row.opened_on for row in rows)
    return Due(SERIES, key, rows[0].due_on, opened_on, PLAN, messages, case_number=case_number)


def _messages(row: Duty, stage: Stage, day: dt.date) -> list[Message]:
    kind, case = duty_kinds.DUTIES[row.key], row.application
    about = f"{case.number} {case.organisation.name}" if case else ""
    about = row.organisation.name if row.organisation else about or row.title
    subject = f"{kind.title}：{about}".rstrip("：")
    body = _("%(text)s期限 %(due)s（%(clause)s）。") % {
        "text": row.invitation or kind.text,
        "due": reckoned(row.due_on, row.county),
        "clause": _clause(row),
    }
    return [Message(_people(row, kind), Words(subject, body, reverse("grants:duty", args=[row.pk])))]


def _people(row: Duty, kind: duty_kinds.Duty) -> list[User]:
    """Return whoever does the duty; an event concerns both sides."""
    if row.organisation_id and kind.by == Role.MEMBER:
        return holders_of(Role.MEMBER, organisation_id=row.organisation_id)
    if kind.scope == "event":
        return [*notices.members(row.case), *notices.officers(row.case)]
    if kind.by == Role.MEMBER:
        return notices.members(row.case)
    return holders_of(Role.CASE_OFFICER, county=row.county)


def _messages_of_visits(rows: list[Duty], stage: Stage, day: dt.date) -> list[Message]:
    """Tell the county's officers of the visits that were open when the stage came."""
    there = [row for row in rows if row.opened_on <= stage.on]
    due = {"count": len(there), "due": reckoned(rows[0].due_on, rows[0].county)}
    names = "、".join(row.organisation.name for row in there[:NAMED] if row.organisation)
    url = reverse("grants:duty_communities") + f"?kind={VISIT}"
    words = Words(_("分級輔導：%(count)d 個社區，期限 %(due)s") % due, names, url)
    return [Message(holders_of(Role.CASE_OFFICER, county=rows[0].county), words)]


def _clause(row: Duty) -> str:
    law = law_with(row.clause)
    return label_of(row.clause, law) if law else row.clause


def _ended(current: QuerySet[Notice]) -> list[int]:
    """Return the ids of notices whose duty is no longer open. The notice of an announced occasion stays to be read."""
    asked = list(current.exclude(kind="duty.occasion").values_list("pk", "object_key"))
    numbers = [key.partition(":")[2] for _pk, key in asked if key.startswith("duty:")]
    keys = {f"duty:{pk}" for pk in waiting(Duty.objects.filter(pk__in=numbers)).values_list("pk", flat=True)}
    visits = waiting(Duty.objects.filter(key=VISIT)).order_by().values_list("county", "due_on").distinct()
    keys |= {f"visits:{county}:{due_on}" for county, due_on in visits}
    return [pk for pk, key in asked if key not in keys]


SOURCE = Source(SERIES, _due, _ended)
