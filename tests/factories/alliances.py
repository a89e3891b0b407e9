"""An excellent association of Miaoli with neighbours, and alliances of them in each state."""

import datetime as dt
from types import SimpleNamespace

from communities.enums import CoachKind, Tier
from communities.models import Alliance
from communities.services.alliances import agreement, coaching
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, chair_of, township

FIRST, LAST = dt.date(2010, 1, 1), dt.date(2010, 12, 31)
WORDS = {"name": "山線送餐結盟", "purpose": "一起學送餐", "starts_on": FIRST, "ends_on": LAST}
# 公館鄉, and 大湖鄉 and 苗栗市 beside it.
PLACES = (("10005090", "公館鄉"), ("10005080", "大湖鄉"), ("10005010", "苗栗市"))


def neighbours(count: int = 2, word: str = "母雞") -> SimpleNamespace:
    """The lead with its chairperson, neighbours with theirs, and the county's officer."""
    spots = [township(code, name, county=MIAOLI, postal_code="360", position=5) for code, name in PLACES]
    bodies = [
        OrganisationFactory(
            name=f"苗栗縣{PLACES[number % 3][1]}{word}{number}社區發展協會",
            county=MIAOLI,
            township=spots[number % 3],
            registration_county="苗栗縣",
            current_tier=Tier.BASIC if number else Tier.EXCELLENT,
            current_tier_year=2009,
        )
        for number in range(count + 1)
    ]
    chairs = [chair_of(body) for body in bodies]
    return SimpleNamespace(
        lead=bodies[0], chair=chairs[0], others=bodies[1:], chairs=chairs[1:], officer=person(Role.CASE_OFFICER, MIAOLI)
    )


def proposed(around: SimpleNamespace, **words: object) -> Alliance:
    return agreement.propose(around.chair, around.lead, around.others, **(WORDS | words))


def running(around: SimpleNamespace, **words: object) -> Alliance:
    made = proposed(around, **words)
    for chair, body in zip(around.chairs, around.others, strict=True):
        made = agreement.answer(chair, made, body, agrees=True, words="想學送餐")
    return made


def visited(around: SimpleNamespace) -> Alliance:
    """In force, with a mentor, a visit and an entry of what was learned."""
    made = running(around)
    mentor = coaching.add_coach(
        around.chair, made, kind=CoachKind.MENTOR, name="輔示範", post="示範大學", field="送餐", starts_on=FIRST
    )
    member = made.members.select_related("alliance", "organisation").get(organisation=around.others[0])
    coaching.note_visit(around.chair, member, mentor, dt.date(2010, 5, 20), notes="看廚房動線", next_step="量尺寸")
    coaching.note_learning(around.chairs[0], member, dt.date(2010, 5, 21), learned="分工表", applied="每週排班")
    return made
