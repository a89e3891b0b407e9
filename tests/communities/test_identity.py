"""Who a body or a person is: one name however it is written, and what looks unusual is asked back, not refused."""

import pytest
from django.db import IntegrityError, transaction

from communities import naming
from communities.models import OfficeTerm, Organisation
from communities.queries import search
from communities.services import organisations
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import folding
from tests.factories.accounts import KAOHSIUNG, UserFactory, person
from tests.factories.communities import QISHAN, OrganisationFactory

from .test_views import fields_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = person(Role.CASE_OFFICER)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("台灣", "臺灣"),
        ("里裏", "里裡"),
        ("ＡＢＣ１", "abc1"),
        ("溪\u200b畔", "溪畔"),
        ("溪 畔‧", "溪畔"),
        ("\uf9e9", "里"),
        ("啓明", "啟明"),
    ],
)
def test_two_ways_of_writing_have_one_key(one, other):
    assert folding.key(one) == folding.key(other)


def test_other_characters_have_another_key():
    assert folding.key("溪畔") != folding.key("溪邊")
    assert folding.key("10") != folding.key("102")


@pytest.mark.parametrize("typed", ["旗山區", "旗山鎮", "旗山區溪畔", "旗山鎮溪\u200b畔"])
def test_a_body_is_found_by_either_name_of_its_township(officer, typed):
    fields = {"kind": "community_association", "county": KAOHSIUNG, "township_id": QISHAN}
    OrganisationFactory()
    made = organisations.create_organisation(Actor(officer), name="溪畔示範社區發展協會", **fields)
    assert list(search(Organisation.objects.all(), typed)) == [made]


def test_names_of_other_townships_are_other_names():
    assert naming.fold("旗山鎮溪畔社區發展協會", "kaohsiung") != naming.fold("甲仙鄉溪畔社區發展協會", "kaohsiung")
    assert not naming.alike("旗山鎮溪畔社區發展協會", "甲仙鄉溪畔社區發展協會", "kaohsiung")
    assert naming.fold("頭份鎮後庄社區發展協會", "miaoli") == naming.fold("苗栗縣頭份市後庄社區發展協會", "miaoli")


NAME = "旗山鎮台糖里示範社區發展協會"


@pytest.mark.parametrize(
    "typed",
    [
        "旗山鎮臺糖里示範社區發展協會",
        "旗山鎮台\u200b糖里示範社區發展協會",
        "旗山鎮 台糖里示範社區發展協會",
        "旗山鎮　台糖里示範社區發展協會",
        "高雄縣旗山鎮台糖里示範社區發展協會",
        "旗山區台糖里示範社區發展協會",
        "旗山鎮台糖\uf9e9示範社區發展協會",
        "旗山鎮台糖里示範社區發展協會\ufeff",
    ],
)
def test_the_same_name_in_another_spelling_is_the_same_name(client, officer, typed):
    OrganisationFactory(name=NAME)
    organisation = OrganisationFactory(name="示範乙")
    answer = client.post(url("organisation-edit", organisation.pk), fields_of(organisation, name=typed))
    assert list(answer.context["form"].errors) == ["name"]
    assert f"已經登記了同名的單位「{NAME}」" in str(answer.context["form"].errors)


@pytest.mark.parametrize("typed", ["台糖里示範社區發展協會", "旗山鎮台糖里示範協會"])
def test_a_name_that_is_nearly_one_is_asked_about(client, officer, typed):
    OrganisationFactory(name=NAME)
    organisation = OrganisationFactory(name="示範乙")
    page = url("organisation-edit", organisation.pk)
    answer = client.post(page, fields_of(organisation, name=typed))
    assert list(answer.context["form"].errors) == ["name"]
    assert f"名稱很像的單位：{NAME}" in str(answer.context["form"].errors)
    assert client.post(page, fields_of(organisation, name=typed, sure_name="on")).status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).name == typed


def test_another_community_of_the_township_is_not_asked_about(client, officer):
    OrganisationFactory(name=NAME)
    organisation = OrganisationFactory(name="示範乙")
    answer = client.post(
        url("organisation-edit", organisation.pk), fields_of(organisation, name="旗山鎮圓潭社區發展協會")
    )
    assert answer.status_code == 302


