"""A township's own application for its activity centre (伍九): who may file it, what it must say, and what it is compared with."""

import datetime as dt

import pytest

from communities.models import Organisation
from communities.services import centres
from grants.compliance.eligibility import offer
from grants.models import Application, Award, Scheme
from grants.queries.applications import completeness
from grants.queries.applications.centres import before_filing, last_award, unregistered
from grants.queries.reviews.concerns import concerns_of
from grants.services.schemes.sync import sync
from tests.factories.communities import OrganisationFactory, chair_of, yuanli
from tests.factories.grants import ApplicationFactory, BudgetLineFactory, EnvelopeFactory
from tests.factories.money import county

from .filing import file, ready_case
from .rulings import in_force

pytestmark = pytest.mark.django_db
NAME = "山腳社區活動中心"
SAID = {"centre": NAME, "needs": "音響壞了，每星期三個團體使用。"}


@pytest.fixture
def scheme() -> Scheme:
    made = next(one for one in sync() if one.slug == "miaoli-welfare")
    EnvelopeFactory(scheme=made)
    for parameter, value in (("unit_caps", {"meals": 80}), ("case_cap", 60_000), ("own_share", [0, 1])):
        in_force(made, parameter=f"subsidy.{parameter}", value={"value": value}, on=dt.date(2010, 1, 6))
    return made


@pytest.fixture
def office() -> Organisation:
    return OrganisationFactory(
        kind="township_office", county="miaoli", name="苗栗縣苑裡鎮公所", township=yuanli(), registration_county="",
        registration_number="", registered_on=None,
    )  # fmt: skip


def asking(scheme: Scheme, office: Organisation, **fields) -> Application:
    return ApplicationFactory(
        programme=scheme.programmes.get(code="activity_centre"), organisation=office,
        **{"answers": SAID, "number": "ML-099-0001"} | fields,
    )  # fmt: skip


def granted(scheme: Scheme, office: Organisation, number: str, total: int, on: dt.date, **fields) -> Award:
    case = asking(scheme, office, number=number, status="approved", first_filed_on=on, **fields)
    return Award.objects.create(
        number=number, application=case, county="miaoli", total=total, approved_on=on, approved_by=case.created_by,
        proposed_by=chair_of(office), envelope=scheme.envelopes.get(), starts_on=on, ends_on=on,
    )  # fmt: skip


def test_it_is_offered_to_the_office_and_refused_to_an_association(scheme, office):
    def stops(body: Organisation) -> dict[str, list[str]]:
        made = offer(scheme, body)
        rows = [row for _part, choices in made.parts for row in choices]
        return {row.programme.code: [reason.message for reason in (*made.stops, *row.stops)] for row in rows}

    body = OrganisationFactory(
        county="miaoli", name="苗栗縣苑裡鎮示範社區發展協會", township=yuanli(), registration_county="苗栗縣"
    )
    only = "這個方案由苗栗縣鄉鎮市公所申請。"
    assert (stops(office)["activity_centre"], stops(body)["activity_centre"]) == ([], [only])
    assert stops(office)["welfare_services"] == ["這個方案由苗栗縣立案的社區發展協會申請。"]


def test_without_centre_and_needs_it_cannot_be_filed(scheme, office):
    case = asking(scheme, office, answers=SAID | {"centre": ""})
    assert [gap.field for gap in completeness.gaps(case) if gap.message.startswith("請回答")] == ["centre"]
    case.answers = {}
    assert [(gap.step, gap.field, gap.message) for gap in completeness.gaps(case) if "回答" in gap.message] == [
        ("project", "centre", "請回答「哪一個活動中心」。"), ("project", "needs", "請回答「需求說明」。"),
    ]  # fmt: skip


def test_the_office_files_straight_to_the_county(scheme, office):
    case = ready_case(
        office, programme=scheme.programmes.get(code="activity_centre"), answers=SAID, service_area=["10005020"],
        number="ML-099-0001", ends_on=dt.date(2010, 11, 30),
    )  # fmt: skip
    file(chair_of(office), case)
    case.refresh_from_db()
    assert case.status == "submitted"


def test_a_centre_that_is_not_in_the_register_is_named(scheme, office):
    case = asking(scheme, office)
    assert unregistered(case) == f"「{NAME}」還沒有登錄為活動中心，沒有設備清冊可以比對。"
    officer = county("miaoli").officer
    made = centres.enter(officer, office.township, name="山腳 社區活動中心", address="山腳路66號")
    assert unregistered(case) == ""
    centres.change(officer, made, closed_on=dt.date(2010, 5, 1), name=made.name)
    assert unregistered(case) != ""


def test_the_last_awards_for_the_same_centre_are_named_to_both_sides(scheme, office):
    granted(scheme, office, "ML-099-0002", 30_000, dt.date(2010, 2, 1))
    granted(scheme, office, "ML-099-0003", 50_000, dt.date(2010, 3, 1), answers={"centre": "稻浪社區活動中心"})
    granted(scheme, office, "ML-099-0004", 40_000, dt.date(2010, 4, 1))
    case = asking(scheme, office, number="ML-099-0005")
    sentence = (
        "同一個活動中心以前補助過：99年4月1日 ML-099-0004 核定 40,000 元、99年2月1日 ML-099-0002 核定 30,000 元。"
    )
    assert last_award(case) == sentence
    assert before_filing(case) == [unregistered(case), sentence]
    assert {one.key: one.sentence for one in concerns_of(case)}["centre"] == unregistered(case) + sentence
    other = asking(scheme, office, number="ML-099-0006", status="submitted", answers={})
    assert (last_award(other), unregistered(other)) == ("", "")


def test_equipment_that_stands_in_the_centre_is_named_on_the_last_page(client, scheme, office):
    officer = county("miaoli").officer
    made = centres.enter(officer, office.township, name=NAME, address="山腳路66號")
    centres.put(officer, made, name="音響", quantity=1, condition="unusable")
    case = asking(scheme, office)
    BudgetLineFactory(application=case, item="equipment", description="移動式音響", requested=9_000)
    client.force_login(chair_of(office))
    page = client.get(f"/applications/{case.number}/edit/review/").content.decode()
    assert "送件前請先看：縣府審查時也會看到" in page
    assert f"活動中心的設備裡已經有：{NAME}的音響 1 件（不能用）。" in page
