"""The copy of what is held on a person (製給複製本): a ZIP with a page to read and the same as JSON."""

import io
import json
import zipfile

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock

from .holdings import Holding, Subject, held_on

OWN = actions.register("privacy.copy.own", _l("下載自己的個人資料"))
FOR_SOMEBODY = actions.register("privacy.copy.counter", _l("替當事人製給個人資料複製本"))


def own(user: User, subject: Subject) -> bytes:
    """Return a person's own copy, and note that it was made."""
    with trail.unit_of_work(Actor(user)):
        holdings = held_on(subject)
        trail.record(OWN, user, after=_counts(holdings))
    return packed(subject, holdings)


def for_somebody(by: Actor, subject: Subject, how: str) -> bytes:
    """Return the copy for somebody who asks at the counter; `how` says how it was made sure who it is. The trail has the
    first letter of the name and never what is in the copy.
    """
    with trail.unit_of_work(by):
        holdings = held_on(subject)
        whose = {"person": f"{subject.name[:1]}○○", "identified_by": how}
        trail.record(FOR_SOMEBODY, by.user, after={**whose, **_counts(holdings)})
    return packed(subject, holdings)


def _counts(holdings: list[Holding]) -> dict[str, int]:
    return {one.file.code: len(one.records) for one in holdings if one.records}


def packed(subject: Subject, holdings: list[Holding]) -> bytes:
    """Return page and JSON as one ZIP."""
    content = {
        one.file.name: {
            "purpose": one.file.purpose,
            "ground": one.file.ground,
            "records": [{"kind": row.title, "number": row.key, **row.values} for row in one.records],
        }
        for one in holdings
    }
    context = {"name": subject.name, "holdings": holdings, "today": clock.today()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("個人資料.html", render_to_string("privacy/copy.html", context))
        made.writestr("個人資料.json", json.dumps(content, ensure_ascii=False, indent=1))
    return buffer.getvalue()
