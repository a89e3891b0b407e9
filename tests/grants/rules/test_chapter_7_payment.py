"""柒: instalments, settlement, bans, papers of the closing report."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules import payments, settlement
from grants.rules.engine import evaluate
from grants.rules.facts import FactError
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib import office_calendar
from tests.grants.rules.build import LAW, case, found, ruling

ON = dt.date(2010, 6, 1)


def ruled(name, value, **more):
    return LAW.with_rulings([ruling(name, value, **more)])


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


class TestSettlement:
    @pytest.mark.parametrize(
        ("approved", "paid", "eligible", "executed", "disallowed", "payable", "refund", "clauses"),
        [
            (120000, 60000, 130000, True, 0, 60000, 0, ("K7.1b",)),
            (120000, 60000, 120000, True, 0, 60000, 0, ("K7.1b",)),
            (120000, 60000, 60000, True, 0, 0, 0, ("K7.1b",)),
            (120000, 60000, 59999, True, 0, 0, 1, ("K7.1b", "K7.3a")),
            (120000, 60000, 0, True, 0, 0, 60000, ("K7.1b", "K7.3a")),
            (120000, 60000, 130000, True, 5000, 60000, 0, ("K7.1b", "K7.3d")),
            (120000, 120000, 120000, True, 5000, 0, 5000, ("K7.1b", "K7.3a", "K7.3d")),
            (120000, 0, 5000, True, 6000, 0, 0, ("K7.1b", "K7.3d")),
            (120000, 60000, 60000, False, 0, 0, 60000, ("K7.3b",)),
            (90000, 0, 80000, True, 0, 80000, 0, ("K7.1b",)),
        ],
    )
    def test_paid_and_returned(self, approved, paid, eligible, executed, disallowed, payable, refund, clauses):
        done = payments.settlement(approved, paid, eligible, executed, disallowed, ruleset=LAW)
        assert (done.payable, done.refund, done.clauses) == (payable, refund, clauses)

    def test_arithmetic(self):
        told = "已撥付 60 元 − 核定 100 元與核實支出 50 元取較小者 50 元 = 應繳回 10 元"
        assert payments.settlement(100, 60, 50, ruleset=LAW).arithmetic == told
        assert (
            payments.settlement(100, 60, 90, ruleset=LAW).arithmetic
            == "核定 100 元與核實支出 90 元取較小者 90 元 − 已撥付 60 元 = 應撥付 30 元"
        )

    @pytest.mark.parametrize(
        ("paid", "returned", "eligible", "refund", "payable", "told"),
        [
            (60, 4, 50, 6, 0, "已撥付 60 元 − 已繳回 4 元 − 核定 100 元與核實支出 50 元取較小者 50 元 = 應繳回 6 元"),
            (
                60,
                10,
                50,
                0,
                0,
                "核定 100 元與核實支出 50 元取較小者 50 元 − 已撥付 60 元 ＋ 已繳回 10 元 = 應撥付 0 元",
            ),
        ],
    )
    def test_what_came_back_is_told_beside_what_was_paid(self, paid, returned, eligible, refund, payable, told):
        done = payments.settlement(100, paid, eligible, returned=returned, ruleset=LAW)
        assert (done.refund, done.payable, done.arithmetic) == (refund, payable, told)

    def test_a_project_not_carried_out_tells_what_is_left_to_return(self):
        done = payments.settlement(100, 60, 0, executed=False, returned=20, ruleset=LAW)
        assert (done.refund, done.arithmetic) == (40, "計畫未執行，已撥付 60 元全數繳回 − 已繳回 20 元 = 應繳回 40 元")

    def test_no_more_came_back_than_was_paid(self):
        with pytest.raises(ValueError, match="whole number"):
            payments.settlement(100, 60, 50, returned=61, ruleset=LAW)

    @given(*[st.integers(0, 10**7)] * 4, st.booleans())
    def test_never_both_and_never_beyond_what_is_borne(self, approved, paid, eligible, disallowed, executed):
        done = payments.settlement(approved, paid, eligible, executed, disallowed, ruleset=LAW)
        assert done.payable == 0 or done.refund == 0
        assert paid + done.payable - done.refund == done.accepted
        assert done.accepted <= approved

    def test_negative(self):
        with pytest.raises(ValueError, match="whole number"):
            payments.settlement(1, -1, 0, ruleset=LAW)


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
        told = found(case(submitted_on=on, organisation={"bars": bars}), "K7.3c")
        assert [f.severity for f in told] == ["error"] * count
        ended = [{**bars[0], "ends_on": "2012-12-30"}]
        assert found(case(submitted_on="2012-12-31", organisation={"bars": ended}), "K7.3c") == []

    @pytest.mark.parametrize(
        ("on", "number"), [("2010-12-31", 0), ("2011-01-01", 1), ("2011-12-31", 1), ("2012-01-01", 0)]
    )
    def test_a_year_for_misuse_is_cited_as_its_own_clause(self, on, number):
        bars = [{"starts_on": "2011-01-01", "ends_on": "2011-12-31", "clause": "K7.3e"}]
        told = found(case(submitted_on=on, organisation={"bars": bars}), "K7.3c", "K7.3e")
        assert [(f.clause, f.severity, f.allowed) for f in told] == [("K7.3e", "error", dt.date(2011, 12, 31))] * number
        assert all("經費支用不當，100年1月1日至100年12月31日不得申請" in f.message for f in told)

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
        told = [f for f in evaluate(case(organisation={"late_settlements": 2}), LAW).findings if f.clause == "K7.2b"]
        assert [(f.severity, f.message) for f in told] == [("info", "曾有 2 件逾期結報，會提供審查人員參考。")]
        assert [f for f in evaluate(case(), LAW).findings if f.clause == "K7.2b"] == []


def by_hand(completed_on, is_workday):
    """The oracle: walk day by day, counting nothing on the first day, to the day before the corresponding day."""
    start = completed_on + dt.timedelta(days=1)
    day = start
    if start.day == 1:
        while (day + dt.timedelta(days=1)).month == start.month:
            day += dt.timedelta(days=1)
    else:
        while day.month == start.month:
            day += dt.timedelta(days=1)
        following = day.month
        while day.day != start.day and (day + dt.timedelta(days=1)).month == following:
            day += dt.timedelta(days=1)
        if day.day == start.day:
            day -= dt.timedelta(days=1)
    while not is_workday(day):
        day += dt.timedelta(days=1)
    return day


class TestSettlementDue:
    @pytest.mark.parametrize(
        ("completed", "due", "morning"),
        [
            ("2010-03-15", "2010-04-15", False),
            ("2012-04-30", "2012-05-31", False),
            ("2010-01-30", "2010-03-01", False),
            ("2010-01-29", "2010-03-01", False),
            ("2010-01-27", "2010-03-01", True),
            ("2010-12-31", "2011-01-31", False),
            ("2010-08-31", "2010-09-30", False),
            ("2011-11-30", "2012-01-02", True),
            ("2010-03-17", "2010-04-19", True),
        ],
    )
    def test_days(self, completed, due, morning):
        told = payments.settlement_due(dt.date.fromisoformat(completed), lambda day: day.weekday() < 5, LAW, ON)
        assert (told.on.isoformat(), told.morning_only) == (due, morning)

    def test_a_saturday_that_is_worked_stays(self):
        told = payments.settlement_due(dt.date(2010, 3, 17), lambda day: True, LAW, ON)
        assert (told.on, told.morning_only) == (dt.date(2010, 4, 17), False)

    @pytest.mark.parametrize(
        ("completed_on", "due_on"),
        [
            (dt.date(2010, 3, 15), dt.date(2010, 4, 15)),
            (dt.date(2012, 4, 30), dt.date(2012, 5, 31)),  # starts on the 1st, ends with its month
            (dt.date(2010, 8, 31), dt.date(2010, 9, 30)),
            (dt.date(2011, 2, 28), dt.date(2011, 3, 31)),
            (dt.date(2011, 1, 30), dt.date(2011, 3, 1)),  # no 31 February: ends with the month, the 28th, a holiday
            (dt.date(2010, 12, 31), dt.date(2011, 1, 31)),
            (dt.date(2010, 5, 5), dt.date(2010, 6, 7)),  # a Saturday: next Monday
            (dt.date(2010, 5, 6), dt.date(2010, 6, 7)),  # a Sunday: next day
            (dt.date(2010, 5, 16), dt.date(2010, 6, 17)),  # Dragon Boat: next day
            (dt.date(2010, 1, 13), dt.date(2010, 2, 22)),  # the nine days of the new year
            (dt.date(2010, 1, 6), dt.date(2010, 2, 6)),  # a Saturday that is worked
        ],
    )
    def test_days_by_the_calendar_of_offices(self, completed_on, due_on):
        assert payments.settlement_due(completed_on, office_calendar.is_workday, LAW, ON).on == due_on

    @given(
        st.dates(dt.date(2010, 1, 1), dt.date(2013, 12, 31)),
        st.sets(st.dates(dt.date(2010, 1, 1), dt.date(2014, 3, 1)), max_size=30),
    )
    def test_equals_counting_by_hand(self, completed, holidays):
        def is_workday(day):
            return day.weekday() < 5 and day not in holidays

        assert payments.settlement_due(completed, is_workday, LAW, ON).on == by_hand(completed, is_workday)

    def test_the_months_are_the_laws_of_the_day(self):
        two = ruled("settlement.months", 2)
        completed = dt.date(2010, 3, 15)
        assert payments.settlement_due(completed, lambda day: True, two, ON).on == dt.date(2010, 5, 15)

    def test_the_days_for_the_receipt(self):
        assert payments.receipt_days(LAW, ON) == 30
        assert payments.receipt_days(ruled("instalment.receipt_days", 20), ON) == 20

    def test_completion_day(self):
        planned, actual = dt.date(2010, 9, 30), dt.date(2010, 9, 15)
        assert payments.completion_day(planned, actual, LAW, ON) == actual
        assert payments.completion_day(planned, None, LAW, ON) == planned
        assert payments.completion_day(planned, actual, ruled("reading.completion", "planned"), ON) == planned


class TestSurcharge:
    def test_the_words_tell_the_ruled_share(self):
        told = payments.surcharge(20, 10, 5_000, ruled("surcharge.extra_share", [25, 100]), ON)
        assert (told.extra, told.arithmetic.partition("：")[2]) == (1_250, "5,000 元 × 25% = 1,250 元")

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
        told = payments.attendance_findings({"2010-04": 15, "2010-05": 14.5}, LAW, ON)
        assert [(f.severity, f.month, f.over) for f in told] == [("warning", "2010-05", 0.5)]

    @pytest.mark.parametrize(("reading", "severity"), [("throughout", ["error"]), ("at_start", [])])
    def test_ruled(self, reading, severity):
        told = payments.attendance_findings({"2010-05": 14}, ruled("reading.users_when", reading), ON)
        assert [f.severity for f in told] == severity


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
    told = "已撥付 5 元 − 核定 9 元與核實支出 7 元扣除支用不當 3 元後的 4 元取較小者 4 元 = 應繳回 1 元"
    assert payments.settlement(9, 5, 7, True, 3, ruleset=LAW).arithmetic == told
    assert "扣除支用不當 3 元後的 0 元取較小者 0 元" in payments.settlement(9, 5, 0, True, 3, ruleset=LAW).arithmetic
    assert payments.surcharge(1, 2, 10, LAW, ON).extra == 2
    assert payments.unit_envelope(5, 6, 1, load("miaoli"))[0].suggested == 0


@pytest.mark.parametrize(
    ("event", "days"), [("not_executed", (None, ON)), ("not_executed", (dt.date(2010, 6, 30), None))]
)
def test_a_ban_of_years_wants_both_days(event, days):
    with pytest.raises(ValueError, match="a day is needed"):
        payments.sanction(event, *days, LAW, ON)
