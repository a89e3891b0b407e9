"""Which disposal lists somebody sees, and what stands on one."""

from dataclasses import dataclass

from django.db.models import Model, QuerySet

from miaoli_kaohsiung.accounts.audiences import DISPOSAL_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of

from .models import DisposalItem, DisposalList
from .register import Term, terms, word_of
from .rules import BY_TERM


@dataclass(frozen=True)
class Shown:
    """A row of the list: whose record it is stands there while the data are still there."""

    item: DisposalItem
    term: Term
    whose: str
    columns: str


def lists_of(user: User) -> QuerySet[DisposalList]:
    """Return the lists of the counties of the user's posts; an administrator of all counties sees all."""
    counties = {post.county for post in posts_of(user) if post.role in DISPOSAL_READERS}
    rows = DisposalList.objects.select_related("change")
    return rows if "" in counties else rows.filter(county__in=counties)


def shown(items: list[DisposalItem]) -> list[Shown]:
    """Return the rows with the words of their terms, and whose records they are."""
    keys: dict[str, list[int]] = {}
    for item in items:
        keys.setdefault(item.term, []).append(item.key)
    records = {term: BY_TERM[term].model._base_manager.in_bulk(found) for term, found in keys.items()}
    return [_shown(item, records[item.term].get(item.key)) for item in items]


def _shown(item: DisposalItem, record: Model | None) -> Shown:
    rule = BY_TERM[item.term]
    names = [word_of(label, name) for label, columns in rule.columns.items() for name in columns]
    return Shown(
        item=item,
        term=terms()[item.term],
        whose="" if item.carried_out or record is None else str(record),
        columns="、".join(dict.fromkeys(names)),
    )
