"""Forms around a decision that belong to no single case, and those of an award's conditions."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.cut_reasons import figures_that_differ
from grants.enums import ReopeningGround
from grants.queries.reviews.county_rules import DecidingRules
from grants.services.reviews.reopenings import Ruling
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.changes.forms import RuleForm
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField
from miaoli_kaohsiung.lib.printable import Printed

LEVELS = 3
MOST_REASONS = 40
REASON_LENGTH = 200


class DecidingRulesForm(RuleForm):
    """Up to LEVELS levels with the people who decide, and the reasons that officers may choose from."""

    reasons = forms.CharField(
        label=_l("常用的核減理由"),
        help_text=_l("一行寫一個。不要寫金額，金額由每一列自己帶出。"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=MOST_REASONS * REASON_LENGTH,
    )
    field_order = ("reasons",)

    def __init__(self, data: Any, *, county: str, rules: DecidingRules) -> None:
        super().__init__(data, initial={"reasons": "\n".join(rules.reasons), "starts_on": clock.today()})
        approvers = User.objects.filter(pk__in=[user.pk for user in holders_of(Role.APPROVER, county=county)])
        fields: dict[str, forms.Field] = {}
        for place in range(1, LEVELS + 1):
            level = rules.levels[place - 1] if place <= len(rules.levels) else None
            params = {"place": place}
            fields[f"title_{place}"] = forms.CharField(
                label=_("第 %(place)d 級：職稱（例如科長）") % params,
                max_length=20,
                required=False,
                initial=level.title if level else "",
            )
            fields[f"up_to_{place}"] = AmountField(
                label=_("第 %(place)d 級：決定到多少元（含）") % params,
                help_text=_l("不限金額就空白。"),
                required=False,
                initial=level.up_to if level else None,
            )
            fields[f"people_{place}"] = forms.ModelMultipleChoiceField(
                label=_("第 %(place)d 級：由誰決定") % params,
                queryset=approvers,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=level.people if level else (),
            )
        self.fields = {**fields, **self.fields}

    def clean_reasons(self) -> str:
        text: str = self.cleaned_data["reasons"]
        for line in text.splitlines():
            if len(line.strip()) > REASON_LENGTH:
                raise forms.ValidationError(_("每一個理由最多 %(most)d 個字。") % {"most": REASON_LENGTH})
            if figures_that_differ(line, 0, 0):
                raise forms.ValidationError(
                    _("「%(line)s」寫了金額，每一列的金額不同，請刪去。") % {"line": line.strip()}
                )
        return text

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        used = [
            place for place in range(1, LEVELS + 1) if values.get(f"title_{place}") or values.get(f"people_{place}")
        ]
        lowest = -1
        for place in used:
            if not values.get(f"title_{place}"):
                self.add_error(f"title_{place}", _("請填職稱。"))
            if not values.get(f"people_{place}"):
                self.add_error(f"people_{place}", _("請勾選至少一位主管。"))
            most = values.get(f"up_to_{place}")
            if most is None and place != used[-1]:
                self.add_error(f"up_to_{place}", _("只有最後一級可以不限金額。"))
            elif most is not None and most <= lowest:
                self.add_error(f"up_to_{place}", _("金額要比前一級高。"))
            lowest = most if most is not None else lowest
        if used and values.get(f"up_to_{used[-1]}") is not None:
            self.add_error(f"up_to_{used[-1]}", _("最後一級請空白（不限金額），否則更高的金額沒有人可以決定。"))
        return values

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        levels = [
            {
                "title": data[f"title_{place}"],
                "up_to": data[f"up_to_{place}"],
                "people": sorted(user.pk for user in data[f"people_{place}"]),
            }
            for place in range(1, LEVELS + 1)
            if data[f"title_{place}"]
        ]
        return {"levels": levels, "reasons": [line.strip() for line in data["reasons"].splitlines() if line.strip()]}


class ReopeningForm(Printed, forms.Form):
    """Why a decided case is decided anew, with the ruling that says so."""

    ground = forms.ChoiceField(label=_l("重新審查的原因"), choices=ReopeningGround, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_l("訴願決定、判決或簽的文號"), max_length=60, help_text=_l("例如 台內訴字第0990001234號。")
    )
    on = RocDateField(label=_l("決定日期"))
    reason = forms.CharField(
        label=_l("理由"),
        help_text=_l("給申請單位的函會引用。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    scan = CheckedFileField(label=_l("決定書或簽的掃描"), kinds=("pdf", "jpeg", "png"), required=False)

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("決定日期不能晚於今天。"))
        return day

    def ruling(self) -> Ruling:
        return Ruling(**self.cleaned_data)


class ConditionForm(Printed, forms.Form):
    """How the officer found that the association has fulfilled a condition."""

    note = forms.CharField(label=_l("怎麼查核的"), max_length=200)

    def __init__(self, data: Any = None, *, pk: int) -> None:
        super().__init__(data, auto_id=f"condition_{pk}_%s")
