"""Names of people as they are typed."""

import pytest

from grants.rules.names import folded, people


@pytest.mark.parametrize("between", ["、", ",", "，", ";", "；", "/", "／", "\n", " 、 "])
def test_people_of_one_field_are_told_apart_by_any_of_these(between):
    assert people(f"陳大明{between}林阿香") == ("陳大明", "林阿香")


def test_points_and_blanks_belong_to_a_name():
    assert people("伊斯坦大‧貝雅夫 比令、Ann Lee") == ("伊斯坦大‧貝雅夫 比令", "Ann Lee")


def test_each_stands_once_in_the_order_typed():
    assert people("乙、甲、、乙、 ") == ("乙", "甲")


@pytest.mark.parametrize("text", [None, "", " ", "、"])
def test_nobody_is_named(text):
    assert people(text) == ()


def test_names_are_compared_without_width_blanks_case_and_kinds_of_tai():
    assert folded(" ＡＮＮ　Ｌee 臺") == "annlee台"
    assert folded("台") == folded("臺")
    assert folded("陳大明") != folded("陳大民")
