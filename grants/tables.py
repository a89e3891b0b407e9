"""Tables of lists, drawn by templates/lists/table.html."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.queries import township_name
from grants.enums import ApplicationStatus, AwardStatus
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    NUMBER,
    AmountColumn,
    DayColumn,
    DaysColumn,
    LateColumn,
    ListTable,
    WordColumn,
)


class ApplicationTable(ListTable):
    """Rows of queries.applications.lists.listed."""

    number = tables.Column(verbose_name=_l("案號"), attrs=KEEP)
    title = WordColumn(verbose_name=_l("計畫名稱"), empty_values=())
    organisation__name = WordColumn(verbose_name=_l("單位"))
    township = tables.Column(accessor="township_code", verbose_name=_l("鄉鎮市"), default="", attrs=KEEP)
    programme__name = WordColumn(verbose_name=_l("方案類別"))
    status = tables.Column(verbose_name=_l("狀態"), attrs=KEEP)
    officer_name = tables.Column(verbose_name=_l("承辦人"), default="", attrs=KEEP)
    requested_total = AmountColumn(verbose_name=_l("申請（元）"))
    award__total = AmountColumn(verbose_name=_l("核定（元）"))
    first_filed_on = DayColumn(verbose_name=_l("送件日期"))
    days = DaysColumn(accessor="status_since", verbose_name=_l("停留天數"))
    correction_due_on = DayColumn(verbose_name=_l("補正期限"))

    first_columns = (
        "number",
        "title",
        "organisation__name",
        "township",
        "status",
        "officer_name",
        "requested_total",
        "award__total",
        "first_filed_on",
        "days",
    )
    sums = {"requested_total": "requested_total", "award__total": "award__total"}
    caption = _l("申請案")

    def render_number(self, value: str) -> str:
        return format_html('<a href="{}">{}</a>', reverse("grants:application_detail", args=[value]), value)

    def value_number(self, value: str) -> str:
        return value

    def render_title(self, value: str) -> str:
        return value or str(_l("（尚未命名）"))

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_status(self, value: str, record: Any) -> str:
        """Return the award's status once the award is no longer under way, else the case's."""
        award = record.get("award__status")
        if award and award != AwardStatus.ACTIVE:
            return str(AwardStatus(award).label)
        return str(ApplicationStatus(value).label)


class ReviewerTable(ListTable):
    """Rows of queries.panels.roster of the county `county`."""

    display_name = tables.Column(verbose_name=_l("委員"), order_by=("display_name", "pk"), attrs=KEEP)
    programmes = WordColumn(verbose_name=_l("審查的類別"), empty_values=(), orderable=False)
    townships = WordColumn(verbose_name=_l("審查的鄉鎮市"), empty_values=(), orderable=False)
    open = tables.Column(verbose_name=_l("手上未評"), attrs=NUMBER)
    undeclared = tables.Column(verbose_name=_l("未聲明"), attrs=NUMBER)
    late = tables.Column(verbose_name=_l("逾期"), attrs=NUMBER)
    scored = tables.Column(verbose_name=_l("今年已評"), attrs=NUMBER)
    apart = tables.Column(verbose_name=_l("迴避"), attrs=NUMBER)

    sums = {"open": "open", "undeclared": "undeclared", "late": "late", "scored": "scored", "apart": "apart"}
    caption = _l("審查委員")

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county = county

    def render_display_name(self, record: Any) -> str:
        address = reverse("grants:reviewer_remit", args=[self.county, record.pk])
        return format_html('<a href="{}">{}</a>', address, record)

    def value_display_name(self, record: Any) -> str:
        return str(record)

    def render_programmes(self, record: Any) -> str:
        names = [programme.name for row in record.shown_remits for programme in row.programmes.all()]
        return "、".join(names) or _("全部")

    def render_townships(self, record: Any) -> str:
        names = [township_name(code) for row in record.shown_remits for code in row.townships]
        return "、".join(names) or _("全部")

    def render_late(self, value: int) -> str:
        return format_html('<span class="late-text">{}</span>', value) if value else "0"

    def value_late(self, value: int) -> int:
        return value


class InstalmentTable(ListTable):
    """Rows of queries.payments.instalments."""

    number = tables.Column(accessor="award__number", verbose_name=_l("案號"), attrs=KEEP)
    organisation = WordColumn(accessor="award__application__organisation__name", verbose_name=_l("單位"))
    title = WordColumn(accessor="award__application__title", verbose_name=_l("計畫名稱"))
    n = tables.Column(accessor="number", verbose_name=_l("期別"), attrs=KEEP)
    amount = AmountColumn(verbose_name=_l("金額（元）"))
    status = tables.Column(verbose_name=_l("狀態"), attrs=KEEP)
    due_on = LateColumn(verbose_name=_l("期限"))
    requested_on = DayColumn(verbose_name=_l("請款日期"))
    approved_on = DayColumn(verbose_name=_l("核付日期"))
    paid_on = DayColumn(verbose_name=_l("撥付日期"))

    first_columns = ("number", "organisation", "title", "n", "amount", "status", "due_on", "requested_on", "paid_on")
    sums = {"amount": "amount"}
    caption = _l("分期撥款")

    def render_number(self, value: str) -> str:
        return format_html('<a href="{}">{}</a>', reverse("grants:award_detail", args=[value]), value)

    def value_number(self, value: str) -> str:
        return value

    def render_n(self, value: int) -> str:
        return _("第 %(n)d 期") % {"n": value}


class ReturnTable(ListTable):
    """Rows of queries.payments.returns."""

    number = tables.Column(verbose_name=_l("案號"), attrs=KEEP)
    organisation = WordColumn(accessor="application__organisation__name", verbose_name=_l("單位"))
    title = WordColumn(accessor="application__title", verbose_name=_l("計畫名稱"))
    held = AmountColumn(verbose_name=_l("已撥未繳回（元）"))
    due = AmountColumn(verbose_name=_l("應繳回（元）"))
    since = DayColumn(verbose_name=_l("核銷或處分日期"))
    due_on = LateColumn(verbose_name=_l("期限"))

    sums = {"held": "held", "due": "due"}
    caption = _l("待繳回的款項")

    def render_number(self, value: str) -> str:
        return format_html('<a href="{}">{}</a>', reverse("grants:settlement_detail", args=[value]), value)

    def value_number(self, value: str) -> str:
        return value
