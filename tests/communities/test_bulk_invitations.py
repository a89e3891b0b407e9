"""Ticked bodies of the registry: mail to those with an address, letters for those without."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from communities.models import OfficeTerm
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import EntryCode, Invitation
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory, chair_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    """Three bodies: a chair with an address, one without, and one who has an account."""
    client.force_login(person(Role.CASE_OFFICER))
    bodies = [OrganisationFactory() for _ in range(3)]
    for body, name, email in zip(bodies, ("王有信", "李沒有"), ("wang@example.org", ""), strict=False):
        term = {"office": "chairperson", "valid_from": "2009-01-01", "valid_to": "2012-12-31"}
        OfficeTerm.objects.create(organisation=body, person_name=name, email=email, **term)
    chair_of(bodies[2])
    other = OrganisationFactory(county="miaoli")
    OfficeTerm.objects.create(organisation=other, person_name="別縣", office="staff", valid_from="2009-01-01")
    query = "&".join(f"body={body.pk}" for body in (*bodies, other))
    return f"{reverse('communities:bulk-invitations')}?{query}&body=x"


def typed(do, **changes):
    fields = {"do": do}
    for term in OfficeTerm.objects.filter(user=None):
        fields |= {f"tick-{term.pk}": "on", f"email-{term.pk}": term.email}
    return fields | changes


def pk_of(name):
    return OfficeTerm.objects.get(person_name=name).pk


def test_the_page_says_who_has_no_address(client, page):
    shown = client.get(page).content.decode()
    assert "還有 2 個人沒有開過帳號，其中 1 個人沒有信箱" in " ".join(shown.split())
    assert ("王有信" in shown, "李沒有" in shown, "別縣" in shown) == (True, True, False)
    body = OfficeTerm.objects.get(person_name="王有信").organisation_id
    begun = client.post(reverse("communities:registry"), {"act": "invite", "row": body})
    assert "王有信" in client.get(begun.url).content.decode()


def test_mail_goes_to_those_with_an_address_and_the_others_stay(client, page, mailoutbox):
    shown = client.post(page, typed("mail"), follow=True).content.decode()
    assert [mail.to for mail in mailoutbox] == [["wang@example.org"]]
    assert ("已寄出 1 封邀請信" in shown, "王有信" in shown, "李沒有" in shown) == (True, False, True)
    assert Invitation.objects.get().office_term_id == pk_of("王有信")


def test_letters_for_those_who_are_ticked_in_one_document(client, page):
    answer = client.post(page, typed("letter", **{f"tick-{pk_of('王有信')}": ""}))
    assert [row.extract_text().count("登入帳號") > 0 for row in PdfReader(BytesIO(answer.content)).pages] == [True]
    assert EntryCode.objects.get().user == OfficeTerm.objects.get(person_name="李沒有").user


def test_what_cannot_be_sent_is_said_at_the_person(client, page, mailoutbox):
    UserFactory(email="home@example.org", display_name="別人")
    field = f"email-{pk_of('李沒有')}"
    for email, words in (("no", "電子信箱的寫法不對"), ("home@example.org", "別人在用")):
        answer = client.post(page, typed("mail", **{field: email}))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert words in answer.content.decode()
    assert mailoutbox == []
    nobody = client.post(page, {"do": "mail"})
    assert (nobody.status_code, "請至少勾選一個人" in nobody.content.decode()) == (422, True)
