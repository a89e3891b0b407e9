"""What somebody wrote of places reads as on the day: addresses, areas and villages, after a county and its townships were renamed."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities import naming
from communities.models import ActivityCentre, Course
from communities.services.organisations import load_townships
from communities.services.registry_import import imports
from grants.models import PresentationSession, Scheme
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import OrganisationFactory

pytestmark = pytest.mark.django_db
BEFORE, AFTER = dt.date(2010, 12, 24), dt.date(2010, 12, 26)
JIAXIAN = "64000330"
OLD = {"village": "大田村", "area_served": "甲仙鄉大田村、和安村第1至4鄰", "address": "高雄縣甲仙鄉大田村新村路1號"}
NEW = {"village": "大田里", "area_served": "甲仙區大田里、和安里第1至4鄰", "address": "高雄市甲仙區大田里新村路1號"}


@pytest.fixture
def body():
    load_townships()
    return OrganisationFactory(name="高雄縣甲仙鄉大田社區發展協會", township_id=JIAXIAN, **OLD)


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("旗山鎮溪畔里", "旗山區溪畔里"),
        ("高雄縣旗山鎮中山路1號", "高雄市旗山區中山路1號"),
        ("847高雄縣甲仙鄉和安村和平路2號", "847高雄市甲仙區和安里和平路2號"),
        ("高雄縣甲仙鄉新村路3號", "高雄市甲仙區新村路3號"),
        ("甲仙鄉大田村、西安村及東安村", "甲仙區大田里、西安里及東安里"),
        ("甲仙鄉公所3樓，近農村再生中心", "甲仙區公所3樓，近農村再生中心"),
        ("三民鄉、那瑪夏鄉", "那瑪夏區、那瑪夏區"),
        ("旗山鎮長青農村", "旗山區長青農村"),
        ("高雄縣各鄉鎮", "高雄市各鄉鎮"),
        ("屏東縣高樹鄉大埔村", "屏東縣高樹鄉大埔村"),
        ("", ""),
    ],
)
def test_a_text_on_the_day_before_and_on_the_day_after(before, after):
    load_townships()
    assert naming.present(before, KAOHSIUNG, BEFORE) in {before, before.replace("三民鄉", "那瑪夏鄉")}
    assert naming.present(before, KAOHSIUNG, AFTER) == after
    assert naming.present(before, MIAOLI, AFTER) == before


def test_a_village_alone_goes_with_its_township():
    load_townships()
    assert naming.present("大田村", KAOHSIUNG, AFTER, JIAXIAN) == "大田里"
    assert naming.present("大田村", KAOHSIUNG, BEFORE, JIAXIAN) == "大田村"
    assert naming.present("大田村", KAOHSIUNG, AFTER) == "大田村"


def exported(client) -> dict[str, str]:
    data = b"".join(client.get(reverse("communities:registry-export", args=["csv"])).streaming_content)
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return {"village": row["村里"], "area_served": row["社區範圍"], "address": row["會址"]}


@pytest.mark.parametrize(("day", "said"), [(BEFORE, OLD), (AFTER, NEW)])
def test_pages_exports_and_open_data_read_as_on_the_day(client, body, officer, day, said):
    with clock.travel(day):
        public = client.get(reverse("communities:community", args=[body.pk])).content.decode()
        client.force_login(officer)
        record = client.get(reverse("communities:organisation", args=[body.pk])).content.decode()
        form = client.get(reverse("communities:organisation-contact", args=[body.pk])).content.decode()
        data = b"".join(client.get("/open-data/organisations.csv").streaming_content).decode()
        assert exported(client) == said
    other = NEW if said is OLD else OLD
    for page in (public, record):
        assert [words in page for words in said.values()] == [True] * 3
        assert [words in page for words in other.values()] == [False] * 3
    assert (said["area_served"] in form, said["address"] in form) == (True, True)
    assert f",{said['village']}," in data
    body.refresh_from_db()
    assert {name: getattr(body, name) for name in OLD} == OLD


def test_a_form_that_is_sent_as_it_is_changes_nothing(client, body, officer):
    with clock.travel(AFTER):
        client.force_login(officer)
        page = reverse("communities:organisation-contact", args=[body.pk])
        said = client.get(page).context["form"].initial
        client.post(page, {name: value or "" for name, value in said.items()})
        body.refresh_from_db()
        assert body.address == OLD["address"]
        client.post(page, {**{name: value or "" for name, value in said.items()}, "address": "高雄市甲仙區西安里1號"})
    body.refresh_from_db()
    assert (body.address, body.area_served) == ("高雄市甲仙區西安里1號", OLD["area_served"])
    assert [entry.after for entry in AuditEntry.objects.filter(object_id=str(body.pk)) if "address" in entry.after] == [
        {"address": "高雄市甲仙區西安里1號"}
    ]


def test_what_is_taken_out_after_the_merger_and_brought_back_changes_nothing(client, body, officer):
    with clock.travel(AFTER):
        client.force_login(officer)
        data = b"".join(client.get(reverse("communities:registry-export", args=["csv"])).streaming_content)
        made = imports.start(Actor(officer), KAOHSIUNG, SimpleUploadedFile("x.csv", data))
        imports.preview(Actor(officer), made, imports.guessed(made), [])
    made.refresh_from_db()
    assert made.counts == {"added": 0, "changed": 0, "unchanged": 1, "refused": 0}


def test_an_activity_centre_stands_where_its_address_says_today():
    load_townships()
    centre = ActivityCentre(county=KAOHSIUNG, township_id=JIAXIAN, address=OLD["address"])
    for day, said in ((BEFORE, OLD), (AFTER, NEW)):
        with clock.travel(day):
            assert centre.present_address == said["address"]


def test_a_course_and_a_session_are_where_the_place_is_called_so_today_and_later_as_on_their_day(body):
    """A meeting room of the township office, typed before the merger."""
    for day, on, said in (
        (dt.date(2011, 1, 5), BEFORE, "甲仙鄉公所3樓"),
        (dt.date(2011, 1, 5), AFTER, "甲仙區公所3樓"),
        (BEFORE, AFTER, "甲仙鄉公所3樓"),
    ):
        course = Course(county=KAOHSIUNG, day=day, place="甲仙鄉公所3樓")
        session = PresentationSession(scheme=Scheme(county=KAOHSIUNG), held_on=day, place="甲仙鄉公所3樓")
        with clock.travel(on):
            assert (course.present_place, session.present_place) == (said, said)
