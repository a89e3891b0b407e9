"""Letters: drafted with the decision, edited, issued once with the number of the county's document system, printed.

An issued letter's bytes and their SHA-256 are kept and handed out as they are; only a later letter takes its place.
"""

import datetime as dt
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from kombu.exceptions import KombuError, OperationalError

from grants import letters as words
from grants.enums import LetterKind, LetterStatus
from grants.models import Application, Letter, PrintRun
from grants.permissions import actor_for, holds
from grants.workflow import letters as workflow
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files import services as files
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.text import half_width

from . import telling

log = logging.getLogger(__name__)

PREPARE = actions.register("letter.prepare", _l("擬函稿"))
EDIT = actions.register("letter.edit", _l("修改函稿"))
PRINT = actions.register("letter.print", _l("排印公文"))
PDF = "application/pdf"
PRINT_TASK = "grants.print_letters"
WRITERS = (Role.CASE_OFFICER, Role.APPROVER)
PRINTERS = (*WRITERS, Role.ADMINISTRATOR)
MOST_IN_A_RUN = 100
EDITED = ("subject", "explanation", "originals", "copies")
EDITED_CONTEXT = ("urgency", "file_number", "retention")
# 府社區字第0990001234號: the word of the office, then seven to eleven digits.
_NUMBER = re.compile(r"[^\s\d第字號]{1,10}字第\d{7,11}號")


def prepare(user: User, case: Application, kind: LetterKind, **facts: object) -> Letter:
    """Draft a letter of the kind, inside the caller's unit of work. See `grants.letters.compose` for `facts`."""
    officer = case.officer or user
    told = words.compose(kind, case, officer, clock.today(), **facts)
    letter = Letter.objects.create(
        application=case,
        county=case.county,
        kind=kind,
        subject=told.subject,
        explanation=told.explanation,
        context=told.context,
        originals=told.originals[:200],
        copies=told.copies[:200],
        prepared_by=user,
        prepared_on=clock.today(),
    )
    trail.record(PREPARE, letter, after={"kind": kind, "subject": told.subject}, case=case.number)
    return letter


def edit(user: User, letter: Letter, values: Mapping[str, Any]) -> Letter:
    """Change the words of a draft. Refused once it is issued."""
    with trail.unit_of_work(actor_for(user, letter.application, WRITERS)):
        row = _draft(user, letter)
        before = {name: getattr(row, name) for name in EDITED}
        before |= {name: row.context[name] for name in EDITED_CONTEXT}
        for name in EDITED:
            setattr(row, name, values[name])
        row.context = {**row.context, **{name: values[name] for name in EDITED_CONTEXT}}
        row.save(update_fields=[*EDITED, "context"])
        old, new = trail.changes(before, {name: values[name] for name in (*EDITED, *EDITED_CONTEXT)})
        if new:
            trail.record(EDIT, row, before=old, after=new, case=row.application.number)
        return row


def check_number(typed: str) -> str:
    """The dispatch number as the letter prints it. ValueError with a sentence for the person who typed."""
    number = re.sub(r"\s+", "", half_width(typed))
    if not _NUMBER.fullmatch(number):
        raise ValueError(_("發文字號的格式是「○○字第0990001234號」，請照公文系統給的字號輸入。"))
    return number


def issue(user: User, letter: Letter, *, dispatch_number: str, dispatched_on: dt.date) -> Letter:
    """Render the letter for the only time, keep its bytes, and lock it. The same number posted twice is one issue.

    Raises Refused: a number that another letter has, a date in the future, characters that no font has, no PDF here.
    """
    with trail.unit_of_work(actor_for(user, letter.application, WRITERS)) as actor:
        row = _locked(letter)
        if row.status == LetterStatus.ISSUED and row.dispatch_number == dispatch_number:
            return row
        require(workflow.TABLE.answer(row, "issue", user))
        if dispatched_on > clock.today():
            raise Refused(_("發文日期不能晚於今天。"))
        _unused(row, dispatch_number)
        row.dispatch_number, row.dispatched_on = dispatch_number, dispatched_on
        words.redated(row, dispatched_on)
        data = _pdf([row])
        row.sha256 = hashlib.sha256(data).hexdigest()
        row.file = files.keep(data, f"{dispatch_number}.pdf", content_type=PDF, actor=actor, purpose="letter")
        row.issued_by, row.issued_at = user, clock.now()
        _save_numbered(row)
        row = workflow.move(row, "issue", user, dispatch_number=dispatch_number, sha256=row.sha256)
        _void_replaced(user, row)
        _tell_issued(row)
        return row


