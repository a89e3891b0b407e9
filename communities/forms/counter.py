from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.enums import CounterWay, office_choices
from miaoli_kaohsiung.lib.fields import field_of
from miaoli_kaohsiung.lib.printable import Printed


class VisitorForm(Printed, forms.Form):
    """Who came to the counter, called or sent paper."""

    way = forms.ChoiceField(
        label=_("怎麼來的？"), choices=CounterWay, widget=forms.RadioSelect, initial=CounterWay.COUNTER
    )
    person_name = forms.CharField(
        label=_("來的人姓名"), max_length=40, help_text=_("請看身分證件或認得的人；電話要回撥登記的號碼。")
    )
    office = forms.ChoiceField(label=_("職稱"))
    said = forms.CharField(
        label=_("要辦什麼、說了什麼"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text=_("結束時還可以補寫。"),
    )

    def __init__(self, *args: Any, head: str, **kwargs: Any) -> None:
        """Build the form for a body that calls its head `head`."""
        super().__init__(*args, **kwargs)
        field_of(self, "office", forms.ChoiceField).choices = office_choices(head)


class CounterEndForm(Printed, forms.Form):
    said = forms.CharField(
        label=_("辦了什麼、說了什麼"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": _("請寫辦了什麼，日後查得到。")},
    )
