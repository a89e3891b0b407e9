"""The printed words on a kept photo, where a county installed a reader for them."""

from pathlib import Path

from django.core.files.storage import default_storage

from .models import StoredFile
from .processes import NoAnswerError, ask


def lines_of(stored: StoredFile) -> list[str]:
    """Return the lines of print on a photo; none where there is nothing to read or nothing to read with."""
    try:
        lines: list[str] | None = ask("text_reader", str(Path(default_storage.path(stored.path))))["lines"]
    except NoAnswerError:
        return []
    return lines or []
