"""The rows of each queue that a person's posts have, and the order in which a desk and its lists read them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import DateField, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from communities.queries import lapsed_posts
from grants.models import Award, Debt, Instalment
from grants.queries import payments
from grants.queries.scope import without_conflicts
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_view
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.statements import Statement

from .kept import kept
from .queues import BY_KIND, OF_DEBTS, QUEUES, Queue
from .sources import SOURCES

# With its type, or PostgreSQL would take the NULLs in two arms of the union for text.
NO_DAY = Cast(Value(None), DateField())
Arm = tuple[Queue, QuerySet[Any]]
# By the queues' kinds and in their order: the models of the rows.
Models = dict[str, type[Model]]

# The queues of cases that belong to one officer until they are handed over.
OF_AN_OFFICER = ("overdue", "check", "propose")
# The duties that a chairperson whose term is over still sees, each with the page that may be read then.
AFTER_TERM = {
    "correct": "grants:application_detail",
    "confirm": "grants:application_detail",
    "pay_back": "grants:settlement_detail",
    "receipt": "grants:award_detail",
    "settle_again": "grants:settlement_detail",
    "settle": "grants:settlement_detail",
    "duty": "grants:duty",
}


def arms_of(
    user: User, posts: Sequence[Post] | None = None, queues: Sequence[Queue] = QUEUES, *, counted: bool = False
) -> list[Arm]:
    """Return the rows of each queue that a post of the user has; a queue stands there once for each such post. Where rows
    are only `counted`, debts stand for their awards.
    """
    today, kinds = clock.today(), _kinds(user, posts_in_view(user) if posts is None else posts)
    rows_of = {queue.kind: OF_DEBTS.get(queue.kind, queue.of) if counted else queue.of for queue in queues}
    found = (
        (queue, post, rows_of[queue.kind](post, user, today))
        for queue in queues
        for post, only in kinds
        if queue.kind in only
    )
    return [
        (queue, rows if post.role == Role.MEMBER else without_conflicts(user, rows))
        for queue, post, rows in found
        if rows is not None
    ]


def asked(user: User) -> tuple[Statement, Models]:
    """Return the one statement that finds what waits for all posts of the user, and of which models the rows are."""
    return kept(_asked, user)


def _asked(user: User) -> tuple[Statement, Models]:
    arms = arms_of(user, counted=True)
    found = waiting(arms)
    models = {queue.kind: Award if rows.model is Debt else rows.model for queue, rows in arms}
    return Statement() if found is None else Statement.of(found), models


def _kinds(user: User, posts: Sequence[Post]) -> list[tuple[Post, Collection[str]]]:
    """Return the posts with the kinds of queues that each adds: a deputy who holds the same post anyway has but the
    absent one's own cases in addition.
    """
    held = set[tuple[str, str, str]]()
    found: list[tuple[Post, Collection[str]]] = []
    for post in posts:
        place = (post.role, post.county, post.township_code)
        found.append((post, OF_AN_OFFICER if post.stands_for_id and place in held else BY_KIND))
        held.add(place)
    return found + [(post, AFTER_TERM) for post in lapsed_posts(user)]


def waiting(arms: Iterable[Arm]) -> QuerySet[Any, Any] | None:
    """Return (kind, key, due) of the rows of each queue, due first, then the oldest, in one query: as many as are counted and
    one more, which says that there are more. None for no queue.
    """
    parts = [ordered(queue, rows)[: payments.MOST_COUNTED + 1] for queue, rows in arms]
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else next(iter(parts), None)


def ordered(queue: Queue, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Return (kind, key, due) of the rows, in their order; of debts the key is the award's."""
    if rows.model is Debt:
        debts = rows.order_by(F("due_on").asc(nulls_last=True), "award_id")
        return debts.values_list(Value(queue.kind, output_field=TextField()), "award_id", "due_on")
    found: QuerySet[Any, Any] = in_order(queue, rows).values_list("_kind", "pk", "_due")
    return found


def in_order(queue: Queue, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows with their due day: due first, then the oldest."""
    due: Any = NO_DAY
    if queue.due is not None:
        due = F(queue.due) if isinstance(queue.due, str) else queue.due
    if "laid" in rows.query.annotations:
        due = F("laid")
    order: list[Any] = [F("_due").asc(nulls_last=True)] if queue.due is not None else []
    if queue.newest:
        order = [F("updated_at").desc()]
    # Of money that is due on a day, the key says which is older, and is found beside the day.
    elif (since := SOURCES[rows.model].since) and not (order and rows.model in (Award, Instalment)):
        order.append(F(since).asc(nulls_last=True))
    named: QuerySet[Any] = rows.annotate(_kind=Value(queue.kind, output_field=TextField()), _due=due)
    return named.order_by(*order, "pk")
