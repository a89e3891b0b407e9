"""肆、一: the basic wage of the month binds what one person is paid."""

import pytest

from tests.grants.rules.build import brief, case, found, line, ruling


def tutor(requested, person="丙", month="2010-10", **more):
    return line("after_school_tutor", requested, hours=1000, person=person, month=month, **more)


def casual(requested, person="丙", month="2010-10", **more):
    return line("casual_pay", requested, hours=10000, person=person, month=month, **more)


def elsewhere(amount, item="after_school_tutor", person="丙", month="2010-10"):
    return {"person_months": [{"person": person, "month": month, "amount": amount, "item": item}]}


class TestMonthlyWage:
    TUTOR, CASUAL = "K4.1.3.5a", "K4.1.4"

    @pytest.mark.parametrize(
        ("month", "wage"), [("2010-12", 17280), ("2011-01", 17880), ("2011-12", 17880), ("2012-01", 18780)]
    )
    @pytest.mark.parametrize(("make", "clause"), [(tutor, TUTOR), (casual, CASUAL)])
    def test_wage_of_the_month_of_service(self, month, wage, make, clause):
        assert found(case(make(wage, month=month)), clause) == []
        findings = found(case(make(wage + 1, month=month)), clause)
        assert [(f.severity, f.over, f.suggested, f.person, f.month, f.line) for f in findings] == [
            ("error", 1, wage, "丙", month, "1")
        ]

    def test_message(self):
        findings = found(case(tutor(17500)), self.TUTOR)
        assert findings[0].message == "丙 99年10月酬勞合計 17,500 元，超過當月基本工資 17,280 元，超出 220 元。"
        assert findings[0].arithmetic == "17,500 − 17,280 = 220 元"

    def test_lines_of_one_person_add_up(self):
        findings = found(case(tutor(10000), tutor(7281)), self.TUTOR)
        assert [(f.severity, f.over, f.line) for f in findings] == [("error", 1, None)]
        assert found(case(tutor(10000), tutor(7281, person="丁")), self.TUTOR) == []
        assert found(case(tutor(10000), tutor(7281, month="2010-09")), self.TUTOR) == []

    def test_other_applications_add_up(self):
        asked = case(tutor(10000), elsewhere=elsewhere(7281))
        assert brief(asked, self.TUTOR) == [("error", 1, 9999)]
        assert brief(case(tutor(10000), elsewhere=elsewhere(7280)), self.TUTOR) == []
        assert brief(case(tutor(10000), elsewhere=elsewhere(7281, person="丁")), self.TUTOR) == []
        assert brief(case(tutor(10000), elsewhere=elsewhere(7281, month="2010-11")), self.TUTOR) == []
        assert brief(case(tutor(10000), elsewhere=elsewhere(20000)), self.TUTOR) == [("error", 12720, 0)]

    def test_every_other_application_adds_up(self):
        first, second = elsewhere(7000)["person_months"], elsewhere(281)["person_months"]
        findings = brief(case(tutor(10000), elsewhere={"person_months": [*first, *second]}), self.TUTOR)
        assert findings == [("error", 1, 9999)]

    @pytest.mark.parametrize("item", ["printing", "lecturer_fee"])
    def test_what_follows_a_fee_elsewhere_still_counts(self, item):
        both = [*elsewhere(1, item)["person_months"], *elsewhere(7281)["person_months"]]
        assert brief(case(tutor(10000), elsewhere={"person_months": both}), self.TUTOR) == [("error", 1, 9999)]

    def test_two_clauses_together_are_for_the_reviewer(self):
        asked = case(tutor(10000), casual(7281))
        assert brief(asked, self.TUTOR) == [("warning", 1, 9999)]
        assert brief(asked, self.CASUAL) == [("warning", 1, 7280)]
        assert brief(case(tutor(10000), casual(7280)), self.TUTOR, self.CASUAL) == []
        assert found(asked, self.TUTOR)[0].message.endswith("超出 1 元（不同項目合計）；請說明。")

    def test_one_clause_over_and_together_over(self):
        asked = case(tutor(17281), casual(1))
        assert brief(asked, self.TUTOR) == [("error", 1, 17279)]
        assert brief(asked, self.CASUAL) == [("warning", 2, 0)]

    def test_another_clause_elsewhere_is_for_the_reviewer(self):
        assert brief(case(casual(10000), elsewhere=elsewhere(7281)), self.CASUAL) == [("warning", 1, 9999)]

    def test_labourers_wages_of_the_same_person_count_together(self):
        def labour_of(amount, **more):
            service = {"person": "丙", "month": "2010-10", **more}
            return case(tutor(10000), line("hired_labour", amount, days=10, **service), line("printing", 90000))

        assert brief(labour_of(7281), self.TUTOR, self.CASUAL) == [("warning", 1, 9999)]
        for passes in (
            labour_of(7280),
            labour_of(None),
            labour_of(7281, person="丁"),
            labour_of(7281, month="2010-11"),
        ):
            assert brief(passes, self.TUTOR, self.CASUAL) == []
        blank = line("hired_labour", None, days=10, person="丙", month="2010-10")
        assert brief(case(tutor(17280), blank), self.TUTOR) == []
        assert brief(case(line("hired_labour", 99999, days=10, person="丙", month="2010-10")), self.TUTOR) == []
        assert brief(case(tutor(10000), elsewhere=elsewhere(7281, "hired_labour")), self.TUTOR) == [
            ("warning", 1, 9999)
        ]

    @pytest.mark.parametrize("item", ["lecturer_fee", "expert_fee", "script_fee", "printing"])
    def test_fees_are_not_pay(self, item):
        assert brief(case(casual(17280), elsewhere=elsewhere(5000, item)), self.CASUAL) == []

    def test_pay_of_a_kind_not_told_counts_together(self):
        other = {"person_months": [{"person": "丙", "month": "2010-10", "amount": 1}]}
        assert brief(case(casual(17280), elsewhere=other), self.CASUAL) == [("warning", 1, 17279)]

    @pytest.mark.parametrize(("reading", "severity"), [("together", ["error"]), ("each_clause", [])])
    def test_ruled(self, reading, severity):
        rulings = [ruling("reading.monthly_cap", reading)]
        findings = found(case(tutor(10000), casual(7281)), self.TUTOR, rulings=rulings)
        assert [f.severity for f in findings] == severity

    def test_all_kinds_of_aides_count_under_one_clause(self):
        worker = {"person": "丙", "month": "2010-10"}
        child = {"children": [{"age": 4}], "hours_per_day": 1, "days_per_week": 5, "days": 20}
        pay = [
            line("disability_aide", 5000, persons=1, hours_per_day=1, days=1, **worker),
            line("elder_aide", 5000, persons=1, hours_per_day=1, days=1, **worker),
            line("child_carer", 5000, **child, **worker),
            tutor(2281),
        ]
        assert [f.over for f in found(case(*pay, elders=10), self.TUTOR)] == [1]

    def test_a_month_before_all_known_wages_holds_the_case(self):
        findings = found(case(tutor(1, month="2007-06")), self.TUTOR)
        assert [f.kind for f in findings] == ["held"]
        assert found(case(tutor(1, month="2007-07")), self.TUTOR) == []


