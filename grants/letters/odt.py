"""A letter as a text document (.odt), for an office that goes on with it in its own programme. The words, their order and
their levels are those of the PDF; the PDF that was locked stays the letter.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from grants.enums import LetterStatus
from grants.models import Letter
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.odt import Document

from .compose import content_of

HEADS = ("項次", "項目", "申請金額", "核定金額", "核減金額", "核減理由及依據")


def text_document(letter: Letter) -> bytes:
    """Return the .odt of the letter as it stands; a draft says so in its title."""
    it, paper = content_of(letter), Document()
    _heads(paper, letter, it)
    paper.add("subject", f"主旨：{it['subject']}")
    paper.add("word", "說明：")
    _listed(paper, it["paragraphs"], 1)
    paper.add("copies", f"正本：{it['originals']}")
    paper.add("copies", f"副本：{it['copies']}")
    paper.add("sign", f"{it['head']['signatory']}　{it['head']['signatory_name']}")
    if it["delegation"]:
        paper.add("plain", it["delegation"])
    if it["table"]:
        _enclosure(paper, it)
    return paper.data()


def _heads(paper: Document, letter: Letter, it: Mapping[str, Any]) -> None:
    head, contact = it["head"], it["contact"]
    paper.add("file", f"檔　　號：{it['file_number']}", f"保存年限：{it['retention']}")
    draft = "（稿）" if letter.status == LetterStatus.DRAFT else ""
    paper.add("title", f"{head['office']}　函{draft}")
    fax = [f"傳真：{head['fax']}"] if head.get("fax") else []
    paper.add(
        "office",
        f"機關地址：{head['address']}",
        f"承辦人：{contact['name']}",
        f"電話：{contact['phone'] or head['phone']}",
        *fax,
        f"電子信箱：{contact['email'] or head['email']}",
    )
    paper.add("plain", it["recipient"]["postal_code"], it["recipient"]["address"])
    paper.add("to", f"受文者：{it['originals']}")
    paper.add(
        "plain",
        f"發文日期：{it['date']}",
        f"發文字號：{it['dispatch_number']}",
        f"速別：{it['urgency']}",
        f"密等及解密條件或保密期限：{it['secrecy']}",
        f"附件：{it['enclosures']}",
    )


def _listed(paper: Document, rows: Sequence[Mapping[str, Any]], level: int) -> None:
    for row in rows:
        style = f"level{level}" if row["mark"] else "single"
        paper.add(style, f"{row['mark']}{row['text']}")
        _listed(paper, row["below"], level + 1)


def _enclosure(paper: Document, it: Mapping[str, Any]) -> None:
    paper.add("title", "核定經費明細表")
    paper.add("plain", f"案號：{it['number']}", f"受補助單位：{it['recipient']['name']}", it["title"])
    rows: list[Sequence[str | int]] = [HEADS]
    for place, row in enumerate(it["table"], 1):
        name = "　".join(part for part in (row["item"], row["description"]) if part)
        rows.append((str(place), name, row["requested"], row["approved"], row["cut"], row["reason"] or "—"))
    rows.append(("", "合計", *it["sums"].values(), "單位：新臺幣元"))
    paper.table("costs", [[_cell(value) for value in row] for row in rows])
    paper.add("plain", "以下空白")


def _cell(value: str | int) -> tuple[str, str]:
    return ("amount", format_amount(value)) if isinstance(value, int) else ("cell", value)
