"""Form fields for what people of an association type: ROC dates, amounts, quantities, tax ids.

They are text inputs on purpose: a browser's own date and number inputs refuse full-width digits and ROC years, and
empty themselves if they cannot read something. What was typed stays in the input beside its error.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import clock, identifiers, money, roc_date
from miaoli_kaohsiung.lib.text import half_width

MAX_QUANTITY = Decimal("999999.99")
_QUANTITY = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
# What people write after a number; 十, 百, 千 and 萬 are no units and are still refused.
_UNITS = (
    "平方公尺", "個小時", "個鐘頭", "個月份", "個星期", "人次", "人份", "小時", "鐘頭", "個月", "個人", "星期", "公里", "公尺",
    "歲", "週", "周", "年", "年度", "月", "日", "天", "時", "分", "人", "位", "名", "次", "餐", "份", "戶", "家", "間", "場", "堂", "節",
    "班", "趟", "車", "台", "臺", "輛", "件", "個", "張", "本", "冊", "組", "套", "站", "棟", "坪", "屆", "元整", "元", "圓", "％", "%",
    "場次", "戶次", "車次", "梯次", "班次", "趟次", "梯", "隊", "桌", "盒", "箱", "包", "瓶", "桶", "袋", "支", "枝", "部", "床", "棵", "株",
    "盆", "面", "盞", "條", "片", "塊", "粒", "顆", "式", "批", "頁", "幅", "座", "處", "所", "層", "口", "鄰", "里", "村", "校", "隻", "頭",
    "公斤", "公噸", "公升", "毫升", "公分", "台斤", "臺斤", "分鐘", "鐘點", "季", "期", "學期", "點", "格",
)  # fmt: skip
_UNIT = re.compile(rf"^(?:NT\$|\$)?\s*([0-9].*?)\s*(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})?$", re.DOTALL)


F = TypeVar("F", bound=forms.Field)


class _TypedField(forms.Field):
    """A text input with a reader that returns the value or raises ValueError with a sentence to show."""

    widget = forms.TextInput
    attrs: dict[str, str] = {}

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return self.read(value)
        except ValueError as unreadable:
            raise ValidationError(str(unreadable), code="invalid") from unreadable

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {**super().widget_attrs(widget), "autocomplete": "off", **self.attrs}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the value changed: 12,345 is no change of 12345. A text that cannot be read is a change."""
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class RocDateField(_TypedField):
    """A date typed the ROC way (99/6/1, 0990601, 99年6月1日) or as 2010-06-01; shown as 99/6/1. Cleans to a date."""

    attrs = {"inputmode": "text", "placeholder": "99/6/1", "data-date": ""}
    default_error_messages = {"required": _("請填寫日期，例如 99/6/1。")}

    def __init__(self, *, earliest: dt.date | None = None, latest: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def read(self, text: str) -> dt.date:
        return roc_date.parse_date(text, today=clock.today())

    def prepare_value(self, value: Any) -> Any:
        return roc_date.format_slashed(value) if isinstance(value, dt.date) else value

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            _refuse(_("日期不可以早於%(limit)s。"), limit=roc_date.format_roc(self.earliest))
        if self.latest and value > self.latest:
            _refuse(_("日期不可以晚於%(limit)s。"), limit=roc_date.format_roc(self.latest))


class ClockField(forms.TimeField):
    """A time as offices write it: 14:00, 1400 or 14：00."""

    default_error_messages = {
        "invalid": _("請填幾點幾分，例如 14:00。"),
        "required": _("請填開始的時間，例如 14:00。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H%M"], widget=forms.TextInput(), **kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        found: dt.time | None = super().to_python(half_width(value).strip() if isinstance(value, str) else value)
        return found

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, dt.time) else value


class AmountField(_TypedField):
    """Whole NT dollars, 0 or more; shown as 12,345. Cleans to an int, or to None when it may be left empty."""

    attrs = {"inputmode": "numeric"}
    default_error_messages = {"required": _("請填寫金額；沒有的話請填 0。")}

    def __init__(self, *, min_value: int = 0, max_value: int = money.MAX_AMOUNT, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_value, self.max_value = min_value, max_value

    def read(self, text: str) -> int:
        return money.parse_amount(text)

    def prepare_value(self, value: Any) -> Any:
        return money.format_amount(value) if isinstance(value, int) else value

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.min_value:
            _refuse(_("金額至少要%(limit)s元。"), limit=money.format_amount(self.min_value))
        if value > self.max_value:
            _refuse(_("金額最多為%(limit)s元。"), limit=money.format_amount(self.max_value))


class QuantityField(_TypedField):
    """How many hours, people, months, meals: 0 or more, in steps of `step` (0.5 for half hours). Cleans to Decimal."""

    attrs = {"inputmode": "decimal"}
    default_error_messages = {"required": _("請填寫數量。")}
    example = "12 或 0.5"

    def __init__(
        self, *, step: str = "1", min_value: str = "0", max_value: Decimal = MAX_QUANTITY, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.step, self.min_value, self.max_value = Decimal(step), Decimal(min_value), max_value

    def read(self, text: str) -> Decimal:
        return parse_quantity(text, self.example)

    def prepare_value(self, value: Any) -> Any:
        return format_quantity(value) if isinstance(value, Decimal) else value

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.min_value:
            _refuse(_("數量至少要%(limit)s。"), limit=format_quantity(self.min_value))
        if value > self.max_value:
            _refuse(_("數量太大，請檢查是否多打了數字。"))
        if value % self.step:
            _refuse(_("數量請以%(limit)s為單位。"), limit=format_quantity(self.step))


class WholeNumberField(QuantityField):
    """A count without halves: people, households, points, a year. Cleans to an int, or to None when it may be left empty."""

    attrs = {"inputmode": "numeric"}
    default_error_messages = {"required": _("請填數字。")}
    example = "12"

    def __init__(self, *, min_value: int = 0, max_value: int = int(MAX_QUANTITY), **kwargs: Any) -> None:
        super().__init__(min_value=str(min_value), max_value=Decimal(max_value), **kwargs)

    def validate(self, value: Any) -> None:
        if value is not None and value > self.max_value:
            _refuse(_("數字太大，最多填%(limit)s，請檢查是否多打了數字。"), limit=format_quantity(self.max_value))
        if value is not None and value < self.min_value:
            _refuse(_("至少要填%(limit)s。"), limit=format_quantity(self.min_value))
        if value is not None and value % 1:
            _refuse(_("請填整數，不要有小數。"))
        super().validate(value)

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number)

    def prepare_value(self, value: Any) -> Any:
        return format_quantity(Decimal(value)) if isinstance(value, int) else super().prepare_value(value)


class TaxIdField(_TypedField):
    """統一編號. Cleans to eight digits, or to "" if it may be left empty: a new association may have none yet.

    The form checks the check digit, because some issued numbers fail it.
    """

    attrs = {"inputmode": "numeric", "maxlength": "20"}
    default_error_messages = {"required": _("請填寫8位數字的統一編號。")}

    def read(self, text: str) -> str:
        return identifiers.tax_id_digits(text)

    def clean(self, value: Any) -> str:
        return super().clean(value) or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial or None, data)


def field_of(form: forms.BaseForm, name: str, kind: type[F]) -> F:
    """Return the form's field of this name, typed as `kind`."""
    field = form.fields[name]
    assert isinstance(field, kind)
    return field


def left_empty(form: forms.BaseForm, name: str) -> bool:
    """Return whether the field was read and is empty; a field with an error of its own shows only that."""
    value = form.cleaned_data.get(name, ...)
    return value is None or (isinstance(value, str) and not value.strip())


def read_as(reader: Callable[..., Any], *args: Any) -> Any:
    """Return what a check of lib.identifiers makes of the typed text; its error becomes the field's."""
    try:
        return reader(*args)
    except ValueError as refused:
        raise ValidationError(str(refused)) from refused


def parse_quantity(text: str, example: str = QuantityField.example) -> Decimal:
    """Read a count as typed, also with its unit: 12, 1,200, ０．５, 30人, 5 次. Raises ValueError with a sentence for the
    person who typed.
    """
    typed = half_width(text)
    typed = match[1] if (match := _UNIT.match(typed)) else typed
    if typed[:1] in {"-", "−"}:
        raise ValueError("數量不可以是負數。")
    if not _QUANTITY.fullmatch(typed):
        raise ValueError(f"數量只能填阿拉伯數字，例如 {example}；不要填國字、英文或其他符號。")
    if len(typed) > 20:
        raise ValueError("數量的位數太多，請檢查是否多打了數字。")
    return Decimal(typed.replace(",", ""))


def format_quantity(value: Decimal) -> str:
    """Return 12.50 as 12.5, 1200 as 1,200."""
    shown = f"{value:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _refuse(message: Any, **params: Any) -> None:
    raise ValidationError(message, code="invalid", params=params or None)
