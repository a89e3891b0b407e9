"""肆、補助經費項目: what several lines, or several applications, may ask for together."""

from fractions import Fraction
from math import ceil, floor
from typing import Any

from tests.grants.oracle.broken import ERROR, WARNING, Broken, at_most
from tests.grants.oracle.lines import Line, exact

Case = dict[str, Any]
# 法定基本工資 of a month and of an hour, from the day on which it began.
WAGES = (
    ("2007-07", 17280, 95),
    ("2011-01", 17880, 98),
    ("2012-01", 18780, 103),
    ("2013-01", 18780, 109),
    ("2013-04", 19047, 109),
)
AIDES = ("disability_aide", "elder_aide", "child_carer", "after_school_tutor")


def wage(month: str, hourly: bool = False) -> int:
    return next((hour if hourly else whole) for since, whole, hour in reversed(WAGES) if since <= month)


def asked(case: Case, item: str) -> int:
    return sum(line["requested"] for line in case["lines"] if line["item"] == item)


def of_item(case: Case, *items: str) -> list[Line]:
    return [line for line in case["lines"] if line["item"] in items]


def of_sums(case: Case) -> list[Broken]:
    """What the lines break together."""
    return [*_shares(case), *_film(case), *_admin(case), *_aides(case), *_pay(case), *_unnamed(case), *_hours(case)]


def _shares(case: Case) -> list[Broken]:
    """不得超過補助金額的10%; 補助金額為該案核定金額的10%"""
    total, found = sum(line["requested"] for line in case["lines"]), []
    labour, admin = asked(case, "hired_labour"), asked(case, "admin_overhead")
    most = floor(Fraction(total - labour, 9))
    found += at_most("K4.1.5b", labour, most, most)
    rest = total - admin
    return found + at_most("K4.6.3a", admin, floor(Fraction(rest, 10)), floor(Fraction(rest, 9)))


def _film(case: Case) -> list[Broken]:
    """每案最高補助30萬元"""
    return at_most("K4.1.7b", asked(case, "film"), 300000, 300000)


def _admin(case: Case) -> list[Broken]:
    """已申請…人力支持計畫補助者不再重複補助; 同一年申請二案以上者，請依實際需要編列"""
    used, found, organisation = asked(case, "admin_overhead"), [], case["organisation"]
    if not used:
        return []
    status = organisation.get("manpower_grant", "none")
    if status in ("granted", "pending"):
        found.append(Broken("K4.6.1", ERROR if status == "granted" else WARNING, "", used, 0))
    if organisation.get("applications_this_year"):
        found.append(Broken("K4.6.2", WARNING))
    return found


def _aides(case: Case) -> list[Broken]:
    """每服務10位身心障礙者補助1人; 每10位老人設置1位; 每一社區最多補助3位 (肆) or 4位 (參)"""
    found: list[Broken] = []
    for item, served, clauses in (
        ("disability_aide", len(case["project"].get("users", ())), "K4.1.3.1"),
        ("elder_aide", case["project"].get("elders", 0), "K4.1.3.2a K3.I.2.1.4a"),
    ):
        people = at_once(of_item(case, item))
        found += at_most(clauses, people, floor(Fraction(served, 10)), ceil(Fraction(served, 10)))
    here = at_once(of_item(case, "elder_aide"))
    elsewhere = case["elsewhere"].get("community_aides", 0)
    if here:
        found += at_most("K4.1.3.2b K3.I.2.1.4b", here + elsewhere, 3, 4, most=max(0, 3 - elsewhere))
    return found


def at_once(lines: list[Line]) -> int:
    """How many people are paid at the same time: who is named counts once, who is named in another month not with them."""
    always = sum(line["persons"] for line in lines if "person" not in line)
    months = {line["month"] for line in lines if "person" in line}
    named = [len({line["person"] for line in lines if line.get("month") == month}) for month in months]
    return always + max(named, default=0)


def _clause(item: str | None) -> str:
    return "K4.1.3.5a" if item in AIDES else "K4.1.4" if item == "casual_pay" else ""


def _pay(case: Case) -> list[Broken]:
    """每人每月最高不得超過法定基本工資: under one clause, and (to be explained) under all clauses together."""
    here: dict[tuple[str, str, str], int] = {}
    by_clause: dict[tuple[str, str, str], int] = {}
    together: dict[tuple[str, str], int] = {}
    for row, ours in [
        *((r, True) for r in case["lines"]),
        *((r, False) for r in case["elsewhere"].get("person_months", ())),
    ]:
        if "person" not in row or "month" not in row or not (_clause(row["item"]) or row["item"] == "hired_labour"):
            continue
        amount, who = row["requested"] if ours else row["amount"], (row["person"], row["month"])
        together[who] = together.get(who, 0) + amount
        if clause := _clause(row["item"]):
            by_clause[(clause, *who)] = by_clause.get((clause, *who), 0) + amount
            if ours:
                here[(clause, *who)] = here.get((clause, *who), 0) + amount
    found = []
    for (clause, person, month), ours in here.items():
        whole, alone, limit = together[(person, month)], by_clause[(clause, person, month)], wage(month)
        if ours and whole > limit:
            severity, total = (ERROR, alone) if alone > limit else (WARNING, whole)
            spare = max(0, limit - (whole - ours))
            found.append(Broken(clause, severity, f"{person} {month}", total - limit, spare))
    return found


def _months(case: Case) -> list[str]:
    first, last = case["project"]["starts_on"][:7], case["project"]["ends_on"][:7]
    year, month, found = int(first[:4]), int(first[5:]), []
    while f"{year:04d}-{month:02d}" <= last:
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _unnamed(case: Case) -> list[Broken]:
    """每人每月 where nobody is named: the heads and months of the line; where the heads are not known, to be explained."""
    found = []
    for line in case["lines"]:
        clause = _clause(line["item"])
        if clause and "person" not in line:
            most = line.get("persons", 1) * sum(wage(month) for month in _months(case))
            known = line["item"] in ("disability_aide", "elder_aide", "child_carer")
            if line["requested"] > most:
                severity = ERROR if known else WARNING
                found.append(Broken(clause, severity, line["id"], line["requested"] - most, most))
    return found


def _hours(case: Case) -> list[Broken]:
    """The text's 95 and 100 an hour below the statutory wage of employment: the difference is to come from own funds."""
    found = []
    for item, clause, each in (("casual_pay", "K4.1.4", 95), ("elder_aide", "K4.1.3.2a", 100)):
        for line in of_item(case, item):
            paid = (
                exact(line["hours"])
                if item == "casual_pay"
                else (line["persons"] * min(exact(line["hours_per_day"]), 4) * exact(line["days"]))
            )
            month = line.get("month", _months(case)[-1])
            gap = floor(paid * (wage(month, hourly=True) - each))
            if line.get("employment") and gap > 0 and line.get("own_funds", 0) < gap:
                found.append(Broken(clause, WARNING, line["id"], gap))
    return found
