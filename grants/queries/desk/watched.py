"""What is late in the whole county, for its head: each number leads to the list that shows just these rows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import ApplicationStatus, DeadlineKind, InstalmentStatus
from grants.queries import payments, scope
from grants.queries.applications.lists import late, slow
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_view
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lists.ages import LATE_DAYS

from .rows import past_due


@dataclass(frozen=True)
class Watched:
    title: str
    number: int
    url: str

    @property
    def words(self) -> str:
        return payments.in_words(self.number)


def watched(user: User) -> list[Watched]:
    """Return what is late and how much of it there is, counted as the lists of payments are, for those who decide;
    nothing for others, and of what is not.
    """
    if not any(post.role == Role.APPROVER for post in posts_in_view(user)):
        return []
    cases, today = scope.cases(user, in_view=True), clock.today()
    correcting = ApplicationStatus.CORRECTION_REQUESTED
    awards = scope.awards(user, in_view=True)
    awaiting = scope.instalments(user, in_view=True).filter(status=InstalmentStatus.AWAITING_RECEIPT)
    rows = [
        _row(
            _("承辦超過 %(days)d 天") % {"days": LATE_DAYS},
            cases.filter(slow()),
            ("status", "status_since"),
            "grants:application_list",
            slow="on",
        ),
        _row(
            _("補正逾期"),
            cases.filter(late(), status=correcting),
            ("correction_due_on",),
            "grants:application_list",
            status=correcting,
            late="on",
        ),
        _money(_("領據逾期"), past_due(awaiting, DeadlineKind.RECEIPT, today), "awaiting"),
        _money(_("結報逾期"), past_due(awards, DeadlineKind.SETTLEMENT, today), "awards"),
        _money(_("繳回逾期"), payments.returns(user, in_view=True).filter(due_on__lt=today), "returns"),
    ]
    return [row for row in rows if row.number]


def _money(title: str, rows: QuerySet[Any], view: str) -> Watched:
    day = "laid" if "laid" in rows.query.annotations else "due_on"
    return _row(title, rows, (day,), "grants:payment_list", view=view, late="on")


def _row(title: str, rows: QuerySet[Any], order: tuple[str, ...], route: str, **chosen: str) -> Watched:
    return Watched(title, payments.bounded(rows, *order), f"{reverse(route)}?{urlencode(chosen)}")
