"""Two activity centres of 苑裡鎮: what stands in them, how they were found in the year, one of them run by an association."""

import datetime as dt
from collections.abc import Iterator

from communities.models import Township
from communities.services.centres import enter, look, put
from grants.models import PropertyItem
from grants.services.assets.keeping import keep

from .papers import paper
from .registry import World

# Name, address, the word of the association that runs it, and what stands there: name, quantity, bought in, condition.
CENTRES = (
    (
        "稻浪社區活動中心",
        "苗栗縣苑裡鎮稻浪路8號",
        "稻浪",
        (("投影機", 1, 94, "repair"), ("冷氣機", 3, 96, "good"), ("摺疊桌", 20, 92, "good")),
    ),
    ("山腳社區活動中心", "苗栗縣苑裡鎮山腳路66號", "", (("血壓計", 2, 97, "good"), ("音響", 1, 90, "unusable"))),
)


def year(world: World) -> Iterator[dt.date]:
    """The days on which somebody acts, as `load.walk` asks for them."""
    yield dt.date(2010, 3, 2)
    office = world.users["yuanli-office"]
    made = []
    for name, address, word, things in CENTRES:
        body = world.organisations[word] if word else None
        place = Township.objects.get(pk=world.organisations["稻浪"].township_id)
        centre = enter(office, place, name=name, address=address, organisation=body, built_in=85, area=240)
        for thing, quantity, bought_in, condition in things:
            put(office, centre, name=thing, quantity=quantity, bought_in=bought_in, condition=condition)
        made.append(centre)
    yield dt.date(2010, 5, 12)
    look(office, made[0], dt.date(2010, 5, 12), "good", "一樓重新粉刷過。", paper("photos"))
    look(office, made[1], dt.date(2010, 5, 12), "repair", "屋頂漏水，已請廠商估價。", None)
    yield dt.date(2010, 5, 31)
    bought = PropertyItem.objects.filter(organisation=world.organisations["苑裡公所"]).select_related("organisation")
    if item := bought.first():
        keep(office, item, place="山腳社區活動中心一樓", keeper="苑示範", years=5)
