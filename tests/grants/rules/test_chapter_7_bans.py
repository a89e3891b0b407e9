"""柒三: from when to when an association is barred, and which words say so."""

import datetime as dt

import pytest

from grants.rules import payments
from grants.rules.engine import evaluate
from grants.rules.facts import FactError
from tests.grants.rules.build import LAW, case, found

from .build import ruled

ON = dt.date(2010, 6, 1)


class TestSanctions:
    @pytest.mark.parametrize(
        ("approved_end", "decided_on", "barred_from", "barred_to"),
        [
            ("2010-11-30", "2010-12-20", "2011-01-01", "2012-12-31"),
            ("2010-12-31", "2011-01-01", "2011-01-01", "2012-12-31"),
            ("2010-12-31", "2011-02-10", "2011-02-10", "2012-12-31"),
            ("2011-01-01", "2011-02-10", "2012-01-01", "2013-12-31"),
        ],
    )
    def test_two_years_from_the_year_after(self, approved_end, decided_on, barred_from, barred_to):
        days = [dt.date.fromisoformat(day) for day in (approved_end, decided_on, barred_from, barred_to)]
        ban = payments.sanction("not_executed", days[0], days[1], LAW, ON)
        assert (ban.clause, ban.barred_from, ban.barred_to, ban.next_application) == ("K7.3c", days[2], days[3], False)

    def test_from_the_year_of_the_decision_where_ruled(self):
        law = ruled("reading.ban_year", "decision")
        ban = payments.sanction("not_executed", dt.date(2010, 12, 1), dt.date(2011, 2, 1), law, ON)
        assert (ban.barred_from, ban.barred_to) == (dt.date(2012, 1, 1), dt.date(2013, 12, 31))

    def test_misuse_bars_the_next_application(self):
        ban = payments.sanction("misuse", None, dt.date(2010, 12, 20), LAW, ON)
        assert (ban.clause, ban.next_application, ban.barred_from) == ("K7.3e", True, None)

    def test_misuse_bars_a_year_where_ruled(self):
        ban = payments.sanction(
            "misuse", None, dt.date(2010, 12, 20), ruled("reading.next_application", "whole_year"), ON
        )
        assert (ban.barred_from, ban.barred_to, ban.next_application) == (
            dt.date(2011, 1, 1),
            dt.date(2011, 12, 31),
            False,
        )
        assert ban.clause == "K7.3e"

    def test_unknown_event(self):
        with pytest.raises(ValueError, match="unknown event"):
            payments.sanction("late", None, ON, LAW, ON)

    @pytest.mark.parametrize(("on", "count"), [("2010-12-31", 0), ("2011-01-01", 1), ("2012-12-31", 1)])
    def test_the_days_of_a_ban(self, on, count):
        bars = [{"starts_on": "2011-01-01", "ends_on": "2012-12-31", "decision": "府社字第1號"}]
        findings = found(case(submitted_on=on, organisation={"bars": bars}), "K7.3c")
        assert [f.severity for f in findings] == ["error"] * count
        ended = [{**bars[0], "ends_on": "2012-12-30"}]
        assert found(case(submitted_on="2012-12-31", organisation={"bars": ended}), "K7.3c") == []

    @pytest.mark.parametrize(
        ("on", "number"), [("2010-12-31", 0), ("2011-01-01", 1), ("2011-12-31", 1), ("2012-01-01", 0)]
    )
    def test_a_year_for_misuse_is_cited_as_its_own_clause(self, on, number):
        bars = [{"starts_on": "2011-01-01", "ends_on": "2011-12-31", "clause": "K7.3e"}]
        findings = found(case(submitted_on=on, organisation={"bars": bars}), "K7.3c", "K7.3e")
        assert [(f.clause, f.severity, f.allowed) for f in findings] == [
            ("K7.3e", "error", dt.date(2011, 12, 31))
        ] * number
        assert all("經費支用不當，100年1月1日至100年12月31日不得申請" in f.message for f in findings)

    def test_both_bars_are_told_each_by_its_clause(self):
        years = {"starts_on": "2010-01-01", "ends_on": "2011-12-31"}
        both = {"bars": [years, {**years, "clause": "K7.3e"}], "barred_next_time": True}
        assert [f.clause for f in found(case(organisation=both), "K7.3c", "K7.3e")] == ["K7.3c", "K7.3e", "K7.3e"]

    def test_no_other_clause_bars(self):
        with pytest.raises(FactError, match="bars"):
            case(organisation={"bars": [{"starts_on": "2010-01-01", "ends_on": "2011-12-31", "clause": "K7.3a"}]})

    def test_barred_this_time(self):
        assert [f.severity for f in found(case(organisation={"barred_next_time": True}), "K7.3e")] == ["error"]
        assert found(case(), "K7.3e") == []

    def test_a_late_settlement_is_shown_and_never_blocks(self):
        findings = [
            f for f in evaluate(case(organisation={"late_settlements": 2}), LAW).findings if f.clause == "K7.2b"
        ]
        assert [(f.severity, f.message) for f in findings] == [("info", "曾有 2 件逾期結報，會提供審查人員參考。")]
        assert [f for f in evaluate(case(), LAW).findings if f.clause == "K7.2b"] == []


@pytest.mark.parametrize(
    ("event", "days"), [("not_executed", (None, ON)), ("not_executed", (dt.date(2010, 6, 30), None))]
)
def test_a_ban_of_years_wants_both_days(event, days):
    with pytest.raises(ValueError, match=r"^a day is needed$"):
        payments.sanction(event, *days, LAW, ON)
