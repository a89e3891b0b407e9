"""Letters: drafted with the decision, edited, issued once with the number of the county's document system, printed.

An issued letter's bytes and their SHA-256 are kept and handed out unchanged; only a later letter can replace it.
"""

import copy
import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import LetterKind, LetterStatus
from grants.letters import compose, marks, names
from grants.models import Application, Letter
from grants.permissions import actor_for, holds, letter_ground
from grants.services.applications.drafts import StaleError
from grants.workflow.letters import move
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_all
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import terms

log = logging.getLogger(__name__)

PREPARE = actions.register("letter.prepare", _l("擬函稿"))
EDIT = actions.register("letter.edit", _l("修改函稿"))
PDF = "application/pdf"
EDITED = ("subject", "explanation", "originals", "copies")
EDITED_CONTEXT = ("urgency", "secrecy", "enclosures", "delegation", "file_number", "retention")
CONTACT = ("name", "phone", "email")
# The lengths of 正本 and 副本 in the table.
_ORIGINALS, _COPIES = 500, 300
# What showing a letter reads of other rows.
SHOWN_WITH = ("application__organisation__township", "application__scheme", "organisation__township")


def prepare(
    user: User, to: names.To, kind: LetterKind, kept: Mapping[str, Any] | None = None, **facts: object
) -> Letter:
    """Draft a letter of the kind, inside the caller's unit of work, to the association of a case or to a
    `names.Receiver`. See `grants.letters.compose` for `facts`.

    `kept` is plain data that stays with the letter, for its effects when it is issued
    (grants.services.letters.effects).
    """
    composed = compose.compose(kind, to, user, clock.today(), **facts)
    case = to if isinstance(to, Application) else None
    letter = Letter.objects.create(
        application=case,
        organisation=None if case else to.organisation,
        county=to.county,
        kind=kind,
        subject=composed.subject,
        explanation=composed.explanation,
        context={**composed.context, **(kept or {})},
        originals=composed.originals[:_ORIGINALS],
        copies=composed.copies[:_COPIES],
        prepared_by=user,
        prepared_on=clock.today(),
    )
    trail.record(PREPARE, letter, after={"kind": kind, "subject": composed.subject}, case=to.number)
    return letter


def write_free(user: User, to: names.To, *, topic: str, body: Sequence[str]) -> Letter:
    """Draft a letter that no act of the portal calls for, to the association of a case or to an association itself."""
    ground = cast("Application", to)
    with trail.unit_of_work(actor_for(user, ground, CASE_HANDLERS)):
        require(holds(user, ground, CASE_HANDLERS))
        return prepare(user, to, LetterKind.FREE, topic=topic, body=list(body))


def edit(
    user: User,
    letter: Letter,
    values: Mapping[str, Any],
    *,
    sending: Mapping[str, str] | None = None,
    edition: int | None = None,
) -> Letter:
    """Change the words of a draft. Raises Refused once it is issued. `sending` is the number and the day planned for
    dispatch.

    `edition` is that of the page that showed the draft; StaleError when the draft was saved since. None accepts any
    edition.
    """
    with trail.unit_of_work(actor_for(user, letter_ground(letter), CASE_HANDLERS)):
        row = locked_draft(user, letter)
        if edition not in (None, row.edition):
            raise StaleError
        before, after = words_of(row), {name: values[name] for name in values if name in words_of(row)}
        old, new = trail.changes({name: before[name] for name in after}, after)
        kept = row.context.get("sending", {}) if sending is None else dict(sending)
        if new or kept != row.context.get("sending", {}):
            put(user, row, values)
            row.context = {**row.context, "sending": kept}
            row.edition += 1
            row.save(update_fields=[*EDITED, "context", "edition"])
        if new:
            trail.record(EDIT, row, before=old, after=new, case=row.case_number)
        return row


def words_of(letter: Letter) -> dict[str, Any]:
    """Return what can be edited, by the names of the form's fields."""
    values: dict[str, Any] = {name: getattr(letter, name) for name in EDITED}
    values |= {name: letter.context.get(name, "") for name in EDITED_CONTEXT}
    return values | {f"contact_{name}": letter.context["contact"].get(name, "") for name in CONTACT}


