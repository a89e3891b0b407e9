"""My desk: what waits for each post, the most urgent thing first.

One query finds what waits, the earliest due first, and counts it as far as the lists of payments are counted; one more for
each kind of object fills the rows shown. Each queue also has its whole list (`lists`), which says how long it is.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.enums import OrganisationKind
from communities.queries import lapsed_posts
from grants.duty_kinds import in_words
from grants.models import Envelope
from grants.queries import payments
from grants.queries.panels.ranking import progress
from grants.queries.schemes.public import EnvelopeUse, uses_of
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF
from miaoli_kaohsiung.accounts.counties import choices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.heads import said_of
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_view
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lists.ages import LATE_DAYS, age_of

from .arms import AFTER_TERM, OF_AN_OFFICER, asked
from .queues import BY_KIND, QUEUES, Queue
from .sources import details_of

SHOWN = 15
# The kind of the notice by which an officer urges; the notice keeps the day.
URGED = "urge"


@dataclass(frozen=True)
class Task:
    """A row of the desk in plain values: `title` names the project, `amount` is whole NT dollars, `pk` the row's.

    `left` is the name of an officer who no longer holds the post, `absent` that of one for whom the reader stands.
    """

    queue: Queue
    pk: int
    number: str
    title: str
    who: str
    text: str
    amount: int | None
    due_on: dt.date | None
    since: dt.date | None
    url: str
    case: str = ""
    left: str = ""
    absent: str = ""

    @property
    def age(self) -> int | None:
        """For how many days it has been waiting."""
        return (clock.today() - self.since).days if self.since else None

    @property
    def pace(self) -> str:
        """How long it has been waiting, as a class of style."""
        return age_of(self.since)

    @property
    def about(self) -> str:
        """Number and organisation, shown below the name of the row, each once and only if the name does not say it."""
        name = self.title or self.number
        return "　".join(part for part in dict.fromkeys((self.number, self.who)) if part and part != name)


@dataclass(frozen=True)
class Count:
    """How many rows a queue has, counted as the lists of payments are."""

    queue: Queue
    number: int

    @property
    def words(self) -> str:
        return payments.in_words(self.number)

    @property
    def url(self) -> str:
        return reverse("grants:desk_queue", args=[self.queue.kind])


@dataclass(frozen=True)
class Desk:
    counts: list[Count]
    tasks: list[Task]

    @property
    def first(self) -> Task | None:
        return self.tasks[0] if self.tasks else None

    @property
    def rest(self) -> list[Task]:
        """All tasks but the one at the head of the page."""
        return self.tasks[1:]

    @property
    def total(self) -> int:
        """How many tasks there are; at least so many, if there are `more`."""
        return sum(min(count.number, payments.MOST_COUNTED) for count in self.counts)

    @property
    def more(self) -> bool:
        return any(count.number > payments.MOST_COUNTED for count in self.counts)

    @property
    def hidden(self) -> int:
        """How many tasks only the lists of the queues show."""
        return self.total - len(self.tasks)


def desk_of(user: User) -> Desk:
    """Return what waits for all posts of the user, at most SHOWN rows: overdue first, then by due day, then by age."""
    statement, models = asked(user)
    found: dict[str, dict[int, dt.date | None]] = {}
    for kind, pk, due in statement.rows():
        found.setdefault(kind, {})[pk] = due
    counts = {kind: Count(BY_KIND[kind], len(found[kind])) for kind in models if kind in found}
    # An equal share for each keeps a long queue from hiding the others.
    each = max(3, SHOWN // max(1, len(counts)))
    chosen = [(count.queue, pk, due) for kind, count in counts.items() for pk, due in list(found[kind].items())[:each]]
    tasks = rows_with_details(user, chosen[:SHOWN], models)
    return Desk(list(counts.values()), sorted(tasks, key=_urgency))


def envelopes_of(user: User) -> list[EnvelopeUse]:
    """Return this year's envelopes of the user's county, for those who decide on money."""
    counties = {post.county for post in posts_in_view(user) if post.role in COUNTY_STAFF}
    if not counties:
        return []
    return uses_of(_ENVELOPES(*sorted(counties), year=clock.today().year))


_ENVELOPES = Prepared(
    lambda *counties, year: Envelope.objects.filter(scheme__county__in=counties, year=year).select_related("scheme")
)


def _urgency(task: Task) -> tuple[int, dt.date, int]:
    late = task.due_on is not None and task.due_on < clock.today()
    place = [queue.kind for queue in QUEUES].index(task.queue.kind)
    if task.queue.newest:
        return (3, dt.date.max, place)
    turn = 0 if late else 1 + task.queue.rank
    return (turn, _pressing(task), place)


def _pressing(task: Task) -> dt.date:
    """Return the day by which the task is done at the latest: its due day, or when it would have waited too long."""
    if task.due_on is not None:
        return task.due_on
    return task.since + dt.timedelta(days=LATE_DAYS) if task.since else dt.date.max


def rows_with_details(
    user: User | None, chosen: list[tuple[Queue, int, dt.date | None]], models: dict[str, Any]
) -> list[Task]:
    """Return the rows with their details, in the order given, for the person or for somebody who only looks after them;
    one query for each kind of object.
    """
    details: dict[tuple[type, int], dict[str, Any]] = {}
    for model in {models[queue.kind] for queue, _pk, _due in chosen}:
        keys = [pk for queue, pk, _due in chosen if models[queue.kind] is model]
        for row in details_of(model, keys):
            details[model, row["pk"]] = row
    routes = {queue.kind: route_of(user, queue) for queue, _pk, _due in chosen}
    rows = [(queue, due, details[models[queue.kind], pk]) for queue, pk, due in chosen]
    reviewed = [pk for queue, pk, _due in chosen if queue.kind == PROPOSE]
    scored = progress(reviewed) if reviewed else {}
    return [task_of(user, queue, due, row, routes[queue.kind], scored) for queue, due, row in rows]


def route_of(user: User | None, queue: Queue) -> str:
    """Return the page to which a row of the queue leads this person."""
    read_only = AFTER_TERM if user and lapsed_posts(user) else {}
    return read_only.get(queue.kind, queue.route)


def task_of(
    user: User | None,
    queue: Queue,
    due: dt.date | None,
    row: dict[str, Any],
    route: str,
    scored: Mapping[int, str],
) -> Task:
    """Return a row of `with_details` as work. `scored` says of cases how many of their reviewers have scored."""
    text, number = str(queue.text), row["_number"]
    if queue.kind == PROPOSE and row["pk"] in scored:
        text = _("%(text)s（委員 %(progress)s 已評分）") % {"text": text, "progress": scored[row["pk"]]}
    if "_duty" in row:
        text, number = in_words(row["_duty"], row["_period"], due), number or row["_who"]
    if "_role" in row:
        place = dict(choices()).get(row["_county"], "")
        number = number or place
        text = f"{place} {Role(row['_role']).label}：{text}"
    if queue.kind in OF_THE_STAFF and row["_chair_note"]:
        text = _("理事長退回：%(note)s") % {"note": row["_chair_note"]}
    if "_body_kind" in row:
        text = said_of(text, OrganisationKind(row["_body_kind"]).head_word(row["_body"]))
    return Task(
        queue=queue,
        pk=row["pk"],
        number=str(number or queue.title),
        title=row["_title"] or "",
        who=row["_who"] or "",
        text=text,
        amount=row["_owed"] if queue.kind in OF_RETURNS else row["_amount"],
        due_on=due,
        since=row["_begun"] if queue.kind == TAKE_OVER else row["_since"],
        url=reverse(route, args=[row["_key"]] if queue.keyed else []),
        case=row["_case"] or "",
        **(_officer_of(user, row) if queue.kind in OF_AN_OFFICER else {}),
    )


def _officer_of(user: User | None, row: dict[str, Any]) -> dict[str, str]:
    if row["_left"]:
        return {"left": row["_left"]}
    others = user is not None and row["_officer"] not in (None, user.pk)
    return {"absent": row["_officer_name"]} if others else {}


# The queue whose rows wait since the term began.
TAKE_OVER = "take_over"
# The queue whose rows say how many reviewers have scored.
PROPOSE = "propose"
# The queues whose amount is what must still come back, not the award.
OF_RETURNS = ("pay_back", "late_return", "back")
# The queues of drafts and corrections, which the chairperson may have sent back with a note.
OF_THE_STAFF = ("draft", "correct")
