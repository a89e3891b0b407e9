"""Registration papers filled from the record, as text document and PDF; only for the association and its county."""

import io

import pytest
from django.template.loader import render_to_string
from odf import teletype, text
from odf.opendocument import load

from communities.services import record_changes
from grants.services.open_data import registration_papers
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.grants.papers import text_of_pdf

pytestmark = pytest.mark.django_db
SLUGS = ("founding-registration", "change-registration", "officers", "members")


def words_of(content: bytes) -> str:
    document = load(io.BytesIO(content))
    return "\n".join(teletype.extractText(part) for part in document.getElementsByType(text.P))


def test_a_paper_is_filled_from_the_record_in_both_formats(client):
    body = OrganisationFactory(phone="07-6610001", members_count=52, area_served="溪畔里")
    chair = chair_of(body)
    client.force_login(chair)
    page = client.get(f"/registry/{body.pk}/registration/").content.decode()
    for slug in SLUGS:
        address = f"/registry/{body.pk}/registration/{slug}"
        assert [f'href="{address}.{kind}"' in page for kind in ("pdf", "odt")] == [True, True]
        said = words_of(client.get(f"{address}.odt").content)
        assert [word in said for word in (body.name, "溪畔里", "高雄縣政府")] == [True] * 3, slug
    printed = text_of_pdf(client.get(f"/registry/{body.pk}/registration/officers.pdf").content)
    assert [word in printed for word in ("職員名冊", chair.display_name, "理事長")] == [True] * 3
    founding = words_of(client.get(f"/registry/{body.pk}/registration/founding-registration.odt").content)
    assert [word in founding for word in ("52", "07-6610001", "章程", "會員名冊")] == [True] * 4


def test_what_the_record_does_not_say_stays_blank_and_is_named(client):
    body = OrganisationFactory(area_served="", address="")
    client.force_login(chair_of(body))
    page = client.get(f"/registry/{body.pk}/registration/").content.decode()
    assert "統一編號、會址、組織區域" in page


def test_a_change_that_waits_stands_in_the_application(client):
    body = OrganisationFactory(area_served="溪畔里")
    chair = chair_of(body)
    record_changes.propose_record(chair, body, {"area_served": "溪畔里、溪尾里"}, "擴大", None)
    client.force_login(chair)
    said = words_of(client.get(f"/registry/{body.pk}/registration/change-registration.odt").content)
    assert "溪畔里、溪尾里" in said


@pytest.mark.parametrize("extension", ["odt", "pdf"])
def test_nobody_else_gets_them(client, extension):
    body = OrganisationFactory()
    address = f"/registry/{body.pk}/registration/officers.{extension}"
    outsiders = {chair_of(OrganisationFactory()): 404, person(Role.CASE_OFFICER, MIAOLI): 404}
    for user, status in outsiders.items():
        client.force_login(user)
        assert client.get(address).status_code == status
    client.force_login(person(Role.CASE_OFFICER))
    assert client.get(address).status_code == 200
    assert client.get(f"/registry/{body.pk}/registration/letter.{extension}").status_code == 404


def test_empty_cells_hold_the_space_that_the_font_has():
    """The typeface of the papers draws a no-break space as a box."""
    body = OrganisationFactory()
    chair = chair_of(body)
    paper = registration_papers.papers_of(chair, body)["officers"]
    page = render_to_string("grants/open_data/registration_paper.html", {"paper": paper, "office": "", "signs": []})
    assert (page.count("<td>　</td>"), "nbsp" in page, "\xa0" in page) == (7 * 5 + 2, False, False)


@pytest.mark.parametrize(
    ("kind", "name", "there"),
    [
        ("community_association", "旗山鎮示範社區發展協會", True),
        ("civic_group", "社團法人示範關懷協會", True),
        ("civic_group", "財團法人示範文教基金會", False),
        ("school", "旗山鎮示範國小", False),
        ("church", "示範長老教會", False),
    ],
)
def test_papers_of_an_association_are_offered_to_associations(client, kind, name, there):
    body = OrganisationFactory(kind=kind, name=name)
    client.force_login(chair_of(body))
    address = f"/registry/{body.pk}/registration/"
    assert (address in client.get("/registry/mine/").content.decode()) == there
    assert client.get(address).status_code == (200 if there else 404)
