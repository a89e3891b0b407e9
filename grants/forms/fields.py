"""Fields of the application form that lib does not have: service months, yes or no, rows of a small table."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _l

from grants.rules.catalogue import Quantity, Question
from miaoli_kaohsiung.lib import clock, service_months
from miaoli_kaohsiung.lib.fields import AmountField, QuantityField, RocDateField
from miaoli_kaohsiung.lib.lines import OneLineField

YES_NO = (("", _l("（未填）")), ("true", _l("是")), ("false", _l("否")))
LONGEST_TEXT = 500


class MonthsField(forms.Field):
    """Service months typed as 99/7, 99年7月至12月 or 7、8、10月. Cleans to "2010-07,2010-08", or "" if left empty. `period` is
    the project's, for a month without its year.
    """

    period: service_months.Period = (None, None)

    def to_python(self, value: Any) -> str:
        try:
            return ",".join(service_months.parse(str(value or ""), self.period, clock.today()))
        except service_months.Unreadable as unreadable:
            raise ValidationError(str(unreadable), code="invalid") from unreadable

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}(,\d{4}-\d{2})*", value):
            return service_months.words(value.split(","))
        return value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {**super().widget_attrs(widget), "placeholder": "99年7月至12月", "autocomplete": "off"}


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or no answer; cleans to True, False or None. `words` replace 是 and 否."""

    def __init__(self, *, words: tuple[Any, ...] = (), **kwargs: Any) -> None:
        names = dict(words)
        choices = [(key, names.get(key == "true", label) if key else label) for key, label in YES_NO]
        super().__init__(choices=choices, coerce=lambda value: value == "true", empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


def field_for(kind: str, asked: Quantity | Question | None = None, **kwargs: Any) -> forms.Field:
    """Return the field for a quantity, a question or a column of the catalogue; all may stay empty."""
    common: dict[str, Any] = {"required": False, **kwargs}
    choices = getattr(asked, "choices", ())
    if kind == "int":
        return QuantityField(**common)
    if kind == "number":
        return QuantityField(step="0.5", **common)
    if kind == "money":
        return AmountField(**common)
    if kind == "date":
        return RocDateField(**common)
    if kind == "bool":
        return YesNoField(words=choices, **common)
    if kind == "choice":
        return forms.ChoiceField(choices=[("", _l("（未填）")), *choices], **common)
    if kind == "choices":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    return OneLineField(max_length=LONGEST_TEXT, **common)


def was_posted(form: forms.Form, name: str) -> bool:
    """Return whether a field was posted and could be read: a field that did not arrive is no blank."""
    if name not in form.fields or name not in form.cleaned_data:
        return False
    return not form.fields[name].widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name))


def dress(*fields: forms.Field) -> None:
    """Set Bootstrap's classes on fields that templates draw themselves."""
    for field in fields:
        look: dict[type, str] = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}
        field.widget.attrs["class"] = look.get(type(field.widget), "form-control")


def stored(value: Any) -> Any:
    """Return a cleaned value as JSON keeps it: whole numbers as numbers, halves as text, dates in ISO 8601, blanks as
    null.
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value in ("", []) else value


def shown(value: Any, kind: str) -> Any:
    """Return a stored value as the form's initial one."""
    if kind == "date" and value:
        return dt.date.fromisoformat(value)
    if kind == "money" and value not in (None, ""):
        return int(value)
    if kind in ("int", "number") and value not in (None, ""):
        return Decimal(str(value))
    return value


class ShownOnly(forms.Field):
    """A field that is shown as it stands and may not be changed now: nothing of it is read from a post."""

    def __init__(self, shown: forms.Field) -> None:
        super().__init__(
            required=False,
            disabled=True,
            label=shown.label,
            help_text=shown.help_text,
            widget=shown.widget,
            initial=shown.initial,
        )
        self.shown = shown

    @property
    def choices(self) -> Any:
        return getattr(self.shown, "choices", ())

    def prepare_value(self, value: Any) -> Any:
        return self.shown.prepare_value(value)

    def clean(self, value: Any) -> Any:
        return value
