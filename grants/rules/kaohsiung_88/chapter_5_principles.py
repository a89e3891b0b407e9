"""伍、補助原則: what is not paid for, and what is not paid twice. Words alone never block (A18)."""

from grants.rules.bounds import Context, error, line_cost, listed, number, warning
from grants.rules.catalogue import has_course, items
from grants.rules.facts import Line
from grants.rules.findings import TWD, Finding, Found
from grants.rules.registry import case_rule, line_rule

_NEVER_FORBIDDEN = "請說明這不是單純的不補助項目。"


def _words(ctx: Context, name: str) -> list[str]:
    """Return the words of a list that occur in the plan's title, text or line descriptions."""
    texts = (ctx.project.title, ctx.project.text, *(line.description for line in ctx.case.lines))
    return [word for word in ctx.strict[name] if any(word in text for text in texts)]


def _judge(ctx: Context, clause: str, declared: bool | None, sentence: str, name: str) -> list[Finding] | None:
    """Judge an exclusion: declared it is an error, words of the list `name` are for the reviewer, or under the strict
    ruling an error too.
    """
    if declared:
        return [error(clause, sentence)]
    words = _words(ctx, name)
    if not words or ctx.strict["reading.exclusions"] == "purely":
        return None
    say = error if ctx.lenient["reading.exclusions"] == "exclude" else warning
    return [say(clause, f"計畫裡有「{'、'.join(words)}」字樣，{_NEVER_FORBIDDEN}", kind="notice")]


@case_rule("K5.2a")
def entertainment(ctx: Context) -> Found:
    """「單純以自強活動、慶生會、餐宴等娛樂性質的活動不補助」"""
    declared = ctx.answers.get("activity") == "entertainment_only"
    message = "單純娛樂性質的活動（自強活動、慶生會、餐宴）不補助。"
    return _judge(ctx, "K5.2a", declared, message, "words.entertainment")


@case_rule("K5.2b")
def advertising(ctx: Context) -> Found:
    """「作為廣告宣傳之社區刊物」"""
    declared = ctx.answers.get("advertising") is True
    if not declared and not ctx.of("printing", "layout_editing", "script_fee"):
        return None
    return _judge(ctx, "K5.2b", declared, "作為廣告宣傳的社區刊物不補助。", "words.advertising")


@case_rule("K5.2c")
def hired_show(ctx: Context) -> Found:
    """「外聘之大型藝術展演活動」: the reviewer decides what counts as large."""
    if ctx.answers.get("hired_show") is not True:
        return None
    return [warning("K5.2c", "外聘的大型藝術展演不補助，請說明規模和居民參與的情形。")]


@case_rule("K5.2d")
def cram_school(ctx: Context) -> Found:
    """「補習教育」"""
    if ctx.answers.get("cram_school") is not True:
        return None
    return [warning("K5.2d", "補習教育不補助，請說明與課後照顧或社區課程的不同。")]


@case_rule("K5.2e")
def contracted_works(ctx: Context) -> Found:
    """「社區環境工程不予補助」: works let to a contractor; materials and own labour are for the reviewer."""
    declared = ctx.answers.get("works_contract") is True
    message = "發包給廠商的社區環境工程不補助；自己動手的材料費可以。"
    return _judge(ctx, "K5.2e", declared, message, "words.works")


@case_rule("K5.3")
def courses_lead_to_action(ctx: Context) -> Found:
    """「成長課程及教育訓練應明確規劃課程內容及主題」 and 「應提具培訓後實際行動方案」"""
    documents = ctx.project.documents or ()
    if ctx.case.stage == "draft" or not has_course(ctx.case):
        return None
    papers = (("syllabus", "課程內容及主題規劃"), ("action_plan", "培訓後實際行動方案"))
    lacking = [(code, name) for code, name in papers if code not in documents]
    if not lacking:
        return None
    message = f"有課程就要附{listed(name for _, name in lacking)}。"
    return [error("K5.3", message, kind="missing", fact=lacking[0][0])]


@line_rule("K5.4", items=" ".join(items()))
def not_twice(ctx: Context, line: Line) -> Found:
    """「以不重複補助為原則」: other funding needs the split of items (A19); paying the same dollar twice is an error."""
    if not line.other_funds and line.unit_price is None:
        return None
    asked = line.requested or 0
    if line.other_funds and asked and ctx.lenient["reading.duplicate"] == "forbid":
        message = f"這一列已有其他單位補助 {line.other_funds:,d} 元，不再重複補助。"
        return [error("K5.4", message, line=line.id, requested=asked, allowed=0, over=asked, unit=TWD, suggested=0,
                       basis="已有其他單位補助，這一列補助 0 元")]  # fmt: skip
    total, cost = asked + line.own_funds + line.other_funds, line_cost(line)
    if cost is not None and total > cost:
        over = total - cost
        message = f"補助、自籌和其他補助合計 {total:,d} 元，比這一列的費用 {number(cost)} 元多 {number(over)} 元，同一筆費用不能重複。"
        spare = max(0, cost - line.own_funds - line.other_funds)
        return [
            error(
                "K5.4",
                message,
                line=line.id,
                requested=total,
                allowed=cost,
                over=over,
                unit=TWD,
                suggested=spare,
                basis=f"這一列的費用 {number(cost)} 元，扣除自籌和其他補助後最多 {number(spare)} 元",
            )
        ]
    if not line.other_funds or not asked:
        return None
    if ctx.strict["reading.duplicate"] == "split":
        return None
    message = f"這一列另有其他單位補助 {line.other_funds:,d} 元，請分項說明哪些由誰補助。"
    return [warning("K5.4", message, line=line.id, requested=asked)]
