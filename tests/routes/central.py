import datetime as dt

from grants.models import CentralProgramme, CentralRequest
from grants.services.central import requests
from grants.services.central.requests import Asked
from miaoli_kaohsiung.accounts.enums import Role

from . import Route, World


def a_programme(world: World) -> CentralProgramme:
    return CentralProgramme.objects.create(
        county=world.organisation.county, ministry="內政部", name="推展社會福利補助", confirmed_on=dt.date(2010, 6, 1)
    )


def one(world: World) -> dict:
    return {"pk": a_programme(world).pk}


def body(world: World) -> dict:
    a_programme(world)
    return {"pk": world.organisation.pk}


def a_request(world: World) -> CentralRequest:
    return requests.ask(world[Role.MEMBER], world.organisation, Asked(a_programme(world), "長者共餐", 50_000))


def asked(world: World) -> dict:
    return {"pk": a_request(world).pk}


def forwarded(world: World) -> dict:
    row = a_request(world)
    requests.forward(world[Role.CASE_OFFICER], row, opinion="同意", number="府社字第1號", on=dt.date(2010, 6, 1))
    return {"pk": row.pk}


ROUTES = {
    "grants:central_requests": Route(),
    "grants:central_programmes": Route(),
    "grants:central_programme_new": Route(),
    "grants:central_programme": Route(one),
    "grants:central_ask": Route(body),
    "grants:central_request": Route(asked),
    "grants:central_forward": Route(asked),
    "grants:central_result": Route(forwarded),
}
