"""Lists of organisations. Place names come from memory, so that a row costs no query."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, QuerySet, When
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django_tables2.rows import BoundRows

from communities import naming
from communities.places import TOWNSHIP
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, roc_date
from miaoli_kaohsiung.lib.fields import format_quantity
from miaoli_kaohsiung.lists.cells import row_drawer
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    NUMBER,
    ChoiceColumn,
    DayColumn,
    EmptyLastColumn,
    LinkColumn,
    ListTable,
    WordColumn,
)

from .enums import OrganisationKind, OrganisationStatus, Tier
from .models import Organisation
from .queries import EXPIRY_WARNING_DAYS, township_name


class PagesByKey(Paginator):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Pages of a table whose rows are found by their keys: an index has these beside what the rows are sorted by, so that
    of the wide rows only those of the page are read.
    """

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        drawn: Any = self.object_list
        rows: QuerySet[Any] = drawn.table.data.data
        before = (number - 1) * self.per_page
        keys = rows.values("pk")[before : before + self.per_page]
        return Page(BoundRows(rows.filter(pk__in=keys), drawn.table), number, self)


class DirectoryTable(tables.Table):
    """Rows of queries.listed, of which the columns shown are read."""

    name = LinkColumn("communities:community", "pk", verbose_name=__("名稱"), attrs={})
    kind = ChoiceColumn(OrganisationKind, verbose_name=__("類別"), orderable=False, attrs={})
    county = tables.Column(verbose_name=__("縣"), orderable=False)
    township = tables.Column(
        verbose_name=TOWNSHIP, accessor="township_id", order_by=["county", "township__position", "name"]
    )
    area_served = tables.Column(verbose_name=__("社區範圍"), orderable=False)
    current_tier = tables.Column(verbose_name=__("分級"), orderable=False, empty_values=())
    caption = __("社區與團體名錄")

    class Meta:
        order_by = ("township",)

    def __init__(self, rows: QuerySet[Organisation]) -> None:
        read = ("pk", "name", "kind", "county", "township_id", "area_served", "current_tier", "current_tier_year")
        super().__init__(rows.values(*read))
        self._tiers = _TierWords()

    @property
    def drawn_rows(self) -> Iterator[SafeString]:
        """Return the cells of the page's rows."""
        draw = row_drawer(self)
        return (draw(row.record) for row in self.paginated_rows)

    def render_county(self, value: str) -> str:
        return counties.name_of(value, clock.today())

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_area_served(self, value: str, record: dict[str, Any]) -> str:
        return naming.present(value, record["county"], clock.today(), record["township_id"] or "")

    def render_current_tier(self, record: dict[str, Any]) -> str:
        return self._tiers.of(record)


class _TermColumn(DayColumn):
    """The last day of a term, flagged when it is near or past; a file has the day alone."""

    def render(self, value: dt.date) -> Any:
        return term_end(value)

    def value(self, value: dt.date) -> str:
        return roc_date.format_roc(value)


class HoursColumn(EmptyLastColumn):
    """Hours, with halves: as people write them on the screen, a number in a file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"attrs": NUMBER, "default": "", **kwargs})

    def render(self, value: Decimal) -> str:
        return format_quantity(value)

    def value(self, value: Decimal) -> float:
        return float(value)


class TierColumn(tables.Column):
    """A tier: sorted from the excellent to the basic, without any last."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"verbose_name": __("分級"), "attrs": KEEP, **kwargs})

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        name = str(self.accessor).replace(".", "__")
        places = [When(**{name: tier}, then=place) for place, tier in enumerate(Tier)]
        rank = Case(*places, default=None, output_field=IntegerField())
        return queryset.order_by(rank.desc(nulls_last=True) if is_descending else rank.asc(nulls_last=True)), True


class PeopleTable(ListTable):
    """Rows of accounts.queries.people."""

    display_name = LinkColumn("communities:person", "pk", verbose_name=__("姓名"))
    username = tables.Column(verbose_name=__("登入帳號"), attrs=KEEP)
    email = tables.Column(verbose_name=__("電子信箱"), default="", attrs=KEEP)
    posts = WordColumn(verbose_name=__("職務"), orderable=False, empty_values=())
    last_login = DayColumn(verbose_name=__("最近登入"), default=__("沒有登入過"))
    is_active = tables.Column(verbose_name=__("狀態"), attrs=KEEP)

    first_columns = ("display_name", "username", "posts", "last_login", "is_active")
    caption = __("有帳號的人員")

    class Meta(ListTable.Meta):
        order_by = ("display_name",)

    def render_posts(self, record: User) -> str:
        today = clock.today()
        open_now = [post.label for post in record.posts.all() if post.valid_to is None or post.valid_to >= today]
        return "、".join(open_now) or _("沒有職務")

    def render_last_login(self, value: dt.datetime) -> str:
        return roc_date.format_roc(timezone.localtime(value).date())

    def render_is_active(self, value: bool) -> str:
        return _("使用中") if value else _("已停用")


