"""參、補助方案內容: what each programme's clauses ask of the plan. A blank answer is a finding of its own."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grants.rules.bounds import Context, Values, at_least, at_most, blank, error, number, warning
from grants.rules.catalogue import questions
from grants.rules.days import months_on
from grants.rules.findings import COUNT, DAYS, ERROR, HOURS, PERSONS, TWD, WARNING, Finding, Found
from grants.rules.kaohsiung_88.chapter_4_sums import application_year
from grants.rules.registry import case_rule
from miaoli_kaohsiung.lib.roc_date import format_roc, roc_year


def unanswered(clause: str, *keys: str, say: Callable[..., Finding] = error) -> list[Finding]:
    """Return the finding for questions that are still blank, worded with the questions themselves."""
    labels = [questions()[key].label.removesuffix("？") for key in keys]
    message = f"請填「{'、'.join(labels)}」。"
    return [say(clause, message, kind="blank", fact=keys[0])]


def minimum(
    ctx: Context, clause: str, key: str, parameter: str, unit: str, sentence: str, severity: str = ERROR
) -> list[Finding]:
    """Judge an answered quantity against a minimum of the law; a blank is reported as such."""
    value = ctx.answers.get(key)
    if value is None:
        return unanswered(clause, key, say=error if severity == ERROR else warning)
    strict, lenient = ctx.strict[parameter], ctx.lenient[parameter]
    if severity == ERROR and lenient <= value < strict:
        severity, least = WARNING, strict
    else:
        least = lenient if severity == ERROR else strict
    return at_least(clause, value, least, unit, sentence.format(strict), severity, suggested=strict, fact=key) or []


@case_rule("K3.I.2.1.1", programmes="elder_care_station")
def station_sessions(ctx: Context) -> Iterator[Finding]:
    """「每星期至少5次不等，每次至少服務4小時至5小時」: at least one session a week, at least four hours each (A24)."""
    yield from minimum(
        ctx, "K3.I.2.1.1", "sessions_per_week", "station.sessions_per_week", COUNT, "據點每星期至少 {} 次"
    )
    message = "據點每次至少服務 {} 小時"
    yield from minimum(ctx, "K3.I.2.1.1", "hours_per_session", "station.hours_per_session", HOURS, message)
    hours, upper = ctx.answers.get("hours_per_session"), ctx.strict["station.hours_per_session_upper"]
    if hours is not None and hours > upper and ctx.strict["reading.session_hours"] == "four_to_five":
        say = error if ctx.lenient["reading.session_hours"] == "four_to_five" else warning
        yield say(
            "K3.I.2.1.1",
            f"每次服務 4 到 {upper} 小時，目前 {number(hours)} 小時。",
            requested=hours,
            allowed=upper,
            over=hours - upper,
            unit=HOURS,
            suggested=upper,
            fact="hours_per_session",
        )


@case_rule("K3.I.2.1.2", programmes="elder_care_station")
def monthly_visits(ctx: Context) -> Found:
    """「每月至少一次的關懷訪視或電話問安服務」"""
    message = "每位長者每月至少訪視或電話問安 {} 次"
    return minimum(ctx, "K3.I.2.1.2", "visits_per_month", "station.visits_per_month", COUNT, message, WARNING)


@case_rule("K3.I.2.1.3", programmes="elder_care_station")
def meal_days(ctx: Context) -> Iterator[Finding]:
    """「提供午餐及晚餐之定點用餐及送餐到家服務：每星期五次」; fewer or more is explained."""
    days, both, five = (
        ctx.answers.get("meal_days_per_week"),
        ctx.answers.get("lunch_and_dinner"),
        ctx.strict["station.meal_days"],
    )
    if days is None:
        yield from unanswered("K3.I.2.1.3", "meal_days_per_week", say=warning)
    elif days != five:
        yield warning(
            "K3.I.2.1.3",
            f"供餐規定每星期 {five} 次，目前 {days} 次，請說明。",
            requested=days,
            allowed=five,
            over=abs(days - five),
            unit=COUNT,
            suggested=five,
            fact="meal_days_per_week",
        )
    if both is None:
        yield from unanswered("K3.I.2.1.3", "lunch_and_dinner", say=warning)
    elif both is False:
        yield warning("K3.I.2.1.3", "供餐規定午餐及晚餐都要有，請說明為什麼只有一餐。", fact="lunch_and_dinner")


def _fee_severity(ctx: Context) -> Callable[..., Finding] | None:
    """Return how a missing or different fee is judged under A25; None if fees are the association's choice."""
    if ctx.strict["reading.user_fees"] == "optional":
        return None
    return error if ctx.lenient["reading.user_fees"] == "compulsory" else warning


