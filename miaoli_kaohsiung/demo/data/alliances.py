"""An alliance in Miaoli that lives in 99年: an excellent association, three neighbours, a coaching team, what was learned."""

import datetime as dt
from collections.abc import Iterator

from communities.enums import CoachKind
from communities.services.alliances import agreement, coaching
from grants.services.joint import divide, join

from .places import MIAOLI
from .registry import World

LEAD, NEIGHBOURS = "紅棗", ("草莓", "杭菊", "木雕")
ANSWERS = ("想學送餐的分工，可以出草莓醬義賣。", "想學志工排班，可以借廚房。", "想學長輩共餐，可以教木工。")
# Day, whose turn, what the coach saw, what is to be done, what was learned, what became of it.
VISITS = (
    (dt.date(2010, 3, 24), 0, "看廚房動線，餐盒改成兩條線分裝。", "排出每週送餐表", "分裝要先排動線，志工才不會擠在一起。", "每週二、四試辦，先送 12 位長輩。"),
    (dt.date(2010, 4, 21), 1, "和志工隊長一起排班，用白板公告。", "找 4 位候補志工", "排班要有候補的人，名字寫在白板上。", "找到 5 位候補，四月起沒有開天窗。"),
    (dt.date(2010, 5, 19), 2, "到共餐據點試辦，量血壓和用餐分開。", "和衛生所談量血壓的時間", "先量血壓再用餐，長輩會提早來聊天。", "六月起每週三辦共餐。"),
)  # fmt: skip

# Of the draft of a flagship case, for the lead and its neighbours: together what its lines ask for.
SHARES = (13_000, 10_000, 9_000, 8_000)


def year(world: World) -> Iterator[dt.date]:
    """The days on which somebody acts, as `load.walk` asks for them."""
    yield dt.date(2010, 2, 8)
    # Its tier was confirmed since the registry was written.
    lead = world.organisations[LEAD]
    lead.refresh_from_db()
    chair, bodies = world.chairs[LEAD], [world.organisations[word] for word in NEIGHBOURS]
    made = agreement.propose(
        chair, lead, bodies,
        name="山線社區送餐結盟", purpose="一起學送餐、志工排班和長輩共餐，每個社區都能自己辦。",
        starts_on=dt.date(2010, 3, 1), ends_on=dt.date(2010, 12, 31),
    )  # fmt: skip
    for place, (word, body) in enumerate(zip(NEIGHBOURS, bodies, strict=True)):
        yield dt.date(2010, 2, 10 + 3 * place)
        made = agreement.answer(world.chairs[word], made, body, agrees=True, words=ANSWERS[place])
    yield dt.date(2010, 3, 1)
    team = [
        coaching.add_coach(chair, made, kind=CoachKind.LEAD, name="棗示範", post="總幹事", field="送餐", starts_on=made.starts_on),
        coaching.add_coach(
            world.of(MIAOLI, "officer"), made, kind=CoachKind.COUNTY, name="苗示範", post="社會處", field="方案與核銷",
            starts_on=made.starts_on,
        ),
        coaching.add_coach(
            chair, made, kind=CoachKind.MENTOR, name="輔示範", post="示範大學社工系", field="長輩共餐", starts_on=made.starts_on
        ),
    ]  # fmt: skip
    for place, (day, turn, notes, next_step, learned, applied) in enumerate(VISITS):
        yield day
        member = made.members.select_related("alliance", "organisation").get(organisation=bodies[turn])
        coaching.note_visit(chair, member, team[place], day, notes=notes, next_step=next_step)
        yield day + dt.timedelta(days=2)
        learner = world.chairs[NEIGHBOURS[turn]]
        coaching.note_learning(learner, member, day + dt.timedelta(days=2), learned=learned, applied=applied)
    yield dt.date(2010, 5, 31)
    case = lead.applications.get(programme__code="flagship", status="draft")
    join(chair, case, made)
    divide(chair, case, dict(zip([lead.pk, *(body.pk for body in bodies)], SHARES, strict=True)))
