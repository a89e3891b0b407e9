from django.core.files.uploadedfile import SimpleUploadedFile

from communities.models import ActivityCentre, Township
from communities.services import centres
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib import clock
from tests.factories.communities import QISHAN
from tests.files import samples

from . import Route, World


def a_centre(world: World) -> dict:
    """With a thing in it and a picture of today."""
    place = Township.objects.get(pk=QISHAN)
    name = f"溪畔活動中心{ActivityCentre.objects.count() + 1}"
    made = centres.enter(world[Role.TOWNSHIP_OFFICER], place, name=name, address="高雄縣旗山鎮溪畔路1號")
    centres.put(world[Role.TOWNSHIP_OFFICER], made, name="投影機", quantity=1, condition="good")
    picture = check(SimpleUploadedFile("門口.png", samples.picture("PNG")), ("png",))
    centres.look(world[Role.TOWNSHIP_OFFICER], made, clock.today(), "repair", "屋頂漏水", picture)
    return {"pk": made.pk}


def a_thing(world: World) -> dict:
    pk = a_centre(world)["pk"]
    return {"pk": pk, "item": ActivityCentre.objects.get(pk=pk).items.get().pk}


def a_picture(world: World) -> dict:
    pk = a_centre(world)["pk"]
    return {"pk": pk, "record": ActivityCentre.objects.get(pk=pk).records.get().pk}


ROUTES = {
    "communities:centres": Route(),
    "communities:centre-public": Route(a_centre),
    "communities:centre-picture": Route(a_picture),
    "communities:centre-list": Route(),
    "communities:centre-new": Route(),
    "communities:centre": Route(
        a_centre, post_refused=dict.fromkeys((Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR), 403)
    ),
    "communities:centre-edit": Route(a_centre),
    "communities:centre-item-gone": Route(a_thing),
}
