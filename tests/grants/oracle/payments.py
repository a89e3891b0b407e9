"""參、柒、捌: instalments, settlement, surcharge, bans, terms and the money of a year."""

import datetime as dt
from math import floor
from typing import Any

from tests.grants.oracle.broken import WARNING, Broken
from tests.grants.oracle.plans import last_of

Asked = dict[str, Any]


def instalments(asked: Asked) -> dict[str, Any]:
    """10萬元以上者先行撥付第一期款（核准金額之50%）; 10萬元以下者一律於計畫執行完畢後檢具核銷"""
    whole = asked["approved"]
    two = whole >= 100000
    first = floor(whole / 2) if two else 0
    return {"first": first, "second": whole - first if two else 0, "two_stage": two}


def settlement(asked: Asked) -> dict[str, Any]:
    """未能於限期內執行完畢者應就實際執行情形辦理剩餘款繳回; 計畫未執行者應全數繳回"""
    due = min(asked["approved"], asked["eligible"]) if asked["executed"] else 0
    return {"payable": max(0, due - asked["paid"]), "refund": max(0, asked["paid"] - due)}


def surcharge(asked: Asked) -> dict[str, Any]:
    """收費人數達總上課人數1/2以上 … 每月增加20％"""
    enough = asked["attendees"] > 0 and 2 * asked["payers"] >= asked["attendees"]
    return {"extra": asked["monthly_cost"] * 20 // 100 if enough else 0}


def sanction(asked: Asked) -> dict[str, Any]:
    """於下年度起二年內不得申請; 不得申請下次專案補助"""
    if asked["event"] == "misuse":
        return {"next_application": True}
    year = int(asked["approved_end"][:4])
    return {"barred_from": max(f"{year + 1}-01-01", asked["decided_on"]), "barred_to": f"{year + 2}-12-31"}


def settlement_due(asked: Asked) -> dt.date:
    """計畫執行完畢後一個月內; 行政程序法48: the first day does not count, the last is a day on which offices work."""
    first = dt.date.fromisoformat(asked["completed_on"]) + dt.timedelta(days=1)
    last = last_of(first, 1)
    while last.weekday() > 4 or last.isoformat() in asked["holidays"]:
        last += dt.timedelta(days=1)
    return last


def envelope(asked: Asked) -> list[Broken]:
    """99年預計3,000萬元整，100年3,000萬元，101年3,000萬元"""
    over = asked["approved_so_far"] + asked["total"] - 30_000_000
    return [Broken("K8.2b", WARNING, "", over)] if over > 0 else []
