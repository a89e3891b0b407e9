"""Work that is on nobody's desk: no one holds the post, or all who hold it had a part in the step before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from communities.queries import expired_chairs, township_name
from grants.enums import AT_THE_APPLICANT, AT_THE_TOWNSHIP_OR_RETURNED, RUNNING
from grants.models import Application
from grants.queries import payments
from grants.queries.scope import without_conflicts
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF, DEPUTISED
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_force
from miaoli_kaohsiung.lib import clock

from .arms import waiting
from .queues import BY_KIND, QUEUES, Queue
from .tasks import Task, rows_with_details

SHOWN = 30
# A post that should be held, and what waits for it.
_Asked = tuple[Post, QuerySet[Any]]


@dataclass(frozen=True)
class Unheld:
    """The rows of one queue that nobody finds on the desk, and why; they are counted as on the desk, `tasks` holds the
    first.
    """

    title: str
    why: str
    number: int
    tasks: list[Task]

    @property
    def words(self) -> str:
        return payments.in_words(self.number)


@dataclass(frozen=True)
class _Arm:
    """A part of the one query that looks for all of them; a queue occurs once."""

    queue: Queue
    title: str
    why: str
    rows: QuerySet[Any]


def unheld_in(county: str, reader: User | None = None) -> list[Unheld]:
    """Return what waits in the county for nobody, queue by queue, in a few queries whatever the number of cases; for a
    reader without the cases in which the reader has an interest.
    """
    held = list(posts_in_force().filter(county=county, role__in=DEPUTISED).select_related("user", "stands_for"))
    wanted = [Post(role=role, county=county, valid_from=clock.today()) for role in COUNTY_STAFF]
    wanted += [_township_post(county, code) for code in _townships(county)]
    asked = [(queue, pairs) for queue in QUEUES if (pairs := _asked(queue, wanted))]
    full = _not_empty(asked)
    arms = [_arm(queue, pairs, held) for queue, pairs in asked if queue.kind in full]
    arms.append(_without_member(county))
    if reader:
        arms = [replace(arm, rows=without_conflicts(reader, arm.rows)) for arm in arms]
    found: dict[str, list[tuple[Queue, int, Any]]] = {}
    queues = {arm.queue.kind: arm.queue for arm in arms}
    for kind, pk, due in waiting([(arm.queue, arm.rows) for arm in arms]) or ():
        found.setdefault(kind, []).append((queues[kind], pk, due))
    shown = [row for rows in found.values() for row in rows[:SHOWN]]
    tasks = rows_with_details(None, shown, {arm.queue.kind: arm.rows.model for arm in arms}) if shown else []
    return [
        Unheld(arm.title, arm.why, len(rows), [task for task in tasks if task.queue == arm.queue])
        for arm in arms
        if (rows := found.get(arm.queue.kind))
    ]


def _asked(queue: Queue, wanted: list[Post]) -> list[_Asked]:
    return [(post, rows) for post in wanted if (rows := _rows(queue, post, _nobody(post))) is not None]


def _not_empty(asked: list[tuple[Queue, list[_Asked]]]) -> set[str]:
    """Return the kinds of queues in which anything waits for anybody, so that only these are looked through."""
    parts = [
        rows.order_by().annotate(_kind=Value(queue.kind, output_field=TextField())).values_list("_kind", flat=True)[:1]
        for queue, pairs in asked
        for _post, rows in pairs
    ]
    return set(parts[0].union(*parts[1:], all=True)) if parts else set()


def _arm(queue: Queue, asked: list[_Asked], held: list[Post]) -> _Arm:
    model: Any = asked[0][1].model
    all_rows = Q(pk__in=[])
    for _post, found in asked:
        all_rows |= Q(pk__in=found.order_by().values("pk"))
    left = model.objects.filter(all_rows)
    seeing = [rows for post in held if (rows := _rows(queue, post, post.user)) is not None]
    for found in seeing:
        left = left.exclude(pk__in=found.order_by().values("pk"))
    return _Arm(queue, str(queue.title), _why([post for post, _rows in asked], held), left)


def _why(asked: list[Post], held: list[Post]) -> str:
    """Return who is missing, or that those who are there may not."""
    places = {(post.role, post.township_code) for post in held}
    missing = [post for post in asked if (post.role, post.township_code) not in places]
    if len(missing) < len([post for post in asked if not post.township_code]) or not missing:
        return _("擔任的同仁都辦過前一個步驟，要有另一位同仁才能辦。")
    names = (f"{township_name(post.township_code)}{post.get_role_display()}" for post in missing)
    return _("現在沒有人擔任%(posts)s。") % {"posts": "、".join(dict.fromkeys(names))}


def _rows(queue: Queue, post: Post, person: User) -> QuerySet[Any] | None:
    return queue.of(post, person, clock.today())


def _nobody(post: Post) -> User:
    """Return somebody who holds this post alone and has done nothing: what he finds is all that waits for the post."""
    nobody = User(pk=0)
    nobody.__dict__ |= {"_posts": [post], "_lapsed_posts": []}
    return nobody


def _townships(county: str) -> Iterator[str]:
    waiting = Application.objects.filter(county=county, status__in=AT_THE_TOWNSHIP_OR_RETURNED)
    yield from (
        waiting.exclude(township_code="").order_by("township_code").values_list("township_code", flat=True).distinct()
    )


def _township_post(county: str, code: str) -> Post:
    return Post(role=Role.TOWNSHIP_OFFICER, county=county, township_code=code, valid_from=clock.today())


def _without_member(county: str) -> _Arm:
    """Return cases in which it is the association's turn and nobody of it has an account.

    Where the chairperson's term is over, the term itself is on the officers' desks.
    """
    members = posts_in_force().filter(role=Role.MEMBER, counter_for="", organisation_id=OuterRef("organisation"))
    turn = Q(status__in=AT_THE_APPLICANT) | Q(award__status__in=RUNNING, award__notified_on__isnull=False)
    rows = Application.objects.filter(turn, ~Exists(members), county=county)
    rows = rows.exclude(organisation__in=expired_chairs().values("organisation"))
    why = _("單位沒有人有帳號；請邀請現任人員，或在櫃檯代辦。")
    return _Arm(BY_KIND["correct"], _("等申請單位辦理"), why, rows)
