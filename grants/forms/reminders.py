"""A reminder as an officer edits it: to whom, when, how often, by which channels, in which words, from which day on."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import CallOutcome
from grants.queries.reminders.labels import WHO
from grants.queries.reminders.plans import HORIZON
from grants.queries.reminders.table import NOTICE, Reminder
from grants.services.reminders.words import marks_of, unknown
from miaoli_kaohsiung.changes.services import Wish
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField, WholeNumberField
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.text import half_width
from miaoli_kaohsiung.notices.models import Channel

# So that nobody is written to day after day.
MOST_DAYS, LEAST_EVERY, LATEST = 10, 3, 365
_SEPARATORS = re.compile(r"[\s、,，;；和及]+")


class DaysField(forms.CharField):
    """Days as one writes them: 「30、14、3」. Cleans to a list of whole numbers, the greatest first."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=80, **kwargs)
        self.least, self.most = least, most

    def clean(self, value: Any) -> list[int]:
        parts = [part.removesuffix("天") for part in _SEPARATORS.split(half_width(super().clean(value) or "")) if part]
        numbers = {whole_number(part, digits=4) for part in parts}
        if None in numbers:
            raise forms.ValidationError(_("請只填數字，用頓號分開，例如 30、14、3。"))
        days = sorted((number for number in numbers if number is not None), reverse=True)
        if any(not self.least <= day <= self.most for day in days):
            params = {"least": self.least, "most": self.most}
            raise forms.ValidationError(_("請填 %(least)d 到 %(most)d 之間的天數。") % params)
        return days


class ReminderForm(forms.Form):
    """The fields of `CountyReminder`; what does not belong to the reminder's way is left out."""

    active = forms.BooleanField(label=_l("使用這個提醒"), required=False)
    who = forms.MultipleChoiceField(label=_l("提醒誰"), widget=forms.CheckboxSelectMultiple, required=False)
    before = DaysField(label=_l("期限前幾天"), least=0, most=HORIZON, help_text=_l("例如 30、14、3、0；0 是期限當天。"))
    after = DaysField(label=_l("期限後幾天"), least=1, most=LATEST, help_text=_l("例如 1。"))
    every = WholeNumberField(
        label=_l("最後一次之後，每隔幾天再一次"),
        min_value=0,
        max_value=90,
        required=False,
        help_text=_l("不用就留空。"),
    )
    opening = forms.BooleanField(label=_l("訂定期限的第二天先提醒一次"), required=False)
    channels = forms.MultipleChoiceField(
        label=_l("管道"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_l("畫面上的通知一定有。每個人可以在「我的帳號」選擇不用哪些管道。"),
    )  # fmt: skip
    subject = forms.CharField(label=_l("主旨"), max_length=200)
    body = forms.CharField(label=_l("內容"), widget=forms.Textarea(attrs={"rows": 6}), max_length=2000)
    short = forms.CharField(
        label=_l("手機短句"), max_length=70, required=False, help_text=_l("簡訊和 LINE 用，最多 70 字；不能有姓名、單位和金額。")
    )  # fmt: skip
    starts_on = RocDateField(label=_l("從哪一天起"), help_text=_l("最早今天；確認得晚，就從確認那天起。"))
    memo_number = forms.CharField(label=_l("簽文號"), max_length=60, required=False)
    reason = forms.CharField(label=_l("為什麼改"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, reminder: Reminder) -> None:
        super().__init__(data, initial=initial_of(reminder))
        self.reminder = reminder
        who = self.fields["who"]
        assert isinstance(who, forms.MultipleChoiceField)
        who.choices = [(name, WHO[name]) for name in reminder.may]
        if reminder.of_law:
            side = "after" if reminder.late else "before"
            self.fields[side].help_text = _("留空就照法規標準的日子。")
            del self.fields["before" if reminder.late else "after"]
        if reminder.by != NOTICE:
            for name in ("channels", "short", "opening"):
                del self.fields[name]

    def clean_every(self) -> int:
        every = self.cleaned_data["every"] or 0
        if 0 < every < LEAST_EVERY:
            raise forms.ValidationError(_("至少要隔 %d 天，免得天天打擾。") % LEAST_EVERY)
        return int(every)

    def clean_subject(self) -> str:
        return self._without_unknown("subject")

    def clean_body(self) -> str:
        return self._without_unknown("body")

    def clean_short(self) -> str:
        return self._without_unknown("short", short=True)

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        if day < clock.today():
            raise forms.ValidationError(_("不能早於今天：寄出去的提醒不會改。"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("active"):
            return data
        if not data.get("who") and "who" not in self.errors:
            self.add_error("who", _("請至少選一種人；不提醒任何人，請取消「使用這個提醒」。"))
        days = [*data.get("before", ()), *data.get("after", ())]
        side = "before" if "before" in self.fields else "after"
        if (
            not days
            and not self.reminder.of_law
            and not data.get("opening")
            and not {"before", "after"} & set(self.errors)
        ):
            self.add_error(side, _("請至少填一個日子；不提醒，請取消「使用這個提醒」。"))
        if len(days) > MOST_DAYS:
            self.add_error(side, _("一個提醒最多 %d 個日子。") % MOST_DAYS)
        if {"sms", "line"} & set(data.get("channels", ())) and not data.get("short") and "short" not in self.errors:
            self.add_error("short", _("用簡訊或 LINE 時，請寫手機短句。"))
        return data

    def values(self) -> dict[str, Any]:
        """Return what `Reminder.values` would, as typed."""
        data, kept = self.cleaned_data, self.reminder.values()
        days = sorted([-day for day in data.get("before", ())] + list(data.get("after", ())))
        return kept | {
            "active": data["active"],
            "who": data["who"],
            "days": days,
            "every": data["every"],
            "opening": data.get("opening", kept["opening"]),
            "channels": data.get("channels", kept["channels"]),
            "subject": data["subject"],
            "body": data["body"],
            "short": data.get("short", kept["short"]),
        }

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(self.values(), data["starts_on"], data["memo_number"], data["reason"])

    def _without_unknown(self, name: str, *, short: bool = False) -> str:
        text: str = self.cleaned_data[name].replace("\r\n", "\n")
        allowed = marks_of(self.reminder, short=short)
        if wrong := unknown(text, allowed):
            params = {"wrong": "、".join(dict.fromkeys(wrong)), "marks": "".join(f"【{mark}】" for mark in allowed)}
            raise forms.ValidationError(_("%(wrong)s 不能用。這裡可以用的是 %(marks)s。") % params)
        return text


def initial_of(reminder: Reminder) -> dict[str, Any]:
    """Return the fields of a form that shows the reminder as it is."""
    return reminder.values() | {
        "before": "、".join(str(-day) for day in reminder.days if day <= 0),
        "after": "、".join(str(day) for day in reminder.days if day > 0),
        "every": reminder.every or None,
        "starts_on": clock.today(),
    }


class CallForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(label=_l("結果"), choices=CallOutcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_l("紀錄"), max_length=300, required=False, help_text=_l("例如「下週三前會送」。"))
