"""Who is notified about an alliance: the people who hold an office of its associations."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.enums import AllianceStatus, MembershipStatus, Office
from communities.models import Alliance, Organisation
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close, notify


def thread_of(alliance: Alliance) -> str:
    return f"alliance:{alliance.pk}"


def invitation_of(alliance: Alliance, body: int) -> str:
    return f"alliance:{alliance.pk}:{body}"


def invited(alliance: Alliance, body: Organisation) -> None:
    """Ask the chairperson, or whoever holds an office where no chairperson has an account."""
    subject = _("請理事長確認結盟：%(name)s") % {"name": alliance.name}
    words = _("%(lead)s邀請貴會參加，期間%(first)s至%(last)s。\n目的：%(purpose)s") % {
        "lead": alliance.lead.name,
        "first": format_roc(alliance.starts_on),
        "last": format_roc(alliance.ends_on),
        "purpose": alliance.purpose,
    }
    chairs = holders_of(Role.MEMBER, organisation_id=body.pk, office=Office.CHAIRPERSON)
    url = reverse("communities:alliance-answer", args=[alliance.pk, body.pk])
    _send(chairs or _people([body.pk]), "invited", invitation_of(alliance, body.pk), subject, words, url)


def answered(alliance: Alliance, body: Organisation) -> None:
    """Say to the lead who answered what; the invitation is over."""
    member = alliance.members.get(organisation=body)
    close([invitation_of(alliance, body.pk)])
    if body.pk == alliance.lead_id:
        return
    subject = _("%(body)s%(status)s：%(name)s") % {
        "body": body.name,
        "status": member.get_status_display(),
        "name": alliance.name,
    }
    key = f"{thread_of(alliance)}:answered:{body.pk}"
    _send(_people([alliance.lead_id]), "answered", key, subject, member.answer, _page(alliance))


def decided(alliance: Alliance) -> None:
    """Say to all who were asked what became of it."""
    for pk in alliance.members.values_list("organisation_id", flat=True):
        close([invitation_of(alliance, pk)])
    subject = _("結盟「%(name)s」：%(status)s") % {"name": alliance.name, "status": alliance.get_status_display()}
    words = alliance.ended_because
    if alliance.status == AllianceStatus.RUNNING:
        words = _("各理事長都答覆了，結盟成立。")
    bodies = alliance.members.exclude(status=MembershipStatus.DECLINED).values_list("organisation_id", flat=True)
    _send(_people(bodies), alliance.status, thread_of(alliance), subject, words, _page(alliance))


def left(alliance: Alliance, body: Organisation, reason: str) -> None:
    subject = _("%(body)s退出結盟：%(name)s") % {"body": body.name, "name": alliance.name}
    key = f"{thread_of(alliance)}:left:{body.pk}"
    _send(_people([alliance.lead_id]), "left", key, subject, reason, _page(alliance))


def _page(alliance: Alliance) -> str:
    return reverse("communities:alliance", args=[alliance.pk])


def _people(bodies: Iterable[int]) -> list[User]:
    return holders_of(Role.MEMBER, organisation_id__in=list(bodies))


def _send(people: Iterable[User], kind: str, key: str, subject: str, body: str, url: str) -> None:
    for person in people:
        notify(person, f"alliance.{kind}", key, clock.today(), subject, body, url)
