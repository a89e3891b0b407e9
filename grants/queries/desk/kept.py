"""What is made of a person, their posts and the day alone is made once: the statements of a desk cost Django more than all
else of the page. Each process keeps those of the people who asked last.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from communities.queries import lapsed_posts
from grants.queries import payments
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import values_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.kept import Recent

T = TypeVar("T")

# So many are kept, of some 20 kB each.
MOST = 500
KEPT = Recent[Hashable, Any](MOST)


def kept(make: Callable[[User], T], user: User) -> T:
    """Return what `make`, which reads nothing but what is in `made_of`, makes for the person; never what a query finds."""
    made = make, made_of(user)
    found: T | None = KEPT.get(made)
    if found is None:
        found = make(user)
        # Not one that was begun before midnight and is of the day after.
        if made_of(user) == made[1]:
            KEPT.put(made, found)
    return found


def made_of(user: User) -> Hashable:
    """Return all that a statement is made of: the day, the person, every post with every value, and how far is counted."""
    lapsed = tuple(post.pk for post in lapsed_posts(user))
    return clock.today(), values_of(user), lapsed, payments.MOST_COUNTED
