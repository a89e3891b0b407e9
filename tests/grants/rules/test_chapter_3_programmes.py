"""參: what each programme's clauses ask of the plan."""

import datetime as dt

import pytest

from tests.grants.rules.build import case, found, ruling


def judged(clause, rulings=(), **project):
    return [(f.severity, f.over, f.kind) for f in found(case(**project), clause, rulings=rulings)]


OVER = "limit"


class TestStation:
    def judged(self, clause, rulings=(), **answers):
        return judged(clause, rulings, programme="elder_care_station", elders=10, **answers)

    def test_sessions_and_hours(self):
        clause = "K3.I.2.1.1"
        assert self.judged(clause, sessions_per_week=1, hours_per_session=4) == []
        assert self.judged(clause, sessions_per_week=0, hours_per_session=4) == [("error", 1, OVER)]
        assert self.judged(clause, sessions_per_week=1, hours_per_session=3.5) == [("error", 0.5, OVER)]
        assert self.judged(clause, sessions_per_week=5, hours_per_session=8) == []
        assert self.judged(clause) == [("error", None, "blank")] * 2

    @pytest.mark.parametrize(("sides", "severity"), [({"value": "four_to_five"}, "error"), (None, "warning")])
    def test_more_than_five_hours_where_ruled(self, sides, severity):
        sides = sides or {"strict": "four_to_five", "lenient": "at_least_four"}
        rulings = [ruling("reading.session_hours", **sides)]
        asked = {"sessions_per_week": 1}
        assert self.judged("K3.I.2.1.1", rulings, hours_per_session=5, **asked) == []
        assert self.judged("K3.I.2.1.1", rulings, hours_per_session=5.5, **asked) == [(severity, 0.5, OVER)]

    def test_a_minimum_with_two_readings(self):
        band = [ruling("station.hours_per_session", strict=5, lenient=4)]
        asked = {"sessions_per_week": 1}
        assert self.judged("K3.I.2.1.1", band, hours_per_session=5, **asked) == []
        assert self.judged("K3.I.2.1.1", band, hours_per_session=4, **asked) == [("warning", 1, OVER)]
        assert self.judged("K3.I.2.1.1", band, hours_per_session=3, **asked) == [("error", 1, OVER)]
        findings = found(case(programme="elder_care_station", hours_per_session=3, **asked), "K3.I.2.1.1", rulings=band)
        assert [(f.allowed, f.suggested) for f in findings] == [(4, 5)]

    @pytest.mark.parametrize(
        ("visits", "expected"), [(1, []), (0, [("warning", 1, OVER)]), (None, [("warning", None, "blank")])]
    )
    def test_visits(self, visits, expected):
        assert self.judged("K3.I.2.1.2", visits_per_month=visits) == expected

    def test_visits_are_explained_up_to_the_strict_side(self):
        band = [ruling("station.visits_per_month", strict=2, lenient=1)]
        assert self.judged("K3.I.2.1.2", band, visits_per_month=2) == []
        assert self.judged("K3.I.2.1.2", band, visits_per_month=1) == [("warning", 1, OVER)]

    @pytest.mark.parametrize(
        ("days", "both", "expected"),
        [
            (5, True, []),
            (4, True, [("warning", 1, OVER)]),
            (6, True, [("warning", 1, OVER)]),
            (5, False, [("warning", None, OVER)]),
            (None, None, [("warning", None, "blank")] * 2),
        ],
    )
    def test_meals(self, days, both, expected):
        assert self.judged("K3.I.2.1.3", meal_days_per_week=days, lunch_and_dinner=both) == expected

    @pytest.mark.parametrize(
        ("fee", "expected"),
        [
            (150, []),
            (151, []),
            (149, [("warning", 1, OVER)]),
            (0, [("warning", 150, OVER)]),
            (None, [("warning", None, "blank")]),
        ],
    )
    def test_monthly_fee(self, fee, expected):
        assert self.judged("K3.I.2.1.5", user_fee_monthly=fee) == expected

    @pytest.mark.parametrize(("reading", "expected"), [("compulsory", [("error", 150, OVER)]), ("optional", [])])
    def test_monthly_fee_ruled(self, reading, expected):
        rulings = [ruling("reading.user_fees", reading)]
        assert self.judged("K3.I.2.1.5", rulings, user_fee_monthly=0) == expected
        fees = {"meal_fee_low": 0, "meal_fee_middle": 30, "meal_fee_general": 50}
        meal = [("error", 20, OVER)] if expected else []
        assert self.judged("K3.I.2.1.6", rulings, **fees) == meal

    @pytest.mark.parametrize(
        ("low", "middle", "general", "count"), [(20, 30, 50, 0), (19, 30, 50, 1), (21, 31, 51, 3), (20, 30, None, 1)]
    )
    def test_meal_fees(self, low, middle, general, count):
        findings = self.judged("K3.I.2.1.6", meal_fee_low=low, meal_fee_middle=middle, meal_fee_general=general)
        assert [f[0] for f in findings] == ["warning"] * count

    def test_a_meal_fee_is_told_with_its_distance(self):
        fees = {"meal_fee_low": 19, "meal_fee_middle": 33, "meal_fee_general": 50}
        findings = found(case(programme="elder_care_station", elders=10, **fees), "K3.I.2.1.6")
        assert sorted((f.requested, f.allowed, f.over, f.suggested) for f in findings) == [
            (19, 20, 1, 20),
            (33, 30, 3, 30),
        ]

    def test_other_programmes_are_not_asked(self):
        assert judged("K3.I.2.1.1") == []
        assert judged("K3.I.2.1.5") == []


