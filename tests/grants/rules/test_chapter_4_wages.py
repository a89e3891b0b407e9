"""肆、一、3(5): several people and months of one line; the wage of each person and month holds exactly."""

import pytest

from tests.grants.rules.build import case, found, line, ruling

HALF_YEAR = [f"2010-{month:02}" for month in range(7, 13)]
AIDES = {"people": ["甲", "乙", "丙"], "service_months": HALF_YEAR, "persons": 3, "hours_per_day": 4, "days": 120}


def wages(*lines, **more):
    findings = found(case(*lines, **more), "K4.1.3.5a", "K4.1.4")
    return [(f.severity, f.line, f.person, f.month, f.over, f.suggested) for f in findings]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (144_000, []),
        # 18 person-months of 17,280
        (311_040, []),
        (311_041, [("error", "1", None, None, 1, 311_040)]),
        (360_000, [("error", "1", None, None, 48_960, 311_040)]),
    ],
)
def test_three_people_over_half_a_year(asked, expected):
    assert wages(line("elder_aide", asked, **{**AIDES, "days": 400})) == expected


def test_one_month_of_the_span_that_is_paid_elsewhere_as_well():
    elsewhere = {
        "person_months": [{"person": "乙", "month": "2010-08", "amount": 20_000, "item": "casual_pay", "parts": 2}]
    }
    line_ = line("elder_aide", 144_000, **AIDES)
    # 8,000 here and 10,000 there: over under another clause is for the reviewer.
    assert wages(line_, elsewhere=elsewhere) == [("warning", "1", "乙", "2010-08", 720, 131_040)]
    strict = [ruling("reading.monthly_cap", "each_clause")]
    assert found(case(line_, elsewhere=elsewhere), "K4.1.3.5a", rulings=strict) == []


class TestAllThatIsSaidOfALine:
    """Everything that the finding about a line of several people and months says."""

    def only(self, *lines, **more):
        (finding,) = found(case(*lines, **more), "K4.1.3.5a", "K4.1.4")
        figures = finding.requested, finding.allowed, finding.over, finding.unit, finding.suggested
        return finding.severity, finding.line, finding.message, figures, finding.arithmetic, finding.basis

    def test_more_than_the_wage_in_each_month(self):
        assert self.only(line("elder_aide", 360_000, **{**AIDES, "days": 400})) == (
            "error",
            "1",
            (
                "3 人 × 6 個月，平均每人每月 20,000 元；甲 99年7月酬勞合計 20,000 元，超過當月基本工資 17,280 元，"
                "這一列最多 311,040 元，超出 48,960 元。"
            ),
            (360_000, 311_040, 48_960, "TWD", 311_040),
            "360,000 − 311,040 = 48,960 元",
            "每人每月酬勞不得超過基本工資 17,280 元，18 人月最多 311,040 元",
        )

    def test_two_months_that_another_clause_pays_as_well_are_for_the_reviewer(self):
        there = {"person": "乙", "amount": 20_000, "item": "casual_pay", "parts": 2}
        elsewhere = {"person_months": [there | {"month": month} for month in HALF_YEAR[1:3]]}
        # 8,000 here and 10,000 there in August and in September: 7,280 are left of each of 18 shares.
        assert self.only(line("elder_aide", 144_000, **AIDES), elsewhere=elsewhere) == (
            "warning",
            "1",
            (
                "3 人 × 6 個月，平均每人每月 8,000 元；乙 99年8月酬勞合計 18,000 元，超過當月基本工資 17,280 元，"
                "這一列最多 131,040 元，超出 12,960 元（不同項目合計）；請說明。"
            ),
            (144_000, 131_040, 12_960, "TWD", 131_040),
            "144,000 − 131,040 = 12,960 元",
            "每人每月酬勞不得超過基本工資 17,280 元，18 人月最多 131,040 元",
        )


def test_a_person_of_two_lines_keeps_the_wage_once():
    lines = [
        line("casual_pay", 30_000, hours=400, people=["甲", "乙"], service_months=["2010-07"]),
        line("casual_pay", 10_000, hours=110, people=["甲"], service_months=["2010-07"]),
    ]
    # 15,000 and 10,000: what may stay of both together is the wage, not a wage for each of the first line's people.
    assert wages(*lines) == [("error", None, "甲", "2010-07", 7_720, 17_280)]


def test_pay_is_found_behind_other_costs():
    pay = line("casual_pay", 17_281, hours=200, people=["甲"], service_months=["2010-07"])
    assert wages(line("printing", 1), pay) == [("error", "2", "甲", "2010-07", 1, 17_280)]


def test_a_name_is_the_same_however_it_is_written():
    lines = [
        line("casual_pay", 9_500, hours=100, person="臺 小明", month="2010-07"),
        line("casual_pay", 9_500, hours=100, people=["台小明", "王小明"], service_months=["2010-07", "2010-06"]),
    ]
    # 9,500 and a quarter of 9,500 are below the wage; two wholes would not be.
    assert wages(*lines) == []
    lines[1] = line("casual_pay", 9_500, hours=100, person="台小明", month="2010-07")
    assert wages(*lines) == [("error", None, "臺 小明", "2010-07", 1_720, 17_280)]


