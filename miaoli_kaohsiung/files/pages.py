"""What is looked at beside what is checked, on every device and unable to act: a page of a stored PDF, a paper made straight."""

import base64
import binascii

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from .copies import on_disk
from .models import StoredFile
from .processes import NoAnswerError, ask
from .services import CONTENT_TYPES, require_open

PHOTOS = {CONTENT_TYPES["jpeg"], CONTENT_TYPES["png"]}


def page_picture(stored: StoredFile, number: int) -> HttpResponse:
    """Return a page (counted from 1) of a stored PDF as PNG. The caller checks permission first. Raises Http404 for a page
    that is not there or cannot be drawn, Refused for a file that the scanner has not let through.
    """
    require_open(stored)
    if stored.content_type != CONTENT_TYPES["pdf"] or not 1 <= number <= (stored.pages or 0):
        raise Http404(_("這個檔案沒有這一頁。"))
    reason = _("這一頁畫不出來，請打開原檔看。")
    return _shown(_made("page_drawer", "png", reason, stored, str(number)), CONTENT_TYPES["png"])


def straightened(stored: StoredFile) -> HttpResponse:
    """Return the paper on a stored photo as it looks from straight above, as JPEG; the photo itself stays as it was sent.
    The caller checks permission first. Raises Http404 for a photo on which no paper shows its four corners, Refused as above.
    """
    require_open(stored)
    reason = _("這張照片看不出紙的四個角，拉不正；請看原照片。")
    if stored.content_type not in PHOTOS:
        raise Http404(reason)
    return _shown(_made("straightener", "jpeg", reason, stored), CONTENT_TYPES["jpeg"])


def _made(reader: str, key: str, reason: str, stored: StoredFile, *more: str) -> bytes:
    """Return the picture that a reader makes of the file; Http404 with the reason if it makes none."""
    try:
        with on_disk(stored) as path:
            picture = base64.b64decode(ask(reader, str(path), *more).get(key, ""), validate=True)
    except (FileNotFoundError, NoAnswerError, binascii.Error):
        picture = b""
    if not picture:
        raise Http404(reason)
    return picture


def _shown(picture: bytes, content_type: str) -> HttpResponse:
    answer = HttpResponse(picture, content_type=content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return answer
