"""The law on screen: every clause with its anchor, values by date, readings, rulings, examples of the engine's own."""

import csv
import datetime as dt
import io
import re
import tomllib
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.template import Context, Template

from grants.enums import RulingStatus
from grants.models import Ruling
from grants.queries.law.examples import examples
from grants.queries.law.export import as_rows, as_toml
from grants.queries.law.pages import chapter_of, chapters, in_words, on_day
from grants.rules.ruleset import load
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, UserFactory, person
from tests.factories.grants import SchemeFactory
from tests.markup import faults_of

ADDRESS = "/schemes/kaohsiung-88/law/"
JUNE = dt.date(2010, 6, 1)
LAW = load("kaohsiung_88")

pytestmark = pytest.mark.django_db


def confirmed(scheme, parameter, value, starts_on, memo="府社字第1號", **more):
    one, two = UserFactory(), UserFactory()
    return Ruling.objects.create(
        scheme=scheme,
        parameter=parameter,
        value=value,
        effective_from=starts_on,
        memo_number=memo,
        author=one,
        recorded_on=starts_on,
        decided_by=two,
        decided_on=starts_on,
        status=RulingStatus.CONFIRMED,
        **more,
    )


def page(client, query=""):
    response = client.get(ADDRESS + query)
    assert response.status_code == 200
    return response.content.decode()


def card(html, clause):
    return re.search(rf'<article [^>]*id="{re.escape(clause)}".*?</article>', html, re.DOTALL)[0]


@pytest.mark.parametrize(
    ("typed", "clause"),
    [
        ("便當", "K4.2.6"),
        ("據點", "K3.I.2.1.1"),
        ("據點", "K3.I.2.3a"),
        ("課輔", "K4.1.3.4"),
        ("電費", "K4.6.3a"),
        ("老師", "K4.1.2"),
        ("報帳", "K7.2a"),
        ("台糖", None),
        ("志工平安保險", "K4.2.1"),
        ("裡長", None),
    ],
)
def test_everyday_words_find_the_clause(client, scheme, typed, clause):
    found = re.findall(r'<article class="sheet clause-card" id="([^"]+)"', page(client, f"?q={typed}"))
    assert (clause in found) if clause else (found == [])


def test_numbers_for_programs_are_shown_to_officers_alone(client, scheme):
    shown = page(client)
    assert ">K4.1.2</a>" not in shown
    assert "規則集" not in shown
    client.force_login(person(Role.CASE_OFFICER))
    shown = page(client)
    assert ">K4.1.2</a>" in shown
    assert "規則集識別碼" in shown


def test_the_page_says_where_the_official_text_is(client, scheme):
    assert "可以向高雄縣政府社會處索取" in page(client)


def test_every_clause_stands_once_in_order_with_its_anchor(client, scheme):
    html = page(client)
    assert re.findall(r'<article class="sheet clause-card" id="([^"]+)"', html) == list(LAW.clauses)


def test_a_clause_shows_its_words_what_the_portal_does_and_its_value(client, scheme):
    shown = card(page(client), "K4.1.2")
    clause = LAW.clause("K4.1.2")
    assert f"「{clause.phrase}」" in shown
    assert clause.explanation in shown
    assert re.findall(r'<span class="tag stop">(\w+)</span>', shown)[0] == "擋下"
    assert "1,600 元" in shown
    assert "99年1月8日起" in shown


@pytest.mark.parametrize("day", [JUNE, dt.date(2011, 6, 1)])
def test_examples_pass_at_the_limit_and_are_told_one_dollar_above(day):
    found = examples(LAW, day)
    lecturer = found["K4.1.2"]
    assert [(e.limit, e.over) for e in lecturer] == [(9600, 9601), (4800, 4801)]
    assert lecturer[0].says == "外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元，超出 1 元。"
    assert [e.limit for e in found["K4.1.5b"]] == [10_000]
    assert [e.limit for e in found["K4.6.3a"]] == [9_000]


def test_examples_follow_a_ruling(client, scheme):
    confirmed(scheme, "lecturer_fee.hourly", {"value": 2000}, JUNE)
    assert "申請 12,000 元，剛好在上限，可以。" in card(page(client), "K4.1.2")
    assert "申請 9,600 元，剛好在上限，可以。" in card(page(client, "?on=99/5/31"), "K4.1.2")


