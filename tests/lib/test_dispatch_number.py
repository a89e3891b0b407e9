"""Dispatch numbers as offices write them."""

import pytest

from miaoli_kaohsiung.lib import dispatch_number

NUMBER = "府社區字第0990001234號"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (NUMBER, NUMBER),
        (" 府社區字第 ０９９０００１２３４ 號", NUMBER),
        ("府社區字第0990001234A號", "府社區字第0990001234A號"),
        ("府社（一）字第099000123號", "府社(一)字第099000123號"),
        ("臺教資(六)字第1060083450B號令", "臺教資(六)字第1060083450B號"),
        ("衛部顧字第1130011135A號函", "衛部顧字第1130011135A號"),
        ("院授主預字1010101283A號", "院授主預字1010101283A號"),
        ("府社區字第0990001234-1號", "府社區字第0990001234-1號"),
        ("府社區字第0990001234號之１", "府社區字第0990001234號之1"),
        ("府社區字第0990001234之2號", "府社區字第0990001234之2號"),
        ("府社區字第1130011135A號（一）", "府社區字第1130011135A號(一)"),
    ],
)
def test_usual_numbers_are_read_as_they_are_typed(typed, kept):
    assert dispatch_number.read(typed) == kept
    assert dispatch_number.is_usual(kept)


@pytest.mark.parametrize(
    "typed", ["1234", "府社區0990001234", "府社區字第099號", "字第0990001234號", "府第0990001234號"]
)
def test_others_are_read_but_unusual(typed):
    assert not dispatch_number.is_usual(dispatch_number.read(typed))


@pytest.mark.parametrize("typed", ["", "府社區字第一二三四號", "府" * 41 + "字第0990001號"])
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="府社區字第0990001234號"):
        dispatch_number.read(typed)


@pytest.mark.parametrize(
    "other", ["府社區字第０９９０００１２３４ａ號", "府社區字第0990001234A號", " 府社區字第0990001234a 號"]
)
def test_width_case_and_spaces_make_no_other_number(other):
    assert dispatch_number.folded(other) == dispatch_number.folded("府社區字第0990001234A號")
    assert len({dispatch_number.folded(f"府社區字第0990001234{end}") for end in ("號之1", "之1號", "-1號")}) == 1
    assert len({dispatch_number.folded(f"府社區字第0990001234{end}") for end in ("號", "號之1", "號(一)", "A號")}) == 4
    assert dispatch_number.folded("台教字第1060083450號") == dispatch_number.folded("臺教字第1060083450號")
