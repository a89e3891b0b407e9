"""Activity centres: who keeps them, what stands in them, how they were found; what everybody sees."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from communities.models import ActivityCentre
from communities.services import centres
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import KAOHSIUNG, person
from tests.factories.communities import QISHAN, OrganisationFactory, member_of, township, yuanli
from tests.files import samples

pytestmark = pytest.mark.django_db
FACTS = {"name": "溪畔活動中心", "address": "高雄縣旗山鎮溪畔路1號"}


@pytest.fixture
def office():
    return person(Role.TOWNSHIP_OFFICER, KAOHSIUNG, township_code=QISHAN, place_name="公所")


@pytest.fixture
def centre(office):
    return centres.enter(office, township(), **FACTS)


def test_the_township_keeps_its_own_centres_and_no_others(office, centre):
    assert (centre.county, centre.township_id) == (KAOHSIUNG, QISHAN)
    for user in (person(Role.APPROVER), member_of(OrganisationFactory())):
        with pytest.raises(Refused):
            centres.put(user, centre, name="冷氣機", quantity=1, condition="good")
    with pytest.raises(Refused):
        centres.enter(office, yuanli(), **FACTS)
    with pytest.raises(Refused, match="同名"):
        centres.enter(person(Role.CASE_OFFICER), township(), **FACTS)


def test_what_stands_there_and_how_it_was_found(client, office, centre):
    item = centres.put(office, centre, name="投影機", quantity=2, bought_in=98, condition="good")
    picture = check(SimpleUploadedFile("門口.png", samples.picture("PNG")), ("png",))
    centres.look(office, centre, dt.date(2010, 5, 1), "good", "", None)
    record = centres.look(office, centre, clock.today(), "repair", "屋頂漏水", picture)
    with pytest.raises(Refused, match="今天"):
        centres.look(office, centre, clock.today() + dt.timedelta(days=1), "good", "", None)
    page = client.get(f"/centres/{centre.pk}/").content.decode()
    assert [word in page for word in ("投影機", "屋頂漏水", "99年5月1日", "看照片")] == [True] * 4
    answer = client.get(f"/centres/{centre.pk}/pictures/{record.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "待修" in client.get("/centres/", {"township": QISHAN}).content.decode()
    centres.remove(office, item)
    assert "投影機" not in client.get(f"/centres/{centre.pk}/").content.decode()


def test_a_closed_centre_leaves_the_public_list(client, office, centre):
    body = OrganisationFactory()
    centres.change(office, centre, **FACTS, organisation=body, closed_on=clock.today())
    assert ActivityCentre.objects.get().organisation == body
    assert "溪畔活動中心" not in client.get("/centres/").content.decode()
    client.force_login(office)
    assert "99年6月1日停用" in client.get("/registry/centres/").content.decode()
