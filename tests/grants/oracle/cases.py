"""Random cases for engine and oracle: most stand at a limit, a step before it or a step beyond."""

import datetime as dt
from math import floor
from random import Random
from typing import Any

from tests.grants.oracle.lines import Line, cost, rate
from tests.grants.oracle.sums import WAGES, Case

PEOPLE = ("甲", "乙", "丙")
AREA = ("旗山鎮", "杉林鄉", "甲仙鄉", "六龜鄉", "茂林鄉", "桃源鄉", "那瑪夏鄉", "美濃鎮")
KINDS = ("community_association", "welfare_institution", "civic_group", "township_office", "church", "school",
         "national_nonprofit", "individual")  # fmt: skip
PROGRAMMES = ("welfare_survey", "elder_care_station", "disability_day_care", "rental_housing", "child_day_care",
              "after_school_care", "growth_prevention", "disaster_preparedness", "community_activities",
              "space_improvement")  # fmt: skip
PLAIN = ("printing", "meals", "gas", "stationery", "coach_hire", "course_materials", "equipment", "miscellaneous")
# What the item's sentence counts, by the largest number that a case has of it; "half" allows half of one.
COUNTS = {
    "expert_fee": {"sessions": 12},
    "lecturer_fee": {"hours": "half", "in_house": bool},
    "disability_aide": {"persons": 4, "hours_per_day": "half", "days": 24},
    "elder_aide": {"persons": 3, "hours_per_day": "half", "days": 24},
    "child_carer": {"children": list, "hours_per_day": "half", "days_per_week": 6, "days": 24},
    "after_school_tutor": {"hours": "half"},
    "casual_pay": {"hours": "half"},
    "hired_labour": {"days": 60},
    "script_fee": {"characters": 9999},
    "film": {"seconds": 2400},
    "landlord_rent": {"persons": 4, "months": "half"},
    "rental_supervision": {"persons": 4, "months": "half"},
    "participant_transport": {"trips": 300},
}
# Items whose cost is its price times what its sentence counts.
PRICED = ("expert_fee", "lecturer_fee", "hired_labour", "casual_pay", "landlord_rent", "participant_transport")
PAID = ("disability_aide", "elder_aide", "child_carer", "after_school_tutor", "casual_pay", "hired_labour")


def near(chance: Random, limit: int) -> int:
    """Return a number at the limit, next to it, or anywhere up to twice as far."""
    step = chance.choice((0, 0, 1, -1, chance.randint(-limit - 1, limit + 1), chance.randint(-limit - 1, 0)))
    return max(0, limit + step)


def budget(chance: Random, name: str) -> Case:
    """Return a case as `check_cases` reads it, with every question of its programme answered."""
    starts = dt.date(chance.choice((2010, 2010, 2011, 2012)), 1, 1) + dt.timedelta(days=chance.randint(0, 364))
    ends = starts + dt.timedelta(days=chance.choice((1, 30, 89, 91, 92, 180, chance.randint(1, 300))))
    project = {
        "programme": chance.choice(PROGRAMMES),
        "starts_on": starts.isoformat(),
        "ends_on": ends.isoformat(),
        "service_area": chance.sample(AREA[:7] if chance.random() < 0.8 else AREA, chance.randint(1, 3)),
        "activity": chance.choice(("regular", "regular", "entertainment_only")),
        **_answers(chance),
    }
    submitted = dt.date(2010, 1, 8) + dt.timedelta(days=chance.choice((0, 60, 1088, 1089, chance.randint(0, 1100))))
    return {
        "id": name,
        "submitted_on": submitted.isoformat(),
        "stage": "submission",
        "organisation": _organisation(chance, submitted),
        "project": project,
        "lines": _lines(chance),
        "elsewhere": _elsewhere(chance),
    }


def _organisation(chance: Random, submitted: dt.date) -> dict[str, Any]:
    kind = chance.choice(KINDS if chance.random() < 0.3 else KINDS[:3])
    return {
        "kind": kind,
        "county": chance.choice(("高雄縣", "高雄縣", "高雄縣", "苗栗縣")),
        "township": chance.choice(AREA),
        "nonprofit": chance.random() < 0.9,
        "last_service_on": (
            submitted - dt.timedelta(days=chance.choice((1, 1094, 1095, 1096, 1097, 2000)))
        ).isoformat(),
        "manpower_grant": chance.choice(("none", "none", "refused", "pending", "granted")),
        "applications_this_year": chance.choice((0, 0, 1, 3)),
    }


