"""The list of cases."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _l

from communities.enums import OrganisationKind
from communities.places import TOWNSHIP
from communities.queries import township_name
from grants.enums import ApplicationStatus, AwardStatus
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    AmountColumn,
    DayColumn,
    DaysColumn,
    ListTable,
    NumberLinkColumn,
    WordColumn,
)


class ApplicationTable(ListTable):
    """Rows of queries.applications.lists.shown."""

    number = NumberLinkColumn("grants:application_detail", "number", verbose_name=_l("案號"))
    title = WordColumn(verbose_name=_l("計畫名稱"), empty_values=())
    organisation__name = WordColumn(verbose_name=_l("單位"))
    township = tables.Column(accessor="township_code", verbose_name=TOWNSHIP, default="", attrs=KEEP)
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
    # Beside the status stands what it is said by.
    read_with = ("organisation__kind", "organisation__name", "award__status")
    sums = {"requested_total": "requested_total", "award__total": "award__total"}
    caption = _l("申請案")

    def render_title(self, value: str) -> str:
        return value or str(_l("（尚未命名）"))

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_status(self, value: str, record: Any) -> str:
        """Return the award's status once the award is no longer under way, else the case's."""
        award = record.get("award__status")
        if award and award != AwardStatus.ACTIVE:
            return str(AwardStatus(award).label)
        if value == ApplicationStatus.AWAITING_CHAIR:
            return OrganisationKind(record["organisation__kind"]).awaits_head(record["organisation__name"])
        return str(ApplicationStatus(value).label)
