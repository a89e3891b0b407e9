import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaoli_kaohsiung.lib import bigrams


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("，。 ", []),
        ("旗", ["旗"]),
        ("旗山鎮", ["旗", "山", "鎮", "旗山", "山鎮"]),
        ("人人", ["人", "人人"]),
        ("旗山、甲仙", ["旗", "山", "旗山", "甲", "仙", "甲仙"]),
        ("88災後 Plan_B", ["88", "災", "後", "災後", "plan", "b"]),
        ("ＡＢ１２", ["ab12"]),
        ("台灣", ["臺", "灣", "臺灣"]),
        ("𠮷野", ["𠮷", "野", "𠮷野"]),
    ],
)
def test_the_words_of_a_text(text, words):
    assert bigrams.of(text) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [("旗", ["旗"]), ("旗山", ["旗山"]), ("旗山鎮", ["旗山", "山鎮"]), ("旗山 A", ["旗山", "a"]), ("！", [])],
)
def test_pairs_are_asked_where_there_are_any(typed, words):
    assert bigrams.sought(typed) == words


@given(st.text("旗山甲仙台臺社區ab1 ，", max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_every_piece_of_a_chinese_name_finds_it(name, start, end):
    piece = name[start:end]
    if not any(character in "ab1" for character in piece):
        assert set(bigrams.sought(piece)) <= set(bigrams.of(name))
