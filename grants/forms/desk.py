"""The filter of a queue, and who takes cases over, and why."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from communities import naming
from communities.places import TOWNSHIP
from communities.queries import township_choices
from grants.queries.desk.handovers import with_work
from grants.queries.desk.lists import QueueList
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import field_of
from miaoli_kaohsiung.lists.ages import LATE_DAYS, SLOW_DAYS
from miaoli_kaohsiung.lists.filters import AmountFilter, DayFilter, ListFilter, SearchFilter, TickFilter


class QueueFilter(ListFilter):
    """The filter of one queue of the desk, with what its rows have."""

    q = SearchFilter(method="find", hint=_("案號、計畫、單位"))
    township = django_filters.ChoiceFilter(label=TOWNSHIP, method="at", empty_label=_("全部"))
    officer = django_filters.ModelChoiceFilter(
        label=_("承辦人"), queryset=User.objects.none(), method="with_officer", empty_label=_("全部")
    )
    waited = django_filters.ChoiceFilter(
        label=_("等候"),
        choices=[(days, _("超過 %(days)d 天") % {"days": days}) for days in (SLOW_DAYS, LATE_DAYS)],
        method="waited_for",
        empty_label=_("全部"),
    )
    late = TickFilter(label=_("已逾期"), method="only_late")
    due_from = DayFilter(label=_("期限從"), field_name="_due", lookup_expr="gte")
    due_to = DayFilter(label=_("期限到"), field_name="_due", lookup_expr="lte")
    amount_from = AmountFilter(label=_("金額至少"), field_name="_sum", lookup_expr="gte")
    amount_to = AmountFilter(label=_("金額最多"), field_name="_sum", lookup_expr="lte")

    more = ("due_from", "due_to", "amount_from", "amount_to")

    def __init__(self, data: QueryDict, work: QueueList, *, offices: Collection[str], officers: bool) -> None:
        """Build the filter. `offices` are the counties in whose offices the person works; `officers` says whether the
        county's own people are among them.
        """
        super().__init__(data, queryset=work.rows, without=_missing(work, bool(offices), officers=officers))
        self.work = work
        if "township" in self.filters:
            self.filters["township"].extra["choices"] = township_choices(*sorted(offices))
        if "officer" in self.filters:
            self.filters["officer"].queryset = with_work(sorted(offices))
        self.dress()

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        for word in naming.words(value):
            wanted = Q(_number__icontains=word) | Q(_title__icontains=word) | Q(_who__icontains=word)
            queryset = queryset.filter(wanted)
        return queryset

    def at(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.work.case}township_code": value})

    def with_officer(self, queryset: QuerySet[Any], name: str, value: User) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.work.case}officer": value})

    def waited_for(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(_waits_since__lt=clock.today() - dt.timedelta(days=int(value)))

    def only_late(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.filter(_due__lt=clock.today())


def _missing(work: QueueList, of_an_office: bool, *, officers: bool) -> list[str]:
    """Return the fields of the filter that say nothing of this queue, or to this person."""
    missing = [] if work.queue.due is not None else ["late", "due_from", "due_to"]
    missing += [] if work.has_amount else ["amount_from", "amount_to"]
    missing += [] if work.has_age and of_an_office else ["waited"]
    by_case = work.case is not None
    missing += [] if by_case and of_an_office else ["township"]
    return missing + ([] if by_case and officers else ["officer"])


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

    unreachable = forms.BooleanField(required=False)
    note = forms.CharField(
        label=_("還缺什麼（可以空白）"),
        max_length=150,
        required=False,
        help_text=_("例如：憑證、存摺、圖記。勾選「無法聯絡」時，縣府承辦人會收到通知。"),
    )

    def __init__(self, *args: Any, head: str, **kwargs: Any) -> None:
        """Build the form; `head` is what the association calls whoever confirms for it."""
        super().__init__(*args, **kwargs)
        self.fields["unreachable"].label = _("前任%(head)s無法聯絡，或不能來交接") % {"head": head}


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
