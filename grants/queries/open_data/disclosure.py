"""What law asks to be published of the money given: each quarter's list, the list for the central system (CGSS), the table of a
year. All three are `money.with_payments` over the awards of a county, so that they, and the open data, agree to the dollar;
`services.audit.reconciling` compares them each night. They name bodies and never people, so no interest in a case hides a row.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractQuarter, ExtractYear
from django.utils.translation import gettext_lazy as _l

from grants.enums import LedgerKind
from grants.models import Award, BudgetLine, LedgerEntry
from miaoli_kaohsiung.accounts.counties import office_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import roc_year

from .fields import Dataset, fields
from .money import with_payments

Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Sums:
    """What a publication adds up to, whole NT dollars: approved, paid and returned within its days."""

    count: int = 0
    approved: int = 0
    paid: int = 0
    returned: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.count + other.count,
            self.approved + other.approved,
            self.paid + other.paid,
            self.returned + other.returned,
        )


def quarter_days(year: int, quarter: int) -> Days:
    """Return the first and the last day of a quarter (AD year)."""
    first = dt.date(year, 3 * quarter - 2, 1)
    following = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)


def year_days(year: int) -> Days:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def quarters(county: str) -> list[tuple[int, int]]:
    """Return the quarters (AD year, 1 to 4) in which anything was approved, paid or returned, the newest first."""
    approved = Award.objects.filter(county=county).order_by().annotate(
        year=ExtractYear("approved_on"), quarter=ExtractQuarter("approved_on")
    )  # fmt: skip
    moved = LedgerEntry.objects.filter(award__county=county).order_by().annotate(
        year=ExtractYear("on"), quarter=ExtractQuarter("on")
    )  # fmt: skip
    found = {*approved.values_list("year", "quarter").distinct(), *moved.values_list("year", "quarter").distinct()}
    return sorted(found, reverse=True)


def within(county: str, days: Days) -> QuerySet[Any]:
    """Return the awards that were approved, or of which money moved, between two days: the quarter's list, the year's table."""
    rows = with_payments(Award.objects.filter(county=county), days)
    moved = ~Q(paid_within=0) | ~Q(returned_within=0)
    return rows.filter(Q(approved_on__range=days) | moved).order_by("approved_on", "pk")


def central(county: str, year: int) -> QuerySet[Any]:
    """Return the awards approved in a year with what the central system asks beside: the whole plan's cost, the last
    payment, the day on which the account was accepted.
    """
    lines = BudgetLine.objects.filter(application=OuterRef("application")).order_by().values("application")
    parts = [Coalesce(F(name), 0) for name in ("requested", "own_funds", "other_funds")]
    cost = Subquery(lines.values(n=Sum(parts[0] + parts[1] + parts[2])))
    rows = with_payments(Award.objects.filter(county=county, approved_on__range=year_days(year)))
    return rows.annotate(
        cost=cost,
        paid_on=Max("entries__on", filter=Q(entries__kind=LedgerKind.PAID)),
        closed_on=F("settlement__accepted_on"),
    ).order_by("approved_on", "pk")


def sums_of(rows: Iterable[Any], days: Days) -> Sums:
    """Add up a list; an award counts as approved where its day of approval lies within the days."""
    total = Sums()
    for row in rows:
        is_new = days[0] <= row.approved_on <= days[1]
        total += Sums(1, row.total if is_new else 0, row.paid_within, row.returned_within)
    return total


# --- Files ------------------------------------------------------------------------------------------------------------------


def quarter_list(county: str, year: int, quarter: int) -> Dataset:
    """Return the list of a quarter, as everybody reads it."""
    days = quarter_days(year, quarter)

    def rows() -> Iterator[list[Any]]:
        for row in within(county, days):
            case = row.application
            yield [
                case.scheme.name,
                case.title,
                case.organisation.name,
                row.approved_on,
                row.total,
                row.paid_within,
                row.returned_within,
                row.paid - row.returned,
            ]

    return Dataset(
        f"quarter-{county}-{year}-{quarter}",
        _l("季補助清單"),
        _l("本季核准、撥付或繳回的補助。"),
        fields(
            ("scheme", _l("補助方案"), ""),
            ("title", _l("補助事項"), ""),
            ("organisation", _l("補助對象"), ""),
            ("approved_on", _l("核准日期"), _l("西元年-月-日")),
            ("approved", _l("補助金額"), _l("新臺幣元")),
            ("paid_within", _l("本季撥付"), _l("新臺幣元")),
            ("returned_within", _l("本季繳回"), _l("新臺幣元")),
            ("held", _l("累積金額"), _l("到產生檔案那天撥付減繳回，新臺幣元")),
        ),
        rows,
        lambda: within(county, days).count(),
        lambda: days[1],
    )


def year_table(county: str, year: int) -> Dataset:
    """Return the 對民間團體補（捐）助經費明細表 of a year; the last columns are the clerk's."""
    days = year_days(year)

    def rows() -> Iterator[list[Any]]:
        for row in within(county, days):
            case = row.application
            office = office_of(county, min(days[1], clock.today()))
            plan = f"{case.scheme.name}－{case.programme.name}"
            held = (row.paid_within, row.returned_within, row.paid - row.returned)
            yield [plan, case.title, case.organisation.name, office, row.total, *held, "", "", ""]

    return Dataset(
        f"year-{county}-{year}",
        _l("對民間團體補（捐）助經費明細表"),
        _l("一個年度核定、撥付或繳回的補助。"),
        fields(
            ("plan", _l("工作計畫科目名稱"), ""),
            ("title", _l("補助事項或用途"), ""),
            ("organisation", _l("補助對象"), ""),
            ("office", _l("主辦機關"), ""),
            ("approved", _l("核定金額"), _l("新臺幣元")),
            ("paid_within", _l("本年度撥付"), _l("新臺幣元")),
            ("returned_within", _l("本年度繳回"), _l("新臺幣元")),
            ("held", _l("累計撥付金額"), _l("撥付減繳回，新臺幣元")),
            ("purchase", _l("有無涉及財物或勞務採購"), _l("由承辦人填")),
            ("how", _l("處理方式（得標廠商）"), _l("由承辦人填")),
            ("exempt", _l("是否為除外規定"), _l("由承辦人填")),
        ),
        rows,
        lambda: within(county, days).count(),
        lambda: days[1],
    )