def test_the_database_refuses_a_second_spelling_that_was_entered_at_the_same_time(officer):
    by = Actor(officer)
    fields = {"kind": "community_association", "county": KAOHSIUNG, "township_id": QISHAN}
    organisations.create_organisation(by, name=NAME, **fields)
    with pytest.raises(IntegrityError, match="organisation_folded_name_once_a_county"), transaction.atomic():
        organisations.create_organisation(by, name="旗山區臺糖里示範社區發展協會", **fields)


@pytest.mark.parametrize("name", ["organisation-edit", "organisation-contact"])
def test_a_mobile_number_is_asked_back_before_everybody_reads_it(client, officer, name):
    organisation = OrganisationFactory(name="示範乙", phone="07-6610001")
    page = url(name, organisation.pk)
    answer = client.post(page, fields_of(organisation, phone="0912345678"))
    assert "會公開在社區名錄" in str(answer.context["form"].errors["phone"])
    assert Organisation.objects.get(pk=organisation.pk).phone == "07-6610001"
    assert client.post(page, fields_of(organisation, phone="0912345678", sure_phone="on")).status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).phone == "0912-345-678"


@pytest.mark.parametrize("number", ["府社區字第0980001234號", ""])
def test_a_usual_registration_number_is_not_asked_about(client, officer, number):
    organisation = OrganisationFactory(name="示範乙", registration_number="")
    page = url("organisation-edit", organisation.pk)
    assert client.post(page, fields_of(organisation, registration_number=number)).status_code == 302


# --- People ---------------------------------------------------------------------------------------------------------------------


def term(**changes):
    values = {"office": "chairperson", "person_name": "陳示範", "valid_from": "99/6/1", "valid_to": "103/5/31"}
    return values | {"account_email": "", "phone": "", "board_term_number": ""} | changes


def test_a_term_on_the_account_of_somebody_else_is_asked_about(client, officer):
    body, user = OrganisationFactory(), UserFactory(email="lin@example.org", display_name="林示範")
    page, typed = url("term-new", body.pk), term(account_email="lin@example.org")
    answer = client.post(page, typed)
    assert "這個帳號是「林示範」的，不是「陳示範」" in str(answer.context["form"].errors["account_email"])
    assert not OfficeTerm.objects.exists()
    assert client.post(page, typed | {"sure_account_email": "on"}).status_code == 302
    assert OfficeTerm.objects.get().user == user


def test_the_same_person_in_another_spelling_is_not_asked_about(client, officer):
    body, user = OrganisationFactory(), UserFactory(email="chen@example.org", display_name="陳　示範")
    assert client.post(url("term-new", body.pk), term(account_email="chen@example.org")).status_code == 302
    assert OfficeTerm.objects.get().user == user


@pytest.mark.parametrize(("until", "asked"), [("103/5/31", False), ("103/6/1", True), ("104/5/31", True)])
def test_a_term_of_more_than_four_years_is_asked_about(client, officer, until, asked):
    page = url("term-new", OrganisationFactory().pk)
    answer = client.post(page, term(valid_to=until))
    assert answer.status_code == (422 if asked else 302)
    if asked:
        assert "最長四年（人民團體法第20條），從任期起算到103年5月31日為止" in str(
            answer.context["form"].errors["valid_to"]
        )
        assert client.post(page, term(valid_to=until, sure_valid_to="on")).status_code == 302


def test_a_tier_is_not_chosen_beforehand(client, officer):
    page = url("tier-propose", OrganisationFactory().pk)
    form = client.get(page).context["form"]
    assert form["tier"].value() in (None, "")
    answer = client.post(page, {"year": "99", "tier": "", "reason": "會務正常"})
    assert list(answer.context["form"].errors) == ["tier"]


def test_a_township_office_filters_by_its_own_township_alone(client):
    OrganisationFactory()
    office = person(Role.TOWNSHIP_OFFICER, KAOHSIUNG, township_code=QISHAN, place_name="旗山鎮公所")
    client.force_login(office)
    found = client.get(url("registry")).context["list"].filter
    assert [value for value, _words in found.form.fields["township"].choices if value] == [QISHAN]
