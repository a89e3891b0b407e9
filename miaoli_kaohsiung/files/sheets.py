"""Uploaded spreadsheets: read in a process of their own, so that a file that crashes or stalls its reader harms nothing
else. Nothing is kept.
"""

import tempfile
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib.access import Refused

from .messages import BUSY
from .processes import NoAnswerError, ask


@dataclass(frozen=True)
class Limits:
    """What a table may be at most; `text` says whether a CSV is read as well."""

    bytes: int = 2 * 1024 * 1024
    rows: int = 200
    columns: int = 40
    longest: int = 500
    text: bool = False


BUDGET = Limits()
MOST_BYTES = BUDGET.bytes
WORDS = {
    "too_large": _l("檔案太大，試算表最多 %(megabytes)d MB。"),
    "too_complex": _l("這個檔案太複雜，讀不完。請只留下要匯入的那一張表，另存新檔再試。"),
    "not_a_spreadsheet": _l("這個檔案不是 XLSX 或 ODS 試算表，或設了密碼。請另存成 ODS 或 XLSX 再試。"),
    "not_a_table": _l("這個檔案不是試算表，也不是 CSV，或設了密碼。請另存成 ODS、XLSX 或 CSV 再試。"),
    "busy": BUSY,
    "too_many_rows": _l("列數太多，最多 %(rows)d 列。請只留下要匯入的那一張表，或分成幾個檔案。"),
}


class UnreadableSheetError(Refused):
    """The file holds no readable table; the message is for the person who uploaded it."""

    def __init__(self, code: str, limits: Limits = BUDGET) -> None:
        params = {"megabytes": limits.bytes // 1024 // 1024, "rows": limits.rows}
        super().__init__(str(WORDS.get(code, WORDS["too_complex"])) % params)


def rows_of(upload: "UploadedFile[Any]", limits: Limits = BUDGET) -> list[list[str]]:
    """Return the rows of the first table as text. Raises UnreadableSheetError."""
    if (upload.size or 0) > limits.bytes:
        raise UnreadableSheetError("too_large", limits)
    with tempfile.NamedTemporaryFile(suffix=".sheet") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            sizes = (str(limits.rows), str(limits.columns), str(limits.longest))
            answer = ask("sheet_reader", kept.name, *sizes, "text" if limits.text else "")
        except NoAnswerError as error:
            raise UnreadableSheetError("busy" if error.busy else "too_complex", limits) from error
    if "refused" in answer:
        raise UnreadableSheetError(answer["refused"], limits)
    rows: list[list[str]] = answer["rows"]
    return rows
