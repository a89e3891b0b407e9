import datetime as dt

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.notices.services import notify

from . import Route, World


def a_notice(world: World) -> dict:
    member = world[Role.MEMBER]
    return {"pk": notify(member, "test", "test:1", dt.date(2010, 6, 1), "主旨", "內容").pk}


# A notice is its recipient's alone.
NOT_MINE = {role: 404 for role in Role if role != Role.MEMBER}

ROUTES = {
    "notices": Route(),
    "notices-read-all": Route(),
    "notice-go": Route(a_notice, refused=NOT_MINE, leads_on=True),
    "line-webhook": Route(signed=True, post_refused=dict.fromkeys((*Role, "nobody"), 403)),
    "notice-read": Route(a_notice, refused=NOT_MINE),
}
