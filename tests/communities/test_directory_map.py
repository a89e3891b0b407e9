"""The directory's map of tiles: every township once, counted by tier, in a fixed number of queries; a tile filters the list."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.enums import OrganisationStatus, Tier
from communities.models import TierDecision
from communities.places import kinds
from communities.queries.tier_years import years_of
from communities.queries.township_map import maps
from communities.services.organisations import load_townships
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
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


def test_the_map_of_a_year_counts_the_tiers_of_that_year(client):
    load_townships()
    body = OrganisationFactory(township_id=YUANLI, county=MIAOLI, current_tier=Tier.EXCELLENT, current_tier_year=2010)
    OrganisationFactory(township_id=YUANLI, county=MIAOLI)
    for year, tier in ((2009, Tier.BASIC), (2010, Tier.EXCELLENT)):
        decided(body, year, tier)
    decided(body, 2008, Tier.POTENTIAL, status="proposed")

    def yuanli_of(year: int | None) -> tuple[int, int, int, int]:
        (found,) = maps([MIAOLI], year)
        (tile,) = (one for one in found.tiles if one.code == YUANLI)
        return tile.excellent, tile.basic, tile.ungraded, tile.level

    assert (yuanli_of(None), yuanli_of(2010), yuanli_of(2009)) == ((1, 0, 1, 3), (1, 0, 1, 3), (0, 1, 1, 1))
    assert years_of([MIAOLI]) == [2010, 2009]
    page = client.get("/communities/", {"county": MIAOLI, "year": "98"}).content.decode()
    assert [words in page for words in ("苗栗縣 98 年各鄉鎮市的分級", 'class="heat-1"', f"?township={YUANLI}&amp;year=98#found")] == [
        True, True, True,
    ]  # fmt: skip
    for unknown in ("97", "9999", "x", "-1"):
        assert 'class="heat-1"' not in client.get("/communities/", {"county": MIAOLI, "year": unknown}).content.decode()


def decided(body, year: int, tier: str, status: str = "confirmed") -> None:
    officer, head = person(Role.CASE_OFFICER, MIAOLI), person(Role.APPROVER, MIAOLI)
    by = {"decided_by": head, "decided_on": dt.date(2010, 6, 1)} if status == "confirmed" else {}
    TierDecision.objects.create(
        organisation=body, year=year, tier=tier, basis="decision", reason="示範", status=status, proposed_by=officer,
        proposed_on=dt.date(2010, 6, 1), **by,
    )  # fmt: skip


def test_the_parts_of_a_county_are_called_as_the_county_calls_them(client):
    load_townships()
    before = (kinds(), kinds(MIAOLI), kinds(KAOHSIUNG))
    with clock.travel(dt.date(2010, 12, 25)):
        after = (kinds(), kinds(MIAOLI), kinds(KAOHSIUNG))
        page = client.get("/communities/", {"county": KAOHSIUNG}).content.decode()
    assert (before, after) == (("鄉鎮市", "鄉鎮市", "鄉鎮市"), ("鄉鎮市區", "鄉鎮市", "區"))
    assert ("各區的單位" in page, "各鄉鎮市" in page) == (True, False)
