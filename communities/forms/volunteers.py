"""Forms of volunteers: the team, who is in it, hours of a month, signing on and off at the door."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities.models import Volunteer
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import QuantityField, RocDateField, format_quantity
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed

from .training import PassCodesForm, PeopleFields

MOST_A_MONTH = Decimal(400)
MOST_BEFORE = Decimal(50_000)


class TeamForm(Printed, forms.Form):
    name = OneLineField(label=__("隊名"), max_length=60)
    work = OneLineField(
        label=__("服務內容"), max_length=200, required=False, help_text=__("例如 送餐、關懷訪視、環境清潔。")
    )
    founded_on = RocDateField(label=__("成立日期"), required=False)
    insured_by = OneLineField(
        label=__("保險公司與種類"), max_length=80, required=False, help_text=__("志願服務法要求替志工辦意外事故保險。")
    )
    insured_from = RocDateField(label=__("保險起"), required=False)
    insured_until = RocDateField(label=__("保險迄"), required=False, help_text=__("到期前 30 天和 7 天會提醒。"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("insured_from"), data.get("insured_until")
        if (first is None) != (last is None) and not self.errors:
            self.add_error("insured_until" if first else "insured_from", _("保險起迄日期都要填，或都空白。"))
        if first and last and last < first:
            self.add_error("insured_until", _("保險迄日不可以早於起日。"))
        return data

    def clean_founded_on(self) -> dt.date | None:
        return _not_later(self.cleaned_data["founded_on"])


class ChangeTeamForm(TeamForm):
    ended_on = RocDateField(label=__("解散日期"), required=False, help_text=__("還在服務請空白。"))

    def clean_ended_on(self) -> dt.date | None:
        return _not_later(self.cleaned_data["ended_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        founded, ended = data.get("founded_on"), data.get("ended_on")
        if founded and ended and ended < founded:
            self.add_error("ended_on", _("解散日期不可以早於成立日期。"))
        return data


class JoinForm(PeopleFields):
    """Who is in the team: people who are known already, and new names."""

    joined_on = RocDateField(label=__("加入日期"))

    def clean_joined_on(self) -> dt.date | None:
        return _not_later(self.cleaned_data["joined_on"])


class VolunteerForm(forms.Form):
    joined_on = RocDateField(label=__("加入日期"))
    left_on = RocDateField(label=__("離隊日期"), required=False, help_text=__("還在隊上請空白。"))
    basic_on = RocDateField(label=__("基礎訓練完成日"), required=False)
    special_on = RocDateField(label=__("特殊訓練完成日"), required=False)
    hours_before = QuantityField(
        label=__("加入本網站以前的服務時數"),
        step="0.5",
        max_value=MOST_BEFORE,
        help_text=__("照志願服務紀錄冊填；沒有請填 0。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        joined, left = data.get("joined_on"), data.get("left_on")
        if joined and left and left < joined:
            self.add_error("left_on", _("離隊日期不可以早於加入日期。"))
        return data

    def clean_joined_on(self) -> dt.date | None:
        return _not_later(self.cleaned_data["joined_on"])

    def clean_left_on(self) -> dt.date | None:
        return _not_later(self.cleaned_data["left_on"])

    def clean_basic_on(self) -> dt.date | None:
        return _not_later(self.cleaned_data["basic_on"])

    def clean_special_on(self) -> dt.date | None:
        return _not_later(self.cleaned_data["special_on"])


def _not_later(day: dt.date | None) -> dt.date | None:
    if day and day > clock.today():
        raise ValidationError(_("日期還沒到。"))
    return day


class MonthForm(forms.Form):
    """One field of hours for each volunteer; `rows` are those of queries.volunteers.month_of. A hidden field beside it says
    what the page showed, so that only what somebody typed is written, not what another person wrote meanwhile.
    """

    def __init__(self, *args: Any, rows: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[self.name_of(row)] = QuantityField(
                label=row.person.name, step="0.5", max_value=MOST_A_MONTH, required=False, initial=row.written or None
            )

    @staticmethod
    def name_of(row: Volunteer) -> str:
        return f"hours-{row.pk}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.rows:
            name, shown, stands = self.name_of(row), self.data.get(f"was-{row.pk}"), row.written or Decimal(0)
            if name not in data or shown is None or shown == self.shown(row):
                continue
            typed = data[name] or Decimal(0)
            if shown == _plain(typed):
                data[name] = stands
            elif typed != stands:
                hours = {"hours": format_quantity(stands)}
                self.add_error(name, _("別人剛剛登錄成 %(hours)s 小時，請看過再儲存。") % hours)
        return data

    @staticmethod
    def shown(row: Any) -> str:
        """Return what the page shows of a volunteer, for the hidden field."""
        return _plain(row.written or Decimal(0))

    @property
    def lines(self) -> list[tuple[Any, forms.BoundField, str]]:
        """Return (volunteer, the field of the hours, name and value of the hidden field) for each."""
        return [(row, self[self.name_of(row)], self.shown(row)) for row in self.rows]

    def hours(self) -> dict[int, Decimal]:
        """Return the hours by the key of the volunteer; an empty field is none."""
        return {row.pk: self.cleaned_data[self.name_of(row)] or Decimal(0) for row in self.rows}


def _plain(hours: Decimal) -> str:
    return f"{hours.normalize():f}" if hours else ""


class SignForm(PassCodesForm):
    """Who comes and who goes, at the door."""

    label = __("簽到碼")
    hint = __("志工隊頁面上的 6 位數字。來的時候填一次，離開再填一次；一起來的人可以一次填好，中間空一格。")
