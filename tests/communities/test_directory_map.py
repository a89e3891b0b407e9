"""The directory's map of tiles: every township once, counted by tier, in a fixed number of queries; a tile filters the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.enums import OrganisationStatus
from communities.queries.township_map import maps
from communities.services.organisations import load_townships
from tests.factories.accounts import KAOHSIUNG, MIAOLI
from tests.factories.communities import QISHAN, YUANLI, OrganisationFactory, township

pytestmark = pytest.mark.django_db


def bodies() -> None:
    load_townships()
    for tier in ("excellent", "excellent", "potential", ""):
        OrganisationFactory(township_id=YUANLI, county=MIAOLI, current_tier=tier)
    OrganisationFactory(township_id=YUANLI, county=MIAOLI, status=OrganisationStatus.DISSOLVED)
    OrganisationFactory(name="高雄縣旗山鎮楓香社區發展協會", township_id=QISHAN)


def test_every_township_has_a_place_of_its_own():
    load_townships()
    for found, count in zip(maps([MIAOLI, KAOHSIUNG]), (18, 27), strict=True):
        assert len({(tile.x, tile.y) for tile in found.tiles}) == len(found.tiles) == count


def test_a_tile_counts_the_bodies_of_the_directory_by_tier():
    bodies()
    found, _other = maps([MIAOLI, KAOHSIUNG])
    (tile,) = (one for one in found.tiles if one.code == YUANLI)
    assert (tile.name, tile.excellent, tile.potential, tile.basic, tile.ungraded, tile.total, tile.shade) == (
        "苑裡鎮", 2, 1, 0, 1, 4, 4,
    )  # fmt: skip
    assert (found.total, {one.shade for one in found.tiles}) == (4, {0, 4})


def test_a_township_that_is_not_drawn_stands_below_the_others():
    load_townships()
    township("10005999", "新鄉", county=MIAOLI, postal_code="000", position=99)
    (found,) = maps([MIAOLI])
    assert found.tiles[-1].y > max(tile.y for tile in found.tiles[:-1])


def test_a_tile_filters_the_directory_and_the_map_is_that_of_its_county(client):
    bodies()
    html = client.get("/communities/", {"township": YUANLI}).content.decode()
    assert (html.count("tile-map"), "苗栗縣鄉鎮市示意圖" in html, "楓香" in html) == (1, True, False)
    assert f'href="?township={YUANLI}#found" aria-current="true"' in html
    both = client.get("/communities/").content.decode()
    assert (both.count('class="tile-map"'), "楓香" in both) == (2, True)


def test_the_queries_do_not_grow_with_the_associations(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/communities/")
        return len(found)

    bodies()
    queries()
    first = queries()
    for _number in range(10):
        OrganisationFactory()
    assert queries() == first
