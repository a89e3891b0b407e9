"""The public calculator: the same form and law as in an application, no account, nothing stored."""

import datetime as dt
import re

import pytest
from django.apps import apps

from grants.models import BudgetLine
from grants.services.schemes.sync import sync
from tests.grants.rulings import in_force

pytestmark = pytest.mark.django_db
ADDRESS = "/schemes/kaohsiung-88/calculator/"


@pytest.fixture(autouse=True)
def schemes():
    return {scheme.slug: scheme for scheme in sync()}


def post(client, command="check", lines="", **typed):
    return client.post(ADDRESS, {"command": command, "lines": lines, "programme": "growth_prevention", **typed})


def lecturer(requested, hours="6", **typed):
    return {"line-1-requested": requested, "line-1-hours": hours, "line-1-in_house": "false", **typed}


def lines_of(response):
    return re.search(r'name="lines" value="([^"]*)"', response.content.decode())[1]


def margin(response, line=1):
    html = response.content.decode()
    return html[html.index(f'id="margin-{line}"') :].split("</div>\n", 1)[0]


def test_an_empty_calculator_says_how_to_begin(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        response = client.get(ADDRESS)
    assert response.status_code == 200
    assert "先選一個經費項目，按「新增一項」" in response.content.decode()


def test_at_the_limit_passes_and_one_dollar_above_does_not(client):
    passes = post(client, lines="1:lecturer_fee", **lecturer("9600"))
    over = post(client, lines="1:lecturer_fee", **lecturer("9601"))
    assert (passes.status_code, over.status_code) == (200, 200)
    assert "這份預算符合經費規定" in passes.content.decode()
    assert "超出 1 元" in over.content.decode()
    assert "1 項超過規定" in over.content.decode()
    assert 'href="/schemes/kaohsiung-88/law/?clause=K4.1.2#K4.1.2"' in margin(over)


def test_nothing_is_stored(client):
    before = {
        model.__name__: model.objects.count() for model in apps.get_models() if model._meta.app_label != "sessions"
    }
    post(client, "add", lines="1:lecturer_fee", item="printing", **lecturer("9601"))
    after = {
        model.__name__: model.objects.count() for model in apps.get_models() if model._meta.app_label != "sessions"
    }
    assert after == before
    assert BudgetLine.objects.count() == 0


def test_add_copy_remove_and_cap_carry_what_was_typed(client):
    added = post(client, "add", lines="1:lecturer_fee", item="printing", **lecturer("9601"))
    assert lines_of(added) == "1:lecturer_fee 2:printing"
    assert 'value="9,601"' in added.content.decode()
    copied = post(client, "copy:1", lines="1:lecturer_fee", **lecturer("9601"))
    assert lines_of(copied) == "1:lecturer_fee 2:lecturer_fee"
    assert copied.content.decode().count('value="9,601"') == 2
    removed = post(client, "remove:1", lines="1:lecturer_fee 2:printing", **lecturer("9601"))
    assert lines_of(removed) == "2:printing"
    capped = post(client, "cap:1", lines="1:lecturer_fee", **lecturer("9601"))
    assert 'value="9,600"' in capped.content.decode()
    assert "這份預算符合經費規定" in capped.content.decode()


def test_what_cannot_be_read_is_said_and_kept(client):
    response = post(client, "add", lines="1:lecturer_fee", item="printing", **lecturer("九千"))
    assert response.status_code == 422
    assert lines_of(response) == "1:lecturer_fee"
    assert 'value="九千"' in response.content.decode()
    removed = post(client, "remove:1", lines="1:lecturer_fee", **lecturer("九千"))
    assert (removed.status_code, lines_of(removed)) == (200, "")


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("1:no_such_item 2:printing", "2:printing"),
        ("x:printing -1:printing 99999:printing", ""),
        ("1:printing 1:meals", "1:meals"),
        ("'; drop table", ""),
        (" ".join(f"{n}:printing" for n in range(1, 99)), " ".join(f"{n}:printing" for n in range(1, 31))),
    ],
)
def test_lines_that_the_page_never_made_are_left_out(client, lines, kept):
    assert lines_of(post(client, lines=lines)) == kept


def test_no_more_than_thirty_lines(client):
    full = " ".join(f"{n}:printing" for n in range(1, 31))
    assert lines_of(post(client, "add", lines=full, item="printing")) == full


def test_a_script_gets_the_parts_alone(client):
    response = client.post(
        ADDRESS, {"lines": "1:lecturer_fee", **lecturer("9601")}, headers={"Accept": "application/json"}
    )
    answer = response.json()
    assert set(answer["parts"]) == {"margin-1", "budget-notes", "budget-totals", "budget-summary"}
    assert "超出 1 元" in answer["parts"]["margin-1"]
    assert answer["announce"] == "還有 1 項必須修正、0 項請說明。"
    assert answer["errors"] == {}


def test_a_script_gets_what_cannot_be_read_at_its_field(client):
    data = {"lines": "1:lecturer_fee", **lecturer("一千")}
    answer = client.post(ADDRESS, data, headers={"Accept": "application/json"}).json()
    assert {name: sentence[:10] for name, (sentence,) in answer["errors"].items()} == {
        "line-1-requested": "金額只能填阿拉伯數字"
    }


def test_reasons_are_not_asked_for_and_the_county_standards_are_said_to_be_missing(client):
    response = client.get("/schemes/miaoli-welfare/calculator/")
    assert "縣府還沒有公告這個方案的補助標準，暫時不能試算。" in response.content.decode()
    html = post(
        client, lines="1:admin_overhead 2:printing", **{"line-1-requested": "10000", "line-2-requested": "90000"}
    )
    assert 'name="reason:' not in html.content.decode()
    assert "請說明" in html.content.decode()


def test_a_ruling_in_force_counts(client, schemes):
    in_force(schemes["kaohsiung-88"], parameter="lecturer_fee.hourly", value={"value": 2000}, on=dt.date(2010, 6, 1))
    assert "這份預算符合經費規定" in post(client, lines="1:lecturer_fee", **lecturer("12000")).content.decode()


def test_thirty_lines_take_no_more_queries_than_one(client, django_assert_num_queries):
    for count in (1, 30):
        lines = " ".join(f"{n}:printing" for n in range(1, count + 1))
        with django_assert_num_queries(19):
            post(client, lines=lines)
