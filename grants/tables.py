"""Tables of lists, drawn by templates/django_tables2/bootstrap5.html."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import ApplicationStatus, AwardStatus, InstalmentStatus
from miaoli_kaohsiung.lib import money, roc_date
from miaoli_kaohsiung.lib.due_dates import reckoned

_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
_KEEP = {"td": {"class": "keep"}}


class ApplicationTable(tables.Table):
    """Rows of queries.applications.page_of."""

    number = tables.Column(verbose_name=_l("案號"), attrs=_KEEP)
    title = tables.Column(verbose_name=_l("計畫名稱"), empty_values=())
    organisation__name = tables.Column(verbose_name=_l("單位"))
    status = tables.Column(verbose_name=_l("狀態"), attrs=_KEEP)
    requested_total = tables.Column(verbose_name=_l("申請金額（元）"), attrs=_NUMBER)
    first_filed_on = tables.Column(verbose_name=_l("送件日期"), default="", attrs=_KEEP)

    class Meta:
        orderable = False
        attrs = {"class": "table cards one-line"}

    caption = _l("申請案")
    caption_is_heading = True

    def __init__(self, *args: Any, tick: str = "", **kwargs: Any) -> None:
        """`tick` names the boxes by which rows are chosen; without it there are none."""
        super().__init__(*args, **kwargs)
        self.tick = tick

    def render_number(self, value: Any) -> str:
        link = format_html('<a href="{}">{}</a>', reverse("grants:application_detail", args=[value]), value)
        if not self.tick:
            return link
        box = '<input class="form-check-input" type="checkbox" name="{}" value="{}" aria-label="{}"> {}'
        return format_html(box, self.tick, value, _("勾選 %(number)s") % {"number": value}, link)

    def render_title(self, value: Any, record: Any) -> str:
        if "undeclared" in record:
            link = '<a class="btn btn-outline-primary" href="{}">{}</a>'
            address = reverse("grants:case_review", args=[record["number"]])
            return format_html(link, address, _("聲明利害關係"))
        return format_html("{}<small>{}</small>", value or _l("（尚未命名）"), record["programme__name"])

    def render_status(self, value: Any, record: Any) -> str:
        """Return the award's status once the award is no longer under way, else the case's."""
        award = record.get("award__status")
        if award and award != AwardStatus.ACTIVE:
            return str(AwardStatus(award).label)
        return str(ApplicationStatus(value).label)

    def render_requested_total(self, value: Any) -> str:
        return money.format_amount(value)

    def render_first_filed_on(self, value: Any) -> str:
        return roc_date.format_roc(value)


class InstalmentTable(tables.Table):
    """Rows of queries.payments.instalments."""

    number = tables.Column(accessor="award__number", verbose_name=_l("案號"), attrs=_KEEP)
    title = tables.Column(accessor="award__application__title", verbose_name=_l("單位與計畫"))
    n = tables.Column(accessor="number", verbose_name=_l("期別"))
    amount = tables.Column(verbose_name=_l("金額（元）"), attrs=_NUMBER)
    status = tables.Column(verbose_name=_l("狀態"), attrs=_KEEP)
    day = tables.Column(accessor="pk", verbose_name=_l("日期"), attrs=_KEEP)

    class Meta:
        orderable = False
        attrs = {"class": "table cards one-line"}

    caption = _l("分期撥款")

    def render_number(self, value: Any) -> str:
        return format_html('<a href="{}">{}</a>', reverse("grants:award_detail", args=[value]), value)

    def render_title(self, value: Any, record: Any) -> str:
        return format_html("{}<small>{}</small>", record.award.application.organisation.name, value)

    def render_n(self, value: Any) -> str:
        return _("第 %(n)d 期") % {"n": value}

    def render_amount(self, value: Any) -> str:
        return money.format_amount(value)

    def render_status(self, value: Any, record: Any) -> str:
        return str(InstalmentStatus(record.status).label)

    def render_day(self, record: Any) -> str:
        day = record.paid_on or record.approved_on or record.requested_on
        if day:
            return roc_date.format_roc(day)
        return _("期限 %(day)s") % {"day": reckoned(record.due_on)} if record.due_on else ""


class ReturnTable(tables.Table):
    """Rows of queries.payments.returns."""

    number = tables.Column(verbose_name=_l("案號"), attrs=_KEEP)
    title = tables.Column(accessor="application__title", verbose_name=_l("單位與計畫"))
    held = tables.Column(verbose_name=_l("已撥未繳回（元）"), attrs=_NUMBER)
    due = tables.Column(verbose_name=_l("應繳回（元）"), attrs=_NUMBER)
    since = tables.Column(verbose_name=_l("核銷或處分日期"))

    class Meta:
        orderable = False
        attrs = {"class": "table cards one-line"}

    caption = _l("待繳回的款項")

    def render_number(self, value: Any) -> str:
        return format_html('<a href="{}">{}</a>', reverse("grants:settlement_detail", args=[value]), value)

    def render_title(self, value: Any, record: Any) -> str:
        return format_html("{}<small>{}</small>", record.application.organisation.name, value)

    def render_held(self, value: Any) -> str:
        return money.format_amount(value)

    def render_due(self, value: Any) -> str:
        return money.format_amount(value)

    def render_since(self, value: Any) -> str:
        return roc_date.format_roc(value)
