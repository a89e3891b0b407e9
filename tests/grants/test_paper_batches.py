"""Scans of printed forms find their cases: in any order, turned any way, several pages; what cannot be attached says why."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdfium2 import PdfDocument

from communities.models import CounterVisit
from grants.models import PaperBatch, PaperPart
from grants.queries.applications import stamps
from grants.services.applications import drafts, filing, paper_batches, signatures
from grants.services.applications.paper import application_form
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.papers import MOST_PAGES, UnreadablePaperError, pages_of
from miaoli_kaohsiung.lib.paper_codes import PaperCode
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of
from tests.files import samples

from .filing import ready_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="旗山鎮公所")


@pytest.fixture
def case():
    organisation = OrganisationFactory()
    return ready_case(organisation, chair_of(organisation))


def again(user):
    return type(user).objects.get(pk=user.pk)


def scanned(*documents: bytes, turns: tuple[int, ...] = (), order: tuple[int, ...] = ()) -> SimpleUploadedFile:
    """The printed documents as a scanner gives them: pictures of the pages, turned clockwise, in another order."""
    pictures = [
        page.render(scale=150 / 72, grayscale=True).to_pil() for data in documents for page in PdfDocument(data)
    ]
    pictures = [
        picture.rotate(-turn, expand=True)
        for picture, turn in zip(pictures, (*turns, *[0] * len(pictures)), strict=False)
    ]
    pages = [pictures[place] for place in order or range(len(pictures))]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return SimpleUploadedFile("整批.pdf", out.getvalue(), content_type="application/pdf")


def form_of(case) -> bytes:
    return application_form(case, filing.judge_ready(case))


def test_mixed_and_turned_pages_find_their_cases(clerk, case):
    other = OrganisationFactory()
    second = ready_case(other, chair_of(other))
    sheets = [signatures.sheet(case), signatures.sheet(second)]
    form = form_of(second)
    count = len(PdfReader(io.BytesIO(form)).pages)
    turns = (90, 180, *[270] * count)
    upload = scanned(*sheets, form, turns=turns, order=(*range(2, 2 + count), 1, 0))
    batch = paper_batches.take_in(clerk, upload)
    found = {(part.application_id, part.kind): part for part in batch.parts.all()}
    assert found.keys() == {
        (case.pk, "chair_signature"), (second.pk, "chair_signature"), (second.pk, stamps.STAMPED),
    }  # fmt: skip
    assert [part.problem for part in found.values()] == ["", "", ""]
    assert found[case.pk, "chair_signature"].pages == [[count + 2, 270]]
    assert [number for number, _turn in found[second.pk, stamps.STAMPED].pages] == list(range(1, count + 1))
    document = found[second.pk, stamps.STAMPED].document
    assert (document.contents, document.file.pages) == (stamps.mark_of(second), count)
    # The clerk filed nothing and acted from paper, in both names, and is at the counter of nobody now.
    assert set(CounterVisit.objects.values_list("way", "clerk")) == {("paper", clerk.pk)}
    assert not CounterVisit.objects.filter(ended_at=None).exists()
    assert filing.may_file(again(clerk), case).allowed is False


def test_what_a_printer_leaves_white_and_a_scanner_draws_in_askew_is_read(case, tmp_path):
    white, dots = 6, 150 / 25.4
    for number, document in enumerate((form_of(case), signatures.sheet(case))):
        pictures = []
        for page in PdfDocument(document):
            picture = page.render(scale=150 / 72, grayscale=True).to_pil()
            printed = picture.crop([round(edge) for edge in _inside(picture.size, white * dots)])
            paper = Image.new("L", picture.size, 255)
            paper.paste(printed, (round(white * dots), round(white * dots)))
            pictures.append(paper.rotate(2, fillcolor=255))
        scan = tmp_path / f"{number}.pdf"
        pictures[0].save(scan, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
        assert [len(page.codes) for page in pages_of(scan)] == [1] * len(pictures)


def _inside(size: tuple[int, int], edge: float) -> tuple[float, float, float, float]:
    return edge, edge, size[0] - edge, size[1] - edge


def test_an_older_edition_is_refused_in_words(clerk, case):
    sheet = signatures.sheet(case)
    drafts.save_step(chair_of(case.organisation), case, {"title": "別的名稱"}, edition=case.edition)
    (part,) = paper_batches.take_in(clerk, scanned(sheet)).parts.all()
    old = "這份是舊的版次，內容後來改過，請重新印、重新簽章。"
    assert (part.document, part.problem) == (None, old)
    # Nor does it pass when the clerk names the case.
    placed = paper_batches.place(clerk, part, type(case).objects.get(), "chair_signature", part.numbers)
    assert (placed.document, placed.problem) == (None, old)


def test_a_paper_without_all_its_pages_waits_for_the_clerk(client, clerk, case):
    form = form_of(case)
    count = len(PdfReader(io.BytesIO(form)).pages)
    assert count > 1
    (part,) = paper_batches.take_in(clerk, scanned(form, order=tuple(range(1, count)))).parts.all()
    assert (part.application, part.document) == (case, None)
    assert part.problem.startswith(f"少了第 1 頁（一共 {count} 頁）")
    client.force_login(clerk)
    page = client.get(reverse("grants:paper_batch", args=[part.batch_id])).content.decode()
    assert f'value="{case.number}"' in page
    typed = {"number": case.number, "kind": stamps.STAMPED, "pages": part.numbers}
    url = reverse("grants:paper_batch_place", args=[part.batch_id, part.pk])
    client.post(url, {f"{part.pk}-{name}": value for name, value in typed.items()})
    part.refresh_from_db()
    assert part.document.file.pages == count - 1


def test_pages_in_any_order_are_attached_in_theirs(clerk, case):
    form = form_of(case)
    count = len(PdfReader(io.BytesIO(form)).pages)
    (part,) = paper_batches.take_in(clerk, scanned(form, order=tuple(reversed(range(count))))).parts.all()
    assert (part.problem, part.numbers) == ("", list(reversed(range(1, count + 1))))


def test_a_case_of_another_township_is_not_reached(case):
    stranger = person(Role.TOWNSHIP_OFFICER, township_code="64000330", place_name="甲仙鄉公所")
    (part,) = paper_batches.take_in(stranger, scanned(signatures.sheet(case))).parts.all()
    assert (part.application, part.document, part.problem) == (None, None, "找不到這一件，或不在您的轄區")
    assert not case.documents.filter(kind="chair_signature").exists()


def test_pages_without_a_code_are_placed_by_hand(client, clerk, case):
    upload = SimpleUploadedFile("照片.jpg", samples.picture("JPEG", (600, 800)), content_type="image/jpeg")
    (part,) = paper_batches.take_in(clerk, upload).parts.all()
    assert (part.page_numbers, part.problem) == ("1", "讀不到方碼，請選案件")
    client.force_login(clerk)
    url = reverse("grants:paper_batch_place", args=[part.batch_id, part.pk])
    answer = client.post(url, {f"{part.pk}-number": "88-099-9999", f"{part.pk}-kind": "chair_signature"})
    assert (answer.status_code, "找不到這個案號，或不在您的轄區。" in answer.content.decode()) == (422, True)
    client.post(url, {f"{part.pk}-number": case.number, f"{part.pk}-kind": "chair_signature"})
    part.refresh_from_db()
    assert part.document == case.documents.get(kind="chair_signature")
    assert client.post(url, {f"{part.pk}-number": case.number, f"{part.pk}-kind": "chair_signature"}).status_code == 403


def test_unread_pages_of_different_cases_are_placed_one_by_one(client, clerk, case):
    other = OrganisationFactory()
    second = ready_case(other, chair_of(other))
    blank = Image.new("L", (800, 1100), 255)
    out = io.BytesIO()
    blank.save(out, "PDF", save_all=True, append_images=[blank, blank], resolution=100)
    (part,) = paper_batches.take_in(clerk, SimpleUploadedFile("整批.pdf", out.getvalue())).parts.all()
    client.force_login(clerk)

    def put(part, number, *pages):
        url = reverse("grants:paper_batch_place", args=[part.batch_id, part.pk])
        typed = {"number": number, "kind": "chair_signature", "pages": pages}
        return client.post(url, {f"{part.pk}-{name}": value for name, value in typed.items()})

    assert "請勾選要附的頁。" in put(part, case.number).content.decode()
    assert put(part, case.number, 2).status_code == 302
    rest = part.batch.parts.get(document=None)
    assert rest.page_numbers == "1、3"
    assert put(rest, second.number, 3).status_code == 302
    attached = part.batch.parts.exclude(document=None).order_by("pk")
    assert [(found.application, found.page_numbers) for found in attached] == [(case, "2"), (second, "3")]
    assert part.batch.parts.get(document=None).page_numbers == "1"


def test_somebody_else_s_batch_is_not_found(client, clerk, case):
    batch = paper_batches.take_in(clerk, scanned(signatures.sheet(case)))
    client.force_login(person(Role.TOWNSHIP_OFFICER, township_code=QISHAN))
    assert client.get(reverse("grants:paper_batch", args=[batch.pk])).status_code == 404


def test_too_many_pages_are_refused_and_nothing_is_kept(clerk):
    writer = PdfWriter()
    for _page in range(MOST_PAGES + 1):
        writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(UnreadablePaperError, match="一次最多 80 頁"):
        paper_batches.take_in(clerk, SimpleUploadedFile("多.pdf", out.getvalue()))
    assert (PaperBatch.objects.count(), PaperPart.objects.count()) == (0, 0)


def test_putting_scans_to_a_case_does_not_keep_the_officer_from_checking_it(case):
    officer = person(Role.CASE_OFFICER)
    paper_batches.take_in(officer, scanned(signatures.sheet(case)))
    type(case).objects.filter(pk=case.pk).update(status="submitted")
    case.refresh_from_db()
    assert applications.TABLE.answer(case, "receive", again(officer))


def test_the_code_of_the_printed_form_stands_on_every_page(case, tmp_path):
    path = tmp_path / "form.pdf"
    path.write_bytes(form_of(case))
    pages = pages_of(path)
    assert len(pages) > 1
    code = PaperCode(case.number, stamps.STAMPED, stamps.mark_of(case))
    assert [page.codes for page in pages] == [(one.text,) for one in code.each(len(pages))]
