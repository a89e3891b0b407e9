"""Print runs: any number of letters as one file, made part by part by workers.

A part is a row that one process holds while it sets the letters; what it made is committed with it. So a run goes on after
a kill with the first letter that no part has, several workers share a run, and memory does not grow with it.
"""

import logging
from collections.abc import Sequence

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from kombu.exceptions import KombuError, OperationalError

from grants.letters import compose, names
from grants.models import Letter, PrintPart, PrintRun
from miaoli_kaohsiung.accounts.audiences import LETTER_PRINTERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused

from .drafts import PDF, SHOWN_WITH, as_shown

log = logging.getLogger(__name__)

PRINT = actions.register("letter.print", _l("排印公文"))
PRINT_TASK = "grants.print_letters"
# Fonts are embedded once a part, and a part is what a kill costs.
LETTERS_A_PART = 28
CRASHED = _l("排印時發生錯誤，請通知系統管理員。")
# Workers that are called for one run; each sets parts until none is left.
MOST_BELLS = 4


def start_run(user: User, letters: Sequence[Letter], *, duplex: bool = False) -> PrintRun:
    """Ask for letters as one file, in their order. Workers make it, so the page can be left meanwhile. `duplex` puts an
    empty page after each letter that ends on the front of a sheet.
    """
    require_printer(user)
    if not letters:
        raise Refused(_("請先勾選要排印的公文。"))
    counties = {letter.county for letter in letters}
    if len(counties) > 1:
        raise Refused(_("不同縣的公文請分開排印。"))
    post = next(post for post in posts_of(user) if post.role in LETTER_PRINTERS)
    with trail.unit_of_work(Actor(user, post.label)):
        run = PrintRun.objects.create(
            county=counties.pop(), requested_by=user, requested_at=clock.now(), total=len(letters), duplex=duplex
        )
        run.letters.set(letters)
        keys = [letter.pk for letter in letters]
        starts = range(0, len(keys), LETTERS_A_PART)
        parts = [PrintPart(run=run, position=at + 1, letters=keys[at : at + LETTERS_A_PART]) for at in starts]
        PrintPart.objects.bulk_create(parts)
        trail.record(PRINT, run, after={"letters": keys})
        transaction.on_commit(lambda: _ring(min(len(parts), MOST_BELLS)), robust=True)
    return run


def require_printer(user: User) -> None:
    if not any(post.role in LETTER_PRINTERS for post in posts_of(user)):
        raise Refused(_("公文由承辦人、主管或系統管理員排印。"))


def print_pending() -> int:
    """Make the files of the waiting runs and return how many. Any number of workers may call it at once."""
    done = 0
    while True:
        if _join_next():
            done += 1
        elif not _set_next():
            return done


def _set_next() -> bool:
    """Set the first part that nobody holds. The row stays locked meanwhile; a kill frees it."""
    with trail.unit_of_work(Actor.system("print_letters")):
        waiting = PrintPart.objects.select_for_update(skip_locked=True, of=("self",)).select_related("run")
        part = waiting.filter(data=None, run__finished_at=None).order_by("run_id", "position").first()
        if part is None:
            return False
        found = Letter.objects.select_related(*SHOWN_WITH).in_bulk(part.letters)
        with names.read_once():
            letters = [as_shown(found[key]) for key in part.letters]
        title = letters[0].subject if part.run.total == 1 else _("公文列印檔（%d 件）") % part.run.total
        try:
            part.data = compose.part(letters, title, even=part.run.duplex)
        except Refused as refused:
            _give_up(part.run, refused.reason)
        except pdf.UnavailableError as error:
            log.warning("no PDF: %s", error)
            _give_up(part.run, _("這臺主機目前不能製作 PDF，請通知系統管理員。"))
        except Exception:  # a run that crashes must not hold up the others for ever; it is logged
            log.exception("a part of print run %s crashed", part.run_id)
            _give_up(part.run, str(CRASHED))
        else:
            if PrintRun.objects.filter(pk=part.run_id, finished_at=None).update(done=F("done") + len(letters)):
                part.save(update_fields=["data"])
        return True


def _join_next() -> bool:
    """Make the file of the first run whose parts are all set."""
    with trail.unit_of_work(Actor.system("print_letters")) as actor:
        unset = PrintPart.objects.filter(data=None).values("run_id")
        waiting = PrintRun.objects.select_for_update(skip_locked=True).filter(finished_at=None)
        run = waiting.exclude(pk__in=unset).order_by("id").first()
        if run is None:
            return False
        try:
            kept = run.parts.order_by("position").values_list("data", flat=True)
            data = pdf.joined(bytes(part or b"") for part in kept.iterator(chunk_size=1))
        except Exception:  # as above
            log.exception("print run %s crashed", run.pk)
            _give_up(run, str(CRASHED))
            return True
        name = _("公文列印檔%(id)d.pdf") % {"id": run.pk}
        run.file = keep(data, name, content_type=PDF, actor=actor, purpose="print_run")
        run.finished_at = clock.now()
        run.save(update_fields=["file", "finished_at"])
        run.parts.all().delete()
        return True


def _give_up(run: PrintRun, reason: str) -> None:
    """End the run with the reason; what others are setting for it meanwhile is not kept."""
    PrintRun.objects.filter(pk=run.pk, finished_at=None).update(error=reason, finished_at=clock.now())
    run.parts.filter(data__isnull=False).delete()


def _ring(times: int) -> None:
    try:
        for _time in range(times):
            current_app.send_task(PRINT_TASK)
    except (OperationalError, KombuError, OSError) as error:
        log.warning("no bell for the print run, the sweep will find it: %r", error)
