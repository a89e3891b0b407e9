"""A county's own words for a kind of letter: proposed by one person, confirmed by another, in force from their day on.

Letters that are drafted already keep their words; a row never begins before the day on which it is confirmed.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.letters.words import Wording, as_in, filed, wording_of
from grants.models import LetterWords
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock

SET = actions.register("letter.words", _l("訂定公文用語"))


def propose(user: User, county: str, kind: str, wish: services.Wish) -> Change:
    """Keep the words until another person confirms them. Raises Refused for another post, without a difference, or while
    another change of this kind waits.
    """
    before = wording_of(county, kind, wish.starts_on).values()
    return services.propose(user, KIND, wish.proposal(county, kind, filed()[kind].name, before))


def proposed(change: Change) -> Wording:
    """Return the words as they would be."""
    return sample(change.subject, change.data, change.first_day)


def sample(kind: str, values: Mapping[str, Any], on: dt.date) -> Wording:
    """Return the words with typed values, for a preview before anything is proposed."""
    return as_in(LetterWords(kind=kind, starts_on=on, **values), filed()[kind])


def _rows(change: Change) -> list[Row]:
    def said(values: Mapping[str, Any]) -> dict[str, str]:
        return {**values, "copies": "\n".join(values["copies"])}

    before, after = said(change.before), said(change.data)
    labels = {
        "subject": _("主旨"),
        "explanation": _("說明"),
        "action": _("擬辦"),
        "originals": _("正本"),
        "copies": _("副本"),
    }
    return [Row(label, before[name], after[name]) for name, label in labels.items() if before[name] or after[name]]


def _apply(change: Change, by: Actor) -> None:
    on = change.first_day
    before = wording_of(change.county, change.subject, on).values()
    row, _made = LetterWords.objects.update_or_create(
        county=change.county, kind=change.subject, starts_on=on, defaults=change.data
    )
    old, new = trail.changes(before, change.data)
    trail.record(SET, row, before=old, after=new | {"starts_on": on})


def _current(change: Change) -> Mapping[str, Any]:
    return wording_of(change.county, change.subject, change.starts_on or clock.today()).values()


KIND = register(
    Kind(
        name="letter_words",
        label=_l("公文用語"),
        proposers=CASE_HANDLERS,
        confirmers=CASE_HANDLERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:letter_words_of", args=[change.county, change.subject]),
        preview="grants/letters/words/_preview_of_change.html",
        current=_current,
    )
)