@case_rule("K3.I.2.1.5", programmes="elder_care_station")
def monthly_fee(ctx: Context) -> Found:
    """「每星期至少提供1次者，每月至少收費150元」"""
    say, fee, least = _fee_severity(ctx), ctx.answers.get("user_fee_monthly"), ctx.strict["station.user_fee"]
    if say is None:
        return None
    if fee is None:
        return [
            say(
                "K3.I.2.1.5", "請填「每人每月收費多少元」；不收費請填 0 並說明。", kind="blank", fact="user_fee_monthly"
            )
        ]
    if fee >= least:
        return None
    return [
        say(
            "K3.I.2.1.5",
            f"每人每月至少收費 {least} 元，目前 {fee} 元，請說明。",
            requested=fee,
            allowed=least,
            over=least - fee,
            unit=TWD,
            suggested=least,
            fact="user_fee_monthly",
        )
    ]


@case_rule("K3.I.2.1.6", programmes="elder_care_station")
def meal_fees(ctx: Context) -> Iterator[Finding]:
    """「低收入戶每餐需收費20元、中低收入戶每餐需收費30元、一般戶需每餐收費50元」"""
    say = _fee_severity(ctx)
    if say is None:
        return
    for key, word in (("low", "低收入戶"), ("middle", "中低收入戶"), ("general", "一般戶")):
        fee, fixed = ctx.answers.get(f"meal_fee_{key}"), ctx.strict[f"station.meal_fee_{key}"]
        if fee is None:
            yield say("K3.I.2.1.6", f"請填「{word}每餐收費多少元」。", kind="blank", fact=f"meal_fee_{key}")
        elif fee != fixed:
            yield say(
                "K3.I.2.1.6",
                f"{word}每餐規定收費 {fixed} 元，目前 {fee} 元，請說明。",
                requested=fee,
                allowed=fixed,
                over=abs(fee - fixed),
                unit=TWD,
                suggested=fixed,
                fact=f"meal_fee_{key}",
            )


@case_rule("K3.I.3.2a", programmes="disability_day_care")
def class_hours(ctx: Context) -> Found:
    """「每個社區服務地點每週開設課程應達20小時以上」"""
    message = "每個服務地點每星期課程要有 {} 小時以上"
    return minimum(ctx, "K3.I.3.2a", "class_hours_per_week", "day_care.class_hours", HOURS, message)


@case_rule("K3.I.3.2b", programmes="disability_day_care")
def three_months(ctx: Context) -> Found:
    """「並持續三個月」: from the start to the day before the corresponding day, three months on."""
    starts, ends = ctx.project.starts_on, ctx.project.ends_on
    if starts is None or ends is None:
        return blank(("K3.I.3.2b",), None, "計畫開始與結束日期", fact="starts_on")
    strict, lenient = (v["day_care.months"] for v in (ctx.strict, ctx.lenient))
    longest, shortest = (months_on(starts, months) - dt.timedelta(days=1) for months in (strict, lenient))
    if ends >= longest:
        return None
    say, months, last = (error, lenient, shortest) if ends < shortest else (warning, strict, longest)
    message = f"課程要持續 {months} 個月，至少到 {format_roc(last)}" + ("。" if say is error else "，請說明。")
    return [
        say("K3.I.3.2b", message, requested=ends, allowed=last, over=(last - ends).days, unit=DAYS, suggested=longest)
    ]


