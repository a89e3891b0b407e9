"""The next case that waits for somebody, so that it is one press away when this one is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from grants.models import Application
from grants.queries.scope import without_conflicts
from grants.workflow.applications import TABLE
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_view
from miaoli_kaohsiung.lib import clock

from .queues import BY_KIND, Queue


@dataclass(frozen=True)
class NextCase:
    """A case of a queue with the page on which its step is made."""

    number: str
    title: str
    url: str
    queue: Queue


def next_case(user: User, kinds: Iterable[str], beside: Application) -> NextCase | None:
    """Return the case after this one in the first of the queues where one waits. In the queue of this case that is the
    one that came after it, at its end the longest waiting; in another queue the longest waiting.
    """
    usual = TABLE.usual(beside.status)
    for kind in kinds:
        queue = BY_KIND[kind]
        walking = usual is not None and usual.screen.queue == kind
        for post in posts_in_view(user):
            rows = queue.of(post, user, clock.today())
            if rows is None:
                continue
            waiting = (
                without_conflicts(user, rows)
                .exclude(pk=beside.pk)
                .order_by("status_since", "pk")
                .values_list("number", "title")
            )
            found = (waiting.filter(_after(beside)).first() if walking else None) or waiting.first()
            if found:
                number, title = found
                return NextCase(number, title, reverse(queue.route, args=[number]), queue)
    return None


def _after(case: Application) -> Q:
    return Q(status_since__gt=case.status_since) | Q(status_since=case.status_since, pk__gt=case.pk)
