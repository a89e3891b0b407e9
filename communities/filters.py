"""The filters of the lists of organisations."""

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from communities.places import TOWNSHIP
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import search_people, unused, with_post, without_post
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.filters import ListFilter, SearchFilter

from . import queries
from .enums import (
    AllianceStatus,
    CourseKind,
    CourseStatus,
    EnrolmentStatus,
    OrganisationKind,
    OrganisationStatus,
    PartnerKind,
    Tier,
)
from .models import Alliance, Course, Enrolment, Organisation, Partner, Township
from .queries import tier_years
from .queries.names import called

# Tiers of so many years can be looked for.
TIER_YEARS = 10


class RegistryFilter(ListFilter):
    """The offices' registry; `counties` are those of the user."""

    # By the place of their townships; the keys stand in an index beside that, so that few wide rows are read.
    ordered_whole = True

    q = SearchFilter(method="find", hint=_("名稱、村里或統一編號"))
    township = django_filters.ChoiceFilter(label=TOWNSHIP, field_name="township_id", empty_label=_("全部"))
    kind = django_filters.ChoiceFilter(label=_("類別"), choices=OrganisationKind, empty_label=_("全部"))
    tier = django_filters.ChoiceFilter(label=_("分級"), method="with_tier", choices=Tier, empty_label=_("全部"))
    tier_year = django_filters.ChoiceFilter(label=_("哪一年的分級"), method="of_tier_year", empty_label=_("現在"))
    term = django_filters.ChoiceFilter(
        label=_("負責人任期"),
        choices=[("over", _("已屆滿")), ("ending", _("90天內屆滿")), ("none", _("沒有登錄"))],
        method="with_term",
        empty_label=_("全部"),
    )
    status = django_filters.ChoiceFilter(label=_("狀態"), choices=OrganisationStatus, empty_label=_("全部"))

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Organisation],
        *,
        counties: list[str],
        townships: set[str] | None = None,
    ) -> None:
        """Build the filter. `townships` are the codes that the user may see, None for all of the counties."""
        super().__init__(data, queryset=queryset)
        choices = queries.township_choices(*counties)
        seen = [choice for choice in choices if townships is None or choice[0] in townships]
        self.filters["township"].extra["choices"] = seen
        this = clock.today().year
        # A tier may be given for the coming year already.
        years = range(this + 1, this - TIER_YEARS, -1)
        words = str(_("%(year)d 年"))
        self.filters["tier_year"].extra["choices"] = [(str(year), words % {"year": roc_year(year)}) for year in years]
        self.dress()

    @property
    def graded_in(self) -> int | None:
        """The year (AD) whose tiers are looked at, None for today's."""
        year = self.form.cleaned_data["tier_year"] if self.form.is_valid() else ""
        return int(year) if year else None

    def find(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return queries.search(rows, value)

    def with_tier(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """Return the rows of a tier: today's, unless a year is chosen, whose tier `of_tier_year` looks for."""
        return rows if self.form.cleaned_data.get("tier_year") else rows.filter(current_tier=value)

    def of_tier_year(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return tier_years.graded_in(rows, int(value), self.form.cleaned_data.get("tier") or "")

    def with_term(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return queries.by_chair_term(rows, value)


class PeopleFilter(ListFilter):
    """The accounts of an administrator's counties."""

    q = SearchFilter(method="find", hint=_("姓名、帳號、信箱、單位或職務"))
    role = django_filters.ChoiceFilter(label=_("職務"), choices=Role, method="with_role", empty_label=_("全部"))
    county = django_filters.ChoiceFilter(label=_("縣"), method="of_county", empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("帳號"),
        choices=[
            ("open", _("使用中")),
            ("unused", _("90天以上沒有登入")),
            ("without", _("沒有職務")),
            ("closed", _("已停用")),
        ],
        method="in_state",
        empty_label=_("全部"),
    )

    def __init__(self, data: QueryDict, queryset: QuerySet[User], *, counties: list[tuple[str, str]]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["county"].extra["choices"] = counties
        self.dress()

    def find(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return search_people(rows, value)

    def with_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return with_post(rows, role=value)

    def of_county(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return with_post(rows, county=value)

    def in_state(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        if value == "unused":
            return unused(rows)
        if value == "without":
            return without_post(rows)
        return rows.filter(is_active=value == "open")


class CourseFilter(ListFilter):
    """The offices' list of courses."""

    q = SearchFilter(field_name="title", lookup_expr="icontains", hint=_("名稱"))
    kind = django_filters.ChoiceFilter(label=_("類別"), choices=CourseKind, empty_label=_("全部"))
    status = django_filters.ChoiceFilter(label=_("狀態"), choices=CourseStatus, empty_label=_("全部"))

    class Meta:
        model = Course
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Course]) -> None:
        super().__init__(data, queryset=queryset)
        self.dress()


class EnrolmentFilter(ListFilter):
    """The people of a course."""

    q = SearchFilter(method="find", hint=_("協會或姓名"))
    status = django_filters.ChoiceFilter(label=_("狀態"), choices=EnrolmentStatus, empty_label=_("全部"))

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Enrolment]) -> None:
        super().__init__(data, queryset=queryset)
        self.dress()

    def find(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        return rows.filter(Q(person__name__icontains=value) | called("person__organisation", value))


class AllianceFilter(ListFilter):
    """The offices' list of alliances."""

    q = SearchFilter(method="find", hint=_("結盟或帶領協會的名稱"))
    status = django_filters.ChoiceFilter(label=_("狀態"), choices=AllianceStatus, empty_label=_("全部"))

    class Meta:
        model = Alliance
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Alliance]) -> None:
        super().__init__(data, queryset=queryset)
        self.dress()

    def find(self, rows: QuerySet[Alliance], name: str, value: str) -> QuerySet[Alliance]:
        return rows.filter(Q(name__icontains=value) | called("lead", value))


class PartnerFilter(ListFilter):
    """The county's contacts."""

    q = SearchFilter(method="find", hint=_("名稱或可以幫什麼"))
    kind = django_filters.ChoiceFilter(label=_("類別"), choices=PartnerKind, empty_label=_("全部"))

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Partner]) -> None:
        super().__init__(data, queryset=queryset)
        self.dress()

    def find(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return rows.filter(Q(name__icontains=value) | Q(offers__icontains=value))


class HoursFilter(ListFilter):
    """Associations with their hours of a year; `years` are (AD year, words), of which the view counts the chosen one."""

    q = SearchFilter(method="find", hint=_("名稱、村里或統一編號"))
    year = django_filters.ChoiceFilter(label=_("年度"), method="of_year", empty_label=None)
    township = django_filters.ChoiceFilter(label=TOWNSHIP, field_name="township_id", empty_label=_("全部"))
    tier = django_filters.ChoiceFilter(label=_("分級"), field_name="current_tier", choices=Tier, empty_label=_("全部"))

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Organisation],
        *,
        years: list[tuple[str, str]],
        townships: list[tuple[str, str]],
    ) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["year"].extra["choices"] = years
        self.filters["township"].extra["choices"] = townships
        self.dress()

    def find(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return queries.search(rows, value)

    def of_year(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """Leave the rows as they are: the year says which hours are counted, not which associations are shown."""
        return rows


class TownshipHoursFilter(ListFilter):
    """Townships with their hours of a year, which the view counts."""

    year = django_filters.ChoiceFilter(label=_("年度"), method="of_year", empty_label=None)

    def __init__(self, data: QueryDict, queryset: QuerySet[Township], *, years: list[tuple[str, str]]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["year"].extra["choices"] = years
        self.dress()

    def of_year(self, rows: QuerySet[Township], name: str, value: str) -> QuerySet[Township]:
        """Leave the rows as they are, as in HoursFilter."""
        return rows


class DirectoryFilter(django_filters.FilterSet):
    """The public directory."""

    q = django_filters.CharFilter(label=_("名稱"), method="find")
    county = django_filters.ChoiceFilter(label=_("縣"), choices=counties.choices, empty_label=_("各縣"))
    township = django_filters.ChoiceFilter(
        label=TOWNSHIP,
        field_name="township_id",
        choices=lambda: queries.township_choices(*counties.slugs()),
        empty_label=_("全部"),
    )
    tier = django_filters.ChoiceFilter(label=_("分級"), field_name="current_tier", choices=Tier, empty_label=_("全部"))

    def find(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return queries.search(rows, value)
