"""The township's part in a case: how long it lay at the office, its opinion, and its letter to the county."""

import datetime as dt

from communities.queries import township_name
from grants.models import Application, FirstReview
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.lib.roc_date import format_roc


def first_review_of(case: Application) -> FirstReview | None:
    """Return the township's first review, begun or done; None where no township comes first or it has not begun."""
    return getattr(case, "first_review", None) if case.terms.township_first else None


def forwarding_of(case: Application) -> FirstReview | None:
    """Return the first review with which the township passed the case on; None before that."""
    review = first_review_of(case)
    return review if review and review.forwarded_on else None


def forwarding_in_words(case: Application, on: dt.date) -> str:
    """Return how a letter of the day names what the township sent: 苗栗縣苑裡鎮公所99年5月24日苑鎮社字第0990001234號函轉; without
    a number 苗栗縣苑裡鎮公所層轉. "" where no township comes first.
    """
    if not (case.terms.township_first and case.township_code):
        return ""
    office = office_name(case, on)
    review = forwarding_of(case)
    if review is None or review.letter_on is None:
        return f"{office}層轉"
    return f"{office}{format_roc(review.letter_on)}{review.letter_number}函轉"


def office_name(case: Application, on: dt.date) -> str:
    """Return the name of the township's office on the day: 苗栗縣苑裡鎮公所"""
    return f"{name_of(case.county, on)}{township_name(case.township_code, on)}公所"


def days_held(case: Application, until: dt.date) -> int:
    """Return how many days the case lay at the township's office, without those in which the association corrected it."""
    if case.first_filed_on is None:
        return 0
    asked = case.corrections.filter(by_township=True).values_list("requested_on", "answered_on")
    waited = sum((min(answered or until, until) - min(requested, until)).days for requested, answered in asked)
    return max((until - case.first_filed_on).days - waited, 0)