def put(user: User, letter: Letter, values: Mapping[str, Any]) -> None:
    """Set the edited words on the unsaved letter. The contact is the officer in post at the time, unless another one
    was written in.
    """
    before = words_of(letter)
    for name in EDITED:
        setattr(letter, name, values.get(name, before[name]))
    context = {name: values.get(name, before[name]) for name in EDITED_CONTEXT}
    typed = {name: values.get(f"contact_{name}", before[f"contact_{name}"]) for name in CONTACT}
    posted = names.contact_of(names.receiver_of(letter), user, clock.today())
    if any(typed[name] != before[f"contact_{name}"] for name in CONTACT):
        same = all(typed[name] == posted[name] for name in CONTACT)
        context["contact"] = posted if same else {**typed, "user": None}
    letter.context = {**letter.context, **context}


def as_issued(letter: Letter, on: dt.date, *, user: User | None = None) -> Letter:
    """Return an unsaved copy of a draft with the names and days that it would have if it were issued on the day."""
    row = copy.copy(letter)
    names.redate(row, on, user)
    days = terms.days_of(row, on)
    row.subject = marks.filled(row.subject, days, row.county)
    row.explanation = [marks.filled(text, days, row.county) for text in row.explanation]
    return row


def replace(user: User, letter: Letter) -> Letter:
    """Draft a replacement with the words of an issued letter; issuing it makes that letter void."""
    with trail.unit_of_work(actor_for(user, letter_ground(letter), CASE_HANDLERS)):
        old = locked(letter)
        require(holds(user, letter_ground(old), CASE_HANDLERS))
        if old.status != LetterStatus.ISSUED:
            raise Refused(_("已發文的公文才需要另發新函取代。"))
        if draft := Letter.objects.filter(context__replaces=old.pk, status=LetterStatus.DRAFT).first():
            return draft
        draft = Letter.objects.create(
            application=old.application,
            organisation=old.organisation,
            county=old.county,
            kind=old.kind,
            # The marks again, so that the days are counted from the new letter's dispatch date.
            subject=old.context.get("draft_subject", old.subject),
            explanation=old.context.get("draft_explanation", old.explanation),
            context={**old.context, "replaces": old.pk},
            originals=old.originals,
            copies=old.copies,
            prepared_by=user,
            prepared_on=clock.today(),
        )
        after = {"replaces": old.dispatch_number}
        trail.record(PREPARE, draft, after=after, case=old.case_number)
        return draft


def cancel(user: User, letter: Letter) -> Letter:
    """Discard a draft that was to replace an issued letter; that letter stays in force."""
    with trail.unit_of_work(actor_for(user, letter_ground(letter), CASE_HANDLERS)):
        return move(locked(letter), "cancel", user)


def drop_corrections(case: Application) -> None:
    """Discard the drafts about a correction of a case that no longer needs them, inside the caller's unit of work."""
    drop(case, LetterKind.CORRECTION, LetterKind.EXTENSION)


def drop(case: Application, *kinds: LetterKind) -> None:
    """Discard the drafts of these kinds, inside the caller's unit of work: the thing is over, or another one comes."""
    for draft in lock_all(case.letters.filter(kind__in=kinds, status=LetterStatus.DRAFT)):
        move(draft, "drop", None)


def as_shown(letter: Letter, on: dt.date | None = None, *, user: User | None = None) -> Letter:
    """Return a draft as it would be issued on the day (default: today); an issued letter as it stands."""
    return as_issued(letter, on or clock.today(), user=user) if letter.status == LetterStatus.DRAFT else letter


def preview(letters: Sequence[Letter], *, on: dt.date | None = None, user: User | None = None) -> bytes:
    """Return the PDF of letters. Drafts are marked 稿, with names and days as if issued on the day (default: today).

    Raises Refused with what no font can draw.
    """
    return printed([as_shown(row, on, user=user) for row in letters])


def printed(letters: Sequence[Letter], *, final: bool = False) -> bytes:
    """Return the PDF of the letters as they stand. Raises Refused with what no font can draw, or where no PDFs are made."""
    try:
        return compose.render(letters, final=final)
    except pdf.UnavailableError as error:
        log.warning("no PDF: %s", error)
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from error


def cited(letter: Letter) -> str:
    """Return how another letter names an issued one: its date and number."""
    assert letter.dispatched_on is not None
    return f"{format_roc(letter.dispatched_on)}{letter.dispatch_number}函"


def locked(letter: Letter) -> Letter:
    rows = Letter.objects.select_related(
        "application__organisation__township", "application__scheme", "application__officer", "organisation__township"
    )
    return lock(rows, pk=letter.pk)


def locked_draft(user: User, letter: Letter) -> Letter:
    row = locked(letter)
    require(holds(user, letter_ground(row), CASE_HANDLERS))
    if row.status != LetterStatus.DRAFT:
        raise Refused(_("這份公文已經發文，不能再修改；要更正請另發新函。"))
    return row
