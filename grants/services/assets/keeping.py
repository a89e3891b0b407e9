"""A body keeps its property: where it stands, who keeps it, how long it lasts. It is written off by two people: the body
proposes, an officer of the county confirms.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import PropertyItem
from grants.permissions import actor_for, body_ground, holds
from grants.queries.assets import WRITE_OFF_KIND
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION, CASE_OFFICERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import Proposal, propose
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

KEEP = actions.register("property.keep", _l("登錄財產的地點和保管人"))
WRITE_OFF = actions.register("property.write_off.done", _l("財產報廢"))
COLUMNS = ("place", "keeper", "years")


def keep(user: User, item: PropertyItem, *, place: str, keeper: str, years: int | None) -> PropertyItem:
    """Say where the thing stands, who keeps it and how many years it lasts. Raises Refused."""
    ground = body_ground(item.organisation)
    with trail.unit_of_work(actor_for(user, ground, Role.MEMBER)):
        require(holds(user, ground, Role.MEMBER))
        row = lock(PropertyItem.objects.all(), pk=item.pk)
        _refuse_gone(row)
        # Who keeps it is somebody's name, which the trail, kept for good, does without.
        before = trail.snapshot(row, "place", "years")
        row.place, row.keeper, row.years = place, keeper, years
        row.save(update_fields=list(COLUMNS))
        trail.record(KEEP, row, before=before, after=trail.snapshot(row, "place", "years"))
        return row


def propose_write_off(user: User, item: PropertyItem, reason: str) -> Change:
    """Propose to write the thing off; an officer of the county confirms it. Raises Refused."""
    require(holds(user, body_ground(item.organisation), Role.MEMBER))
    _refuse_gone(item)
    return propose(
        user,
        KIND,
        Proposal(
            county=item.organisation.county,
            subject=item.number,
            title=_("財產報廢：%(name)s") % {"name": item.name},
            data={"written_off_because": reason},
            before={"written_off_because": ""},
            reason=reason,
        ),
    )


def _refuse_gone(item: PropertyItem) -> None:
    if item.written_off_on or item.withdrawn_on:
        raise Refused(_("這件財產已經報廢，或已隨核銷撤回，不能再改。"))


def _rows(change: Change) -> list[Row]:
    item = PropertyItem.objects.get(number=change.subject)
    return [Row(_("財產"), f"{item.number} {item.name}", _("報廢")), Row(_("原因"), "", change.reason)]


def _apply(change: Change, by: Actor) -> None:
    row = lock(
        PropertyItem.objects.select_related("organisation"), pk=PropertyItem.objects.get(number=change.subject).pk
    )
    _refuse_gone(row)
    row.written_off_on, row.written_off_because = clock.today(), change.data["written_off_because"]
    row.save(update_fields=["written_off_on", "written_off_because"])
    trail.record(WRITE_OFF, row, after={"reason": row.written_off_because})


def _own(post: Post) -> Q:
    """Return the changes that somebody of a body sees: those of its own property."""
    numbers = PropertyItem.objects.filter(organisation=post.organisation_id).values("number")
    return Q(subject__in=numbers)


def _page(change: Change) -> str:
    return reverse("grants:property", args=[PropertyItem.objects.get(number=change.subject).organisation_id])


KIND = register(
    Kind(
        name=WRITE_OFF_KIND,
        label=_l("財產報廢"),
        proposers=ASSOCIATION,
        confirmers=CASE_OFFICERS,
        rows=_rows,
        apply=_apply,
        page=_page,
        reach=_own,
    )
)
