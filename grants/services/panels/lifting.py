"""Lifting an interest that was found by a name alone: one person says that it is somebody else of that name and how that
was verified, another one confirms. The reviewer then sees the case again and declares interest like everybody.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Application, Conflict, ReviewAssignment
from grants.permissions import holds
from grants.services import notices
from grants.services.locks import lock_case
from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS, DECIDERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

LIFT = actions.register("application.lift_interest", _l("解除只是姓名相同的利害關係"))


def ask(user: User, conflict: Conflict, reason: str) -> Change:
    """Ask a head to lift the interest. Raises Refused for one that more than a name shows, and for the person itself."""
    require(holds(user, conflict.application, CASE_OFFICERS))
    _require_liftable(user, conflict)
    case = conflict.application
    proposal = services.Proposal(
        county=case.county,
        subject=str(conflict.pk),
        title=_("解除 %(name)s 在 %(number)s 的利害關係") % {"name": conflict.person, "number": case.number},
        data={"lifted": True},
        before={"lifted": False, "reason": conflict.reason},
        reason=reason,
    )
    return services.propose(user, KIND, proposal)


def _require_liftable(user: User, conflict: Conflict) -> None:
    if conflict.lifted_on is not None or not conflict.by_name:
        raise Refused(_("只有因為姓名相同比對出來、還沒有解除的，才能解除。"))
    if conflict.person_id == user.pk:
        raise Refused(_("您不能辦理自己的利害關係，請由別的同仁辦理。"))


def _apply(change: Change, by: Actor) -> None:
    """Lift it, and ask the reviewer anew if nothing else keeps the case from them."""
    user = by.user
    assert user is not None
    case = lock_case(Application.objects.get(conflicts=int(change.subject)))
    row = lock(Conflict.objects.select_related("person"), pk=int(change.subject))
    row.application = case
    require(holds(user, case, DECIDERS))
    _require_liftable(user, row)
    row.lifted_on = clock.today()
    row.save(update_fields=["lifted_on"])
    trail.record(LIFT, row, before={"reason": row.reason}, after={"reviewer": str(row.person)}, case=case.number)
    if not Conflict.holding.filter(application=case, person=row.person).exists():
        _ask_again(case, row.person)


def _ask_again(case: Application, person: User) -> None:
    asked = ReviewAssignment.objects.filter(
        application=case, reviewer=person, interest=ReviewAssignment.Interest.CONFLICT
    ).first()
    if asked is None:
        return
    asked.interest, asked.interest_note = ReviewAssignment.Interest.UNANSWERED, ""
    asked.save(update_fields=["interest", "interest_note"])
    url = reverse("grants:case_review", args=[case.number])
    subject, body = _("請聲明利害關係並審查"), _("先前因為姓名相同請您迴避，已經查明不是同一人。")
    notices.about_case(case, [person], f"lifted-{asked.pk}", subject, body, url, f"assignment:{asked.pk}")


def _rows(change: Change) -> list[Row]:
    row = Conflict.objects.select_related("application", "person").get(pk=change.subject)
    case, person = row.application.number, str(row.person)
    return [
        Row(_("案號"), case, case),
        Row(_("委員"), person, person),
        Row(_("利害關係"), row.reason, _("查明不是同一人，解除")),
    ]


KIND = register(
    Kind(
        name="conflict",
        label=_l("利害關係的解除"),
        proposers=CASE_OFFICERS,
        confirmers=DECIDERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:conflict", args=[change.subject]),
    )
)
