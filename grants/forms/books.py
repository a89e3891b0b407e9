"""Forms of an association's cash book."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.models import BookEntry
from grants.services.books.entries import Entry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed


class BookEntryForm(Printed, forms.Form):
    on = RocDateField(label=_l("日期"))
    subject = forms.ChoiceField(label=_l("科目"), choices=[("", _l("請選擇")), *BookEntry.Subject.choices])
    text = OneLineField(label=_l("摘要"), max_length=120, help_text=_l("例如：99 年常年會費 30 人。"))
    amount = AmountField(label=_l("金額（元）"), min_value=1)
    number = OneLineField(label=_l("單據號碼（沒有可以不填）"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "on", RocDateField).latest = clock.today()

    def entry(self) -> Entry:
        return Entry(**self.cleaned_data)


class BookCancelForm(Printed, forms.Form):
    reason = OneLineField(label=_l("作廢的理由"), max_length=120)