def test_unnamed_people_over_months_without_dates_of_the_project():
    """3 people x 4 hours x 120 days over six months are 18 person-months."""
    unnamed = {**AIDES, "people": [], "days": 400}
    asked = {"starts_on": None, "ends_on": None}
    assert wages(line("elder_aide", 311_040, **unnamed), **asked) == []
    assert wages(line("elder_aide", 311_041, **unnamed), **asked) == [("error", "1", None, None, 1, 311_040)]
    (over,) = found(case(line("elder_aide", 311_041, **unnamed), **asked), "K4.1.3.5a")
    assert over.basis == "每人每月酬勞不得超過基本工資：3 人 × 6 個月的基本工資合計 311,040 元"
    assert over.message == f"{over.basis}，超出 1 元。"
    assert wages(line("elder_aide", 1, **{**unnamed, "service_months": []}), **asked) == [
        ("error", "1", None, None, None, None)
    ]


def test_names_that_are_fewer_than_the_people_do_not_stand_for_them():
    asked = line("elder_aide", 60_000, **{**AIDES, "people": ["甲", "乙"], "service_months": ["2010-07"]})
    assert wages({**asked, "month": None}) == [("error", "1", None, "2010-07", 8_160, 51_840)] or wages(asked) == [
        ("error", "1", None, None, 8_160, 51_840)
    ]


def test_people_of_one_line_are_heads():
    findings = found(
        case(line("elder_aide", 100, **{**AIDES, "persons": None, "people": list("甲乙丙丁戊")}), elders=45),
        "K4.1.3.2b",
    )
    assert [(f.requested, f.over, f.lines) for f in findings] == [(5, 1, ("1",))]


def test_the_expert_who_lectures_is_found_among_several():
    lines = [
        line("expert_fee", 2000, sessions=1, people=["甲", "乙"], service_months=["2010-07", "2010-08"]),
        line("lecturer_fee", 1600, hours=1, in_house=False, people=["乙", "丙"], month="2010-08"),
    ]
    (finding,) = found(case(*lines), "K4.1.1")
    assert finding.message.startswith("乙 同時列了")
    lines[1] = {**lines[1], "month": "2010-09"}
    assert found(case(*lines), "K4.1.1") == []


class TestTheSameNameInTheCaseOfAnotherBody:
    """The wage of July 2010 is 17,280; the person has 8,000 in this case."""

    def namesakes(self, *others, mine=8_000):
        here = line("casual_pay", mine, hours=100, person="臺小明", month="2010-07")
        row = {"person": "台小明", "month": "2010-07", "item": "elder_aide", "case": "88-099-0002"}
        elsewhere = {"person_months": [row | other for other in others]}
        return [f for f in found(case(here, elsewhere=elsewhere)) if f.kind == "namesake"]

    @pytest.mark.parametrize(
        ("amount", "parts", "expected"),
        [
            (9_280, 1, []),
            (9_281, 1, [("warning", "K4.1.4", "臺小明", "2010-07", 17_281, 17_280, 1)]),
            # Of a payment to two people for two months a quarter counts.
            (37_120, 4, []),
            (37_121, 4, [("warning", "K4.1.4", "臺小明", "2010-07", 17_281, 17_280, 1)]),
        ],
    )
    def test_the_wage_is_the_bound_of_both_together(self, amount, parts, expected):
        findings = self.namesakes({"amount": amount, "parts": parts})
        brief = [(f.severity, f.clause, f.person, f.month, f.requested, f.allowed, f.over) for f in findings]
        assert brief == expected

    def test_the_officer_reads_which_case_and_which_sums(self):
        (finding,) = self.namesakes({"amount": 6_000}, {"amount": 5_000}, {"amount": 1, "case": "88-099-0003"})
        assert finding.message == (
            "臺小明 99年7月：其他單位的申請案 88-099-0002、88-099-0003 也有同名的人，酬勞 11,001 元；若是同一人，"
            "合計 19,001 元，超過當月基本工資 17,280 元，請查明是不是同一人。"
        )

    def test_the_finding_names_its_lines_and_its_unit(self):
        (finding,) = self.namesakes({"amount": 9_281})
        assert (finding.line, finding.lines, finding.unit) == ("1", (), "TWD")

    def test_a_person_who_is_not_paid_elsewhere_hides_nobody_behind(self):
        rows = [line("casual_pay", 8_000, hours=100, person=name, month="2010-07") for name in ("王小明", "臺小明")]
        there = {"person": "臺小明", "month": "2010-07", "amount": 9_281, "item": "elder_aide", "case": "88-099-0002"}
        findings = found(case(*rows, elsewhere={"person_months": [there]}))
        assert [f.person for f in findings if f.kind == "namesake"] == ["臺小明"]

    def test_what_the_body_pays_in_its_other_cases_counts_as_its_own(self):
        own = {"amount": 5_000, "case": ""}
        assert self.namesakes(own) == []
        assert self.namesakes(own, {"amount": 4_280}) == []
        (finding,) = self.namesakes(own, {"amount": 4_281})
        assert (finding.requested, finding.over) == (17_281, 1)

    @pytest.mark.parametrize("other", [{"month": "2010-08"}, {"person": "王小明"}, {"item": "lecturer_fee"}])
    def test_another_month_person_or_kind_of_pay_is_none(self, other):
        assert self.namesakes({"amount": 17_280} | other) == []
