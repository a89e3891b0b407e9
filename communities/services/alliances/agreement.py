"""The agreement of an alliance: proposed by an excellent association, answered by each chairperson, left and ended."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.enums import AllianceStatus, MembershipStatus, OrganisationKind, OrganisationStatus
from communities.models import Alliance, AllianceMember, Organisation
from communities.permissions import is_chair_of, may_invite, may_lead
from communities.workflow.alliances import move_alliance, move_member
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

from . import announcing

LEAST_MEMBERS = 2


def propose(user: User, lead: Organisation, bodies: Iterable[Organisation], **columns: Any) -> Alliance:
    """Propose an alliance and ask the chairperson of each association. A chairperson who proposes has agreed for the
    lead. Raises Refused.
    """
    require(may_lead(user, lead))
    with trail.unit_of_work(_by(user, lead)):
        # Its tier may have changed since the page was read.
        require(may_lead(user, Organisation.objects.get(pk=lead.pk)))
        made = Alliance.objects.create(
            lead=lead, county=lead.county, proposed_by=user, proposed_on=clock.today(), **columns
        )
        made = _locked(made)
        trail.record(actions.PROPOSE_ALLIANCE, made, after={"lead": lead.name, **trail.snapshot(made, *columns)})
        for body in [lead, *bodies]:
            _invite(made, body)
        if is_chair_of(user, lead.pk):
            move_member(_member(made, lead), MembershipStatus.AGREED, **_answered(user, _("帶領這個結盟。")))
            announcing.answered(made, lead)
        return made


def invite(user: User, alliance: Alliance, bodies: Iterable[Organisation]) -> int:
    """Ask further associations; return how many. Raises Refused."""
    require(may_invite(user, alliance))
    with trail.unit_of_work(_by(user, alliance.lead)):
        row = _locked(alliance)
        require(may_invite(user, row))
        known = set(row.members.values_list("organisation_id", flat=True))
        asked = [body for body in bodies if body.pk not in known]
        for body in asked:
            _invite(row, body)
        return len(asked)


def _invite(alliance: Alliance, body: Organisation) -> None:
    if body.county != alliance.county or body.kind != OrganisationKind.COMMUNITY_ASSOCIATION:
        raise Refused(_("%(name)s不是本縣的社區發展協會，不能邀請。") % {"name": body.name})
    if body.status == OrganisationStatus.DISSOLVED:
        raise Refused(_("%(name)s已經解散，不能邀請。") % {"name": body.name})
    AllianceMember.objects.create(alliance=alliance, organisation=body, invited_on=clock.today())
    trail.record(actions.INVITE_MEMBER, alliance, after={"organisation": body.name})
    announcing.invited(alliance, body)


def answer(user: User, alliance: Alliance, body: Organisation, *, agrees: bool, words: str) -> Alliance:
    """Answer as the chairperson of an association. The alliance begins when all have answered and a neighbour agreed;
    it does not come about if the lead or all others decline. Raises Refused.
    """
    require(is_chair_of(user, body.pk))
    with trail.unit_of_work(_by(user, body)):
        row = _locked(alliance)
        to = MembershipStatus.AGREED if agrees else MembershipStatus.DECLINED
        if not agrees and not words:
            raise Refused(_("不參加請寫原因。"))
        move_member(_member(row, body), to, **_answered(user, words))
        announcing.answered(row, body)
        if row.status == AllianceStatus.PROPOSED:
            _decide(row)
        return row


def _decide(alliance: Alliance) -> None:
    states = dict(alliance.members.values_list("organisation_id", "status"))
    agreed = sum(state == MembershipStatus.AGREED for state in states.values())
    if states[alliance.lead_id] == MembershipStatus.DECLINED:
        move_alliance(alliance, AllianceStatus.WITHDRAWN, ended_on=clock.today(), ended_because=_("帶領的協會不參加。"))
    elif MembershipStatus.INVITED in states.values():
        return
    elif agreed < LEAST_MEMBERS:
        move_alliance(
            alliance, AllianceStatus.WITHDRAWN, ended_on=clock.today(), ended_because=_("受邀的協會都不參加。")
        )
    else:
        move_alliance(alliance, AllianceStatus.RUNNING, agreed_on=clock.today())
    announcing.decided(alliance)


def leave(user: User, alliance: Alliance, body: Organisation, reason: str) -> None:
    """Leave as the chairperson of a member; with the last neighbour the alliance ends. Raises Refused."""
    require(is_chair_of(user, body.pk))
    if body.pk == alliance.lead_id:
        raise Refused(_("帶領的協會不能退出，請辦理「結束結盟」。"))
    with trail.unit_of_work(_by(user, body)):
        row = _locked(alliance)
        if row.status != AllianceStatus.RUNNING:
            raise Refused(_("結盟成立以後才能退出。"))
        left = {"left_on": clock.today(), "left_because": reason}
        move_member(_member(row, body), MembershipStatus.LEFT, **left)
        announcing.left(row, body, reason)
        if row.members.filter(status=MembershipStatus.AGREED).count() < LEAST_MEMBERS:
            _end(row, clock.today(), _("參加的協會都退出了。"))


def end(user: User, alliance: Alliance, reason: str) -> None:
    """End it, or take it back before it began, as the lead's chairperson. Raises Refused."""
    require(is_chair_of(user, alliance.lead_id))
    with trail.unit_of_work(_by(user, alliance.lead)):
        row = _locked(alliance)
        if row.status == AllianceStatus.PROPOSED:
            move_alliance(row, AllianceStatus.WITHDRAWN, ended_on=clock.today(), ended_because=reason)
            announcing.decided(row)
        else:
            _end(row, clock.today(), reason)


def end_over(day: dt.date) -> int:
    """End the alliances whose last day is over; return how many. Safe to repeat."""
    over = list(Alliance.objects.filter(status=AllianceStatus.RUNNING, ends_on__lt=day))
    for found in over:
        with trail.unit_of_work(Actor.system("alliances.end_over")):
            row = _locked(found)
            _end(row, row.ends_on, _("期間屆滿。"))
    return len(over)


def _end(alliance: Alliance, day: dt.date, reason: str) -> None:
    move_alliance(alliance, AllianceStatus.ENDED, ended_on=day, ended_because=reason)
    announcing.decided(alliance)


def _answered(user: User, words: str) -> dict[str, Any]:
    return {"answered_on": clock.today(), "answered_by": user, "answer": words}


def _locked(alliance: Alliance) -> Alliance:
    return lock(Alliance.objects.select_related("lead"), pk=alliance.pk)


def _member(alliance: Alliance, body: Organisation) -> AllianceMember:
    row = alliance.members.select_related("organisation").filter(organisation=body).first()
    if row is None:
        raise Refused(_("%(name)s不在這個結盟裡。") % {"name": body.name})
    # The locked row, so that the move finds its lock.
    row.alliance = alliance
    return row


def _by(user: User, body: Organisation) -> Actor:
    return actor(user, Role.MEMBER, organisation_id=body.pk)
