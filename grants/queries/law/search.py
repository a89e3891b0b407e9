"""Searching the law by everyday words: 便當 finds 膳雜費, 據點 finds every clause of its programme."""

from collections.abc import Iterable
from functools import cache

from grants.rules import catalogue, laws
from grants.rules.ruleset import Clause, Parameter
from miaoli_kaohsiung.lib import folding

# Words for the same thing: a search for one of them finds the clauses that contain another.
_ALIKE = (
    "便當 餐費 膳雜 誤餐 伙食",
    "據點 照顧關懷據點 C據點 關懷站",
    "老人 長者 長輩 銀髮 獨居",
    "課輔 課後 安親 功課",
    "托兒 托育 幼兒 褓姆 保母",
    "身障 身心障礙 殘障",
    "老師 講師 鐘點",
    "遊覽車 僱車 包車",
    "車錢 車馬費 交通費 油錢",
    "水電 電費 水費 電話費 網路費 行政管理費",
    "影片 攝影 拍片 紀錄片 剪輯",
    "志工 志願服務 義工",
    "結報 核銷 報帳 憑證 單據 收據 發票",
    "請款 撥款 領錢 付款 第一期",
    "退錢 繳回 追回 剩餘款",
    "工程 施工 修繕 維修 整修",
    "電腦 設備 投影機 桌椅",
    "臨時工 臨時酬勞 工讀",
    "租屋 房租 房東",
    "分級 績優 潛力 基本型",
    "活動中心 集會所",
    "自籌 配合款 自付",
    "停權 停止申請 不得申請",
)


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in _ALIKE:
        words = tuple(folding.characters(word) for word in row.split())
        found |= dict.fromkeys(words, words)
    return found


@laws.cached
def _words_of_other_pages() -> tuple[tuple[str, str], ...]:
    """Return (clause, words) that the portal itself says about the clauses: items, programmes, questions, papers."""
    rows = [(item.clause, f"{item.name} {item.help}") for item in catalogue.items().values()]
    rows += [(row.clause, f"{row.name} {row.purpose}") for row in catalogue.all_programmes().values()]
    rows += [(row.clause, f"{row.label} {row.help}") for row in catalogue.questions().values()]
    rows += [(row.clause, f"{row.name} {row.help}") for row in catalogue.documents().values()]
    return tuple(rows)


def matches(clause: Clause, parameters: Iterable[Parameter], typed: str) -> bool:
    """Return whether every word typed, or a synonym, occurs in the texts of the clause. Nothing typed matches
    everything.
    """
    wanted = folding.characters(typed).split()
    if not wanted:
        return True
    text = _text(clause, parameters)
    return all(any(word in text for word in _synonyms().get(one, (one,))) for one in wanted)


def _text(clause: Clause, parameters: Iterable[Parameter]) -> str:
    parts = [clause.id, clause.label, clause.phrase, clause.explanation, clause.does, clause.checklist]
    parts += [part for p in parameters for part in (p.title, p.question, p.ambiguity)]
    # A programme's words belong to all its clauses, an item's to the parts of its clause.
    parts += [words for own, words in _words_of_other_pages() if clause.id.startswith(own)]
    return folding.characters("\n".join(parts))
