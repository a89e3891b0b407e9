"""How the people of a 印領清冊 are reckoned, by the item under which they are paid."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grants.rules import catalogue
from grants.rules.rosters import PaidPerson, Shape, impossible, labelled, pay_of, quantities_of, shape_of, takes_roster

ROW = PaidPerson("林阿香", "2010-05", Decimal(10), 95, Decimal(4), "A123456789")
BY_HOUR = Shape("日數", True, 1, "每小時（元）")
BY_TIME = Shape("次數", False, 1, "每次（元）")
SHAPES = {
    "expert_fee": BY_TIME,
    "lecturer_fee": BY_HOUR,
    "disability_aide": BY_HOUR,
    "elder_aide": BY_HOUR,
    "child_carer": BY_HOUR,
    "after_school_tutor": BY_HOUR,
    "casual_pay": BY_HOUR,
    "hired_labour": Shape("日數", False, 1, "每日（元）"),
    "script_fee": Shape("字數", False, 1000, "每1000字（元）"),
    # A film is limited by the minute, but a person is paid for it by the time.
    "film": BY_TIME,
    "meals": BY_TIME,
    "haulage": BY_TIME,
    "coach_hire": BY_TIME,
    "travel": BY_TIME,
    "participant_transport": Shape("趟次", False, 1, "每趟（元）"),
    "landlord_rent": Shape("月數", False, 1, "每月（元）"),
    "rental_supervision": Shape("月數", False, 1, "每月（元）"),
}


def test_items_under_which_people_sign_and_their_columns():
    assert {item: shape_of(item) for item in catalogue.items() if takes_roster(item)} == SHAPES


def test_pay_alone_a_group_alone_or_a_proof_alone_makes_a_roster(monkeypatch):
    printing = catalogue.items()["printing"]
    assert not takes_roster("printing")
    proofs = [
        replace(catalogue.items()["meals"].proof, choices=((answer, "名冊"), ("receipt", "收據")))
        for answer in ("roster", "self_cooked")
    ]
    for changed in ({"pay": True}, {"group": "pay"}, {"group": "travel"}, *({"proof": proof} for proof in proofs)):
        monkeypatch.setattr(catalogue, "items", lambda changed=changed: {"printing": replace(printing, **changed)})
        assert takes_roster("printing")


@pytest.mark.parametrize(
    ("item", "count", "hours", "rate", "pay"),
    [
        ("casual_pay", "10", "4", 95, 3_800),
        ("casual_pay", "2.5", "3.5", 95, 831),
        ("casual_pay", "10", None, 95, 950),
        # Hours that the item does not ask for do not count.
        ("hired_labour", "5", "8", 800, 4_000),
        ("script_fee", "1500", None, 631, 946),
        ("participant_transport", "12", None, 100, 1_200),
        ("film", "2", None, 9_000, 18_000),
    ],
)
def test_what_a_row_comes_to(item, count, hours, rate, pay):
    row = PaidPerson("甲", "2010-05", Decimal(count), rate, Decimal(hours) if hours else None)
    assert pay_of(item, row) == pay


@pytest.mark.parametrize(
    ("item", "of_the_line", "quantities"),
    [
        ("casual_pay", {"in_house": True, "other": 1}, {"in_house": True, "hours": "40"}),
        ("elder_aide", {"plain_member": True}, {"plain_member": True, "persons": "1", "hours_per_day": "4", "days": "10"}),
        (
            "child_carer",
            {"children": 12, "resident_author": False, "days_per_week": "5"},
            {"children": 12, "resident_author": False, "hours_per_day": "4", "days": "10"},
        ),
        ("participant_transport", {}, {"trips": "10"}),
        ("expert_fee", {}, {"sessions": "10"}),
        ("script_fee", {}, {"characters": "10"}),
        ("landlord_rent", {}, {"persons": "1", "months": "10"}),
        ("meals", {}, {}),
    ],
)  # fmt: skip
def test_a_row_as_the_quantities_of_a_line(item, of_the_line, quantities):
    assert quantities_of(item, ROW, of_the_line) == quantities


def test_a_row_without_hours_a_day_counts_one():
    row = replace(ROW, hours=None)
    assert quantities_of("casual_pay", row, {}) == {"hours": "10"}
    assert quantities_of("elder_aide", row, {}) == {"persons": "1", "hours_per_day": "1", "days": "10"}


def test_people_are_told_apart_by_their_number_else_by_their_name():
    assert ROW.key == ("A123456789", "")
    assert PaidPerson("Ann 臺", "2010-05", Decimal(1), 95).key == ("", "ann台")


def test_two_people_of_one_name_differ_by_the_end_of_their_numbers():
    other, third = replace(ROW, national_id="S222222222"), replace(ROW, name="陳大明", national_id="")
    assert labelled([ROW, replace(ROW, month="2010-04"), third]) == ["林阿香", "林阿香", "陳大明"]
    assert labelled([ROW, replace(other, name="林 阿香"), third]) == ["林阿香（789）", "林 阿香（222）", "陳大明"]


@pytest.mark.parametrize(
    ("item", "month", "count", "rate", "wrong"),
    [
        ("casual_pay", "2010-05", 31, 95, ("", "")),
        ("casual_pay", "2010-05", "31.5", 95, ("count", "99年5月只有 31 天。")),
        ("casual_pay", "2010-02", 28, 95, ("", "")),
        ("casual_pay", "2010-02", 29, 95, ("count", "99年2月只有 28 天。")),
        ("casual_pay", "2012-02", 29, 95, ("", "")),
        ("participant_transport", "2010-02", 29, 95, ("", "")),
        ("script_fee", "2010-05", 1, 1000, ("", "")),
        ("script_fee", "2010-05", 1, 999, ("rate", "算出來的應領金額不到 1 元，請檢查數量和單價。")),
        ("meals", "2010-05", 1, 999_999_999_999, ("", "")),
        ("meals", "2010-05", 2, 500_000_000_000, ("rate", "算出來的應領金額太大，請檢查是否多打了數字。")),
    ],
)
def test_days_that_a_month_does_not_have_and_sums_that_cannot_be(item, month, count, rate, wrong):
    row = replace(ROW, month=month, count=Decimal(count), rate=rate)
    assert impossible(item, row) == wrong