def test_a_reading_shows_both_sides_until_a_ruling_settles_it(client, scheme):
    parameter = LAW.parameter("reading.A5")
    open_card = card(page(client), parameter.clause)
    assert "還沒有函釋。" in open_card
    choice = next(iter(parameter.choices))
    confirmed(scheme, parameter.name, {"value": choice}, dt.date(2010, 6, 2), memo="府社字第0990000088號")
    assert "還沒有函釋。" in card(page(client), parameter.clause)
    settled = card(page(client, "?on=99/6/2"), parameter.clause)
    assert f"縣府 府社字第0990000088號 已定案：{parameter.choices[choice]}（99年6月2日起）。" in settled
    assert "還沒有函釋。" not in settled


def test_history_marks_past_now_and_later(scheme):
    overlaid = LAW.with_rulings(
        [{"parameter": "lecturer_fee.hourly", "from": "2010-07-01", "value": 1700, "memo": "甲"}]
    )
    states = [(v.strict, v.state) for v in on_day(overlaid.parameter("lecturer_fee.hourly"), JUNE).history]
    assert states == [("1,600 元", "now"), ("1,700 元", "later")]
    states = [
        (v.strict, v.state) for v in on_day(overlaid.parameter("lecturer_fee.hourly"), dt.date(2010, 7, 1)).history
    ]
    assert states == [("1,600 元", "past"), ("1,700 元", "now")]


def test_search_by_clause_and_by_word_in_full_or_half_width(client, scheme):
    def ids(query):
        return re.findall(r'<article class="sheet clause-card" id="([^"]+)"', page(client, query))

    assert ids("?q=K4.1.2") == ["K4.1.2"]
    assert ids("?q=Ｋ４．１．２") == ["K4.1.2"]
    assert "K4.1.2" in ids("?q=內聘減半")
    assert ids("?q=沒有這個字詞") == []
    assert "沒有找到條文" in page(client, "?q=沒有這個字詞")


def test_a_day_that_cannot_be_read_is_said(client, scheme):
    assert "看不懂這個日期" in page(client, "?on=abc")
    assert client.get(f"{ADDRESS}export.csv?on=abc").status_code == 400


def test_the_page_takes_few_queries_whatever_the_rulings(client, scheme, django_assert_num_queries):
    names = [p.name for p in LAW.parameters.values() if p.type == "int"][:30]
    confirmed(scheme, names[0], {"value": LAW.parameter(names[0]).values[0].strict}, JUNE)
    with django_assert_num_queries(4):
        page(client)
    for name in names[1:]:
        confirmed(scheme, name, {"value": LAW.parameter(name).values[0].strict}, JUNE)
    with django_assert_num_queries(4):
        page(client)


@pytest.mark.parametrize(
    ("asked", "unfolded"),
    [
        ("", []),
        ("?chapter=K4", ["K4"]),
        ("?clause=K3.II.6", ["K3.II"]),
        ("?clause=", []),
        ("?clause=nothing", []),
        ("?q=1,600", ["K4"]),
        ("?chapter=all", [chapter.code for chapter in chapters(LAW, JUNE)]),
    ],
)
def test_the_chapter_asked_for_stands_open_and_the_others_are_there(client, scheme, asked, unfolded):
    html = client.get(ADDRESS + asked).content.decode()
    assert re.findall(r'<details class="chapter" id="chapter-([^"]+)" open>', html) == unfolded
    assert ('id="chapter-K1"' in html) == ("q=" not in asked)


def test_a_chapter_of_one_clause_does_not_take_its_id(client):
    """In Miaoli's plan the chapters 壹、貳、陸、柒 and 捌 are one clause each."""
    SchemeFactory(slug="miaoli-welfare", ruleset="miaoli", county=MIAOLI)
    assert faults_of(client.get("/schemes/miaoli-welfare/law/?chapter=all")) == []


def test_unknown_scheme_is_not_found(client):
    assert client.get("/schemes/nowhere/law/").status_code == 404


def test_chapters_follow_the_clause_numbers():
    assert [chapter_of(c) for c in ("K0.1", "K3.I.2.1.4a", "K3.II.6", "K4.2.2–5", "M5.9a")] == [
        "K0",
        "K3.I",
        "K3.II",
        "K4",
        "M5",
    ]
    codes = [chapter.code for chapter in chapters(LAW, JUNE)]
    assert codes == list(dict.fromkeys(codes))


