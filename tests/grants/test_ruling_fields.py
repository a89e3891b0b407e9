"""What a ruling's figures may be typed as; thousands of digits get the same sentence as letters do."""

import pytest
from django.core.exceptions import ValidationError

from grants.forms.rulings import LinesField, RatioField, TableField

LONG = "9" * 5000


@pytest.mark.parametrize(("typed", "kept"), [("10%", [10, 100]), ("１／２", [1, 2]), ("", None)])
def test_a_share_is_read(typed, kept):
    assert RatioField(required=False).clean(typed) == kept


@pytest.mark.parametrize("typed", [f"{LONG}%", f"1/{LONG}", f"{LONG}/2", "1/0", "1/²", "-1/2", "10"])
def test_what_is_no_share_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="例如 10% 或 1/2"):
        RatioField().clean(typed)


def test_a_list_of_numbers_is_read():
    assert LinesField(numbers=True).clean("1\n２\n999999999999") == [1, 2, 999_999_999_999]


@pytest.mark.parametrize("typed", [LONG, "1\n9999999999999", "一", "٣"])
def test_a_list_with_something_else_is_refused(typed):
    with pytest.raises(ValidationError, match="每行請填一個數字"):
        LinesField(numbers=True).clean(typed)


def test_a_table_is_read():
    assert TableField().clean("印刷費 5,000") == {"printing": 5000}


@pytest.mark.parametrize("typed", [f"印刷費 {LONG}", "印刷費", "印刷費 五千", "5000"])
def test_a_table_with_something_else_is_refused(typed):
    with pytest.raises(ValidationError, match="每行請填名稱"):
        TableField().clean(typed)
