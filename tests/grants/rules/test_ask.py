"""The questions of the command, and the example cases where they lie beside the project."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from grants.rules import ask
from grants.rules.facts import FactError
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib import office_calendar
from tests.grants.rules.build import LAW, ORGANISATION, PROJECT, ruling

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT.parent / "shared" / "law"
BUDGET = {
    "id": "lecturer",
    "submitted_on": "2010-03-15",
    "organisation": ORGANISATION,
    "project": PROJECT,
    "lines": [{"id": "1", "item": "lecturer_fee", "requested": 10200, "hours": 6, "in_house": False}],
}


def answer(**case):
    return ask.answer(case, LAW, office_calendar.published().is_workday)


class TestBudget:
    def test_finding_as_printed(self):
        response = answer(**BUDGET)
        found = next(f for f in response["findings"] if f["clause"] == "K4.1.2")
        assert found == {
            "clause": "K4.1.2",
            "severity": "error",
            "line": "1",
            "person": None,
            "month": None,
            "requested": 10200,
            "allowed": 9600,
            "over": 600,
            "suggested": 9600,
            "unit": "TWD",
            "message": "外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元，超出 600 元。",
        }
        assert response["id"] == "lecturer"
        assert answer(**BUDGET, ask="budget") == response

    def test_rulings_of_the_case(self):
        response = answer(**BUDGET, rulings=[ruling("lecturer_fee.hourly", 1700)])
        assert [f for f in response["findings"] if f["clause"] == "K4.1.2"] == []


WHOLE_YEAR = ruling("reading.next_application", "whole_year")


class TestValues:
    @pytest.mark.parametrize(
        ("case", "values"),
        [
            ({"ask": "instalments", "approved": 99999}, {"first": 0, "second": 0, "two_stage": False}),
            ({"ask": "instalments", "approved": 100001}, {"first": 50000, "second": 50001, "two_stage": True}),
            (
                {"ask": "instalments", "approved": 100000, "rulings": [ruling("instalment.at_threshold", "single")]},
                {"first": 0, "second": 0, "two_stage": False},
            ),
            (
                {"ask": "settlement_due", "completed_on": "2010-03-15", "holidays": []},
                {"due_on": "2010-04-15", "morning_only": False},
            ),
            ({"ask": "settlement_due", "completed_on": "2010-03-15"}, {"due_on": "2010-04-15", "morning_only": False}),
            (
                {"ask": "settlement_due", "completed_on": "2010-03-15", "holidays": ["2010-04-15", "2010-04-16"]},
                {"due_on": "2010-04-19", "morning_only": False},
            ),
            (
                {"ask": "settlement", "approved": 9, "paid": 5, "eligible": 7, "executed": True},
                {"payable": 2, "refund": 0},
            ),
            (
                {"ask": "settlement", "approved": 9, "paid": 5, "eligible": 7, "executed": True, "disallowed": 3},
                {"payable": 0, "refund": 1},
            ),
            (
                {"ask": "sanction", "event": "not_executed", "approved_end": "2010-11-30", "decided_on": "2010-12-20"},
                {"barred_from": "2011-01-01", "barred_to": "2012-12-31"},
            ),
            (
                {"ask": "sanction", "event": "misuse", "approved_end": "2010-11-30", "decided_on": "2010-12-20"},
                {"next_application": True},
            ),
            (
                {"ask": "sanction", "event": "misuse", "decided_on": "2010-12-20", "rulings": [WHOLE_YEAR]},
                {"barred_from": "2011-01-01", "barred_to": "2011-12-31"},
            ),
            (
                {
                    "ask": "settlement_due",
                    "completed_on": "2010-03-15",
                    "rulings": [ruling("settlement.months", strict=1, lenient=2)],
                },
                {"due_on": "2010-05-17", "morning_only": True},
            ),
            ({"ask": "surcharge", "attendees": 20, "payers": 10, "monthly_cost": 10000}, {"extra": 2000}),
        ],
    )
    def test_values(self, case, values):
        assert answer(**case)["values"] == values

    @pytest.mark.parametrize(("since", "barred_to"), [("2010-12-20", "2015-12-31"), ("2010-12-21", "2012-12-31")])
    def test_a_ban_is_counted_by_the_law_of_its_decision(self, since, barred_to):
        response = answer(
            ask="sanction",
            event="not_executed",
            approved_end="2010-11-30",
            decided_on="2010-12-20",
            rulings=[ruling("ban.years", 5, since=since)],
        )
        assert response["values"]["barred_to"] == barred_to

    def test_an_open_reading_of_the_next_application_is_the_lenient_one(self):
        still_open = ruling("reading.next_application", strict="whole_year", lenient="next")
        assert answer(ask="sanction", event="misuse", rulings=[still_open])["values"] == {"next_application": True}

    def test_envelope(self):
        assert answer(ask="envelope", year=99, approved_so_far=29_900_000, total=100_000)["findings"] == []
        findings = answer(ask="envelope", year=99, approved_so_far=29_900_000, total=100_001)["findings"]
        assert [(f["clause"], f["severity"], f["over"]) for f in findings] == [("K8.2b", "warning", 1)]

    @pytest.mark.parametrize(("on", "over"), [("2010-05-31", [1]), ("2010-06-01", []), (None, [])])
    def test_envelope_of_a_day(self, on, over):
        """Without a day the envelope is the one at the end of its year."""
        more = [ruling("envelope.yearly", 30_000_001, since="2010-06-01")]
        response = answer(ask="envelope", year=99, approved_so_far=30_000_000, total=1, on=on, rulings=more)
        assert [f["over"] for f in response["findings"]] == over


AMOUNT, A_DAY = "a whole number of 0 or more is needed", "a date such as 2010-03-15 is needed"
SETTLEMENT = {"ask": "settlement", "approved": 1, "paid": 1, "eligible": 1}
NOT_EXECUTED, MISUSE = {"ask": "sanction", "event": "not_executed"}, {"ask": "sanction", "event": "misuse"}
# fmt: off
UNUSABLE = [
    ({"ask": "fortune"}, "ask", "unknown question 'fortune'"),
    ({"ask": ["budget"]}, "ask", "unknown question ['budget']"),
    ({**BUDGET, "colour": "red"}, "colour", "unknown key"),
    ({**BUDGET, "expect": {}}, "expect", "unknown key"),
    ({**BUDGET, "rulings": {}}, "rulings", "a list is needed"),
    ({**BUDGET, "rulings": [{"parameter": "nothing", "from": "2010-01-08", "value": 1}]}, "rulings.parameter",
     "no parameter 'nothing'"),
    ({**BUDGET, "rulings": [{"parameter": ["nothing"], "from": "2010-01-08", "value": 1}]}, "rulings.parameter",
     "no parameter ['nothing']"),
    ({**BUDGET, "rulings": [ruling("area.reconstruction", [["旗山鎮"]])]}, "rulings.value",
     "[['旗山鎮']] is no list for area.reconstruction"),
    ({**BUDGET, "rulings": [ruling("area.reconstruction", [1])]}, "rulings.value", "[1] is no list for area.reconstruction"),
    ({**BUDGET, "project": {**PROJECT, "programme": "flagship"}}, "project.programme", "unknown programme 'flagship'"),
    ({"ask": "instalments"}, "approved", AMOUNT),
    ({"ask": "instalments", "approved": "5"}, "approved", AMOUNT),
    ({"ask": "instalments", "approved": -1}, "approved", AMOUNT),
    ({"ask": "instalments", "approved": True}, "approved", AMOUNT),
    ({"ask": "instalments", "approved": 5, "colour": 1}, "colour", "unknown key"),
    ({"ask": "instalments", "approved": 5, "on": "2009-01-01"}, "submitted_on",
     "instalment.threshold has no value on 2009-01-01"),
    (SETTLEMENT, "executed", "true or false is needed"),
    ({**SETTLEMENT, "executed": 1}, "executed", "true or false is needed"),
    ({**SETTLEMENT, "executed": True, "disallowed": -1}, "disallowed", AMOUNT),
    ({"ask": "settlement_due"}, "completed_on", A_DAY),
    ({"ask": "settlement_due", "completed_on": "2010-03-15", "holidays": "2010-04-15"}, "holidays", "a list is needed"),
    ({"ask": "settlement_due", "completed_on": "2010-03-15", "holidays": ["soon"]}, "holidays[0]", A_DAY),
    ({"ask": "settlement_due", "completed_on": "9999-12-31"}, "ask",
     "beyond what can be counted (date value out of range)"),
    ({"ask": "sanction", "event": "late"}, "event", "unknown value 'late'"),
    ({"ask": "sanction"}, "event", "unknown value None"),
    ({**NOT_EXECUTED, "decided_on": "2010-12-20"}, "approved_end", "a date is needed"),
    ({**NOT_EXECUTED, "approved_end": "2010-12-20"}, "decided_on", "a date is needed"),
    ({**MISUSE, "approved_end": "2010-12-20", "decided_on": "2010"}, "decided_on", A_DAY),
    ({**MISUSE, "rulings": [ruling("reading.next_application", "whole_year")]}, "decided_on", "a date is needed"),
]
# fmt: on


@pytest.mark.parametrize(("case", "key", "reason"), UNUSABLE)
def test_what_cannot_be_used_names_the_case_the_key_and_the_reason(case, key, reason):
    with pytest.raises(FactError) as refused:
        answer(**{**case, "id": "odd"})
    assert (refused.value.key, refused.value.reason, refused.value.case) == (key, reason, "odd")


@pytest.mark.parametrize("amount", [0, 1])
def test_nothing_and_one_dollar_are_amounts(amount):
    response = answer(**{**SETTLEMENT, "executed": True, "approved": amount, "paid": 0})
    assert response["values"] == {"payable": amount, "refund": 0}


@pytest.mark.parametrize(("programme", "refused"), [("welfare_services", False), ("growth_prevention", True)])
def test_programmes_are_those_of_the_law_that_is_asked(programme, refused):
    question = {**BUDGET, "project": {**PROJECT, "programme": programme}}
    if not refused:
        findings = ask.answer(question, load("miaoli"), office_calendar.published().is_workday)["findings"]
        assert [f["clause"] for f in findings] == ["M5.8"]
        return
    with pytest.raises(FactError, match="unknown programme"):
        ask.answer(question, load("miaoli"), office_calendar.published().is_workday)


def test_a_case_is_an_object():
    with pytest.raises(FactError):
        ask.answer([], LAW, office_calendar.published().is_workday)


class TestCommand:
    def run(self, document, tmp_path):
        path = tmp_path / "cases.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        out, err = StringIO(), StringIO()
        try:
            call_command("check_cases", str(path), stdout=out, stderr=err)
        except SystemExit as stop:
            return stop.code, out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    def test_answers_in_order(self, tmp_path):
        cases = [{**BUDGET, "id": "b"}, {"id": "a", "ask": "instalments", "approved": 5}]
        status, out, err = self.run({"cases": cases}, tmp_path)
        data = json.loads(out)
        assert (status, err, data["ruleset"], [r["id"] for r in data["results"]]) == (0, "", LAW.sha256, ["b", "a"])

    @pytest.mark.parametrize(
        ("document", "words"),
        [
            ("{", "cases.json"),
            ("[]", '{"cases": [...]}'),
            ('{"cases": {}}', '{"cases": [...]}'),
            ('{"cases": [], "colour": 1}', "colour: unknown key"),
            ({"cases": [{**BUDGET, "colour": 1}]}, "case lecturer: colour: unknown key"),
            ({"cases": [{"ask": "instalments", "approved": 1}, {"ask": "instalments"}]}, "case 1: approved"),
            ({"cases": [5]}, "case 0: cases: an object is needed"),
            ({"cases": [{**BUDGET, "id": ["a"]}]}, "case 0: id: text is needed"),
            ({"cases": [{**BUDGET, "id": True}]}, "case 0: id: text is needed"),
            (
                {"cases": [{"id": "a", "project": PROJECT}]},
                "case a: case: a key is missing: submitted_on, organisation",
            ),
        ],
    )
    def test_exit_2_with_one_line(self, document, words, tmp_path):
        status, out, err = self.run(document, tmp_path)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert words in err

    def test_a_file_that_is_not_there(self, tmp_path):
        err = StringIO()
        with pytest.raises(SystemExit) as stop:
            call_command("check_cases", str(tmp_path / "none.json"), stderr=err)
        assert (stop.value.code, err.getvalue().count("\n")) == (2, 1)

    def test_standard_input_and_a_thousand_cases(self, monkeypatch):
        monkeypatch.setattr(sys, "stdin", StringIO(json.dumps({"cases": [BUDGET] * 1000})))
        out = StringIO()
        call_command("check_cases", "-", stdout=out)
        assert len(json.loads(out.getvalue())["results"]) == 1000

    def test_an_id_that_does_not_encode_is_printed_as_an_escape(self, tmp_path):
        document = '{"cases": [{"id": "\\ud800", "ask": "instalments", "approved": 5}]}'
        assert '"id": "\\ud800"' in self.run(document, tmp_path)[1]


if EXAMPLES.is_dir():

    def test_the_example_cases():
        command = [
            sys.executable,
            str(EXAMPLES / "run_cases.py"),
            "--",
            sys.executable,
            "manage.py",
            "check_cases",
            "-",
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["57 passed, 0 failed"]), done.stdout

    @pytest.mark.parametrize(("law", "name"), [("kaohsiung_88", "kaohsiung_88_regulation"), ("miaoli", "miaoli_plan")])
    def test_phrases_stand_verbatim_in_the_documents(law, name):
        from grants.rules.ruleset import load

        from . import law_checks

        text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
        assert list(law_checks.phrases_not_in(load(law).clauses, text)) == []
        assert list(law_checks.phrases_cut(load(law).clauses, text)) == []
