"""Recording a ruling on one parameter of the law, or a waiver; and deciding what another officer recorded."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.queries.law.pages import code_of, name_of
from grants.rules.ruleset import Parameter, RuleSet, Value
from grants.rules.rulings import RulingError
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.text import half_width

# More than any sum, share or count that a ruling may name.
FIGURE_DIGITS = 12


class RatioField(forms.CharField):
    """A share typed as 10% or 1/2; cleans to [10, 100]."""

    def clean(self, value: Any) -> Any:
        typed = half_width(super().clean(value)).replace(" ", "").replace("％", "%")
        if not typed:
            return None
        part, slash, whole = typed.partition("/")
        if typed.endswith("%"):
            part, slash, whole = typed[:-1], "/", "100"
        numbers = [whole_number(part, digits=FIGURE_DIGITS), whole_number(whole, digits=FIGURE_DIGITS)]
        if not slash or numbers[0] is None or not numbers[1]:
            raise ValidationError(_("請填百分比或分數，例如 10% 或 1/2。"), code="invalid")
        return numbers

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return f"{value[0]}%" if value[1] == 100 else f"{value[0]}/{value[1]}"


class LinesField(forms.CharField):
    """A list, one entry a line; a known name is kept as its code. With `numbers` it is a list of whole numbers."""

    widget = forms.Textarea(attrs={"rows": 6})

    def __init__(self, *, numbers: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.numbers = numbers

    def clean(self, value: Any) -> Any:
        lines = [half_width(line) for line in super().clean(value).splitlines()]
        filled = [line for line in lines if line]
        if not self.numbers:
            return [code_of(line) for line in filled] or None
        numbers = [whole_number(line, digits=FIGURE_DIGITS) for line in filled]
        if None in numbers:
            raise ValidationError(_("每行請填一個數字，最多 12 位。"), code="invalid")
        return numbers or None

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(name_of(part) for part in value) if isinstance(value, list) else value


class TableField(forms.CharField):
    """Names with whole numbers, one a line: 印刷費 5000. Cleans to {code: number}."""

    widget = forms.Textarea(attrs={"rows": 8})

    def clean(self, value: Any) -> Any:
        values: dict[str, int] = {}
        for line in super().clean(value).splitlines():
            name, _space, number = half_width(line).replace("\t", " ").rpartition(" ")
            figure = whole_number(number.replace(",", ""), digits=FIGURE_DIGITS)
            if not line.strip():
                continue
            if not name.strip() or figure is None:
                raise ValidationError(
                    _("每行請填名稱、空格、數字，例如「印刷費 5000」：%(line)s") % {"line": line[:40]}
                )
            values[code_of(name.strip())] = figure
        return values or None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{name_of(key)} {number}" for key, number in value.items())


class YesNo(forms.TypedChoiceField):
    """True, False or None, shown as 是, 否."""

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


class RulingForm(forms.Form):
    """A ruling on one parameter: its strict side, and a lenient one if two readings are to stand beside each other."""

    field_order = ("strict", "lenient", "effective_from", "memo_number", "reason", "scan")

    effective_from = RocDateField(
        label=_l("生效日期"), help_text=_l("從這一天起，檢核就用這個內容；已經存檔的結果不會改。")
    )
    memo_number = forms.CharField(label=_l("簽／函文號"), max_length=60)
    reason = forms.CharField(
        label=_l("說明"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_l("會公開在法規頁，請寫申請人看得懂的話，不要寫個人資料。"),
    )
    scan = CheckedFileField(label=_l("簽／函的掃描檔"), required=False, kinds=("pdf", "jpeg", "png"))

    def __init__(self, *args: Any, parameter: Parameter, ruleset: RuleSet, now: Value | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameter, self.ruleset = parameter, ruleset
        one = _l("採用") if parameter.type == "choice" else _l("內容")
        self.fields["strict"] = _value_field(parameter, label=one, required=True)
        self.fields["lenient"] = _value_field(
            parameter,
            label=_l("從寬（只有兩種解讀要並存時才填）"),
            required=False,
            help_text=_l("在兩者之間的案件由審查的人決定；不填就是定案成上面那一個。"),
        )
        if now:
            self.initial.setdefault("strict", now.strict)
            self.initial.setdefault("lenient", None if now.settled else now.lenient)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        values = {"parameter": self.parameter.name, "from": cleaned["effective_from"], "memo": cleaned["memo_number"]}
        try:
            self.ruleset.with_rulings([values | self.value()])
        except RulingError as error:
            if error.key == "rulings.strict":
                self.add_error("lenient", _("從嚴的一邊不可以比從寬的還寬，請把兩個對調。"))
            else:
                self.add_error("strict", _("這個內容不合這一項的格式，請再看一次。"))
        return cleaned

    def value(self) -> dict[str, Any]:
        """Return the content as a ruling keeps it, in plain JSON values."""
        strict, lenient = (_as_stored(self.cleaned_data[side]) for side in ("strict", "lenient"))
        if lenient in (None, "", strict):
            return {"value": strict}
        return {"strict": strict, "lenient": lenient}


class WaiverForm(forms.Form):
    """The clause that does not stop this case, and the memo that says so."""

    clause = forms.ChoiceField(label=_l("條文"))
    memo_number = forms.CharField(label=_l("簽文號"), max_length=60)
    reason = forms.CharField(label=_l("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    scan = CheckedFileField(label=_l("簽的掃描檔"), required=False, kinds=("pdf", "jpeg", "png"))

    def __init__(self, *args: Any, clauses: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "clause", forms.ChoiceField).choices = [("", _("請選擇")), *clauses]


def _value_field(parameter: Parameter, **kwargs: Any) -> forms.Field:
    match parameter.type:
        case "choice":
            choices = [*parameter.choices.items()]
            return forms.ChoiceField(choices=choices if kwargs["required"] else [("", "—"), *choices], **kwargs)
        case "ratio":
            return RatioField(**kwargs)
        case "date":
            return RocDateField(**kwargs)
        case "list":
            held = parameter.values[-1].strict if parameter.values else []
            return LinesField(numbers=any(isinstance(part, int) for part in held), **kwargs)
        case "table":
            return TableField(**kwargs)
        case "bool":
            choices = [("true", _("是")), ("false", _("否"))]
            return YesNo(
                choices=choices if kwargs["required"] else [("", "—"), *choices],
                coerce=lambda text: text == "true",
                empty_value=None,
                **kwargs,
            )
        case "int":
            return AmountField(**kwargs)
    return forms.CharField(max_length=200, **kwargs)


def _as_stored(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
