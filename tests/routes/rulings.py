from grants.models import Scheme
from grants.services import rulings
from grants.services.schemes import sync
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.services import check
from tests.factories.accounts import person
from tests.factories.grants import SchemeFactory
from tests.files.samples import pdf
from tests.grants.deciding_once import decided_award
from tests.grants.rulings import draft, filed_case

from . import Route, World


def scheme(world: World) -> dict:
    return {"slug": SchemeFactory().slug}


def _scan():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return check(SimpleUploadedFile("簽.pdf", pdf(), content_type="application/pdf"))


def ruling(world: World) -> dict:
    scheme(world)
    values = draft(scan=_scan())
    return {"pk": rulings.record_ruling(person(Role.CASE_OFFICER), Scheme.objects.get(), values).pk}


def decided(world: World) -> dict:
    return ruling(world) | {"name": "confirm"}


def case(world: World) -> dict:
    return {"number": filed_case(2000, organisation=world.organisation).number}


def waiver(world: World) -> dict:
    found = filed_case(2000, organisation=world.organisation)
    row = rulings.record_waiver(person(Role.CASE_OFFICER), found, "K4.1.4", "簽1", "理由", _scan())
    return {"number": found.number, "pk": row.pk}


def waiver_decided(world: World) -> dict:
    return waiver(world) | {"name": "refuse"}


def offered(world: World) -> dict:
    sync.sync()
    return {"slug": "kaohsiung-88"}


OFFICERS_ALONE = dict.fromkeys((Role.MEMBER, Role.TOWNSHIP_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR), 403)


def decided_once(world: World) -> dict:
    return {"number": decided_award().number}


ROUTES = {
    "grants:calculator": Route(offered),
    "grants:rulings": Route(),
    "grants:ruling_new": Route(scheme),
    # An administrator of both counties reads the rulings of both; the other county's people find nothing
    # (tests/grants/test_views_rulings.py).
    "grants:ruling": Route(ruling, shared=True),
    "grants:ruling_scan": Route(ruling, shared=True),
    "grants:ruling_decide": Route(decided),
    "grants:waivers": Route(case, post_refused=OFFICERS_ALONE),
    "grants:waiver_scan": Route(waiver),
    "grants:waiver_decide": Route(waiver_decided),
    "grants:open_data": Route(),
    "grants:open_data_catalogue": Route(),
    "grants:open_data_giving": Route(),
    "grants:engine": Route(),
    "grants:award_again": Route(decided_once),
    "grants:award_again_facts": Route(decided_once),
    "grants:registration_papers": Route(lambda world: {"pk": world.organisation.pk}),
    "grants:registration_paper": Route(
        lambda world: {"pk": world.organisation.pk, "slug": "change-registration", "extension": "odt"}
    ),
    "grants:disclosure": Route(),
    "grants:disclosure_file": Route(
        lambda world: {"county": "kaohsiung", "year": 99, "quarter": 2, "extension": "csv"}
    ),
    # A list of one's own counties.
    "grants:disclosure_year": Route(shared=True),
    "grants:disclosure_year_file": Route(
        lambda world: {"kind": "central", "county": "kaohsiung", "year": 99, "extension": "csv"}
    ),
    "grants:sample_form": Route(lambda world: {"slug": "change-registration"}),
    "grants:open_data_file": Route(lambda world: {"slug": "organisations", "extension": "csv"}),
}
