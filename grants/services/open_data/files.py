"""Open data as files. A request gets the copy that is there, and making copies takes only a small share of the time."""

import csv
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import tablib
from django.conf import settings
from django.db import connection, transaction

from grants.queries.open_data.fields import Dataset, headers, plain
from miaoli_kaohsiung.accounts.limits import HEAVY_WORK, TooBusyError
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.safe_cell import safe_row

from . import giving

# A copy is kept for so many times as long as it took to make, so making copies takes two hundredths of the time.
REST = 50
# The lock's place after those of limits.heavy_work; all processes together make one copy at a time.
MAKING = 100


def file_of(dataset: Dataset, extension: str) -> Path:
    """Return today's file of a dataset, making it now if there is no recent one.

    Raises TooBusyError if another file is being made and there is no older copy to return instead.
    """
    copy = _newest(dataset, extension)
    if copy and _is_young(copy):
        return copy
    with transaction.atomic():
        if _may_make():
            return _made(dataset, extension)
    if copy is None:
        raise TooBusyError
    return copy


def whole(dataset: Dataset, extension: str) -> bytes:
    """Return the file of a dataset as it is now; no copy is kept."""
    return b"".join(_pieces(dataset, extension))


def _may_make() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [HEAVY_WORK, MAKING])
        return bool(cursor.fetchone()[0])


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "open_data"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copies(dataset: Dataset, extension: str) -> list[Path]:
    return list(_folder().glob(f"{dataset.slug}-{clock.today():%Y%m%d}-*.{extension}"))


def _newest(dataset: Dataset, extension: str) -> Path | None:
    return max(_copies(dataset, extension), key=_made_at, default=None)


def _made_at(copy: Path) -> float:
    try:
        return copy.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _is_young(copy: Path) -> bool:
    """Return whether the copy is recent enough. Its name says how many milliseconds it took to make."""
    took = int(copy.stem.rpartition("-")[2]) / 1000
    return 0 <= time.time() - _made_at(copy) < REST * took


def _made(dataset: Dataset, extension: str) -> Path:
    began = time.monotonic()
    with tempfile.NamedTemporaryFile(dir=_folder(), prefix=".making-", delete=False) as part:
        path = Path(part.name)
        try:
            for piece in _pieces(dataset, extension):
                part.write(piece)
        except BaseException:
            path.unlink()
            raise
    took = max(1, round((time.monotonic() - began) * 1000))
    older = list(_folder().glob(f"{dataset.slug}-*.{extension}"))
    made = path.rename(_folder() / f"{dataset.slug}-{clock.today():%Y%m%d}-{took}.{extension}")
    for copy in older:
        if copy != made:
            with suppress(FileNotFoundError):
                copy.unlink()
    return made


def _pieces(dataset: Dataset, extension: str) -> Iterator[bytes]:
    if extension in LINES:
        yield from (line.encode() for line in LINES[extension](dataset))
    else:
        yield _spreadsheet(dataset, extension)


class _Echo:
    """A file whose `write` returns what it is given, for csv.writer over a stream."""

    def write(self, text: str) -> str:
        return text


def _csv(dataset: Dataset) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Without this mark spreadsheets read a CSV in another encoding.
    yield "\ufeff"
    yield writer.writerow(headers(dataset))
    for row in dataset.rows():
        yield writer.writerow(safe_row(plain(value) for value in row))


def _json(dataset: Dataset) -> Iterator[str]:
    keys = [field.key for field in dataset.fields]
    yield f'{{"dataset": {json.dumps(dataset.slug)}, "made_on": "{clock.today().isoformat()}", "rows": ['
    comma = ""
    for row in dataset.rows():
        cells = dict(zip(keys, (plain(value) for value in row), strict=True))
        yield f"{comma}\n{json.dumps(cells, ensure_ascii=False)}"
        comma = ","
    yield "\n]}\n"


def _giving(dataset: Dataset) -> Iterator[str]:
    """The awards in the 360Giving standard, whatever the columns of the dataset are."""
    yield '{"grants": ['
    comma = ""
    for grant in giving.grants():
        yield f"{comma}\n{json.dumps(grant, ensure_ascii=False)}"
        comma = ","
    yield "\n]}\n"


# How a file is written line by line, by its extension; any other is a spreadsheet.
LINES: dict[str, Callable[[Dataset], Iterator[str]]] = {"csv": _csv, "json": _json, "giving": _giving}


def _spreadsheet(dataset: Dataset, extension: str) -> bytes:
    sheet = tablib.Dataset(headers=headers(dataset), title=dataset.slug)
    for row in dataset.rows():
        sheet.append(safe_row(plain(value) for value in row))
    return bytes(sheet.export(extension))
