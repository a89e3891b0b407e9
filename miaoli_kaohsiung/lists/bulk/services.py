"""Acts on several rows: chosen, confirmed once, and then done by a worker, each row in its own unit of work."""

import logging
from collections.abc import Sequence

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from kombu.exceptions import KombuError, OperationalError

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lists.enums import RowState
from miaoli_kaohsiung.lists.models import BulkRow, BulkRun

from .kinds import Kind, Options, kind_of

log = logging.getLogger(__name__)

CHOOSE = actions.register("list.bulk_choose", _l("選了整批要辦的列"))
CONFIRM = actions.register("list.bulk_confirm", _l("確認整批辦理"))
FINISH = actions.register("list.bulk_finish", _l("整批辦理完畢"))
TASK = "lists.bulk"


def choose(user: User, kind: Kind, keys: Sequence[int], back: str) -> BulkRun:
    """Keep which rows were chosen, to be looked at and confirmed. Raises Refused."""
    if not post_with(user, kind.roles):
        raise Refused(_("您的職務不能辦理這一項。"))
    planned = kind.plan(user, keys, {})
    if not planned:
        raise Refused(_("請先勾選要辦的列。"))
    with trail.unit_of_work(actor(user, kind.roles)):
        run = BulkRun.objects.create(kind=kind.name, requested_by=user, requested_at=clock.now(), back=back[:1200])
        rows = [
            BulkRow(run=run, position=place, key=row.key, label=row.label[:200], url=row.url)
            for place, row in enumerate(planned)
        ]
        BulkRow.objects.bulk_create(rows)
        trail.record(CHOOSE, run, after={"rows": len(rows)})
    return run


def confirm(user: User, run: BulkRun, options: Options) -> BulkRun:
    """Let a worker begin, with what is planned for each row now. Confirmed once more, it changes nothing."""
    kind = kind_of(run.kind)
    with trail.unit_of_work(actor(user, kind.roles)):
        row = BulkRun.objects.select_for_update().get(pk=run.pk)
        if row.requested_by_id != user.pk or not post_with(user, kind.roles):
            raise Refused(_("整批作業由選取的人自己確認。"))
        if row.confirmed_at is None:
            row.confirmed_at, row.options = clock.now(), options
            row.save(update_fields=["confirmed_at", "options"])
            _keep_details(user, row, kind)
            trail.record(CONFIRM, row, after={"options": options, "rows": row.rows.count()})
            transaction.on_commit(_ring, robust=True)
    return row


def _keep_details(user: User, run: BulkRun, kind: Kind) -> None:
    rows = {row.key: row for row in run.rows.all()}
    for planned in kind.plan(user, list(rows), run.options):
        rows[planned.key].detail = planned.detail
    BulkRow.objects.bulk_update(rows.values(), ["detail"])


def work_pending() -> int:
    """Do the waiting rows of confirmed runs, and return how many. Any number of workers may call it at once; one that is
    killed leaves its row waiting.
    """
    done = 0
    while _next_row():
        done += 1
    for run in BulkRun.objects.filter(confirmed_at__isnull=False, finished_at=None):
        _finish(run)
    return done


def _next_row() -> bool:
    with transaction.atomic():
        waiting = BulkRow.objects.select_for_update(skip_locked=True, of=("self",))
        waiting = waiting.filter(run__confirmed_at__isnull=False, run__finished_at=None, state=RowState.WAITING)
        row = waiting.select_related("run__requested_by").order_by("run_id", "position").first()
        if row is None:
            return False
        row.state, row.words = _outcome(row)
        row.save(update_fields=["state", "words"])
        return True


def _outcome(row: BulkRow) -> tuple[str, str]:
    try:
        with transaction.atomic():
            options = {**row.run.options, **row.detail}
            return RowState.DONE, kind_of(row.run.kind).act(row.run.requested_by, row.key, options)
    except Refused as refused:
        return RowState.REFUSED, refused.reason
    except Exception:  # a row that crashes must not keep the others waiting for ever; it is logged
        log.exception("row %s of bulk run %s crashed", row.pk, row.run_id)
        return RowState.REFUSED, _("辦理時發生錯誤，請打開這一件單獨辦理，或通知系統管理員。")


def _finish(run: BulkRun) -> None:
    """Note that a run is done, once none of its rows waits, in whatever worker."""
    with trail.unit_of_work(Actor.system("bulk")):
        row = BulkRun.objects.select_for_update().get(pk=run.pk)
        if row.finished_at is not None or row.rows.filter(state=RowState.WAITING).exists():
            return
        row.finished_at = clock.now()
        row.save(update_fields=["finished_at"])
        trail.record(FINISH, row, after={"done": row.rows.filter(state=RowState.DONE).count()})


def _ring() -> None:
    try:
        current_app.send_task(TASK)
    except (OperationalError, KombuError, OSError) as error:
        log.warning("no bell for the bulk run, the sweep will find it: %r", error)