def users(count, age=30, indigenous=False):
    return [{"age": age, "indigenous": indigenous}] * count


class TestDayCare:
    def judged(self, clause, rulings=(), **project):
        return judged(clause, rulings, programme="disability_day_care", **project)

    @pytest.mark.parametrize(
        ("hours", "expected"),
        [
            (20, []),
            (21, []),
            (19, [("error", 1, OVER)]),
            (19.5, [("error", 0.5, OVER)]),
            (None, [("error", None, "blank")]),
        ],
    )
    def test_class_hours(self, hours, expected):
        assert self.judged("K3.I.3.2a", class_hours_per_week=hours) == expected

    @pytest.mark.parametrize(
        ("starts", "ends", "expected"),
        [
            ("2010-04-01", "2010-06-30", []),
            ("2010-04-01", "2010-06-29", [("error", 1, OVER)]),
            ("2010-04-15", "2010-07-14", []),
            ("2010-04-15", "2010-07-13", [("error", 1, OVER)]),
            ("2010-11-30", "2011-02-28", []),
            ("2010-11-30", "2011-02-27", [("error", 1, OVER)]),
            ("2010-10-15", "2011-01-14", []),
            ("2010-10-01", "2010-12-31", []),
            (None, "2010-12-31", [("error", None, "blank")]),
            ("2010-10-01", None, [("error", None, "blank")]),
        ],
    )
    def test_three_months(self, starts, ends, expected):
        assert self.judged("K3.I.3.2b", starts_on=starts, ends_on=ends) == expected

    @pytest.mark.parametrize(
        ("ends", "expected"),
        [
            ("2010-06-30", []),
            ("2010-06-29", [("warning", 1)]),
            ("2010-05-31", [("warning", 30)]),
            ("2010-05-30", [("error", 1)]),
        ],
    )
    def test_months_between_two_readings(self, ends, expected):
        band = [ruling("day_care.months", strict=3, lenient=2)]
        findings = found(case(programme="disability_day_care", ends_on=ends), "K3.I.3.2b", rulings=band)
        assert [(f.severity, f.over) for f in findings] == expected
        assert all(f.suggested == dt.date(2010, 6, 30) for f in findings)
        said = {
            "warning": "課程要持續 3 個月，至少到 99年6月30日，請說明。",
            "error": "課程要持續 2 個月，至少到 99年5月31日。",
        }
        assert [f.message for f in findings] == [said[severity] for severity, _ in expected]

    @pytest.mark.parametrize(
        ("people", "expected"),
        [(users(15), []), (users(14), [("warning", 1)]), (users(12), [("warning", 3)]), (users(11), [("error", 1)])],
    )
    def test_users_between_two_readings(self, people, expected):
        band = [ruling("day_care.users", strict=15, lenient=12)]
        findings = found(case(programme="disability_day_care", users=people), "K3.I.3.2c", rulings=band)
        assert [(f.severity, f.over) for f in findings] == expected
        assert all(f.suggested == 15 for f in findings)

    def test_ages_between_two_readings(self):
        band = [ruling("day_care.age_to_indigenous", strict=55, lenient=64)]
        asked = {"users": users(14) + users(1, 64, True)}
        assert self.judged("K3.I.3.2c", band, **asked) == [("warning", 1, OVER)]
        assert self.judged("K3.I.3.2c", band, users=users(14) + users(1, 65, True)) == [("error", 1, OVER)]

    @pytest.mark.parametrize(
        ("people", "expected"),
        [
            (users(15), []),
            (users(14), [("error", 1, OVER)]),
            (users(0), [("error", 15, OVER)]),
            (users(15, 15), []),
            (users(15, 64), []),
            (users(14) + users(1, 14), [("error", 1, OVER)]),
            (users(14) + users(1, 65), [("error", 1, OVER)]),
            (users(15, 55, True), []),
            (users(14) + users(1, 56, True), [("error", 1, OVER)]),
            (users(14) + users(1, 56), []),
            ([*users(14), {"indigenous": False}], [("error", None, "blank")]),
            (None, [("error", None, "blank")]),
        ],
    )
    def test_users(self, people, expected):
        assert self.judged("K3.I.3.2c", users=people) == expected

    def test_one_application_a_year(self):
        def severities(**more):
            return [f.severity for f in found(case(programme="disability_day_care", **more), "K3.I.3.4")]

        assert severities() == []
        assert severities(organisation={"applications_this_year": 1}) == ["warning"]
        assert severities(organisation={"applications_this_year": 1}, elsewhere={"same_programme": 0}) == []
        assert severities(elsewhere={"same_programme": 1}) == ["warning"]
        assert found(case(organisation={"applications_this_year": 1}), "K3.I.3.4") == []


