"""貳、實施對象: who may apply, and where the work may be done."""

import datetime as dt

from grants.rules.bounds import Context, Values, blank, error, listed, warning
from grants.rules.days import anniversary, spelled
from grants.rules.findings import Found
from grants.rules.registry import case_rule
from miaoli_kaohsiung.lib.roc_date import format_roc


def old_name(ctx: Context, township: str) -> str:
    """Return the township's name of 2010: 旗山鎮 for 旗山區. A name that is not of the county is returned unchanged."""
    names = ctx.strict["area.townships"]
    if township in names or not township.endswith("區") or not _merged(ctx):
        return township
    return next((name for name in names if name[:-1] == township[:-1]), township)


def _merged(ctx: Context) -> bool:
    """Return whether the city's name stands for the old county on the day (A32)."""
    follows = ctx.strict["reading.county_names"] == "successor"
    return bool(follows and ctx.case.submitted_on >= ctx.strict["area.successor_from"])


def of_the_county(ctx: Context) -> bool:
    """Return whether the body is registered in the county; after the merger also under the city's name, in the old
    county's area by either name.
    """
    organisation = ctx.organisation
    if organisation.county == ctx.strict["eligibility.county"]:
        return True
    if organisation.county != ctx.strict["area.successor_county"] or not _merged(ctx):
        return False
    return old_name(ctx, organisation.township) in ctx.strict["area.townships"]


@case_rule("K2.1a")
def registered_in_the_county(ctx: Context) -> Found:
    """「凡於本縣登記立案，非以營利為目的之社會福利服務機構、民間團體與社區組織」"""
    organisation = ctx.organisation
    if _judged_elsewhere(ctx):
        return None
    reasons = []
    if organisation.kind not in ctx.strict["eligibility.kinds"]:
        reasons.append("單位類別要是社會福利機構、民間團體或社區組織")
    if not of_the_county(ctx):
        reasons.append(f"要在{ctx.strict['eligibility.county']}登記立案")
    if not organisation.nonprofit:
        reasons.append("不能是以營利為目的")
    return [error("K2.1a", f"申請單位不符合資格：{listed(reasons)}。")] if reasons else None


def _judged_elsewhere(ctx: Context) -> bool:
    kind = ctx.organisation.kind
    return kind == "national_nonprofit" or (kind in ctx.strict["eligibility.indigenous_kinds"] and _indigenous(ctx))


def _indigenous(ctx: Context) -> bool:
    return old_name(ctx, ctx.organisation.township) in ctx.strict["eligibility.indigenous_townships"]


@case_rule("K2.2")
def indigenous_townships(ctx: Context) -> Found:
    """「本縣原住民族地區（桃源鄉、那瑪夏鄉及茂林鄉）之各鄉公所、教會及各級學校」"""
    if ctx.organisation.kind not in ctx.strict["eligibility.indigenous_kinds"] or _indigenous(ctx):
        return None
    names = listed(ctx.strict["eligibility.indigenous_townships"])
    return [error("K2.2", f"鄉公所、教會、學校要在原住民族地區（{names}）才能申請。")]


@case_rule("K2.3")
def national_nonprofit(ctx: Context) -> Found:
    """「曾於最近三年內於本縣轄區提供本專案補助項目所列各項計畫之全國性非營利團體」; the day itself passes (A17)."""
    organisation = ctx.organisation
    if organisation.kind != "national_nonprofit":
        return None
    if not organisation.nonprofit:
        return [error("K2.3", "全國性團體要是非營利團體才能申請。")]
    if organisation.last_service_on is None:
        return blank(("K2.3",), None, "最近一次在本縣服務的日期", fact="last_service_on")
    strict, lenient = _earliest(ctx, ctx.strict), _earliest(ctx, ctx.lenient)
    if organisation.last_service_on >= strict:
        return None
    years = ctx.strict["eligibility.recent_years"]
    say = warning if organisation.last_service_on >= lenient else error
    message = f"全國性團體最近{spelled(years)}年內要在本縣提供過服務，最晚是 {format_roc(strict)}。"
    return [say("K2.3", message, allowed=strict, requested=organisation.last_service_on)]


def _earliest(ctx: Context, values: Values) -> dt.date:
    back = -values["eligibility.recent_years"]
    earliest = anniversary(ctx.case.submitted_on, back)
    if values["reading.recent_years_from"] == "typhoon":
        return min(earliest, anniversary(values["eligibility.typhoon"], back))
    return earliest


@case_rule("K2.4")
def service_area(ctx: Context) -> Found:
    """「重災害之重建區範圍」: seven townships; outside is an error where the programme's clause says 重建區 (A16)."""
    if not ctx.project.service_area:
        return blank(("K2.4",), None, "服務區域", fact="service_area")
    inside = ctx.strict["area.reconstruction"]
    outside = [name for name in ctx.project.service_area if old_name(ctx, name) not in inside]
    if not outside:
        return None
    message = f"{listed(outside)}不在重建區（{listed(inside)}）"
    strict_clause = ctx.project.programme in ctx.strict["area.strict_programmes"]
    if strict_clause or ctx.lenient["reading.area"] == "seven":
        return [error("K2.4", f"{message}，這個方案只限重建區。", fact="service_area")]
    if ctx.strict["reading.area"] == "wider":
        return None
    return [warning("K2.4", f"{message}，請說明為什麼要在這裡辦理。", fact="service_area")]


@case_rule("K2.1a", "K2.3")
def proof_attached(ctx: Context) -> Found:
    """The certificate of registration, or the proof of service, is among the papers once they are looked at."""
    documents, kind = ctx.project.documents, ctx.organisation.kind
    if documents is None or ctx.case.stage == "draft":
        return None
    if kind == "national_nonprofit" and "service_proof" not in documents:
        return [
            error(
                "K2.3",
                f"請附最近{spelled(ctx.strict['eligibility.recent_years'])}年在本縣服務的證明。",
                kind="missing",
                fact="service_proof",
            )
        ]
    if kind in ctx.strict["eligibility.kinds"] and "registration_certificate" not in documents:
        return [error("K2.1a", "請附立案證書。", kind="missing", fact="registration_certificate")]
    return None