@case_rule("K3.I.3.2c", programmes="disability_day_care")
def fifteen_users(ctx: Context) -> Found:
    """「且需收滿15位15至64歲之身心障礙者（15至55歲之原民身心障礙者）」, by age on the first day (A23)."""
    users = ctx.answers.get("users")
    if users is None:
        return unanswered("K3.I.3.2c", "users")
    if any(user.get("age") is None for user in users):
        return [error("K3.I.3.2c", "服務對象名單還有人沒有填年齡。", kind="blank", fact="users")]
    counts = [sum(_counts(values, user) for user in users) for values in (ctx.strict, ctx.lenient)]
    most, fewest = (values["day_care.users"] for values in (ctx.strict, ctx.lenient))
    severity, values = (ERROR, ctx.lenient) if counts[1] < fewest else (WARNING, ctx.strict)
    counted, least = (counts[1], fewest) if severity == ERROR else (counts[0], most)
    ages = f"{values['day_care.age_from']} 至 {values['day_care.age_to']} 歲（原住民至 {values['day_care.age_to_indigenous']} 歲）"
    message = f"{ages}的服務對象要收滿 {least} 位"
    return at_least("K3.I.3.2c", counted, least, PERSONS, message, severity, suggested=most, fact="users")


def _counts(values: Values, user: Mapping[str, Any]) -> bool:
    oldest = values["day_care.age_to_indigenous" if user.get("indigenous") else "day_care.age_to"]
    return bool(values["day_care.age_from"] <= user["age"] <= oldest)


@case_rule("K3.I.3.4", programmes="disability_day_care")
def one_application_a_year(ctx: Context) -> Found:
    """「申請計畫以彙整全年度整體計畫案一次申請為原則」; another case of unknown programme may be of the same one."""
    others = ctx.case.elsewhere.same_programme
    if others is None:
        others = ctx.organisation.applications_this_year
    if not others:
        return None
    year = roc_year(application_year(ctx))
    return [warning("K3.I.3.4", f"這個方案以全年度一次申請為原則，{year}年另有 {others} 件申請案，請說明。")]


@case_rule("K3.I.4.1", programmes="rental_housing")
def residents(ctx: Context) -> Iterator[Finding]:
    """「領有房屋安遷補助之輕度失能獨居老人、輕度失能獨居身心障礙者」, for each resident."""
    people = ctx.answers.get("residents")
    if not people:
        yield from unanswered("K3.I.4.1", "residents")
    for place, person in enumerate(people or (), 1):
        words = (("relocation_subsidy", "領有房屋安遷補助"), ("mild_disability", "輕度失能"), ("lives_alone", "獨居"))
        unmet = [word for key, word in words if person.get(key) is not True]
        if unmet:
            yield error("K3.I.4.1", f"第 {place} 位住戶不符合：{'、'.join(unmet)}。", fact="residents")


@case_rule("K3.I.4.6", programmes="rental_housing")
def assessments(ctx: Context) -> Iterator[Finding]:
    """「需經過本縣長期照顧管理中心評估屬輕度失能才可申請本服務」, on or before the day of moving in."""
    for place, person in enumerate(ctx.answers.get("residents") or (), 1):
        assessed, moved = person.get("assessed_on"), person.get("moves_in_on")
        if assessed is None or moved is None:
            yield error("K3.I.4.6", f"請填第 {place} 位住戶的評估日期和入住日期。", kind="blank", fact="residents")
        elif assessed > moved:
            yield error(
                "K3.I.4.6",
                f"第 {place} 位住戶要先經長期照顧管理中心評估才可以入住。",
                requested=assessed,
                allowed=moved,
                fact="residents",
            )
    documents = ctx.project.documents
    if documents is not None and ctx.case.stage != "draft" and "care_assessment" not in documents:
        yield error("K3.I.4.6", "請附長期照顧管理中心的評估。", kind="missing", fact="care_assessment")


@case_rule("K3.I.4.4", programmes="rental_housing")
def no_individual_landlord(ctx: Context) -> Found:
    """「本計畫需由符合實施對象之單位提出，不接受重建區內個人申請擔任房東」"""
    if ctx.organisation.kind != "individual":
        return None
    return [error("K3.I.4.4", "租屋計畫要由符合資格的單位提出，個人不能申請。")]


