"""Print runs: several letters as one file, made by a worker."""

import logging
from collections.abc import Sequence

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from kombu.exceptions import KombuError, OperationalError

from grants.models import Letter, PrintRun
from miaoli_kaohsiung.accounts.audiences import LETTER_PRINTERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from .drafts import PDF, preview

log = logging.getLogger(__name__)

PRINT = actions.register("letter.print", _l("排印公文"))
PRINT_TASK = "grants.print_letters"
MOST_IN_A_RUN = 100


def start_run(user: User, letters: Sequence[Letter]) -> PrintRun:
    """Ask for several letters as one file. A worker makes it, so the page can be left meanwhile."""
    require_printer(user)
    if not letters:
        raise Refused(_("請先勾選要排印的公文。"))
    if len(letters) > MOST_IN_A_RUN:
        raise Refused(_("一次最多排印 %(most)d 件，請分次辦理。") % {"most": MOST_IN_A_RUN})
    counties = {letter.county for letter in letters}
    if len(counties) > 1:
        raise Refused(_("不同縣的公文請分開排印。"))
    post = next(post for post in posts_of(user) if post.role in LETTER_PRINTERS)
    with trail.unit_of_work(Actor(user, post.label)):
        run = PrintRun.objects.create(
            county=counties.pop(), requested_by=user, requested_at=clock.now(), total=len(letters)
        )
        run.letters.set(letters)
        trail.record(PRINT, run, after={"letters": [letter.pk for letter in letters]})
        transaction.on_commit(_ring, robust=True)
    return run


def require_printer(user: User) -> None:
    if not any(post.role in LETTER_PRINTERS for post in posts_of(user)):
        raise Refused(_("公文由承辦人、主管或系統管理員排印。"))


def print_pending() -> int:
    """Make the files of the waiting runs and return how many. Any number of workers may call it at once."""
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
            data = preview(letters)
        except Refused as refused:
            run.error = refused.reason
        except Exception:  # a run that crashes must not hold up the others for ever; it is logged
            log.exception("print run %s crashed", run.pk)
            run.error = _("排印時發生錯誤，請通知系統管理員。")
        else:
            name = _("公文列印檔%(id)d.pdf") % {"id": run.pk}
            run.file, run.done = (
                keep(data, name, content_type=PDF, actor=actor, purpose="print_run"),
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