class RegistryTable(ListTable):
    """Rows of queries.with_chair_term: the offices' list of the registry."""

    name = LinkColumn("communities:organisation", "pk", verbose_name=__("名稱"))
    kind = ChoiceColumn(OrganisationKind, verbose_name=__("類別"))
    township = tables.Column(
        verbose_name=TOWNSHIP, accessor="township_id", order_by=["county", "township__position"], attrs=KEEP
    )
    current_tier = TierColumn(empty_values=())
    chair = tables.Column(verbose_name=__("負責人"), default="", attrs=KEEP)
    chair_until = _TermColumn(verbose_name=__("負責人任期至"))
    status = ChoiceColumn(OrganisationStatus, verbose_name=__("狀態"))
    tax_id = tables.Column(verbose_name=__("統一編號"), default="", attrs=KEEP)
    phone = tables.Column(verbose_name=__("會址電話"), default="", attrs=KEEP)
    address = WordColumn(verbose_name=__("會址"))
    members_count = tables.Column(verbose_name=__("會員數"), default="", attrs=NUMBER)

    first_columns = ("name", "kind", "township", "current_tier", "chair", "chair_until", "status")
    # What is said of a tier.
    read_with: tuple[str, ...] = ("kind", "current_tier", "current_tier_year")
    caption = __("社區登記")

    def __init__(self, data: QuerySet[Organisation], *, tier_year: int | None = None, **kwargs: Any) -> None:
        """Build the table. With a `tier_year` (AD) its rows are those of tier_years.graded_in, and the tier is that year's."""
        if tier_year:
            head = _("分級（%d年）") % roc_date.roc_year(tier_year)
            column = TierColumn(accessor="tier_then", verbose_name=head, empty_values=())
            kwargs["extra_columns"] = [("current_tier", column)]
            self.read_with = (*self.read_with, "tier_then")
        super().__init__(data, **kwargs)
        self._tiers = _TierWords()

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_current_tier(self, record: dict[str, Any]) -> str:
        then = record.get("tier_then")
        return str(Tier(then).label) if then else self._tiers.of(record)


class CourseTable(ListTable):
    """Rows of queries.training.counted: the offices' list of courses and visits."""

    title = LinkColumn("communities:training", "pk", verbose_name=__("名稱"))
    kind = tables.Column(verbose_name=__("類別"), attrs=KEEP)
    day = DayColumn(verbose_name=__("日期"))
    place = WordColumn(verbose_name=__("地點"))
    hours = HoursColumn(verbose_name=__("時數"))
    places = tables.Column(verbose_name=__("名額"), attrs=NUMBER)
    taken = tables.Column(verbose_name=__("報名"), attrs=NUMBER)
    in_line = tables.Column(verbose_name=__("候補"), attrs=NUMBER)
    present = tables.Column(verbose_name=__("出席"), attrs=NUMBER)
    status = tables.Column(verbose_name=__("狀態"), attrs=KEEP)

    caption = __("培力課程與觀摩")


class EnrolmentTable(ListTable):
    """The people of a course, for the offices. Names leave the portal by this list's file alone."""

    organisation = LinkColumn(
        "communities:association-training",
        "person__organisation_id",
        accessor="person__organisation__name",
        verbose_name=__("協會"),
        order_by=("person__organisation__name", "pk"),
    )
    person = tables.Column(accessor="person__name", verbose_name=__("姓名"), attrs=KEEP)
    township = tables.Column(
        accessor="person__organisation__township_id",
        verbose_name=TOWNSHIP,
        order_by=("person__organisation__township__position", "pk"),
        attrs=KEEP,
        default="",
    )
    status = tables.Column(verbose_name=__("狀態"), attrs=KEEP)
    presence = tables.Column(verbose_name=__("報到方式"), attrs=KEEP, default="")
    pass_code = tables.Column(verbose_name=__("報到碼"), attrs=KEEP, orderable=False)

    first_columns = ("organisation", "person", "township", "status", "presence", "pass_code")
    caption = __("報名與出席")

    def render_township(self, value: str) -> str:
        return township_name(value)


class HoursTable(ListTable):
    """Rows of queries.training.with_training: what each association's people did in a year."""

    name = LinkColumn("communities:association-training", "pk", verbose_name=__("協會"))
    township = tables.Column(
        verbose_name=TOWNSHIP, accessor="township_id", order_by=["county", "township__position"], attrs=KEEP
    )
    current_tier = TierColumn(empty_values=())
    courses = tables.Column(verbose_name=__("參加場次"), attrs=NUMBER)
    trained = tables.Column(verbose_name=__("受訓人數"), attrs=NUMBER)
    training_hours = HoursColumn(verbose_name=__("受訓時數"))

    caption = __("各協會培力時數")
    sums = {"trained": "trained", "training_hours": "training_hours"}

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_current_tier(self, record: Organisation) -> str:
        return tier_words(record)


