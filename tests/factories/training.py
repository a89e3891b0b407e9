"""Courses of a county, prepared and announced by its officer."""

import datetime as dt
from decimal import Decimal
from typing import Any

from communities.models import Course
from communities.services.training import courses
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock


def drafted(officer: User, **columns: Any) -> Course:
    """A course of today, unless another day is named."""
    day = columns.get("day", clock.today())
    fields = {
        "kind": "course",
        "title": "會計與核銷實務",
        "day": day,
        "begins_at": dt.time(9),
        "ends_at": dt.time(12),
        "hours": Decimal(3),
        "place": "縣府三樓會議室",
        "places": 30,
        "places_each": None,
        "enrol_until": day,
        "tiers": [],
        "townships": [],
        "about": "請帶帳冊。",
    }
    return courses.make(officer, posts_of(officer)[0].county, **(fields | columns))


def announced(officer: User, **columns: Any) -> Course:
    return courses.announce(officer, drafted(officer, **columns))
