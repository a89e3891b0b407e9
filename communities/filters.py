"""The filters of the lists of organisations."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts import counties

from . import queries
from .enums import OrganisationKind, Tier
from .models import Organisation


class _Search(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("名稱"), method="find")

    def find(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return queries.search(rows, value)


class RegistryFilter(_Search):
    """The officers' registry; `counties` are those of the user."""

    township = django_filters.ChoiceFilter(label=_("鄉鎮市"), field_name="township_id", empty_label=_("全部"))
    kind = django_filters.ChoiceFilter(label=_("類別"), choices=OrganisationKind, empty_label=_("全部"))
    tier = django_filters.ChoiceFilter(label=_("分級"), field_name="current_tier", choices=Tier, empty_label=_("全部"))

    def __init__(self, *args: Any, counties: list[str], townships: set[str] | None = None, **kwargs: Any) -> None:
        """Build the filter. `townships` are the codes that the user may see, None for all of the counties."""
        super().__init__(*args, **kwargs)
        self.filters["q"].label = _("名稱、村里或統一編號")
        choices = queries.township_choices(*counties)
        seen = [choice for choice in choices if townships is None or choice[0] in townships]
        self.filters["township"].extra["choices"] = seen


class DirectoryFilter(_Search):
    """The public directory."""

    county = django_filters.ChoiceFilter(label=_("縣"), choices=counties.choices, empty_label=_("各縣"))
    township = django_filters.ChoiceFilter(
        label=_("鄉鎮市"),
        field_name="township_id",
        choices=lambda: queries.township_choices(*counties.slugs()),
        empty_label=_("全部"),
    )
    tier = django_filters.ChoiceFilter(label=_("分級"), field_name="current_tier", choices=Tier, empty_label=_("全部"))
