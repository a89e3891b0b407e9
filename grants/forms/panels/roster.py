"""The filter of a county's roster of reviewers, and what one of them is asked about."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_choices
from grants.models import Programme, ReviewerRemit
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.fields import field_of
from miaoli_kaohsiung.lists.filters import ListFilter, SearchFilter, TickFilter


class RosterFilter(ListFilter):
    """Finds who is asked about a programme or a township: whoever has no remit is asked about all."""

    q = SearchFilter(method="find", hint=_l("委員姓名"))
    programme = django_filters.ModelChoiceFilter(
        label=_l("方案類別"), queryset=Programme.objects.none(), empty_label=_l("全部"), method="for_programme"
    )
    township = django_filters.ChoiceFilter(label=TOWNSHIP, empty_label=_l("全部"), method="for_township")
    late = TickFilter(label=_l("有案件逾期"), method="only_late")

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, county: str) -> None:
        super().__init__(data, queryset=queryset)
        self.remits = ReviewerRemit.objects.filter(county=county)
        known = Programme.objects.filter(scheme__county=county)
        self.filters["programme"].queryset = known.order_by("scheme__position", "position")
        self.filters["township"].extra["choices"] = township_choices(county)
        self.dress()

    def find(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return queryset.filter(Q(display_name__icontains=value) | Q(username__icontains=value))

    def for_programme(self, queryset: QuerySet[User], name: str, value: Programme) -> QuerySet[User]:
        others = self.remits.exclude(programmes=None).exclude(programmes=value)
        return queryset.exclude(pk__in=others.values("reviewer"))

    def for_township(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        others = self.remits.exclude(townships=[]).exclude(townships__contains=[value])
        return queryset.exclude(pk__in=others.values("reviewer"))

    def only_late(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.filter(late__gt=0)


class RemitForm(forms.Form):
    """What a reviewer is asked about; nothing ticked stands for all."""

    programmes = forms.ModelMultipleChoiceField(
        label=_l("審查的類別"),
        help_text=_l("都不勾就是全部。"),
        queryset=Programme.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    townships = forms.MultipleChoiceField(
        label=format_lazy(_l("審查的{kinds}"), kinds=TOWNSHIP),
        help_text=_l("都不勾就是全部。"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, county: str, remit: ReviewerRemit | None) -> None:
        initial = {"programmes": remit.programmes.all(), "townships": remit.townships} if remit else {}
        super().__init__(data, initial=initial)
        known = Programme.objects.filter(scheme__county=county)
        programmes = field_of(self, "programmes", forms.ModelMultipleChoiceField)
        programmes.queryset = known.order_by("scheme__position", "position")
        field_of(self, "townships", forms.MultipleChoiceField).choices = township_choices(county)