class TestUnnamedPay:
    """Unnamed staff: amount over heads and months."""

    @pytest.mark.parametrize(("amount", "expected"), [(34560, []), (34561, [("error", 1, 34560)])])
    def test_heads_and_months(self, amount, expected):
        asked = line("disability_aide", amount, persons=2, hours_per_day=1, days=1, month="2010-05")
        assert brief(case(asked, users=[{"age": 20}] * 20), "K4.1.3.5a") == expected

    def test_months_of_the_project_each_with_its_wage(self):
        dates = {"starts_on": "2010-12-15", "ends_on": "2011-01-15"}
        most = 17280 + 17880
        asked = line("elder_aide", most, persons=1, hours_per_day=1, days=1)
        assert brief(case(asked, elders=10, **dates), "K4.1.3.5a") == []
        assert brief(case({**asked, "requested": most + 1}, elders=10, **dates), "K4.1.3.5a") == [("error", 1, most)]

    def test_heads_unknown_is_for_the_reviewer(self):
        assert brief(case(casual(17281, person=None)), "K4.1.4") == [("warning", 1, 17280)]
        assert brief(case(casual(17280, person=None)), "K4.1.4") == []

    def test_named_without_a_month(self):
        assert brief(case(casual(6 * 17280 + 1, month=None)), "K4.1.4") == [("error", 1, 6 * 17280)]

    def test_lines_of_one_person_without_a_month_add_up(self):
        most = 6 * 17280
        both = case(casual(most - 100, month=None), casual(101, month=None))
        assert [(f.severity, f.over, f.suggested, f.line) for f in found(both, "K4.1.4")] == [("error", 1, most, None)]
        assert found(case(casual(most - 100, month=None), casual(101, month=None, person="丁")), "K4.1.4") == []
        assert found(case(casual(most - 100, month=None), tutor(101, month=None)), "K4.1.4", "K4.1.3.5a") == []
        assert found(case(*[casual(17280, person=None)] * 2), "K4.1.4") == []

    def test_without_month_and_dates_nothing_can_be_judged(self):
        asked = case(casual(1, month=None), starts_on=None)
        assert [f.kind for f in found(asked, "K4.1.4")] == ["blank"]
        followed = case(casual(1, month=None), casual(17281, person=None), starts_on=None)
        assert [(f.kind, f.line) for f in found(followed, "K4.1.4")] == [("blank", "1"), ("limit", "2")]

    def test_each_line_is_judged_on_its_own(self):
        asked = case(casual(17280, person=None), casual(17281, person=None, month="2010-11"))
        findings = found(asked, "K4.1.4")
        assert [(f.line, f.person, f.month, f.over) for f in findings] == [("2", None, "2010-11", 1)]

    def test_several_persons_under_a_name_are_told_with_name_and_month(self):
        asked = line("elder_aide", 34561, persons=2, hours_per_day=1, days=1, person="甲", month="2010-05")
        assert [(f.person, f.month) for f in found(case(asked, elders=20), "K4.1.3.5a")] == [("甲", "2010-05")]

    def test_named_line_of_several_persons_is_judged_by_heads(self):
        asked = line("elder_aide", 34561, persons=2, hours_per_day=1, days=1, person="甲", month="2010-05")
        assert [f.over for f in found(case(asked, elders=20), "K4.1.3.5a")] == [1]
