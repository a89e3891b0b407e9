import inspect
import re
import subprocess
from io import BytesIO

import pytest
from pypdf import PdfReader

from miaoli_kaohsiung.lib import checks, pdf

PAGE = """<!doctype html><html lang="zh-Hant-TW"><head><title>高雄縣政府函</title>
<style>body {{ font-family: "TW-Kai", "TW-Kai-Ext-B", "TW-Kai-Plus" }}</style>{head}</head>
<body><p>{body}</p></body></html>"""


def page(body="中華民國99年6月1日", head=""):
    return PAGE.format(body=body, head=head)


@pytest.fixture(autouse=True)
def _each_document_is_set_anew(monkeypatch) -> None:
    for name in ("render", "count_pages"):
        monkeypatch.setattr(pdf, name, inspect.unwrap(getattr(pdf, name)))


@pytest.fixture
def assets(settings, tmp_path):
    """A project with a stylesheet in static/ and a secret beside it."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "static" / "css" / "letter.css").write_text("p::before { content: '樣式' }")
    (tmp_path / "secret.css").write_text("p::before { content: '祕密' }")
    (tmp_path / "static" / "link.css").symlink_to(tmp_path / "secret.css")
    return tmp_path


def text_of(data):
    return "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(data)).pages)


def test_a_letter_is_tagged_and_has_language_title_and_text():
    reader = PdfReader(BytesIO(pdf.render(page(body="新臺幣壹拾貳萬元整，堃喆峯栢𠮷"))))
    assert reader.metadata.title == "高雄縣政府函"
    assert reader.root_object["/Lang"] == "zh-Hant-TW"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.pages[0].extract_text().strip() == "新臺幣壹拾貳萬元整，堃喆峯栢𠮷"
    assert all(norm in reader.xmp_metadata.rdf_root.toxml() for norm in ('pdfuaid:part="1"', 'pdfaid:part="2"'))


def test_only_kai_fonts_are_embedded():
    (sheet,) = PdfReader(BytesIO(pdf.render(page(body="堃𠮷 12,345")))).pages
    names = {font.get_object()["/BaseFont"].split("+")[1] for font in sheet["/Resources"]["/Font"].values()}
    assert all(name.startswith("TW-Kai") for name in names)


def test_the_same_letter_gives_the_same_bytes():
    assert pdf.render(page()) == pdf.render(page())


def test_a_stylesheet_of_the_project_is_used(assets):
    head = '<link rel="stylesheet" href="{}">'
    assert text_of(pdf.render(page("甲", head.format("css/letter.css")))) == "樣式甲"
    assert text_of(pdf.render(page("甲", head.format("letter.css")), base=assets / "static" / "css")) == "樣式甲"


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="../secret.css">',
        '<link rel="stylesheet" href="link.css">',
        '<link rel="stylesheet" href="/static/css/letter.css">',
        '<link rel="stylesheet" href="css/absent.css">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
        '<link rel="stylesheet" href="data:text/css,p{}">',
        '<link rel="stylesheet" href="file://host/etc/hostname">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<style>p { background: url("file:///etc/hostname") }</style>',
        '<style>@import "https://127.0.0.1:9/a.css";</style>',
        '<style>@font-face { font-family: x; src: url("http://127.0.0.1:9/a.ttf") } p { font-family: x }</style>',
    ],
)
def test_nothing_else_is_fetched_and_nothing_is_rendered(assets, head):
    with pytest.raises(pdf.AssetRefusedError, match="is no file of static/"):
        pdf.render(page(head=head))


def test_a_picture_from_elsewhere_is_refused(assets):
    with pytest.raises(pdf.AssetRefusedError, match="is no file of static/"):
        pdf.render(page(body='<img src="file:///etc/hostname" alt="">'))


def test_characters_the_fonts_lack_are_named():
    assert pdf.missing_glyphs("王堃喆峯栢 𠮷\n") == []
    assert pdf.missing_glyphs("王😀小😀\x00") == ["😀", "\x00"]


@pytest.mark.parametrize("text", ["\U000e0100堃", "堃\ufe00", "示\u200b範", "﨑", "ʉḏṳ‧·・", "𡌂廍"])
def test_what_is_not_seen_or_drawn_by_another_font_is_not_missing(text):
    assert pdf.missing_glyphs(text) == []


def test_a_character_that_only_its_normal_form_draws_is_printed_as_that(monkeypatch):
    monkeypatch.setattr(pdf, "_drawable", lambda: frozenset(map(ord, "神林")))
    assert pdf.missing_glyphs("林\ufa19") == []
    assert pdf.printable("林\ufa19") == "林神"


def test_no_box_is_ever_printed_for_a_character():
    with pytest.raises(pdf.UnprintableError) as refused:
        pdf.render(page(body="林\ue003惠 \U0002c45b"))
    assert refused.value.reason == "這些字印不出來，請改用通用的字：「\ue003」（U+E003）、「\U0002c45b」（U+2C45B）"


@pytest.mark.parametrize("sheet", ["css/letter.css", "css/sample.css", "pdf/receipt.css", "pdf/application.css"])
def test_long_latin_text_stays_in_its_cell_and_on_the_page(tmp_path, sheet):
    """Each sheet of the portal's documents: a quotation number and an address without a blank."""
    long = "https://example.org/" + "Q20100601ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 5
    table = f"<table><tr><th>項目</th><td>{long}</td><td>右</td></tr></table>"
    head = f'<link rel="stylesheet" href="{sheet}">'
    (tmp_path / "long.pdf").write_bytes(pdf.render(page(f"<p>{long}</p>{table}", head)))
    command = ["pdftotext", "-bbox", str(tmp_path / "long.pdf"), "-"]
    laid_out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ends = [float(end) for end in re.findall(r'<word [^>]*xMax="([0-9.]+)"', laid_out)]
    assert len(ends) > 6
    # A4, less the narrowest margin of a sheet.
    assert max(ends) < 595 - 45


def test_this_machine_can_make_pdfs():
    assert pdf.problems() == []
    assert pdf.problems() == []
    assert checks.pdf_can_be_made() == []


def test_a_machine_without_fonts_says_how_to_mend_it(monkeypatch):
    monkeypatch.setattr(pdf, "_font_files", lambda family: () if family == "TW-Kai-Plus" else ("a.ttf",))
    assert pdf.problems() != []
    (warning,) = checks.pdf_can_be_made()
    assert (warning.id, warning.msg, warning.hint) == (
        "lib.W001",
        "Fonts are missing: TW-Kai-Plus.",
        "apt-get install fontconfig fonts-cns11643-kai fonts-noto-cjk",
    )


def test_a_machine_without_libraries_says_how_to_mend_it(monkeypatch):
    def missing():
        raise pdf.UnavailableError("A library for PDFs is missing: libpango.")

    monkeypatch.setattr(pdf, "_weasyprint", missing)
    assert [problem.hint for problem in checks.pdf_can_be_made()] == [pdf.LIBRARIES_COMMAND]
    with pytest.raises(pdf.UnavailableError):
        pdf.render(page())
