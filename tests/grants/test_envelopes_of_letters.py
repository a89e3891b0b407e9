"""Labels and the postal list of a print run."""

import io
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from grants.letters.envelopes import SHEETS, Envelope, envelopes_of, size_for
from grants.models import Letter
from grants.services.letters import envelopes, print_runs
from tests.grants.papers import text_of_pdf
from tests.norms.verapdf import broken

pytestmark = pytest.mark.django_db


def letter(pk, name="旗山鎮溪畔社區發展協會", number="府社區字第0990001234號"):
    to = {"name": name, "postal_code": "842", "address": "高雄縣旗山鎮中正路1號"}
    return SimpleNamespace(pk=pk, dispatch_number=number, context={"recipient": to})


def test_an_envelope_a_letter_or_one_for_each_body():
    rows = [letter(1, "甲"), letter(2, "乙"), letter(3, "甲", "府社區字第0990001235號"), letter(4, "乙", "")]
    assert [found.name for found in envelopes_of(rows, together=False)] == ["甲", "乙", "甲", "乙"]
    found = envelopes_of(rows, together=True)
    assert [(row.name, row.numbers) for row in found] == [
        ("甲", ("府社區字第0990001234號", "府社區字第0990001235號")),
        ("乙", ("府社區字第0990001234號",)),
    ]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.code)
def test_sheets_fill_a4_and_a_long_address_gets_smaller_type(sheet):
    assert sheet.columns * sheet.width == 210
    assert sheet.rows * sheet.height <= 297
    short, long = ["842", "高雄縣旗山鎮中正路1號", "某協會　收"], ["842", "高" * 120, "社" * 40]
    assert size_for(sheet, short) >= size_for(sheet, long)
    assert size_for(sheet, short) >= 10
    css = (settings.BASE_DIR / "static" / "pdf" / "labels.css").read_text()
    assert f".of-{sheet.code} .row {{ height: {sheet.height:g}mm; }}\n" in css
    assert f".of-{sheet.code} .label {{ width: {sheet.width:g}mm; }}\n" in css


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.code)
def test_a_full_sheet_is_one_page(people, run, sheet, monkeypatch):
    full = [Envelope("旗山鎮溪畔社區發展協會", "842", "高雄縣旗山鎮中正路1號", ())] * sheet.places
    monkeypatch.setattr(envelopes, "_envelopes", lambda _run, together: full)
    data = envelopes.labels(run, sheet=sheet.code, first=1, one_a_body=False)
    assert len(PdfReader(io.BytesIO(data)).pages) == 1
    again = envelopes.labels(run, sheet=sheet.code, first=2, one_a_body=False)
    assert len(PdfReader(io.BytesIO(again)).pages) == 2


@pytest.fixture
def run(people, letter_draft):
    letter_draft.context["recipient"]["address"] = "高雄縣旗山鎮中正路1號"
    letter_draft.save()
    return print_runs.start_run(people.officer, [letter_draft])


def test_labels_begin_at_the_first_free_place(client, people, run, letter_draft, tmp_path):
    client.force_login(people.officer)
    address = reverse("grants:print_run_labels", args=[run.pk])
    answer = client.get(address, {"sheet": "3x8", "first": "２４ 格"})
    assert answer["Content-Type"] == "application/pdf"
    text = text_of_pdf(answer.content)
    assert f"{letter_draft.context['recipient']['name']}收" in text
    assert "高雄縣旗山鎮中正路1號" in text
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    (tmp_path / "labels.pdf").write_bytes(answer.content)
    postal = client.get(reverse("grants:print_run_postal", args=[run.pk]), {"sent_as": "registered", "together": "on"})
    assert "大宗掛號函件清單" in text_of_pdf(postal.content)
    assert "上開函件共1件" in text_of_pdf(postal.content).replace(" ", "")
    (tmp_path / "postal.pdf").write_bytes(postal.content)
    assert list(broken([tmp_path / "labels.pdf", tmp_path / "postal.pdf"]).values()) == [[], []]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"sheet": "3x8", "first": "25"}, "這種標籤紙只有 24 格。"),
        ({"sheet": "3x8", "first": "0"}, "至少要填1。"),
        ({"sheet": "9x9", "first": "1"}, "9x9"),
        ({"sheet": "3x8", "first": "x"}, "只能填阿拉伯數字"),
    ],
)
def test_what_is_no_place_on_a_sheet_is_said_at_its_field(client, people, run, data, words):
    client.force_login(people.officer)
    answer = client.get(reverse("grants:print_run_labels", args=[run.pk]), data)
    assert answer.status_code == 422
    assert [
        words in problem for form in answer.context["forms"] for lines in form.errors.values() for problem in lines
    ] == [True]


WAYS = (("labels", {"sheet": "3x8", "first": "1"}), ("postal", {"sent_as": "ordinary"}))


def test_who_has_no_address_is_named_on_the_page_and_left_out(client, people, run, letter_draft):
    other = Letter.objects.get(pk=letter_draft.pk)
    other.pk, other.context["recipient"] = None, {"name": "審示範委員", "postal_code": "", "address": ""}
    other.save()
    run.letters.add(other)
    client.force_login(people.officer)
    shown = client.get(reverse("grants:print_run", args=[run.pk])).content.decode()
    assert "沒有地址，標籤和交寄清單不列：審示範委員" in " ".join(shown.split())
    for name, data in WAYS:
        text = text_of_pdf(client.get(reverse(f"grants:print_run_{name}", args=[run.pk]), data).content)
        # The columns of the list break the address.
        assert (name == "postal" or "高雄縣旗山鎮中正路1號" in text, "審示範委員" in text) == (True, False)


def test_a_run_without_any_address_makes_no_sheet(client, people, letter_draft):
    letter_draft.context["recipient"]["address"] = ""
    letter_draft.save()
    run = print_runs.start_run(people.officer, [letter_draft])
    client.force_login(people.officer)
    for name, data in WAYS:
        answer = client.get(reverse(f"grants:print_run_{name}", args=[run.pk]), data)
        assert answer.status_code == 422
        assert "都沒有地址" in answer.content.decode()
