"""Who is notified of what happens to a case, and the one way of doing it: no other service calls `notify`."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from zlib import crc32

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.queries import lapsed_chairs
from grants.models import (
    Amendment,
    Application,
    Award,
    Conflict,
    Instalment,
    RecordCorrection,
    Sanction,
    Settlement,
)
from grants.queries.applications.officers import handler_of, handlers_of, officer_posts
from grants.workflow import amendments, payments, record_corrections, sanctions, settlements
from grants.workflow.core import Table
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.notices.services import notify

Part = Amendment | Instalment | Settlement | Sanction | RecordCorrection
# For each part of an award: the prefix of its notices' kinds, its moves, and the page that the notice links to.
PARTS: dict[type, tuple[str, Table, str]] = {
    Instalment: ("payment", payments.TABLE, "grants:award_detail"),
    Settlement: ("settlement", settlements.TABLE, "grants:settlement_detail"),
    RecordCorrection: ("record_correction", record_corrections.TABLE, "grants:settlement_detail"),
    Sanction: ("sanction", sanctions.TABLE, "grants:sanction"),
    Amendment: ("amendment", amendments.TABLE, "grants:amendment"),
}
# Those with a page of their own; the others are on a page of their award.
ON_THEIR_OWN = (Amendment, Sanction)


@dataclass(frozen=True)
class Words:
    """What a notice says, the page that it links to, and the same in a few words for a telephone."""

    subject: str
    body: str
    url: str
    short: str = ""


def members(case: Application) -> list[User]:
    """Return everybody who holds an office of the association today; with nobody in office, the last chairperson. Read
    once for this object.
    """
    if "_members" not in case.__dict__:
        body = case.organisation_id
        case.__dict__["_members"] = holders_of(Role.MEMBER, organisation_id=body) or lapsed_chairs(body)
    found: list[User] = case.__dict__["_members"]
    return found


def officers(case: Application) -> list[User]:
    """Return who has the case today (the officer, or the deputy), else all case officers of the county."""
    posts = officer_posts(case.county)
    return [handler.user for handler in handlers_of(case, posts)] or list({post.user: None for post in posts})


def contact(case: Application) -> str:
    """Return whom the association may ask: the officer of today, and the county's present telephone."""
    head = particulars(case.county, clock.today())
    name = str(handler_of(case) or "")
    params = {"office": head.office, "name": name, "phone": head.phone}
    return _("有問題請洽%(office)s承辦人%(name)s，電話 %(phone)s。") % params


def finance(case: Application) -> list[User]:
    return holders_of(Role.FINANCE_OFFICER, county=case.county)


def approvers(case: Application) -> list[User]:
    return holders_of(Role.APPROVER, county=case.county)


def others_than(user: User, *groups: Iterable[User]) -> list[User]:
    """Return everybody in the groups except the user, each once."""
    people = {person.pk: person for group in groups for person in group if person.pk != user.pk}
    return [people[key] for key in sorted(people)]


def without_conflict(people: Iterable[User], case_number: str) -> list[User]:
    """Return those of the people who may read of the case: nobody with an interest in it, except its own association."""
    found = list(people)
    if not case_number or not found:
        return found
    hidden = Conflict.holding.filter(application__number=case_number)
    own = Post.objects.filter(
        user=OuterRef("person"), role=Role.MEMBER, organisation_id=OuterRef("application__organisation")
    )
    keys = set(hidden.filter(~Exists(own)).values_list("person", flat=True))
    return [person for person in found if person.pk not in keys]


def about_award(award: Award, people: Iterable[User], kind: str, key: str, subject: str, body: str, url: str) -> None:
    """Send each of them a notice dated today. The same (kind, key) with the same words on the same day is one notice.

    Other words make another notice: two returns on one day have two reasons.
    """
    about = _("核定 %(total)s 元") % {"total": format_amount(award.total)}
    _each(award.application, people, kind, key, subject, body, url, about=about)


def about_part(part: Part, people: Iterable[User], kind: str, subject: str, body: str = "") -> None:
    """Send each of them a notice about an instalment, settlement, sanction, change or correction; its next move ends it."""
    begins, table, route = PARTS[type(part)]
    url = reverse(route, args=[part.pk if isinstance(part, ON_THEIR_OWN) else part.award.number])
    (thread,) = table.threads(part)
    about_award(part.award, people, f"{begins}.{kind}", thread, subject, body or subject, url)


def about_case(
    case: Application,
    people: Iterable[User],
    kind: str,
    subject: str,
    body: str,
    url: str = "",
    thread: str = "",
    *,
    repeats: bool = False,
) -> None:
    """Send each of them a notice about a case without an award. The same (kind, case) with the same words on the same
    day is one notice. `thread` names what ends it, if not the next move of the case; with `repeats` it takes the place of
    an earlier one of this kind and thread.
    """
    key, url = f"application:{case.number}", url or reverse("grants:application_detail", args=[case.number])
    about = _("申請 %(total)s 元") % {"total": format_amount(case.requested_total)} if case.requested_total else ""
    _each(case, people, f"application.{kind}", key, subject, body, url, thread, about, repeats=repeats)


def send(
    people: Iterable[User],
    kind: str,
    key: str,
    words: Words,
    *,
    at_once: bool,
    due_on: dt.date | None = None,
    thread: str = "",
    case_number: str = "",
    repeats: str = "",
    channels: Collection[str] | None = None,
) -> int:
    """Send each of them the same notice, by default dated today, and return to how many. All services send through
    here.

    For the other arguments see `miaoli_kaohsiung.notices.services.notify`.
    """
    sent = [
        notify(
            person,
            kind,
            key,
            due_on or clock.today(),
            words.subject,
            words.body,
            words.url,
            thread=thread,
            case_number=case_number,
            at_once=at_once,
            repeats=repeats,
            channels=channels,
            short=words.short,
        )
        for person in people
    ]
    return len(sent)


def _each(
    case: Application,
    people: Iterable[User],
    kind: str,
    key: str,
    subject: str,
    body: str,
    url: str,
    thread: str = "",
    about: str = "",
    *,
    repeats: bool = False,
) -> None:
    """Mail the association at once about its case, and each office once a day with everything that waits."""
    own = {person.pk for person in members(case)}
    plan = _("計畫：%(title)s") % {"title": case.title or case.number} + (f"（{about}）" if about else "")
    titled = "\n".join(part for part in (plan, body) if part)
    # Its own people read of their case whatever else they are (`without_conflict`).
    ours, others = _parted(people, own)
    to_ours = f"{titled}\n{contact(case)}" if ours else ""
    for person in (*ours, *without_conflict(others, case.number)):
        mine = person.pk in own
        send(
            [person],
            kind,
            f"{key[:90]}:{crc32(body.encode()):08x}",
            Words(
                f"{subject}：{case.number} {case.organisation.name}",
                to_ours if mine else titled,
                url,
            ),
            thread=thread or key,
            case_number=case.number,
            at_once=mine,
            repeats=kind if repeats else "",
        )


def _parted(people: Iterable[User], own: Collection[int]) -> tuple[list[User], list[User]]:
    """Return those who are among the own, and the others."""
    found = list(people)
    return [one for one in found if one.pk in own], [one for one in found if one.pk not in own]
