"""A specimen of a letter: how a county's head and signature are printed, before anything is issued with them."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from grants.enums import LetterKind, LetterStatus
from grants.models import Letter
from miaoli_kaohsiung.accounts.particulars import Particulars

from . import compose, names


def specimen(head: Particulars, on: dt.date) -> Letter:
    """Return an unsaved letter of the day that says what it is; it is printed as a draft."""
    printed = names.plain(head, on)
    context: dict[str, Any] = {
        "number": "",
        "title": "",
        "recipient": {"name": "", "postal_code": "", "address": ""},
        "contact": {"name": _("（承辦人）"), "email": "", "phone": ""},
        "head": printed,
        "urgency": compose.URGENCIES[0],
        **{name: printed[name] for name in names.FILING},
        "table": [],
    }
    return Letter(
        kind=LetterKind.APPROVAL,
        status=LetterStatus.DRAFT,
        subject=_("這是公文抬頭與署名的樣張，請核對。"),
        explanation=[_("本頁只供核對版面，沒有發文。")],
        originals=_("（受文者）"),
        copies=names.copies(head, "", enclosed=False, accounting=True),
        dispatch_number=_("%(word)s第　　　　　　　號") % {"word": head.dispatch_word},
        context=context,
    )
