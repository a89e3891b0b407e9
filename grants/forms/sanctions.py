"""Forms of a decision by 柒三."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from communities import naming
from grants.enums import SanctionEvent, SanctionStatus
from grants.models import Sanction
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.text import half_width
from miaoli_kaohsiung.lists.filters import DayFilter, ListFilter, SearchFilter, TickFilter


class SanctionFilter(ListFilter):
    """The filter of the list of decisions."""

    q = SearchFilter(method="find", hint=_l("單位、案號、文號"))
    event = django_filters.ChoiceFilter(label=_l("事由"), choices=SanctionEvent, empty_label=_l("全部"))
    status = django_filters.ChoiceFilter(label=_l("狀態"), choices=SanctionStatus, empty_label=_l("全部"))
    barred = TickFilter(label=_l("現在還停止申請"), method="still_barred")
    decided_from = DayFilter(label=_l("處分日期從"), field_name="decided_on", lookup_expr="gte")
    decided_to = DayFilter(label=_l("處分日期到"), field_name="decided_on", lookup_expr="lte")

    def __init__(self, data: QueryDict, queryset: QuerySet[Sanction]) -> None:
        super().__init__(data, queryset=queryset)
        self.dress()

    def find(self, queryset: QuerySet[Sanction], name: str, value: str) -> QuerySet[Sanction]:
        for word in naming.words(value):
            found = Q(award__application__organisation__name__icontains=word)
            found |= Q(award__number__icontains=half_width(word))
            found |= Q(decision_number__icontains=word) | Q(letter__dispatch_number__icontains=word)
            queryset = queryset.filter(found)
        return queryset

    def still_barred(self, queryset: QuerySet[Sanction], name: str, value: bool) -> QuerySet[Sanction]:
        running = Q(barred_to__gte=clock.today()) | Q(next_application=True, consumed_by=None)
        return queryset.filter(running, status=SanctionStatus.CONFIRMED)


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
