"""Forms of a decision by 柒三."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.enums import SanctionEvent
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.printable import Printed


class SanctionForm(Printed, forms.Form):
    event = forms.ChoiceField(label=_l("事由"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_l("事實與理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_l("哪些項目沒有執行，或哪一筆怎樣支用不當。"),
    )
    disallowed = AmountField(
        label=_l("支用不當的金額（元）"),
        required=False,
        help_text=_l("結報時已經剔除的不用再填；未執行的案件全數繳回，不用填。"),
    )
    heard_on = RocDateField(
        label=_l("單位陳述意見的日期"),
        help_text=_l("處分前要給單位說明的機會（行政程序法102；適用與否請縣府確認）。"),
    )
    decided_on = RocDateField(label=_l("決定處分的日期"), help_text=_l("確認後系統會擬處分函，文號在發文時填。"))

    def __init__(self, *args: Any, events: Iterable[SanctionEvent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "event", forms.ChoiceField).choices = [(event.value, event.label) for event in events]

    def draft(self) -> SanctionDraft:
        return SanctionDraft(**self.cleaned_data | {"disallowed": self.cleaned_data["disallowed"] or 0})


class LiftingForm(Printed, forms.Form):
    """Why a confirmed decision is lifted, and by which ruling or memo."""

    ruling_number = forms.CharField(label=_l("訴願決定書或簽的文號"), max_length=60)
    ruled_on = RocDateField(label=_l("訴願決定或簽准日期"))
    reason = forms.CharField(
        label=_l("撤銷的理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("另一位承辦人或主管確認後生效：案件、期款和保留的額度回復，停止申請取消；原處分留在紀錄。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_lift_%s", **kwargs})
