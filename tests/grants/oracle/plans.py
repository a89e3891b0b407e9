"""貳、參、陸: who may apply, where, when, and what each programme asks of the plan."""

import datetime as dt
from typing import Any

from tests.grants.oracle.broken import ERROR, WARNING, Broken, at_least, at_most
from tests.grants.oracle.sums import Case

Plan = dict[str, Any]
AREA = {"旗山鎮", "杉林鄉", "甲仙鄉", "六龜鄉", "茂林鄉", "桃源鄉", "那瑪夏鄉"}
INDIGENOUS = {"桃源鄉", "那瑪夏鄉", "茂林鄉"}
LAST = "2012-12-31"
MEALS = (("meal_fee_low", 20), ("meal_fee_middle", 30), ("meal_fee_general", 50))


def later(day: str, months: int) -> dt.date:
    """The corresponding day so many months later (earlier if negative); the end of the month where there is none."""
    start = dt.date.fromisoformat(day)
    place = start.year * 12 + start.month - 1 + months
    first = dt.date(place // 12, place % 12 + 1, 1)
    end = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return min(end, first + dt.timedelta(days=start.day - 1))


def last_of(first: dt.date, months: int) -> dt.date:
    """The last day of so many months (行政程序法48): before the corresponding day; the end of the month where there is none."""
    same = later(first.isoformat(), months)
    return same - dt.timedelta(days=1) if same.day == first.day else same


def may_apply(case: Case) -> bool:
    """凡於本縣登記立案，非以營利為目的; 本縣原住民族地區…各鄉公所、教會及各級學校; 曾於最近三年內…全國性非營利團體"""
    who = case["organisation"]
    kind, nonprofit = who["kind"], who.get("nonprofit", True)
    if kind in ("community_association", "welfare_institution", "civic_group"):
        return bool(nonprofit) and who["county"] == "高雄縣"
    if kind in ("township_office", "church", "school"):
        return who["township"] in INDIGENOUS
    if kind == "national_nonprofit":
        return bool(nonprofit) and dt.date.fromisoformat(who["last_service_on"]) >= later(case["submitted_on"], -36)
    return False


def of_plan(case: Case) -> list[Broken]:
    plan = case["project"]
    found = [] if may_apply(case) else [Broken("K2", ERROR)]
    if not set(plan["service_area"]) <= AREA:
        only_there = plan["programme"] in ("elder_care_station", "rental_housing")
        found.append(Broken("K2.4", ERROR if only_there else WARNING))
    if plan["ends_on"] > LAST:
        days = dt.date.fromisoformat(plan["ends_on"]) - dt.date.fromisoformat(LAST)
        found.append(Broken("K6.1a", ERROR, "", days.days, LAST))
    if case["submitted_on"] > LAST:
        found.append(Broken("K6.1b", ERROR))
    # 送件申請日為本辦法簽准後實施: what was spent before that is to be explained
    early = [line for line in case["lines"] if line.get("month", "9999") < case["submitted_on"][:7]]
    found += [Broken("K6.1b", WARNING) for _ in early]
    # 每月房租每人9000元（包含水電及三餐）
    if any(line["item"] == "landlord_rent" for line in case["lines"]):
        found += [Broken("K3.I.4.7", WARNING, line["id"]) for line in case["lines"] if line["item"] in ("meals", "gas")]
    if plan.get("activity") == "entertainment_only":
        found.append(Broken("K5.2a", ERROR))
    judge = PROGRAMMES.get(plan["programme"])
    return found + (judge(case, plan) if judge else [])


def _station(case: Case, plan: Plan) -> list[Broken]:
    """每次至少服務4小時; 每月至少一次; 每星期五次; 每月至少收費150元; 每餐20元、30元、50元"""
    found = at_least("K3.I.2.1.1", plan["sessions_per_week"], 1)
    found += at_least("K3.I.2.1.1", plan["hours_per_session"], 4)
    found += at_least("K3.I.2.1.2", plan["visits_per_month"], 1, WARNING)
    if plan["meal_days_per_week"] != 5:
        found.append(Broken("K3.I.2.1.3", WARNING, "", abs(plan["meal_days_per_week"] - 5), 5))
    if not plan["lunch_and_dinner"]:
        found.append(Broken("K3.I.2.1.3", WARNING))
    found += at_least("K3.I.2.1.5", plan["user_fee_monthly"], 150, WARNING)
    for key, fee in MEALS:
        if plan[key] != fee:
            found.append(Broken("K3.I.2.1.6", WARNING, "", abs(plan[key] - fee), fee))
    return found


def _day_care(case: Case, plan: Plan) -> list[Broken]:
    """每週20小時以上; 並持續三個月; 需收滿15位15至64歲之身心障礙者（15至55歲之原民身心障礙者）; 一次申請為原則"""
    found = at_least("K3.I.3.2a", plan["class_hours_per_week"], 20)
    last = last_of(dt.date.fromisoformat(plan["starts_on"]), 3)
    ends = dt.date.fromisoformat(plan["ends_on"])
    if ends < last:
        found.append(Broken("K3.I.3.2b", ERROR, "", (last - ends).days, last.isoformat()))
    counted = sum(15 <= user["age"] <= (55 if user.get("indigenous") else 64) for user in plan["users"])
    found += at_least("K3.I.3.2c", counted, 15)
    if case["organisation"].get("applications_this_year"):
        found.append(Broken("K3.I.3.4", WARNING))
    return found


def _rental(case: Case, plan: Plan) -> list[Broken]:
    """每一房舍最多進住四位; 不接受重建區內個人申請擔任房東"""
    found = [hit for house in plan["houses"] for hit in at_most("K3.I.4.5.3", house["residents"], 4, 4)]
    if case["organisation"]["kind"] == "individual":
        found.append(Broken("K3.I.4.4", ERROR))
    return found


def _carers(case: Case, plan: Plan) -> list[Broken]:
    """至少2小時之照顧教育訓練"""
    return at_least("K3.I.5.1b", plan["training_hours"], 2)


def _pupils(case: Case, plan: Plan) -> list[Broken]:
    """課後照顧對象主要為弱勢家庭兒少"""
    return [Broken("K3.I.6.2", WARNING)] if 2 * plan["disadvantaged_pupils"] < plan["pupils"] else []


def _disaster(case: Case, plan: Plan) -> list[Broken]:
    """申請時必須包含基本要求如: six parts, each to be explained where it lacks."""
    six = {"meeting", "hazards", "shelter", "map", "resources", "rescue"}
    return [Broken("K3.II.1.2b", WARNING) for _ in six - set(plan["plan_parts"])]


PROGRAMMES = {
    "elder_care_station": _station,
    "disability_day_care": _day_care,
    "rental_housing": _rental,
    "child_day_care": _carers,
    "after_school_care": _pupils,
    "disaster_preparedness": _disaster,
}
