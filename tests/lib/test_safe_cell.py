import pytest

from miaoli_kaohsiung.lib.safe_cell import safe_cell, safe_row


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u3000="])
def test_text_that_could_begin_a_formula_stands_behind_an_apostrophe(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "旗山鎮", "a=b", "1-1", "99年6月1日", "'=1"])
def test_other_text_stays(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("number", [0, -5, 1200, 1.5])
def test_numbers_stay_numbers(number):
    assert safe_cell(number) == number
    assert type(safe_cell(number)) is type(number)


def test_nothing_is_an_empty_cell_and_control_characters_go():
    assert safe_row([None, "a\x00b\x1b", "\x00=1"]) == ["", "ab", "'=1"]
