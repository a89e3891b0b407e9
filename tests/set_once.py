"""PDFs set once: ten posts ask for one letter, and the same HTML gives the same bytes, which tests/lib/test_pdf.py holds."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from miaoli_kaohsiung.lib import pdf

Made = TypeVar("Made")
# A hundred letters are some ten megabytes.
KEPT = 100


def set_once(make: Callable[..., Made]) -> Callable[..., Made]:
    """`pdf.render` or `pdf.count_pages`, with what it made before of the same document."""
    kept: OrderedDict[tuple[str, Path | None, str], Made] = OrderedDict()

    @wraps(make)
    def made(html: str, *, base: Path | None = None, styles: str = "", finisher: Any = None) -> Made:
        wishes = {"styles": styles, "finisher": finisher} if styles or finisher else {}
        if finisher:
            return make(html, base=base, **wishes)
        # What keeps a document from being set today is asked each time.
        pdf._weasyprint()
        pdf.printable(html)
        key = html, base, styles
        if key not in kept:
            kept[key] = make(html, base=base, **wishes)
            if len(kept) > KEPT:
                kept.popitem(last=False)
        return kept[key]

    return made
