"""Forms of the office calendar: a day, and a year from the published table."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.files.sheets import UnreadableSheetError, rows_of
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.office_calendar import Day

from . import published_table

WORKS = (("off", _l("放假")), ("works", _l("上班（週六、週日是補班）")))
HERE, EVERYWHERE = "here", "everywhere"
SCOPES = ((HERE, _l("本縣")), (EVERYWHERE, _l("各縣都一樣")))


class ScopeForm(forms.Form):
    """Where the days hold; only who keeps the calendar of all counties is asked."""

    scope = forms.ChoiceField(label=_l("哪裡"), choices=SCOPES, initial=HERE, widget=forms.RadioSelect)
    source = OneLineField(
        label=_l("依據"),
        max_length=200,
        help_text=_l("例如：行政院人事行政總處114年6月公布的辦公日曆表"),
        error_messages={"required": _l("請寫依據，例如公布的機關、日期和文號。")},
    )

    def __init__(self, *args: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not everywhere:
            del self.fields["scope"]

    def county(self, here: str) -> str:
        """Return the county of the change; "" for all of them."""
        return "" if self.cleaned_data.get("scope") == EVERYWHERE else here


class DayForm(ScopeForm):
    on = RocDateField(label=_l("日期"))
    works = forms.ChoiceField(
        label=_l("這一天"),
        choices=WORKS,
        widget=forms.RadioSelect,
        error_messages={"required": _l("請選放假或上班。")},
    )
    name = OneLineField(label=_l("名稱"), max_length=60, required=False, help_text=_l("例如：補行上班、選舉投票日"))
    field_order = ("on", "works", "name", "source", "scope")

    def day(self) -> Day:
        return Day(self.cleaned_data["works"] == "works", self.cleaned_data["name"])


class YearForm(ScopeForm):
    """A year as a file: the table as it is published, with a row for each day."""

    file = forms.FileField(
        label=_l("辦公日曆表"),
        help_text=_l("CSV、ODS 或 XLSX，欄位是西元日期、星期、是否放假、備註，每天一列。"),
        error_messages={"required": _l("請選辦公日曆表的檔案。")},
    )
    field_order = ("file", "source", "scope")

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_file(self) -> dict[dt.date, Day]:
        try:
            rows = rows_of(self.cleaned_data["file"], published_table.LIMITS)
        except UnreadableSheetError as refused:
            raise ValidationError(refused.reason) from refused
        days, problems = published_table.read(rows, self.year)
        if problems:
            raise ValidationError(problems)
        return days