def replace(user: User, letter: Letter) -> Letter:
    """A new draft with the words of an issued letter, which it makes void when it is issued itself."""
    with trail.unit_of_work(actor_for(user, letter.application, WRITERS)):
        old = _locked(letter)
        require(holds(user, old.application, WRITERS))
        if old.status != LetterStatus.ISSUED:
            raise Refused(_("已發文的公文才需要另發新函取代。"))
        if draft := old.application.letters.filter(context__replaces=old.pk, status=LetterStatus.DRAFT).first():
            return draft
        draft = Letter.objects.create(
            application=old.application,
            county=old.county,
            kind=old.kind,
            subject=old.subject,
            explanation=old.explanation,
            context={**old.context, "replaces": old.pk},
            originals=old.originals,
            copies=old.copies,
            prepared_by=user,
            prepared_on=clock.today(),
        )
        after = {"replaces": old.dispatch_number}
        trail.record(PREPARE, draft, after=after, case=old.application.number)
        return draft


def preview(letter: Letter) -> bytes:
    """The PDF of a draft, marked 稿. Raises Refused with what no font can draw."""
    return _pdf([letter])


def start_run(user: User, letters: Sequence[Letter]) -> PrintRun:
    """Ask for several letters as one file; a worker makes it and the page can be left meanwhile."""
    require_printer(user)
    if not letters:
        raise Refused(_("請先勾選要排印的公文。"))
    if len(letters) > MOST_IN_A_RUN:
        raise Refused(_("一次最多排印 %(most)d 件，請分次辦理。") % {"most": MOST_IN_A_RUN})
    counties = {letter.county for letter in letters}
    if len(counties) > 1:
        raise Refused(_("兩縣的公文請分開排印。"))
    post = next(post for post in posts_of(user) if post.role in PRINTERS)
    with trail.unit_of_work(Actor(user, post.label)):
        run = PrintRun.objects.create(
            county=counties.pop(), requested_by=user, requested_at=clock.now(), total=len(letters)
        )
        run.letters.set(letters)
        trail.record(PRINT, run, after={"letters": [letter.pk for letter in letters]})
        transaction.on_commit(_ring, robust=True)
    return run


def require_printer(user: User) -> None:
    if not any(post.role in PRINTERS for post in posts_of(user)):
        raise Refused(_("公文由承辦人、主管或系統管理員排印。"))


def print_pending() -> int:
    """Make the files of the runs that wait; answers how many. Any number of workers may call it at once."""
    done = 0
    while _print_next():
        done += 1
    return done


def _print_next() -> bool:
    with trail.unit_of_work(Actor.system("print_letters")) as actor:
        waiting = PrintRun.objects.select_for_update(skip_locked=True).filter(finished_at__isnull=True)
        run = waiting.order_by("id").first()
        if run is None:
            return False
        letters = list(run.letters.order_by("id"))
        try:
            data = _pdf(letters)
        except Refused as refused:
            run.error = refused.reason
        except Exception:  # a run that crashes must not hold up the others for ever; it is logged
            log.exception("print run %s crashed", run.pk)
            run.error = _("排印時發生錯誤，請通知系統管理員。")
        else:
            name = _("公文列印檔%(id)d.pdf") % {"id": run.pk}
            run.file, run.done = (
                files.keep(data, name, content_type=PDF, actor=actor, purpose="print_run"),
                len(letters),
            )
        run.finished_at = clock.now()
        run.save(update_fields=["file", "done", "error", "finished_at"])
        return True


def _ring() -> None:
    try:
        current_app.send_task(PRINT_TASK)
    except (OperationalError, KombuError, OSError) as error:
        log.warning("no bell for the print run, the sweep will find it: %r", error)


def _pdf(letters: Sequence[Letter]) -> bytes:
    try:
        return words.render(letters)
    except words.CannotPrintError as error:
        raise Refused(error.reason) from error
    except pdf.UnavailableError as error:
        log.warning("no PDF: %s", error)
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from error


def _locked(letter: Letter) -> Letter:
    rows = Letter.objects.select_for_update(of=("self",)).select_related("application__organisation")
    return rows.get(pk=letter.pk)


def _draft(user: User, letter: Letter) -> Letter:
    row = _locked(letter)
    require(holds(user, row.application, WRITERS))
    if row.status != LetterStatus.DRAFT:
        raise Refused(_("這份公文已經發文，不能再修改；要更正請另發新函。"))
    return row


def _save_numbered(row: Letter) -> None:
    """Another letter may have taken the number since it was looked for; the constraint knows."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise _taken(row.dispatch_number) from taken


def _taken(number: str) -> Refused:
    return Refused(_("發文字號 %(number)s 已經有另一份公文用過，請再核對。") % {"number": number})


def _unused(row: Letter, number: str) -> None:
    if Letter.objects.filter(county=row.county, dispatch_number=number).exclude(pk=row.pk).exists():
        raise _taken(number)


def _void_replaced(user: User, row: Letter) -> None:
    old = Letter.objects.filter(pk=row.context.get("replaces")).first()
    if old is None or old.status != LetterStatus.ISSUED:
        return
    old = workflow.move(old, "void", user, replaced_by=row.dispatch_number)
    old.replaced_by = row
    old.save(update_fields=["replaced_by"])


def _tell_issued(row: Letter) -> None:
    case = row.application
    subject = _("公文已發出，請查收")
    telling.tell_case(case, telling.members(case), f"letter-{row.pk}", subject, row.subject, f"/letters/{row.pk}.pdf")