@case_rule("K3.I.4.5.1", programmes="rental_housing")
def supervisor(ctx: Context) -> Found:
    """「需具有督導人員每月定期督訪出租房舍房東」"""
    return None if (ctx.answers.get("supervisor") or "").strip() else unanswered("K3.I.4.5.1", "supervisor")


@case_rule("K3.I.4.5.3", programmes="rental_housing")
def four_in_a_house(ctx: Context) -> Iterator[Finding]:
    """「每一房舍最多進住四位」"""
    houses = ctx.answers.get("houses")
    if not houses:
        yield from unanswered("K3.I.4.5.3", "houses")
    strict, lenient = (v["rental.residents_per_house"] for v in (ctx.strict, ctx.lenient))
    for place, house in enumerate(houses or (), 1):
        if house.get("residents") is None:
            yield error("K3.I.4.5.3", f"請填第 {place} 戶住幾位。", kind="blank", fact="houses")
        else:
            message = f"每一房舍最多進住 {strict} 位（第 {place} 戶）"
            yield from (
                at_most(("K3.I.4.5.3",), house["residents"], strict, lenient, PERSONS, message, fact="houses") or ()
            )


@case_rule("K3.I.4.5.4", programmes="rental_housing")
def own_rooms(ctx: Context) -> Found:
    """「需提供每一使用者個人房間、衛浴設備、廚房設備、客廳等公共空間」: no fewer rooms than residents, if both are given."""
    return [
        warning("K3.I.4.5.4", f"第 {place} 戶房間比住的人少，每位住戶要有自己的房間，請說明。", fact="houses")
        for place, house in enumerate(ctx.answers.get("houses") or (), 1)
        if house.get("rooms") is not None and house["rooms"] < (house.get("residents") or 0)
    ]


@case_rule("K3.I.5.1b", programmes="child_day_care")
def carers_training(ctx: Context) -> Found:
    """「應針對照顧者進行至少2小時之照顧教育訓練」"""
    return minimum(ctx, "K3.I.5.1b", "training_hours", "child_care.training_hours", HOURS, "照顧者訓練至少 {} 小時")


@case_rule("K3.I.6.3", programmes="after_school_care")
def responsible_person(ctx: Context) -> Found:
    """「申請單位應有專責人員規劃及執行本計畫」"""
    return (
        None if (ctx.answers.get("responsible_person") or "").strip() else unanswered("K3.I.6.3", "responsible_person")
    )


@case_rule("K3.I.6.2", programmes="after_school_care")
def mostly_disadvantaged(ctx: Context) -> Found:
    """「課後照顧對象主要為弱勢家庭兒少」: fewer than half is explained."""
    pupils, few = ctx.answers.get("pupils"), ctx.answers.get("disadvantaged_pupils")
    if pupils is None or few is None:
        return unanswered("K3.I.6.2", "pupils", "disadvantaged_pupils", say=warning)
    top, bottom = ctx.strict["after_school.majority"]
    if few * bottom >= pupils * top:
        return None
    message = f"課後照顧以弱勢家庭學童為主，目前 {pupils} 位中有 {few} 位，請說明。"
    return [warning("K3.I.6.2", message, requested=few, allowed=pupils, unit=PERSONS, fact="disadvantaged_pupils")]


@case_rule("K3.II.1.2b", programmes="disaster_preparedness")
def disaster_plan_parts(ctx: Context) -> Found:
    """「申請時必須包含基本要求如社區防災會議召開、社區災害危險調查」 …: a warning for each part that lacks (A31)."""
    parts = set(ctx.answers.get("plan_parts") or ())
    words = dict(questions()["plan_parts"].choices)
    if ctx.strict["reading.disaster_parts"] == "examples":
        return []
    say = error if ctx.lenient["reading.disaster_parts"] == "all_six" else warning
    lacking = [part for part in ctx.strict["disaster.parts"] if part not in parts]
    return [
        say("K3.II.1.2b", f"防災計畫還沒有「{words[part]}」，請補上或說明。", fact="plan_parts") for part in lacking
    ]
