"""Whether an answer is a file, and what it is called."""

import re
from urllib.parse import unquote

from django.http.response import HttpResponseBase

# Shown in the browser, and still a file of its own.
_FILES = ("application/pdf", "image/")
_NAMED = re.compile(r"filename\*=utf-8''(?P<coded>[^;]+)|filename=\"?(?P<plain>[^\";]+)", re.IGNORECASE)


def file_name_of(answer: HttpResponseBase) -> str | None:
    """Return the name of the file that an answer is, "" for one without a name; None for a page."""
    disposition, kind = answer.headers.get("Content-Disposition", ""), answer.headers.get("Content-Type", "")
    if not disposition.startswith("attachment") and not kind.startswith(_FILES):
        return None
    found = _NAMED.search(disposition)
    return unquote(found["coded"] or found["plain"] or "") if found else ""
