"""All that a finding says: its lines, the sentence for the reason of a cut, whether two limits stand, and what it is about."""

import pytest

from grants.rules import automatic, catalogue, days
from grants.rules.engine import evaluate
from tests.grants.rules.build import LAW, case, found, line, ruling


def notices(the_case, clause):
    return [f for f in evaluate(the_case, LAW).findings if f.clause == clause]


class TestBlanks:
    def test_the_kind_of_insurance_is_asked_for_at_its_line(self):
        (one,) = notices(case(line("printing", 1), line("insurance", 500)), "K4.2.1")
        assert (one.severity, one.kind, one.line, one.message) == ("info", "blank", "2", "請選「保險種類」。")

    def test_words_that_are_not_there_are_empty(self):
        assert case(line("insurance", 1)).lines[0].words("insurance_kind") == ""


class TestLinesTogether:
    @pytest.mark.parametrize(
        ("films", "at", "together"), [(1, "1", ()), (2, None, ("1", "2")), (3, None, ("1", "2", "3"))]
    )
    def test_one_line_is_named_as_it_is_and_several_as_a_list(self, films, at, together):
        rows = [line("film", 300_001 // films + 1, seconds=9000)] * films
        (one,) = found(case(*rows), "K4.1.7b")
        assert (one.line, one.lines) == (at, together)

    def test_a_ratio_names_the_lines_of_its_people(self):
        aide = {"persons": 1, "hours_per_day": 4, "days": 10}
        rows = [line("printing", 1), *[line("disability_aide", 4800, **aide)] * 2]
        (one,) = found(case(*rows, users=[{"age": 50}] * 10), "K4.1.3.1")
        assert one.lines == ("2", "3")

    def test_the_hours_of_a_person_on_several_lines_are_counted_by_month(self):
        # 5 hours a day on two lines, 3 × 40 + 2 × 10 = 140 hours in two months: 70 a month fit into 4 × 31.
        rows = [
            line("elder_aide", 1, persons=1, hours_per_day=3, days=40, people=["甲"], service_months=["2010-05", "2010-06"]),
            line("elder_aide", 1, persons=1, hours_per_day=2, days=10, people=["甲"], service_months=["2010-05", "2010-06"]),
        ]  # fmt: skip
        rows_found = [f for f in found(case(*rows, elders=20), "K4.1.3.2c") if f.person]
        assert [(f.severity, f.lines) for f in rows_found] == [("warning", ("1", "2"))] * 2


class TestBasis:
    """The sentence of the limit at the amount that is set, for the reason of a cut."""

    def test_a_carer_of_own_children_only(self):
        rows = [line("child_carer", 100, children=[{"age": 4, "own": True}], hours_per_day=1, days_per_week=5, days=1)]
        cut = [f for f in found(case(*rows), "K4.1.3.3c") if f.suggested == 0]
        assert [f.basis for f in cut] == ["只照顧自己家的孩子補助 0 元"]

    @pytest.mark.parametrize(
        ("own", "basis"),
        [
            (0, "外聘講師鐘點費每小時最高 1,600 元：2 小時 × 1,600 = 3,200 元"),
            (200, "外聘講師鐘點費每小時最高 1,600 元：2 小時 × 1,600 = 3,200 元，扣除自籌和其他補助後最多 3,000 元"),
        ],
    )
    def test_what_own_funds_leave_where_the_cap_binds_the_whole_pay(self, own, basis):
        law = LAW.with_rulings([ruling("reading.cap_on", "pay")])
        row = line("lecturer_fee", 5000, hours=2, in_house=False, own_funds=own)
        assert [f.basis for f in found(case(row), "K4.1.2", law=law)] == [basis]

    def test_own_funds_do_not_count_where_the_cap_binds_the_subsidy(self):
        row = line("lecturer_fee", 5000, hours=2, in_house=False, own_funds=100, other_funds=100)
        (one,) = found(case(row), "K4.1.2")
        assert one.basis == "外聘講師鐘點費每小時最高 1,600 元：2 小時 × 1,600 = 3,200 元"

    def test_own_and_other_funds_that_cancel_out_are_still_funds(self):
        law = LAW.with_rulings([ruling("reading.cap_on", "pay")])
        row = line("lecturer_fee", 5000, hours=2, in_house=False, own_funds=100, other_funds=100)
        (one,) = found(case(row), "K4.1.2", law=law)
        assert one.basis.endswith("，扣除自籌和其他補助後最多 3,000 元")

    def test_less_than_a_fixed_amount(self):
        law = LAW.with_rulings([ruling("reading.fixed_or_maximum", "fixed")])
        (low,) = found(case(line("expert_fee", 1999, sessions=1)), "K4.1.1", law=law)
        assert low.basis == "條文是定額 2,000 元"


class TestTwoLimits:
    @pytest.mark.parametrize(("lenient", "two"), [(2000, False), (2100, True)])
    def test_of_a_sum(self, lenient, two):
        law = LAW.with_rulings([ruling("expert_fee.session", strict=2000, lenient=lenient)])
        (one,) = found(case(line("expert_fee", 9000, sessions=1)), "K4.1.1", law=law)
        assert one.two_limits is two

    @pytest.mark.parametrize(("lenient", "two"), [(4, False), (5, True)])
    def test_of_a_number(self, lenient, two):
        law = LAW.with_rulings([ruling("child_carer.children", strict=4, lenient=lenient)])
        row = line("child_carer", 1, children=[{"age": 4}] * 6, hours_per_day=1, days_per_week=5, days=1)
        over = [f for f in found(case(row), "K4.1.3.3c", law=law) if f.unit == "persons"]
        assert [f.two_limits for f in over] == [two]


class TestReadingsSaidInWords:
    def test_of_hired_labour(self):
        law = LAW.with_rulings([ruling("reading.labour_base", strict="rest", lenient="total")])
        rows = [line("hired_labour", 10_500, days=20), line("printing", 100_000)]
        (one,) = found(case(*rows), "K4.1.5b", law=law)
        assert "其他項目不含行政管理費的比例" in one.message
        assert "合計補助金額的比例" in one.message
        assert "XX" not in one.message

    def test_of_films(self):
        law = LAW.with_rulings([ruling("reading.film", strict="application", lenient="film")])
        film = line("film", 300_000, seconds=1800)
        (one,) = found(case(film, film), "K4.1.7b", law=law)
        assert "每案一個上限" in one.message
        assert "每支影片各一個上限" in one.message
        assert "XX" not in one.message
        assert one.lines == ("1", "2")

    def test_a_film_without_an_amount_adds_nothing(self):
        rows = [line("film", 300_000, seconds=1800), line("film", 0, seconds=1800)]
        assert found(case(*rows), "K4.1.7b") == []


class TestCatalogue:
    def test_a_programme_that_the_law_does_not_know_has_no_usual_items_and_no_sums(self):
        assert (catalogue.usual_codes("no_such"), catalogue.sums("no_such")) == ((), ())

    def test_an_item_is_rated_by_its_cost(self):
        items = catalogue.items()
        assert (items["lecturer_fee"].rated, items["printing"].rated) == (True, False)

    @pytest.mark.parametrize(("number", "words"), [(1, "一"), (3, "三"), (1000, " 1000 ")])
    def test_small_numbers_are_spelled(self, number, words):
        assert days.spelled(number) == words

    def test_the_first_number_without_a_numeral_is_written_in_digits(self):
        most = len(days._NUMERALS)
        assert (days.spelled(most - 1), days.spelled(most)) == (days._NUMERALS[most - 1], f" {most} ")


class TestFollowing:
    """A line whose amount follows the other items (automatic)."""

    def test_a_share_follows_whatever_stood_there_before(self):
        for before in (0, 1, 5_000, 900_000):
            rows = [line("admin_overhead", before), line("printing", 100_000)]
            assert automatic.amounts(case(*rows), LAW, ["1"]) == {"1": 10_000}

    def test_none_follows_where_none_is_asked_to(self):
        assert automatic.amounts(case(line("printing", 1)), LAW, ["1"]) == {}

    def test_a_limit_that_the_county_waived_for_the_case_does_not_count(self):
        rows = [line("admin_overhead", 0), line("printing", 100_000)]
        barred = case(*rows, organisation={"manpower_grant": "granted"})
        assert automatic.amounts(barred, LAW, ["1"]) == {"1": 0}
        assert automatic.amounts(barred, LAW, ["1"], waived={"K4.6.1": "府社字第9號"}) == {"1": 10_000}
