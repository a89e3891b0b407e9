"""The measured pages: who asks for what, one request at a time, and how long the answer takes."""

import http.client
import re
import socket
import statistics
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from communities.models import Organisation
from grants.compliance.judging import evaluate, unreasoned
from grants.enums import ApplicationStatus as S
from grants.enums import AwardStatus, SettlementStatus
from grants.forms.applications.budget import BudgetForms
from grants.models import Application, Award, BudgetLine, Document, Justification, Letter, Settlement
from grants.queries.applications.stamps import STAMPED
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from tests.bench.processor import Meter

CSRF = "b" * 32
BARE = "bare view"
LINES = 30


@dataclass(frozen=True)
class Target:
    """Multiples of the bare view that a page may take; None where nothing is promised."""

    times: float | None
    growth: float | None = 1.2


@dataclass
class Result:
    """One page at one size: milliseconds of each request, on the clock and on the processors; queries of one request,
    bytes of its answer.
    """

    name: str
    target: Target
    queries: int
    size: int
    took: list[float]
    ran: list[float]

    @property
    def cpu(self) -> float | None:
        return statistics.median(self.ran) if self.ran else None

    @property
    def median(self) -> float:
        return statistics.median(self.took)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.took, n=100)[-1] if len(self.took) > 1 else self.took[0]

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.took, n=20)[-1] if len(self.took) > 1 else self.took[0]


@dataclass(frozen=True)
class Page:
    """`ask` sends one request and answers (seconds, queries or None, bytes); `most` bounds how often it can be sent."""

    name: str
    target: Target
    ask: Callable[[bool], tuple[float, int | None, int]]
    most: int = 10_000


def measure(port: int, requests: int, meter: Meter, *, reading: bool = False) -> dict[str, Result]:
    """All pages in turn, `requests` rounds; the first rounds warm the workers up and are not counted. `reading` leaves out
    what writes and what is set as a PDF, for which a thin case has too little.
    """
    results = {}
    pages = _pages(port, reading=reading)
    for page in pages:
        for _ in range(4):
            page.ask(False)
        _took, queries, size = page.ask(True)
        results[page.name] = Result(page.name, page.target, queries or 0, size, [], [])
    for turn in range(requests):
        for page in pages:
            if turn < page.most:
                before = meter.read()
                results[page.name].took.append(page.ask(False)[0] * 1000)
                # What the worker still does after its answer belongs to it.
                time.sleep(0.003)
                after = meter.read()
                if before is not None and after is not None:
                    results[page.name].ran.append(after - before)
    return results


LISTED, OPENED, FREE = Target(15), Target(20), Target(None)
# Each page: its name, what it may take, who asks ("" for anybody), and its address.
PAGES = (
    ("list, officer", LISTED, "ks-officer", "/applications/"),
    ("list, page 20", LISTED, "ks-officer", "/applications/?page=20"),
    ("list, a deep page", LISTED, "ks-officer", "/applications/?page=999999"),
    ("list, by status", LISTED, "ks-officer", "/applications/?status=approved"),
    ("list, by number", LISTED, "ks-officer", "/applications/?sort=number"),
    ("list, member", LISTED, "qishan-staff", "/applications/"),
    ("search, many found", LISTED, "ks-officer", "/applications/?q=社區防災"),
    ("search, one found", LISTED, "ks-officer", "/applications/?q={case}"),
    ("search, none found", LISTED, "ks-officer", "/applications/?q=找不到的字"),
    ("case page, officer", OPENED, "ks-officer", "/applications/{case}/"),
    ("case page, member", OPENED, "qishan-staff", "/applications/{own}/"),
    ("award page, officer", OPENED, "ks-officer", "/awards/{award}/"),
    ("settlement page, officer", OPENED, "ks-officer", "/settlements/{settled}/"),
    ("desk, officer", LISTED, "ks-officer", "/desk/"),
    ("desk, head", LISTED, "ks-head", "/desk/"),
    ("desk, member", LISTED, "qishan-staff", "/desk/"),
    ("desk, finance", LISTED, "ks-finance", "/desk/"),
    ("payments", OPENED, "ks-officer", "/payments/"),
    ("payments, to pay", OPENED, "ks-finance", "/payments/?view=to_pay"),
    ("awards", OPENED, "ks-officer", "/payments/?view=awards"),
    ("awards to look at", OPENED, "ks-officer", "/payments/?view=at_risk"),
    ("letters", LISTED, "ks-officer", "/letters/"),
    ("registry", LISTED, "ks-officer", "/registry/"),
    ("county dashboard", OPENED, "ks-head", "/county/"),
    ("money by year", OPENED, "ks-head", "/payments/overview/"),
    ("public home", FREE, "", "/"),
    ("public directory", FREE, "", "/communities/"),
    ("one letter, PDF", Target(250, None), "ks-officer", "/letters/{letter}.pdf"),
)


