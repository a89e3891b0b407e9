"""What the reviewer ticks (R) and what the jobs do (M)."""

import dataclasses
import datetime as dt
from types import SimpleNamespace

import pytest

from grants.rules import tasks
from grants.rules.checklist import checklist, review_criteria
from grants.rules.kaohsiung_88.programmes import REVIEW_CRITERIA
from grants.rules.ruleset import load
from tests.grants.rules.build import LAW, case, line, ruling

DAY = dt.date(2010, 6, 1)
ALWAYS = ["K2.1b", "K5.1", "K6.3.1–4", "K7.4a", "K7.5b"]


def clauses(the_case):
    return [(item.clause, item.line) for item in checklist(the_case, LAW)]


def test_every_case_has_the_general_items():
    asked = case(programme="culture_preservation")
    assert clauses(asked) == [(clause, None) for clause in ALWAYS]


def test_items_of_the_programme_in_the_order_of_the_law():
    items = [clause for clause, _ in clauses(case(programme="rental_housing"))]
    assert items == ["K2.1b", "K3.I.4.3", "K3.I.4.5.2", "K3.I.4.5.4", *ALWAYS[1:]]


def test_each_line_of_equipment_is_decided():
    items = clauses(
        case(line("equipment", 1), line("printing", 1), line("equipment", 2), programme="culture_preservation")
    )
    assert [item for item in items if item[0] == "K4.5.2"] == [("K4.5.2", "1"), ("K4.5.2", "3")]


def test_pay_asks_for_training_records():
    items = clauses(case(line("after_school_tutor", 1, hours=1), programme="culture_preservation"))
    assert ("K4.1.3.5b", None) in items
    assert ("K4.1.3.5b", None) not in clauses(case(line("printing", 1)))


def test_text_and_label():
    first = checklist(case(), LAW)[0]
    assert (first.label, first.text) == ("貳、1", "章程宗旨與重建、社區營造或社區照顧相符")
    asked = case(line("equipment", 1), line("after_school_tutor", 1, hours=1))
    items = {item.clause: (item.label, item.text, item.line) for item in checklist(asked, LAW)}
    for clause, number in (("K4.5.2", "1"), ("K4.1.3.5b", None)):
        assert items[clause] == (LAW.clause(clause).label, LAW.clause(clause).checklist, number)


def test_when_an_item_is_answered_and_where_it_is_looked_up():
    asked = case(line("equipment", 1), line("after_school_tutor", 1, hours=1))
    items = {item.clause: (item.asked, item.place) for item in checklist(asked, LAW)}
    assert {clause: found for clause, found in items.items() if found != ("", "plan")} == {
        "K4.1.3.5b": ("spent", "budget"),
        "K4.5.2": ("", "budget"),
        "K6.3.1–4": ("scores", "plan"),
        "K7.4a": ("spent", "plan"),
        "K7.5b": ("last_year", "record"),
    }


@pytest.mark.parametrize("clause", ["K4.1.3.5b", "K4.5.2", "K5.1"])
def test_a_clause_may_name_its_place(clause):
    placed = {**LAW.clauses, clause: dataclasses.replace(LAW.clause(clause), place="record", asked="spent")}
    law = SimpleNamespace(clauses=placed)
    asked = case(line("equipment", 1), line("after_school_tutor", 1, hours=1))
    found = {item.clause: (item.asked, item.place) for item in checklist(asked, law)}
    assert found[clause] == ("spent", "record")


def test_review_criteria_weigh_the_same_until_ruled():
    criteria = review_criteria(LAW, DAY)
    assert [row.code for row in criteria] == ["governance", "feasibility", "participation", "urgency"]
    assert [(row.title, row.clause) for row in criteria] == [
        (title, clause) for _code, title, clause in REVIEW_CRITERIA
    ]
    assert review_criteria(load("miaoli"), DAY) == ()
    assert [row[3] for row in criteria] == [25, 25, 25, 25]
    ruled = LAW.with_rulings([ruling("review.weights", [40, 30, 20, 10])])
    assert [row[3] for row in review_criteria(ruled, DAY)] == [40, 30, 20, 10]
    open_reading = LAW.with_rulings([ruling("review.weights", strict=[25, 25, 25, 25], lenient=[10, 20, 30, 40])])
    assert [row[3] for row in review_criteria(open_reading, DAY)] == [10, 20, 30, 40]


def test_tasks_of_a_programme():
    general = ["training_record", "presentation", "settlement_due", "activity_log", "withholding", "site_visit"]
    kinds = [kind.key for kind in tasks.kinds_for("child_day_care")]
    assert kinds[:2] == ["carer_training", "monthly_meeting"]
    assert set(general) <= set(kinds)
    assert "monthly_visits" not in kinds


def test_the_clauses_behind_a_task():
    assert [c.id for c in tasks.clauses_of(LAW, "settlement_due")] == ["K7.2a"]
    assert [c.id for c in tasks.clauses_of(load("miaoli"), "yearly_evaluation")] == ["M5.4a"]
