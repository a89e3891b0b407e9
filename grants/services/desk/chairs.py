"""A new chairperson takes the association's affairs over, with a list, also where the former one cannot be reached."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from grants.models import Handover
from grants.queries.desk.chairs import chair_post, contents_of, former_chair
from grants.services import notices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

TAKE_OVER = actions.register("desk.take_over", _l("負責人接任"))


def draft(organisation: Organisation) -> Handover:
    """Return the list as it stands today, not kept: to read and to print before anybody signs."""
    former = former_chair(organisation)
    return Handover(
        county=organisation.county,
        organisation=organisation,
        giver=former.user if former else None,
        giver_name=former.person_name if former else "",
        content=contents_of(organisation),
        made_on=clock.today(),
    )


def take_over(user: User, organisation: Organisation, *, unreachable: bool, note: str = "") -> Handover:
    """Keep the list as the chairperson read it on taking over, once. Where the former one is unreachable, the county's
    officers are notified. Raises Refused for anybody but the chairperson in office.
    """
    post = chair_post(user, organisation)
    if post is None:
        raise Refused(_("交接由現任%(head)s本人確認。") % {"head": organisation.head_word})
    with trail.unit_of_work(Actor(user, post.label)):
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        kept = Handover.objects.filter(organisation=organisation, taker=user, made_on__gte=post.valid_from).first()
        if kept is not None:
            return kept
        made = draft(organisation)
        made.taker, made.taker_name, made.made_by, made.received_on = user, str(user), user, clock.today()
        absent = _("前任%(head)s無法聯絡") % {"head": organisation.head_word}
        reasons = [absent, note.strip()] if unreachable else [note.strip()]
        made.reason = "；".join(reason for reason in reasons if reason)[:200]
        made.save()
        after = {"giver": made.giver_name, "unreachable": unreachable, "cases": len(made.content["cases"])}
        trail.record(TAKE_OVER, made, after=after)
        if unreachable:
            _tell_officers(made, organisation)
        return made


def _tell_officers(made: Handover, organisation: Organisation) -> None:
    params = {"name": organisation.name, "head": organisation.head_word, "who": made.taker_name}
    subject = _("新任%(head)s接任，前任無法聯絡：%(name)s") % params
    body = _("%(who)s已經接任%(head)s，並看過交接清單。前任經手的憑證、存摺和圖記如有短少，請協助。") % params
    words = notices.Words(subject, body, reverse("grants:handover_record", args=[made.pk]))
    people = holders_of(Role.CASE_OFFICER, county=organisation.county)
    notices.send(people, "desk.chair_unreachable", f"handover:{made.pk}", words, at_once=False)
