"""The cases of the demonstration: who asks for what, when, and how far each has come by 99年6月1日."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

ROUTE = (
    "start", "hand", "file", "forward", "receive", "check", "assign", "score", "propose", "approve", "issue",
    "ask_first", "approve_first", "pay_first", "finish", "fill", "settle", "sums", "content", "accept",
    "ask_last", "approve_last", "pay_last",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One case: it goes along ROUTE up to and with the step `until`, or leaves it there (`ends_as`).

    `last` is a step instead of the next one: correct, refuse, withdraw, not_accept … `spent` is the share of the
    approved money that was spent, in percent; `cut` the number of the line that is cut.
    """

    word: str
    project: str
    day: dt.date
    until: str
    last: str = ""
    starts: dt.date = dt.date(2010, 7, 1)
    ends: dt.date = dt.date(2010, 11, 30)
    cut: int = 0
    spent: int = 100
    corrected: bool = False
    reviewed: bool = False
    late: bool = False
    area: tuple[str, ...] = field(default=())


def _day(text: str) -> dt.date:
    month, day = text.split("/")
    return dt.date(2010, int(month), int(day))


def _case(word: str, project: str, day: str, until: str, last: str = "", span: str = "7/1-11/30", **more: Any) -> Plan:
    starts, ends = (_day(part) for part in span.split("-"))
    return Plan(word, project, _day(day), until, last, starts, ends, **more)


