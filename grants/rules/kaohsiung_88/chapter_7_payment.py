"""柒、三: the bans after a project that was not carried out or money that was misused. The money is computed in `payments`."""

from grants.rules.bounds import Context, error, info
from grants.rules.findings import Finding, Found
from grants.rules.registry import case_rule
from miaoli_kaohsiung.lib.roc_date import format_roc


@case_rule("K7.3c")
def barred_for_years(ctx: Context) -> Found:
    """「並於下年度起二年內不得申請專案補助」"""
    return _barred(ctx, "K7.3c", "計畫未執行")


@case_rule("K7.3e")
def barred_this_time(ctx: Context) -> Found:
    """「並不得申請下次專案補助」: this application is returned and the bar is used up; or all of the year's are, by reading A29."""
    found = _barred(ctx, "K7.3e", "經費支用不當")
    if ctx.organisation.barred_next_time:
        found.append(error("K7.3e", "因先前經費支用不當，本次不得申請；這一件退回後，下一件就可以申請。"))
    return found


def _barred(ctx: Context, clause: str, why: str) -> list[Finding]:
    return [
        error(
            clause,
            f"因先前{why}，{format_roc(bar.starts_on)}至{format_roc(bar.ends_on)}不得申請。",
            allowed=bar.ends_on,
        )
        for bar in ctx.organisation.bars
        if bar.clause == clause and bar.starts_on <= ctx.case.submitted_on <= bar.ends_on
    ]


@case_rule("K7.2b")
def late_before(ctx: Context) -> Found:
    """「逾期結報者列入後續案件補助與否之參考」: shown, but never blocking."""
    late = ctx.organisation.late_settlements
    return [info("K7.2b", f"曾有 {late} 件逾期結報，會提供審查人員參考。")] if late else None