def _answers(chance: Random) -> dict[str, Any]:
    """Answers to the questions of all programmes: those of others are not looked at."""
    pupils = chance.randint(0, 40)
    return {
        "elders": near(chance, chance.choice((10, 20, 30, 40))),
        "sessions_per_week": near(chance, 1),
        "hours_per_session": near(chance, 4),
        "visits_per_month": near(chance, 1),
        "meal_days_per_week": near(chance, 5),
        "lunch_and_dinner": chance.random() < 0.7,
        "user_fee_monthly": near(chance, 150),
        "meal_fee_low": near(chance, 20),
        "meal_fee_middle": near(chance, 30),
        "meal_fee_general": near(chance, 50),
        "users": [
            {"age": chance.choice((14, 15, 55, 56, 64, 65, 30, 40)), "indigenous": chance.random() < 0.3}
            for _ in range(chance.choice((0, 9, 10, 11, 15, 20, 24)))
        ],
        "class_hours_per_week": near(chance, 20),
        "houses": [{"residents": near(chance, 4)} for _ in range(chance.randint(1, 3))],
        "training_hours": near(chance, 2),
        "pupils": pupils,
        "disadvantaged_pupils": min(pupils, near(chance, pupils // 2)),
        "plan_parts": chance.sample(
            ("meeting", "hazards", "shelter", "map", "resources", "rescue"), chance.randint(0, 6)
        ),
    }


def _lines(chance: Random) -> list[Line]:
    items = [chance.choice((*COUNTS, *PLAIN)) for _ in range(chance.randint(1, 6))]
    if chance.random() < 0.4:
        items.append("admin_overhead")
    lines = [_line(chance, item, str(number)) for number, item in enumerate(items, 1)]
    _one_day_each(lines)
    _shares(chance, lines)
    return lines


def _line(chance: Random, item: str, name: str) -> Line:
    line: Line = {"id": name, "item": item}
    for key, most in COUNTS.get(item, {}).items():
        line[key] = _count(chance, most)
    cap = rate(line)
    line["requested"] = near(chance, chance.choice((500, 20000, 100000)) if cap is None else cap)
    if item == "film" and chance.random() < 0.3:
        line["requested"] = near(chance, 300000)
    if item in PAID and chance.random() < 0.6:
        _named(chance, line)
    if item in ("casual_pay", "elder_aide"):
        line["employment"] = chance.random() < 0.5
    if item == "participant_transport" and chance.random() < 0.5:
        line |= {"riders": chance.randint(1, 20), "days": chance.randint(1, 20)}
    if chance.random() < 0.3:
        line["own_funds"] = near(chance, 2000)
    if chance.random() < 0.15:
        line["other_funds"] = near(chance, 1000)
    if chance.random() < 0.2 and (item in PLAIN or item in PRICED):
        line["unit_price"] = 1
        whole = sum(line.get(key, 0) for key in ("requested", "own_funds", "other_funds"))
        line["unit_price"] = near(chance, whole // max(1, floor(cost(line))))
    return line


def _named(chance: Random, line: Line) -> None:
    line |= {
        "person": chance.choice(PEOPLE),
        "month": chance.choice(("2010-03", "2010-12", "2011-01", "2012-01", "2012-02")),
    }
    if "persons" in line:
        line["persons"] = 1
    if chance.random() < 0.5:
        line["requested"] = near(chance, next(whole for since, whole, _ in reversed(WAGES) if since <= line["month"]))


def _count(chance: Random, most: Any) -> Any:
    if most is bool:
        return chance.random() < 0.5
    if most is list:
        ages = (0, 1, 2, 3, 4, 5, 5, 6, 7)
        return [
            {"age": chance.choice(ages), "special_needs": chance.random() < 0.3, "own": chance.random() < 0.3}
            for _ in range(chance.randint(1, 5))
        ]
    if most == "half":
        return chance.choice((1, 2, 3, 4, 5, 10, 11, 0.5, 1.5, 3.5, 4.5))
    return chance.randint(1, most)


def _one_day_each(lines: list[Line]) -> None:
    """An aide of the elders who is named twice might work two lines of one day: nobody says which, so each is another."""
    for number, line in enumerate(lines):
        if line["item"] == "elder_aide" and "person" in line:
            line["person"], line["month"] = f"{line['person']}{number}", "2010-05"


def _shares(chance: Random, lines: list[Line]) -> None:
    """Bring labour and administration to their tenth, in half of the cases."""
    for line in lines:
        if line["item"] in ("admin_overhead", "hired_labour") and chance.random() < 0.5:
            rest = sum(other["requested"] for other in lines if other["item"] != line["item"])
            line["requested"] = near(chance, rest // chance.choice((9, 10)))


def _elsewhere(chance: Random) -> dict[str, Any]:
    if chance.random() < 0.6:
        return {}
    items = (*PAID, "lecturer_fee", "expert_fee")
    months = ("2010-03", "2010-12", "2011-01")
    return {
        "community_aides": chance.randint(0, 4),
        "person_months": [
            {"person": chance.choice(PEOPLE), "month": chance.choice(months), "amount": near(chance, 9000),
             "item": chance.choice(items)}
            for _ in range(chance.randint(0, 3))
        ],
    }  # fmt: skip


def money(chance: Random) -> dict[str, Any]:
    """Return a question about the money of an award: all but budgets."""
    ask = chance.choice(("instalments", "settlement", "surcharge", "sanction", "settlement_due", "envelope"))
    approved = near(chance, 100000)
    day = dt.date(2010, 1, 8) + dt.timedelta(days=chance.randint(0, 1100))
    decided = max(dt.date(2010, 1, 8), day + dt.timedelta(days=chance.randint(-60, 400)))
    facts: dict[str, dict[str, Any]] = {
        "instalments": {"approved": approved},
        "settlement": {"approved": approved, "paid": near(chance, approved // 2), "eligible": near(chance, approved),
                       "executed": chance.random() < 0.8},
        "surcharge": {"attendees": near(chance, 20), "payers": near(chance, 10), "monthly_cost": near(chance, 10000)},
        "sanction": {"event": chance.choice(("not_executed", "misuse")), "approved_end": day.isoformat(),
                     "decided_on": decided.isoformat()},
        "settlement_due": {"completed_on": day.isoformat(),
                           "holidays": [(day + dt.timedelta(days=chance.randint(25, 40))).isoformat() for _ in range(3)]},
        "envelope": {"year": chance.choice((99, 100, 101)), "approved_so_far": near(chance, 29_900_000),
                     "total": near(chance, 100_000)},
    }  # fmt: skip
    return {"id": ask, "ask": ask, **facts[ask]}