# What `jiaxian-staff` and `qishan-staff` find when they sign in stands first in each county.
PLANS = (
    # Kaohsiung: money in every stage.
    _case("芋香", "station", "4/28", "issue", span="5/17-6/20", cut=2),
    _case("溪畔", "vitality", "1/11", "pay_last", span="2/22-4/9", cut=1),
    _case("菸樓", "disaster", "1/11", "pay_last", "bounced", span="2/8-4/2", area=("旗山鎮",), corrected=True),
    _case("荖濃橋", "station", "1/12", "approve_last", span="2/8-3/31", spent=96, reviewed=True),
    _case("筧仔", "growth", "1/13", "accept", "ask_reversal", span="2/22-4/9", area=("甲仙鄉",)),
    _case("暖陽", "culture", "1/14", "accept", span="2/22-4/16", area=("六龜鄉",), spent=40, cut=1),
    _case("蕉園", "disaster", "1/14", "accept", "come_back", span="2/22-4/2", spent=45),
    _case("化石", "survey", "1/18", "content", span="3/1-4/16"),
    _case("月眉田", "after_school", "1/19", "sums", span="3/1-4/23", cut=4, reviewed=True),
    _case("長青", "family", "1/20", "settle", span="3/1-3/31", area=("甲仙鄉",), late=True),
    _case("紫蝶谷", "indigenous", "1/21", "fill", span="3/8-5/14", reviewed=True),
    _case("傘庄", "space", "1/25", "pay_first", "misused", span="4/1-6/20", area=("旗山鎮",)),
    _case("平安", "indigenous", "1/26", "pay_first", "ask_amendment", span="4/1-8/31", cut=4),
    _case("山櫻", "indigenous", "4/6", "approve_first", span="5/3-9/30"),
    _case("茂林公所", "indigenous", "3/1", "ask_first", span="5/3-10/31"),
    _case(
        "永續", "disaster", "2/22", "pay_first", "amended", span="4/1-4/23", area=("甲仙鄉", "六龜鄉"), corrected=True
    ),
    _case("瓜綿", "industry", "5/3", "issue", span="6/1-10/31", cut=2),
    _case("糖廠", "growth", "4/6", "issue", span="6/1-9/30", area=("杉林鄉",)),
    _case("寶來泉", "culture", "4/19", "approve"),
    _case("梅嶺", "indigenous", "4/20", "approve", cut=1, reviewed=True),
    # Kaohsiung: on the way to a decision, and refused ones.
    _case("玉打山", "vitality", "4/26", "propose", cut=1),
    _case("宋江", "disaster", "4/27", "propose", area=("旗山鎮",), reviewed=True),
    _case("泥火", "space", "4/28", "propose", "propose_rejection", area=("旗山鎮",)),
    _case("月世界", "family", "4/6", "propose", "reject", area=("杉林鄉",)),
    _case("鳳荔", "space", "3/15", "propose", "reject", area=("六龜鄉",)),
    _case("蓮池", "culture", "5/3", "score", area=("旗山鎮",), reviewed=True),
    _case("溪畔", "disaster", "5/4", "score", reviewed=True),
    _case("芋香", "after_school", "5/5", "assign", reviewed=True),
    _case("化石", "industry", "5/10", "assign", reviewed=True),
    _case("番茄", "growth", "5/12", "check", area=("甲仙鄉",)),
    _case("荖濃橋", "industry", "5/17", "receive"),
    _case("烏魚子", "survey", "5/18", "receive", area=("六龜鄉",)),
    _case("紫蝶谷", "disaster", "5/20", "receive", "correct"),
    _case("菸樓", "culture", "4/26", "receive", "correct_overdue", area=("旗山鎮",)),
    _case("月眉田", "vitality", "5/24", "file"),
    _case("蕉園", "station", "5/26", "file"),
    _case("平安", "culture", "5/27", "file"),
    _case("筧仔", "vitality", "4/12", "receive", "not_accept", area=("甲仙鄉",)),
    _case("長青", "growth", "4/14", "receive", "withdraw", area=("六龜鄉",)),
    _case("瓜綿", "family", "5/27", "hand"),
    _case("宋江", "culture", "5/28", "start", area=("旗山鎮",)),
    _case("梅嶺", "survey", "5/31", "start"),
    _case("溪畔", "growth", "5/31", "start", "over_cap"),
    # Miaoli.
    _case("稻浪", "welfare", "1/12", "pay_last", span="3/1-4/16"),
    _case("紅棗", "welfare", "1/18", "accept", span="3/1-4/23", spent=92, cut=2),
    _case("白沙", "welfare", "1/25", "settle", "settlement_back", span="3/8-4/30"),
    _case("草莓", "welfare", "2/1", "fill", span="4/1-5/14"),
    _case("桂花巷", "welfare", "3/8", "issue", span="5/3-10/31", cut=1),
    _case("中港溪", "welfare", "4/6", "approve", span="6/1-11/30"),
    _case("斗煥", "welfare", "4/26", "propose"),
    _case("杭菊", "welfare", "4/6", "propose", "reject"),
    _case("木雕", "welfare", "5/3", "score", reviewed=True),
    _case("牛乳", "welfare", "5/10", "receive"),
    _case("龍鳳港", "welfare", "5/17", "forward"),
    _case("溫泉谷", "welfare", "4/19", "receive", "correct_overdue"),
    _case("藺草", "welfare", "5/20", "file"),
    _case("將軍柚", "welfare", "5/21", "file", "correct_by_township"),
    _case("稻浪", "welfare", "5/31", "start"),
    # Kaohsiung: with those above, a sitting of twenty.
    _case("蕉園", "culture", "5/4", "propose", reviewed=True),
    _case("蕉園", "family", "5/4", "propose", cut=2),
    _case("化石", "culture", "5/4", "propose", reviewed=True, cut=1),
    _case("化石", "vitality", "5/5", "propose"),
    _case("寶來泉", "vitality", "5/5", "propose", reviewed=True),
    _case("寶來泉", "survey", "5/5", "propose"),
    _case("月眉田", "family", "5/6", "propose", reviewed=True),
    _case("月眉田", "culture", "5/6", "propose", cut=1),
    _case("瓜綿", "vitality", "5/6", "propose", reviewed=True, cut=1),
    _case("瓜綿", "survey", "5/7", "propose", "propose_rejection"),
    _case("玉打山", "culture", "5/7", "propose", reviewed=True),
    _case("玉打山", "family", "5/7", "propose"),
    _case("紫蝶谷", "culture", "5/10", "propose", reviewed=True),
    _case("荖濃橋", "culture", "5/10", "propose", cut=3),
    _case("荖濃橋", "family", "5/10", "propose", reviewed=True),
    _case("芋香", "culture", "5/11", "propose"),
    _case("芋香", "family", "5/11", "propose", reviewed=True),
    # Paid and never carried out: the county bars the association for two years.
    _case("泥火", "disaster", "1/18", "pay_first", "not_executed", span="3/1-4/16", area=("旗山鎮",)),
    # Miaoli: an alliance with one case that is settled and one that is drafted.
    # A township's own for its activity centre, settled, and a further one that asks for some of it again.
    _case("紅棗", "flagship", "5/28", "start"),
    _case("苑裡公所", "centre", "1/25", "accept", span="3/8-4/2"),
    _case("苑裡公所", "centre_again", "5/17", "receive"),
    _case("紅棗", "flagship_rota", "3/2", "accept", span="3/22-4/16"),
)
