"""The filters of the list of cases."""

from collections.abc import Collection
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _l

from grants.enums import ApplicationStatus
from grants.forms.fields import dress
from grants.models import Application, Programme
from grants.queries.applications.lists import sought
from miaoli_kaohsiung.accounts.models import User


class ApplicationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_l("找案號、計畫或單位"), method="find", max_length=60)
    status = django_filters.ChoiceFilter(label=_l("狀態"), choices=ApplicationStatus, empty_label=_l("全部"))
    programme = django_filters.ModelChoiceFilter(
        label=_l("方案類別"), queryset=Programme.objects.none(), empty_label=_l("全部")
    )

    officer = django_filters.ModelChoiceFilter(label=_l("承辦人"), queryset=User.objects.none(), empty_label=_l("全部"))

    class Meta:
        model = Application
        fields = ["q", "status", "programme", "officer"]

    def __init__(
        self,
        *args: Any,
        counties: set[str],
        offices: Collection[str] = (),
        undeclared: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.undeclared = undeclared
        known = Programme.objects.filter(scheme__county__in=counties)
        self.filters["programme"].queryset = known.only("id", "name").order_by("scheme__position", "position")
        if offices:
            # Everybody who looks after cases of the county, including those who have left.
            cases = Application.objects.filter(county__in=offices, officer__isnull=False)
            self.filters["officer"].queryset = User.objects.filter(pk__in=cases.values("officer"))
        else:
            del self.filters["officer"]
        dress(*self.form.fields.values())
        self.form.fields["q"].widget.attrs |= {"data-key": "/", "data-key-label": _l("找")}

    def filter_queryset(self, queryset: QuerySet[Application]) -> QuerySet[Application]:
        """Search only in columns that the rows show: a search must not reveal more of a case than its row."""
        asked = any(self.form.cleaned_data.values())
        found: QuerySet[Application] = super().filter_queryset(queryset)
        return found.exclude(pk__in=self.undeclared) if asked and self.undeclared else found

    def find(self, queryset: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        return sought(queryset, value)
