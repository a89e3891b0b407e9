"""Reads of property: what a body holds, what the county's bodies hold, and what of it a new case asks for again."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from communities.enums import OrganisationKind
from communities.models import CentreItem, Organisation
from grants.models import Application, BudgetLine, PropertyItem
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import folding
from miaoli_kaohsiung.lib.roc_date import format_roc

# The item of a budget under which equipment is bought, in both laws.
EQUIPMENT = "equipment"
WRITE_OFF_KIND = "property.write_off"
# Words of a description shorter than this say nothing about what is bought.
SHORTEST = 2
NAMED = 3


def held(organisation: Organisation) -> QuerySet[PropertyItem]:
    """Return what the body has or had, the newest first; what was taken back with its account is left out."""
    rows = PropertyItem.objects.filter(organisation=organisation, withdrawn_on=None)
    return rows.select_related("award").order_by("written_off_on", "-acquired_on", "number")


def in_counties(user: User) -> QuerySet[PropertyItem]:
    """Return the property of the bodies of the counties whose staff or auditor the user is."""
    counties = [post.county for post in posts_of(user) if post.role in COUNTY_READERS]
    rows = PropertyItem.objects.filter(organisation__county__in=counties, withdrawn_on=None)
    return rows.select_related("organisation", "award")


def waiting(organisation: Organisation) -> dict[str, Change]:
    """Return the proposals to write an item off that wait for a second person, by the item's number."""
    numbers = list(held(organisation).values_list("number", flat=True))
    rows = Change.objects.filter(kind=WRITE_OFF_KIND, status=ChangeStatus.WAITING, subject__in=numbers)
    return {change.subject: change for change in rows}


def asked_again(case: Application) -> str:
    """Return a sentence that names equipment of the case which its body was granted before and has not written off, or
    which stands in an activity centre of its township; "" if there is none.
    """
    lines = BudgetLine.objects.filter(application=case, item=EQUIPMENT).values_list("description", flat=True)
    wanted = [folding.key(text) for text in lines if text.strip()]
    if not wanted:
        return ""
    own = Q(organisation=case.organisation_id, withdrawn_on=None, written_off_on=None)
    rows = PropertyItem.objects.filter(own).exclude(award__application=case.pk).select_related("award")
    found = [row for row in rows.order_by("-acquired_on", "number") if is_same(row.name, wanted)]
    return _bought(found) + _standing(case, wanted)


def _bought(found: list[PropertyItem]) -> str:
    if not found:
        return ""
    named = "、".join(
        _("%(name)s（%(day)s，%(award)s）")
        % {"name": row.name, "day": format_roc(row.acquired_on), "award": row.award.number}
        for row in found[:NAMED]
    )
    return _("這個單位以前的補助買過相同的設備，還沒有報廢：%(rows)s。") % {"rows": named}


def _standing(case: Application, wanted: list[str]) -> str:
    """Name what stands in the centres that the body runs; for a township's office in all of the township."""
    mine = Q(centre__organisation=case.organisation_id)
    if case.organisation.kind == OrganisationKind.TOWNSHIP_OFFICE:
        mine |= Q(centre__township=case.organisation.township_id)
    rows = CentreItem.objects.filter(mine, gone_on=None).select_related("centre").order_by("centre", "pk")
    found = [row for row in rows if is_same(row.name, wanted)]
    if not found:
        return ""
    named = "、".join(
        _("%(centre)s的%(name)s %(count)d 件（%(state)s）")
        % {"centre": row.centre.name, "name": row.name, "count": row.quantity, "state": row.get_condition_display()}
        for row in found[:NAMED]
    )
    return _("活動中心的設備裡已經有：%(rows)s。") % {"rows": named}


def is_same(name: str, wanted: list[str]) -> bool:
    """Return whether a thing's name and one of the folded descriptions say the same: one contains the other."""
    own = folding.key(name)
    return any(min(len(own), len(text)) >= SHORTEST and (own in text or text in own) for text in wanted)
