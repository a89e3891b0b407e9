import datetime as dt
from decimal import Decimal

import pytest
from django import forms

from miaoli_kaohsiung.lib import fields

ALL = {"day": "99/6/1", "amount": "12,345", "hours": "3.5", "tax_id": "04595257"}


class Everything(forms.Form):
    day = fields.RocDateField(earliest=dt.date(2010, 1, 8), latest=dt.date(2012, 12, 31))
    amount = fields.AmountField(min_value=1, max_value=1_000_000)
    hours = fields.QuantityField(step="0.5", max_value=Decimal(744))
    tax_id = fields.TaxIdField(required=False)


class Optional(forms.Form):
    day = fields.RocDateField(required=False)
    amount = fields.AmountField(required=False)
    hours = fields.QuantityField(required=False)
    tax_id = fields.TaxIdField(required=False)


def test_what_is_typed_comes_out_as_values():
    form = Everything(ALL)
    assert form.is_valid()
    assert form.cleaned_data == {
        "day": dt.date(2010, 6, 1),
        "amount": 12_345,
        "hours": Decimal("3.5"),
        "tax_id": "04595257",
    }


def test_a_blank_is_no_zero():
    form = Optional({"day": " ", "amount": "", "hours": "", "tax_id": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"day": None, "amount": None, "hours": None, "tax_id": ""}
    assert Optional({"amount": "0"}).fields["amount"].clean("0") == 0


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("day", "", "請填寫日期，例如 99/6/1。"),
        ("day", "99/2/31", "民國99年2月只有1日到28日，沒有31日。"),
        ("day", "0/1/1", "年份須從民國1年起，沒有民國0年。"),
        ("day", "明天", "看不懂這個日期。請填年、月、日，例如 99/6/1（民國99年6月1日）。"),
        ("day", "99/1/7", "日期不可以早於99年1月8日。"),
        ("day", "102/1/1", "日期不可以晚於101年12月31日。"),
        ("amount", "", "請填寫金額；沒有的話請填 0。"),
        ("amount", "一千", "金額只能填阿拉伯數字，例如 12,345；不要填國字、英文或其他符號。"),
        ("amount", "-5", "金額不可以是負數，請填 0 以上的整數。"),
        ("amount", "1e9", "金額只能填阿拉伯數字，例如 12,345；不要填國字、英文或其他符號。"),
        ("amount", "0", "金額至少要1元。"),
        ("amount", "1000001", "金額最多為1,000,000元。"),
        ("hours", "", "請填寫數量。"),
        ("hours", "三", "數量只能填阿拉伯數字，例如 12 或 0.5；不要填國字、英文或其他符號。"),
        ("hours", "1e3", "數量只能填阿拉伯數字，例如 12 或 0.5；不要填國字、英文或其他符號。"),
        ("hours", "NaN", "數量只能填阿拉伯數字，例如 12 或 0.5；不要填國字、英文或其他符號。"),
        ("hours", "1,5", "數量只能填阿拉伯數字，例如 12 或 0.5；不要填國字、英文或其他符號。"),
        ("hours", "-1", "數量不可以是負數。"),
        ("hours", "0.3", "數量請以0.5為單位。"),
        ("hours", "744.5", "數量太大，請檢查是否多打了數字。"),
        ("hours", "9" * 100, "數量的位數太多，請檢查是否多打了數字。"),
        ("tax_id", "1234567", "統一編號為8位數字，請檢查是否少打或多打。"),
    ],
)
def test_a_refusal_is_one_sentence_and_what_was_typed_stays(field, typed, sentence):
    form = Everything({**ALL, field: typed})
    assert form.errors == {field: [sentence]}
    assert form[field].value() == typed


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("day", "99/1/8"),
        ("day", "101/12/31"),
        ("amount", "1"),
        ("amount", "1,000,000"),
        ("hours", "744"),
        ("hours", "0"),
    ],
)
def test_limits_belong_to_what_is_allowed(field, typed):
    assert Everything({**ALL, field: typed}).is_valid()


def test_values_are_shown_as_they_are_typed():
    form = Everything(initial={"day": dt.date(2010, 6, 1), "amount": 1_234_567, "hours": Decimal("12.50")})
    assert [form[name].value() for name in ("day", "amount", "hours")] == ["99/6/1", "1,234,567", "12.5"]


def test_a_value_typed_in_another_form_is_no_change():
    kept = {"day": dt.date(2010, 6, 1), "amount": 12_345, "hours": Decimal("3.50"), "tax_id": "04595257"}
    assert Everything({**ALL, "day": "2010-06-01", "amount": "12345"}, initial=kept).changed_data == []
    changed = Everything({"day": "99/6/2", "amount": "1", "hours": "三", "tax_id": ""}, initial=kept).changed_data
    assert changed == ["day", "amount", "hours", "tax_id"]
    assert Optional({"tax_id": ""}, initial={"tax_id": ""}).changed_data == []


def test_inputs_help_a_telephone_choose_its_keyboard():
    form = Everything()
    modes = {name: form.fields[name].widget.attrs["inputmode"] for name in form.fields}
    assert modes == {"day": "text", "amount": "numeric", "hours": "decimal", "tax_id": "numeric"}
    assert form.fields["day"].widget.attrs["placeholder"] == "99/6/1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal(0), "0"), (Decimal("0.50"), "0.5"), (Decimal(10), "10"), (Decimal("1200.00"), "1,200")],
)
def test_quantities_are_shown_without_idle_zeros(value, shown):
    assert fields.format_quantity(value) == shown
    assert fields.parse_quantity(shown) == value


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("30人", 30),
        ("５ 次", 5),
        ("150元", 150),
        ("NT$150元", 150),
        ("1,650人次", 1650),
        ("3.5小時", Decimal("3.5")),
        ("12個月", 12),
        ("99年度", 99),
        ("65歲", 65),
        ("4", 4),
        ("３ 場次", 3),
        ("20梯次", 20),
        ("12桌", 12),
        ("1式", 1),
        ("1,500公斤", 1500),
        ("120分鐘", 120),
        ("2期", 2),
    ],
)
def test_a_number_with_its_unit_is_that_number(typed, number):
    assert fields.parse_quantity(typed) == number


@pytest.mark.parametrize(
    "typed", ["3萬", "2百人", "十人", "30-40人", "約30人", "人", "3個半小時", "30人5次", "5打", "30餘人", "2天1夜"]
)
def test_what_is_no_single_number_is_refused(typed):
    with pytest.raises(ValueError, match="數量只能填阿拉伯數字"):
        fields.parse_quantity(typed)


class Counts(forms.Form):
    households = fields.WholeNumberField(max_value=9_999)


@pytest.mark.parametrize(("typed", "cleaned"), [("1,200戶", 1200), ("０", 0), ("9999", 9_999)])
def test_whole_numbers_come_out_as_integers(typed, cleaned):
    form = Counts({"households": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"households": cleaned}
    assert type(form.cleaned_data["households"]) is int


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("10000", "數字太大，最多填9,999，請檢查是否多打了數字。"),
        ("1.5", "請填整數，不要有小數。"),
        ("很多", "數量只能填阿拉伯數字，例如 12；不要填國字、英文或其他符號。"),
        ("-1", "數量不可以是負數。"),
        ("", "請填數字。"),
    ],
)
def test_whole_numbers_that_are_refused(typed, sentence):
    assert Counts({"households": typed}).errors == {"households": [sentence]}


def test_a_whole_number_is_shown_with_its_commas():
    assert Counts(initial={"households": 1200})["households"].value() == "1,200"
