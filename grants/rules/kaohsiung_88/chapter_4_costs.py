"""肆、補助經費項目: the caps of a single line. Sums over lines stand in `chapter_4_sums`."""

from collections.abc import Iterator
from fractions import Fraction

from grants.rules.bounds import (
    Bound,
    Context,
    Values,
    at_most,
    blank,
    error,
    info,
    missing,
    money_cap,
    number,
    project_months,
    rate,
    warning,
    whole,
)
from grants.rules.facts import Line
from grants.rules.findings import COUNT, DAYS, HOURS, PERSONS, TWD, YEARS, Exact, Finding, Found
from grants.rules.registry import line_rule
from miaoli_kaohsiung.lib.money import floor_div, share_floor


@line_rule("K4.1.1", items="expert_fee")
def expert_fee(ctx: Context, line: Line) -> Found:
    """「聘請專家學者駐點輔導出席費，每次2000元」"""
    sentence = "專家出席費每次最高 {} 元"
    return rate(ctx, ("K4.1.1",), line, "expert_fee.session", ("sessions",), sentence, ("次",), fixed=True)


@line_rule("K4.1.2", items="lecturer_fee")
def lecturer_fee(ctx: Context, line: Line) -> Found:
    """「辦理課程外聘師資鐘點費，最高每小時1600元（內聘減半）」, counted in half hours."""
    gaps = missing(line, "hours", "in_house")
    if gaps:
        return blank(("K4.1.2",), line, *gaps)
    hours = line.given("hours")
    if type(hours) is not int:
        top, bottom = ctx.strict["lecturer_fee.step"]
        steps = Fraction(hours) * bottom / top
        hours = Fraction(floor_div(steps.numerator, steps.denominator) * top, bottom)

    def each(values: Values) -> Exact:
        full = values["lecturer_fee.hourly"]
        return share_floor(full, *values["lecturer_fee.in_house_share"]) if line.yes("in_house") else full

    def tell(values: Values) -> tuple[str, str]:
        kind = "內聘講師鐘點費每小時最高" if line.yes("in_house") else "外聘講師鐘點費每小時最高"
        total = number(whole(values, hours * each(values)))
        return f"{kind} {number(each(values))} 元", f"{number(hours)} 小時 × {number(each(values))} = {total} 元"

    return money_cap(ctx, ("K4.1.2",), line, lambda values: hours * each(values), tell)


@line_rule("K4.1.2", items="lecturer_fee")
def member_as_lecturer(ctx: Context, line: Line) -> Found:
    """An ordinary member who teaches may count as in-house: reading A8."""
    if (
        line.yes("in_house") is not False
        or line.yes("plain_member") is not True
        or line.requested is None
        or line.number("hours") is None
    ):
        return None
    half = whole(
        ctx.strict,
        line.given("hours")
        * share_floor(ctx.strict["lecturer_fee.hourly"], *ctx.strict["lecturer_fee.in_house_share"]),
    )
    if ctx.strict["reading.in_house"] == "officers_and_staff" or line.requested <= half:
        return None
    judge = error if ctx.lenient["reading.in_house"] == "members_too" else warning
    message = f"講師是本會會員，若算內聘最多 {half:,d} 元。請說明為什麼以外聘計算。"
    return [judge("K4.1.2", message, line=line.id, requested=line.requested, allowed=half, over=line.requested - half,
                  unit=TWD, suggested=half, basis=f"講師是本會會員，算內聘最多 {half:,d} 元")]  # fmt: skip


_AIDE_FIELDS, _AIDE_UNITS = ("persons", "hours_per_day", "days"), ("人", "小時", "日")


@line_rule("K4.1.3.1", items="disability_aide")
def disability_aide(ctx: Context, line: Line) -> Found:
    """「每小時120元，每服務10位身心障礙者補助1人」: the rate."""
    sentence = "日間照顧輔導人員每小時最高 {} 元"
    each = hourly(ctx, line, "disability_aide.hourly")
    return rate(ctx, ("K4.1.3.1",), line, each, _AIDE_FIELDS, sentence, _AIDE_UNITS)


@line_rule("K4.1.3.2a", "K3.I.2.1.4c", items="elder_aide")
def elder_aide(ctx: Context, line: Line) -> Found:
    """「每小時100元」 in both clauses; if the day is too long, the other rule reports K3.I.2.1.4c."""
    gaps, hours = missing(line, *_AIDE_FIELDS), line.number("hours_per_day")
    too_long = not gaps and hours > ctx.strict["elder_aide.hours_per_day"]
    clauses = ("K4.1.3.2a",) if too_long else ("K4.1.3.2a", "K3.I.2.1.4c")
    each = hourly(ctx, line, "elder_aide.hourly")
    return rate(ctx, clauses, line, each, _AIDE_FIELDS, "生活輔導員每小時最高 {} 元", _AIDE_UNITS)


