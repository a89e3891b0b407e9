"""肆、補助經費項目: the limits that bind several lines or several applications together. Wages are in `chapter_4_wages`."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from grants.rules.bounds import Context, Values, at_most, band, blank, error, missing, over_limit, warning
from grants.rules.catalogue import items
from grants.rules.facts import Line
from grants.rules.findings import ERROR, PERSONS, TWD, WARNING, Exact, Finding, Found, Meter
from grants.rules.registry import case_rule
from miaoli_kaohsiung.lib.money import floor_div
from miaoli_kaohsiung.lib.roc_date import format_month, roc_year


def judge(
    clause: str,
    used: int,
    strict: int,
    lenient: int,
    sentence: str,
    tell: Callable[[int], str],
    whys: tuple[str, str] = ("", ""),
    **more: Any,
) -> list[Finding]:
    """Judge a sum of money against a bound under the band rule; `tell(bound)` returns the arithmetic, `whys` are the
    reasons for two limits.
    """
    if used <= strict:
        return []
    severity, allowed = (ERROR, lenient) if used > lenient else (WARNING, strict)
    arithmetic = tell(allowed)
    message = over_limit(sentence, arithmetic, used - allowed, TWD, severity, band(strict, lenient, TWD, whys))
    return [
        Finding(
            clause,
            severity,
            message,
            requested=used,
            allowed=allowed,
            over=used - allowed,
            unit=TWD,
            suggested=strict,
            arithmetic=arithmetic,
            basis=f"{sentence}：{tell(strict)}",
            two_limits=strict != lenient,
            **more,
        )
    ]


def only(lines: Sequence[Line]) -> str | None:
    """Return the id of the line if there is just one to be changed."""
    return lines[0].id if len(lines) == 1 else None


def about(lines: Sequence[Line]) -> dict[str, Any]:
    """Return `line` and `lines` of a finding about these lines together."""
    return {"line": only(lines), "lines": tuple(line.id for line in lines) if len(lines) > 1 else ()}


@case_rule("K4.1.3.1")
def disability_aide_ratio(ctx: Context) -> Found:
    """「每服務10位身心障礙者補助1人」"""
    users = ctx.answers.get("users")
    count = None if users is None else len(users)
    return _ratio(ctx, ("K4.1.3.1",), "disability_aide", count, "disability_aide.users_each", "身心障礙者", "users")


@case_rule("K4.1.3.2a", "K3.I.2.1.4a")
def elder_aide_ratio(ctx: Context) -> Found:
    """「每10位老人設置1位生活輔導員」, which both clauses say."""
    clauses = ("K4.1.3.2a", "K3.I.2.1.4a")
    return _ratio(ctx, clauses, "elder_aide", ctx.answers.get("elders"), "elder_aide.elders_each", "長者", "elders")


def _ratio(
    ctx: Context, clauses: Sequence[str], item: str, served: int | None, each: str, word: str, fact: str
) -> list[Finding] | None:
    lines = ctx.of(item)
    if not lines:
        return []
    if served is None:
        return blank(clauses, None, f"服務幾位{word}", fact=fact)

    def most(values: Values) -> int:
        size = values[each]
        return floor_div(served + (size - 1 if values["reading.ratio"] == "ceil" else 0), size)

    strict, lenient, people = most(ctx.strict), most(ctx.lenient), heads(lines)
    sentence = f"每 {ctx.strict[each]} 位{word}補助 1 位輔導人員"
    arithmetic = f"{served} 位{word}最多 {lenient if people > lenient else strict} 人"
    ids = tuple(line.id for line in lines)
    return at_most(clauses, people, strict, lenient, PERSONS, sentence, arithmetic=arithmetic, lines=ids) or []


@case_rule("K4.1.3.2b", "K3.I.2.1.4b")
def aides_per_community(ctx: Context) -> Found:
    """「每一社區最多補助3位生活輔導員」 against 「每一社區最多補助4位生活輔導員之時薪」 (A1), over all applications."""
    lines = [line for line in ctx.of("elder_aide") if line.number("persons") != 0]
    if not lines:
        return None
    name, elsewhere = "reading.aides_per_community", ctx.case.elsewhere.community_aides
    strict, lenient = ctx.strict[name], ctx.lenient[name]
    here = heads(lines)
    arithmetic = f"本案 {here} 人＋其他申請案 {elsewhere} 人" if elsewhere else ""
    most = lenient if here + elsewhere > lenient or strict == lenient else f"{strict} 或 {lenient}"
    sentence = f"每一社區最多補助 {most} 位生活輔導員"
    spare = max(0, strict - elsewhere)
    clauses = ("K4.1.3.2b", "K3.I.2.1.4b")
    return at_most(
        clauses,
        here + elsewhere,
        strict,
        lenient,
        PERSONS,
        sentence,
        arithmetic=arithmetic,
        suggested=spare,
        lines=tuple(line.id for line in lines),
    )


def heads(lines: Sequence[Line]) -> Exact:
    """Return how many people the lines pay at the same time: named people once, lines of different months not together."""
    always: list[Line] = []
    by_month: dict[str, list[Line]] = {}
    for line in lines:
        for group in [by_month.setdefault(month, []) for month in line.in_months] or [always]:
            group.append(line)
    return max(_heads([*always, *month]) for month in (by_month.values() or [[]]))


def _heads(lines: Sequence[Line]) -> Exact:
    named = {name for line in lines if line.named for name in line.names}
    return len(named) + sum(line.number("persons") or 0 for line in lines if not line.named)


@case_rule("K4.1.3.2c", "K3.I.2.1.4c")
def aide_hours_over_lines(ctx: Context) -> Iterator[Finding]:
    """「每日每人不得請領超過4小時」 for a named person on several lines of a month: an error if the hours cannot fit into the days of
    any month, else to be explained.
    """
    by_person: dict[tuple[str, str], list[Line]] = {}
    for line in ctx.of("elder_aide"):
        if line.named and not missing(line, "hours_per_day", "days"):
            for key in ((name, month) for name in line.names for month in line.in_months):
                by_person.setdefault(key, []).append(line)
    limit = ctx.lenient["elder_aide.hours_per_day"]
    for (person, month), lines in by_person.items():
        daily = sum(x.given("hours_per_day") for x in lines)
        total = sum(Fraction(x.given("hours_per_day")) * x.given("days") / len(x.in_months) for x in lines)
        if len(lines) < 2 or daily <= limit or any(x.given("hours_per_day") > limit for x in lines):
            continue
        say = error if total > limit * 31 else warning
        message = f"{person} {format_month(month)}分列 {len(lines)} 筆，每日時數合計 {daily} 小時，超過 {limit} 小時；請說明不是同一天。"
        for clause in ("K4.1.3.2c", "K3.I.2.1.4c"):
            yield say(
                clause,
                message,
                person=person,
                month=month,
                requested=daily,
                allowed=limit,
                over=daily - limit,
                unit="hours",
                suggested=limit,
                lines=tuple(x.id for x in lines),
            )


@case_rule("K4.1.5b")
def labour_share(ctx: Context) -> Found:
    """「不得超過補助金額的10%」: of the whole subsidy, labour included (A6)."""
    used, total = ctx.asked("hired_labour"), ctx.sums.requested
    rest = total - used

    def most(values: Values) -> int:
        top, bottom = values["hired_labour.share"]
        if values["reading.labour_base"] == "rest":
            return floor_div((rest - ctx.asked("admin_overhead")) * top, bottom)
        return floor_div(rest * top, bottom - top) if bottom > top else total

    def tell(bound: int) -> str:
        return f"其他項目 {rest:,d} 元，最多 {bound:,d} 元"

    whys = ("其他項目不含行政管理費的比例", "合計補助金額的比例")
    return _share(
        ctx, "K4.1.5b", "hired_labour", "僱工購料工資", used, most, tell, ctx.strict["hired_labour.share"], whys
    )


@case_rule("K4.6.3a")
def admin_share(ctx: Context) -> Found:
    """「補助金額為該案核定金額的10%」: of the other items for certain, of the whole by the lenient reading (A5)."""
    used = ctx.asked("admin_overhead")
    rest = ctx.sums.requested - used

    def most(values: Values) -> int:
        top, bottom = values["admin_overhead.share"]
        if values["reading.admin_base"] == "inclusive":
            return floor_div(rest * top, bottom - top) if bottom > top else rest + used
        return floor_div(rest * top, bottom)

    def tell(bound: int) -> str:
        return f"其他項目 {rest:,d} 元，最多 {bound:,d} 元"

    share = ctx.strict["admin_overhead.share"]
    percent = _percent(share)
    whys = (f"其他項目的 {percent}", f"連本項合計的 {percent}")
    return _share(ctx, "K4.6.3a", "admin_overhead", "行政管理費", used, most, tell, share, whys)


def _percent(share: Sequence[int]) -> str:
    return f"{share[0] * 100 / share[1]:g}%"


def _share(
    ctx: Context,
    clause: str,
    item: str,
    label: str,
    used: int,
    most: Callable[[Values], int],
    tell: Callable[[int], str],
    share: Sequence[int],
    whys: tuple[str, str],
) -> list[Finding]:
    lines = ctx.of(item)
    if not lines:
        return []
    low, high = sorted((most(ctx.strict), most(ctx.lenient)))
    percent = _percent(share)
    ctx.meter(Meter(clause, label, used, low, high, f"{tell(low)}（{percent}）", item))
    return judge(clause, used, low, high, f"{label}最多是補助金額的 {percent}", tell, whys, **about(lines))


@case_rule("K4.1.7b")
def film_per_case(ctx: Context) -> Found:
    """「每案最高補助30萬元」: all films of the application, or each film if the county rules so (A13)."""
    lines = [line for line in ctx.of("film") if line.requested]
    if not lines:
        return []
    if ctx.strict["reading.film"] == ctx.lenient["reading.film"] == "film":
        groups = [[line] for line in lines]
    else:
        groups = [lines]
    strict, lenient = ctx.strict["film.per_case"], ctx.lenient["film.per_case"]
    if ctx.lenient["reading.film"] == "film":
        lenient *= len(groups[0])
    found = []
    for group in groups:
        used = sum(line.requested or 0 for line in group)
        sentence = f"攝影剪輯費每案最高 {strict:,d} 元"
        whys = "每案一個上限", "每支影片各一個上限"
        found += judge("K4.1.7b", used, strict, lenient, sentence, _film_sums(used), whys, **about(group))
    return found


def _film_sums(used: int) -> Callable[[int], str]:
    return lambda bound: f"合計 {used:,d} 元，最多 {bound:,d} 元"


@case_rule("K4.6.0")
def admin_kinds_elsewhere(ctx: Context) -> Found:
    """Telephone, water and power, postage and internet belong to the admin fee; asked for elsewhere too they are paid
    twice.
    """
    if not ctx.of("admin_overhead"):
        return None
    words = ctx.strict["words.admin_kinds"]
    return [
        warning("K4.6.0", f"「{line.description}」可能已包含在行政管理費裡，請確認沒有重複。", line=line.id)
        for line in ctx.case.lines
        if line.item != "admin_overhead" and any(word in line.description for word in words)
    ]


@case_rule("K4.6.1")
def admin_beside_manpower_grant(ctx: Context) -> Found:
    """「已申請【高雄縣八八風災在地組織社區重建人力支持計畫】補助者不再重複補助」: an error if granted; if pending, reading A20."""
    used, status = ctx.asked("admin_overhead"), ctx.organisation.manpower_grant
    if not used or status in ("none", "refused"):
        return None
    line = only(ctx.of("admin_overhead"))
    figures = {
        "line": line,
        "requested": used,
        "allowed": 0,
        "over": used,
        "unit": TWD,
        "suggested": 0,
        "basis": "已有人力支持計畫，行政管理費 0 元",
    }
    if status == "granted" or ctx.lenient["reading.manpower"] == "applied":
        return [error("K4.6.1", "已有人力支持計畫補助，行政管理費不再重複補助，請改為 0 元。", **figures)]
    if ctx.strict["reading.manpower"] == "granted":
        return None
    return [warning("K4.6.1", "人力支持計畫還在審查中；若核定，行政管理費就不能補助，請說明。", **figures)]


@case_rule("K4.6.2")
def admin_of_several_applications(ctx: Context) -> Found:
    """「同一年申請二案以上者，請依實際需要編列並核實核銷」"""
    others = ctx.organisation.applications_this_year
    if not ctx.asked("admin_overhead") or not others or ctx.strict["reading.admin_flat"] == "flat":
        return None
    message = f"{roc_year(application_year(ctx))}年另有 {others} 件申請案，行政管理費請依實際需要編列，並說明用途。"
    return [warning("K4.6.2", message, line=only(ctx.of("admin_overhead")))]


def application_year(ctx: Context) -> int:
    """Return the year that counts as 同一年 (A21): that of the submission, or of the project if the county rules so."""
    begins = ctx.project.starts_on if ctx.strict["reading.same_year"] == "project_year" else None
    return (begins or ctx.case.submitted_on).year


# A rate's own rule reports a blank amount itself.
_OTHERS = {code: item.clause for code, item in items().items() if not item.rated}


@case_rule(*dict.fromkeys(_OTHERS.values()))
def blank_amounts(ctx: Context) -> Found:
    """A line without an amount cannot be judged: it is reported under the item's own clause."""
    return [
        found
        for line in ctx.case.lines
        if line.requested is None and line.item in _OTHERS
        for found in blank((_OTHERS[line.item],), line, "申請補助金額")
    ]
