"""肆: items that go with another, and the same thing asked for twice."""

import pytest

from grants.rules.catalogue import items
from grants.rules.engine import evaluate
from tests.grants.rules.build import LAW, brief, case, found, line


class TestSameThingTwice:
    def test_expert_who_lectures_in_the_same_month(self):
        expert = line("expert_fee", 2000, sessions=1, person="甲", month="2010-05")
        lecture = line("lecturer_fee", 1600, hours=1, in_house=False, person="甲", month="2010-05")
        assert brief(case(expert, lecture), "K4.1.1") == [("warning", None, None)]
        assert [(f.line, f.person, f.month) for f in found(case(expert, lecture), "K4.1.1")] == [("1", "甲", "2010-05")]
        assert brief(case(expert, {**lecture, "month": None}), "K4.1.1") == [("warning", None, None)]
        assert brief(case(expert, {**lecture, "month": "2010-06"}), "K4.1.1") == []
        assert brief(case(expert, {**lecture, "person": "乙"}), "K4.1.1") == []
        assert brief(case({**expert, "person": None}, {**lecture, "person": None}), "K4.1.1") == []

    def test_meals_or_gas_beside_the_rent(self):
        rent = line("landlord_rent", 9000, persons=1, months=1)
        for item in ("meals", "gas"):
            findings = found(case(rent, line(item, 1)), "K3.I.4.7")
            assert [(f.severity, f.line) for f in findings] == [("warning", "2")]
            assert found(case(line(item, 1)), "K3.I.4.7") == []

    def test_equipment_hired_and_rented(self):
        hire = line("equipment_hire", 5, supplier="甲行", used_on="2010-05-01", description="音響")
        rent = {**hire, "item": "equipment_rental"}
        assert brief(case(hire, rent), "K4.2.10") == [("warning", None, None)]
        for field, value in (("supplier", "乙行"), ("used_on", "2010-05-02"), ("description", "帳篷")):
            assert brief(case(hire, {**rent, field: value}), "K4.2.10") == []
        assert brief(case(line("equipment_hire", 5), line("equipment_rental", 5)), "K4.2.10") == []
        for field, value in (("supplier", "甲行"), ("description", "音響")):
            one = {"requested": 5, field: value}
            asked = case({"item": "equipment_hire", **one}, {"item": "equipment_rental", **one})
            assert brief(asked, "K4.2.10") == [("warning", None, None)]

    def test_kinds_of_the_admin_fee_elsewhere(self):
        admin = line("admin_overhead", 1)
        phone = line("miscellaneous", 1, description="社區電話費")
        assert [f.line for f in found(case(admin, phone), "K4.6.0")] == ["2"]
        assert found(case(admin, {**phone, "description": "掃把"}), "K4.6.0") == []
        assert found(case(phone), "K4.6.0") == []
        assert found(case({**admin, "description": "電話費"}), "K4.6.0") == []


class TestItemsThatGoWithAnother:
    @pytest.mark.parametrize(
        ("kind", "count"), [("volunteer", 0), ("activity", 0), ("venue", 0), ("other", 1), (None, 0)]
    )
    def test_insurance(self, kind, count):
        assert len(found(case(line("insurance", 1, insurance_kind=kind)), "K4.2.1")) == count

    def test_gas_needs_meals(self):
        assert [f.severity for f in found(case(line("gas", 1)), "K4.2.11–12")] == ["warning"]
        assert found(case(line("gas", 1), line("meals", 1)), "K4.2.11–12") == []
        assert found(case(line("gas", 1), programme="elder_care_station"), "K4.2.11–12") == []

    def test_course_materials_need_a_course(self):
        asked = line("course_materials", 1)
        assert [f.severity for f in found(case(asked), "K4.4.1")] == ["warning"]
        assert found(case(asked, course=True), "K4.4.1") == []
        assert found(case(asked, line("lecturer_fee", 1, hours=1, in_house=False)), "K4.4.1") == []
        assert found(case(asked, programme="disability_day_care", class_hours_per_week=20), "K4.4.1") == []

    @pytest.mark.parametrize(("description", "severity"), [("", ["info"]), ("掃把", [])])
    def test_miscellaneous_says_what_for(self, description, severity):
        findings = evaluate(case(line("miscellaneous", 1, description=description)), LAW).of_line("1")
        assert [f.severity for f in findings] == severity

    def test_items_without_a_unit_cap_are_never_refused(self):
        for item in (
            "printing",
            "layout_editing",
            "decoration",
            "meals",
            "stationery",
            "computer_supplies",
            "repairs",
            "periodicals",
            "miscellaneous",
            "haulage",
            "coach_hire",
            "travel",
            "site_materials",
            "equipment",
        ):
            findings = [f for f in found(case(line(item, 10**9)), items()[item].clause) if f.line]
            assert findings == [], item

    def test_a_blank_amount_is_told_under_the_clause_of_the_item(self):
        findings = found(case(line("printing", None), line("miscellaneous", None)))
        assert [(f.clause, f.line, f.kind) for f in findings if f.line] == [
            ("K4.2.13", "2", "blank"),
            ("K4.2.2–5", "1", "blank"),
        ]
        assert [f.kind for f in found(case(line("admin_overhead", None)), "K4.6.3a")] == ["blank"]
