"""What each kind of condition does: a row of `[[condition]]` becomes findings, as a rule in Python would give them."""

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from grants.rules.bounds import Context, Values, number
from grants.rules.filed.caps import applies, lines_of
from grants.rules.filed.papers import wanted
from grants.rules.filed.tables import Row
from grants.rules.findings import DAYS, ERROR, TWD, Finding, Found
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib.roc_date import format_roc

Condition = Callable[[Context, Row], Found]
# What a window may bound: the fact, whether its day is the last one, and the sentence, also without the day itself.
EDGES: Mapping[str, tuple[str, bool, str, str]] = {
    "filing_from": ("", False, "{day}起受理，還不能送件。", "{day}的隔日起受理，還不能送件。"),
    "filing_until": ("", True, "送件期限是{day}，已經截止。", "要在{day}前送件，不含當日，已經截止。"),
    "starts_from": ("starts_on", False, "計畫要在{day}以後開始。", "計畫要在{day}後開始，不含當日。"),
    "ends_until": ("ends_on", True, "計畫要在{day}以前執行完畢。", "計畫要在{day}前執行完畢，不含當日。"),
}
KINDS = {
    "community_association": "社區發展協會",
    "welfare_institution": "社會福利機構",
    "civic_group": "民間團體",
    "township_office": "鄉鎮市公所",
    "church": "教會",
    "school": "學校",
    "national_nonprofit": "全國性非營利團體",
    "individual": "個人",
}
TIERS = {"excellent": "績優型", "potential": "潛力型", "basic": "基本型"}


def broken(row: Row, usual: str, **more: Any) -> list[Finding]:
    """Return the finding of a condition that is not kept, in the row's words or the usual ones."""
    severity = row.get("severity", ERROR)
    message = str(row.get("message") or usual)
    if severity != ERROR and not message.endswith(("請說明。", "請說明理由。")):
        message = f"{message.rstrip('。')}，請說明。"
    return [Finding(row["clause"], severity, message, **{"kind": "limit", **more})]


def prerequisite_paper(ctx: Context, row: Row) -> Found:
    """A paper is attached, once the papers are looked at."""
    given = ctx.project.documents
    if ctx.case.stage == "draft" or given is None or row["paper"] in given or not wanted(ctx.case, row):
        return None
    data = ctx.ruleset.data
    name = next(paper["name"] for paper in data.papers if paper["code"] == row["paper"]) if data else ""
    return broken(row, f"請附{name}。", kind="missing", fact=row["paper"])


def prerequisite_answer(ctx: Context, row: Row) -> Found:
    """A question of the form is answered as the clause wants it; a blank is asked for."""
    if not wanted(ctx.case, row):
        return None
    given, right = ctx.answers.get(row["question"]), row["answer"]
    label = question_of(ctx.ruleset, row["question"])
    if given is None:
        return [Finding(row["clause"], ERROR, f"請回答「{label}」。", kind="blank", fact=row["question"])]
    if given in right if isinstance(right, list) else given == right:
        return None
    return broken(row, f"「{label}」的回答不符合條件。", fact=row["question"])


def question_of(ruleset: RuleSet, key: str) -> str:
    """Return the words of a question by its key."""
    data = ruleset.data
    rows = [*data.questions, *(q for row in data.programmes.values() for q in row.get("question", ()))] if data else []
    return next((str(row["label"]) for row in rows if row["key"] == key), key)


def day_of(value: Any, year: int) -> dt.date:
    """Return the day of a bound: a date, or "12-31" of the year."""
    if isinstance(value, dt.date):
        return value
    month, _, day = str(value).partition("-")
    return dt.date(year, int(month), int(day))


def window(ctx: Context, row: Row) -> Found:
    """Filing, or the plan, lies between days; a bound "12-31" is that day of the year of filing."""
    if not applies(ctx, row):
        return None
    fact, last, within, without = EDGES[row["edge"]]
    day = getattr(ctx.project, fact) if fact else ctx.case.submitted_on
    if day is None:
        return None
    bound = day_of(ctx.strict[row["parameter"]], ctx.case.submitted_on.year)
    over = (day - bound).days if last else (bound - day).days
    if over < 0 or (over == 0 and not row.get("exclusive")):
        return None
    sentence = (without if row.get("exclusive") else within).replace("{day}", format_roc(bound))
    more = {"requested": day, "allowed": bound, "over": over, "suggested": bound}
    return broken(row, sentence, fact=fact or None, unit=DAYS if fact else None, **more)


def days_before_start(ctx: Context, row: Row) -> Found:
    """The application is filed some days before the plan begins."""
    starts = ctx.project.starts_on
    if not applies(ctx, row) or starts is None:
        return None
    least, given = ctx.strict[row["parameter"]], (starts - ctx.case.submitted_on).days
    if given > least or (given == least and not row.get("exclusive")):
        return None
    usual = f"計畫開始前 {least} 日要送件，目前相差 {given} 日。"
    more = {"requested": given, "allowed": least, "over": least - given, "unit": DAYS, "suggested": least}
    return broken(row, usual, fact="starts_on", **more)


