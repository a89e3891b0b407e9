"""Each value that may stand in the files of a law written as data, at the edge of what is taken."""

import datetime as dt
import re

import pytest

from grants.rules.filed import values
from grants.rules.filed.shape import Key

INT, DATE = "要寫大於 0 的整數", "要寫日期，例如 2027-01-01，不用引號"
LIST, TABLE, MANY = '要寫一串，用方括號，例如 ["yl_meals"]', "要寫成 { 代碼 = 值 }", "最多 60 個"
EITHER, AMOUNT = "要寫 true、false 或選項的代碼", "要寫 0 以上的整數，或 true、false"
ROWS, YEAR = "要寫成 [{ from = 2027-01-01, value = 20000 }]", "年份要寫西元，例如民國99年寫 2010"
PAIR, ORDER = "每個值要有 from 和 value（或 from、strict 和 lenient）", "日期要由早到晚，不能重複"
DAY, NEXT, OLD = dt.date(2010, 1, 1), dt.date(2010, 1, 2), dt.date(1899, 12, 31)


def many(count):
    return [f"a{number}" for number in range(count)]


def dated(*days):
    return [{"from": day, "value": 1} for day in days]


@pytest.mark.parametrize(
    ("sort", "value", "sentence"),
    [
        ("text", "字" * 200, ""), ("text", "字" * 201, "最多 200 個字，現在有 201 個"), ("text", " ", "要寫文字，用引號括起來"),
        ("int", 1, ""), ("int", 0, INT), ("int", 999_999_999, ""), ("int", 1_000_000_000, INT), ("int", True, INT), ("int", "1", INT),
        ("date", dt.date(1900, 1, 1), ""), ("date", OLD, YEAR), ("date", dt.datetime(2010, 1, 1), DATE), ("date", "2010-01-01", DATE),
        ("codes", [], LIST), ("codes", "a1", LIST), ("codes", many(60), ""), ("codes", many(61), MANY), ("codes", ["a", "a"], "有重複的"),
        ("codes", ["a", 3], "要寫代碼"), ("texts", ["字" * 201], "最多 200 個字，現在有 201 個"),
        ("titles", {}, TABLE), ("titles", ["a"], TABLE), ("titles", dict.fromkeys(many(60), "字"), ""), ("titles", dict.fromkeys(many(61), "字"), MANY),
        ("titles", {"a": ""}, "要寫文字，用引號括起來"), ("titles", {"a": "字" * 201}, "最多 200 個字，現在有 201 個"),
        ("answer", True, ""), ("answer", ["a", False], ""), ("answer", ["a", "a"], "有重複的"), ("answer", many(60), ""), ("answer", many(61), MANY),
        ("answer", [], LIST), ("answer", 3, EITHER), ("answer", [3], EITHER),
        ("example", {"a": 0}, ""), ("example", {"a": -1}, AMOUNT), ("example", {"a": True}, ""), ("example", {"a": "1"}, AMOUNT),
        ("rows", [{}], ""), ("rows", {}, "要寫成 [[programme.question]]"), ("rows", [3], "要寫成 [[programme.question]]"),
        ("values", {}, ROWS), ("values", [3], ROWS), ("values", [], ""), ("values", dated(DAY, NEXT), ""), ("values", dated(NEXT, DAY), ORDER),
        ("values", dated(DAY, DAY), ORDER), ("values", dated(OLD), f"from {YEAR}"), ("values", [{"from": DAY}], PAIR),
        ("values", dated(*(DAY + dt.timedelta(n) for n in range(60))), ""), ("values", dated(*(DAY + dt.timedelta(n) for n in range(61))), MANY),
        ("prefix", "ab", ""), ("prefix", "abcd", ""), ("prefix", "a", "要寫二到四個小寫英文字母，不能是 own"), ("prefix", "ow", ""),
    ],
)  # fmt: skip
def test_a_value_of_a_key(sort, value, sentence):
    assert values.wrong(value, Key(sort, "")) == sentence


RATIO = "比例要寫成 [5, 100]，前面不大於後面"
WHOLE, SOME, SUMS = "要寫 0 以上的整數", "要寫一串文字或整數，例如 [30, 14, 3]", "要寫成 { 代碼 = 金額 }"
OTHER = "不是這個種類的值"


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("ratio", [0, 1], ""), ("ratio", [1, 1], ""), ("ratio", [2, 1], RATIO), ("ratio", [0, 0], RATIO), ("ratio", [-1, 2], RATIO),
        ("ratio", [1], RATIO), ("ratio", [1, 2, 3], RATIO), ("ratio", [0.5, 2], RATIO), ("ratio", "12", RATIO), ("ratio", {1: 1, 2: 2}, RATIO),
        ("int", 0, ""), ("int", 999_999_999, ""), ("int", 1_000_000_000, WHOLE), ("int", -1, WHOLE), ("int", True, WHOLE),
        ("date", DAY, ""), ("date", OLD, YEAR), ("date", "2010-01-01", DATE),
        ("list", [1, 2], ""), ("list", ["a"], ""), ("list", [], SOME), ("list", [1, "a"], SOME), ("list", [0.5], SOME), ("list", "ab", SOME),
        ("table", {"a": 0}, ""), ("table", {"a": -1}, SUMS), ("table", {"a": 0.5}, SUMS), ("table", [1], SUMS),
        ("text", "字", ""), ("text", "", OTHER), ("text", 3, OTHER),
        ("choice", "a", ""), ("choice", "c", "要是 choices 裡的一個"), ("choice", 3, "要是 choices 裡的一個"),
    ],
)  # fmt: skip
def test_a_value_of_a_parameter(kind, value, sentence):
    assert values.of_parameter(kind, value, {"a": "甲", "b": "乙"}) == sentence


def test_a_choice_without_choices_is_none():
    assert values.of_parameter("choice", "a", None) == "要是 choices 裡的一個"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("ab", ""), ("abc", "二個字母"), ("xab", "二個字母"), (12, "二個字母"), (None, "二個字母"), ("", "二個字母"),
    ],
)  # fmt: skip
def test_a_value_that_must_match(value, sentence):
    assert values._matching(re.compile("[a-z]{2}"), "二個字母")(value, Key("code", "")) == sentence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"a": "甲"}, ""), ({}, TABLE), ([], TABLE), (["甲"], TABLE), (None, TABLE), (dict.fromkeys(many(60), "字"), ""),
        (dict.fromkeys(many(61), "字"), MANY), ({"a": "甲", "b": "一二三"}, "最多 2 個字，現在有 3 個"), ({"a": 1, "b": "一二三"}, "要寫文字，用引號括起來"),
    ],
)  # fmt: skip
def test_a_table_of_values(value, sentence):
    assert values._table(values._text)(value, Key("titles", "", most=2)) == sentence
