"""Letters beside the usual ones, from a case or an association; the memo for the decision; the letters of a case."""

import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from grants.enums import LetterKind
from grants.models import Deadline, Letter
from grants.services.applications import correction_requests, filing
from grants.services.letters import drafts
from grants.services.letters.settling import draft
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import letters, reviews
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.money import approved

from . import settling
from .issuing import NUMBER, TODAY, form_data
from .papers import text_of_pdf

pytestmark = pytest.mark.django_db


def test_a_free_letter_of_a_case_is_drafted_edited_and_issued(people, client, rendered):
    case = reviews.received(people)
    client.force_login(people.officer)
    url = reverse("grants:case_letter", args=[case.number])
    typed = {"topic": "檢送說明會資料1份，請查照。", "body": "請於【文到10日】前回復。\n　其一\n　　其二"}
    answer = client.post(url, typed)
    letter = Letter.objects.get()
    assert answer.url == reverse("grants:letter_detail", args=[letter.pk])
    assert (letter.kind, letter.subject, letter.copies) == (
        LetterKind.FREE,
        "檢送說明會資料1份，請查照。",
        "高雄縣旗山鎮公所、本府社會處",
    )
    assert letter.explanation == ["請於【文到10日】前回復。", "　其一", "　　其二"]
    page = client.get(answer.url)
    assert "【文到10日】 99年6月14日" in page.content.decode()
    issue = client.post(answer.url, form_data(page, dispatch_number=NUMBER, command="check")).url
    assert client.post(issue, form_data(client.get(issue))).status_code == 302
    letter.refresh_from_db()
    assert letter.explanation[0] == "請於99年6月14日前回復。"
    for address in (reverse("grants:application_detail", args=[case.number]), f"/letters/?q={case.number}"):
        assert answer.url in client.get(address).content.decode()
    client.force_login(member_of(case.organisation))
    assert answer.url in client.get(reverse("grants:application_detail", args=[case.number])).content.decode()


def test_a_letter_to_an_association_needs_no_case(people, client, rendered):
    body = OrganisationFactory(name="示範單獨社區發展協會")
    client.force_login(people.officer)
    url = reverse("grants:organisation_letter", args=[body.pk])
    assert client.post(url, {"topic": "", "body": " "}).status_code == 422
    answer = client.post(url, {"topic": "檢送資料", "body": "一點"})
    letter = Letter.objects.get()
    assert (letter.application, letter.addressee, letter.originals) == (None, body, body.name)
    assert client.get(answer.url).status_code == 200
    letters.issued(people.officer, letter, NUMBER, TODAY)
    client.force_login(member_of(body))
    assert body.name in client.get(answer.url).content.decode()
    client.force_login(member_of(OrganisationFactory()))
    assert client.get(answer.url).status_code == 404


def test_only_the_county_s_own_officers_write(people):
    case = reviews.received(people)
    with pytest.raises(Refused):
        drafts.write_free(member_of(case.organisation), case, topic="甲", body=["乙"])


def test_a_draft_that_tells_of_no_decision_may_be_discarded(people):
    letter = drafts.write_free(people.officer, reviews.received(people), topic="甲", body=["乙"])
    assert drafts.cancel(people.officer, letter).status == "cancelled"


def test_the_memo_holds_case_findings_proposal_envelope_and_the_boxes_to_sign(people, client):
    case = reviews.proposed(people, {2: (40_000, "頁數核實")}).application
    client.force_login(people.officer)
    paper = client.get(reverse("grants:case_memo", args=[case.number])).content
    # The boxes to sign in stand with the text that is signed.
    assert len(PdfReader(BytesIO(paper)).pages) == 1
    read = text_of_pdf(paper)
    for words in (
        f"申請「{case.title}」補助經費一案，擬部分同意補助新臺幣12萬元整，簽請核示。",
        "印刷費核減3,456元：頁數核實",
        "擬辦",
        "會辦：本府主計處",
        "決行",
    ):
        assert words.replace(" ", "") in read
    assert (
        reverse("grants:case_memo", args=[case.number]) in client.get(f"/applications/{case.number}/").content.decode()
    )


def test_without_a_proposal_there_is_no_memo(people, client):
    case = reviews.received(people)
    client.force_login(people.officer)
    answer = client.get(reverse("grants:case_memo", args=[case.number]), follow=True)
    assert "還沒有核定建議，不能印簽。" in answer.content.decode()


def test_letters_of_the_account_are_drafted_once_and_the_return_begins_with_its_letter(staff, client, rendered):
    award = approved(staff=staff)
    settling.paid_first(award, staff)
    settling.accepted(award, staff, (30_000, 20_000), notified=False)
    case = award.application
    client.force_login(staff.officer)
    page = client.get(f"/applications/{case.number}/").content.decode()
    assert ("擬核銷備查函" in page, "擬繳回函" in page, "擬核銷補正函" in page) == (False, False, False)
    assert sorted(case.letters.values_list("kind", flat=True)) == ["return", "settlement_accepted"]
    case.letters.filter(kind="return").delete()
    assert "擬繳回函" in client.get(f"/applications/{case.number}/").content.decode()
    for kind in ("return", "return"):
        assert client.post(reverse("grants:case_letter_of", args=[case.number, kind])).status_code == 302
    noted, back = (case.letters.get(kind=kind, status="draft") for kind in ("settlement_accepted", "return"))
    assert noted.subject.endswith("辦理核銷一案，准予備查，請查照。")
    assert "核定補助新臺幣12萬元整，准予核銷新臺幣5萬元整。" in noted.explanation
    assert "應繳回補助款新臺幣1萬元整，另函通知。" in noted.explanation
    assert not any("領據" in line for line in noted.explanation)
    assert "應繳回補助款新臺幣1萬元整，請於【繳回期限】前繳回本府" in back.subject
    assert back.explanation[-1].startswith("如不服本處分")
    assert not Deadline.objects.filter(kind="return").exists()
    letters.issued(staff.officer, back)
    assert Deadline.objects.get(kind="return").due_on == TODAY + dt.timedelta(days=34)
    with pytest.raises(Refused):
        draft(staff.officer, case, LetterKind.SETTLEMENT_CORRECTION)


def test_more_time_is_a_letter_that_cites_the_one_before(people, rendered):
    case = reviews.received(people)
    correction_requests.ask_correction(people.officer, case, items="補章", days=10, edition=case.edition)
    letters.issued(people.officer, case.letters.get(), NUMBER, TODAY)
    for day in (22, 28):
        correction_requests.extend_correction(people.officer, case, due_on=dt.date(2010, 6, day))
    assert list(case.letters.filter(kind="extension").values_list("status", flat=True)) == ["draft", "cancelled"]
    letter = case.letters.get(kind="extension", status="draft")
    assert "同意展延補正期限至99年6月28日" in letter.subject
    assert letter.explanation[0] == f"本府99年6月1日{NUMBER}函諒達。"


def test_a_withdrawal_is_taken_note_of_unless_the_township_still_held_the_case(people):
    case, early = reviews.received(people), reviews.filed(status="township_review", number="88-099-0900")
    for row in (case, early):
        filing.withdraw(chair_of(row.organisation), row, "不辦了")
    letter = Letter.objects.get()
    assert (letter.kind, letter.application, letter.prepared_by) == (LetterKind.WITHDRAWAL, case, people.officer)
    assert letter.explanation[0] == f"復貴會99年6月1日撤回申請（案號{case.number}）。"
