"""陸: the window and the papers."""

import datetime as dt

import pytest

from grants.rules.engine import evaluate
from tests.grants.rules.build import LAW, case, found, line, ruling


def severities(the_case, clause, rulings=()):
    return [f.severity for f in found(the_case, clause, rulings=rulings)]


class TestWindow:
    @pytest.mark.parametrize(
        ("on", "expected"),
        [("2010-01-07", ["error"]), ("2010-01-08", []), ("2012-12-31", []), ("2013-01-01", ["error"])],
    )
    def test_days(self, on, expected):
        assert severities(case(submitted_on=on), "K6.1b") == expected

    def test_before_the_law_nothing_else_is_judged(self):
        asked = case(line("lecturer_fee", 10**6, hours=1, in_house=False), submitted_on="2010-01-07")
        evaluation = evaluate(asked, LAW)
        assert [f.message for f in evaluation.findings] == ["這個方案從 99年1月8日起受理，還不能送件。"]
        assert evaluation.totals.requested == 10**6

    @pytest.mark.parametrize(
        ("starts", "ends", "over"),
        [
            ("2012-11-01", "2012-12-31", []),
            ("2012-11-01", "2013-01-01", [1]),
            ("2012-11-01", "2013-02-01", [32]),
            ("2012-11-01", "2012-11-01", []),
            ("2012-11-02", "2012-11-01", [None]),
            (None, "2012-12-31", [None]),
            ("2012-11-01", None, [None]),
        ],
    )
    def test_project(self, starts, ends, over):
        findings = found(case(submitted_on="2012-10-01", starts_on=starts, ends_on=ends), "K6.1a")
        assert [f.over for f in findings] == over
        assert {f.severity for f in findings} <= {"error"}

    @pytest.mark.parametrize(
        ("ends", "expected"),
        [
            ("2012-12-31", []),
            ("2013-01-01", [("warning", 1)]),
            ("2013-06-30", [("warning", 181)]),
            ("2013-07-01", [("error", 1)]),
        ],
    )
    def test_an_end_between_two_readings(self, ends, expected):
        band = [ruling("window.project_end", strict="2012-12-31", lenient="2013-06-30")]
        findings = found(case(ends_on=ends), "K6.1a", rulings=band)
        assert [(f.severity, f.over) for f in findings] == expected
        assert all(f.suggested == dt.date(2012, 12, 31) for f in findings)
        ending = {"warning": "日，請說明。", "error": "目前到 102年7月1日。"}
        assert all(f.message.endswith(ending[f.severity]) for f in findings)

    @pytest.mark.parametrize(
        ("on", "expected"),
        [("2012-12-31", []), ("2013-01-01", ["warning"]), ("2013-06-30", ["warning"]), ("2013-07-01", ["error"])],
    )
    def test_filing_between_two_readings(self, on, expected):
        band = [ruling("window.closes", strict="2012-12-31", lenient="2013-06-30")]
        findings = found(case(submitted_on=on), "K6.1b", rulings=band)
        assert [f.severity for f in findings] == expected
        assert [f.message[-4:] for f in findings] == [{"warning": "請說明。", "error": "經截止。"}[s] for s in expected]

    def test_a_start_before_filing_is_only_told(self):
        shown = [f.severity for f in evaluate(case(starts_on="2010-03-14"), LAW).findings if f.clause == "K6.1b"]
        assert shown == ["info"]
        assert [f for f in evaluate(case(starts_on="2010-03-15"), LAW).findings if f.clause == "K6.1b"] == []

    @pytest.mark.parametrize(("month", "severity"), [("2010-02", ["warning"]), ("2010-03", []), (None, [])])
    def test_a_cost_of_a_month_before_filing_is_explained(self, month, severity):
        paid = line("casual_pay", 95, hours=1, person="甲", month=month)
        findings = found(case(line("printing", 1), paid), "K6.1b")
        assert [f.severity for f in findings] == severity
        assert [(f.line, f.person, f.month, f.requested, f.message) for f in findings] == [
            ("2", "甲", "2010-02", 95, "99年2月在送件之前；核定前的支出請說明理由。") for _ in severity
        ]


class TestPapers:
    def test_sealed_form(self):
        assert severities(case(documents=[]), "K6.2.1") == ["error"]
        assert severities(case(documents=["application_form"]), "K6.2.1") == []
        assert severities(case(documents=[], stage="draft"), "K6.2.1") == []
        assert severities(case(), "K6.2.1") == []

    def test_land_consent(self):
        assert severities(case(land_use=True), "K6.2.2a") == ["error"]
        assert severities(case(land_use=True, documents=["land_consent"]), "K6.2.2a") == []
        assert severities(case(land_use=False), "K6.2.2a") == []
        assert severities(case(), "K6.2.2a") == []
        assert severities(case(land_use=True, stage="draft"), "K6.2.2a") == []

    def test_building_materials_ask_for_the_land(self):
        asked = line("site_materials", 1)
        assert severities(case(asked), "K6.2.2a") == ["error"]
        assert severities(case(asked, land_use=False), "K6.2.2a") == []

    @pytest.mark.parametrize(
        ("until", "expected"),
        [
            ("2013-09-30", []),
            ("2013-09-29", ["warning"]),
            ("2013-03-15", ["warning"]),
            ("2013-03-14", ["error"]),
        ],
    )
    def test_three_years(self, until, expected):
        assert severities(case(land_use=True, consent_until=until), "K6.2.2b") == expected
        assert severities(case(land_use=False, consent_until=until), "K6.2.2b") == []

    def test_the_day_is_asked_for_once_the_consent_is_there(self):
        assert severities(case(land_use=True, documents=["land_consent"]), "K6.2.2b") == ["error"]
        assert severities(case(land_use=True, stage="draft"), "K6.2.2b") == ["error"]
        assert severities(case(land_use=True, documents=[]), "K6.2.2b") == []

    @pytest.mark.parametrize(
        ("reading", "until", "expected"), [("submission", "2013-03-15", []), ("project_end", "2013-09-29", ["error"])]
    )
    def test_three_years_ruled(self, reading, until, expected):
        asked = case(land_use=True, consent_until=until)
        assert severities(asked, "K6.2.2b", [ruling("reading.consent_from", reading)]) == expected

    def test_three_years_without_an_end_count_from_the_submission(self):
        assert severities(case(land_use=True, consent_until="2013-03-15", ends_on=None), "K6.2.2b") == []

    def test_course_papers(self):
        both = ["timetable", "lecturer_resume"]
        assert severities(case(course=True), "K6.2.3") == ["error"]
        assert severities(case(course=True, documents=both), "K6.2.3") == []
        assert severities(case(course=True, documents=both[:1]), "K6.2.3") == ["error"]
        assert severities(case(course=False), "K6.2.3") == []
        assert severities(case(course=True, stage="draft"), "K6.2.3") == []
        assert found(case(course=True), "K6.2.3")[0].message == "有課程就要附課程表、講師基本資歷。"