class VolunteersTable(ListTable):
    """Rows of queries.volunteers.with_service: the volunteers of each association and their hours of a year."""

    name = LinkColumn("communities:volunteers", "pk", verbose_name=__("協會"))
    township = tables.Column(
        verbose_name=TOWNSHIP, accessor="township_id", order_by=["county", "township__position"], attrs=KEEP
    )
    teams = tables.Column(verbose_name=__("志工隊"), attrs=NUMBER)
    volunteers = tables.Column(verbose_name=__("志工人數"), attrs=NUMBER)
    service_hours = HoursColumn(verbose_name=__("服務時數"))
    uninsured = tables.Column(verbose_name=__("沒有保險的隊"), attrs=NUMBER)

    caption = __("各協會志工與服務時數")
    sums = {name: name for name in ("teams", "volunteers", "service_hours", "uninsured")}

    def render_township(self, value: str) -> str:
        return township_name(value)


class TownshipVolunteersTable(ListTable):
    """Rows of queries.volunteers.by_township; the last line is the county's."""

    township = tables.Column(verbose_name=TOWNSHIP, accessor="code", order_by=["county", "position"], attrs=KEEP)
    bodies = tables.Column(verbose_name=__("有志工的協會"), attrs=NUMBER)
    volunteers = tables.Column(verbose_name=__("志工人數"), attrs=NUMBER)
    service_hours = HoursColumn(verbose_name=__("服務時數"))

    caption = format_lazy(__("各{kinds}志工與服務時數"), kinds=TOWNSHIP)
    sums = {name: name for name in ("bodies", "volunteers", "service_hours")}

    def render_township(self, value: str) -> str:
        return township_name(value)


class AllianceTable(ListTable):
    """Rows of queries.alliances.counted."""

    name = LinkColumn("communities:alliance", "pk", verbose_name=__("結盟"))
    lead = tables.Column(accessor="lead__name", verbose_name=__("帶領的協會"))
    status = tables.Column(verbose_name=__("狀態"), attrs=KEEP)
    starts_on = DayColumn(verbose_name=__("期間起"))
    ends_on = DayColumn(verbose_name=__("期間迄"))
    agreed = tables.Column(verbose_name=__("協會數"), attrs=NUMBER)
    visits = tables.Column(verbose_name=__("輔導次數"), attrs=NUMBER)
    learned = tables.Column(verbose_name=__("學習紀錄"), attrs=NUMBER)

    caption = __("社區結盟")


class PartnerTable(ListTable):
    """Rows of queries.partners.with_help: the county's contacts, without persons."""

    name = LinkColumn("communities:partner", "pk", verbose_name=__("名稱"))
    kind = tables.Column(verbose_name=__("類別"), attrs=KEEP)
    offers = tables.Column(verbose_name=__("可以幫什麼"))
    townships = tables.Column(
        verbose_name=format_lazy(__("服務的{kinds}"), kinds=TOWNSHIP), empty_values=(), orderable=False
    )
    given = tables.Column(verbose_name=__("提供次數"), attrs=NUMBER)
    last_on = DayColumn(verbose_name=__("最近一次"))

    caption = __("公私部門的聯絡對象")

    def render_townships(self, value: list[str]) -> str:
        return "、".join(township_name(code) for code in value) or _("全縣")


def tier_words(record: Organisation) -> str:
    return _tier_words(record.kind, record.current_tier, record.current_tier_year)


def _tier_words(kind: str, tier: str, year: int | None) -> str:
    if not tier or not year:
        return _("未分級") if kind == OrganisationKind.COMMUNITY_ASSOCIATION else "—"
    return f"{Tier(tier).label}（{_('%d年') % roc_date.roc_year(year)}）"


class _TierWords(dict[tuple[str, str, int | None], str]):
    """What is said of a kind, a tier and its year: once for all rows of a page."""

    def __missing__(self, key: tuple[str, str, int | None]) -> str:
        words = self[key] = _tier_words(*key)
        return words

    def of(self, row: dict[str, Any]) -> str:
        return self[row["kind"], row["current_tier"], row["current_tier_year"]]


def term_end(last_day: dt.date) -> Any:
    """Return the end of a term, flagged in words when it is near or past."""
    day, left = roc_date.format_roc(last_day), (last_day - clock.today()).days
    if left < 0:
        return format_html('{} <span class="tag stop">{}</span>', day, _("已屆滿"))
    if left <= EXPIRY_WARNING_DAYS:
        return format_html('{} <span class="tag ask">{}</span>', day, _("90天內屆滿"))
    return day
