"""Somebody without an account asks for one; an officer of the county answers; the personal part is emptied."""

import datetime as dt
from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from communities.enums import AccountRequestStatus as Status
from communities.models import AccountRequest, OfficeTerm
from communities.services import account_requests
from grants.queries.desk.tasks import desk_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Invitation
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from tests.factories.accounts import MIAOLI, UserFactory, person
from tests.factories.communities import QISHAN, OrganisationFactory, township, yuanli

pytestmark = pytest.mark.django_db
TYPED = {
    "organisation_name": "旗山鎮溪畔示範社區發展協會",
    "township": QISHAN,
    "registration_number": "府社區字第0980001234號",
    "person_name": "王示範",
    "office": "staff",
    "phone": "0912345678",
    "email": "wang@example.org",
    "needs": "想申請照顧據點",
    "website": "",
}


@pytest.fixture(autouse=True)
def places():
    township()
    yuanli()


def send(client, **changes):
    return client.post(reverse("communities:account-request"), TYPED | changes)


def asked(**changes):
    fields = {"organisation_name": TYPED["organisation_name"], "office": "staff", "person_name": "王示範"}
    fields |= {"county": "kaohsiung", "township_id": QISHAN, "phone": "0912-345-678", "email": "wang@example.org"}
    return account_requests.receive(**fields | changes)


def test_a_request_lands_on_the_desk_of_its_county_alone(client):
    answer = send(client)
    assert answer.url == reverse("communities:account-request-sent")
    made = AccountRequest.objects.get()
    assert (made.county, made.township_id, made.phone, made.status) == (
        "kaohsiung",
        QISHAN,
        "0912-345-678",
        Status.WAITING,
    )
    page = client.get(answer.url).content.decode()
    assert "「旗山鎮溪畔示範社區發展協會」的申請帳號已送到高雄縣政府社會處" in page
    assert "王示範" not in page
    queues = [count.queue.kind for count in desk_of(person(Role.CASE_OFFICER)).counts]
    assert queues == ["account"]
    assert desk_of(person(Role.CASE_OFFICER, MIAOLI)).counts == []
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"organisation_name": ""}, "organisation_name", "全名"),
        ({"township": ""}, "township", "請選擇鄉鎮市"),
        ({"township": "99999999"}, "township", ""),
        ({"person_name": ""}, "person_name", "姓名"),
        ({"office": ""}, "office", "職稱"),
        ({"phone": ""}, "phone", "聯絡電話"),
        ({"phone": "12"}, "phone", "區域號碼"),
        ({"email": "wang"}, "email", ""),
        ({"website": "http://x.example"}, "website", "留空白"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, changes, field, words):
    answer = send(client, **changes)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert words in str(answer.context["form"].errors[field])
    assert not AccountRequest.objects.exists()
    assert "王示範" in answer.content.decode() or field == "person_name"


def test_one_address_sends_eight_an_hour(client):
    assert [send(client).status_code for _ in range(8)] == [302] * 8
    answer = send(client)
    assert (answer.status_code, AccountRequest.objects.count()) == (422, 8)
    assert "請過一小時再試" in answer.content.decode()


def test_a_township_sends_no_flood_in_a_day():
    for number in range(account_requests.MOST_A_DAY):
        asked(organisation_name=f"示範{number}社區發展協會")
    with pytest.raises(account_requests.RequestError, match="申請太多"):
        asked()


def test_the_trail_keeps_nothing_personal(client):
    send(client)
    entry = AuditEntry.objects.get(action="account_request.receive")
    assert entry.after == {"county": "kaohsiung", "organisation_name": TYPED["organisation_name"], "kind": "account"}


def test_the_confirmation_is_for_whoever_sent_one(client):
    answer = client.get(reverse("communities:account-request-sent"))
    assert answer.url == reverse("communities:account-request")


# --- The officer answers ---------------------------------------------------------------------------------------------------------


def give(client, request, **changes):
    typed = {"office": "staff", "person_name": "王示範", "valid_from": "99/6/1", "phone": "0912-345-678"}
    typed |= {"email": "wang@example.org", "valid_to": "", "board_term_number": ""}
    return client.post(reverse("communities:account-request-answer", args=[request.pk]), typed | changes)


@pytest.fixture
def officer(client):
    found = person(Role.CASE_OFFICER)
    client.force_login(found)
    return found


def test_the_body_of_that_name_is_found_however_it_is_written(client, officer):
    body = OrganisationFactory(name="旗山鎮溪畔示範社區發展協會")
    OrganisationFactory(name="旗山鎮圓潭示範社區發展協會")
    made = asked(organisation_name="高雄縣旗山鎮　溪畔示範社區發展協會")
    page = client.get(reverse("communities:account-request-answer", args=[made.pk]))
    form = page.context["form"]
    assert list(form.fields["organisation"].queryset) == [body]
    assert form.initial["organisation"] == body.pk
    assert [form.initial[name] for name in ("person_name", "office", "email")] == [
        "王示範",
        "staff",
        "wang@example.org",
    ]


