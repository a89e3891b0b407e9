"""The pages of rulings and waivers: who sees them, what the forms refuse, what is shown before confirming."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.enums import RulingStatus
from grants.models import Ruling, Waiver
from grants.services.rulings import record_ruling, record_waiver
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import member_of
from tests.factories.grants import ApplicationFactory, SchemeFactory
from tests.files.samples import pdf
from tests.grants.rulings import JULY, draft, filed_case, in_force, officer

pytestmark = pytest.mark.django_db
NEW = "/rulings/new/kaohsiung-88/"
CASUAL = f"{NEW}?parameter=casual_pay.hourly"
TYPED = {
    "strict": "９０",
    "lenient": "",
    "effective_from": "99/7/1",
    "memo_number": "府社字第1號",
    "reason": "配合預算",
}


def signed_in(client, user):
    client.force_login(user)
    return client


def scan(name="簽.pdf"):
    return SimpleUploadedFile(name, pdf(), content_type="application/pdf")


def test_an_officer_records_and_another_confirms_on_the_page(client, scheme):
    author, head = officer(), officer(Role.APPROVER)
    response = signed_in(client, author).post(CASUAL, {**TYPED, "scan": scan()}, follow=True)
    ruling = Ruling.objects.get()
    assert (ruling.value, ruling.effective_from, ruling.status) == ({"value": 90}, JULY, RulingStatus.DRAFT)
    assert ruling.scan.name == "簽.pdf"
    page = response.content.decode()
    assert "登錄的人不能自己確認" in page
    assert "確認這則函釋" not in page
    assert client.post(f"/rulings/{ruling.pk}/confirm/").status_code == 403
    page = signed_in(client, head).get(f"/rulings/{ruling.pk}/").content.decode()
    assert "確認這則函釋" in page
    assert client.get(f"/rulings/{ruling.pk}/scan/").status_code == 200
    page = client.post(f"/rulings/{ruling.pk}/confirm/", follow=True).content.decode()
    ruling.refresh_from_db()
    assert ruling.status == RulingStatus.CONFIRMED
    assert "確認這則函釋" not in page


def test_refusing_needs_a_reason(client, scheme):
    ruling = record_ruling(officer(), scheme, draft())
    signed_in(client, officer())
    assert client.post(f"/rulings/{ruling.pk}/refuse/", {"note": " "}).status_code == 422
    assert client.post(f"/rulings/{ruling.pk}/refuse/", {"note": "文號不對"}).status_code == 302
    ruling.refresh_from_db()
    assert ruling.status == RulingStatus.REFUSED


def test_the_page_shows_what_would_change_before_confirming(client, scheme):
    case = filed_case(1900)
    ruling = record_ruling(officer(), scheme, draft())
    page = signed_in(client, officer()).get(f"/rulings/{ruling.pk}/").content.decode()
    assert case.number in page
    assert "看過 1 件，1 件的檢核結果會不同" in page
    assert "+100 元" in page


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"strict": "九十"}, "strict"),
        ({"strict": ""}, "strict"),
        ({"strict": "95", "lenient": "90"}, "lenient"),
        ({"effective_from": "99/13/1"}, "effective_from"),
        ({"memo_number": ""}, "memo_number"),
        ({"reason": ""}, "reason"),
        ({"scan": SimpleUploadedFile("a.pdf", b"MZ program")}, "scan"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(client, scheme, data, field):
    response = signed_in(client, officer()).post(CASUAL, TYPED | data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Ruling.objects.count() == 0


@pytest.mark.parametrize(
    ("slug", "parameter", "typed", "value"),
    [
        ("kaohsiung-88", "casual_pay.hourly", {"strict": "90", "lenient": "1,00"}, None),
        ("kaohsiung-88", "casual_pay.hourly", {"strict": "90", "lenient": "100"}, {"strict": 90, "lenient": 100}),
        ("kaohsiung-88", "hired_labour.share", {"strict": "１５％"}, {"value": [15, 100]}),
        ("kaohsiung-88", "hired_labour.share", {"strict": "1/8"}, {"value": [1, 8]}),
        ("kaohsiung-88", "hired_labour.share", {"strict": "1/0"}, None),
        ("kaohsiung-88", "eligibility.typhoon", {"strict": "98/8/7"}, {"value": "2009-08-07"}),
        (
            "kaohsiung-88",
            "eligibility.indigenous_kinds",
            {"strict": "公所\n教會"},
            {"value": ["township_office", "church"]},
        ),
        ("kaohsiung-88", "review.weights", {"strict": "40\n20\n20\n20"}, {"value": [40, 20, 20, 20]}),
        ("kaohsiung-88", "review.weights", {"strict": "四十"}, None),
        ("miaoli-welfare", "project.within_year", {"strict": "false"}, {"value": False}),
        (
            "miaoli-welfare",
            "subsidy.unit_caps",
            {"strict": "印刷費 5,000\nmeals 80"},
            {"value": {"printing": 5000, "meals": 80}},
        ),
        ("miaoli-welfare", "subsidy.unit_caps", {"strict": "印刷費"}, None),
    ],
)
def test_every_type_of_parameter_can_be_ruled_on(client, slug, parameter, typed, value):
    county = "miaoli" if slug.startswith("miaoli") else "kaohsiung"
    law = "miaoli" if county == "miaoli" else "kaohsiung_88"
    SchemeFactory(slug=slug, county=county, ruleset=law, number_prefix=county[:2])
    signed_in(client, officer(county=county))
    address = f"/rulings/new/{slug}/?parameter={parameter}"
    assert client.get(address).status_code == 200
    response = client.post(address, TYPED | typed)
    if value is None:
        assert response.status_code == 422
        assert Ruling.objects.count() == 0
    else:
        assert response.status_code == 302
        assert Ruling.objects.get().value == value
        assert client.get(response["Location"]).status_code == 200


def test_a_reading_is_settled_by_choosing_a_side(client, scheme):
    from grants.rules.ruleset import load

    parameter = load("kaohsiung_88").parameter("reading.A5")
    strict, lenient = next(iter(parameter.choices)), list(parameter.choices)[-1]
    signed_in(client, officer())
    client.post(f"{NEW}?parameter={parameter.name}", TYPED | {"strict": lenient, "lenient": ""})
    assert Ruling.objects.get().value == {"value": lenient}
    response = client.post(f"{NEW}?parameter={parameter.name}", TYPED | {"strict": lenient, "lenient": strict})
    assert response.status_code == 422


def test_missing_standards_stand_first_in_the_choice(client):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="ML")
    page = signed_in(client, officer(county="miaoli")).get("/rulings/new/miaoli-welfare/").content.decode()
    assert "還沒有公告的補助標準" in page
    assert "每案補助上限" in page
    assert client.get("/rulings/new/miaoli-welfare/?parameter=no.such").status_code == 404
    assert "還缺下列補助標準" in client.get("/rulings/").content.decode()


ALLOWED = {Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}
SCOPES = {Role.MEMBER: {"organisation_id": 1}, Role.TOWNSHIP_OFFICER: {"township_code": "64000300"}}


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_and_who_records(client, scheme, role):
    ruling = in_force(scheme)
    signed_in(client, person(role, **SCOPES.get(role, {})))
    expected = 200 if role in ALLOWED else 403
    assert client.get("/rulings/").status_code == expected
    assert client.get(f"/rulings/{ruling.pk}/").status_code == expected
    assert client.get(NEW).status_code == (200 if role in (Role.CASE_OFFICER, Role.APPROVER) else 403)


def test_the_other_county_finds_nothing(client, scheme):
    ruling = record_ruling(officer(), scheme, draft())
    signed_in(client, officer(county="miaoli"))
    assert client.get(f"/rulings/{ruling.pk}/").status_code == 404
    assert client.get(f"/rulings/{ruling.pk}/scan/").status_code == 404
    assert client.post(f"/rulings/{ruling.pk}/confirm/").status_code == 404
    assert client.get(NEW).status_code == 404
    assert "府社字第0990000088號" not in client.get("/rulings/").content.decode()


def test_the_list_takes_the_same_queries_for_one_and_thirty(client, scheme, django_assert_num_queries):
    one, two = officer(), officer()
    signed_in(client, one)
    client.get("/rulings/")  # the first page of a session notes when it began

    def make(count):
        for _n in range(count):
            since = JULY + dt.timedelta(days=Ruling.objects.count())
            values = {"scheme": scheme, "parameter": "casual_pay.hourly", "effective_from": since, "memo_number": "簽"}
            values |= {"author": one, "recorded_on": JULY}
            confirmed = {"decided_by": two, "decided_on": JULY, "status": RulingStatus.CONFIRMED}
            Ruling.objects.create(value={"value": 90}, **values, **confirmed)
            Ruling.objects.create(value={"value": 80}, **values)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/rulings/").status_code == 200
        return len(found)

    make(1)
    first = queries()
    make(29)
    assert queries() == first
    assert first <= 15


# Waivers


def choices(page):
    """The groups of the form's clauses, each with its ids."""
    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', page, re.DOTALL)
    return [(label, re.findall(r'<option value="([^"]*)"', inside)) for label, inside in groups]