@line_rule("K4.1.3.2c", "K3.I.2.1.4c", items="elder_aide")
def elder_aide_day(ctx: Context, line: Line) -> Found:
    """「每日每人不得請領超過4小時」: a session may be longer, but the hours beyond are not paid."""
    if missing(line, *_AIDE_FIELDS) or line.number("hours_per_day") <= ctx.strict["elder_aide.hours_per_day"]:
        return None
    each = hourly(ctx, line, "elder_aide.hourly")

    def paid(values: Values) -> Exact:
        most: Exact = values["elder_aide.hours_per_day"]
        return min(line.given("hours_per_day"), most)

    def tell(values: Values) -> tuple[str, str]:
        parts = f"{line.given('persons')} 人 × {number(paid(values))} 小時 × {number(line.given('days'))} 日 × {each(values)}"
        total = whole(values, bound(values))
        return f"每人每日最多請領 {number(values['elder_aide.hours_per_day'])} 小時", f"{parts} = {total:,d} 元"

    def bound(values: Values) -> Exact:
        return line.given("persons") * paid(values) * line.given("days") * each(values)

    return money_cap(ctx, ("K4.1.3.2c", "K3.I.2.1.4c"), line, bound, tell)


@line_rule("K4.1.3.3a", items="child_carer")
def child_carer(ctx: Context, line: Line) -> Found:
    """「一般幼童每小時100元、身心障礙或發展遲緩幼童每小時120元」; own children are not paid for."""
    gaps = missing(line, "children", "hours_per_day", "days")
    if gaps:
        return blank(("K4.1.3.3a",), line, *gaps)
    paid = [child for child in line.children or () if not child.own]
    hours = line.given("hours_per_day") * line.given("days")

    def each(values: Values) -> Exact:
        plain, special = values["child_carer.hourly"], values["child_carer.hourly_special"]
        prices: list[Exact] = [special if child.special_needs else plain for child in paid]
        if values["reading.child_rate"] == "per_carer":
            return max(prices, default=0)
        return sum(prices)

    def tell(values: Values) -> tuple[str, str]:
        total = number(whole(values, hours * each(values)))
        parts = f"每小時合計 {each(values)} 元 × {number(line.given('hours_per_day'))} 小時 × {number(line.given('days'))} 日 = {total} 元"
        return f"可計費的孩子 {len(paid)} 位（自己的孩子不計）", parts

    return money_cap(ctx, ("K4.1.3.3a",), line, lambda values: hours * each(values), tell)


@line_rule("K4.1.3.3b", items="child_carer")
def child_carer_time(ctx: Context, line: Line) -> Iterator[Finding]:
    """「每日最高補助10小時，每週最高補助5日」"""
    clause = ("K4.1.3.3b",)
    for value, name, unit, label, word in (
        (line.number("hours_per_day"), "child_carer.hours_per_day", HOURS, "每日時數", "每日最高補助 {} 小時"),
        (line.number("days_per_week"), "child_carer.days_per_week", DAYS, "每週日數", "每週最高補助 {} 日"),
    ):
        if value is None:
            yield from blank(clause, line, label)
        else:
            strict, lenient = ctx.strict[name], ctx.lenient[name]
            yield from at_most(clause, value, strict, lenient, unit, word.format(strict), line) or ()


@line_rule("K4.1.3.3c", items="child_carer")
def child_carer_children(ctx: Context, line: Line) -> Iterator[Finding]:
    """「每位照顧者包含自己子女或孫子女最多照顧4人（2歲以下最多2人只照顧自家孩子不補助）」"""
    clause = ("K4.1.3.3c",)
    if line.children is None:
        yield from blank(clause, line, "照顧的孩子")
        return
    most, most_lenient = ctx.strict["child_carer.children"], ctx.lenient["child_carer.children"]
    message = f"每位照顧者連自己的孩子最多照顧 {most} 人"
    yield from at_most(clause, len(line.children), most, most_lenient, PERSONS, message, line) or ()
    ages = [child.age for child in line.children if child.age is not None]
    if len(ages) < len(line.children):
        yield from blank(clause, line, "每個孩子的年齡")
    oldest = ctx.strict["child_carer.infant_age"]
    infants = sum(age <= oldest for age in ages)
    most, most_lenient = ctx.strict["child_carer.infants"], ctx.lenient["child_carer.infants"]
    message = f"每位照顧者 {oldest} 歲以下的孩子最多照顧 {most} 人"
    yield from at_most(clause, infants, most, most_lenient, PERSONS, message, line) or ()
    if line.requested and all(child.own for child in line.children):
        message = "只照顧自己家的孩子不補助，這一列請改為 0 元。"
        yield error(
            clause[0],
            message,
            line=line.id,
            requested=line.requested,
            allowed=0,
            over=line.requested,
            unit=TWD,
            suggested=0,
            basis="只照顧自己家的孩子補助 0 元",
        )