def test_yes_records_the_term_and_sends_the_link(client, officer):
    body = OrganisationFactory(name=TYPED["organisation_name"])
    made = asked()
    answer = give(client, made, organisation=body.pk)
    assert answer.url == reverse("communities:account-requests")
    term = OfficeTerm.objects.get(organisation=body)
    assert (term.person_name, term.office, term.valid_from) == ("王示範", "staff", dt.date(2010, 6, 1))
    assert Invitation.objects.get().office_term_id == term.pk
    assert [message.to for message in mail.outbox] == [["wang@example.org"]]
    made.refresh_from_db()
    assert (made.status, made.organisation, made.decided_by) == (Status.INVITED, body, officer)


def test_somebody_who_has_an_account_gets_the_office_with_it(client, officer):
    body = OrganisationFactory(name=TYPED["organisation_name"])
    user = UserFactory(email="wang@example.org", display_name="王 示範")
    give(client, asked(), organisation=body.pk)
    assert OfficeTerm.objects.get(organisation=body).user == user
    assert mail.outbox == []


def test_the_address_of_another_person_is_asked_about_and_may_be_shared(client, officer):
    body = OrganisationFactory(name=TYPED["organisation_name"])
    UserFactory(email="wang@example.org", display_name="林示範")
    made = asked()
    answer = give(client, made, organisation=body.pk)
    assert answer.status_code == 422
    assert "這個信箱是「林示範」的帳號在用" in str(answer.context["form"].errors["email"])
    assert not OfficeTerm.objects.exists()
    assert give(client, made, organisation=body.pk, sure_email="on").status_code == 302
    assert (OfficeTerm.objects.get().user, [message.to for message in mail.outbox]) == (None, [["wang@example.org"]])


def test_a_request_is_answered_once(client, officer):
    body = OrganisationFactory(name=TYPED["organisation_name"])
    made = asked()
    account_requests.refuse(Actor(officer), made, "查無此協會")
    mail.outbox.clear()
    answer = give(client, made, organisation=body.pk)
    assert answer.status_code == 422
    assert "已經有同仁處理過" in answer.content.decode()
    assert not OfficeTerm.objects.exists()
    assert mail.outbox == []


def test_no_goes_out_with_its_reason(client, officer):
    made = asked()
    address = reverse("communities:account-request-refuse", args=[made.pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    answer = client.post(address, {"reason": "立案字號查無資料，請先補正。"})
    assert answer.url == reverse("communities:account-request-answer", args=[made.pk])
    made.refresh_from_db()
    assert (made.status, made.reason) == (Status.REFUSED, "立案字號查無資料，請先補正。")
    assert [message.to for message in mail.outbox] == [["wang@example.org"]]
    assert "立案字號查無資料，請先補正。" in mail.outbox[0].body
    assert desk_of(officer).counts == []


def test_without_an_address_the_no_goes_out_by_telephone_or_letter(client, officer):
    made = asked(email="")
    address = reverse("communities:account-request-refuse", args=[made.pk])
    answer = client.post(address, {"reason": "重複申請", "reached_by": "phone"})
    assert list(answer.context["refusal"].errors) == ["reached_note"]
    page = client.post(address, {"reason": "重複申請", "reached_by": "letter"}, follow=True).content.decode()
    assert "印回覆信（PDF）" in page
    letter = client.get(reverse("communities:account-request-letter", args=[made.pk]))
    text = PdfReader(BytesIO(letter.content)).pages[0].extract_text().replace("\n", "")
    assert ("王示範" in text, "重複申請" in text) == (True, True)
    assert mail.outbox == []


def test_the_other_county_finds_nothing(client):
    client.force_login(person(Role.CASE_OFFICER, MIAOLI))
    made = asked()
    assert client.get(reverse("communities:account-request-answer", args=[made.pk])).status_code == 404
    assert "溪畔" not in client.get(reverse("communities:account-requests")).content.decode()


# --- What is personal is emptied -----------------------------------------------------------------------------------------------------


def personal(made):
    made.refresh_from_db()
    return made.person_name, made.phone, made.email, made.needs


def test_what_is_personal_is_emptied_after_ninety_days(officer):
    made = account_requests.refuse(Actor(officer), asked(needs="據點"), "查無此協會")
    waits = asked()
    day = dt.date(2010, 6, 1) + dt.timedelta(days=account_requests.DAYS_KEPT)
    assert account_requests.forget(day - dt.timedelta(days=1)) == 0
    assert personal(made) == ("王示範", "0912-345-678", "wang@example.org", "據點")
    assert account_requests.forget(day) == 1
    assert personal(made) == ("", "", "", "")
    assert (made.organisation_name, made.forgotten_on) == (TYPED["organisation_name"], day)
    assert personal(waits)[0] == "王示範"
    assert account_requests.forget(day) == 0


def test_a_request_that_nobody_answered_is_emptied_after_a_year():
    made = asked()
    day = dt.date(2010, 6, 1) + dt.timedelta(days=account_requests.DAYS_WAITING)
    assert account_requests.forget(day - dt.timedelta(days=1)) == 0
    assert account_requests.forget(day) == 1
    assert personal(made) == ("", "", "", "")
