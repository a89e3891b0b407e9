"""Who takes cases over, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.fields import field_of


class TakerForm(forms.Form):
    """The officer who takes cases over, and why."""

    officer = forms.ModelChoiceField(User.objects.none(), label=_("改由誰承辦"), empty_label=None)
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如：調職、請假、平均案量。"))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officer = field_of(self, "officer", forms.ModelChoiceField)
        officer.queryset = User.objects.filter(pk__in=[person.pk for person in people])


class TakeOverForm(forms.Form):
    """Whether the former chairperson helped, and what is missing."""

    unreachable = forms.BooleanField(label=_("前任理事長無法聯絡，或不能來交接"), required=False)
    note = forms.CharField(
        label=_("還缺什麼（可以空白）"),
        max_length=150,
        required=False,
        help_text=_("例如：憑證、存摺、圖記。勾選「無法聯絡」時，縣府承辦人會收到通知。"),
    )


class HandoverForm(TakerForm):
    """The same for one case; `others` is asked if its present officer has more cases."""

    others = forms.BooleanField(required=False)

    def __init__(self, *args: Any, left: str = "", others: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            words = _("%(name)s還沒結束的另外 %(count)d 件也一起改派") % {"name": left, "count": others}
            self.fields["others"].label = words
        else:
            del self.fields["others"]