@line_rule("K3.I.5.1a", items="child_carer")
def child_ages(ctx: Context, line: Line) -> Found:
    """「針對88災區六歲以下兒童」: up to five for certain, six is reading A12, seven and more are too old."""
    all_ages = [child.age for child in line.children or () if not child.own]
    ages = [age for age in all_ages if age is not None]
    if len(ages) < len(all_ages):
        return blank(("K3.I.5.1a",), line, "每個孩子的年齡")
    if not ages:
        return None
    strict, lenient, oldest = ctx.strict["reading.child_age"], ctx.lenient["reading.child_age"], max(ages)
    if oldest <= strict:
        return None
    if oldest > lenient:
        message = f"有 {oldest} 歲的孩子，托育限六歲以下。"
        return [error("K3.I.5.1a", message, line=line.id, requested=oldest, allowed=lenient, over=oldest - lenient, unit=YEARS,
                       suggested=strict)]  # fmt: skip
    message = f"有 {oldest} 歲的孩子，「六歲以下」含不含 {oldest} 歲有兩種解讀，請說明。"
    return [warning("K3.I.5.1a", message, line=line.id, requested=oldest, allowed=strict, over=oldest - strict, unit=YEARS,
                  suggested=strict)]  # fmt: skip


@line_rule("K4.1.3.4", items="after_school_tutor")
def after_school_tutor(ctx: Context, line: Line) -> Found:
    """「每小時以350元為限」"""
    return rate(
        ctx, ("K4.1.3.4",), line, "after_school_tutor.hourly", ("hours",), "課後照顧每小時最高 {} 元", ("小時",)
    )


@line_rule("K4.1.4", items="casual_pay")
def casual_pay(ctx: Context, line: Line) -> Found:
    """「每小時95元」"""
    each = hourly(ctx, line, "casual_pay.hourly")
    return rate(ctx, ("K4.1.4",), line, each, ("hours",), "臨時酬勞每小時最高 {} 元", ("小時",), fixed=True)


@line_rule("K4.1.4", items="casual_pay")
def casual_pay_below_statutory(ctx: Context, line: Line) -> Found:
    """The text's 95 fell below the statutory hourly wage in 2011 (reading A10): the employer owes the difference."""
    return _below_statutory(ctx, "K4.1.4", line, "casual_pay.hourly", line.number("hours"))


@line_rule("K4.1.3.2a", items="elder_aide")
def elder_aide_below_statutory(ctx: Context, line: Line) -> Found:
    """The text's 100 fell below the statutory hourly wage in 2012 (reading A10)."""
    if missing(line, *_AIDE_FIELDS):
        return None
    paid = min(line.number("hours_per_day"), ctx.strict["elder_aide.hours_per_day"])
    return _below_statutory(
        ctx, "K4.1.3.2a", line, "elder_aide.hourly", line.number("persons") * paid * line.number("days")
    )


def hourly(ctx: Context, line: Line, parameter: str) -> Bound:
    """Return the text's hourly rate, or the statutory one if that is higher and the county rules so (A10)."""

    def each(values: Values) -> Exact:
        rate: Exact = values[parameter]
        if line.employment and values["reading.below_statutory"] == "statutory":
            return max(rate, _statutory_hour(ctx, line))
        return rate

    return each


def _statutory_hour(ctx: Context, line: Line) -> int:
    """Return the statutory hourly wage of the line's month; without one, of the project's last month, the highest."""
    months = line.in_months or project_months(ctx.project)
    return ctx.statutory("hourly", months[-1]) if months else 0


def _below_statutory(
    ctx: Context, clause: str, line: Line, parameter: str, hours: Exact | None
) -> list[Finding] | None:
    if not line.employment or hours is None or ctx.lenient["reading.below_statutory"] == "statutory":
        return None
    statutory, text = _statutory_hour(ctx, line), ctx.strict[parameter]
    gap = whole(ctx.strict, hours * (statutory - text))
    if gap <= 0:
        return None
    sums = f"{number(hours)} 小時 × {statutory - text} = {gap:,d} 元"
    message = f"基本工資每小時 {statutory} 元，條文補助 {text} 元，差額要自籌：{sums}"
    if line.own_funds >= gap:
        return [info(clause, f"{message}，已列自籌。", line=line.id, person=line.person, month=line.month)]
    return [warning(clause, f"{message}，請補列自籌款或說明。", line=line.id, person=line.person, month=line.month,
                  over=gap, unit=TWD, arithmetic=sums)]  # fmt: skip


@line_rule("K4.1.5a", items="hired_labour")
def hired_labour(ctx: Context, line: Line) -> Found:
    """「專業技術人力工資，每日最高800元」"""
    return rate(ctx, ("K4.1.5a",), line, "hired_labour.daily", ("days",), "專業技術人力每日最高 {} 元", ("日",))


