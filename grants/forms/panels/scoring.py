"""Forms about reviewers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _l

from grants.models import ReviewAssignment
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.fields import RocDateField, TaxIdField, WholeNumberField, field_of, read_as
from miaoli_kaohsiung.lib.identifiers import check_bank_account, parse_phone
from miaoli_kaohsiung.lib.printable import Printed

MOST_POINTS = 100
NOTE_LENGTH = 200


class AssignForm(forms.Form):
    reviewers = forms.ModelMultipleChoiceField(
        label=_l("審查委員"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    due_on = RocDateField(label=_l("審查期限"))

    def __init__(self, *args: Any, reviewers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "reviewers", forms.ModelMultipleChoiceField)
        field.queryset = User.objects.filter(pk__in=[user.pk for user in reviewers])


class InterestForm(forms.Form):
    interest = forms.ChoiceField(
        label=_l("您和這個單位有沒有利害關係？"),
        choices=[
            (ReviewAssignment.Interest.NONE, _l("沒有")),
            (ReviewAssignment.Interest.CONFLICT, _l("有（例如擔任會員、幹部、親屬或有金錢往來），我不審這一件")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_l("說明"), max_length=NOTE_LENGTH, required=False)


class PointsField(WholeNumberField):
    """A score of 0 to 100, whole points."""

    default_error_messages = {"required": _l("請填分數，0 到 100 分。")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_value=MOST_POINTS, **kwargs)

    def validate(self, value: Any) -> None:
        if value is not None and (value % 1 or not 0 <= value <= MOST_POINTS):
            raise ValidationError(_l("分數請填 0 到 100 的整數。"), code="invalid")
        super().validate(value)


class ScoreForm(Printed, forms.Form):
    """The four criteria of 陸三, 0 to 100 each with a comment, and an opinion."""

    comment = forms.CharField(label=_l("綜合意見"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)

    def __init__(self, *args: Any, criteria: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        fields: dict[str, forms.Field] = {}
        for code, words in self.criteria:
            fields[f"score-{code}"] = PointsField(label=words, help_text=_l("0 到 100 分，填整數"))
            fields[f"comment-{code}"] = forms.CharField(
                label=_l("意見"),
                help_text=_l("一句話就好：為什麼給這個分數。"),
                max_length=300,
                error_messages={"required": _l("請寫一句意見，說明為什麼給這個分數。")},
            )
        self.fields = {**fields, **self.fields}

    def scores(self) -> dict[str, tuple[int, str]]:
        data = self.cleaned_data
        return {code: (data[f"score-{code}"], data[f"comment-{code}"]) for code, _words in self.criteria}


class DetailsForm(forms.Form):
    """What a reviewer tells of themselves, to be compared; all of it may stay empty."""

    tax_id = TaxIdField(label=_l("服務單位統一編號"), required=False)
    address = forms.CharField(label=_l("住址"), max_length=120, required=False)
    phone = forms.CharField(
        label=_l("其他聯絡電話"), help_text=_l("帳號的電話之外，還有的話請填。"), max_length=30, required=False
    )
    bank_account = forms.CharField(
        label=_l("領取審查費的帳號"), help_text=_l("只填數字，前面的 0 也要填。"), max_length=20, required=False
    )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return str(read_as(parse_phone, typed)) if typed else ""

    def clean_bank_account(self) -> Any:
        typed = self.cleaned_data["bank_account"]
        return read_as(check_bank_account, typed, "") if typed else ""


class LiftingForm(forms.Form):
    """How somebody verified that a name is another person's."""

    reason = forms.CharField(
        label=_l("怎麼查證不是同一人"),
        help_text=_l("例如：電話問過本人，生日和住址都不同。不要寫身分證字號。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
