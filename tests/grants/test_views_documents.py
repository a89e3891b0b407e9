"""Documents and the paper of a case: what is taken, why something is refused, what the PDF says."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from communities.services import papers
from grants.models import Application
from grants.services.applications import documents
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import pdf
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ProgrammeFactory
from tests.files import samples

from .filing import add_line, stored_file
from .pages import signed_in, text_of

pytestmark = pytest.mark.django_db


class TestDocuments:
    def send(self, member, case, name, content, kind="timetable", client=None, **fields):
        upload = SimpleUploadedFile(name, content)
        page = f"/applications/{case.number}/edit/documents/"
        return (client or signed_in(member)).post(page, {f"upload-{kind}": upload, **fields})

    def course(self, case):
        Application.objects.filter(pk=case.pk).update(answers={**case.answers, "course": True})

    def test_an_upload_is_kept_and_handed_out_to_those_who_may(self, member, case):
        self.course(case)
        response = self.send(member, case, "課程表.pdf", samples.pdf())
        document = case.documents.get(kind="timetable")
        assert response.url == f"/applications/{case.number}/edit/documents/"
        address = f"/applications/{case.number}/documents/{document.pk}/"
        assert signed_in(member).get(address).status_code == 200
        assert signed_in(member_of(OrganisationFactory())).get(address).status_code == 404
        assert signed_in(person(Role.CASE_OFFICER)).get(address).status_code == 404
        signed_in(member).post(f"{address}remove/")
        assert not case.documents.filter(kind="timetable").exists()

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("課程表.pdf", b"MZ\x90\x00" + b"\0" * 200, "程式"),
            ("課程表.pdf", b"", "空的"),
            ("課程表.pdf", b"%PDF-1.7\nnothing", "打不開"),
            ("課程表.odt", b"PK\x03\x04" + b"\0" * 100, "打不開"),
        ],
    )
    def test_a_refused_file_says_why_at_its_field(self, member, case, name, content, message):
        self.course(case)
        response = self.send(member, case, name, content)
        page = text_of(response)
        assert response.status_code == 422
        place = page.index('id="id_upload-timetable_error"')
        assert message in page[place : place + 300]
        assert not case.documents.filter(kind="timetable").exists()

    def test_too_big_says_how_big(self, member, case, settings):
        settings.MAX_UPLOAD_BYTES = 1000
        self.course(case)
        response = self.send(member, case, "課程表.pdf", b"%PDF-1.7" + b"0" * 5000)
        assert response.status_code == 422
        assert "超過上限" in text_of(response)

    def test_the_main_button_sends_every_chosen_file_and_goes_on(self, member, case):
        self.course(case)
        data = {
            "upload-timetable": [
                SimpleUploadedFile("一.pdf", samples.pdf()),
                SimpleUploadedFile("二.pdf", samples.pdf(2)),
            ],
            "upload-other": SimpleUploadedFile("估價單.pdf", samples.pdf(3)),
            "note-other": "三家估價",
            "command": "next",
        }
        response = signed_in(member).post(f"/applications/{case.number}/edit/documents/", data)
        assert response.url == f"/applications/{case.number}/edit/review/"
        kept = case.documents.filter(kind__in=("timetable", "other")).order_by("id")
        assert [(row.kind, row.file.name, row.note) for row in kept] == [
            ("timetable", "一.pdf", ""),
            ("timetable", "二.pdf", ""),
            ("other", "估價單.pdf", "三家估價"),
        ]

    def test_of_several_files_the_good_ones_are_kept(self, member, case):
        data = {"upload-other": [SimpleUploadedFile("好.pdf", samples.pdf()), SimpleUploadedFile("壞.pdf", b"MZ")]}
        response = signed_in(member).post(f"/applications/{case.number}/edit/documents/", data | {"command": "next"})
        assert response.status_code == 422
        page = text_of(response)
        assert "已收到「好.pdf」" in page
        assert "「壞.pdf」：這個檔案是程式" in page
        assert [row.file.name for row in case.documents.filter(kind="other")] == ["好.pdf"]

    def test_nothing_chosen_leads_on(self, member, case):
        response = signed_in(member).post(f"/applications/{case.number}/edit/documents/", {"command": "next"})
        assert response.url == f"/applications/{case.number}/edit/review/"
        assert case.documents.count() == 2

    def test_a_paper_that_is_not_asked_for_is_not_taken(self, member, case):
        self.send(member, case, "x.pdf", samples.pdf(), kind="no_such")
        assert case.documents.count() == 2

    def test_a_script_gets_the_papers_part_anew(self, member, case):
        client = signed_in(member)
        page = f"/applications/{case.number}/edit/documents/"
        upload = {"upload-other": SimpleUploadedFile("估價單.pdf", samples.pdf())}
        response = client.post(page, upload, headers={"Accept": "application/json"})
        answer = response.json()
        assert (response.status_code, answer["message"]) == (200, "已收到「估價單.pdf」。")
        assert set(answer["parts"]) == {"div-other", "step-findings"}
        assert "估價單.pdf" in answer["parts"]["div-other"]
        refused = client.post(
            page, {"upload-other": SimpleUploadedFile("壞.pdf", b"MZ")}, headers={"Accept": "application/json"}
        )
        assert refused.status_code == 422
        assert "「壞.pdf」：這個檔案是程式" in refused.json()["parts"]["div-other"]

    def test_what_was_removed_can_be_put_back_as_it_was(self, member, case):
        client = signed_in(member)
        self.send(member, case, "估價單.pdf", samples.pdf(), kind="other", client=client, **{"note-other": "三家"})
        document = case.documents.get(kind="other")
        response = client.post(f"/applications/{case.number}/documents/{document.pk}/remove/")
        assert response.url == f"/applications/{case.number}/edit/documents/#div-other"
        page = text_of(client.get(response.url))
        assert "已移除「估價單.pdf」" in page
        back = f"/applications/{case.number}/documents/{document.file_id}/restore/"
        assert f'formaction="{back}"' in page
        client.post(back)
        again = case.documents.get(kind="other")
        assert (again.file_id, again.note) == (document.file_id, "三家")
        # Once: a second press finds nothing more to put back.
        assert client.post(back).status_code == 403
        assert case.documents.filter(kind="other").count() == 1

    def test_another_session_puts_nothing_back(self, member, case):
        document = case.documents.first()
        signed_in(member).post(f"/applications/{case.number}/documents/{document.pk}/remove/")
        response = signed_in(member).post(f"/applications/{case.number}/documents/{document.file_id}/restore/")
        assert response.status_code == 403
        assert not case.documents.filter(pk=document.pk).exists()

    def test_files_chosen_beside_a_removal_are_kept(self, member, case):
        document = case.documents.first()
        data = {"upload-other": SimpleUploadedFile("估價單.pdf", samples.pdf())}
        signed_in(member).post(f"/applications/{case.number}/documents/{document.pk}/remove/", data)
        assert case.documents.filter(kind="other", file__name="估價單.pdf").exists()


class TestPaper:
    def test_a4_portrait_with_the_box_for_the_seal(self, member, case):
        line = add_line(member, case, "lecturer_fee", requested=9_600, quantities={"hours": 6, "in_house": False})
        response = signed_in(member).get(f"/applications/{case.number}/paper.pdf")
        assert response["Content-Type"] == "application/pdf"
        pages = PdfReader(BytesIO(response.content)).pages
        width, height = (round(float(side)) for side in pages[0].mediabox[2:])
        text = "".join(page.extract_text() for page in pages).replace("\n", "")
        assert (width, height) == (595, 842)
        for words in (case.number, case.organisation.name, case.title, "19,600", "講師鐘點費", "請蓋單位圖記"):
            assert words in text, words
        assert line.requested == 9_600

    def test_says_so_where_no_pdf_can_be_made(self, member, case, monkeypatch):
        def missing(*args, **kwargs):
            raise pdf.UnavailableError("A library for PDFs is missing")

        monkeypatch.setattr(pdf, "render", missing)
        response = signed_in(member).get(f"/applications/{case.number}/paper.pdf")
        assert response.status_code == 503
        assert "暫時不能產生 PDF" in text_of(response)


class TestWhatTheAssociationKeeps:
    """A new case has the papers that lie with the association and that it is asked for."""

    def keep(self, organisation, member, kind, valid_until=None):
        stored = stored_file(member, f"{kind}.pdf")
        papers.keep(Actor(member), organisation, kind, stored, valid_until)

    def start(self, organisation, member) -> Application:
        programme = ProgrammeFactory()
        data = {"organisation": organisation.pk, "programme": programme.pk}
        assert signed_in(member).post("/applications/new/", data).status_code == 302
        return Application.objects.get(organisation=organisation)

    def test_they_are_attached_once_when_the_case_is_started(self, organisation, member):
        self.keep(organisation, member, "registration_certificate", dt.date(2010, 6, 1))
        self.keep(organisation, member, "charter")
        case = self.start(organisation, member)
        assert list(case.documents.values_list("kind", "file__name")) == [
            ("registration_certificate", "registration_certificate.pdf")
        ]
        case.documents.all().delete()
        self.start(organisation, member)
        assert case.documents.count() == 0

    def test_one_that_ran_out_yesterday_is_not(self, organisation, member):
        self.keep(organisation, member, "registration_certificate", dt.date(2010, 5, 31))
        assert self.start(organisation, member).documents.count() == 0

    def test_somebody_from_outside_attaches_nothing(self, organisation, member, case):
        self.keep(organisation, member, "registration_certificate")
        with pytest.raises(PermissionDenied):
            documents.reuse_asked(member_of(OrganisationFactory()), case)
