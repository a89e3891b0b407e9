"""The check of two minutes: asks only what can still change the answer, and the law answers."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from grants.compliance import quick_check
from grants.compliance.quick_check import Answers, Check
from grants.models import Application, Programme, Scheme
from grants.rules import catalogue
from grants.rules.catalogue import all_programmes
from grants.rules.estimates import ESTIMATES, estimated_item
from grants.rules.ruleset import load
from grants.services.schemes.sync import sync
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, township

pytestmark = pytest.mark.django_db
OUTSIDE = "64000140"
NAMASIA = "64000380"
HERE = {"kind": "community_association", "county": "kaohsiung", "registered": "yes"}
STATION = HERE | {"programme": "elder_care_station"}
PLAN = {"starts": "2010-07-01", "months": "6", "many": "2"}


@pytest.fixture(autouse=True)
def places():
    sync()
    township()
    township(OUTSIDE, "大寮鄉", postal_code="831")
    township(NAMASIA, "那瑪夏鄉", postal_code="849")


def asks(**answers):
    return Check(Answers(**answers)).question()


def reasons(**answers):
    return [(reason.clause, reason.stops) for reason in Check(Answers(**answers)).reasons()]


# --- What is asked ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({}, "kind"),
        ({"kind": "community_association"}, "county"),
        ({"kind": "community_association", "county": "kaohsiung"}, "registered"),
        (HERE, "programme"),
        (STATION, "area"),
        (STATION | {"area": QISHAN}, "starts"),
        (STATION | {"area": QISHAN, "starts": "2010-07-01"}, "months"),
        (STATION | {"area": QISHAN, "starts": "2010-07-01", "months": "6"}, "many"),
        (STATION | {"area": QISHAN} | PLAN, ""),
        # Where a body stands matters to a township office alone, and the years of service to a national one.
        ({"kind": "township_office", "county": "kaohsiung"}, "township"),
        ({"kind": "township_office", "county": "kaohsiung", "township": NAMASIA}, "programme"),
        ({"kind": "national_nonprofit", "county": "kaohsiung"}, "served"),
    ],
)
def test_what_is_asked_next(answers, question):
    assert asks(**answers) == question


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"kind": "individual", "county": "kaohsiung"}, [("K2.1a", True)]),
        ({"kind": "community_association", "county": "kaohsiung", "registered": "no"}, [("K2.1a", True)]),
        ({"kind": "township_office", "county": "kaohsiung", "township": QISHAN}, [("K2.1a", True), ("K2.2", True)]),
        ({"kind": "national_nonprofit", "county": "kaohsiung", "served": "no"}, [("K2.3", True)]),
        (STATION | {"area": OUTSIDE}, [("K2.4", True)]),
    ],
)
def test_nothing_more_is_asked_once_nothing_can_help(answers, found):
    assert asks(**answers) == ""
    assert reasons(**answers) == found


def test_outside_the_area_another_programme_is_a_question_for_the_county():
    answers = HERE | {"programme": "culture_preservation", "area": OUTSIDE} | PLAN
    assert (asks(**answers), reasons(**answers)) == ("", [("K2.4", False)])


def test_a_plan_beyond_the_scheme_is_told(portal_date):
    answers = STATION | {"area": QISHAN, "starts": "2012-12-01", "months": "2"}
    assert [clause for clause, stops in reasons(**answers) if stops] == ["K6.1a"]
    assert reasons(**answers | {"months": "1"}) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "bank"},
        {"area": "1"},
        {"starts": "2010-05-31"},
        {"starts": "x"},
        {"months": "37"},
        {"many": "0"},
        {"many": "61"},
        {"months": "٣"},
        {"programme": "welfare_services"},
    ],
)
def test_what_cannot_be_an_answer_is_asked_again(changes):
    name = next(iter(changes))
    found = Check(Answers(**(STATION | {"area": QISHAN} | PLAN | changes)))
    assert getattr(found.answers, name) == ""


# --- How much -----------------------------------------------------------------------------------------------------------------------


def test_the_sum_is_the_limit_of_the_law():
    found = Check(Answers(**(STATION | {"area": QISHAN} | PLAN))).estimate()
    # 2 people × 4 hours × 22 days × 6 months × 100 an hour.
    assert (found.amount, found.clause, found.assumed) == (105_600, "K3.I.2.1.4c", "每天 4 小時、每月 22 天")


def test_who_is_paid_for_himself_is_counted_so_many_times():
    answers = HERE | {"programme": "welfare_survey", "area": QISHAN} | PLAN
    assert Check(Answers(**answers)).estimate().amount == 2 * 6 * 40 * 95


@pytest.mark.parametrize("code", sorted(all_programmes()))
def test_every_programme_says_how_much_by_numbers_of_its_law(code):
    law = load(all_programmes()[code].law)
    names = catalogue.sums(code)
    assert [name for name in names if name not in law.parameters] == []
    item = estimated_item(catalogue.usual_codes(code))
    assert item in ESTIMATES or code == "activity_centre"


@pytest.mark.parametrize("code", [code for code, row in all_programmes().items() if row.law == "kaohsiung_88"])
def test_every_programme_of_kaohsiung_has_a_sum(code):
    found = Check(Answers(**(HERE | {"programme": code, "area": QISHAN} | PLAN))).estimate()
    assert found.amount > 0


# --- The pages ------------------------------------------------------------------------------------------------------------------------


def follow(client, address):
    answer = client.get(address)
    return follow(client, answer.url) if answer.status_code == 302 else (address, answer)


def test_the_whole_way_by_its_own_forms(client):
    """As a browser without scripts sends them: what is kept, which question, the answer."""
    typed = {
        "kind": "community_association",
        "county": "kaohsiung",
        "registered": "yes",
        "programme": "elder_care_station",
        "area": QISHAN,
        "starts": "99/7/1",
        "months": "6個月",
        "many": "２",
    }
    _address, page = follow(client, reverse("grants:check"))
    asked = []
    while "form" in page.context:
        name = page.context["form"].name
        asked.append(name)
        fields = {**dict(page.context["kept"]), "asked": name, name: typed[name]}
        _address, page = follow(client, f"{reverse('grants:check')}?" + "&".join(f"{k}={v}" for k, v in fields.items()))
    assert asked == list(typed)
    shown = page.content.decode()
    assert "可以申請" in shown
    assert "105,600" in shown
    assert "07-7477611" in shown
    assert [paper.code for paper in page.context["papers"]] == ["application_form", "registration_certificate"]
    carried = dict(parse_qsl(urlsplit(page.context["new_url"]).query))
    assert carried == {
        "county": "kaohsiung",
        "programme": "elder_care_station",
        "area": QISHAN,
        "starts": "2010-07-01",
        "months": "6",
    }


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("kind", "", "請選一個"),
        ("starts", "x", ""),
        ("starts", "99/5/1", "今天（99年6月1日）以後"),
        ("months", "99", "1 到 36"),
        ("many", "很多", "1 到 60"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_question(client, name, value, words):
    before = STATION | {"area": QISHAN} | PLAN
    kept = {key: before[key] for key in quick_check.ORDER[: quick_check.ORDER.index(name)] if key in before}
    answer = client.get(reverse("grants:check"), {**kept, "asked": name, name: value})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[name])


def test_no_reads_its_clause_and_offers_no_form(client):
    answer = client.get(reverse("grants:check"), STATION | {"area": OUTSIDE})
    page = answer.content.decode()
    assert "目前不能申請" in page
    assert "大寮鄉不在重建區" in page
    assert f"{reverse('grants:law', args=['kaohsiung-88'])}?clause=K2.4#K2.4" in page
    assert reverse("grants:application_new") not in page.replace(reverse("grants:check"), "")


def test_a_page_of_the_check_costs_few_queries(client, django_assert_max_num_queries):
    quick_check._outcome.cache_clear()
    with django_assert_max_num_queries(18):
        client.get(reverse("grants:check"), HERE)


# --- The application takes over ----------------------------------------------------------------------------------------------------


def start(client, body, programme, **extra):
    return client.post(reverse("grants:application_new"), {"organisation": body.pk, "programme": programme.pk} | extra)


def test_the_answers_go_into_the_new_application(client):
    body = OrganisationFactory()
    client.force_login(chair_of(body))
    carried = {
        "county": "kaohsiung",
        "programme": "elder_care_station",
        "area": QISHAN,
        "starts": "2010-07-01",
        "months": "6",
    }
    page = client.get(reverse("grants:application_new"), carried).content.decode()
    assert "您剛才檢查的是「社區照顧關懷據點暨送餐服務」（旗山鎮、99年7月1日、6 個月）" in page
    station = Programme.objects.get(code="elder_care_station")
    start(client, body, station, **{f"check-{name}": value for name, value in carried.items()})
    case = Application.objects.get()
    assert (case.starts_on.isoformat(), case.ends_on.isoformat(), case.service_area) == (
        "2010-07-01",
        "2010-12-31",
        [QISHAN],
    )


def test_answers_about_another_programme_stay_out(client):
    body = OrganisationFactory()
    client.force_login(chair_of(body))
    carried = {"county": "kaohsiung", "programme": "elder_care_station", "starts": "2010-07-01", "months": "6"}
    other = Programme.objects.get(code="welfare_survey")
    start(client, body, other, **{f"check-{name}": value for name, value in carried.items()})
    assert Application.objects.get().starts_on is None


def test_before_the_first_question_stands_what_is_in_the_way(client):
    outside = OrganisationFactory(township=township(OUTSIDE, "大寮鄉"))
    client.force_login(chair_of(outside))
    page = client.get(reverse("grants:application_new"))
    (offer,) = page.context["offers"]
    notes = {
        choice.programme.code: [note.message[:8] for note in choice.notes]
        for _part, row in offer.parts
        for choice in row
    }
    assert offer.stops == []
    assert {code for code, text in notes.items() if text} == {"elder_care_station", "rental_housing"}
    assert "在貴單位所在地辦理不行：大寮鄉不在重建區" in page.content.decode()


def test_the_wrong_kind_of_body_is_told_for_the_whole_scheme(client):
    body = OrganisationFactory(kind="township_office", name="旗山鎮公所")
    client.force_login(chair_of(body))
    (offer,) = client.get(reverse("grants:application_new")).context["offers"]
    assert [reason.label for reason in offer.stops] == ["貳、1", "貳、2"]
    assert [choice.stops for _part, row in offer.parts for choice in row] == [[]] * 15


def test_the_scheme_page_costs_the_same_with_more_programmes(client, django_assert_max_num_queries):
    assert Scheme.objects.get(slug="kaohsiung-88").programmes.count() == 15
    with django_assert_max_num_queries(16):
        page = client.get(reverse("grants:scheme", args=["kaohsiung-88"])).content.decode()
    for words in (
        "誰可以申請",
        "生活輔導員每小時 <b>100 元</b>",
        "100,000 元以上的先撥 50%",
        "計畫辦完後 1 個月內",
        "07-7477611",
    ):
        assert words in page, words


def test_answers_are_counted_and_looking_is_not(client, settings):
    settings.LIMITS = settings.LIMITS | {"check": "2/m/key"}
    address = reverse("grants:check")
    sent = [client.get(address, {"asked": "kind", "kind": "church"}).status_code for _ in range(3)]
    assert sent == [302, 302, 429]
    assert client.get(address).status_code == 200
