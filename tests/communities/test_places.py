import datetime as dt

import pytest

from communities.models import Township, TownshipName
from communities.queries import township_name, townships_of
from communities.services.organisations import load_townships
from tests.factories.accounts import KAOHSIUNG, MIAOLI

NAMAXIA, TOUFEN, QISHAN = "64000380", "10005050", "64000300"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places():
    load_townships()


def test_both_counties_have_all_their_townships():
    assert Township.objects.filter(county=KAOHSIUNG).count() == 27
    assert Township.objects.filter(county=MIAOLI).count() == 18


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        (NAMAXIA, dt.date(2007, 12, 31), "三民鄉"),
        (NAMAXIA, dt.date(2008, 1, 1), "那瑪夏鄉"),
        (NAMAXIA, dt.date(2010, 12, 24), "那瑪夏鄉"),
        (NAMAXIA, dt.date(2010, 12, 25), "那瑪夏區"),
        (QISHAN, dt.date(2010, 12, 24), "旗山鎮"),
        (QISHAN, dt.date(2010, 12, 25), "旗山區"),
        (TOUFEN, dt.date(2015, 10, 4), "頭份鎮"),
        (TOUFEN, dt.date(2015, 10, 5), "頭份市"),
    ],
)
def test_a_township_bears_the_name_of_the_day(code, day, name):
    assert township_name(code, day) == name


def test_every_township_has_one_name_on_every_day_of_change():
    for name in TownshipName.objects.exclude(valid_from=None):
        for day in (name.valid_from - dt.timedelta(days=1), name.valid_from):
            rows = TownshipName.objects.filter(township=name.township)
            held = [row for row in rows if (row.valid_from or dt.date.min) <= day <= (row.valid_to or dt.date.max)]
            assert len(held) == 1


def test_an_unknown_code_is_an_error_and_none_is_no_name():
    assert township_name("") == ""
    with pytest.raises(LookupError):
        township_name("00000000")


def test_townships_come_in_their_usual_order_with_todays_name(django_assert_num_queries):
    township_name(QISHAN)
    with django_assert_num_queries(1):
        names = [place.name for place in townships_of(MIAOLI)]
    assert names[:3] == ["苗栗市", "苑裡鎮", "通霄鎮"]


def test_loading_twice_changes_nothing():
    before = list(TownshipName.objects.order_by("pk").values())
    load_townships()
    assert list(TownshipName.objects.order_by("pk").values()) == before
