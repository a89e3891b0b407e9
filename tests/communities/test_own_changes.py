"""What an association asks to change of its record waits until the office confirms; an account needs two of the office."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.enums import Office, PaperKind
from communities.models import KeptPaper, OfficeTerm, Organisation
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Invitation, Post
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.files import samples

pytestmark = pytest.mark.django_db
NAME = "高雄縣旗山鎮示範社區發展協會"
BANK = {"bank_code": "0040011", "bank_account": "123456789012", "bank_account_name": NAME}


@pytest.fixture
def body():
    return OrganisationFactory(name=NAME)


@pytest.fixture
def staff(client, body):
    user = member_of(body)
    client.force_login(user)
    return user


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


def url(name, *args):
    return reverse(f"communities:{name}", args=args)


def scan(name="證書.pdf"):
    return SimpleUploadedFile(name, samples.pdf())


def record(body, **changes):
    names = ("name", "registration_number", "tax_id", "village", "address", "phone", "email", "area_served", "purpose")
    return {name: getattr(body, name) for name in names} | changes


# --- Facts of the record ------------------------------------------------------------------------------------------------------


def test_the_old_holds_and_the_new_waits_until_an_officer_confirms(client, body, staff, officer):
    answer = client.post(url("organisation-contact", body.pk), record(body, address="示範路2號", households="120"))
    assert answer.url == url("organisation", body.pk)
    body.refresh_from_db()
    assert (body.address, body.households) == ("高雄縣旗山鎮示範路1號", None)
    page = client.get(answer.url).content.decode()
    assert ("等候縣府確認" in page, "示範路2號" in page) == (True, True)
    change = Change.objects.get()
    assert change.data == {"address": "示範路2號", "households": 120}
    client.force_login(officer)
    assert "示範路2號" in client.get(reverse("changes:show", args=[change.pk])).content.decode()
    client.post(reverse("changes:confirm", args=[change.pk]))
    body.refresh_from_db()
    assert (body.address, body.households, body.profile_updated_on) == ("示範路2號", 120, dt.date(2010, 1, 4))


def test_nothing_new_is_no_confirmation_of_the_record(client, body, staff):
    client.post(url("organisation-contact", body.pk), record(body))
    body.refresh_from_db()
    assert (body.profile_updated_on, Change.objects.count()) == (dt.date(2010, 1, 4), 0)


def test_what_the_certificate_shows_needs_a_new_one_and_it_is_kept(client, body, staff, officer):
    typed = record(body, registration_number="府社區字第0990005678號")
    refused = client.post(url("organisation-contact", body.pk), typed)
    assert list(refused.context["form"].errors) == ["paper"]
    client.post(url("organisation-contact", body.pk), typed | {"paper": scan()})
    services.confirm(officer, Change.objects.get())
    body.refresh_from_db()
    assert body.registration_number == "府社區字第0990005678號"
    assert KeptPaper.objects.get().kind == PaperKind.REGISTRATION


def test_one_waits_at_a_time_and_its_proposer_withdraws_it(client, body, staff):
    for village in ("東里", "西里"):
        answer = client.post(url("organisation-contact", body.pk), record(body, village=village))
    assert "已經有一件變更等人確認" in answer.content.decode()
    change = Change.objects.get()
    client.post(reverse("changes:withdraw", args=[change.pk]))
    assert client.post(url("organisation-contact", body.pk), record(body, village="西里")).status_code == 302


def test_nobody_but_the_association_and_the_county_sees_it(client, body, staff):
    client.post(url("organisation-contact", body.pk), record(body, village="東里"))
    show = reverse("changes:show", args=[Change.objects.get().pk])
    seen = {
        chair_of(body): 200,
        person(Role.CASE_OFFICER): 200,
        member_of(OrganisationFactory()): 404,
        person(Role.CASE_OFFICER, "miaoli"): 404,
        person(Role.TOWNSHIP_OFFICER, township_code="64000300"): 404,
    }
    for user, status in seen.items():
        client.force_login(user)
        assert client.get(show).status_code == status


def test_an_officer_who_belongs_to_the_association_stands_aside(client, body, staff, officer):
    client.post(url("organisation-contact", body.pk), record(body, village="東里"))
    member_of(body, user=officer)
    with pytest.raises(Refused, match="要迴避"):
        services.confirm(officer, Change.objects.get())


def test_a_name_taken_meanwhile_is_refused(client, body, staff, officer):
    typed = record(body, name="高雄縣旗山鎮新名社區發展協會") | {"paper": scan()}
    client.post(url("organisation-contact", body.pk), typed)
    OrganisationFactory(name="旗山鎮新名社區發展協會")
    with pytest.raises(Refused, match="同名的單位"):
        services.confirm(officer, Change.objects.get())


# --- The account --------------------------------------------------------------------------------------------------------------


def bank(client, body, **changes):
    return client.post(url("organisation-bank", body.pk), BANK | {"passbook": scan("存摺.pdf")} | changes)


def test_an_account_is_checked_by_one_and_confirmed_by_another(client, body, staff, officer):
    assert bank(client, body).status_code == 302
    change, head = Change.objects.get(), person(Role.APPROVER)
    for who in (head, staff):
        with pytest.raises(Refused):
            services.confirm(who, change)
    with pytest.raises(Refused, match="要先由承辦人核對"):
        services.confirm(officer, change)
    services.check(officer, change)
    with pytest.raises(Refused, match="已經核對過"):
        services.confirm(officer, change)
    body.refresh_from_db()
    assert body.bank_account == ""
    services.confirm(head, change)
    body.refresh_from_db()
    assert (body.bank_account, KeptPaper.objects.get().kind) == ("123456789012", PaperKind.PASSBOOK)


def test_one_proposed_by_the_office_needs_one_more_of_it(client, body, officer):
    client.force_login(officer)
    assert bank(client, body).status_code == 302
    change = Change.objects.get()
    assert not change.needs_check
    with pytest.raises(Refused, match="不能自己確認"):
        services.confirm(officer, change)
    services.confirm(person(Role.FINANCE_OFFICER), change)
    assert Organisation.objects.get(pk=body.pk).bank_account == "123456789012"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"bank_code": "700"}, "bank_code", "7位數字"),
        ({"bank_account": "123"}, "bank_account", "10到16位"),
        ({"bank_account_name": ""}, "bank_account_name", ""),
        ({"bank_account_name": "王大明"}, "bank_account_name", "戶名和立案全名不同"),
        ({"passbook": ""}, "passbook", ""),
    ],
)
def test_what_is_wrong_with_an_account_is_said_at_its_field(client, body, staff, changes, field, words):
    answer = bank(client, body, **changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert words in str(answer.context["form"].errors[field])
    assert Change.objects.count() == 0


def test_a_name_that_is_cut_is_taken_with_a_reason_that_both_read(client, body, staff, officer):
    cut = {"bank_account_name": "旗山鎮示範社區發展協", "why_bank_account_name": "郵局只印十個字"}
    assert bank(client, body, **cut).status_code == 302
    change = Change.objects.get()
    client.force_login(officer)
    assert "郵局只印十個字" in client.get(reverse("changes:show", args=[change.pk])).content.decode()
    services.check(officer, change)
    services.confirm(person(Role.APPROVER), change)
    assert Organisation.objects.get(pk=body.pk).bank_name_reason == "郵局只印十個字"


def test_another_spelling_of_the_name_is_no_other_name(client, body, staff):
    assert bank(client, body, bank_account_name="旗山鎮示範社區發展協會").status_code == 302
    assert Change.objects.get().data["bank_name_reason"] == ""


def test_the_trail_keeps_no_whole_account(client, body, staff):
    from miaoli_kaohsiung.audit.models import AuditEntry

    bank(client, body)
    assert AuditEntry.objects.get(action="organisation.bank.propose").after["bank_account"] == "…9012"


# --- The chairperson ----------------------------------------------------------------------------------------------------------


def elected(client, body, **changes):
    typed = {"person_name": "林新任", "board_term_number": "5", "valid_from": "99/6/10", "valid_to": "103/6/9"}
    typed |= {"phone": "0912345678", "email": "lin@example.org", "certificate": scan()}
    return client.post(url("organisation-chair", body.pk), typed | changes)


def test_the_new_chair_is_recorded_and_invited_and_the_former_ends(client, body, staff, officer, mailoutbox):
    former = chair_of(body)
    assert elected(client, body).status_code == 302
    services.confirm(officer, Change.objects.get())
    terms = OfficeTerm.objects.filter(organisation=body, office=Office.CHAIRPERSON).order_by("valid_from")
    assert [(term.person_name, term.valid_to) for term in terms] == [
        (former.display_name, dt.date(2010, 6, 9)),
        ("林新任", dt.date(2014, 6, 9)),
    ]
    assert Post.objects.get(user=former).valid_to == dt.date(2010, 6, 9)
    assert (Invitation.objects.get().office_term_id, mailoutbox[0].to) == (terms[1].pk, ["lin@example.org"])


def test_somebody_of_the_association_keeps_the_account(client, body, staff, officer, mailoutbox):
    secretary = member_of(body, Office.EXECUTIVE_SECRETARY, user=UserFactory(display_name="林 新任"))
    elected(client, body, email="")
    page = client.get(url("organisation", body.pk)).content.decode()
    assert "沿用他在這個單位原來的帳號" in page
    services.confirm(officer, Change.objects.get())
    assert OfficeTerm.objects.get(office=Office.CHAIRPERSON).user == secretary
    assert mailoutbox == []


def test_a_chair_change_without_certificate_or_with_five_years_is_asked_about(client, body, staff):
    for changes, field in (({"certificate": ""}, "certificate"), ({"valid_to": "105/6/9"}, "valid_to")):
        assert list(elected(client, body, **changes).context["form"].errors) == [field]
