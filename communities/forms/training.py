"""Forms of courses: the course itself, who goes there, arriving at the door, what it was like."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities.enums import CourseKind, Tier
from communities.models import AssociationPerson
from communities.models.training import BEST
from communities.places import TOWNSHIP
from communities.queries import township_choices
from communities.services.training.enrolments import PASS_CODE_DIGITS
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock, folding
from miaoli_kaohsiung.lib.fields import ClockField, QuantityField, RocDateField, WholeNumberField
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.text import half_width

MOST_PLACES = 500
MOST_HOURS = 40
MOST_AT_ONCE = 20
LONGEST_NAME = 40


class CourseForm(Printed, forms.Form):
    """A course or an observation visit on one day."""

    kind = forms.ChoiceField(label=__("類別"), choices=CourseKind, widget=forms.RadioSelect, initial=CourseKind.COURSE)
    title = OneLineField(label=__("名稱"), max_length=80)
    day = RocDateField(label=__("日期"), help_text=__("分幾天上的課，每天各開一場。"))
    begins_at = ClockField(label=__("開始時間"), help_text=__("例如 14:00"))
    ends_at = ClockField(label=__("結束時間"), help_text=__("例如 17:00"))
    hours = QuantityField(
        label=__("時數"),
        step="0.5",
        min_value="0.5",
        max_value=Decimal(MOST_HOURS),
        help_text=__("記入研習證明，可以有半小時。"),
    )
    place = OneLineField(label=__("地點"), max_length=120, help_text=__("觀摩請寫集合的地方和要去的社區。"))
    places = WholeNumberField(label=__("名額"), min_value=1, max_value=MOST_PLACES)
    places_each = WholeNumberField(
        label=__("每個協會最多幾人"), min_value=1, max_value=MOST_PLACES, required=False, help_text=__("不限請空白。")
    )
    enrol_until = RocDateField(label=__("報名截止"))
    tiers = forms.MultipleChoiceField(
        label=__("哪些分級可以報名"),
        choices=Tier,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=__("都不勾就是都可以。"),
    )
    townships = forms.MultipleChoiceField(
        label=format_lazy(__("哪些{kinds}可以報名"), kinds=TOWNSHIP),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=__("都不勾就是全縣都可以。"),
    )
    about = forms.CharField(
        label=__("內容"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=__("講師、課程表、要帶什麼、有沒有午餐。會公開。"),
    )

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["townships"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = township_choices(county)

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day < clock.today():
            raise ValidationError(_("日期已經過了。"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("begins_at"), data.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("結束時間要在開始時間以後。"))
        day, until = data.get("day"), data.get("enrol_until")
        if day and until and until > day:
            self.add_error("enrol_until", _("報名截止不可以晚於上課日。"))
        return data


class CancelForm(Printed, forms.Form):
    reason = OneLineField(label=__("停辦原因"), max_length=200, help_text=__("會寄給報名的協會，也會公開。"))


class MaterialForm(forms.Form):
    title = OneLineField(label=__("教材名稱"), max_length=80, required=False, help_text=__("空白就用檔名。"))
    file = CheckedFileField(label=__("檔案"))


class PeopleFields(Printed, forms.Form):
    """People of the association: those who are known already, and new names. Cleans to `people`, their names."""

    known = forms.ModelMultipleChoiceField(
        label=__("登錄過的人"),
        queryset=AssociationPerson.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    names = forms.CharField(
        label=__("其他的人，一行一位"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=__("填真實姓名，會印在研習證明。同名的人請在後面加註，例如 王小明（大埔）。"),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["known"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = people
        if not people.exists():
            del self.fields["known"]
            self.fields["names"].label = _("姓名，一行一位")

    def clean_names(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        for name in names:
            if len(name) > LONGEST_NAME or not folding.key(name):
                raise ValidationError(_("「%(name)s」不像姓名，請一行寫一位。") % {"name": name[:LONGEST_NAME]})
        return names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "names" not in data:
            return data
        chosen = {folding.key(name): name for name in [*(row.name for row in data.get("known", ())), *data["names"]]}
        if not chosen:
            self.add_error("names", _("請勾選或填寫姓名。"))
        elif len(chosen) > MOST_AT_ONCE:
            self.add_error("names", _("一次最多填%(most)d人。") % {"most": MOST_AT_ONCE})
        data["people"] = list(chosen.values())
        return data


class EnrolForm(PeopleFields):
    """Who of the association goes."""


def _pass_codes(text: str) -> list[str]:
    """Return the pass_codes of a text, whatever stands between them. Raises ValidationError."""
    found = half_width(text).replace(",", " ").replace("、", " ").split()
    if wrong := [one for one in found if len(one) != PASS_CODE_DIGITS or not (one.isascii() and one.isdecimal())]:
        raise ValidationError(_("「%(code)s」不是 6 位數字，請再看一次。") % {"code": wrong[0][:20]})
    return list(dict.fromkeys(found))


class PassCodesForm(forms.Form):
    """Tickets of one or more people, whatever stands between them."""

    label: Any = __("報到碼")
    hint: Any = __("報名頁上的 6 位數字。一起來的人可以一次填好，中間空一格。")

    pass_codes = forms.CharField(
        max_length=400,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": __("請填 6 位數字。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pass_codes"].label, self.fields["pass_codes"].help_text = self.label, self.hint

    def clean_pass_codes(self) -> list[str]:
        pass_codes = _pass_codes(self.cleaned_data["pass_codes"])
        if len(pass_codes) > MOST_AT_ONCE:
            raise ValidationError(_("一次最多填%(most)d個。") % {"most": MOST_AT_ONCE})
        return pass_codes


class ArriveForm(PassCodesForm):
    """Who has arrived at the door of a course."""


def _mark(label: Any) -> forms.TypedChoiceField:
    words = {BEST: __("很好"), 3: __("普通"), 1: __("不好")}
    choices = [(mark, f"{mark} {words[mark]}" if mark in words else str(mark)) for mark in range(BEST, 0, -1)]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": __("請選一個。")},
    )


class FeedbackForm(forms.Form):
    """What it was like, with the pass_code instead of a name."""

    pass_code = forms.CharField(
        label=__("報到碼"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=__("報名頁上的 6 位數字，只用來確認有出席；縣府看到的意見沒有姓名。"),
    )
    content = _mark(__("課程內容"))
    arrangement = _mark(__("講師與安排"))
    useful = _mark(__("對協會有幫助"))
    words = forms.CharField(
        label=__("還想學什麼、想說的話"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_pass_code(self) -> str:
        pass_codes = _pass_codes(self.cleaned_data["pass_code"])
        if len(pass_codes) != 1:
            raise ValidationError(_("請填一個 6 位數字的報到碼。"))
        return pass_codes[0]
