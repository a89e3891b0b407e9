"""One question of the public check at a time: a plain GET form whose answer goes into the address."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.places import TOWNSHIP
from grants.compliance.quick_check import MOST_MONTHS, Check
from grants.rules.estimates import ESTIMATES, MOST_OF_A_UNIT
from miaoli_kaohsiung.lib import roc_date
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.text import half_width

RECENT = "eligibility.recent_years"
_DIGITS = re.compile("[0-9]+")

LABELS = {
    "kind": _("您的單位是哪一種？"),
    "county": _("想在哪一個縣辦理？"),
    "township": format_lazy(_("單位在哪一個{kinds}？"), kinds=TOWNSHIP),
    "registered": _("單位是在這個縣登記立案的嗎？"),
    "served": _("近年在這個縣辦過這類計畫嗎？"),
    "programme": _("想做哪一種事？"),
    "tier": _("縣府給協會的分級是哪一級？"),
    "area": format_lazy(_("主要在哪一個{kinds}辦理？"), kinds=TOWNSHIP),
    "starts": _("打算從什麼時候開始？"),
    "months": _("大約辦幾個月？"),
}


def _label(check: Check, name: str) -> str:
    """Return the question in words; how many years of service it names is the law's number of the day."""
    if name == "many" and check.item:
        return str(ESTIMATES[check.item][0])
    if name == "served" and check.ruleset and RECENT in check.ruleset.parameters:
        years = check.ruleset.value(RECENT, check.day)
        return gettext("最近 %(years)d 年內在這個縣辦過這類計畫嗎？") % {"years": years}
    return str(LABELS[name])


class QuestionForm(forms.Form):
    """The form for the question `name`; `answer` is the cleaned value as the address carries it."""

    def __init__(self, *args: Any, check: Check, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.first = check.day
        label = _label(check, name)
        required = {"required": _("請選一個。")}
        if name == "starts":
            help_text = _("填年月日，例如 99/7/1。")
            field: forms.Field = forms.CharField(label=label, max_length=20, help_text=help_text)
            field.error_messages["required"] = _("請填日期，例如 99/7/1。")
        elif name in ("months", "many"):
            field = forms.CharField(label=label, max_length=12, help_text=_("填個大概就可以，例如 6。"))
            field.error_messages["required"] = _("請填數字，例如 6。")
            field.widget.attrs["inputmode"] = "numeric"
        elif name in ("township", "area"):
            places = [("", _("請選擇")), *check.options(name)]
            field = forms.ChoiceField(label=label, choices=places, error_messages=required)
        else:
            choices = check.options(name)
            field = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=required)
        self.fields[name] = field

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or {}
        typed = cleaned.get(self.name)
        if typed and self.name == "starts":
            cleaned[self.name] = self._day(typed)
        elif typed and self.name in ("months", "many"):
            cleaned[self.name] = self._count(typed)
        return cleaned

    def _day(self, typed: str) -> str:
        try:
            day = roc_date.parse_date(typed)
        except ValueError as unreadable:
            self.add_error(self.name, str(unreadable))
            return ""
        if not self.first <= day <= self.first + dt.timedelta(days=3 * 366):
            message = _("請填今天（%(day)s）以後、三年以內的日期。")
            self.add_error(self.name, message % {"day": roc_date.format_roc(self.first)})
        return day.isoformat()

    def _count(self, typed: str) -> str:
        number = whole_number("".join(_DIGITS.findall(half_width(typed))), digits=3)
        most = MOST_MONTHS if self.name == "months" else MOST_OF_A_UNIT
        if number is None or not 0 < number <= most:
            self.add_error(self.name, _("請填 1 到 %(most)d 的數字。") % {"most": most})
            return ""
        return str(number)
