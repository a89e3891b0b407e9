"""Passing a case from one officer to another, because work belongs to the post and not to the person."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import UNSUCCESSFUL
from grants.models import Application
from grants.permissions import actor_for, holds, in_scope
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of, posts_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock_all

REASSIGN = actions.register("application.reassign", _l("改派承辦人"))


def candidates(case: Application) -> list[User]:
    """Return the county's present case officers who do not belong to the association."""
    found = holders_of(Role.CASE_OFFICER, county=case.county)
    return [user for user in found if not _belongs(user, case)]


def others_of(case: Application) -> QuerySet[Application]:
    """Return the open cases in this county that the case's officer also looks after."""
    rows = Application.objects.filter(county=case.county, officer=case.officer, first_filed_on__isnull=False)
    return rows.exclude(pk=case.pk).exclude(status__in=UNSUCCESSFUL).exclude(officer=None)


def reassign(user: User, case: Application, officer: User, reason: str, *, others: bool = False) -> list[Application]:
    """Give the case to another officer of the county, and with `others` all cases of its present officer. Returns what
    moved.

    Done by a case officer, who may take the case over, or by the approver. Raises Refused.
    """
    with trail.unit_of_work(actor_for(user, case, CASE_HANDLERS)):
        require(holds(user, case, CASE_HANDLERS))
        if officer.pk not in {person.pk for person in candidates(case)}:
            raise Refused(_("請選本縣現任的承辦人；申請單位自己的人員要迴避。"))
        wanted = [case.pk, *(others_of(case).values_list("pk", flat=True) if others else ())]
        rows = Application.objects.select_related("organisation", "officer", "scheme").filter(pk__in=wanted)
        moved = [row for row in lock_all(rows.order_by("pk")) if _move(row, officer, reason.strip())]
        _notify(user, moved, officer)
        return moved


def _move(row: Application, officer: User, reason: str) -> bool:
    if row.officer_id == officer.pk or _belongs(officer, row):
        return False
    before = {"officer": str(row.officer) if row.officer else ""}
    row.officer = officer
    row.save(update_fields=["officer"])
    trail.record(REASSIGN, row, before=before, after={"officer": str(officer), "reason": reason}, case=row.number)
    return True


def _notify(user: User, moved: list[Application], officer: User) -> None:
    if officer.pk == user.pk:
        return
    for row in moved:
        body = _("%(name)s把這一件改派給您。") % {"name": user.display_name}
        notices.about_case(row, [officer], "reassigned", _("改由您承辦"), body)


def _belongs(user: User, case: Application) -> bool:
    return any(post.role == Role.MEMBER and in_scope(post, case) for post in posts_of(user))
