"""An import from its file to the registry: nothing of the registry is written before the officer confirms what was shown.

The whole list is written or none of it. The trail has an entry for each body that was added or changed, so that its own
history says what the list did to it, and one for the list with its counts and the hash of its file.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities import actions
from communities.enums import RowOutcome
from communities.models import ImportRow, RegistryImport
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.sheets import Limits, rows_of
from miaoli_kaohsiung.lib import clock, duplicates
from miaoli_kaohsiung.lib.access import Refused

from .book import Book
from .columns import BANK, BY_KEY, heads_at, matched
from .rows import Row, compare
from .writing import write

BATCH = 250
MOST_ROWS = 5_000
LIMITS = Limits(bytes=10 * 1024 * 1024, rows=MOST_ROWS + 10, columns=80, longest=2_000, text=True)
# Days after which an import that nobody confirmed, and the rows of a confirmed one, are deleted.
DAYS_WAITING = 14
DAYS_KEPT = 90


class ListRefused(Refused):
    """A list that cannot be read or taken."""


class ChangedMeanwhile(Refused):
    """The registry is no longer what the preview was compared with; nothing was written."""


def start(by: Actor, county: str, upload: "UploadedFile[Any]") -> RegistryImport:
    """Read a file and keep its rows for the next steps. Raises UnreadableSheetError, ListRefused."""
    rows = rows_of(upload, LIMITS)
    place = heads_at(rows)
    body = [(number, cells) for number, cells in enumerate(rows[place + 1 :], start=place + 2) if any(cells)]
    if not body:
        raise ListRefused(_("這個檔案沒有資料。第一列寫欄名，從第二列起一列一個單位。"))
    if len(body) > MOST_ROWS:
        raise ListRefused(_("一次最多 %(rows)d 列，請分成幾個檔案。") % {"rows": MOST_ROWS})
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    with trail.unit_of_work(by):
        made = RegistryImport.objects.create(
            county=county,
            file_name=(upload.name or _("檔案"))[-120:],
            sha256=digest.hexdigest(),
            heads=rows[place],
            made_by=by.user,
            made_on=clock.today(),
        )
        kept = (ImportRow(registry_import=made, number=number, cells=cells) for number, cells in body)
        ImportRow.objects.bulk_create(kept, batch_size=500)
    return made


def guessed(registry_import: RegistryImport) -> list[str]:
    """Return what the columns of the file seem to be."""
    return matched(registry_import.heads)


def preview(by: Actor, registry_import: RegistryImport, columns: list[str], accepted: list[str]) -> None:
    """Compare the rows with the registry, with these columns and these questions answered. Raises ListRefused."""
    known = [key for key in columns if key in BY_KEY]
    if len(set(known)) < len(known):
        raise ListRefused(_("同一個欄位選了兩次，請只留一個。"))
    if not {"pk", "name", "tax_id"} & set(known):
        raise ListRefused(_("請選出哪一欄是單位名稱。"))
    with trail.unit_of_work(by):
        registry_import = _waiting(registry_import)
        registry_import.columns = [key if key in BY_KEY or key == BANK else "" for key in columns]
        registry_import.accepted = accepted
        counts: Counter[str] = Counter()
        for kept, rows in _compared(registry_import):
            counts.update(row.outcome(accepted) for row in rows)
            ImportRow.objects.filter(pk__in=[one.pk for one in kept]).delete()
            ImportRow.objects.bulk_create(
                _with_outcome(one, row, accepted) for one, row in zip(kept, rows, strict=True)
            )
        registry_import.counts = {outcome: counts[outcome] for outcome in RowOutcome.values}
        registry_import.save(update_fields=["columns", "accepted", "counts"])


def confirm(by: Actor, registry_import: RegistryImport) -> RegistryImport:
    """Write what the preview showed, and only that. Raises ChangedMeanwhile, ListRefused."""
    try:
        with trail.unit_of_work(by), transaction.atomic():
            registry_import = _waiting(registry_import)
            for kept, rows in _compared(registry_import, lock=True):
                if any(_differs(one, row, registry_import.accepted) for one, row in zip(kept, rows, strict=True)):
                    raise ChangedMeanwhile(_("預覽之後登記資料有人改過。請再看一次新的預覽，再確認匯入。"))
                write([row for row in rows if row.outcome(registry_import.accepted) != RowOutcome.REFUSED])
            registry_import.confirmed_by, registry_import.confirmed_on = by.user, clock.today()
            registry_import.save(update_fields=["confirmed_by", "confirmed_on"])
            after = {"counts": registry_import.counts, "sha256": registry_import.sha256}
            trail.record(actions.IMPORT, registry_import, after=after)
    except IntegrityError as error:
        if not duplicates.columns_of(error):
            raise
        raise ChangedMeanwhile(_("剛剛有人登錄了名單裡的單位。請再看一次新的預覽，再確認匯入。")) from error
    return registry_import


def discard(by: Actor, registry_import: RegistryImport) -> None:
    """Forget an import that was not confirmed."""
    with trail.unit_of_work(by):
        row = _waiting(registry_import)
        trail.record(actions.DISCARD_IMPORT, row, before={"file_name": row.file_name, "sha256": row.sha256})
        row.delete()


def forget(day: dt.date) -> int:
    """Delete imports that nobody confirmed, and the rows of older ones; return how many. Runs with the daily jobs."""
    waiting = RegistryImport.objects.filter(confirmed_on=None, made_on__lte=day - dt.timedelta(days=DAYS_WAITING))
    old = ImportRow.objects.filter(registry_import__confirmed_on__lte=day - dt.timedelta(days=DAYS_KEPT))
    with trail.unit_of_work(Actor.daily()):
        ended = old.values("registry_import").distinct().count() + waiting.count()
        old.delete()
        waiting.delete()
    return ended


def _waiting(registry_import: RegistryImport) -> RegistryImport:
    found = RegistryImport.objects.select_for_update(of=("self",)).filter(pk=registry_import.pk).first()
    if found is None or found.confirmed_on:
        raise ListRefused(_("這份名單已經匯入或不匯入了。"))
    return found


def _compared(registry_import: RegistryImport, *, lock: bool = False) -> Iterator[tuple[list[ImportRow], list[Row]]]:
    book, last = Book(registry_import.county), 0
    while kept := list(registry_import.rows.filter(number__gt=last).order_by("number")[:BATCH]):
        yield kept, compare(book, registry_import.columns, kept, lock=lock)
        last = kept[-1].number


def _with_outcome(kept: ImportRow, row: Row, accepted: list[str]) -> ImportRow:
    kept.pk = None
    kept.name = row.name[:120]
    kept.outcome, kept.changes, kept.problems = _said(row, accepted)
    return kept


def _differs(kept: ImportRow, row: Row, accepted: list[str]) -> bool:
    return (kept.outcome, kept.changes, kept.problems) != _said(row, accepted)


def _said(row: Row, accepted: list[str]) -> tuple[str, list[list[str]], list[list[str]]]:
    problems = [[problem.key, problem.sentence, problem.code] for problem in row.problems]
    return row.outcome(accepted).value, row.changes, problems
