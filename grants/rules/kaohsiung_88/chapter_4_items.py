"""肆、補助經費項目: items that need another beside them, or that may be asked for only once. The reviewer decides on these."""

from dataclasses import replace

from grants.rules.bounds import Context, info, listed, warning
from grants.rules.facts import Line
from grants.rules.findings import Found
from grants.rules.registry import line_rule


@line_rule("K4.1.1", items="expert_fee")
def expert_who_also_lectures(ctx: Context, line: Line) -> Found:
    """The same person as expert and as lecturer on one day may be paid twice for one visit."""
    same = {
        name
        for other in ctx.of("lecturer_fee")
        for name in set(line.names) & set(other.names)
        if not line.in_months or not other.in_months or set(line.in_months) & set(other.in_months)
    }
    if not same:
        return None
    message = f"{listed(name for name in line.names if name in same)} 同時列了專家出席費和講師鐘點費，請說明不是同一天、同一件事。"
    return [warning("K4.1.1", message, line=line.id, person=line.person, month=line.month)]


@line_rule("K4.1.6", items="script_fee")
def script_author(ctx: Context, line: Line) -> Found:
    """「社區居民投稿之撰稿費為主」: the reviewer decides on another author."""
    if line.yes("resident_author") is not False:
        return None
    return [warning("K4.1.6", "撰稿費以社區居民投稿為主；作者不是社區居民，請說明理由。", line=line.id)]


@line_rule("K3.I.4.7", items="meals gas")
def meals_beside_rent(ctx: Context, line: Line) -> Found:
    """The rent already covers utilities and three meals."""
    if not ctx.of("landlord_rent"):
        return None
    message = "房租已經包含水電及三餐，請說明這一筆不是給同一批住戶的。"
    return [warning("K3.I.4.7", message, line=line.id, requested=line.requested)]


@line_rule("K4.2.1", items="insurance")
def insurance_kind(ctx: Context, line: Line) -> Found:
    """「志工平安保險、活動平安保險、場地公共意外責任險」: a closed list."""
    if not line.words("insurance_kind"):
        return [replace(info("K4.2.1", "請選「保險種類」。", line=line.id), kind="blank")]
    if line.words("insurance_kind") in ctx.strict["insurance.kinds"]:
        return None
    message = "保險費只列了志工平安保險、活動平安保險、場地公共意外責任險；其他保險請說明理由。"
    return [warning("K4.2.1", message, line=line.id)]


@line_rule("K4.2.10", items="equipment_rental")
def rented_twice(ctx: Context, line: Line) -> Found:
    """器材租金 and 器材租借費 overlap: the same thing from the same supplier may be asked for once."""

    def same(other: Line) -> bool:
        return (line.words("supplier"), line.used_on, line.description) == (
            other.words("supplier"),
            other.used_on,
            other.description,
        )

    if not any(same(other) for other in ctx.of("equipment_hire") if line.words("supplier") or line.description):
        return None
    return [warning("K4.2.10", "這筆器材租金和器材租借費的廠商、日期、用途相同，請確認不是同一筆。", line=line.id)]


@line_rule("K4.2.11–12", items="gas")
def gas_without_meals(ctx: Context, line: Line) -> Found:
    """「餐食服務烹煮之瓦斯燃料」: only beside a meal service."""
    if ctx.project.programme == "elder_care_station" or ctx.of("meals"):
        return None
    return [warning("K4.2.11–12", "瓦斯費限於煮餐使用，但計畫沒有供餐，請說明用途。", line=line.id)]


@line_rule("K4.2.13", items="miscellaneous")
def miscellaneous(ctx: Context, line: Line) -> Found:
    """「其他未於上列之開支」: never refused, but it must say what it is for."""
    return None if line.description else [info("K4.2.13", "雜支請寫明用途。", line=line.id)]


@line_rule("K4.4.1", items="course_materials")
def course_materials(ctx: Context, line: Line) -> Found:
    """「辦理課程及培訓實作所需之教材書籍、材料費用」: beside a course."""
    if ctx.answers.get("course") or ctx.of("lecturer_fee") or ctx.answers.get("class_hours_per_week"):
        return None
    return [warning("K4.4.1", "課程教材及材料費要搭配課程，但計畫沒有課程，請說明用途。", line=line.id)]
