"""陸、申請時間及程序: the window and the papers."""

import datetime as dt

from grants.rules.bounds import Context, Values, blank, error, info, warning
from grants.rules.catalogue import has_course, uses_land
from grants.rules.days import anniversary, spelled
from grants.rules.findings import Found
from grants.rules.registry import case_rule
from miaoli_kaohsiung.lib.roc_date import format_month, format_roc


@case_rule("K6.1a")
def project_within_the_scheme(ctx: Context) -> Found:
    """「本計畫執行期間為即日起至101年12月31日」"""
    starts, ends = ctx.project.starts_on, ctx.project.ends_on
    if starts is None or ends is None:
        return blank(("K6.1a",), None, "計畫開始與結束日期", fact="starts_on" if starts is None else "ends_on")
    if ends < starts:
        return [error("K6.1a", "結束日期不可以早於開始日期。", requested=ends, allowed=starts, fact="ends_on")]
    strict, lenient = (values["window.project_end"] for values in (ctx.strict, ctx.lenient))
    if ends <= strict:
        return None
    say, last = (error, lenient) if ends > lenient else (warning, strict)
    message = f"計畫最晚要在 {format_roc(last)}以前執行完畢，目前到 {format_roc(ends)}" + (
        "。" if say is error else "，請說明。"
    )
    return [
        say(
            "K6.1a",
            message,
            requested=ends,
            allowed=last,
            over=(ends - last).days,
            unit="days",
            suggested=strict,
            fact="ends_on",
        )
    ]


@case_rule("K6.1b")
def months_before_filing(ctx: Context) -> Found:
    """The cost of a month that is over before the case is filed precedes its approval: for the reviewer."""
    filed = ctx.case.submitted_on.isoformat()[:7]
    return [
        warning(
            "K6.1b",
            f"{format_month(line.month)}在送件之前；核定前的支出請說明理由。",
            line=line.id,
            person=line.person,
            month=line.month,
            requested=line.requested,
        )
        for line in ctx.case.lines
        if line.month and line.month < filed
    ]


@case_rule("K6.1b")
def filed_within_the_window(ctx: Context) -> Found:
    """「送件申請日為本辦法簽准後實施」; before that the engine judges nothing else."""
    strict, lenient = (values["window.closes"] for values in (ctx.strict, ctx.lenient))
    if ctx.case.submitted_on > strict:
        say, closes = (error, lenient) if ctx.case.submitted_on > lenient else (warning, strict)
        message = f"送件期限是 {format_roc(closes)}，已經截止" + ("。" if say is error else "，請說明。")
        return [say("K6.1b", message, requested=ctx.case.submitted_on, allowed=closes)]
    if ctx.project.starts_on and ctx.project.starts_on < ctx.case.submitted_on:
        return [info("K6.1b", "計畫在送件前就開始；核定前的支出可能無法核銷。", fact="starts_on")]
    return None


def _papers_asked(ctx: Context) -> bool:
    return ctx.case.stage != "draft"


@case_rule("K6.2.1")
def sealed_form(ctx: Context) -> Found:
    """「申請書（蓋社團圖記），如附件一」, once the papers are looked at."""
    documents = ctx.project.documents
    if documents is None or not _papers_asked(ctx) or "application_form" in documents:
        return None
    return [error("K6.2.1", "請附蓋好圖記的申請書。", kind="missing", fact="application_form")]


@case_rule("K6.2.2a")
def land_consent(ctx: Context) -> Found:
    """「應檢附管理機關同意函或土地管理（所有人）土地使用同意書」"""
    if not _papers_asked(ctx) or not uses_land(ctx.case) or "land_consent" in (ctx.project.documents or ()):
        return None
    return [error("K6.2.2a", "使用土地要附管理機關同意函或土地使用同意書。", kind="missing", fact="land_consent")]


@case_rule("K6.2.2b")
def consent_of_three_years(ctx: Context) -> Found:
    """「使用期限為三年以上」: from the submission for certain, from the project's end by the strict reading (A26)."""
    if not uses_land(ctx.case):
        return None
    until, ends = ctx.answers.get("consent_until"), ctx.project.ends_on
    if until is None:
        # Without the consent itself, K6.2.2a has reported it already.
        if _papers_asked(ctx) and "land_consent" not in (ctx.project.documents or ()):
            return None
        return blank(("K6.2.2b",), None, "土地使用同意到哪一天", fact="consent_until")
    strict, lenient = (_least_consent(ctx, values, ends) for values in (ctx.strict, ctx.lenient))
    if until >= strict:
        return None
    say, least = (error, lenient) if until < lenient else (warning, strict)
    years = spelled(ctx.strict["land.consent_years"])
    message = f"土地使用同意期限要在{years}年以上，至少到 {format_roc(least)}，目前到 {format_roc(until)}"
    return [
        say(
            "K6.2.2b",
            message + ("。" if say is error else "，請說明。"),
            requested=until,
            allowed=least,
            over=(least - until).days,
            unit="days",
            suggested=strict,
            fact="consent_until",
        )
    ]


def _least_consent(ctx: Context, values: Values, ends: dt.date | None) -> dt.date:
    years = values["land.consent_years"]
    if values["reading.consent_from"] == "project_end" and ends is not None:
        return anniversary(ends, years)
    return anniversary(ctx.case.submitted_on, years)


@case_rule("K6.2.3")
def course_papers(ctx: Context) -> Found:
    """「課程部分應檢附課程表及講師基本資歷」"""
    documents = ctx.project.documents or ()
    if not _papers_asked(ctx) or not has_course(ctx.case):
        return None
    lacking = [
        name for code, name in (("timetable", "課程表"), ("lecturer_resume", "講師基本資歷")) if code not in documents
    ]
    if not lacking:
        return None
    return [error("K6.2.3", f"有課程就要附{'、'.join(lacking)}。", kind="missing", fact="timetable")]
