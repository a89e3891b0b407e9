"""The list of awards."""

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from grants.enums import DeadlineKind, LedgerKind
from grants.models import Award, Deadline, LedgerEntry
from miaoli_kaohsiung.accounts.models import User

from . import scope
from .payments import BACK


def listed(user: User) -> QuerySet[Award]:
    """Return the awards that the user may see, the newest first: `paid` and `back` in whole NT dollars, `due_on` the day
    by which its settlement is due (None once it was sent).
    """
    waits = Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT, done_on=None)
    officer = Coalesce(NullIf("application__officer__display_name", Value("")), "application__officer__username")
    rows = scope.awards(user, in_view=True).annotate(
        paid=_total(LedgerKind.PAID),
        back=_total(*BACK),
        due_on=Subquery(waits.order_by("due_on").values("due_on")[:1]),
        officer_name=officer,
    )
    return rows.select_related("application__organisation", "application__programme", "settlement").order_by("-id")


def _total(*kinds: LedgerKind) -> Coalesce:
    entries = LedgerEntry.objects.filter(award=OuterRef("pk"), kind__in=kinds).order_by()
    return Coalesce(Subquery(entries.values("award").annotate(sum=Sum("amount")).values("sum")), Value(0))
