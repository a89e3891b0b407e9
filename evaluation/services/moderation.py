"""A total that the judges agreed on when they talked their sheets over: proposed by one person with the reason, confirmed
by another. The sheets stay as they are.
"""

from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from evaluation.enums import RoundStatus
from evaluation.models import Entry, Round
from evaluation.permissions import may_moderate
from evaluation.queries.spread import total_of
from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS, DECIDERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.fields import format_quantity

from .rounds import locked


class WaitingError(Refused):
    """A total was proposed on which nobody has decided."""


def propose_total(user: User, entry: Entry, total: Decimal, reason: str) -> Change:
    """Propose another total for an association of a closed round. Raises Refused."""
    require(may_moderate(user, entry))
    stands = total_of(entry)
    assert stands is not None, "a round is closed once every association is judged or excused"
    title = _("%(year)d年度評鑑：%(name)s") % {"year": entry.round.roc_year, "name": entry.organisation.name}
    proposal = services.Proposal(
        county=entry.round.county,
        subject=str(entry.pk),
        title=title,
        data={"total": format_quantity(total)},
        before={"total": format_quantity(stands)},
        reason=reason,
    )
    return services.propose(user, KIND, proposal)


def waiting(round_: Round) -> QuerySet[Change]:
    """Return the proposals for associations of the round on which nobody has decided."""
    keys = [str(key) for key in round_.entries.values_list("pk", flat=True)]
    return Change.objects.filter(kind=KIND.name, county=round_.county, subject__in=keys, status=ChangeStatus.WAITING)


def require_decided(round_: Round) -> None:
    """Raise WaitingError while a proposal for the round waits."""
    if count := waiting(round_).count():
        raise WaitingError(_("還有%(count)d件總分調整等人確認，確認或不同意以後才能公布。") % {"count": count})


def _entry(change: Change) -> Entry:
    return Entry.objects.select_related("round", "organisation").get(pk=int(change.subject))


def _rows(change: Change) -> list[kinds.Row]:
    return [kinds.Row(_l("總分"), change.before.get("total", ""), change.data["total"])]


def _current(change: Change) -> dict[str, str]:
    stands = total_of(_entry(change))
    return {} if stands is None else {"total": format_quantity(stands)}


def _apply(change: Change, by: Actor) -> None:
    entry = locked(_entry(change))
    if entry.round.status != RoundStatus.CLOSED:
        raise Refused(_("這一輪評鑑已經公布或重新開放評分，不能再調整總分。"))
    entry.moderated, entry.moderation_reason = Decimal(change.data["total"]), change.reason
    entry.save(update_fields=["moderated", "moderation_reason"])


def _page(change: Change) -> str:
    return reverse("evaluation:entry", args=[change.subject])


KIND = kinds.register(
    kinds.Kind(
        name="evaluation.moderation",
        label=_l("評鑑總分調整"),
        proposers=CASE_OFFICERS,
        confirmers=DECIDERS,
        rows=_rows,
        apply=_apply,
        page=_page,
        current=_current,
    )
)
