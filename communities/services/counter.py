"""A clerk acts for an association at the counter, on the telephone or from paper.

For the rest of the day the clerk holds a member's post, so that everything works as it does for the association itself:
filing, correcting, claiming, settling. Only the chairperson's confirmation needs the chairperson's own signature.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities import actions
from communities.models import CounterVisit, Organisation
from communities.permissions import may_help
from communities.queries import open_visit
from miaoli_kaohsiung.accounts import services
from miaoli_kaohsiung.accounts.audiences import CLERKS
from miaoli_kaohsiung.accounts.enums import Office
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, deny, require
from miaoli_kaohsiung.lib.locks import lock


@dataclass(frozen=True)
class Visitor:
    """Who asks the clerk to act, in which office of the association, how, and what was said so far."""

    name: str
    office: str
    way: str
    said: str = ""


def begin(user: User, organisation: Organisation, visitor: Visitor) -> CounterVisit:
    """Begin to act for the association. Raises Refused for the wrong post, or while the clerk helps somebody else."""
    require(may_help(user, organisation))
    with trail.unit_of_work(services.actor(user, CLERKS, county=organisation.county)):
        if other := open_visit(user):
            raise Refused(_("您正在替%(name)s代辦，請先結束那一件。") % {"name": other.organisation})
        post = services.open_counter(
            user,
            county=organisation.county,
            organisation_id=organisation.pk,
            place_name=organisation.name,
            counter_for=f"{Office(visitor.office).label} {visitor.name}",
        )
        visit = CounterVisit(
            organisation=organisation,
            clerk=user,
            post=post,
            way=visitor.way,
            person_name=visitor.name,
            office=visitor.office,
            said=visitor.said,
            began_at=clock.now(),
            day=clock.today(),
        )
        try:
            with transaction.atomic():
                visit.save()
        except IntegrityError as other_window:
            raise Refused(_("您在另一個視窗已經開始代辦，請先結束那一件。")) from other_window
        trail.record(actions.OPEN_COUNTER, visit, after=trail.snapshot(visit, "way", "person_name", "office", "said"))
        return visit


def end(user: User, visit: CounterVisit, said: str) -> CounterVisit:
    """Note what was said and end the visit; the clerk's post for the association is over at once. Raises Refused."""
    with trail.unit_of_work(services.actor(user, CLERKS, county=visit.organisation.county)):
        row = lock(CounterVisit.objects.select_related("post__user", "organisation"), pk=visit.pk)
        if row.clerk_id != user.pk:
            require(deny(_("這一件代辦是別的同仁開始的。")))
        if row.ended_at is None:
            row.said, row.ended_at = said, clock.now()
            row.save(update_fields=["said", "ended_at"])
            services.close_counter(row.post)
            trail.record(actions.CLOSE_COUNTER, row, after={"said": said})
        return row
