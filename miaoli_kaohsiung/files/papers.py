"""Scanned papers: the codes on their pages, and a file of some of the pages, turned upright."""

import io
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _l
from pypdf import PdfReader, PdfWriter

from miaoli_kaohsiung.lib.access import Refused

from .messages import BUSY
from .processes import NoAnswerError, ask

# Some forty sheets, both sides: what a feeder takes at once, and what is read within half a minute.
MOST_PAGES = 80
WORDS = {
    "too_many_pages": _l("一次最多 %(pages)d 頁，請分成幾個檔案上傳。"),
    "busy": BUSY,
    "unreadable": _l("這個檔案讀不出來。請重新掃描成 PDF，或拍清楚一點再試。"),
}


class UnreadablePaperError(Refused):
    """The pages cannot be read; the message is for the person who uploaded them."""

    def __init__(self, code: str) -> None:
        super().__init__(str(WORDS.get(code, WORDS["unreadable"])) % {"pages": MOST_PAGES})


@dataclass(frozen=True)
class ScannedPage:
    """A page (counted from 1), the texts of its codes, and by how many degrees it must be turned clockwise."""

    number: int
    codes: tuple[str, ...]
    turn: int


def pages_of(path: Path) -> list[ScannedPage]:
    """Return what stands on the pages of a checked file. Raises UnreadablePaperError."""
    try:
        answer = ask("paper_reader", str(path), str(MOST_PAGES))
    except NoAnswerError as error:
        raise UnreadablePaperError("busy" if error.busy else "unreadable") from error
    if "refused" in answer:
        raise UnreadablePaperError(answer["refused"])
    return [ScannedPage(number, tuple(page["codes"]), page["turn"]) for number, page in enumerate(answer["pages"], 1)]


def some_pages(pdf: bytes, wanted: list[ScannedPage]) -> bytes:
    """Return a PDF of these pages of a checked PDF, each turned upright."""
    source, made = PdfReader(io.BytesIO(pdf)), PdfWriter()
    for page in wanted:
        made.add_page(source.pages[page.number - 1]).rotate(page.turn)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()