def test_toml_of_a_day_reads_back(client, scheme):
    confirmed(scheme, "lecturer_fee.hourly", {"value": 2000}, dt.date(2010, 7, 1), memo='簽"1"\\')
    before = tomllib.loads(client.get(f"{ADDRESS}export.toml?on=99/6/30").content.decode())
    after = tomllib.loads(client.get(f"{ADDRESS}export.toml?on=99/7/1").content.decode())
    assert before["parameter"]["lecturer_fee.hourly"]["value"] == 1600
    assert after["parameter"]["lecturer_fee.hourly"]["value"] == 2000
    assert after["parameter"]["lecturer_fee.hourly"]["memo"] == '簽"1"\\'
    assert before["law"]["sha256"] != after["law"]["sha256"]
    assert before["law"]["on"] == dt.date(2010, 6, 30)
    assert list(after["clause"]) == list(LAW.clauses)


def test_toml_and_rows_hold_every_value_in_force():
    parameters = tomllib.loads(as_toml(LAW, JUNE))["parameter"]
    sides = LAW.on(JUNE)
    assert set(parameters) == set(sides.strict)
    for name, row in parameters.items():
        assert (row.get("value", row.get("strict")), row.get("value", row.get("lenient"))) == (
            sides.strict[name],
            sides.lenient[name],
        )
    assert len(as_rows(LAW, JUNE)[1]) == len(parameters)


def test_csv_of_a_day_is_safe_for_spreadsheets(client, scheme):
    confirmed(scheme, "lecturer_fee.hourly", {"value": 2000}, JUNE, memo="=1+1")
    response = client.get(f"{ADDRESS}export.csv?on=99/6/1")
    text = response.content.decode("utf-8-sig")
    rows = {row["參數"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["lecturer_fee.hourly"]["函釋文號"] == "'=1+1"
    assert rows["lecturer_fee.hourly"]["嚴格"] == "2,000 元"
    assert response["Content-Disposition"] == 'attachment; filename="kaohsiung-88-20100601.csv"'


def test_the_command_writes_what_the_page_gives(client, scheme, capsys):
    call_command("export_ruleset", "kaohsiung-88", "--on", "99/6/30")
    assert capsys.readouterr().out == client.get(f"{ADDRESS}export.toml?on=99/6/30").content.decode()


def test_clause_url_links_to_the_anchor(scheme):
    template = Template("{% load law %}{% clause_url 'K4.1.2' scheme %} {% clause_url 'M5.8' 'miaoli-welfare' %}")
    assert template.render(Context({"scheme": scheme})) == (
        "/schemes/kaohsiung-88/law/?clause=K4.1.2#K4.1.2 /schemes/miaoli-welfare/law/?clause=M5.8#M5.8"
    )


def test_values_are_said_in_words():
    words = {
        "lecturer_fee.in_house_share": "1/2",
        "hired_labour.share": "10%",
        "eligibility.typhoon": "98年8月8日",
        "insurance.kinds": "志工平安保險、活動平安保險、場地公共意外責任險",
        "envelope.last_year": "2012 年（民國101年）",
        "eligibility.indigenous_kinds": "公所、教會、學校",
        "lecturer_fee.hourly": "1,600 元",
    }
    for name, expected in words.items():
        parameter = LAW.parameter(name)
        assert in_words(parameter, parameter.at(JUNE).strict) == expected
    assert in_words(replace(LAW.parameter("insurance.kinds"), type="text"), "11-30") == "11月30日"


def test_a_scheme_without_filed_standards_says_so(client):
    miaoli = SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="ML")
    html = client.get("/schemes/miaoli-welfare/law/").content.decode()
    law = load("miaoli")
    assert law.requires
    assert [law.parameter(name).title in html for name in law.requires] == [True] * len(law.requires)
    assert "公告前不能送件" in html
    for name, value in (
        ("subsidy.unit_caps", {"printing": 5000}),
        ("subsidy.case_cap", 100_000),
        ("subsidy.own_share", [20, 100]),
    ):
        confirmed(miaoli, name, {"value": value}, JUNE)
    html = client.get("/schemes/miaoli-welfare/law/").content.decode()
    assert "公告前不能送件" not in html
    assert "印刷費 5000" in html
