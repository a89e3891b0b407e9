"""Loading it all: the portal's date walks from January to June 2010, and everybody acts on their days."""

import datetime as dt
import heapq
from collections.abc import Callable, Iterator
from itertools import count

from grants.models import Scheme
from grants.services import daily, rulings
from grants.services.reviews import county_rules
from grants.services.rulings import RulingDraft
from grants.services.schemes import envelopes, return_terms, sync
from grants.services.schemes.envelopes import EnvelopeDraft
from grants.services.schemes.return_terms import ReturnTerms
from grants.services.settlements import sampling
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.services import Wish, confirm
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import roc_year

from . import (
    alliances,
    associations,
    audits,
    centres,
    deliveries,
    lists,
    panels,
    partners,
    training,
    treasury,
    volunteers,
)
from .cases import PLANS
from .money_steps import Story
from .papers import paper
from .places import KAOHSIUNG, MIAOLI
from .registry import (
    LAST_DAY,
    World,
    confirm_tiers,
    evaluate_98,
    open_99,
    people_of_the_authorities,
    propose_tiers,
    register,
    send_results,
)

FIRST_DAY = dt.date(2010, 1, 4)
FIRST_REMINDERS = dt.date(2010, 3, 1)
# What the county of Miaoli would announce: invented, for the demonstration alone.
MIAOLI_STANDARDS = {
    "subsidy.unit_caps": {"lecturer_fee": 800, "expert_fee": 1_500, "casual_pay": 95, "meals": 80, "printing": 100},
    "subsidy.case_cap": 60_000,
    "subsidy.own_share": [1, 5],
}
# Where money comes back to: invented as well.
RETURN_TERMS = {
    KAOHSIUNG: (
        "kaohsiung-88",
        ReturnTerms(30, "0040107", "010000000088", "高雄縣政府（示範）", "府社區簽字第0990000032號", "示範資料"),
    ),
    MIAOLI: (
        "miaoli-welfare",
        ReturnTerms(30, "0040289", "028000000099", "苗栗縣政府（示範）", "府社行簽字第0990000033號", "示範資料"),
    ),
}
REASONS = ("參酌實際需要酌予核減", "單價偏高，依市價核減", "與計畫目的關聯不足，核減", "已由其他單位補助，不重複補助")
Days = Iterator[dt.date]
Queue = list[tuple[dt.date, int, Days]]


class Late(Exception):
    """A case that was to be somewhere by the last day, and is not."""


def load(say: Callable[[str], None]) -> World:
    """Make the whole demonstration. Raises Late when a case does not get where its plan wants it."""
    world = World(Actor.system("load_demo"))
    sync.sync()
    walkers: list[Days] = [_authorities(world)]
    for _ in walk(walkers):
        pass
    stories = [Story(world, plan, number).days() for number, plan in enumerate(PLANS, 1)]
    done = 0
    for done, day in enumerate(walk([*_years(world), *stories, _daily_jobs()]), 1):
        if done % 100 == 0:
            say(f"{done} steps, {day}")
    say(f"{done} steps")
    deliveries.refuse_texts()
    return world


def _years(world: World) -> list[Days]:
    return [
        _law(world),
        _tiers(world),
        associations.year(world),
        associations.guidance(world),
        training.year(world),
        volunteers.year(world),
        alliances.year(world),
        centres.year(world),
        partners.year(world),
        lists.year(world),
        panels.panel(world),
        treasury.year(world),
        audits.year(world),
    ]


def walk(walkers: list[Days]) -> Iterator[dt.date]:
    """Let all act in the order of their days; each tells its next day, then acts on it. Answers the days."""
    order = count()
    queue: Queue = []
    for walker in walkers:
        _queue(queue, order, walker, None)
    while queue:
        day, _place, walker = heapq.heappop(queue)
        with clock.travel(day):
            _queue(queue, order, walker, day)
        yield day


def _queue(queue: Queue, order: Iterator[int], walker: Days, day: dt.date | None) -> None:
    following = next(walker, None)
    if following is None:
        return
    if following > LAST_DAY:
        raise Late(f"a step on {following}, after {day}")
    heapq.heappush(queue, (following, next(order), walker))


def _authorities(world: World) -> Days:
    yield FIRST_DAY
    people_of_the_authorities(world)
    register(world)
    scheme = Scheme.objects.get(slug="miaoli-welfare")
    draft = EnvelopeDraft(2010, 6_000_000, "府主預字第0990000031號", "99年度社區發展預算（示範資料）。", paper("簽"))
    change = envelopes.propose(world.of(MIAOLI, "finance"), scheme, draft)
    envelopes.decide(world.of(MIAOLI, "head"), change, "confirm")
    _envelopes_of_kaohsiung(world)
    _reasons_of_kaohsiung(world)
    _sampling_of_kaohsiung(world)
    for county, (slug, terms) in RETURN_TERMS.items():
        proposed = return_terms.propose(world.of(county, "finance"), Scheme.objects.get(slug=slug), terms)
        return_terms.decide(world.of(county, "head"), proposed, "confirm")


