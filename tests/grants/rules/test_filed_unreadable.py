"""What is said of a line at which a file stops being TOML: by the line itself, wherever it stands."""

import tomllib

import pytest

from grants.rules.filed import unreadable

USUAL = "這裡不合 TOML 的寫法：請看引號、等號、括號有沒有成對"
COMMA = "數字裡不要有逗號，例如 1,600 寫 1600"
UNIT = "數字後面不要寫單位，例如 1600元 寫 1600；單位寫在 unit"


def error_of(text: str) -> tomllib.TOMLDecodeError:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        # The first line, one between others, the last one.
        ("a = 1,600\nb = 2", 1, COMMA),
        ("a = 1\nb = 1,600\nc = 3", 2, COMMA),
        ("a = 1\nb = 1600元", 2, UNIT),
        # An error at the end of the file stands in no line: its last one is not blamed.
        ('a = 1\nb = """x', 0, USUAL),
        # What stands in quotes, in a comment or in a day that there is shows nothing.
        ('a = "甲" "1,600"', 1, USUAL),
        ("a = = # 1,600", 1, USUAL),
        ("a = 2010-01-01 2010", 1, USUAL),
        # A day that there is not does.
        ("a = 2010-02-30", 1, "日期看不懂：要寫真的有的一天，西元年四碼、月日各兩碼，例如民國99年1月1日寫 2010-01-01，不用引號"),
        ("a = 1\na = 2\nb = 3", 2, "前面已經寫過同一個鍵或標題；可以寫好幾個的，標題要用兩層方括號，例如 [[cap]]"),
    ],
)  # fmt: skip
def test_the_sentence_about_a_line(text, line, sentence):
    error = error_of(text)
    assert (unreadable.place_of(error), unreadable.sentence(error, text)) == (line, sentence)
