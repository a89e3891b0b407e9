"""What reviewers score in a case, with the weights of a day: the law's criteria, or the county's if the law names none."""

import datetime as dt

from django.db.models import prefetch_related_objects

from grants.models import Application
from grants.rules import own
from grants.rules.checklist import WeighedCriterion, review_criteria

from .rulesets import ruleset_for


def criteria_of(case: Application, on: dt.date) -> tuple[WeighedCriterion, ...]:
    """Return the criteria with the weights of the day. Those of the county stay as they were when the case was filed.
    One query for any number of days.
    """
    prefetch_related_objects([case.scheme], "rulings")
    of_the_law = review_criteria(ruleset_for(case.scheme, on), on)
    return of_the_law or tuple(
        WeighedCriterion(row.code, row.name, "", row.weight) for row in own.criteria(case.terms.criteria)
    )
