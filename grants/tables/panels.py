"""The reviewers of a county and their load."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_name
from miaoli_kaohsiung.lists.tables import KEEP, NUMBER, ListTable, WordColumn


class ReviewerTable(ListTable):
    """Rows of queries.panels.roster of the county `county`."""

    display_name = tables.Column(verbose_name=_l("委員"), order_by=("display_name", "pk"), attrs=KEEP)
    programmes = WordColumn(verbose_name=_l("審查的類別"), empty_values=(), orderable=False)
    townships = WordColumn(
        verbose_name=format_lazy(_l("審查的{kinds}"), kinds=TOWNSHIP), empty_values=(), orderable=False
    )
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
