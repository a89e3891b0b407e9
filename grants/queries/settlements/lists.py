"""The list of settlements that wait for the county."""

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from grants.enums import WITH_THE_COUNTY, DeadlineKind
from grants.models import Deadline, Settlement, SettlementLine
from grants.queries import scope
from miaoli_kaohsiung.accounts.models import User


def waiting(user: User) -> QuerySet[Settlement]:
    """Return the settlements that the user may see and that wait for the county, to be counted."""
    return scope.settlements(user, in_view=True).filter(status__in=WITH_THE_COUNTY)


def with_the_county(user: User) -> QuerySet[Settlement]:
    """Return the settlements that the user may see and that wait for the county, the longest waiting first: `spent` in
    whole NT dollars, `due_on` the day by which it was due.
    """
    lines = SettlementLine.objects.filter(settlement=OuterRef("pk")).order_by().values("settlement")
    terms = Deadline.objects.filter(award=OuterRef("award"), kind=DeadlineKind.SETTLEMENT).order_by("due_on")
    officer = "award__application__officer"
    return (
        waiting(user)
        .annotate(
            spent=Subquery(lines.annotate(sum=Sum("spent")).values("sum")),
            due_on=Subquery(terms.values("due_on")[:1]),
            officer_name=Coalesce(NullIf(f"{officer}__display_name", Value("")), f"{officer}__username"),
        )
        .select_related("award__application__organisation")
        .order_by("submitted_on", "pk")
    )
