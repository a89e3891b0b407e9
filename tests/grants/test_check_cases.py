"""`check_cases --with-rulings`: the same questions, put to the law with the county's rulings of each case's own day."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command

from grants.enums import RulingStatus
from grants.models import Ruling
from grants.rules.ruleset import load
from grants.services.rulings import record_ruling
from tests.factories.grants import SchemeFactory

from .rulings import draft, in_force, officer

JULY = dt.date(2010, 7, 1)
FILED = load("kaohsiung_88").sha256


def pay(case_id: str, on: str, rulings: list | None = None) -> dict:
    """Twenty hours for 1,850: 92.5 an hour, between the filed 95 and the county's 90."""
    return {
        "id": case_id,
        "submitted_on": on,
        "organisation": {"kind": "community_association", "county": "高雄縣", "township": "旗山鎮"},
        "project": {"programme": "growth_prevention"},
        "lines": [{"id": "1", "item": "casual_pay", "requested": 1_850, "hours": 20}],
        **({"rulings": rulings} if rulings else {}),
    }


@pytest.fixture
def ask(tmp_path):
    def put(*cases: dict, flags: tuple[str, ...] = ()) -> dict:
        path, out = tmp_path / "cases.json", io.StringIO()
        path.write_text(json.dumps({"cases": cases}), "utf-8")
        call_command("check_cases", str(path), *flags, stdout=out)
        return json.loads(out.getvalue())

    return put


def allowed(answer: dict) -> list[list[int]]:
    """What K4.1.4 allows where it says that too much is asked for, of each result."""
    return [
        [f["allowed"] for f in row["findings"] if f["clause"] == "K4.1.4" and f["over"]] for row in answer["results"]
    ]


def test_without_the_flag_the_filed_law_answers_and_no_database_is_asked(ask):
    """No database is open to this test."""
    answer = ask(pay("a", "2010-07-01"))
    assert (allowed(answer), answer["ruleset"], sorted(answer["results"][0])) == ([[]], FILED, ["findings", "id"])


@pytest.mark.django_db
class TestWithRulings:
    @pytest.fixture(autouse=True)
    def ruled(self):
        self.scheme = SchemeFactory()
        in_force(self.scheme, parameter="casual_pay.hourly", value={"value": 90}, on=JULY)

    def test_the_flag_decides(self, ask):
        case = pay("a", "2010-07-01")
        assert allowed(ask(case)) == [[]]
        assert allowed(ask(case, flags=("--with-rulings",))) == [[1_800]]

    def test_each_case_has_the_law_of_its_own_day(self, ask):
        answer = ask(pay("a", "2010-06-30"), pay("b", "2010-07-01"), flags=("--with-rulings",))
        assert allowed(answer) == [[], [1_800]]
        before, after = (row["ruleset"] for row in answer["results"])
        assert (answer["ruleset"], before) == (FILED, FILED)
        assert after != FILED

    def test_the_cases_own_rulings_lie_over_the_countys(self, ask):
        own = {"parameter": "casual_pay.hourly", "from": "2010-07-01", "value": 80, "memo": "試算"}
        assert allowed(ask(pay("a", "2010-07-01", [own]), flags=("--with-rulings",))) == [[1_600]]

    @pytest.mark.parametrize("status", [RulingStatus.DRAFT, RulingStatus.REFUSED])
    def test_only_confirmed_ones_count(self, ask, status):
        Ruling.objects.update(status=status)
        assert allowed(ask(pay("a", "2010-07-01"), flags=("--with-rulings",))) == [[]]

    def test_nor_one_that_waits_for_the_second_officer(self, ask):
        record_ruling(officer(), self.scheme, draft(value={"value": 70}, on=dt.date(2010, 8, 1)))
        assert allowed(ask(pay("a", "2010-08-01"), flags=("--with-rulings",))) == [[1_800]]

    @pytest.mark.parametrize(("day", "first"), [({"on": "2010-06-30"}, 50_000), ({"on": "2010-07-01"}, 0), ({}, 0)])
    def test_other_questions_by_the_day_they_name_or_the_law_after_the_last_ruling(self, ask, day, first):
        in_force(self.scheme, parameter="instalment.threshold", value={"value": 200_000}, on=JULY)
        answer = ask({"id": "a", "ask": "instalments", "approved": 100_000, **day}, flags=("--with-rulings",))
        assert answer["results"][0]["values"]["first"] == first

    def test_a_thousand_cases_of_one_day_read_the_rulings_once(self, ask, django_assert_num_queries):
        cases = [pay(str(number), "2010-07-01") for number in range(50)]
        with django_assert_num_queries(2):
            ask(*cases, flags=("--with-rulings",))

    @pytest.mark.parametrize("day", ["soon", 7, None, ["2010-07-01"]])
    def test_a_day_that_cannot_be_read_is_told_as_without_the_flag(self, ask, day, capsys):
        endings = []
        for flags in ((), ("--with-rulings",)):
            with pytest.raises(SystemExit) as stopped:
                ask(pay("a", day), flags=flags)
            endings.append((stopped.value.code, capsys.readouterr().err))
        assert endings[0] == endings[1]
        assert endings[0][0] == 2
        assert "submitted_on" in endings[0][1]


@pytest.mark.django_db
def test_without_a_scheme_there_are_no_rulings_to_lay_over(ask, capsys):
    with pytest.raises(SystemExit) as stopped:
        ask(pay("a", "2010-07-01"), flags=("--with-rulings",))
    assert (stopped.value.code, "run sync_schemes first" in capsys.readouterr().err) == (2, True)
