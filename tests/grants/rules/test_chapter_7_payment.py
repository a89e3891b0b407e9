"""柒: instalments, surcharges, papers of the closing report, and readings that the county left open."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules import payments, settlement
from grants.rules.ruleset import load
from tests.grants.rules.build import LAW, ruling

from .build import ruled

ON = dt.date(2010, 6, 1)


class TestInstalments:
    @pytest.mark.parametrize(
        ("approved", "first", "second", "two_stage", "clause"),
        [
            (0, 0, 0, False, "K7.1c"),
            (99999, 0, 0, False, "K7.1c"),
            (100000, 50000, 50000, True, "K7.1a"),
            (100001, 50000, 50001, True, "K7.1a"),
            (123456, 61728, 61728, True, "K7.1a"),
        ],
    )
    def test_by_amount(self, approved, first, second, two_stage, clause):
        plan = payments.instalments(approved, LAW, ON)
        assert (plan.first, plan.second, plan.two_stage, plan.clause) == (first, second, two_stage, clause)

    def test_the_second_part_has_a_clause_of_its_own(self):
        assert payments.instalments(100000, LAW, ON).second_clause == "K7.1b"
        assert payments.instalments(99999, LAW, ON).second_clause == ""

    def test_a_law_that_names_no_instalments_pays_once_and_cites_nothing(self):
        plan = payments.instalments(150000, load("miaoli"), ON)
        assert plan == payments.Instalments(0, 0, False, "執行完畢核銷後一次撥付", "")

    def test_exactly_the_threshold(self):
        assert payments.instalments(100000, LAW, ON).note == "剛好在門檻上，兩句條文都包含，待函釋。"
        assert payments.instalments(100001, LAW, ON).note == ""
        single = ruled("instalment.at_threshold", "single")
        assert payments.instalments(100000, single, ON).two_stage is False
        assert payments.instalments(100001, single, ON).two_stage is True

    def test_rounding_is_a_reading(self):
        half_up = ruled("rounding.instalment", "half_up")
        plan = payments.instalments(100001, half_up, ON)
        assert (plan.first, plan.second) == (50001, 50000)
        third = half_up.with_rulings([ruling("instalment.first_share", [1, 3])])
        assert [payments.instalments(n, third, ON).first for n in (100000, 100001, 100002)] == [33333, 33334, 33334]

    def test_arithmetic(self):
        assert (
            payments.instalments(100001, LAW, ON).arithmetic == "100,001 元 × 50% = 第一期 50,000 元；第二期 50,001 元"
        )
        assert payments.instalments(5, LAW, ON).arithmetic == "核定 5 元，10 萬元以下於執行完畢核銷後一次撥付"

    @given(st.integers(0, 10**9))
    def test_both_make_the_approved_amount(self, approved):
        plan = payments.instalments(approved, LAW, ON)
        assert plan.first + plan.second == (approved if plan.two_stage else 0)
        assert 0 <= plan.second - plan.first <= 1

    @pytest.mark.parametrize("amount", [-1, 1.0, True, "5", None])
    def test_whole_dollars_only(self, amount):
        with pytest.raises(ValueError, match="whole number"):
            payments.instalments(amount, LAW, ON)


class TestSurcharge:
    def test_the_words_tell_the_ruled_share(self):
        surcharge = payments.surcharge(20, 10, 5_000, ruled("surcharge.extra_share", [25, 100]), ON)
        assert (surcharge.extra, surcharge.arithmetic.partition("：")[2]) == (1_250, "5,000 元 × 25% = 1,250 元")

    @pytest.mark.parametrize(
        ("attendees", "payers", "cost", "extra"),
        [
            (20, 10, 10000, 2000),
            (21, 10, 10000, 0),
            (19, 10, 10000, 2000),
            (0, 0, 10000, 0),
            (1, 1, 4, 0),
            (1, 1, 5, 1),
            (2, 1, 9, 1),
        ],
    )
    def test_half_pay(self, attendees, payers, cost, extra):
        assert payments.surcharge(attendees, payers, cost, LAW, ON).extra == extra

    def test_base_is_a_reading(self):
        assert payments.surcharge(2, 1, 100, LAW, ON, planned_cost=200).extra == 20
        assert (
            payments.surcharge(2, 1, 100, ruled("reading.surcharge_base", "planned"), ON, planned_cost=200).extra == 40
        )

    def test_arithmetic(self):
        assert (
            payments.surcharge(20, 10, 10000, LAW, ON).arithmetic
            == "20 人中 10 人付費，達 1/2：10,000 元 × 20% = 2,000 元"
        )
        assert payments.surcharge(21, 10, 1, LAW, ON).arithmetic == "21 人中 10 人付費，未達 1/2，不增加補助"


class TestAttendance:
    def test_below_fifteen_is_for_the_reviewer(self):
        findings = payments.attendance_findings({"2010-04": 15, "2010-05": 14.5}, LAW, ON)
        assert [(f.severity, f.month, f.over) for f in findings] == [("warning", "2010-05", 0.5)]

    @pytest.mark.parametrize(("reading", "severity"), [("throughout", ["error"]), ("at_start", [])])
    def test_ruled(self, reading, severity):
        findings = payments.attendance_findings({"2010-05": 14}, ruled("reading.users_when", reading), ON)
        assert [f.severity for f in findings] == severity


def receipts(item, answer):
    return settlement.receipts("1", item, answer, "溪洲示範社區發展協會")


class TestClosingReport:
    def clauses(self, findings):
        return [f.clause for f in findings]

    @pytest.mark.parametrize(
        ("item", "answer", "clauses"),
        [
            ("admin_overhead", "other_title", ["K4.6.3b"]),
            ("admin_overhead", "own_title", []),
            ("travel", "no_ticket", ["K4.3.3"]),
            ("travel", "ticket", []),
            ("travel", "other", []),
            ("participant_transport", "receipt", ["K4.3.4"]),
            ("participant_transport", "roster", []),
            ("meals", "roster", ["K4.2.6"]),
            ("meals", "self_cooked", []),
            ("meals", "receipt", []),
            ("meals", "", []),
            ("printing", "receipt", []),
        ],
    )
    def test_what_is_said_of_receipts(self, item, answer, clauses):
        found = receipts(item, answer)
        assert self.clauses(found) == clauses
        assert {(f.line, f.severity, f.kind) for f in found} <= {("1", "error", "missing")}

    def test_the_registered_name_stands_in_the_sentence(self):
        (found,) = receipts("admin_overhead", "other_title")
        assert found.message == "收據抬頭要是「溪洲示範社區發展協會」，才能核銷行政管理費。"

    def test_papers(self):
        kinds = ("vouchers", "photos", "activity_records")
        assert self.clauses(settlement.papers("growth_prevention", ())) == ["K7.2a"] * 3
        assert self.clauses(settlement.papers("growth_prevention", kinds)) == []
        assert self.clauses(settlement.papers("after_school_care", kinds)) == ["K3.I.6.4a"]
        assert self.clauses(settlement.papers("after_school_care", (*kinds, "outcome_report"))) == []
        assert {f.severity for f in settlement.papers("growth_prevention", ())} == {"error"}


class TestBetweenTwoReadings:
    """Where the county has left a reading open, money goes by its lenient side until a ruling settles it."""

    def law(self, name, strict, lenient):
        return LAW.with_rulings([ruling(name, strict=strict, lenient=lenient)])

    @pytest.mark.parametrize(
        ("name", "strict", "lenient", "expected"),
        [
            ("instalment.threshold", 300_000, 50_000, (50_000, True)),
            ("instalment.first_share", [1, 10], [1, 4], (25_000, True)),
            ("instalment.at_threshold", "single", "two_stage", (50_000, True)),
        ],
    )
    def test_instalments(self, name, strict, lenient, expected):
        plan = payments.instalments(100_000, self.law(name, strict, lenient), ON)
        assert (plan.first, plan.two_stage) == expected

    def test_rounding_of_the_first_instalment(self):
        law = self.law("rounding.instalment", "floor", "half_up")
        assert payments.instalments(100_001, law, ON).first == 50_001

    def test_bans(self):
        ends, decided = dt.date(2010, 12, 1), dt.date(2011, 2, 1)
        ban = payments.sanction("not_executed", ends, decided, self.law("reading.ban_year", "decision", "project"), ON)
        assert ban.barred_to == dt.date(2012, 12, 31)
        assert payments.sanction("not_executed", ends, decided, self.law("ban.years", 5, 1), ON).barred_to == dt.date(
            2011, 12, 31
        )
        law = self.law("reading.next_application", "whole_year", "next")
        assert payments.sanction("misuse", ends, decided, law, ON).next_application is True

    @pytest.mark.parametrize(
        ("name", "strict", "lenient", "extra"),
        [
            ("surcharge.payers_share", [9, 10], [1, 3], 200),
            ("surcharge.extra_share", [1, 100], [30, 100], 300),
            ("reading.surcharge_base", "actual", "planned", 400),
        ],
    )
    def test_surcharge(self, name, strict, lenient, extra):
        assert payments.surcharge(2, 1, 1000, self.law(name, strict, lenient), ON, planned_cost=2000).extra == extra

    @pytest.mark.parametrize(("payers", "extra"), [(5, 0), (6, 200)])
    def test_surcharge_from_two_thirds_by_ruling(self, payers, extra):
        two_thirds = ruled("surcharge.payers_share", [2, 3])
        assert payments.surcharge(9, payers, 1000, two_thirds, ON).extra == extra

    @pytest.mark.parametrize("amount", [-1, 1.5, True, "5", None])
    def test_an_amount_is_whole_dollars(self, amount):
        with pytest.raises(ValueError, match=r"^an amount is a whole number of NT dollars, 0 or more$"):
            payments.instalments(amount, LAW, ON)

    def test_envelope(self):
        most = self.law("envelope.yearly", 1, 35_000_000)
        assert payments.envelope(2010, 35_000_000, 0, most) == ()
        assert payments.envelope(2013, 0, 1, self.law("envelope.last_year", 2009, 2013)) == ()
        soft = payments.envelope(2010, 30_000_000, 1, self.law("reading.envelope", "hard", "soft"))
        assert [f.severity for f in soft] == ["warning"]

    def test_completion_and_attendance(self):
        planned, actual = dt.date(2010, 9, 30), dt.date(2010, 9, 15)
        assert (
            payments.completion_day(planned, actual, self.law("reading.completion", "planned", "actual"), ON) == actual
        )
        assert payments.attendance_findings({"2010-05": 12}, self.law("day_care.users", 15, 12), ON) == ()


def test_sums_are_told():
    assert payments.settlement(9, 5, 0, executed=False, ruleset=LAW).arithmetic == "計畫未執行，已撥付 5 元全數繳回"
    arithmetic = "已撥付 5 元 − 核定 9 元與核實支出 7 元扣除支用不當 3 元後的 4 元取較小者 4 元 = 應繳回 1 元"
    assert payments.settlement(9, 5, 7, True, 3, ruleset=LAW).arithmetic == arithmetic
    assert "扣除支用不當 3 元後的 0 元取較小者 0 元" in payments.settlement(9, 5, 0, True, 3, ruleset=LAW).arithmetic
    assert payments.surcharge(1, 2, 10, LAW, ON).extra == 2
    assert payments.unit_envelope(5, 6, 1, load("miaoli"))[0].suggested == 0
