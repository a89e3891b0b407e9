"""A letter as a text document (.odt), for an office that goes on with it in its own programme. The words, their order and
their levels are those of the PDF; the PDF that was locked stays the letter.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from odf.opendocument import OpenDocumentText
from odf.style import MasterPage, PageLayout, PageLayoutProperties, ParagraphProperties, Style, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import LineBreak, P

from grants.enums import LetterStatus
from grants.models import Letter
from miaoli_kaohsiung.lib.money import format_amount

from .compose import content_of

# Kai for Chinese, Times for digits and Latin letters, as offices write.
FONTS = {"fontfamily": "Times New Roman", "fontfamilyasian": "標楷體"}
# By paragraph: size in points, left margin and hanging first line in centimetres, alignment.
STYLES: dict[str, tuple[int, float, float, str]] = {
    "file": (10, 11.0, 0, "start"),
    "title": (20, 0, 0, "center"),
    "office": (12, 8.5, 0, "start"),
    "plain": (12, 0, 0, "start"),
    "to": (16, 0, 0, "start"),
    "subject": (16, 1.7, -1.7, "justify"),
    "word": (16, 0, 0, "start"),
    "single": (16, 1.7, 0, "justify"),
    "level1": (16, 1.7, -1.13, "justify"),
    "level2": (16, 2.6, -0.9, "justify"),
    "level3": (16, 3.2, -0.6, "justify"),
    "level4": (16, 3.9, -0.7, "justify"),
    "copies": (12, 1.27, -1.27, "start"),
    "sign": (20, 0, 0, "start"),
    "cell": (11, 0, 0, "start"),
    "amount": (11, 0, 0, "end"),
}
HEADS = ("項次", "項目", "申請金額", "核定金額", "核減金額", "核減理由及依據")


class Document:
    """The text document that grows paragraph by paragraph."""

    def __init__(self) -> None:
        self.made = OpenDocumentText()
        layout = PageLayout(name="a4")
        margins = dict.fromkeys(("margintop", "marginright", "marginbottom", "marginleft"), "2.5cm")
        layout.addElement(PageLayoutProperties(pagewidth="21cm", pageheight="29.7cm", **margins))
        self.made.automaticstyles.addElement(layout)
        self.made.masterstyles.addElement(MasterPage(name="Standard", pagelayoutname=layout))
        self.styles = {name: self._style(name, *values) for name, values in STYLES.items()}

    def _style(self, name: str, size: int, left: float, first: float, align: str) -> Style:
        style = Style(name=name, family="paragraph")
        style.addElement(ParagraphProperties(marginleft=f"{left}cm", textindent=f"{first}cm", textalign=align))
        style.addElement(TextProperties(fontsize=f"{size}pt", fontsizeasian=f"{size}pt", **FONTS))
        self.made.styles.addElement(style)
        return style

    def add(self, style: str, *lines: str) -> None:
        """Add a paragraph; several lines stand under each other."""
        self.made.text.addElement(self.paragraph(style, *lines))

    def paragraph(self, style: str, *lines: str) -> P:
        made = P(stylename=self.styles[style])
        for place, line in enumerate(lines):
            if place:
                made.addElement(LineBreak())
            made.addText(line)
        return made

    def data(self) -> bytes:
        file = io.BytesIO()
        self.made.write(file)
        return file.getvalue()


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
    table = Table(name="costs")
    table.addElement(TableColumn(numbercolumnsrepeated=len(HEADS)))
    rows: list[Sequence[str | int]] = [HEADS]
    for place, row in enumerate(it["table"], 1):
        name = "　".join(part for part in (row["item"], row["description"]) if part)
        rows.append((str(place), name, row["requested"], row["approved"], row["cut"], row["reason"] or "—"))
    rows.append(("", "合計", *it["sums"].values(), "單位：新臺幣元"))
    for row in rows:
        made = TableRow()
        for value in row:
            cell = TableCell()
            said, style = (format_amount(value), "amount") if isinstance(value, int) else (value, "cell")
            cell.addElement(paper.paragraph(style, said))
            made.addElement(cell)
        table.addElement(made)
    paper.made.text.addElement(table)
    paper.add("plain", "以下空白")
