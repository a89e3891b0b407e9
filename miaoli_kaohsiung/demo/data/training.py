"""Courses and visits of Miaoli in 99: two that were held, one of today, one that is full, one that is prepared."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from communities.models import Course
from communities.services.training import courses, enrolments

from .papers import paper
from .places import MIAOLI, SURNAMES
from .registry import World

GIVEN = ("淑芬", "阿財", "秀英", "文雄", "美玉", "志明", "春桃", "金水", "麗卿", "進財")
HALL = "縣府三樓會議室"
TRAINED = {"稻浪": 3, "藺草": 2, "白沙": 2, "斗煥": 1, "紅棗": 4, "牛乳": 2}
TRAVELLED = {"斗煥": 5, "牛乳": 4}
TODAY = {"稻浪": 2, "草莓": 1}
# Twelve places: the last association waits.
FULL = {"稻浪": 4, "紅棗": 4, "杭菊": 3, "木雕": 3}
JOURNEY = {
    "hours": Decimal(6), "place": "縣府前集合，往公館鄉紅棗社區", "ends_at": dt.time(16), "tiers": ["basic", "potential"],
}  # fmt: skip
THOUGHT = ((5, 5, 5, "希望多一點現場黏憑證的時間。"), (5, 4, 5, ""), (4, 4, 4, "想學手機拍照。"), (4, 5, 5, ""))


def year(world: World) -> Iterator[dt.date]:
    """The days on which somebody acts, as `load.walk` asks for them."""
    officer = world.of(MIAOLI, "officer")
    yield dt.date(2010, 3, 15)
    about = "講授憑證黏貼、帳冊和結報，現場實作。請帶帳冊。"
    course = _announce(world, "course", "會計與核銷實務課程", dt.date(2010, 4, 16), about=about)
    yield dt.date(2010, 3, 22)
    _enrol(world, course, TRAINED)
    yield dt.date(2010, 4, 16)
    _hold(world, course, missing=1)
    courses.add_material(officer, course, "憑證黏貼講義", paper("憑證黏貼講義"))
    _say(course)
    yield dt.date(2010, 5, 10)
    visit = _announce(world, "visit", "績優社區觀摩：公館鄉紅棗社區", dt.date(2010, 5, 28), **JOURNEY)
    _announce(world, "course", "志工排班與服務紀錄課程", dt.date(2010, 6, 18), places_each=3)
    yield dt.date(2010, 5, 17)
    _enrol(world, visit, TRAVELLED)
    today = _announce(world, "course", "補助申請書怎麼寫", dt.date(2010, 6, 1))
    full = _announce(world, "course", "手機拍照與成果報告", dt.date(2010, 6, 9), places=12, place="縣府電腦教室")
    yield dt.date(2010, 5, 24)
    _enrol(world, today, TODAY)
    _enrol(world, full, FULL)
    yield dt.date(2010, 5, 28)
    _hold(world, visit, missing=0)
    courses.make(officer, MIAOLI, **_columns("course", "社區防災與避難演練", dt.date(2010, 7, 9)))


def _say(course: Course) -> None:
    """Let some who were there say what it was like."""
    for row, (content, arrangement, useful, words) in zip(
        course.enrolments.filter(status="attended"), THOUGHT, strict=False
    ):
        marks = {"content": content, "arrangement": arrangement, "useful": useful}
        enrolments.give_feedback(course, row.pass_code, words=words, **marks)


def _columns(kind: str, title: str, day: dt.date, **columns: Any) -> dict[str, Any]:
    usual = {
        "begins_at": dt.time(9), "ends_at": dt.time(12), "hours": Decimal(3), "place": HALL, "places": 40, "places_each": None,
        "enrol_until": day - dt.timedelta(days=1), "tiers": [], "townships": [], "about": "",
    }  # fmt: skip
    return {"kind": kind, "title": title, "day": day, **usual, **columns}


def _announce(world: World, kind: str, title: str, day: dt.date, **columns: Any) -> Course:
    officer = world.of(MIAOLI, "officer")
    return courses.announce(officer, courses.make(officer, MIAOLI, **_columns(kind, title, day, **columns)))


def _enrol(world: World, course: Course, people: Mapping[str, int]) -> None:
    for place, (word, number) in enumerate(people.items()):
        names = [f"{SURNAMES[place * 3 % len(SURNAMES)]}{GIVEN[one]}" for one in range(number)]
        enrolments.enrol(world.chairs[word], course, world.organisations[word], names)


def _hold(world: World, course: Course, *, missing: int) -> None:
    rows = list(course.enrolments.values_list("pk", flat=True))
    enrolments.note(world.of(MIAOLI, "officer"), course, rows[: len(rows) - missing], present=True)
    courses.hold(world.of(MIAOLI, "officer"), course)
