"""A letter as a .di, the body of the offices' electronic exchange (文書及檔案管理電腦化作業規範, appendix 5), for import into the
county's document system.

The order of the fields is that of the norm; a file in another order is refused in exchange, so each is read back before it
leaves. It names no DTD: nobody who opens it needs the network. A code of an office that is not known stays empty.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from grants.models import Letter
from miaoli_kaohsiung.lib.roc_date import format_roc_long

from . import compose
from .numbering import numbered

# The parts of a 函 in their order, and which may come more than once or be left out.
ORDER = (
    ("發文機關", "1"),
    ("函類別", "1"),
    ("地址", "1"),
    ("聯絡方式", "+"),
    ("受文者", "1"),
    ("發文日期", "1"),
    ("發文字號", "1"),
    ("速別", "1"),
    ("密等及解密條件或保密期限", "1"),
    ("附件", "1"),
    ("主旨", "1"),
    ("段落", "*"),
    ("正本", "1"),
    ("副本", "?"),
    ("署名", "1"),
)
_ORDER = re.compile("".join(f"(?:{name};){'' if many == '1' else many}" for name, many in ORDER))
# The office's word, the year, the serial number, and a branch.
_NUMBER = re.compile(r"(.+?)字第?(\d{2,3})(\d{5,9})([A-Z]{1,2}|-\d{1,3}|之\d{1,3})?號")


def exchange_file(letter: Letter) -> bytes:
    """Return the .di of the letter. Raises ValueError if it would not be read."""
    root = Element("函")
    _heads(root, letter)
    _dispatch(root, letter)
    _words(root, letter)
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    read(data)
    return data


def read(data: bytes) -> Element:
    """Return the document of a .di. Raises ValueError for one that is not well-formed, not in the norm's order, or brings
    a DTD: none is loaded, and no entity is put in.
    """
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise ValueError(f"not read: {error!r}") from error
    if root.tag != "函" or not _ORDER.fullmatch("".join(f"{part.tag};" for part in root)):
        raise ValueError("the parts are not in the order of the norm")
    return root


def _heads(root: Element, letter: Letter) -> None:
    head, contact = letter.context["head"], letter.context["contact"]
    _named(SubElement(root, "發文機關"), head["office"])
    SubElement(root, "函類別", 代碼="函")
    _text(root, "地址", head["address"])
    ways = {
        "承辦人": contact.get("name", ""),
        "電話": contact.get("phone") or head["phone"],
        "傳真": head.get("fax", ""),
        "電子信箱": contact.get("email") or head["email"],
    }
    for label, value in ways.items():
        if value:
            _text(root, "聯絡方式", f"{label}：{value}")
    _named(SubElement(root, "受文者"), letter.originals)


def _dispatch(root: Element, letter: Letter) -> None:
    on = format_roc_long(letter.dispatched_on) if letter.dispatched_on else ""
    _text(SubElement(root, "發文日期"), "年月日", on)
    number = SubElement(root, "發文字號")
    parts = _NUMBER.fullmatch(letter.dispatch_number)
    if parts:
        _text(number, "字", parts[1])
        serial = SubElement(number, "文號")
        for name, value in zip(("年度", "流水號", "支號"), (*parts.groups()[1:3], parts[4] or ""), strict=True):
            _text(serial, name, value)
    else:
        _text(number, "文字", letter.dispatch_number)
    SubElement(root, "速別", 代碼=letter.context["urgency"])
    secret = SubElement(root, "密等及解密條件或保密期限")
    kind, until = compose.secrecy_of(letter)
    _text(secret, "密等", kind)
    _text(secret, "解密條件或保密期限", until)
    _text(SubElement(root, "附件"), "文字", compose.enclosures_of(letter))


def _words(root: Element, letter: Letter) -> None:
    head = letter.context["head"]
    _text(SubElement(root, "主旨"), "文字", letter.subject)
    rows = numbered(letter.explanation)
    if rows:
        part = SubElement(root, "段落", 段名="說明：")
        if len(rows) == 1 and not rows[0]["mark"]:
            _text(part, "文字", rows[0]["text"])
            rows = rows[0]["below"]
        _listed(part, rows)
    _named(SubElement(root, "正本"), letter.originals)
    if letter.copies:
        _named(SubElement(root, "副本"), letter.copies)
    _text(root, "署名", f"{head['signatory']}　{head['signatory_name']}")


def _listed(parent: Element, rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        item = SubElement(parent, "條列", 序號=row["mark"])
        _text(item, "文字", row["text"])
        _listed(item, row["below"])


def _named(element: Element, names: str) -> None:
    """Add each name that the text lists; who gets the enclosures has a mark of its own."""
    for name in re.split("[、；]", names):
        bare = name.removesuffix("（含附件）")
        _text(element, "全銜", bare)
        if element.tag in ("發文機關", "受文者"):
            SubElement(element, "機關代碼")
        elif bare != name:
            SubElement(element, "含附件")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
