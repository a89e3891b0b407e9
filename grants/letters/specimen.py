"""Specimens of letters: how a county's head and signature are printed, and how the words of a kind read, before anything
is issued with them.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from communities.models import Township
from communities.queries import township_name
from grants.enums import APPROVALS, LetterKind, LetterStatus
from grants.models import Letter, Scheme
from miaoli_kaohsiung.accounts.particulars import Particulars

from . import compose, facts, marks, names, words
from .fields import RECEIVERS
from .words import Wording

# So many days after the specimen's date lie the days that a letter would set.
_AHEAD = 30
_TABLE = [
    {"item": "講座鐘點費", "description": "", "requested": 80_000, "approved": 80_000, "reason": ""},
    {"item": "印刷費", "description": "", "requested": 43_456, "approved": 40_000, "reason": "頁數核實"},
]


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
        "secrecy": "",
        "enclosures": "",
        **{name: printed[name] for name in names.FILING},
        "table": [],
    }
    return Letter(
        kind=LetterKind.APPROVAL,
        status=LetterStatus.DRAFT,
        subject=_("這是公文抬頭與署名的樣張，請核對。"),
        explanation=[_("本頁只供核對版面，沒有發文。")],
        originals=_("（受文者）"),
        copies=f"{head.accounting}、{head.department}",
        dispatch_number=_("%(word)s第　　　　　　　號") % {"word": head.dispatch_word},
        context=context,
    )


def specimen_of(wording: Wording, county: str, on: dt.date) -> Letter:
    """Return an unsaved letter of the day with the words of a kind, about an invented case."""
    head = names.head_of(county, on)
    values = _examples(wording, county, head, on)
    days = {f"【{name}】": on + dt.timedelta(days=_AHEAD) for name in wording.days}
    paragraphs = words.paragraphs(wording.explanation, values)
    text = "\n".join([wording.subject, *paragraphs])
    days |= {mark: on + dt.timedelta(days=ahead) for mark, ahead in marks.after_arrival(text).items()}
    letter = specimen(head, on)
    letter.kind, letter.county = wording.kind, county
    letter.subject = marks.filled(words.in_line(wording.subject, values), days, county)
    letter.explanation = [marks.filled(line, days, county) for line in paragraphs]
    letter.originals = words.in_line(wording.originals, values)
    enclosed = wording.kind in APPROVALS
    letter.copies = names.copies(wording.copies, values, enclosed=enclosed)
    recipient = {"name": letter.originals, "postal_code": head.postal_code, "address": f"{head.name}{head.street}"}
    actions = words.paragraphs(wording.action, values)
    letter.context |= {
        "recipient": recipient,
        "table": _TABLE if enclosed or wording.kind == LetterKind.MEMO else [],
        "action": actions,
    }
    return letter


def _examples(wording: Wording, county: str, head: Particulars, on: dt.date) -> dict[str, words.Value]:
    """Return an example for each mark; where the county knows better than the field, its own."""
    place = Township.objects.filter(county=county).order_by("position").first()
    scheme = Scheme.objects.filter(county=county).order_by("position", "pk").first()
    law = scheme.legal_basis if scheme else _("（方案的法令依據）")
    own = {
        "remedy": facts.remedy(head),
        "legal_basis": law,
        "basis": f"「{law}」",
        "accounting": head.accounting,
        "department": head.department,
        "township_office": f"{head.name}{township_name(place.code, on)}公所" if place else "",
    }
    known = [*wording.facts, *RECEIVERS]
    return {field.mark: words.plain(own.get(field.code, field.example)) for field in known}
