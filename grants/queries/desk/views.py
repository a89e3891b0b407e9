"""How many rows each view of the payments has: a statement that is made once for a person, their posts and the day."""

from grants.queries import payments
from grants.queries.settlements import lists
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.statements import Statement

from .kept import kept


def counts(user: User) -> dict[str, int]:
    """Return how many rows each view has, counted to MOST_COUNTED and one more, in one query."""
    (numbers,) = kept(_numbers, user).named()
    return numbers


def _numbers(user: User) -> Statement:
    arms = payments.arms(user) | {"settlements": lists.waiting(user).order_by()}
    return Statement.of(payments.counting(user, arms))