def resident(**more):
    return {
        "relocation_subsidy": True,
        "mild_disability": True,
        "lives_alone": True,
        "assessed_on": "2010-03-01",
        "moves_in_on": "2010-04-01",
        **more,
    }


class TestRental:
    def judged(self, clause, rulings=(), **project):
        return judged(clause, rulings, programme="rental_housing", **project)

    def test_residents(self):
        assert self.judged("K3.I.4.1", residents=[resident()]) == []
        assert self.judged("K3.I.4.1") == self.judged("K3.I.4.1", residents=[]) == [("error", None, "blank")]
        for key in ("relocation_subsidy", "mild_disability", "lives_alone"):
            for value in (False, None):
                assert self.judged("K3.I.4.1", residents=[resident(), resident(**{key: value})]) == [
                    ("error", None, OVER)
                ]

    def test_the_message_names_the_resident(self):
        asked = case(
            programme="rental_housing", residents=[resident(), resident(lives_alone=False, mild_disability=False)]
        )
        assert found(asked, "K3.I.4.1")[0].message == "第 2 位住戶不符合：輕度失能、獨居。"

    @pytest.mark.parametrize(
        ("assessed", "moved", "expected"),
        [
            ("2010-04-01", "2010-04-01", []),
            ("2010-04-02", "2010-04-01", [("error", None, OVER)]),
            (None, "2010-04-01", [("error", None, "blank")]),
            ("2010-04-01", None, [("error", None, "blank")]),
        ],
    )
    def test_assessment_before_moving_in(self, assessed, moved, expected):
        assert self.judged("K3.I.4.6", residents=[resident(assessed_on=assessed, moves_in_on=moved)]) == expected

    @pytest.mark.parametrize(
        ("documents", "stage", "count"),
        [(None, "submission", 0), ([], "submission", 1), ([], "draft", 0), (["care_assessment"], "submission", 0)],
    )
    def test_assessment_attached(self, documents, stage, count):
        assert len(self.judged("K3.I.4.6", residents=[resident()], documents=documents, stage=stage)) == count

    @pytest.mark.parametrize(("kind", "expected"), [("individual", [("error", None, OVER)]), ("civic_group", [])])
    def test_no_individual(self, kind, expected):
        assert self.judged("K3.I.4.4", organisation={"kind": kind}) == expected
        assert judged("K3.I.4.4", organisation={"kind": kind}) == []

    @pytest.mark.parametrize(("name", "count"), [("甲", 0), ("", 1), (" ", 1), (None, 1)])
    def test_supervisor(self, name, count):
        assert self.judged("K3.I.4.5.1", supervisor=name) == [("error", None, "blank")] * count

    @pytest.mark.parametrize(
        ("houses", "expected"),
        [
            ([4], []),
            ([5], [("error", 1, OVER)]),
            ([4, 4], []),
            ([5, 6], [("error", 1, OVER), ("error", 2, OVER)]),
            ([None], [("error", None, "blank")]),
            ([], [("error", None, "blank")]),
        ],
    )
    def test_four_in_a_house(self, houses, expected):
        assert self.judged("K3.I.4.5.3", houses=[{"residents": each} for each in houses]) == expected

    def test_houses_blank(self):
        assert self.judged("K3.I.4.5.3") == [("error", None, "blank")]

    @pytest.mark.parametrize(("rooms", "count"), [(4, 0), (3, 1), (None, 0)])
    def test_a_room_for_each(self, rooms, count):
        assert [f[0] for f in self.judged("K3.I.4.5.4", houses=[{"residents": 4, "rooms": rooms}])] == [
            "warning"
        ] * count

    def test_rooms_before_the_residents_are_told(self):
        assert self.judged("K3.I.4.5.4", houses=[{"rooms": 0}]) == []


