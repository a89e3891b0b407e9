"""A PDF in parts reads as the whole one does, for eyes and for screen readers."""

from io import BytesIO
from itertools import chain

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from miaoli_kaohsiung.lib import pdf, pdf_parts

TABLE = (
    '<article><h1>第{n}件 (12 0 R)</h1><p>新臺幣壹拾貳萬元整</p><p style="break-before: page">附件</p><table>'
    "<thead><tr><th>項目</th><th>金額</th></tr></thead><tbody><tr><th scope=row>膳雜費</th><td>{n},000</td></tr></tbody></table></article>"
)


def page(*numbers):
    body = "".join(f'<div style="break-before: page">{TABLE.format(n=number)}</div>' for number in numbers)
    return f'<!doctype html><html lang="zh-Hant-TW"><head><title>列印檔</title></head><body>{body}</body></html>'


def elements(element):
    """The element and all below it, in the order in which they are read."""
    here = element.get_object()
    below = here.get("/K", ())
    kids = (
        [kid for kid in below if isinstance(kid.get_object(), DictionaryObject)]
        if isinstance(below, ArrayObject)
        else []
    )
    return [here, *chain.from_iterable(elements(kid) for kid in kids)]


@pytest.fixture(scope="module")
def whole():
    return PdfReader(BytesIO(pdf.render(page(1, 2, 3, 4))))


@pytest.fixture(scope="module")
def parts():
    return PdfReader(BytesIO(pdf.render_parts([page(1), page(2, 3), page(4)])))


def tree(reader):
    return elements(reader.root_object["/StructTreeRoot"]["/K"][0])


def test_the_pages_are_the_same(whole, parts):
    assert [sheet.extract_text() for sheet in parts.pages] == [sheet.extract_text() for sheet in whole.pages]
    assert parts.metadata.title == "列印檔"
    assert parts.root_object["/Lang"] == "zh-Hant-TW"


def test_the_tags_are_the_same(whole, parts):
    assert [element["/S"] for element in tree(parts)] == [element["/S"] for element in tree(whole)]


def test_each_page_finds_its_tags_and_each_tag_its_page(parts):
    root = parts.root_object["/StructTreeRoot"]
    assert [sheet["/StructParents"] for sheet in parts.pages] == root["/ParentTree"]["/Nums"][::2]
    for sheet, tags in zip(parts.pages, root["/ParentTree"]["/Nums"][1::2], strict=True):
        assert {element.get_object()["/Pg"].get_object()["/StructParents"] for element in tags.get_object()} == {
            sheet["/StructParents"]
        }
    assert {element["/P"].get_object()["/S"] for element in tree(parts) if element["/S"] == "/Art"} == {"/Div"}


def test_header_cells_have_names_of_their_own(parts):
    names = [str(element["/ID"]) for element in tree(parts) if "/ID" in element]
    assert len(names) == len(set(names)) == 12
    asked = [element["/A"].get_object()["/Headers"] for element in tree(parts) if element["/S"] == "/TD"]
    assert {str(name) for cell in asked for name in cell} <= set(names)


def test_a_part_that_fails_is_told():
    def render(document, finisher):
        if document == "broken":
            raise ValueError(document)
        return pdf.render(document, finisher=finisher)

    with pytest.raises(pdf_parts.PartsError):
        pdf_parts.render_parts(render, [page(1), "broken"])
    with pytest.raises(ValueError, match="broken"):
        pdf_parts.render_parts(render, ["broken", page(1)])