def _reasons_of_kaohsiung(world: World) -> None:
    """The reasons that officers choose from, and who decides: one level, because the demonstration has one approver."""
    head = world.of(KAOHSIUNG, "head")
    levels = [{"title": "社會處處長", "up_to": None, "people": [head.pk]}]
    values = {"levels": levels, "reasons": list(REASONS)}
    wish = Wish(values, clock.today(), "府社區簽字第0990000041號", "示範資料")
    confirm(head, county_rules.propose(world.of(KAOHSIUNG, "officer"), KAOHSIUNG, wish))


def _sampling_of_kaohsiung(world: World) -> None:
    """Small accounts are looked at by samples; the seed is drawn in public."""
    values = {"percent": 40, "up_to": 150_000, "seed": "99年1月公益彩券 07 18 23 31 36 42"}
    wish = Wish(values, clock.today(), "府主計簽字第0990000052號", "示範資料")
    confirm(world.of(KAOHSIUNG, "head"), sampling.propose(world.of(KAOHSIUNG, "finance"), KAOHSIUNG, wish))


def _envelopes_of_kaohsiung(world: World) -> None:
    """The money that the regulation names for each of its three years (K8.2b), entered by two people like any other."""
    scheme = Scheme.objects.get(slug="kaohsiung-88")
    for year in (2010, 2011, 2012):
        reason = f"{roc_year(year)}年度，補助辦法捌二（示範資料）。"
        draft = EnvelopeDraft(year, 30_000_000, "府主預字第0990000012號", reason, paper("簽"))
        change = envelopes.propose(world.of(KAOHSIUNG, "finance"), scheme, draft)
        envelopes.decide(world.of(KAOHSIUNG, "head"), change, "confirm")


def _law(world: World) -> Days:
    """Miaoli's standards, recorded and confirmed; one reading of Kaohsiung's waits for the head."""
    yield dt.date(2010, 1, 5)
    miaoli = Scheme.objects.get(slug="miaoli-welfare")
    made = []
    for place, (parameter, value) in enumerate(MIAOLI_STANDARDS.items(), 1):
        draft = RulingDraft(
            parameter,
            {"value": value},
            dt.date(2010, 1, 6),
            f"府社行字第099000010{place}號",
            "示範資料：補助標準不是苗栗縣政府的公告。",
            demonstration=True,
        )
        made.append(rulings.record_ruling(world.of(MIAOLI, "officer"), miaoli, draft))
    yield dt.date(2010, 1, 6)
    for ruling in made:
        rulings.decide_ruling(world.of(MIAOLI, "head"), ruling, "confirm")
    yield dt.date(2010, 5, 27)
    draft = RulingDraft(
        "reading.aides_per_community",
        {"strict": 3, "lenient": 3},
        dt.date(2010, 7, 1),
        "府社區簽字第0990000123號",
        "示範資料：肆、一與參的人數不同，擬以3位為準。",
        demonstration=True,
    )
    kaohsiung = Scheme.objects.get(slug="kaohsiung-88")
    rulings.record_ruling(world.of(KAOHSIUNG, "officer"), kaohsiung, draft)


def _tiers(world: World) -> Days:
    """The evaluation of 98 gives tiers; those of 99 are single decisions; the evaluation of 99 is under way."""
    yield dt.date(2010, 1, 6)
    for county in (KAOHSIUNG, MIAOLI):
        evaluate_98(world, county)
    yield dt.date(2010, 1, 8)
    confirm_tiers(world, 2009)
    yield dt.date(2010, 1, 11)
    send_results(world)
    yield dt.date(2010, 5, 11)
    propose_tiers(world, 2010)
    yield dt.date(2010, 5, 18)
    confirm_tiers(world, 2010)
    yield dt.date(2010, 5, 25)
    for county in (KAOHSIUNG, MIAOLI):
        open_99(world, county)


def _daily_jobs() -> Days:
    """The jobs of every day since the first money went out, so that reminders are where they would be; what looks through
    everything once a week and at the end.
    """
    for number in range((LAST_DAY - FIRST_REMINDERS).days + 1):
        yield FIRST_REMINDERS + dt.timedelta(days=number)
        daily.run(clock.today(), checks=number % 7 == 0 or clock.today() == LAST_DAY)
