"""苗栗縣政府社區發展工作計畫: the plan's own conditions, and the standards that the county files as rulings (伍、八)."""

from grants.rules.bounds import Context, Values, blank, error, missing, money_cap, number, warning
from grants.rules.catalogue import items
from grants.rules.days import months_on
from grants.rules.facts import Line
from grants.rules.findings import ERROR, TWD, Exact, Finding, Found
from grants.rules.registry import case_rule, line_rule
from miaoli_kaohsiung.lib.money import floor_div
from miaoli_kaohsiung.lib.roc_date import roc_year

ALL_ITEMS = " ".join(items())


@case_rule("M3.3")
def association_of_the_county(ctx: Context) -> Found:
    """「苗栗縣各社區發展協會」; for an activity centre the township office (伍、九)."""
    centre = ctx.project.programme == "activity_centre"
    kinds = ctx.strict["eligibility.centre_kinds" if centre else "eligibility.kinds"]
    county = ctx.strict["eligibility.county"]
    if ctx.organisation.kind in kinds and ctx.organisation.county == county:
        return None
    who = "鄉鎮市公所" if centre else "立案的社區發展協會"
    return [error("M3.3", f"這個方案由{county}{who}申請。")]


@case_rule("M4.4b", programmes="flagship")
def flagship_lead(ctx: Context) -> Found:
    """「即績優型社區發展協會以母雞帶小雞的標竿學習方式」: the lead's tier on the day of filing."""
    if ctx.organisation.tier == ctx.strict["flagship.lead_tier"]:
        return None
    return [error("M4.4b", "小旗艦型計畫要由績優型的社區發展協會帶領申請。")]


@case_rule("M4.4a", programmes="flagship")
def neighbours(ctx: Context) -> Found:
    """「建立「社區組織結盟」之夥伴關係」: neighbours by area."""
    if ctx.answers.get("members_adjacent") is True:
        return None
    return [warning("M4.4a", "結盟的社區以鄰近為原則，請說明參加的社區和理由。", fact="members_adjacent")]


@case_rule("M4.4a", programmes="flagship")
def shares_come_to_the_request(ctx: Context) -> Found:
    """The 「結盟」 files together: at filing the shares of its associations come to what is asked for."""
    total, asked = ctx.project.joint_total, ctx.sums.requested
    if total is None or ctx.case.stage not in ("draft", "submission") or total == asked:
        return None
    message = f"各協會的分攤合計 {total:,d} 元，和申請的 {asked:,d} 元不同，請重新分。"
    return [error("M4.4a", message, requested=total, allowed=asked, unit=TWD)]


@case_rule("M5.5b")
def fresh_profile(ctx: Context) -> Found:
    """「並據以更新社區發展協會之會務、財務等相關資料」: data older than the parameter must be explained."""
    if ctx.project.programme == "activity_centre":
        return None
    updated, months = ctx.organisation.profile_updated_on, ctx.strict["profile.months"]
    if updated is not None and months_on(updated, months) >= ctx.case.submitted_on:
        return None
    return [
        warning(
            "M5.5b",
            f"協會的會務、財務資料超過 {months} 個月沒有確認，請先看過並按「資料都對」，或說明。",
            fact="profile_updated_on",
        )
    ]


@case_rule("M5.5a")
def assembly_was_held(ctx: Context) -> Found:
    """「依照社區發展工作綱要及人民團體法等相關規定辦理會務」: off unless the county rules that who held no assembly gets no
    grant. The assembly of this year counts, and until its last month is over that of the year before.
    """
    if not ctx.strict["governance.assembly_required"] or ctx.project.programme == "activity_centre":
        return None
    filed, held = ctx.case.submitted_on, ctx.organisation.assembly_held_on
    year = filed.year if filed.month > ctx.strict["governance.assembly_month"] else filed.year - 1
    if held is not None and held.year >= year:
        return None
    message = f"縣府規定要先召開會員大會才能申請：還沒有登錄{roc_year(year)}年以後的會員大會。開過的請先登錄。"
    return [error("M5.5a", message, fact="assembly_held_on")]


