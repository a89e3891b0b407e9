"""Forms of alliances: the agreement with whom it asks, the chairperson's answer, the coaching team, what was learned."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities.enums import CoachKind
from communities.models import AllianceCoach, AllianceMember, Organisation
from communities.places import TOWNSHIP
from communities.queries import named
from communities.queries.alliances import Candidates
from communities.services.alliances.coaching import PHOTO_KINDS
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed

MOST_ASKED = 15


class _Asked(Printed, forms.Form):
    """Which associations are asked. Cleans to `bodies`."""

    bodies = forms.ModelMultipleChoiceField(
        label=format_lazy(__("邀請的協會（本地和相鄰的{kinds}）"), kinds=TOWNSHIP),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    others = forms.CharField(
        label=format_lazy(__("其他{kinds}的協會，一行一個"), kinds=TOWNSHIP),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=__("寫立案全名。結盟以鄰近的社區為原則，不相鄰的申請補助時要說明。"),
    )

    def __init__(self, *args: Any, lead: Organisation, candidates: list[Candidates], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead = lead
        field = self.fields["bodies"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Organisation.objects.filter(pk__in=[row.pk for part in candidates for row in part.rows])
        field.choices = [(row.pk, row.name) for part in candidates for row in part.rows]

    def clean_others(self) -> list[Organisation]:
        names = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        found = []
        for name in names:
            body = Organisation.objects.filter(named(name, self.lead.county)).first()
            if body is None:
                raise ValidationError(_("找不到「%(name)s」，請寫立案全名。") % {"name": name[:40]})
            found.append(body)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "others" not in data or "bodies" not in data:
            return data
        chosen = {body.pk: body for body in [*data["bodies"], *data["others"]] if body.pk != self.lead.pk}
        if not chosen:
            self.add_error("bodies", _("請至少邀請一個協會。"))
        elif len(chosen) > MOST_ASKED:
            self.add_error("bodies", _("一次最多邀請%(most)d個協會。") % {"most": MOST_ASKED})
        data["bodies"] = list(chosen.values())
        return data


class AllianceForm(_Asked):
    name = OneLineField(label=__("結盟名稱"), max_length=80, help_text=__("例如 山線社區送餐結盟。"))
    purpose = forms.CharField(
        label=__("目的"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=__("一起做什麼、學什麼。會公開。"),
    )
    starts_on = RocDateField(label=__("期間起"))
    ends_on = RocDateField(label=__("期間迄"))
    field_order = ("name", "purpose", "starts_on", "ends_on", "bodies", "others")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < max(first, clock.today()):
            self.add_error("ends_on", _("迄日不可以早於起日，也不可以早於今天。"))
        return data


class InviteForm(_Asked):
    """Further associations of an alliance."""


class AnswerForm(Printed, forms.Form):
    words = OneLineField(
        label=__("貴會想學什麼、能出什麼力"),
        max_length=300,
        required=False,
        help_text=__("例如 想學送餐，可以借廚房。不參加請寫原因。"),
    )


class ReasonForm(Printed, forms.Form):
    reason = OneLineField(label=__("原因"), max_length=200, help_text=__("會通知結盟的協會。"))


class CoachForm(Printed, forms.Form):
    kind = forms.ChoiceField(label=__("身分"), choices=CoachKind, widget=forms.RadioSelect, initial=CoachKind.LEAD)
    name = OneLineField(label=__("姓名"), max_length=40)
    post = OneLineField(label=__("單位與職稱"), max_length=80, required=False)
    field = OneLineField(
        label=__("輔導什麼"), max_length=120, required=False, help_text=__("例如 送餐、會計、方案撰寫。")
    )
    starts_on = RocDateField(label=__("開始日期"))


class _MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]  # only the stubs have arguments
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.organisation.name)


class VisitForm(Printed, forms.Form):
    member = _MemberField(label=__("到哪個協會"), queryset=AllianceMember.objects.none(), empty_label=None)
    coach = forms.ModelChoiceField(label=__("誰去"), queryset=AllianceCoach.objects.none(), empty_label=None)
    day = RocDateField(label=__("日期"))
    notes = forms.CharField(label=__("輔導內容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    next_step = OneLineField(label=__("下次以前要做什麼"), max_length=300, required=False)

    def __init__(self, *args: Any, members: list[AllianceMember], coaches: list[AllianceCoach], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member, coach = self.fields["member"], self.fields["coach"]
        assert isinstance(member, forms.ModelChoiceField)
        assert isinstance(coach, forms.ModelChoiceField)
        member.queryset = AllianceMember.objects.filter(pk__in=[row.pk for row in members]).select_related(
            "organisation"
        )
        coach.queryset = AllianceCoach.objects.filter(pk__in=[row.pk for row in coaches])

    def clean_day(self) -> dt.date:
        return _not_later(self.cleaned_data["day"])


class PhotoForm(Printed, forms.Form):
    words = OneLineField(label=__("照片說明"), max_length=80, help_text=__("例如 示範廚房動線。請先問過照片裡的人。"))
    file = CheckedFileField(label=__("照片"), kinds=PHOTO_KINDS)


class LearningForm(Printed, forms.Form):
    day = RocDateField(label=__("日期"))
    learned = forms.CharField(label=__("學到什麼"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    applied = forms.CharField(
        label=__("回來以後怎麼做"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_day(self) -> dt.date:
        return _not_later(self.cleaned_data["day"])


def _not_later(day: dt.date) -> dt.date:
    if day > clock.today():
        raise ValidationError(_("日期還沒到。"))
    return day
