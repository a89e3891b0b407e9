"""A stamped 申請書 says what the case says, or is printed anew."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from communities.enums import Office
from grants.models import Application
from grants.queries.applications import completeness, stamps
from grants.services.applications import documents, drafts, filing
from miaoli_kaohsiung.lib import clock
from tests.factories.communities import chair_of
from tests.files import samples

from .filing import add_line, ready_case

pytestmark = pytest.mark.django_db

ANEW = "申請書蓋章後內容有變動，請重新列印用印，再上傳。"


@pytest.fixture
def case(organisation, member):
    made = ready_case(organisation, member)
    made.documents.filter(kind=stamps.STAMPED).delete()
    return stamp(member, made)


def stamp(member, case) -> Application:
    upload = SimpleUploadedFile("申請書.pdf", samples.pdf())
    documents.attach_document(member, case, stamps.STAMPED, upload)
    return Application.objects.get(pk=case.pk)


def change(member, case, **values) -> Application:
    drafts.save_step(member, case, values, edition=case.edition)
    return Application.objects.get(pk=case.pk)


def gaps(case) -> list[str]:
    return [gap.message for gap in completeness.gaps(case)]


def paper(member, case) -> list[str]:
    client = Client()
    client.force_login(member)
    answer = client.get(f"/applications/{case.number}/paper.pdf")
    assert answer.status_code == 200
    return [page.extract_text().replace("\n", "") for page in PdfReader(BytesIO(answer.content)).pages]


def test_a_stamp_on_the_contents_of_now_is_good(member, case):
    assert gaps(case) == []
    # Not printed, so nothing to print anew.
    assert gaps(change(member, case, contact_email="new@example.org")) == []


def test_contents_that_changed_after_the_stamp_keep_the_case_from_being_filed(member, organisation, case):
    changed = change(member, case, title="另一個名稱")
    assert gaps(changed) == [ANEW]
    with pytest.raises(filing.NotReadyError) as refused:
        filing.file(chair_of(organisation), changed, uuid4(), edition=changed.edition)
    assert [gap.message for gap in refused.value.gaps] == [ANEW]
    assert gaps(stamp(member, changed)) == []


def test_a_line_of_the_budget_counts_and_going_back_is_good_again(member, case):
    line = add_line(member, case, "lecturer_fee", requested=9_600, quantities={"hours": 6, "in_house": False})
    case = Application.objects.get(pk=case.pk)
    assert gaps(case) == [ANEW]
    drafts.save_budget(member, case, drafts.BudgetChange(command="remove", argument=str(line.pk)), edition=case.edition)
    assert gaps(Application.objects.get(pk=case.pk)) == []


def test_a_stamped_form_that_was_put_back_keeps_the_contents_it_was_printed_of(member, case):
    client = Client()
    client.force_login(member)
    row = case.documents.get(kind=stamps.STAMPED)
    client.post(f"/applications/{case.number}/documents/{row.pk}/remove/")
    changed = change(member, Application.objects.get(pk=case.pk), title="另一個名稱")
    client.post(f"/applications/{case.number}/documents/{row.file_id}/restore/")
    assert gaps(Application.objects.get(pk=changed.pk)) == [ANEW]


def test_the_paper_says_which_contents_and_does_not_call_itself_a_draft(member, organisation, case):
    chair_of(organisation)
    (name,) = organisation.terms.filter(office=Office.CHAIRPERSON, valid_from__lte=clock.today()).values_list(
        "person_name", flat=True
    )
    pages = paper(member, case)
    mark = stamps.shown(stamps.mark_of(case))
    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", mark)
    assert all(f"版次 {mark}" in page for page in pages)
    text = "".join(pages)
    assert f"理事長（負責人）：{name}" in text
    assert [word for word in ("草稿", "尚未送件") if word in text] == []


def test_the_paper_prints_the_reasons(member, case):
    reasons = {("K3.I.2.1.6", None): "場地由廟方免費提供"}
    drafts.save_reasons(member, case, reasons, edition=case.edition)
    kept = list(case.justifications.values_list("text", flat=True))
    text = "".join(paper(member, Application.objects.get(pk=case.pk)))
    assert kept
    assert all(reason in text for reason in kept)


@pytest.mark.parametrize("length", [120, 700, 1100, 1500])
def test_the_seal_never_stands_alone_on_a_page(member, case, length):
    case = change(member, case, content="社區共餐與健康促進。" * (length // 10))
    last = paper(member, case)[-1]
    before_the_seal = last.partition("（請蓋單位圖記）")[0]
    assert "合計（元）" in before_the_seal or "附件" in before_the_seal
