"""Cases of two records that become one: not while both have one for the same thing."""

from itertools import product

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from communities.models import Organisation
from communities.services.merging.parts import Part, register
from grants.enums import OVER, UNSUCCESSFUL
from grants.models import Application


def _refusals(kept: Organisation, merged: Organisation) -> list[str]:
    words = _("兩筆在「%(programme)s」都有還沒結束的案件（%(one)s、%(other)s），請先撤回或結束其中一件。")
    return [
        words % {"programme": one.programme, "one": one.number, "other": other.number}
        for one, other in product(_running(kept), _running(merged))
        if one.programme_id == other.programme_id and _overlap(one, other)
    ]


def _running(body: Organisation) -> QuerySet[Application]:
    """Return the cases that are neither ended without an award nor closed."""
    ended = Q(status__in=UNSUCCESSFUL) | Q(award__status__in=OVER)
    return Application.objects.filter(organisation=body).exclude(ended).select_related("programme")


def _overlap(one: Application, other: Application) -> bool:
    """Return whether both may be for the same days; a draft without days may."""
    if not (one.starts_on and one.ends_on and other.starts_on and other.ends_on):
        return True
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _lock(bodies: list[int]) -> None:
    """Whoever files locks the case before the association."""
    list(Application.objects.select_for_update().filter(organisation__in=bodies).order_by("pk").values_list("pk"))


register(Part("grants.application", _refusals, lock=_lock))
