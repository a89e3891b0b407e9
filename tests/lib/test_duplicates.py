"""Two people who write the same unique value at once: one of them reads a sentence at the field, nobody an error page."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection
from django.urls import reverse

from communities.models import Organisation
from communities.services import organisations
from communities.views import people, registry
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import duplicates, leads_back
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory

pytestmark = pytest.mark.django_db


class NameForm(forms.Form):
    username = forms.CharField()


@pytest.fixture
def form():
    made = NameForm({"username": "taken"})
    assert made.is_valid()
    UserFactory(username="taken", email="taken@example.org")
    return made


def test_the_field_whose_value_was_taken_says_so_and_nothing_of_the_write_stays(form):
    before = User.objects.count()
    with duplicates.shown_at(form, "username"):
        UserFactory(username="other")
        UserFactory(username="taken")
    assert list(form.errors) == ["username"]
    assert User.objects.count() == before


def test_a_value_that_is_no_field_is_said_above_the_form(form):
    OrganisationFactory(tax_id="12345675")
    with duplicates.shown_at(form, "username", "tax_id"):
        OrganisationFactory(tax_id="12345675")
    assert list(form.errors) == ["__all__"]


def test_another_value_and_another_fault_are_raised_as_they_are(form):
    with pytest.raises(IntegrityError), duplicates.shown_at(form, "email"):
        UserFactory(username="taken")
    with pytest.raises(IntegrityError), duplicates.shown_at(form, "username"), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET username = NULL")
    assert not form.errors


def test_a_sign_in_name_that_somebody_else_takes_meanwhile(client, monkeypatch, mailoutbox):
    client.force_login(person(Role.ADMINISTRATOR, county=""))
    values = {"display_name": "新人", "email": "new@example.org", "role": "reviewer", "county": "miaoli"}
    client.post(reverse("communities:invitations"), values)
    client.logout()
    link = "/accounts/invitations/" + mailoutbox[-1].body.split("/accounts/invitations/")[1].split()[0]
    own = people.accept_invitation

    def slower(token, **fields):
        UserFactory(username=fields["username"])
        return own(token, **fields)

    monkeypatch.setattr(people, "accept_invitation", slower)
    password = "鹿野-88-2010-good"
    answer = client.post(link, {"username": "wanted", "password": password, "again": password})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["username"])
    monkeypatch.setattr(people, "accept_invitation", own)
    assert client.post(link, {"username": "wanted", "password": password, "again": password}).status_code == 302


@pytest.mark.parametrize("edited", [False, True])
def test_an_organisation_that_somebody_else_enters_meanwhile(client, monkeypatch, edited):
    own = OrganisationFactory(name="自己的協會")
    client.force_login(person(Role.CASE_OFFICER))
    name = "update_organisation" if edited else "create_organisation"
    write = getattr(organisations, name)

    def slower(*args, **fields):
        OrganisationFactory(name=fields["name"])
        return write(*args, **fields)

    monkeypatch.setattr(registry.organisations, name, slower)
    url = reverse("communities:organisation-edit", args=[own.pk]) if edited else reverse("communities:organisation-new")
    form = client.get(url).context["form"]
    values = {field: value if (value := form[field].value()) is not None else "" for field in form.fields}
    values |= {"name": "溪畔同名社區發展協會", "kind": "community_association", "township": own.township_id}
    answer = client.post(url, values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"]), answer.context["form"].errors
    assert not Organisation.objects.filter(name="溪畔同名社區發展協會").exists()
    assert not AuditEntry.objects.filter(action__startswith="organisation.").exists()


@pytest.mark.parametrize(("taken", "status"), [(True, 302), (False, 500)])
def test_what_no_form_foresees_leads_back_to_the_page_with_the_sentence(client, monkeypatch, taken, status):
    own = OrganisationFactory(name="自己的協會")
    client.force_login(person(Role.CASE_OFFICER))
    client.raise_request_exception = False

    def slower(*args, **fields):
        first = UserFactory(username="taken")
        if taken:
            UserFactory(username="taken")
        User.objects.filter(pk=first.pk).update(username=None)

    monkeypatch.setattr(registry.organisations, "update_organisation", slower)
    url = reverse("communities:organisation-edit", args=[own.pk])
    form = client.get(url).context["form"]
    values = {field: value if (value := form[field].value()) is not None else "" for field in form.fields}
    answer = client.post(url, values)
    assert answer.status_code == status
    if taken:
        assert [str(said) for said in get_messages(answer.wsgi_request)] == [str(duplicates.TAKEN)]
        assert answer.url == leads_back.page_above(url)
    assert not User.objects.filter(username="taken").exists()
