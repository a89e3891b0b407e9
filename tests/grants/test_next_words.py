"""Who does what next, in which words and on which page: what_comes_next.md says it for each status and whoever reads it.

The first panel of a case, an award and a settlement, the further buttons, the desk and the association's list of what
is under way all say the same, since all of them read the tables of moves.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from grants.enums import ApplicationStatus as S
from grants.enums import AwardStatus, InstalmentStatus, SettlementStatus
from grants.models import Application, Award, Instalment, Settlement
from grants.queries import scope
from grants.queries.applications import next_steps
from grants.queries.applications.running import running
from grants.queries.desk.tasks import desk_of
from grants.queries.payments import with_terms
from grants.templatetags.reviews import review_actions
from grants.views.awards.next_step import next_of_award
from grants.views.payments.instalments import instalment_cards
from grants.views.settlements.next_step import next_of
from grants.views.settlements.viewer import Page
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import person
from tests.factories.grants import terms_of
from tests.grants.in_each_status import BUILD, TODAY, People

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("what_comes_next.md")
TOMORROW = TODAY + dt.timedelta(days=1)

# What else a status may look like: how the object differs from the one in_each_status makes.
VARIANTS = {
    "application draft, sent back by the chair": ("application", S.DRAFT, {"chair_note": "請補數量"}, {}),
    "application correction_requested, in time": (
        "application",
        S.CORRECTION_REQUESTED,
        {"correction_due_on": TOMORROW},
        {"due_on": TOMORROW},
    ),
    "application correction_requested, without its letter": (
        "application",
        S.CORRECTION_REQUESTED,
        {"correction_due_on": None},
        {"due_on": None},
    ),
    "application correction_requested, before the chair": (
        "application",
        S.CORRECTION_REQUESTED,
        {"correction_due_on": TOMORROW},
        {"due_on": TOMORROW, "handed_on": TODAY},
    ),
    "application correction_requested, asked by the township": (
        "application",
        S.CORRECTION_REQUESTED,
        {},
        {"by_township": True},
    ),
}
CASES = {
    f"{kind} {status}": (kind, status, {}, {})
    for kind, statuses in (
        ("application", S),
        ("award", AwardStatus),
        ("instalment", InstalmentStatus),
        ("settlement", SettlementStatus),
    )
    for status in statuses
} | VARIANTS


def build(people: People, name: str) -> Application | Award | Instalment | Settlement:
    kind, status, fields, asked = CASES[name]
    row = BUILD[kind](people, status)
    if fields or asked:
        Application.objects.filter(pk=row.pk).update(**fields)
        row.corrections.update(**asked)
        terms_of(row.scheme, township_first="by_township" in asked)
        row.refresh_from_db()
    if status in (S.COMPLETENESS_CHECK, S.UNDER_REVIEW):
        row.assignments.create(
            reviewer=people.reviewer, assigned_by=people.officer, assigned_on=TODAY, due_on=TOMORROW, interest="none"
        )
    return row


def award_of(row: Award | Instalment | Settlement) -> Award:
    return with_terms(Award.objects.all()).get(pk=row.pk if isinstance(row, Award) else row.award_id)


def may_open(row: Application | Award | Instalment | Settlement, user: User) -> bool:
    if isinstance(row, Application):
        return scope.cases(user).filter(pk=row.pk).exists()
    return scope.awards(user).filter(pk=award_of(row).pk).exists()


def panel_of(row: Application | Award | Instalment | Settlement, user: User) -> Iterator[tuple[str, object]]:
    """The first panel of each page of the object."""
    if isinstance(row, Application):
        yield "panel", next_steps.next_of(row, user)
        return
    award = award_of(row)
    yield (
        "award's panel",
        next_of_award(Page(user, award, getattr(award, "settlement", None)), instalment_cards(user, award)),
    )
    settlement = Settlement.objects.filter(award=award).first()
    if settlement:
        settlement.award = award
    yield "settlement's panel", next_of(Page(user, award, settlement))


def buttons_of(row: Application | Award | Instalment | Settlement, user: User) -> list[tuple[str, str]]:
    """The buttons beside the panel: (words, address)."""
    if isinstance(row, Application):
        panel = next_steps.next_of(row, user)
        found = review_actions(row, user, None, panel.action or panel.url)
        return [(str(one["label"]), ("post " if one["post"] else "") + one["url"]) for one in found]
    award = award_of(row)
    html = render_to_string("grants/payments/_actions.html", {"award": award, "cards": instalment_cards(user, award)})
    html = re.sub(r'<span class="visually-hidden">.*?</span>', "", html, flags=re.DOTALL)
    links = re.findall(r'<a class="btn[^"]*"\s+href="([^"]*)">(.*?)</a>', html, re.DOTALL)
    return [("".join(words.split()), address) for address, words in links]


def lines_of(row: Application | Award | Instalment | Settlement, user: User) -> Iterator[str]:
    """All that this person reads, a line each: where | state | text | sub | button → address."""
    for place, found in panel_of(row, user):
        where = f"post {found.action}" if getattr(found, "action", "") else found.url
        where = where or (f"form {found.form_id}" if getattr(found, "form_id", "") else "")
        button = f"[{found.label}] {where}" if where else ""
        yield " | ".join(filter(None, (place, found.state, found.text, found.sub, button)))
    for words, address in buttons_of(row, user):
        yield f"button | [{words}] {address}"
    for task in desk_of(user).tasks:
        yield f"desk | {task.queue.title} | {task.text} | [{task.queue.label}] {task.url}"
    for case in running(user):
        yield " | ".join(filter(None, ("under way", case.status, case.next)))


def written(name: str) -> str:
    """The paragraph of what_comes_next.md: who reads what, people who read the same together."""
    people = People.make()
    people.reviewer = person(Role.REVIEWER)
    people.auditor = person(Role.AUDITOR)
    row = build(people, name)
    number = row.number if isinstance(row, Application) else award_of(row).number
    readers: dict[str, list[str]] = {}
    for who, user in vars(people).items():
        if who != "body" and may_open(row, user):
            for line in lines_of(row, user):
                plain = (
                    line.replace(number, "N").replace(str(people.body), "BODY").replace(str(people.officer), "OFFICER")
                )
                readers.setdefault(plain, []).append(who)
    lines = [f"- {', '.join(who)} | {line}" for line, who in readers.items()]
    return "\n".join([f"## {name}", "", *lines])


def paragraphs() -> dict[str, str]:
    parts = re.split(r"(?m)^(?=## )", TABLE.read_text(encoding="utf-8"))[1:]
    return {part.splitlines()[0].removeprefix("## "): part.strip() for part in parts}


@pytest.mark.parametrize("name", CASES)
def test_everybody_reads_what_the_table_says(name):
    assert written(name) == paragraphs()[name]


def test_the_table_says_nothing_else():
    assert list(paragraphs()) == list(CASES)
