"""Who decides which amounts in a county (分層負責), and the reasons of cuts that it keeps ready: dated rows.

The rows are the confirmed changes themselves (kind NAME): the newest that has begun holds.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.changes.queries import in_force

NAME = "county.deciding"


@dataclass(frozen=True)
class Level:
    """Who decides up to an amount in whole NT dollars, included; None for any amount. `people` are keys of users."""

    title: str
    up_to: int | None
    people: tuple[int, ...]

    def reaches(self, total: int) -> bool:
        return self.up_to is None or total <= self.up_to


@dataclass(frozen=True)
class DecidingRules:
    """What a county has confirmed. Without levels every approver decides any amount."""

    levels: tuple[Level, ...] = ()
    reasons: tuple[str, ...] = ()
    starts_on: dt.date | None = None

    def for_total(self, total: int) -> tuple[Level, ...]:
        """Return the levels that may decide the amount, the lowest first: whoever decides more, decides less too."""
        return tuple(level for level in self.levels if level.reaches(total))

    def may(self, user: User, county: str, total: int) -> bool:
        """Return whether the user may decide the amount, as somebody of a level or as that person's deputy."""
        if not self.levels:
            return True
        named = {person for level in self.for_total(total) for person in level.people}
        posts = [post for post in posts_of(user) if post.role == Role.APPROVER and post.county == county]
        return user.pk in named or any(post.stands_for and post.stands_for.user_id in named for post in posts)


def rules_of(county: str, on: dt.date) -> DecidingRules:
    """Return what holds in the county on the day."""
    row = in_force(NAME, county, on)
    return made_of(row.data, row.starts_on) if row else DecidingRules()


def made_of(data: dict[str, Any], starts_on: dt.date | None = None) -> DecidingRules:
    """Return the rules that the data of a change say."""
    levels = [Level(row["title"], row["up_to"], tuple(row["people"])) for row in data.get("levels", ())]
    return DecidingRules(tuple(levels), tuple(data.get("reasons", ())), starts_on)
