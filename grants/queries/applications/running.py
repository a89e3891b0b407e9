"""What an association has under way: filed, approved and paid cases, and what comes next for each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from communities.enums import OrganisationKind
from communities.models import OfficeTerm
from communities.queries import expired_chairs, lapsed_posts
from grants.enums import (
    NOT_RUNNING,
    OVER,
    PAID_OR_CANCELLED,
    AwardStatus,
    LedgerKind,
    SettlementStatus,
)
from grants.enums import ApplicationStatus as S
from grants.models import Application, Award, Deadline, Instalment, LedgerEntry
from grants.queries.desk.rows import deadline_of
from grants.queries.payments import owing
from grants.workflow import applications, payments, settlements
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_view
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.prepared import Prepared

SHOWN = 20


@dataclass(frozen=True)
class Running:
    """A case with its money in whole NT dollars; `approved` is None before approval. `next` says what comes next."""

    number: str
    title: str
    organisation: str
    status: str
    requested: int
    approved: int | None
    paid: int
    next: str
    due: dt.date | None
    owed: int


def running(user: User) -> list[Running]:
    """Return the newest open cases of the user's associations, in one query; none for other posts."""
    bodies = [post.organisation_id for post in [*posts_in_view(user), *lapsed_posts(user)] if post.role == Role.MEMBER]
    return [_row(row) for row in _RUNNING(*bodies)] if bodies else []


def under_way(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Return those of the cases that are filed and not over."""
    return cases.exclude(status__in=NOT_RUNNING).filter(Q(award=None) | ~Q(award__status__in=OVER))


# What `_next` reads besides the columns of a row.
_TURN = ("award_status", "noted", "approval")


def rows_of(cases: QuerySet[Application], *, most: int | None = None) -> list[Running]:
    """Return the rows of these cases, newest first, in one query. `due` is the first open deadline of any kind."""
    return [_row(row) for row in _values(cases)[:most]]


def _values(cases: QuerySet[Application]) -> QuerySet[Application, dict[str, Any]]:
    paid = LedgerEntry.objects.filter(award__application=OuterRef("pk"), kind=LedgerKind.PAID)
    step = Instalment.objects.filter(award__application=OuterRef("pk")).exclude(status__in=PAID_OR_CANCELLED)
    first = Deadline.objects.filter(application=OuterRef("pk"), done_on=None).order_by("due_on")
    owed = owing(Award.objects.filter(application=OuterRef("pk"))).order_by()
    rows = cases.order_by("-id").annotate(
        paid=Subquery(paid.order_by().values("award").annotate(sum=Sum("amount")).values("sum")),
        step=Subquery(step.order_by("number").values("status")[:1]),
        due=deadline_of("settlement", application="pk"),
        first=Subquery(first.values("due_on")[:1]),
        owed=Subquery(owed.values("due")[:1]),
        name=F("organisation__name"),
        kind=F("organisation__kind"),
        total=F("award__total"),
        settled=F("award__settlement__status"),
        noted=F("award__settlement__notified_on"),
        approval=F("award__notified_on"),
        award_status=F("award__status"),
    )
    columns = (
        "number",
        "title",
        "name",
        "kind",
        "status",
        "requested_total",
        "total",
        "paid",
        "step",
        "settled",
        "due",
    )
    found: QuerySet[Application, dict[str, Any]] = rows.values(*columns, *_TURN, "first", "owed")
    return found


_RUNNING = Prepared(
    lambda *bodies: _values(under_way(Application.objects.filter(organisation__in=bodies)))[:SHOWN],
)


def _row(row: dict[str, Any]) -> Running:
    status = str(S(row["status"]).label if row["award_status"] is None else AwardStatus(row["award_status"]).label)
    if row["status"] == S.AWAITING_CHAIR:
        status = OrganisationKind(row["kind"]).awaits_head(row["name"])
    return Running(
        row["number"],
        row["title"],
        row["name"],
        status,
        row["requested_total"],
        row["total"],
        row["paid"] or 0,
        _next(row),
        row["first"],
        row["owed"] or 0,
    )


def _next(row: dict[str, Any]) -> str:
    """Return whose turn it is, in a few words."""
    if row["award_status"] is None:
        return applications.TABLE.short(row["status"])
    if row["award_status"] == AwardStatus.REOPENED:
        return _("等縣府重新決定")
    if row["approval"] is None or (row["settled"] == SettlementStatus.ACCEPTED and row["noted"] is None):
        return _("等縣府發函")
    if turn := settlements.TABLE.short(row["settled"]) or payments.TABLE.short(row["step"]):
        return turn
    if row["settled"] == SettlementStatus.ACCEPTED:
        return _("請繳回剩餘款") if row["award_status"] == AwardStatus.COMPLETED else ""
    due: dt.date | None = row["due"]
    return _("辦完後結報，期限 %(due)s") % {"due": reckoned(due)} if due else _("辦完後結報")


def lapsed_terms(user: User) -> list[OfficeTerm]:
    """Return the user's own terms as chairperson that are over with nobody elected since, in one query at most."""
    bodies = [post.organisation_id for post in lapsed_posts(user)]
    if not bodies:
        return []
    return list(expired_chairs().filter(organisation__in=bodies, user=user).select_related("organisation"))
