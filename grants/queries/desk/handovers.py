"""What an officer has in hand, and the lists by which it passed from hand to hand."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _l

from grants.enums import LetterStatus
from grants.models import Application, Handover, Letter
from grants.permissions import in_scope
from grants.queries.applications.running import Running, rows_of, under_way
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of, posts_of
from miaoli_kaohsiung.lib import natural
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

_SHORT = 6
_NUMBER_OR_DAY = re.compile(r"[0-9A-Z年月日-]+")


def counties_of(user: User) -> set[str]:
    """Return the counties in which the user may give cases to another officer."""
    return {post.county for post in posts_of(user) if post.role in CASE_HANDLERS}


def officers_of(counties: Iterable[str]) -> list[User]:
    """Return the case officers in post; not their deputies, who give the work back."""
    return holders_of(Role.CASE_OFFICER, county__in=list(counties), stands_for=None)


def with_work(counties: Iterable[str]) -> QuerySet[User]:
    """Return everybody who looks after cases that are not over, those who have left among them."""
    cases = under_way(Application.objects.filter(county__in=list(counties), officer__isnull=False))
    return User.objects.filter(pk__in=cases.order_by().values("officer")).order_by("display_name", "pk")


def in_hand(officer: User, counties: Iterable[str]) -> QuerySet[Application]:
    """Return the officer's cases that are not over."""
    return under_way(Application.objects.filter(county__in=list(counties), officer=officer))


def belongs(user: User, case: Application) -> bool:
    """Return whether the user is of the association itself, and so must not handle its case."""
    return any(post.role == Role.MEMBER and in_scope(post, case) for post in posts_of(user))


def contents_of(cases: QuerySet[Application]) -> dict[str, list[list[Any]]]:
    """Return the sections of a hand-over list as plain data: the cases, and the letters not issued yet."""
    letters = Letter.objects.filter(application__in=cases.order_by().values("pk"), status=LetterStatus.DRAFT)
    drafts = letters.select_related("application").order_by(natural.in_order("application__number"), "pk")
    return {
        "cases": [plain(row) for row in rows_of(cases)],
        "letters": [
            [row.case_number, str(row.get_kind_display()), row.subject, format_roc(row.prepared_on)] for row in drafts
        ],
    }


def plain(row: Running) -> list[Any]:
    """Return a case's row as the list keeps it."""
    due = format_roc(row.due) if row.due else ""
    words = [row.number, row.title, row.organisation, row.status, row.next, due]
    return [*words, row.approved, row.paid, row.owed]


def handovers_seen(user: User) -> QuerySet[Handover]:
    """Return the lists of the user's counties, of the own association, and those which the user signs for."""
    posts = posts_of(user)
    counties = [post.county for post in posts if post.role in CASE_HANDLERS or post.role == Role.AUDITOR]
    bodies = [post.organisation_id for post in posts if post.role == Role.MEMBER]
    seen = Q(county__in=counties) | Q(organisation__in=bodies) | Q(taker=user, organisation=None)
    return Handover.objects.filter(seen).select_related("organisation", "taker", "giver", "made_by")


@dataclass(frozen=True)
class Cell:
    """A cell of a table under its heading; `number` for an amount."""

    head: str
    text: str
    number: bool

    @property
    def short(self) -> bool:
        """Whether the text is so short, or a number or a day, that it stays on one line."""
        return len(self.text) <= _SHORT or _NUMBER_OR_DAY.fullmatch(self.text) is not None


@dataclass(frozen=True)
class Section:
    """One table of a hand-over list."""

    title: str
    heads: list[str]
    rows: list[list[Cell]]


def sections_of(content: Mapping[str, list[list[Any]]]) -> list[Section]:
    """Return the tables of a list that have rows, in the order in which they are printed."""
    found = []
    for name, (title, names) in _SECTIONS.items():
        heads = [str(head) for head in names]
        if rows := content.get(name):
            found.append(Section(str(title), heads, [_cells(heads, row) for row in rows]))
    return found


def _cells(heads: list[str], row: list[Any]) -> list[Cell]:
    cells = []
    for head, value in zip(heads, row, strict=True):
        number = isinstance(value, int)
        text = format_amount(value) if number else value or "—"
        cells.append(Cell(head, text, number))
    return cells


_SECTIONS = {
    "cases": (
        _l("未結案件"),
        (_l("案號"), _l("計畫"), _l("單位"), _l("狀態"), _l("接下來"), _l("期限"),
         _l("核定（元）"), _l("已撥付（元）"), _l("應繳回（元）")),
    ),
    "deadlines": (_l("期限"), (_l("案號"), _l("事項"), _l("期限"))),
    "duties": (_l("應辦事項"), (_l("案號"), _l("事項"), _l("期限"))),
    "papers": (_l("存在網站的文件"), (_l("文件"), _l("上傳日期"), _l("有效至"))),
    "bans": (_l("處分"), (_l("事由"), _l("停止申請起"), _l("停止申請迄"))),
    "people": (_l("現任人員"), (_l("職稱"), _l("姓名"), _l("任期迄"), _l("帳號"))),
    "letters": (_l("待發公文"), (_l("案號"), _l("種類"), _l("主旨"), _l("擬稿日"))),
}  # fmt: skip
