"""Uploaded spreadsheets: read in a process of their own, so that a file that crashes or stalls its reader harms nothing
else. Nothing is kept.
"""

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib.access import Refused

from .processes import NoAnswerError, ask

MOST_BYTES = 2 * 1024 * 1024
WORDS = {
    "too_large": _l("檔案太大，試算表最多 2 MB。"),
    "too_complex": _l("這個檔案太複雜，讀不完。請只留下經費表，另存新檔再試。"),
    "not_a_spreadsheet": _l("這個檔案不是 XLSX 或 ODS 試算表，或設了密碼。請另存成 ODS 或 XLSX 再試。"),
    "too_many_rows": _l("列數太多，最多 200 列。請只留下經費表。"),
}


class UnreadableSheetError(Refused):
    """The file holds no readable table; the message is for the person who uploaded it."""

    def __init__(self, code: str) -> None:
        super().__init__(str(WORDS.get(code, WORDS["too_complex"])))


def rows_of(upload: "UploadedFile[Any]") -> list[list[str]]:
    """Return the rows of the first table as text. Raises UnreadableSheetError."""
    if (upload.size or 0) > MOST_BYTES:
        raise UnreadableSheetError("too_large")
    with tempfile.NamedTemporaryFile(suffix=".sheet") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            answer = ask("sheet_reader", kept.name)
        except NoAnswerError as error:
            raise UnreadableSheetError("too_complex") from error
    if "refused" in answer:
        raise UnreadableSheetError(answer["refused"])
    rows: list[list[str]] = answer["rows"]
    return rows
