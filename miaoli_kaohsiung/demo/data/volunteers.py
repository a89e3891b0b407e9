"""Teams of volunteers in Miaoli: hours since January, insurance that ends soon, people whose hours reach an honour."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from communities.services.volunteers import change_volunteer, found_team, join, sign, write_month

from .places import SURNAMES
from .registry import World
from .training import GIVEN

# Word of the association, name of the team, what it does, people, insured until, hours of the first before.
TEAMS = (
    ("稻浪", "稻浪關懷志工隊", "送餐、電話問安、關懷訪視", 6, dt.date(2010, 12, 31), 3_120),
    ("藺草", "藺草環保志工隊", "環境清潔、資源回收", 4, dt.date(2010, 6, 30), 0),
    ("紅棗", "紅棗導覽志工隊", "社區導覽、觀摩接待", 5, dt.date(2010, 12, 31), 870),
    ("白沙", "白沙巡守隊", "夜間巡守", 4, None, 0),
    ("草莓", "草莓據點志工隊", "照顧關懷據點", 3, dt.date(2010, 10, 15), 310),
)


def year(world: World) -> Iterator[dt.date]:
    """The days on which somebody acts, as `load.walk` asks for them."""
    yield dt.date(2010, 2, 1)
    teams = []
    for place, (word, name, work, people, until, before) in enumerate(TEAMS):
        chair = world.chairs[word]
        since = until and until.replace(year=until.year - 1) + dt.timedelta(days=1)
        team = found_team(
            chair, world.organisations[word], name=name, work=work, founded_on=dt.date(2004 + place, 3, 1),
            insured_by="示範產物保險　意外險" if until else "", insured_from=since, insured_until=until,
        )  # fmt: skip
        names = [f"{SURNAMES[place * 3 % len(SURNAMES)]}{GIVEN[one]}" for one in range(people)]
        rows = join(chair, team, names, dt.date(2006, 3, 1))
        for row in rows[:-1]:
            change_volunteer(chair, row, basic_on=dt.date(2006, 4, 8), special_on=dt.date(2006, 4, 15))
        change_volunteer(chair, rows[0], hours_before=Decimal(before))
        teams.append((chair, team, rows))
    for month in range(1, 6):
        yield dt.date(2010, month + 1, 1) if month > 1 else dt.date(2010, 2, 2)
        for chair, team, rows in teams:
            hours = {row.pk: Decimal(6 + (place * 5 + month) % 9) for place, row in enumerate(rows)}
            write_month(chair, team, dt.date(2010, month, 1), hours)
    # Two are at work today: they signed at the door and have not gone yet.
    _chair, team, rows = teams[0]
    sign(team.door_code, [row.pass_code for row in rows[:2]])
