import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaoli_kaohsiung.lib import amount_words

AMOUNTS = st.one_of(
    st.integers(0, 10**16 - 1),
    # Amounts of few digits that are not zero, where the zeros are put or left out.
    st.lists(st.tuples(st.integers(0, 15), st.integers(1, 9)), max_size=4).map(
        lambda pairs: sum(digit * 10**place for place, digit in dict(pairs).items())
    ),
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "新臺幣零元整"),
        (1, "新臺幣壹元整"),
        (10, "新臺幣壹拾元整"),
        (15, "新臺幣壹拾伍元整"),
        (100, "新臺幣壹佰元整"),
        (105, "新臺幣壹佰零伍元整"),
        (110, "新臺幣壹佰壹拾元整"),
        (1005, "新臺幣壹仟零伍元整"),
        (1050, "新臺幣壹仟零伍拾元整"),
        (3600, "新臺幣參仟陸佰元整"),
        (10000, "新臺幣壹萬元整"),
        (10010, "新臺幣壹萬零壹拾元整"),
        (15000, "新臺幣壹萬伍仟元整"),
        (50500, "新臺幣伍萬零伍佰元整"),
        (95000, "新臺幣玖萬伍仟元整"),
        (100000, "新臺幣壹拾萬元整"),
        (100005, "新臺幣壹拾萬零伍元整"),
        (100500, "新臺幣壹拾萬零伍佰元整"),
        (105000, "新臺幣壹拾萬伍仟元整"),
        (123456, "新臺幣壹拾貳萬參仟肆佰伍拾陸元整"),
        (1000001, "新臺幣壹佰萬零壹元整"),
        (1001000, "新臺幣壹佰萬壹仟元整"),
        (1010000, "新臺幣壹佰零壹萬元整"),
        (1050000, "新臺幣壹佰零伍萬元整"),
        (10000000, "新臺幣壹仟萬元整"),
        (10000001, "新臺幣壹仟萬零壹元整"),
        (30000000, "新臺幣參仟萬元整"),
        (100000000, "新臺幣壹億元整"),
        (100010000, "新臺幣壹億零壹萬元整"),
        (1234567890, "新臺幣壹拾貳億參仟肆佰伍拾陸萬柒仟捌佰玖拾元整"),
        # An empty group between two others, though the lower one has all its digits.
        (100001234, "新臺幣壹億零壹仟貳佰參拾肆元整"),
        (10**16 - 1, "新臺幣玖仟玖佰玖拾玖兆玖仟玖佰玖拾玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖元整"),
    ],
)
def test_amounts_in_words(amount, words):
    assert amount_words.in_words(amount) == words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "新臺幣0元整"),
        (9500, "新臺幣9,500元整"),
        (61728, "新臺幣6萬1,728元整"),
        (100000, "新臺幣10萬元整"),
        (100005, "新臺幣10萬5元整"),
        (123456, "新臺幣12萬3,456元整"),
        (30000000, "新臺幣3,000萬元整"),
        (120000000, "新臺幣1億2,000萬元整"),
    ],
)
def test_the_mixed_form_of_letters(amount, text):
    assert amount_words.mixed(amount) == text


@pytest.mark.parametrize("amount", [-1, 10**16])
def test_amounts_beyond_words_are_refused(amount):
    for form in (amount_words.in_words, amount_words.mixed):
        with pytest.raises(ValueError, match="金額"):
            form(amount)


@given(AMOUNTS)
def test_words_read_back_give_the_amount(amount):
    assert _read(amount_words.in_words(amount)) == amount


@given(AMOUNTS.filter(bool))
def test_zeros_stand_only_between_digits(amount):
    body = amount_words.in_words(amount).removeprefix("新臺幣").removesuffix("元整")
    assert "零零" not in body
    assert not body.startswith(("零", "拾"))
    assert not body.endswith("零")
    assert not any(f"零{unit}" in body for unit in "拾佰仟萬億兆")


def _read(words: str) -> int:
    """Reads the words from left to right, with no regard to where a zero must stand."""
    total = group = digit = 0
    for character in words.removeprefix("新臺幣").removesuffix("元整"):
        if character in "零壹貳參肆伍陸柒捌玖":
            digit = "零壹貳參肆伍陸柒捌玖".index(character)
        elif character in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(character) + 1), 0
        else:
            total, group, digit = total + (group + digit) * 10 ** (4 * ("萬億兆".index(character) + 1)), 0, 0
    return total + group + digit
