import pytest

from communities.enums import OrganisationKind
from communities.models import Organisation
from communities.queries import search
from communities.services.organisations import create_organisation, update_contact, update_organisation
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories.accounts import KAOHSIUNG
from tests.factories.communities import QISHAN, township

pytestmark = pytest.mark.django_db


def make(by, name="高雄縣旗山鎮糖廠社區發展協會", **fields):
    township()
    values = {"kind": OrganisationKind.COMMUNITY_ASSOCIATION, "county": KAOHSIUNG, "township_id": QISHAN}
    return create_organisation(by, name=name, **values | fields)


def names(text):
    return list(search(Organisation.objects.order_by("name"), text).values_list("name", flat=True))


def test_two_characters_find_a_name_and_a_part_of_another_does_not(by):
    sugar = make(by)
    other = make(by, name="高雄縣旗山鎮圓潭社區發展協會")
    assert names("糖廠") == [sugar.name]
    assert names("圓潭") == [other.name]
    assert names("糖潭") == []
    assert names("旗山鎮") == sorted([sugar.name, other.name])
    assert names("") == sorted([sugar.name, other.name])
    assert names("！？") == []


def test_either_way_of_writing_tai_and_full_width_digits_find(by):
    made = make(by, name="高雄縣臺灣社區發展協會", tax_id="12345675")
    assert names("台灣") == [made.name]
    assert names("１２３４５６７５") == [made.name]


def test_a_changed_name_is_found_by_the_new_words_only(by):
    made = make(by)
    update_organisation(by, made, name="高雄縣旗山鎮永和社區發展協會")
    assert names("糖廠") == []
    assert names("永和") == ["高雄縣旗山鎮永和社區發展協會"]


def test_the_trail_keeps_what_changed_and_the_profile_its_day(by, portal_date):
    made = make(by)
    update_contact(by, made, phone="07-6612345", address="")
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert entry.action == "organisation.update_contact"
    assert (entry.before, entry.after) == ({"phone": ""}, {"phone": "07-6612345"})
    assert entry.actor_name == str(by.user)
    assert Organisation.objects.get(pk=made.pk).profile_updated_on == portal_date