def waiver_form(**data):
    return {"clause": "K4.1.4", "memo_number": "簽099第7號", "reason": "偏遠地區人力不足"} | data


def test_a_waiver_is_recorded_and_confirmed_on_the_page_of_the_case(client, scheme):
    case = filed_case(2000)
    address = f"/applications/{case.number}/waivers/"
    page = signed_in(client, officer()).get(address).content.decode()
    assert [(label, "K4.1.4" in clauses) for label, clauses in choices(page)] == [
        ("本案未符合的條文", True),
        ("其他條文", False),
    ]
    assert client.post(address, waiver_form(scan=scan())).status_code == 302
    waiver = Waiver.objects.get()
    assert client.post(f"{address}{waiver.pk}/confirm/").status_code == 403
    assert client.get(f"{address}{waiver.pk}/scan/").status_code == 200
    signed_in(client, officer(Role.APPROVER))
    assert client.post(f"{address}{waiver.pk}/refuse/", {}).status_code == 422
    assert client.post(f"{address}{waiver.pk}/confirm/").status_code == 302
    waiver.refresh_from_db()
    assert waiver.status == RulingStatus.CONFIRMED
    response = client.post(address, waiver_form())
    assert response.status_code == 422
    assert "已經登錄過" in response.content.decode()


def test_a_clause_that_the_case_meets_stands_among_the_others(client, scheme):
    case = filed_case(1900)
    page = signed_in(client, officer()).get(f"/applications/{case.number}/waivers/").content.decode()
    assert "K4.1.4" in dict(choices(page))["其他條文"]