def asked(port: int) -> list[Page]:
    """What is only read, for somebody with sessions of their own."""
    return _pages(port, reading=True)[1:]


def check(port: int) -> Page:
    return _check(port, _session("qishan-staff"))


def _pages(port: int, *, reading: bool = False) -> list[Page]:
    cookies = {who: _session(who) for _name, _target, who, _path in PAGES if who} | {"": ""}

    def page(name: str, target: Target, who: str, path: str) -> Page:
        address = urllib.parse.quote(path, safe="/?=&")
        return Page(name, target, lambda counted: _timed(port, "GET", address, cookies[who], counted=counted))

    found = [page(BARE, Target(None, None), "", "/bench/bare/")]
    read = [one for one in addresses() if not (reading and one[3].endswith(".pdf"))]
    found += [page(name, target, who, path) for name, target, who, path in read]
    if reading:
        return found
    return [*found, _check(port, cookies["qishan-staff"]), _filing(port)]


def addresses() -> list[tuple[str, Target, str, str]]:
    """The pages with the numbers of a case in the middle, of one's own, of an award, a settlement and a letter put in."""
    case = Application.objects.filter(county="kaohsiung", status=S.APPROVED).order_by("id")[100]
    own = Application.objects.filter(organisation=_own(), status=S.APPROVED).first()
    letter = Letter.objects.filter(county="kaohsiung", status="draft", kind="approval").first()
    award = Award.objects.filter(application__county="kaohsiung", status=AwardStatus.ACTIVE).order_by("id")[100]
    settlements = Settlement.objects.filter(award__application__county="kaohsiung", status=SettlementStatus.SUBMITTED)
    # A thousand cases have some dozens of them.
    settled = settlements.select_related("award").order_by("id")[settlements.count() // 2].award
    known = {"case": case.number, "own": own.number, "letter": letter.pk}
    known |= {"award": award.number, "settled": settled.number}
    return [(name, target, who, path.format(**known)) for name, target, who, path in PAGES]


def _check(port: int, cookies: str) -> Page:
    """Somebody types into a budget of thirty lines: each request has another amount in one of them."""
    case = Application.objects.get(organisation=_own(), status=S.DRAFT)
    lines = _thirty_lines(case)
    data = {name: value for form in BudgetForms(lines=lines).forms for name, value in _fields(form)}
    state = {"edition": case.edition, "turn": 0}
    amounts = [f"line-{line.pk}-requested" for line in lines]
    path = f"/applications/{case.number}/budget/check/"

    def ask(counted: bool) -> tuple[float, int | None, int]:
        turn = state["turn"] = state["turn"] + 1
        name = amounts[turn % LINES]
        data[name] = str(1_000 + turn)
        body = urllib.parse.urlencode({**data, "edition": state["edition"]})
        answered: dict[str, str] = {}
        answer = _timed(port, "POST", path, cookies, body, counted=counted, answered=answered)
        state["edition"] = int(re.search(r'"edition": (\d+)', answered["body"])[1])  # type: ignore[index]
        return answer

    return Page(f"budget check, {LINES} lines", Target(40), ask)


def _thirty_lines(case: Application) -> list[BudgetLine]:
    seeds = list(case.lines.order_by("position"))
    for place in range(len(seeds), LINES):
        seed = seeds[place % len(seeds)]
        BudgetLine.objects.create(
            application=case,
            position=place + 1,
            item=seed.item,
            description=seed.description,
            quantities=seed.quantities,
            unit_price=seed.unit_price,
            requested=seed.requested,
        )
    return list(case.lines.order_by("position", "id"))


def _fields(form) -> list[tuple[str, str]]:
    """What a browser would post of a form."""
    return [(field.html_name, str(value)) for field in form if (value := field.value()) not in (None, "", False)]


def _filing(port: int) -> Page:
    """The chair files: each request another application, which its staff has handed over."""
    seed = Application.objects.filter(status=S.AWAITING_CHAIR).order_by("id")[0]
    # The seed itself is never filed: the next size is copied from it too.
    ready = Application.objects.filter(
        status=S.AWAITING_CHAIR, programme=seed.programme, organisation__name__startswith=seed.organisation.name
    ).exclude(pk=seed.pk)
    cases = [(case.number, case.edition) for case in (*ready, *_more(seed, 60))]
    # The stamped forms of copies were printed for the case that they are copied from.
    papers = Document.objects.filter(application__number__in=[number for number, _edition in cases])
    papers.filter(kind=STAMPED).update(contents="")
    chair = _session("qishan-chair")
    user = User.objects.get(username="qishan-chair")
    Post.objects.bulk_create(
        Post(
            user=user,
            role=Role.MEMBER,
            county="kaohsiung",
            organisation_id=pk,
            office="chairperson",
            valid_from="2010-01-01",
        )
        for pk in Application.objects.filter(number__in=[number for number, _ in cases]).values_list(
            "organisation_id", flat=True
        )
        if not Post.objects.filter(user=user, organisation_id=pk).exists()
    )

    def ask(counted: bool) -> tuple[float, int | None, int]:
        number, edition = cases.pop()
        body = urllib.parse.urlencode({"token": str(uuid.uuid4()), "edition": edition})
        answer = _timed(port, "POST", f"/applications/{number}/file/", chair, body, counted=counted, expected=302)
        if Application.objects.get(number=number).status != S.SUBMITTED:
            raise RuntimeError(f"{number} was not filed")
        return answer

    return Page("filing", Target(None), ask, most=len(cases) - 5)


def _more(seed: Application, wanted: int) -> list[Application]:
    """Copies of a case that is ready to be filed, in associations that have none of the programme open."""
    taken = Application.objects.filter(programme=seed.programme, status__in=[S.DRAFT, S.AWAITING_CHAIR])
    free = Organisation.objects.filter(county="kaohsiung", kind=seed.organisation.kind).exclude(
        pk__in=taken.values("organisation")
    )
    lines, papers = list(seed.lines.all()), list(seed.documents.all())
    made = []
    serial = Application.objects.order_by("-id").values_list("id", flat=True)[0]
    for place, organisation in enumerate(free.order_by("-id")[:wanted], 1):
        case = Application.objects.get(pk=seed.pk)
        case.pk, case.number, case.organisation = None, f"88-099-9{serial + place}", organisation
        case.township_code = organisation.township_id
        case.save()
        for row in (*lines, *papers):
            row.pk, row.application = None, case
            row.save()
        _explain(case)
        made.append(case)
    return made


def _explain(case: Application) -> None:
    """A written reason for whatever the law wants explained of this association."""
    found = unreasoned(case, evaluate(case, stage="submission"))
    for finding in found:
        line = int(finding.line) if finding.line else None
        Justification.objects.create(application=case, clause=finding.clause, line_id=line, text="量測用")


def _own() -> Organisation:
    post = Post.objects.get(user__username="qishan-staff")
    return Organisation.objects.get(pk=post.organisation_id)


def _session(username: str) -> str:
    """The cookies of somebody who has signed in."""
    user = User.objects.get(username=username)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def _words(page: bytes) -> str:
    """The words of the page's main part, without its tags."""
    _head, _main, main = page.decode(errors="replace").partition("<main")
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:2000]


def _timed(
    port: int,
    method: str,
    path: str,
    cookies: str,
    body: str = "",
    *,
    counted: bool = False,
    expected: int = 200,
    answered: dict[str, str] | None = None,
) -> tuple[float, int | None, int]:
    """One request on a new connection. Raises RuntimeError for an answer that was not expected."""
    headers = {"Cookie": cookies} if cookies else {}
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF}
    if counted:
        headers["X-Count-Queries"] = "1"
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, body or None, headers)
    response = connection.getresponse()
    data = response.read()
    took = time.perf_counter() - started
    connection.close()
    if response.status != expected:
        raise RuntimeError(f"{method} {path} answered {response.status}: {_words(data)}")
    if answered is not None:
        answered["body"] = data.decode(errors="replace")
    queries = response.getheader("X-Queries")
    return took, int(queries) if queries else None, len(data)


def get(port: int, path: str) -> None:
    _timed(port, "GET", path, "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
