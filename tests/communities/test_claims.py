"""Claims of a body of the directory, new bodies, printed letters and lost passwords."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from communities.enums import AccountRequestStatus, Office, PaperKind
from communities.models import AccountRequest, KeptPaper, OfficeTerm, Organisation, RequestPaper
from communities.services import account_requests, entry_letters, recoveries
from communities.services.terms import TermError
from miaoli_kaohsiung.accounts.entry_codes import EntryError
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import EntryCode, Invitation, User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of, township
from tests.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]
NEW = {"password": "鹿野-88-2010-good", "again": "鹿野-88-2010-good"}


@pytest.fixture
def nothing_counted(db):
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def body():
    return OrganisationFactory(name="高雄縣旗山鎮溪畔社區發展協會")


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


def url(name, *args):
    return reverse(f"communities:{name}", args=args)


def scan(name="證書.pdf"):
    return SimpleUploadedFile(name, samples.pdf())


def claim(client, body, **changes):
    typed = {"registration_number": "府社區字第0980001234號", "person_name": "王大明", "office": "chairperson"}
    typed |= {"phone": "0912345678", "email": "", "website": "", "election_certificate": scan("當選.pdf")}
    return client.post(url("claim", body.pk), typed | changes)


def grant(client, asked, body, **changes):
    typed = {"organisation": body.pk, "office": "chairperson", "person_name": "王大明", "valid_from": "99/6/1"}
    typed |= {"valid_to": "103/5/31", "phone": "0912345678", "email": "", "board_term_number": ""}
    return client.post(url("account-request-answer", asked.pk), typed | changes)


def text_of(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def code_in(text: str) -> str:
    return re.search(r"\d{4}-\d{4}-\d{4}", text)[0]


# --- Claims -------------------------------------------------------------------------------------------------------------------


def test_a_claim_is_confirmed_beside_the_record_and_the_letter_opens_the_account(client, body, officer):
    assert claim(client, body).url == url("account-request-sent")
    asked = AccountRequest.objects.get()
    assert (asked.kind, asked.organisation, asked.county) == ("claim", body, "kaohsiung")
    client.force_login(officer)
    page = client.get(url("account-request-answer", asked.pk)).content.decode()
    assert "和登記的資料對照" in page
    paper = client.get(url("account-request-paper", asked.pk, asked.papers.get().pk))
    assert paper.status_code == 200
    answer = grant(client, asked, body)
    term = OfficeTerm.objects.get()
    assert answer.url == url("term-letter", body.pk, term.pk)
    text = text_of(client.post(answer.url))
    assert ("王大明" in text, body.name in text.replace("\n", "")) == (True, True)
    client.logout()
    client.post(reverse("entry"), {"login": "王大明", "code": code_in(text)})
    assert "show-password" in client.get(reverse("entry-password")).content.decode()
    assert client.post(reverse("entry-password"), NEW).url == "/desk/"
    assert body.name in client.get(url("organisation", body.pk)).content.decode()


def test_without_certificate_there_is_no_claim_and_a_file_is_not_chosen_twice(client, body):
    assert list(claim(client, body, election_certificate="").context["form"].errors) == ["election_certificate"]
    refused = claim(client, body, phone="12")
    assert list(refused.context["form"].errors) == ["phone"]
    held = re.search(r'name="election_certificate-held" value="([^"]+)"', refused.content.decode())[1]
    typed = {"election_certificate": "", "election_certificate-held": held}
    assert claim(client, body, **typed).status_code == 302
    assert RequestPaper.objects.get().file.name == "當選.pdf"


def test_the_public_page_shows_nobody_and_the_claim_tells_nothing(client, body):
    chair = chair_of(body)
    for page in (url("community", body.pk), url("claim", body.pk)):
        assert chair.display_name not in client.get(page).content.decode()


def test_the_term_that_the_registry_has_is_used(client, body, officer):
    OfficeTerm.objects.create(
        organisation=body,
        office=Office.CHAIRPERSON,
        person_name="王 大明",
        valid_from="2009-01-01",
        valid_to="2012-12-31",
    )
    claim(client, body, email="wang@example.org")
    client.force_login(officer)
    assert grant(client, AccountRequest.objects.get(), body, email="wang@example.org").status_code == 302
    assert Invitation.objects.get().office_term_id == OfficeTerm.objects.get().pk


def test_another_chair_is_asked_about_and_ends(client, body, officer):
    former = chair_of(body)
    claim(client, body)
    client.force_login(officer)
    asked = AccountRequest.objects.get()
    refused = grant(client, asked, body, valid_from="99/6/10")
    assert "現任理事長是" in str(refused.context["form"].errors["valid_from"])
    assert grant(client, asked, body, valid_from="99/6/10", sure_valid_from="on").status_code == 302
    assert str(OfficeTerm.objects.get(user=former).valid_to) == "2010-06-09"


def test_an_officer_lets_nobody_of_the_own_name_in(client, body):
    officer = person(Role.CASE_OFFICER)
    User.objects.filter(pk=officer.pk).update(display_name="王大明")
    claim(client, body)
    client.force_login(officer)
    assert "同名" in grant(client, AccountRequest.objects.get(), body).content.decode()
    assert OfficeTerm.objects.count() == 0


def test_the_papers_are_deleted_with_the_rest(client, body, officer):
    claim(client, body)
    account_requests.refuse(Actor(officer), AccountRequest.objects.get(), "不是這個單位的人", "phone", "99/6/1 本人接")
    account_requests.forget(clock.today().replace(month=12))
    assert (RequestPaper.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert AccountRequest.objects.get().reached_note == ""


# --- New bodies ---------------------------------------------------------------------------------------------------------------

FACTS = {
    "organisation_name": "高雄縣旗山鎮新生社區發展協會",
    "body_kind": "community_association",
    "township": QISHAN,
    "village": "新生里",
    "registration_number": "府社區字第0990005678號",
    "registered_on": "99/5/3",
    "address": "旗山鎮新生路1號",
    "households": "210",
}
CHAIR = {"person_name": "王大明", "office": "chairperson", "valid_from": "99/5/1", "valid_to": "103/4/30"}


def ask_for_new(client, **changes):
    township()
    papers = {"registration_certificate": scan("立案.pdf"), "election_certificate": scan("當選.pdf")}
    return client.post(url("registration"), FACTS | CHAIR | {"phone": "0912345678", "website": ""} | papers | changes)


def test_a_new_body_is_entered_with_its_papers_and_its_chair(client, officer):
    assert ask_for_new(client).url == url("account-request-sent")
    asked = AccountRequest.objects.get()
    client.force_login(officer)
    page = client.get(url("account-request-answer", asked.pk))
    form = page.context["body_form"]
    assert ('value="99/5/3"' in page.content.decode(), "2010-05-03" in page.content.decode()) == (True, False)
    assert form.fields["kind"].choices[0] == ("", "請選擇")
    body = {f"body-{name}": form[name].value() or "" for name in form.fields}
    body["body-nonprofit"] = "on"
    typed = body | CHAIR | {"phone": "0912345678", "email": "wang@example.org"}
    answer = client.post(url("account-request-answer", asked.pk), typed)
    assert answer.status_code == 302, answer.context["body_form"].errors
    made = Organisation.objects.get()
    assert (made.name, made.households, str(made.registered_on), made.township_id) == (
        FACTS["organisation_name"],
        210,
        "2010-05-03",
        QISHAN,
    )
    assert [paper.kind for paper in KeptPaper.objects.all()] == [PaperKind.REGISTRATION]
    assert Invitation.objects.get().email == "wang@example.org"
    asked.refresh_from_db()
    assert (asked.status, asked.organisation) == (AccountRequestStatus.INVITED, made)


def test_a_new_body_needs_its_certificates_and_a_term(client):
    refused = ask_for_new(client, registration_certificate="", valid_to="", registered_on="昨天")
    form = refused.context["form"]
    assert set(form.errors) == {"registration_certificate", "valid_to", "registered_on"}
    assert form.errors["registration_certificate"] == ["請選擇檔案。"]
    assert [heading for heading, _fields in form.parts()] == ["您的單位", "您是誰，怎麼聯絡", "文件"]
    assert AccountRequest.objects.count() == 0


def test_a_body_of_a_similar_name_is_shown_to_the_officer(client, officer):
    known = OrganisationFactory(name="旗山鎮新生社區發展協會")
    ask_for_new(client)
    client.force_login(officer)
    page = client.get(url("account-request-answer", AccountRequest.objects.get().pk)).content.decode()
    assert url("organisation", known.pk) in page


# --- Letters and lost passwords -----------------------------------------------------------------------------------------------


@pytest.fixture
def opened(body):
    """A chairperson without e-mail who has a password."""
    user = chair_of(body)
    User.objects.filter(pk=user.pk).update(email="", username="王大明")
    return OfficeTerm.objects.get(user=user)


def test_a_letter_voids_the_invitation_and_is_for_those_without_password(body, officer):
    term = OfficeTerm.objects.create(organisation=body, office="staff", person_name="李承辦", valid_from=clock.today())
    by = Actor(officer)
    account_requests.terms.invite(by, term, "li@example.org")
    entry_letters.first_letters(by, [term])
    assert Invitation.objects.get().expires_on < clock.today()
    term.refresh_from_db()
    User.objects.get(pk=term.user_id).set_password("x")
    entry_letters.first_letters(by, [term])
    assert EntryCode.objects.filter(voided_at=None).count() == 1
    user = UserFactory()
    OfficeTerm.objects.filter(pk=term.pk).update(user=user)
    with pytest.raises(EntryError, match="已經設過密碼"):
        entry_letters.first_letters(by, [term])


def test_the_envelope_has_the_postal_code_and_the_names_of_the_day(body, officer):
    code = body.township.postal_code
    Organisation.objects.filter(pk=body.pk).update(address="高雄縣旗山鎮示範路1號")
    term = OfficeTerm.objects.create(organisation=body, office="staff", person_name="李承辦", valid_from=clock.today())
    for day, address in (
        (dt.date(2010, 12, 24), f"{code}高雄縣旗山鎮示範路1號"),
        (dt.date(2010, 12, 26), f"{code}高雄市旗山區示範路1號"),
    ):
        with clock.travel(day):
            found = OfficeTerm.objects.select_related("organisation__township").get(pk=term.pk)
            (page,) = PdfReader(BytesIO(entry_letters.first_letters(Actor(officer), [found]))).pages
        assert address in page.extract_text().replace(" ", "")
    body.refresh_from_db()
    body.address = ""
    assert body.on_envelope == f"{code}旗山鎮"


def test_no_letter_for_a_term_that_is_over_or_for_oneself(body, officer):
    over = OfficeTerm.objects.create(
        organisation=body, office="staff", person_name="李承辦", valid_from="2009-01-01", valid_to="2010-05-31"
    )
    own = OfficeTerm.objects.create(
        organisation=body, office="staff", person_name=officer.display_name, valid_from="2009-01-01"
    )
    for term, refusal in ((over, TermError), (own, EntryError)):
        with pytest.raises(refusal):
            entry_letters.first_letters(Actor(officer), [term])
    assert (EntryCode.objects.count(), User.objects.filter(office_terms=over).count()) == (0, 0)


def test_a_lost_password_takes_two_and_opens_the_account(client, body, opened):
    clerk = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)
    officer, head = person(Role.CASE_OFFICER), person(Role.APPROVER)
    client.force_login(clerk)
    assert client.post(url("term-recover", body.pk, opened.pk), {"how": "papers"}).status_code == 302
    change = Change.objects.get()
    letter = url("recovery-letter", change.pk)
    assert client.post(letter).url == reverse("changes:show", args=[change.pk])
    with pytest.raises(Refused):
        services.confirm(clerk, change)
    services.confirm(officer, change)
    client.force_login(head)
    assert client.post(letter).status_code == 302, "neither asked nor confirmed"
    client.force_login(clerk)
    assert "印開通碼（PDF）" in client.get(reverse("changes:show", args=[change.pk])).content.decode()
    first, second = text_of(client.post(letter)), text_of(client.post(letter))
    client.logout()
    for text, status in ((first, 422), (second, 302)):
        assert client.post(reverse("entry"), {"login": "王大明", "code": code_in(text)}).status_code == status
    client.post(reverse("entry-password"), NEW)
    assert User.objects.get(username="王大明").check_password(NEW["password"])
    client.force_login(clerk)
    assert "已經用過" in client.post(letter, follow=True).content.decode()


def test_who_may_not_ask_or_confirm(body, opened, officer):
    with pytest.raises(Refused):
        recoveries.ask(person(Role.TOWNSHIP_OFFICER, township_code="64000330"), opened, "看過證件")
    with pytest.raises(Refused):
        recoveries.ask(person(Role.CASE_OFFICER, "miaoli"), opened, "看過證件")
    authority = OfficeTerm.objects.get(user=member_of(body, user=officer))
    with pytest.raises(Refused, match="公務職務"):
        recoveries.ask(person(Role.CASE_OFFICER), authority, "看過證件")
    with pytest.raises(Refused, match="自己"):
        recoveries.ask(officer, authority, "看過證件")
    assert Change.objects.count() == 0


def test_the_letter_is_printed_within_two_weeks(body, opened, officer):
    change = recoveries.ask(officer, opened, "看過證件")
    done = services.confirm(person(Role.APPROVER), change)
    with clock.travel(clock.today().replace(day=16)), pytest.raises(Refused, match="超過14天"):
        recoveries.letter(officer, done)
    assert recoveries.letter(officer, done).startswith(b"%PDF")
