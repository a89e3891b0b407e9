"""Who took a file out, or looked at personal data or at money: one entry of the trail for each time.

Files need nothing at their views: what `audience` and `signed_in` answer with a file is noted. A page calls `note` where it
shows what is personal. Pictures within a page are a part of it; one that is opened by itself counts as a file.
"""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.actions import register
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib.disposition import file_name_of

from .models import User
from .queries import posts_of

FILE = register("read.file", _l("下載檔案"))
PERSONAL = register("read.personal", _l("調閱個人資料"))
MONEY = register("read.money", _l("調閱收支"))
# What browsers say of a picture that a page shows.
WITHIN_PAGE = "image"


def note(user: User, action: str, obj: Model, what: Any, case: str = "") -> None:
    """Note that the user looked at `what` of a row."""
    _record(user, action, obj, {"what": str(what)}, case)


def note_file(request: HttpRequest, user: User, answer: HttpResponseBase, case: str) -> None:
    """Note the file that a GET was answered with, if it was one."""
    name = file_name_of(answer) if request.method == "GET" and answer.status_code == 200 else None
    if name is None or request.headers.get("Sec-Fetch-Dest") == WITHIN_PAGE:
        return
    _record(user, FILE, user, {"file_name": name, "address": request.path}, case)


def _record(user: User, action: str, obj: Model, after: dict[str, Any], case: str) -> None:
    post = next(iter(posts_of(user)), None)
    with trail.unit_of_work(Actor(user, post.label if post else "")):
        trail.record(action, obj, after=after, case=case)