@line_rule("M5.8", items=ALL_ITEMS)
def unit_cap(ctx: Context, line: Line) -> Found:
    """The county's standard for an item: so many dollars a unit; 0 is not paid for, an item that is not listed is free."""
    caps = ctx.strict["subsidy.unit_caps"]
    if line.item not in caps:
        return blank(("M5.8",), line, "申請補助") if line.requested is None else None
    cost = items()[line.item].cost
    fields = ("quantity",) if cost is None else cost
    gaps = missing(line, *fields)
    if gaps:
        return blank(("M5.8",), line, *gaps)
    amount: Exact = 1
    for field in fields:
        amount *= line.given(field)
    name = items()[line.item].name

    def tell(values: Values) -> tuple[str, str]:
        each = values["subsidy.unit_caps"].get(line.item, caps[line.item])
        parts = " × ".join(number(line.given(field)) for field in fields)
        return f"縣府標準：{name}每單位最高 {each:,d} 元", f"{parts or 1} × {each:,d} = {number(amount * each)} 元"

    def bound(values: Values) -> Exact:
        # If a side of an open reading does not list the item, the strict side's cap holds there too.
        most: int = values["subsidy.unit_caps"].get(line.item, caps[line.item])
        return amount * most

    return money_cap(ctx, ("M5.8",), line, bound, tell)


@case_rule("M5.8")
def case_cap(ctx: Context) -> Found:
    """The county's limit for one case."""
    used, most = ctx.sums.requested, ctx.lenient["subsidy.case_cap"]
    if used <= most:
        return None
    message = f"每案最高補助 {most:,d} 元，申請合計 {used:,d} 元，超出 {used - most:,d} 元。"
    return [Finding("M5.8", ERROR, message, requested=used, allowed=most, over=used - most, unit=TWD, suggested=most)]


@case_rule("M5.8")
def own_share(ctx: Context) -> Found:
    """The applicant bears at least the filed share of the whole cost (subsidy, own and other funds)."""
    top, bottom = ctx.strict["subsidy.own_share"]
    total = ctx.sums.requested + ctx.sums.own_funds + ctx.sums.other_funds
    least = -floor_div(-total * top, bottom)
    if ctx.sums.own_funds >= least:
        return None
    short = least - ctx.sums.own_funds
    message = f"自籌款至少要有總經費的 {top * 100 / bottom:g}%：{total:,d} 元中至少 {least:,d} 元，還差 {short:,d} 元。"
    return [Finding("M5.8", ERROR, message, requested=ctx.sums.own_funds, allowed=least, over=short, unit=TWD)]


@case_rule("M5.8")
def within_the_year(ctx: Context) -> Found:
    """The county's rule that a plan ends within the year in which it is filed."""
    ends, starts = ctx.project.ends_on, ctx.project.starts_on
    if ends is None or starts is None:
        return blank(("M5.8",), None, "計畫開始與結束日期", fact="starts_on" if starts is None else "ends_on")
    if ends < starts:
        return [error("M5.8", "結束日期不可以早於開始日期。", requested=ends, allowed=starts, fact="ends_on")]
    if not ctx.strict["project.within_year"] or ends.year <= ctx.case.submitted_on.year:
        return None
    year = roc_year(ctx.case.submitted_on.year)
    return [error("M5.8", f"計畫要在{year}年12月31日以前執行完畢。", requested=ends, fact="ends_on")]


@line_rule("M5.8", items="equipment")
def described_equipment(ctx: Context, line: Line) -> Found:
    """「補助充實設備所需經費」: equipment needs a description, so that it can be compared with the inventory."""
    return None if line.description else [warning("M5.8", "設備請寫明品名和數量。", line=line.id)]