class TestChildrenAndPupils:
    @pytest.mark.parametrize(
        ("hours", "expected"), [(2, []), (1.5, [("error", 0.5, OVER)]), (None, [("error", None, "blank")])]
    )
    def test_training_of_carers(self, hours, expected):
        assert judged("K3.I.5.1b", programme="child_day_care", training_hours=hours) == expected

    @pytest.mark.parametrize(("name", "count"), [("甲", 0), ("", 1), (None, 1)])
    def test_responsible_person(self, name, count):
        asked = judged("K3.I.6.3", programme="after_school_care", responsible_person=name)
        assert asked == [("error", None, "blank")] * count

    @pytest.mark.parametrize(
        ("pupils", "few", "severity"),
        [(20, 10, []), (20, 9, ["warning"]), (21, 10, ["warning"]), (20, None, ["warning"]), (None, 1, ["warning"])],
    )
    def test_mostly_disadvantaged(self, pupils, few, severity):
        asked = judged("K3.I.6.2", programme="after_school_care", pupils=pupils, disadvantaged_pupils=few)
        assert [f[0] for f in asked] == severity

    @pytest.mark.parametrize(("few", "severity"), [(14, []), (13, ["warning"])])
    def test_another_share_by_ruling(self, few, severity):
        two_thirds = [ruling("after_school.majority", [2, 3])]
        asked = judged("K3.I.6.2", two_thirds, programme="after_school_care", pupils=21, disadvantaged_pupils=few)
        assert [f[0] for f in asked] == severity


class TestDisasterPlan:
    ALL = ("meeting", "hazards", "shelter", "map", "resources", "rescue")

    def judged(self, parts, rulings=()):
        return [f[0] for f in judged("K3.II.1.2b", rulings, programme="disaster_preparedness", plan_parts=parts)]

    def test_each_missing_part_is_asked_for(self):
        assert self.judged(list(self.ALL)) == []
        assert self.judged(list(self.ALL[1:])) == ["warning"]
        assert self.judged([]) == ["warning"] * 6
        assert self.judged(None) == ["warning"] * 6

    def test_ruled(self):
        assert self.judged([], [ruling("reading.disaster_parts", "examples")]) == []
        assert self.judged([], [ruling("reading.disaster_parts", "all_six")]) == ["error"] * 6

    def test_the_message_names_the_part(self):
        asked = case(programme="disaster_preparedness", plan_parts=[p for p in self.ALL if p != "map"])
        assert found(asked, "K3.II.1.2b")[0].message == "防災計畫還沒有「防災地圖」，請補上或說明。"