def test_refusing_a_waiver(client, scheme):
    case = filed_case(2000)
    waiver = record_waiver(officer(), case, "K4.1.4", "簽1", "理由")
    address = f"/applications/{case.number}/waivers/{waiver.pk}/refuse/"
    assert signed_in(client, officer()).post(address, {f"waiver-{waiver.pk}-note": "請補說明"}).status_code == 302
    waiver.refresh_from_db()
    assert waiver.status == RulingStatus.REFUSED


def test_who_sees_the_waivers_of_a_case(client, scheme):
    case = filed_case(2000)
    waiver = record_waiver(officer(), case, "K4.1.4", "簽1", "理由")
    address = f"/applications/{case.number}/waivers/"
    member = member_of(case.organisation)
    page = signed_in(client, member).get(address).content.decode()
    assert "簽1" in page
    assert "登錄個案同意" not in page
    assert client.post(address, waiver_form(clause="K4.1.2")).status_code == 403
    assert client.get(f"{address}{waiver.pk}/scan/").status_code == 403
    assert signed_in(client, member_of(filed_case().organisation)).get(address).status_code == 404
    assert signed_in(client, officer(county="miaoli")).get(address).status_code == 404
    assert signed_in(client, person(Role.AUDITOR)).get(address).status_code == 200
    assert signed_in(client, person(Role.ADMINISTRATOR)).get(address).status_code == 403


def test_a_draft_can_be_given_a_waiver_without_showing_what_is_in_it(client, scheme):
    case = ApplicationFactory(title="還沒送件的計畫名稱")
    address = f"/applications/{case.number}/waivers/"
    page = signed_in(client, officer()).get(address).content.decode()
    assert case.title not in page
    assert [label for label, _clauses in choices(page)] == ["其他條文"]
    assert client.post(address, waiver_form()).status_code == 302
    assert signed_in(client, person(Role.AUDITOR)).get(address).status_code == 404


def test_staff_are_led_from_the_case_to_its_waivers(client, scheme):
    case = filed_case(2000)
    link = f'href="/applications/{case.number}/waivers/"'
    assert link in signed_in(client, officer()).get(f"/applications/{case.number}/").content.decode()
    assert (
        link
        not in signed_in(client, member_of(case.organisation)).get(f"/applications/{case.number}/").content.decode()
    )


def test_a_number_that_the_database_could_not_even_read_is_not_found(client, scheme):
    signed_in(client, officer())
    assert client.get("/applications/%00/waivers/").status_code == 404
    assert client.post("/applications/%00/waivers/1/confirm/").status_code == 404
