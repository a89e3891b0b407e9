"""Lists of organisations. Place names come from memory, so that a row costs no query."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from miaoli_kaohsiung.lib import clock, roc_date

from .enums import OrganisationKind
from .models import Organisation
from .queries import EXPIRY_WARNING_DAYS, township_name


class _OrganisationTable(tables.Table):
    name = tables.Column(verbose_name=__("名稱"), linkify=("communities:organisation", [tables.A("pk")]))
    kind = tables.Column(verbose_name=__("類別"), orderable=False)
    township = tables.Column(
        verbose_name=__("鄉鎮市"), accessor="township_id", order_by=["county", "township__position"]
    )
    current_tier = tables.Column(verbose_name=__("分級"), orderable=False, empty_values=())

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_current_tier(self, record: Organisation) -> str:
        if not record.current_tier or not record.current_tier_year:
            return _("未分級") if record.kind == OrganisationKind.COMMUNITY_ASSOCIATION else "—"
        return f"{record.get_current_tier_display()}（{_('%d年') % roc_date.roc_year(record.current_tier_year)}）"


class DirectoryTable(_OrganisationTable):
    name = tables.Column(verbose_name=__("名稱"), linkify=("communities:community", [tables.A("pk")]))
    county = tables.Column(verbose_name=__("縣"), orderable=False)
    area_served = tables.Column(verbose_name=__("社區範圍"), orderable=False)
    caption = __("社區與團體名錄")

    class Meta:
        fields = sequence = ("name", "kind", "county", "township", "area_served", "current_tier")
        order_by = ("township",)


class RegistryTable(_OrganisationTable):
    chair_until = tables.Column(verbose_name=__("理事長任期至"), empty_values=())
    status = tables.Column(verbose_name=__("狀態"), orderable=False)
    caption = __("登記的單位")

    # A tick for each body, for officers who invite (views.bulk_invitations).
    body = tables.Column(verbose_name=__("勾選"), accessor="pk", orderable=False)

    class Meta:
        fields = sequence = ("name", "kind", "township", "current_tier", "chair_until", "status", "body")
        order_by = ("township",)

    def render_body(self, value: int, record: Organisation) -> Any:
        box = '<input class="form-check-input" type="checkbox" name="body" value="{}" aria-label="{}">'
        return format_html(box, value, _("勾選%(name)s") % {"name": record.name})

    def render_chair_until(self, value: dt.date | None) -> Any:
        return term_end(value)


def term_end(last_day: dt.date | None) -> Any:
    """Return the end of a term, flagged in words when it is near or past."""
    if last_day is None:
        return "—"
    day, left = roc_date.format_roc(last_day), (last_day - clock.today()).days
    if left < 0:
        return format_html('{} <span class="tag stop">{}</span>', day, _("已屆滿"))
    if left <= EXPIRY_WARNING_DAYS:
        return format_html('{} <span class="tag ask">{}</span>', day, _("90天內屆滿"))
    return day
