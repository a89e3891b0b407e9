"""Numbers that look wrong and are right: a reason, a second person, and 待確認 until then."""

import pytest
from django.urls import reverse

from communities.models import Organisation
from communities.queries import search, waiting_numbers
from communities.services import numbers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.queries import waiting_for
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory

from .test_views import fields_of, url

pytestmark = pytest.mark.django_db

ODD = [("tax_id", "90316313"), ("registration_number", "字第12號")]
REASON = "扣繳單位編配通知書影本"


@pytest.fixture
def officer(client):
    user = person(Role.CASE_OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def body():
    return OrganisationFactory(name="示範乙", registration_number="府社區字第0980001234號")


def edited(client, body, **changes):
    fields = fields_of(body, registration_number=body.registration_number, tax_id=body.tax_id)
    return client.post(url("organisation-edit", body.pk), fields | changes)


@pytest.mark.parametrize(("column", "value"), ODD)
def test_an_odd_number_waits_for_a_second_person(client, officer, body, column, value):
    before = getattr(body, column)
    form = edited(client, body, **{column: value}).context["form"]
    assert (list(form.errors), str(form.fields[f"why_{column}"].label)) == ([column], "依據")
    assert edited(client, body, **{column: value, f"why_{column}": REASON}).status_code == 302
    body.refresh_from_db()
    change = Change.objects.get()
    assert (getattr(body, column), change.data, change.reason) == (before, {"value": value}, REASON)
    page = client.get(url("organisation", body.pk)).content.decode()
    assert "待確認" in page
    assert value in page
    second = person(Role.APPROVER)
    assert list(waiting_for(officer)) == []
    assert list(waiting_for(second)) == [change]
    with pytest.raises(Refused):
        services.confirm(officer, change)
    client.force_login(second)
    assert value in client.get(reverse("changes:list")).content.decode()
    assert client.post(reverse("changes:confirm", args=[change.pk])).status_code == 302
    body.refresh_from_db()
    assert getattr(body, column) == value
    assert waiting_numbers(body) == {}
    if column == "tax_id":
        assert body.tax_id_reason == REASON
        assert list(search(Organisation.objects.all(), value)) == [body]


def test_a_confirmed_number_is_not_asked_about_again_and_its_reason_goes_with_it(client, officer):
    body = OrganisationFactory(name="示範乙", tax_id="90316313", tax_id_reason=REASON)
    assert edited(client, body).status_code == 302
    body.refresh_from_db()
    assert (body.tax_id, body.tax_id_reason, Change.objects.count()) == ("90316313", REASON, 0)
    assert edited(client, body, tax_id="12345675").status_code == 302
    body.refresh_from_db()
    assert (body.tax_id, body.tax_id_reason) == ("12345675", "")


def test_a_new_body_is_entered_and_its_odd_number_waits(client, officer, body):
    form = fields_of(
        OrganisationFactory.build(name="高雄縣旗山鎮新示範社區發展協會"), tax_id="90316313", why_tax_id=REASON
    )
    form["township"] = body.township_id
    page = client.post(url("organisation-new"), form, follow=True).content.decode()
    made = Organisation.objects.get(name="高雄縣旗山鎮新示範社區發展協會")
    assert (made.tax_id, waiting_numbers(made)["tax_id"].data) == ("", {"value": "90316313"})
    assert "統一編號要由另一位同仁確認" in page


def test_the_same_number_again_waits_once_and_another_is_refused_at_its_field(client, officer, body):
    edited(client, body, tax_id="90316313", why_tax_id=REASON)
    assert edited(client, body, tax_id="90316313").status_code == 302
    assert Change.objects.count() == 1
    answer = edited(client, body, tax_id="90316314", why_tax_id=REASON, address="新地址")
    assert "已經有一件變更等人確認" in str(answer.context["form"].errors["tax_id"])
    assert Organisation.objects.get(pk=body.pk).address != "新地址", "nothing is kept while something is refused"


def test_a_number_taken_meanwhile_is_not_confirmed(client, officer, body):
    change = numbers.propose(officer, body, "tax_id", "90316313", REASON)
    OrganisationFactory(name="示範丙", tax_id="90316313")
    with pytest.raises(Refused, match="已經登記給別的單位"):
        services.confirm(person(Role.APPROVER), change)
    assert Change.objects.get().status == "waiting"


def test_another_county_confirms_nothing(officer, body):
    change = numbers.propose(officer, body, "tax_id", "90316313", REASON)
    with pytest.raises(Refused):
        services.confirm(person(Role.APPROVER, MIAOLI), change)