def own_share(ctx: Context, row: Row) -> Found:
    """The applicant bears at least a share of the whole cost."""
    if not applies(ctx, row) or not lines_of(ctx, row):
        return None
    total = ctx.sums.requested + ctx.sums.own_funds + ctx.sums.other_funds

    def least(values: Values) -> int:
        top, bottom = values[row["parameter"]]
        exact = Fraction(total * top, bottom)
        rounded = -int(-exact // 1)
        return rounded + 1 if row.get("exclusive") and rounded == exact else rounded

    wanted_now, own = least(ctx.strict), ctx.sums.own_funds
    if own >= wanted_now or not total:
        return None
    top, bottom = ctx.strict[row["parameter"]]
    share, short = number(Fraction(top * 100, bottom)), wanted_now - own
    than = "要超過" if row.get("exclusive") else "至少要有"
    usual = f"自籌款{than}總經費的 {share}%：{total:,d} 元中至少 {wanted_now:,d} 元，還差 {short:,d} 元。"
    return broken(row, usual, requested=own, allowed=wanted_now, over=short, unit=TWD)


def township_first(ctx: Context, row: Row) -> Found:
    """The application goes to the county by way of the township office, as the scheme is set."""
    if not applies(ctx, row) or ctx.case.stage == "draft" or ctx.project.township_first:
        return None
    return broken(row, "這個方案要先送公所初審，再轉縣府；請聯絡縣府承辦人。")


def applicant_kind(ctx: Context, row: Row) -> Found:
    """Who may apply: the kinds of the list."""
    kinds = ctx.strict[row["parameter"]]
    if not applies(ctx, row) or ctx.organisation.kind in kinds:
        return None
    return broken(row, f"這個方案由{'、'.join(KINDS.get(kind, kind) for kind in kinds)}申請。")


def applicant_county(ctx: Context, row: Row) -> Found:
    """The applicant is registered in the county."""
    county = ctx.strict[row["parameter"]]
    if not applies(ctx, row) or ctx.organisation.county == county:
        return None
    return broken(row, f"申請單位要在{county}登記立案。")


def applicant_tier(ctx: Context, row: Row) -> Found:
    """The applicant's tier on the day of filing."""
    tiers = ctx.strict[row["parameter"]]
    if not applies(ctx, row) or ctx.organisation.tier in tiers:
        return None
    return broken(row, f"這個方案由{'、'.join(TIERS.get(tier, tier) for tier in tiers)}的社區申請。")


def nonprofit(ctx: Context, row: Row) -> Found:
    """The applicant does not work for profit."""
    return None if not applies(ctx, row) or ctx.organisation.nonprofit else broken(row, "申請單位不能是以營利為目的。")


def nothing_overdue(ctx: Context, row: Row) -> Found:
    """No earlier award of the applicant was settled late or is overdue."""
    late = ctx.organisation.late_settlements
    if not applies(ctx, row) or not late:
        return None
    return broken(row, f"申請單位有 {late} 件補助逾期結報或還沒有結報。")


def cases_in_the_year(ctx: Context, row: Row) -> Found:
    """So many applications of the applicant in a year, of this programme or of all."""
    if not applies(ctx, row):
        return None
    whole = row.get("of") == "scheme"
    others = ctx.organisation.applications_this_year if whole else ctx.case.elsewhere.same_programme or 0
    limit, now = ctx.strict[row["parameter"]], others + 1
    if now < limit or (now == limit and not row.get("exclusive")):
        return None
    usual = f"同一單位一年最多申請 {limit} 件{'' if whole else '同類的案件'}，這是第 {now} 件。"
    return broken(row, usual, requested=now, allowed=limit, over=now - limit, suggested=limit)


def forbidden_words(ctx: Context, row: Row) -> Found:
    """What is not paid for, known by words in the title, the text or the lines."""
    texts = (ctx.project.title, ctx.project.text, *(line.description for line in ctx.case.lines))
    said = [word for word in ctx.strict[row["parameter"]] if any(word in text for text in texts)]
    if not applies(ctx, row) or not said:
        return None
    return broken(row, f"計畫裡有「{'、'.join(said)}」字樣，這些不補助。", kind="notice")


CONDITIONS: Mapping[str, Condition] = {
    "prerequisite_paper": prerequisite_paper,
    "prerequisite_answer": prerequisite_answer,
    "window": window,
    "days_before_start": days_before_start,
    "own_share": own_share,
    "township_first": township_first,
    "applicant_kind": applicant_kind,
    "applicant_county": applicant_county,
    "applicant_tier": applicant_tier,
    "nonprofit": nonprofit,
    "nothing_overdue": nothing_overdue,
    "cases_in_the_year": cases_in_the_year,
    "forbidden_words": forbidden_words,
}
