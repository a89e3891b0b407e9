"""The printed words on a kept photo, where a county installed a reader for them."""

from .copies import on_disk
from .models import StoredFile
from .processes import NoAnswerError, ask


def lines_of(stored: StoredFile) -> list[str]:
    """Return the lines of print on a photo; none where there is nothing to read or nothing to read with."""
    try:
        with on_disk(stored) as path:
            lines: list[str] | None = ask("text_reader", str(path))["lines"]
    except (FileNotFoundError, NoAnswerError):
        return []
    return lines or []
