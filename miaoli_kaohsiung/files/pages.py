"""A page of a stored PDF as a picture: beside what is checked it can be looked at on every device, and it cannot act."""

import base64
import binascii

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from .copies import on_disk
from .models import StoredFile
from .processes import NoAnswerError, ask
from .services import CONTENT_TYPES, require_open


def page_picture(stored: StoredFile, number: int) -> HttpResponse:
    """Return a page (counted from 1) of a stored PDF as PNG. The caller checks permission first. Raises Http404 for a page
    that is not there or cannot be drawn, Refused for a file that the scanner has not let through.
    """
    require_open(stored)
    if stored.content_type != CONTENT_TYPES["pdf"] or not 1 <= number <= (stored.pages or 0):
        raise Http404(_("這個檔案沒有這一頁。"))
    answer = HttpResponse(_drawn(stored, number), content_type=CONTENT_TYPES["png"])
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return answer


def _drawn(stored: StoredFile, number: int) -> bytes:
    try:
        with on_disk(stored) as path:
            picture = ask("page_drawer", str(path), str(number)).get("png", "")
            return base64.b64decode(picture, validate=True) or _missing()
    except (FileNotFoundError, NoAnswerError, binascii.Error):
        return _missing()


def _missing() -> bytes:
    raise Http404(_("這一頁畫不出來，請打開原檔看。"))
