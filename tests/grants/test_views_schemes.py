"""What anybody may read of the schemes."""

import pytest

from grants.models import Envelope, Scheme
from grants.services.schemes.sync import sync
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.grants import EnvelopeFactory, terms_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def schemes():
    return {scheme.slug: scheme for scheme in sync()}


def test_sync_twice_changes_nothing(schemes):
    Scheme.objects.filter(slug="kaohsiung-88").update(name="縣府改過的名稱", closes_on=None)
    terms_of(schemes["miaoli-welfare"], township_first=False)
    sync()
    assert list(Scheme.objects.values_list("slug", "name", "closes_on")) == [
        ("kaohsiung-88", "縣府改過的名稱", None),
        ("miaoli-welfare", "苗栗縣福利社區化服務補助", None),
    ]
    assert [row.township_first for row in Scheme.objects.get(slug="miaoli-welfare").dated_terms] == [True, False]
    assert not Envelope.objects.exists()
    assert schemes["kaohsiung-88"].programmes.count() == 15
    assert list(schemes["miaoli-welfare"].programmes.values_list("code", flat=True)) == [
        "welfare_services",
        "flagship",
        "activity_centre",
    ]


def test_home_shows_what_is_open_and_left(client, schemes):
    EnvelopeFactory(scheme=schemes["kaohsiung-88"])
    page = client.get("/").content.decode()
    assert "高雄縣88災後社區及生活重建協力專案" in page
    assert "30,000,000" in page
    assert "今年的額度由縣府登錄後公布。" in page


def test_scheme_page_lists_programmes_items_and_criteria(client, schemes):
    page = client.get("/schemes/kaohsiung-88/").content.decode()
    assert page.count('<a class="btn btn-outline-secondary btn-sm"') == 15
    assert "六、行政管理費" in page
    assert "怎麼審查" in page


def test_scheme_page_of_a_plan_without_items(client, schemes):
    page = client.get("/schemes/miaoli-welfare/").content.decode()
    assert "先送鄉鎮市公所初審" in page
    assert "可以補助哪些費用" not in page


def test_papers_are_those_of_the_schemes_own_law(client, schemes):
    kaohsiung, miaoli = (
        client.get(f"/schemes/{slug}/").content.decode() for slug in ("kaohsiung-88", "miaoli-welfare")
    )
    assert ("申請書（蓋圖記）" in kaohsiung, "沒有規定要附的文件" in kaohsiung) == (True, False)
    assert ("申請書（蓋圖記）" in miaoli, "沒有規定要附的文件" in miaoli) == (False, True)


def test_unknown_scheme_is_not_found(client, schemes):
    assert client.get("/schemes/nothing/").status_code == 404


@pytest.mark.parametrize(("role", "starts"), [(None, True), (Role.MEMBER, True), (Role.CASE_OFFICER, False)])
def test_only_who_may_start_a_case_is_shown_the_button(client, schemes, role, starts):
    if role:
        client.force_login(person(role, **({"organisation_id": 1} if role == Role.MEMBER else {})))
    page = client.get("/schemes/kaohsiung-88/").content.decode()
    assert ('href="/applications/new/"' in page) == starts
