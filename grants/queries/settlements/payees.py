"""Who was paid in a year, by person: what the yearly statements of withholding are made from."""

from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import ExtractYear

from grants.models import RosterRow
from grants.queries import scope
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_view

_CASE = "voucher__settlement__award__application"


def payees(user: User) -> QuerySet[RosterRow, dict[str, Any]]:
    """Return a row for each person, year, association and kind of income: of the user's own associations, and of the
    counties in which the user is in finance. Money that is no income (rides, meals) is not among it.
    """
    mine = Q(pk__in=[])
    for post in posts_in_view(user):
        if post.role == Role.MEMBER:
            mine |= Q(**{f"{_CASE}__organisation_id": post.organisation_id})
        elif post.role == Role.FINANCE_OFFICER:
            mine |= Q(voucher__settlement__award__county=post.county)
    rows = RosterRow.objects.filter(mine, voucher__settlement__award__in=scope.awards(user)).exclude(income="")
    found: QuerySet[RosterRow, dict[str, Any]] = (
        rows.annotate(year=ExtractYear("voucher__issued_on"), body=F(f"{_CASE}__organisation__name"))
        # Whose number is deleted is known by the name.
        .annotate(nameless=Case(When(id_mark="", then=F("folded")), default=Value("")))
        .values("year", f"{_CASE}__organisation_id", "body", "id_mark", "nameless", "income")
        .annotate(
            pk=Min("pk"),
            name=Max("name"),
            sealed_id=Max("sealed_id"),
            vouchers=Count("voucher", distinct=True),
            pay=Sum("pay"),
            tax=Sum("tax"),
            premium=Sum("premium"),
        )
        .order_by("-year", "body", "name", "id_mark")
    )
    return found
