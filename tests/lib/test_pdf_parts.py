"""A PDF in parts reads as the whole one does, for eyes and for screen readers."""

import gc
from collections import Counter
from io import BytesIO
from itertools import chain

import pydyf
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from miaoli_kaohsiung.lib import pdf, pdf_file, pdf_parts
from tests.norms.verapdf import broken

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
    return PdfReader(BytesIO(pdf.joined([pdf.part(page(1)), pdf.part(page(2, 3)), pdf.part(page(4))])))


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


def test_a_part_is_read_as_it_was_kept():
    kept = pdf.part(page(1))
    assert pdf_parts.Part.read(kept).kept() == kept


def test_the_file_is_of_both_norms(tmp_path):
    (tmp_path / "parts.pdf").write_bytes(pdf.joined([pdf.part(page(1), even=True), pdf.part(page(2, 3), even=True)]))
    assert list(broken([tmp_path / "parts.pdf"]).values()) == [[]]


def test_each_piece_ends_on_an_even_page():
    """For printing on both sides: a piece of three pages gets an empty fourth, one of two does not."""
    pieces = [
        "".join(f'<p style="break-before: page">{piece}之{number}</p>' for number in range(1, pages + 1))
        + f'<i id="end{piece}"></i>'
        for piece, pages in enumerate((3, 2, 1), 1)
    ]
    html = f'<!doctype html><html lang="zh-Hant-TW"><head><title>x</title></head><body>{"".join(pieces)}</body></html>'
    read = PdfReader(BytesIO(pdf.joined([pdf.part(html, even=True)])))
    found = [sheet.extract_text().strip() for sheet in read.pages]
    assert found == ["1之1", "1之2", "1之3", "", "2之1", "2之2", "3之1", ""]
    assert len(PdfReader(BytesIO(pdf.joined([pdf.part(html)]))).pages) == 6


def fonts(reader):
    return [item for item in map(reader.get_object, range(1, reader.trailer["/Size"])) if "/FontFile2" in (item or {})]


def test_fonts_stand_in_a_file_once_a_part_and_not_once_a_letter():
    one = fonts(PdfReader(BytesIO(pdf.joined([pdf.part(page(1))]))))
    many = fonts(PdfReader(BytesIO(pdf.joined([pdf.part(page(*range(1, 21))), pdf.part(page(21))]))))
    assert len(many) == 2 * len(one) > 0


def test_what_is_written_is_made_once():
    """Every object is asked for its bytes once, so that a stream is packed once."""
    asked = Counter()

    class Counted(pydyf.Dictionary):
        @property
        def data(self):
            asked[self.number] += 1
            return super().data

    file = pydyf.PDF()
    for number in range(pdf_file.OBJECTS_A_STREAM + 5):
        file.add_object(Counted({"Mark": number}))
    read = PdfReader(BytesIO(pdf_file.written(file)))
    assert set(asked.values()) == {1}
    assert len(asked) == pdf_file.OBJECTS_A_STREAM + 5
    marks = [item["/Mark"] for item in map(read.get_object, range(1, read.trailer["/Size"])) if "/Mark" in (item or {})]
    assert marks == list(range(pdf_file.OBJECTS_A_STREAM + 5))


def test_nothing_is_searched_for_garbage_while_a_part_is_set():
    on = gc.isenabled()
    seen = []

    def finisher(document, file):
        seen.append(gc.isenabled())

    pdf.render(page(1), finisher=finisher)
    assert (seen, gc.isenabled()) == ([False], on)


def test_a_part_that_fails_is_told():
    def render(document, finisher):
        raise ValueError(document)

    with pytest.raises(pdf_parts.PartsError):
        pdf_parts.set_apart(render, page(1))
