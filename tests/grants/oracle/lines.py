"""肆、補助經費項目: what one line may ask for. Each function is one sentence of the chapter."""

from fractions import Fraction
from math import floor
from typing import Any

from tests.grants.oracle.broken import ERROR, WARNING, Broken, at_most

Line = dict[str, Any]


def exact(value: Any) -> Fraction:
    return Fraction(str(value))


def product(line: Line, *keys: str) -> Fraction:
    result = Fraction(1)
    for key in keys:
        result *= exact(line[key])
    return result


def rate(line: Line) -> int | None:
    """The dollars that the item's own sentence allows, rounded down; None if it names none."""
    item = line["item"]
    if item == "expert_fee":  # 每次2000元
        return floor(2000 * product(line, "sessions"))
    if item == "lecturer_fee":  # 最高每小時1600元（內聘減半）, in half hours
        halves = floor(2 * product(line, "hours"))
        return halves * (400 if line["in_house"] else 800)
    if item == "disability_aide":  # 每小時120元
        return floor(120 * product(line, "persons", "hours_per_day", "days"))
    if item == "elder_aide":  # 每小時100元
        return floor(100 * product(line, "persons", "hours_per_day", "days"))
    if item == "child_carer":  # 一般幼童每小時100元、身心障礙或發展遲緩幼童每小時120元; 只照顧自家孩子不補助
        hourly = sum(120 if child.get("special_needs") else 100 for child in line["children"] if not child.get("own"))
        return floor(hourly * product(line, "hours_per_day", "days"))
    if item == "after_school_tutor":  # 每小時以350元為限
        return floor(350 * product(line, "hours"))
    if item == "casual_pay":  # 每小時95元
        return floor(95 * product(line, "hours"))
    return _rate_of_others(line)


def _rate_of_others(line: Line) -> int | None:
    item = line["item"]
    if item == "hired_labour":  # 每日最高800元
        return floor(800 * product(line, "days"))
    if item == "script_fee":  # 每1000個字630元, by the character
        return floor(Fraction(630, 1000) * product(line, "characters"))
    if item == "film":  # 每分鐘10000元, by the second
        return floor(Fraction(10000, 60) * product(line, "seconds"))
    if item == "landlord_rent":  # 每月房租每人9000元, part months in proportion
        return floor(9000 * product(line, "persons", "months"))
    if item == "rental_supervision":  # 每月督導費每人300元整
        return floor(300 * product(line, "persons", "months"))
    if item == "participant_transport":  # 每日每次100元整
        return floor(100 * product(line, "trips"))
    return None


RATES = {
    "expert_fee": "K4.1.1",
    "lecturer_fee": "K4.1.2",
    "disability_aide": "K4.1.3.1",
    "elder_aide": "K4.1.3.2a K3.I.2.1.4c",
    "child_carer": "K4.1.3.3a",
    "after_school_tutor": "K4.1.3.4",
    "casual_pay": "K4.1.4",
    "hired_labour": "K4.1.5a",
    "script_fee": "K4.1.6",
    "film": "K4.1.7a",
    "landlord_rent": "K3.I.4.7",
    "rental_supervision": "K3.I.4.8",
    "participant_transport": "K4.3.4",
}


def of_line(line: Line) -> list[Broken]:
    """What the line breaks by itself."""
    found, cap = [], rate(line)
    if cap is not None:
        clauses = RATES[line["item"]]
        if line["item"] == "elder_aide" and exact(line["hours_per_day"]) > 4:
            # The fourth hour is the last that is paid: that sentence speaks for the longer day.
            clauses = "K4.1.3.2a"
            day = floor(100 * 4 * product(line, "persons", "days"))
            found += at_most("K4.1.3.2c K3.I.2.1.4c", line["requested"], day, day, line["id"])
        found += at_most(clauses, line["requested"], cap, cap, line["id"])
    if line["item"] == "child_carer":
        found += _children(line)
    if line["item"] == "participant_transport" and "riders" in line:  # 每日每次: one trip for a person and day
        once = floor(product(line, "riders", "days"))
        if line["trips"] > once:
            found.append(Broken("K4.3.4", WARNING, line["id"], line["trips"] - once, once))
    return found + _funds(line)


def _children(line: Line) -> list[Broken]:
    """每日最高補助10小時，每週最高補助5日; 最多照顧4人（2歲以下最多2人只照顧自家孩子不補助）; 六歲以下兒童"""
    children, about = line["children"], line["id"]
    found = at_most("K4.1.3.3b", exact(line["hours_per_day"]), 10, 10, about)
    found += at_most("K4.1.3.3b", exact(line["days_per_week"]), 5, 5, about)
    found += at_most("K4.1.3.3c", len(children), 4, 4, about)
    found += at_most("K4.1.3.3c", sum(child["age"] <= 2 for child in children), 2, 2, about)
    if line["requested"] and all(child.get("own") for child in children):
        found.append(Broken("K4.1.3.3c", ERROR, about, line["requested"], 0))
    oldest = max((child["age"] for child in children if not child.get("own")), default=0)
    return found + at_most("K3.I.5.1a", oldest, 5, 6, about)


def _funds(line: Line) -> list[Broken]:
    """以不重複補助為原則: what is paid twice; another subsidy beside this one is to be explained."""
    own, other = line.get("own_funds", 0), line.get("other_funds", 0)
    if "unit_price" in line:
        excess = own + other + line["requested"] - floor(cost(line))
        if excess > 0:
            return [Broken("K5.4", ERROR, line["id"], excess, max(0, line["requested"] - excess))]
    return [Broken("K5.4", WARNING, line["id"])] if other and line["requested"] else []


def cost(line: Line) -> Fraction:
    """What the line costs: its price times what its sentence counts, else times a number if one is given."""
    counted = {"expert_fee": ("sessions",), "lecturer_fee": ("hours",), "hired_labour": ("days",), "casual_pay": ("hours",),
               "landlord_rent": ("persons", "months"), "participant_transport": ("trips",)}  # fmt: skip
    keys = counted.get(line["item"], ("quantity",) if "quantity" in line else ())
    return line["unit_price"] * product(line, *keys)
