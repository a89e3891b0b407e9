"""A county's own rules of deciding: proposed by one person, confirmed by another, in force from a day on."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.queries.reviews.county_rules import NAME, DecidingRules, made_of, rules_of
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, DECIDERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.money import format_amount


def propose(user: User, county: str, wish: services.Wish) -> Change:
    """Keep the rules until another person confirms them. The values are `levels` and `reasons`. Raises Refused, of
    `changes.services`.
    """
    before = values(rules_of(county, clock.today()))
    return services.propose(user, KIND, wish.proposal(county, county, str(KIND.label), before))


def values(rules: DecidingRules) -> dict[str, Any]:
    """Return the rules as the data of a change."""
    levels = [{"title": one.title, "up_to": one.up_to, "people": list(one.people)} for one in rules.levels]
    return {"levels": levels, "reasons": list(rules.reasons)}


def in_words(rules: DecidingRules) -> list[str]:
    """Return one sentence a level."""
    people = {person for level in rules.levels for person in level.people}
    names = {user.pk: user.display_name for user in User.objects.filter(pk__in=people)}
    found = []
    for level in rules.levels:
        most = _("%(most)s 元以下") % {"most": format_amount(level.up_to)} if level.up_to else _("不限金額")
        who = "、".join(names.get(person, "") for person in level.people)
        found.append(_("%(most)s由%(title)s（%(who)s）決定") % {"most": most, "title": level.title, "who": who})
    return found


def _rows(change: Change) -> list[Row]:
    before, after = made_of(change.before), made_of(change.data)
    nobody = _("每一位主管都可以決定")
    return [
        Row(_("核定權責"), "；".join(in_words(before)) or nobody, "；".join(in_words(after)) or nobody),
        Row(_("常用的核減理由"), "\n".join(before.reasons), "\n".join(after.reasons)),
    ]


KIND = register(
    Kind(
        name=NAME,
        label=_l("核定權責與核減理由"),
        proposers=CASE_HANDLERS,
        confirmers=DECIDERS,
        rows=_rows,
        apply=services.begin,
        page=lambda change: reverse("grants:deciding_rules", args=[change.county]),
        current=lambda change: values(rules_of(change.county, clock.today())),
    )
)
