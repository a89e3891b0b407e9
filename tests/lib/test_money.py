import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaoli_kaohsiung.lib import money


def test_division_rounds_down_to_whole_dollars():
    assert money.floor_div(100_001, 2) == 50_000
    assert money.floor_div(99_999, 2) == 49_999


@pytest.mark.parametrize("arguments", [(1.0, 2), (1, 2.0), (True, 2)])
def test_division_takes_integers_only(arguments):
    with pytest.raises(TypeError):
        money.floor_div(*arguments)


@pytest.mark.parametrize("denominator", [0, -1])
def test_division_needs_a_positive_denominator(denominator):
    with pytest.raises(ValueError, match="positive"):
        money.floor_div(1, denominator)


@given(st.integers(0, money.MAX_AMOUNT), st.integers(0, 1000), st.integers(1, 1000))
def test_a_share_is_the_greatest_whole_amount_within_the_ratio(amount, numerator, denominator):
    share = money.share_floor(amount, numerator, denominator)
    assert share * denominator <= amount * numerator < (share + 1) * denominator


def test_a_share_of_a_fraction_of_a_dollar_is_refused():
    with pytest.raises(TypeError):
        money.share_floor(0.5, 1, 2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", 0),
        ("007", 7),
        ("12345", 12_345),
        ("12,345", 12_345),
        (" 12,345 ", 12_345),
        ("１２，３４５", 12_345),
        ("NT$12,345", 12_345),
        ("NTD 12345", 12_345),
        ("$5", 5),
        ("12,345元", 12_345),
        ("新臺幣12,345元整", 12_345),
        ("新台幣 12345 圓", 12_345),
        ("台幣500元。", 500),
        ("臺幣 $500", 500),
        ("TWD 1,200", 1_200),
        ("500塊錢", 500),
        ("999,999,999,999", money.MAX_AMOUNT),
    ],
)
def test_amounts_as_people_type_them(typed, amount):
    assert money.parse_amount(typed) == amount


NOT_DIGITS = "金額只能填阿拉伯數字，例如 12,345；不要填國字、英文或其他符號。"
NEGATIVE = "金額不可以是負數，請填 0 以上的整數。"
DECIMAL = "金額以元為單位，請填整數，不要有小數點。"
COMMAS = "千分位逗號的位置不對，請填像 12,345 或 12345 的數字。"
EMPTY = "請填寫金額，例如 12,345。"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", EMPTY),
        ("　", EMPTY),
        ("NT$", EMPTY),
        ("一千", NOT_DIGITS),
        ("1e9", NOT_DIGITS),
        ("0x10", NOT_DIGITS),
        ("10²", NOT_DIGITS),
        ("①", NOT_DIGITS),
        ("١٢", NOT_DIGITS),
        ("1\x002", NOT_DIGITS),
        ("12萬", NOT_DIGITS),
        ("12萬元", NOT_DIGITS),
        ("3百塊", NOT_DIGITS),
        (".", NOT_DIGITS),
        ("1 000", NOT_DIGITS),
        ("-5", NEGATIVE),
        ("－５", NEGATIVE),
        ("−5", NEGATIVE),
        ("NT$-5", NEGATIVE),
        ("1.5", DECIMAL),
        ("12,345.00", DECIMAL),
        ("1,23", COMMAS),
        ("1234,567", COMMAS),
        (",123", COMMAS),
        ("1000000000000", "金額太大，請檢查是否多打了數字。"),
        ("9" * 5000, "金額太大，請檢查是否多打了數字。"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(typed, sentence):
    with pytest.raises(ValueError) as refused:
        money.parse_amount(typed)
    assert str(refused.value) == sentence


@given(st.integers(0, money.MAX_AMOUNT))
def test_what_is_shown_can_be_typed_again(amount):
    assert money.parse_amount(money.format_amount(amount)) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_sentence(text):
    try:
        amount = money.parse_amount(text)
    except ValueError as refused:
        sentence = str(refused)
    else:
        sentence = "。" if 0 <= amount <= money.MAX_AMOUNT else ""
    assert sentence.endswith("。")
