"""What the page of a scheme's own data shows beside the values: every change, and what the law says of it instead."""

import datetime as dt

from django.db.models import Q

from grants.models import Scheme
from grants.queries.law.pages import in_words
from grants.rules.ruleset import NoValue, RuleSet
from miaoli_kaohsiung.changes.models import Change

# What a county decides by a ruling, because the law speaks of it: each has one place, and that is there.
RULED = ("review.weights", "instalment.receipt_days", "settlement.months")


def changes_of(scheme: Scheme) -> list[Change]:
    """Return every change of the scheme and of its years, the newest first, with the people in them."""
    mine = Q(subject=scheme.slug) | Q(subject__startswith=f"{scheme.slug}/")
    rows = Change.objects.filter(mine, kind__startswith="scheme.")
    return list(rows.select_related("proposed_by", "decided_by", "scan"))


def by_the_law(scheme: Scheme, ruleset: RuleSet, on: dt.date) -> list[tuple[str, str]]:
    """Return (title, value of the day in words) of what a ruling decides, where the law speaks of it."""
    found = []
    for name in RULED:
        if name not in ruleset.parameters:
            continue
        parameter = ruleset.parameter(name)
        try:
            found.append((parameter.title, in_words(parameter, parameter.at(on).lenient)))
        except NoValue:
            continue
    return found


def codes_given(scheme: Scheme) -> set[str]:
    """Return every code that a paper, question or criterion of the scheme ever had, in changes that wait too."""
    kept = ((row.papers, row.questions, row.criteria) for row in scheme.terms.all())
    proposed = (
        tuple(change.data.get(name, []) for name in ("papers", "questions", "criteria"))
        for change in changes_of(scheme)
    )
    return {row["code"] for lists in (*kept, *proposed) for rows in lists for row in rows}
