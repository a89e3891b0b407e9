"""What is late in the whole county, for its head: each number leads to the list that shows just these rows."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import ApplicationStatus, DeadlineKind, InstalmentStatus
from grants.queries import payments, scope
from grants.queries.applications.lists import late, slow
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_view
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.statements import Statement
from miaoli_kaohsiung.lists.ages import LATE_DAYS

from .kept import kept
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
    (numbers,) = kept(_numbers, user).named()
    correcting = ApplicationStatus.CORRECTION_REQUESTED
    places = {
        "slow": (_("承辦超過 %(days)d 天") % {"days": LATE_DAYS}, "grants:application_list", {"slow": "on"}),
        "correction": (_("補正逾期"), "grants:application_list", {"status": correcting, "late": "on"}),
        "receipt": (_("領據逾期"), "grants:payment_list", {"view": "awaiting", "late": "on"}),
        "settlement": (_("結報逾期"), "grants:payment_list", {"view": "awards", "late": "on"}),
        "return": (_("繳回逾期"), "grants:payment_list", {"view": "returns", "late": "on"}),
    }
    return [
        Watched(title, numbers[name], f"{reverse(route)}?{urlencode(chosen)}")
        for name, (title, route, chosen) in places.items()
        if numbers[name]
    ]


def _numbers(user: User) -> Statement:
    """Return the statement that counts what is late in what the user sees."""
    cases, today = scope.cases(user, in_view=True), clock.today()
    awards = scope.awards(user, in_view=True)
    awaiting = scope.instalments(user, in_view=True).filter(status=InstalmentStatus.AWAITING_RECEIPT)
    owing = scope.debts(user, in_view=True).filter(kind=DeadlineKind.RETURN, due_on__lt=today)
    found = {
        "slow": cases.filter(slow()).order_by("status", "status_since"),
        "correction": cases.filter(late(), status=ApplicationStatus.CORRECTION_REQUESTED).order_by("correction_due_on"),
        "receipt": past_due(awaiting, DeadlineKind.RECEIPT, today).order_by("laid"),
        "settlement": past_due(awards, DeadlineKind.SETTLEMENT, today).order_by("laid"),
        "return": owing.order_by("due_on"),
    }
    return Statement.of(payments.counting(user, found))