@line_rule("K4.1.6", items="script_fee")
def script_fee(ctx: Context, line: Line) -> Found:
    """「社區居民投稿之撰稿費為主，每1000個字630元」, by the character unless the county rules otherwise (A14)."""
    gaps = missing(line, "characters")
    if gaps:
        return blank(("K4.1.6",), line, *gaps)

    def counted(values: Values) -> Exact:
        return (
            line.given("characters") - line.given("characters") % 1000
            if values["reading.script_fee"] == "whole_thousands"
            else line.given("characters")
        )

    def bound(values: Values) -> Exact:
        return Fraction(counted(values) * values["script_fee.per_thousand"], 1000)

    def tell(values: Values) -> tuple[str, str]:
        each = values["script_fee.per_thousand"]
        parts = f"{counted(values):,d} 字 × {each} ÷ 1,000 = {whole(values, bound(values)):,d} 元"
        return f"撰稿費每千字最高 {each} 元", parts

    return money_cap(ctx, ("K4.1.6",), line, bound, tell, fixed=True)


@line_rule("K4.1.7a", items="film")
def film(ctx: Context, line: Line) -> Found:
    """「每分鐘10000元」, by the second of finished running time (A13)."""
    gaps = missing(line, "seconds")
    if gaps:
        return blank(("K4.1.7a",), line, *gaps)

    def bound(values: Values) -> Exact:
        return Fraction(line.number("seconds") * values["film.per_minute"], 60)

    def tell(values: Values) -> tuple[str, str]:
        each = values["film.per_minute"]
        parts = f"{line.number('seconds'):,d} 秒 × {each:,d} ÷ 60 = {whole(values, bound(values)):,d} 元"
        return f"攝影剪輯費每分鐘最高 {each:,d} 元", parts

    return money_cap(ctx, ("K4.1.7a",), line, bound, tell, fixed=True)


@line_rule("K3.I.4.7", items="landlord_rent")
def landlord_rent(ctx: Context, line: Line) -> Found:
    """「每月房租每人9000元（包含水電及三餐）」; part of a month is reading A33."""
    gaps = missing(line, "persons", "months")
    if gaps:
        return blank(("K3.I.4.7",), line, *gaps)

    def months(values: Values) -> Exact:
        exact = Fraction(line.given("months"))
        return (
            floor_div(exact.numerator, exact.denominator)
            if values["reading.part_months"] == "whole"
            else line.given("months")
        )

    def bound(values: Values) -> Exact:
        rent: Exact = values["rental.rent_monthly"]
        return line.given("persons") * months(values) * rent

    def tell(values: Values) -> tuple[str, str]:
        each = values["rental.rent_monthly"]
        parts = f"{line.number('persons')} 人 × {number(months(values))} 個月 × {each:,d} = {whole(values, bound(values)):,d} 元"
        return f"房租每人每月最高 {each:,d} 元（含水電及三餐）", parts

    return money_cap(ctx, ("K3.I.4.7",), line, bound, tell, fixed=True)


@line_rule("K3.I.4.8", items="rental_supervision")
def rental_supervision(ctx: Context, line: Line) -> Found:
    """「每月督導費每人300元整」, by the resident."""
    fields, units = ("persons", "months"), ("人", "個月")
    sentence = "督導費每位住戶每月最高 {} 元"
    return rate(ctx, ("K3.I.4.8",), line, "rental.supervision_monthly", fields, sentence, units, fixed=True)


@line_rule("K4.3.4", items="participant_transport")
def participant_transport(ctx: Context, line: Line) -> Found:
    """「每日每次100元整」"""
    sentence = "接送交通費每次最高 {} 元"
    return rate(ctx, ("K4.3.4",), line, "participant_transport.trip", ("trips",), sentence, ("次",), fixed=True)


@line_rule("K4.3.4", items="participant_transport")
def trips_a_day(ctx: Context, line: Line) -> Found:
    """More than one trip for a person and day is reading A15; judged if riders and days are given."""
    if line.number("trips") is None or line.number("riders") is None or line.number("days") is None:
        return None
    once = whole(ctx.strict, line.given("riders") * line.given("days"))
    if line.given("trips") <= once or ctx.strict["reading.trips"] == "every_trip":
        return None
    judge = error if ctx.lenient["reading.trips"] == "one_a_day" else warning
    message = f"每人每日以一次計：{line.given('riders')} 人 × {number(line.given('days'))} 日 = {once:,d} 次，多了 {line.given('trips') - once:,d} 次，請說明。"
    return [
        judge(
            "K4.3.4",
            message,
            line=line.id,
            requested=line.number("trips"),
            allowed=once,
            over=line.given("trips") - once,
            unit=COUNT,
            suggested=once,
        )
    ]
