"""Text documents (.odt) that grow paragraph by paragraph, for offices that go on with them in their own programme."""

import io
from collections.abc import Sequence

from odf.opendocument import OpenDocumentText
from odf.style import MasterPage, PageLayout, PageLayoutProperties, ParagraphProperties, Style, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import LineBreak, P

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

    def table(self, name: str, rows: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Add a table; each cell is its style and its text."""
        table = Table(name=name)
        table.addElement(TableColumn(numbercolumnsrepeated=max(len(row) for row in rows)))
        for row in rows:
            made = TableRow()
            for style, text in row:
                cell = TableCell()
                cell.addElement(self.paragraph(style, text))
                made.addElement(cell)
            table.addElement(made)
        self.made.text.addElement(table)

    def data(self) -> bytes:
        file = io.BytesIO()
        self.made.write(file)
        return file.getvalue()
