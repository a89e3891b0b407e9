"""Documents and the paper of a case: what is taken, why something is refused, what the PDF says."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from grants.models import Application
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import pdf
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.files import samples

from .filing import add_line, ready_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def staff(organisation):
    return member_of(organisation)


@pytest.fixture
def case(organisation, staff):
    return ready_case(organisation, staff)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return response.content.decode()


class TestDocuments:
    def send(self, staff, case, name, content, kind="timetable", size=None):
        upload = SimpleUploadedFile(name, content)
        told = {"which": kind, f"{kind}-kind": kind, f"{kind}-note": "", f"{kind}-upload": upload}
        return signed_in(staff).post(f"/applications/{case.number}/edit/documents/", told)

    def course(self, case):
        Application.objects.filter(pk=case.pk).update(answers={**case.answers, "course": True})

    def test_an_upload_is_kept_and_handed_out_to_those_who_may(self, staff, case):
        self.course(case)
        response = self.send(staff, case, "課程表.pdf", samples.pdf())
        document = case.documents.get(kind="timetable")
        assert response.url == f"/applications/{case.number}/edit/documents/#div-timetable"
        address = f"/applications/{case.number}/documents/{document.pk}/"
        assert signed_in(staff).get(address).status_code == 200
        assert signed_in(member_of(OrganisationFactory())).get(address).status_code == 404
        assert signed_in(person(Role.CASE_OFFICER)).get(address).status_code == 404
        signed_in(staff).post(f"{address}remove/")
        assert not case.documents.filter(kind="timetable").exists()

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("課程表.pdf", b"MZ\x90\x00" + b"\0" * 200, "程式"),
            ("課程表.pdf", b"", "空的"),
            ("課程表.pdf", b"%PDF-1.7\nnothing", "打不開"),
            ("課程表.odt", b"PK\x03\x04" + b"\0" * 100, "打不開"),
        ],
    )
    def test_a_refused_file_says_why_at_its_field(self, staff, case, name, content, told):
        self.course(case)
        response = self.send(staff, case, name, content)
        page = text_of(response)
        assert response.status_code == 422
        place = page.index('id="id_timetable-upload_error"')
        assert told in page[place : place + 300]
        assert not case.documents.filter(kind="timetable").exists()

    def test_too_big_says_how_big(self, staff, case, settings):
        settings.MAX_UPLOAD_BYTES = 1000
        self.course(case)
        response = self.send(staff, case, "課程表.pdf", b"%PDF-1.7" + b"0" * 5000)
        assert response.status_code == 422
        assert "超過上限" in text_of(response)

    def test_nothing_chosen(self, staff, case):
        self.course(case)
        told = {"which": "timetable", "timetable-kind": "timetable"}
        response = signed_in(staff).post(f"/applications/{case.number}/edit/documents/", told)
        assert response.status_code == 422

    def test_an_unknown_kind_is_refused(self, staff, case):
        response = self.send(staff, case, "x.pdf", samples.pdf(), kind="no_such")
        assert response.status_code == 422
        assert case.documents.count() == 2


class TestPaper:
    def test_a4_portrait_with_the_box_for_the_seal(self, staff, case):
        line = add_line(staff, case, "lecturer_fee", requested=9_600, quantities={"hours": 6, "in_house": False})
        response = signed_in(staff).get(f"/applications/{case.number}/paper.pdf")
        assert response["Content-Type"] == "application/pdf"
        pages = PdfReader(BytesIO(response.content)).pages
        width, height = (round(float(side)) for side in pages[0].mediabox[2:])
        text = "".join(page.extract_text() for page in pages).replace("\n", "")
        assert (width, height) == (595, 842)
        for told in (case.number, case.organisation.name, case.title, "19,600", "講師鐘點費", "請蓋單位圖記"):
            assert told in text, told
        assert line.requested == 9_600

    def test_says_so_where_no_pdf_can_be_made(self, staff, case, monkeypatch):
        def missing(*args, **kwargs):
            raise pdf.UnavailableError("A library for PDFs is missing")

        monkeypatch.setattr(pdf, "render", missing)
        response = signed_in(staff).get(f"/applications/{case.number}/paper.pdf")
        assert response.status_code == 503
        assert "暫時不能產生 PDF" in text_of(response)