def central_list(county: str, year: int) -> Dataset:
    """Return the list that is entered in the central system (民間團體補（捐）助系統)."""

    def rows() -> Iterator[list[Any]]:
        for row in central(county, year):
            case, body = row.application, row.application.organisation
            days = (case.first_filed_on, row.approved_on, row.starts_on, row.ends_on)
            money = (row.cost, row.total, row.paid, row.paid_on, row.returned, row.closed_on)
            office = office_of(county, row.approved_on)
            yield [roc_year(year), office, row.number, case.title, body.name, body.tax_id, *days, *money]

    return Dataset(
        f"central-{county}-{year}",
        _l("捐補助清單（CGSS）"),
        _l("一個年度核定的補助，照中央系統登錄的欄位。"),
        fields(
            ("year", _l("年度"), ""),
            ("office", _l("補助機關"), ""),
            ("number", _l("案號"), ""),
            ("title", _l("案名"), ""),
            ("organisation", _l("受補助單位"), ""),
            ("tax_id", _l("統一編號"), ""),
            ("filed_on", _l("申請日期"), ""),
            ("approved_on", _l("核定日期"), ""),
            ("starts_on", _l("計畫起日"), ""),
            ("ends_on", _l("計畫迄日"), ""),
            ("cost", _l("計畫總經費"), ""),
            ("approved", _l("核定金額"), ""),
            ("paid", _l("撥付金額"), ""),
            ("paid_on", _l("最近撥付日期"), ""),
            ("returned", _l("繳回金額"), ""),
            ("closed_on", _l("結案日期"), ""),
        ),
        rows,
        lambda: central(county, year).count(),
        lambda: None,
    )
