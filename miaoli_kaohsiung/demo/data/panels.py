"""Kaohsiung's panel until June: who is asked about what, nine reviewers of one case, and two presentation sessions.

Of the nine one declared an interest, and one has the telephone number of the association.
"""

import datetime as dt
from collections.abc import Iterator

from grants.enums import PRESENTED_IN, LetterStatus
from grants.models import Application, Letter, PresentationSession, Programme, ReviewAssignment, Scheme
from grants.rules import catalogue
from grants.services.letters import dispatch
from grants.services.panels import sessions
from grants.services.panels.interests import save_details
from grants.services.panels.roster import set_remit
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.roc_date import roc_year

from .places import KAOHSIUNG
from .registry import World

SLUG = "kaohsiung-88"
# The association whose case the nine review, and the project.
REVIEWED = ("蓮池", "老照片說故事：社區文史調查")
# By sign-in name: programmes and townships that a reviewer is asked about.
REMITS = {
    "reviewer-4": (("community_vitality", "local_industry"), ()),
    "reviewer-5": (("culture_preservation", "indigenous_culture"), ()),
    "reviewer-6": ((), ("旗山鎮", "美濃鎮", "甲仙鄉", "六龜鄉")),
}
# By sign-in name: what each gives for every criterion, and why. The last three have not scored yet.
SCORES = {
    "reviewer-4": (88, "訪問對象具體，成果容易看見。"),
    "reviewer-5": (92, "題材急迫，耆老名單已列出。"),
    "reviewer-6": (61, "預算偏重拍片，居民參與的方式寫得少。"),
}
# What was said at the session of May, by the association.
HEARD = {
    "化石": (True, "理事長、總幹事", "補充導覽路線，委員建議刊物改為兩百份。"),
    "蕉園": (False, "", "來電請假，改以書面審查。"),
}


def panel(world: World) -> Iterator[dt.date]:
    """The days on which somebody acts, as `load.walk` asks for them."""
    officer, scheme = world.of(KAOHSIUNG, "officer"), Scheme.objects.get(slug=SLUG)
    yield dt.date(2010, 4, 6)
    for username, (codes, townships) in REMITS.items():
        programmes = list(Programme.objects.filter(scheme=scheme, code__in=codes))
        places = [world.townships[name] for name in townships]
        set_remit(officer, KAOHSIUNG, world.users[username], programmes, places)
    yield dt.date(2010, 5, 17)
    _assign_nine(world, officer)
    yield dt.date(2010, 5, 18)
    first = _planned(world, scheme, "99年度第1次補助案簡報審查會", dt.date(2010, 5, 25), list(HEARD))
    sessions.invite(officer, first)
    _issue_invitations(officer, first)
    yield dt.date(2010, 5, 19)
    phone = world.organisations[REVIEWED[0]].phone
    save_details(world.users["reviewer-9"], {"tax_id": "", "address": "", "phone": phone, "bank_account": ""})
    yield dt.date(2010, 5, 24)
    for username, (points, words) in SCORES.items():
        _score(world.users[username], points, words)
    yield dt.date(2010, 5, 26)
    _record(officer, first)
    yield dt.date(2010, 5, 31)
    _planned(world, scheme, "99年度第2次補助案簡報審查會", dt.date(2010, 6, 10), [REVIEWED[0], "溪畔"])


def _assign_nine(world: World, officer: User) -> None:
    """The first three were asked with the case; these six are asked besides."""
    case = Application.objects.get(organisation=world.organisations[REVIEWED[0]], title=REVIEWED[1])
    due = office_calendar.of(KAOHSIUNG).add_workdays(clock.today(), 10)
    reviewers.assign(officer, case, [world.users[f"reviewer-{n}"] for n in range(4, 10)], due_on=due)


def _score(reviewer: User, points: int, words: str) -> None:
    row = ReviewAssignment.objects.select_related("application__scheme").get(reviewer=reviewer)
    reviewers.declare(reviewer, row, ReviewAssignment.Interest.NONE)
    criteria = catalogue.review_criteria(row.application.scheme.ruleset)
    scores = {one.code: (points - 3 * place, words) for place, one in enumerate(criteria)}
    reviewers.score(reviewer, row, scores, words)


def _planned(world: World, scheme: Scheme, meeting: str, held_on: dt.date, words: list[str]) -> PresentationSession:
    bodies = [world.organisations[word] for word in words]
    officer = world.of(KAOHSIUNG, "officer")
    cases = Application.objects.filter(organisation__in=bodies, status__in=PRESENTED_IN).order_by("number")
    members = [world.users[f"reviewer-{n}"] for n in (1, 2, 4)]
    plan = sessions.Plan(meeting, held_on, dt.time(13, 30), "本府第一會議室", 20, members, list(cases))
    return sessions.plan(officer, scheme, plan)


def _issue_invitations(officer: User, session: PresentationSession) -> None:
    drafts = Letter.objects.filter(context__session=session.pk, status=LetterStatus.DRAFT).order_by("pk")
    word = session.scheme.dispatch_word
    for place, letter in enumerate(drafts, 1):
        number = f"{word}第{roc_year(clock.today().year):03}{place + 1300:07}號"
        dispatch.issue(officer, letter, dispatch_number=number, dispatched_on=clock.today())


def _record(officer: User, session: PresentationSession) -> None:
    heard = {}
    for item in session.items.select_related("application__organisation"):
        found = next((said for word, said in HEARD.items() if word in item.application.organisation.name), None)
        heard[item.pk] = sessions.Heard(*(found or (True, "理事長", "照計畫說明，沒有提問。")))
    present = [row.pk for row in session.members.all()][:2]
    text = "依序簡報，委員意見請承辦人納入核定建議。"
    sessions.record(officer, session, sessions.Minutes("社會處處長", text, present, heard))
