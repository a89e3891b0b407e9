"""Letters for the county's own programmes: one as .di or as a text document, those of a print run in an archive. Nothing is
kept.
"""

import io
import re
import zipfile
from collections.abc import Iterable

from grants.letters.exchange import exchange_file
from grants.letters.odt import text_document
from grants.models import Letter

from .drafts import as_shown


def one(letter: Letter) -> bytes:
    """Return the .di of a letter as it is shown: a draft with the names and days of today."""
    return exchange_file(as_shown(letter))


def as_text(letter: Letter) -> bytes:
    """Return the .odt of a letter as it is shown: a draft with the names and days of today."""
    return text_document(as_shown(letter))


def archive(letters: Iterable[Letter]) -> bytes:
    """Return an archive with the .di of each letter, named by its place and its number."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for place, letter in enumerate(letters, 1):
            name = re.sub(r"\W", "_", letter.dispatch_number) or letter.pk
            made.writestr(f"{place:04}-{name}.di", one(letter))
    return file.getvalue()
