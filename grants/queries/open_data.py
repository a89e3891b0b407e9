"""The open datasets: who is registered, who was awarded what, how much is left. No personal data, nothing undecided."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from communities.queries import township_name
from grants.enums import LedgerKind
from grants.models import Award, Envelope, LedgerEntry
from grants.queries.schemes.public import envelope_uses

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    PaidAward = WithAnnotations[Award, "Payments"]

CHUNK = 1000


@dataclass(frozen=True)
class Field:
    """A column: `key` in JSON, `label` in spreadsheets, `about` its meaning and unit."""

    key: str
    label: Any
    about: Any


@dataclass(frozen=True)
class Dataset:
    """A dataset: `rows` returns plain values in the order of the fields; `newest` the day of the newest row, `count`
    their number.
    """

    slug: str
    title: Any
    about: Any
    fields: tuple[Field, ...]
    rows: Callable[[], Iterator[list[Any]]]
    count: Callable[[], int]
    newest: Callable[[], dt.date | None]


def _organisations() -> Iterator[list[Any]]:
    for row in Organisation.objects.order_by("county", "township_id", "pk").defer("search").iterator(chunk_size=CHUNK):
        yield [
            row.pk,
            row.name,
            row.get_kind_display(),
            row.get_county_display(),
            township_name(row.township_id or ""),
            row.village,
            row.get_status_display(),
            row.registration_number,
            row.registered_on,
            row.households,
            row.population,
            row.members_count,
            row.get_current_tier_display(),
            row.current_tier_year,
            row.profile_updated_on,
        ]


def _awards() -> Iterator[list[Any]]:
    for row in with_payments(Award.objects.order_by("pk")).iterator(chunk_size=CHUNK):
        case = row.application
        yield [
            row.number,
            case.scheme.name,
            case.scheme.get_county_display(),
            case.programme.name,
            case.organisation_id,
            case.organisation.name,
            township_name(case.township_code),
            case.title,
            case.requested_total,
            row.total,
            row.approved_on,
            row.starts_on,
            row.ends_on,
            row.get_status_display(),
            row.paid,
            row.returned,
        ]


class Payments(TypedDict):
    """What `with_payments` adds to an award, whole NT dollars."""

    paid: int
    returned: int


def with_payments(awards: QuerySet[Award]) -> "QuerySet[PaidAward]":
    """Return the awards with what was paid and what came back, in whole NT dollars."""
    back = Q(entries__kind__in=(LedgerKind.RETURNED, LedgerKind.RECOVERED))
    loaded = awards.select_related("application__scheme", "application__programme", "application__organisation")
    return loaded.defer("application__organisation__search", "application__search").annotate(
        paid=Coalesce(Sum("entries__amount", filter=Q(entries__kind=LedgerKind.PAID)), 0),
        returned=Coalesce(Sum("entries__amount", filter=back), 0),
    )


def awards_of(organisation: Organisation) -> "QuerySet[PaidAward]":
    """Return an organisation's awards, newest first, as its public page shows them."""
    return with_payments(Award.objects.filter(application__organisation=organisation).order_by("-approved_on", "-pk"))


def _envelopes() -> Iterator[list[Any]]:
    for use in envelope_uses(Envelope.objects.order_by("scheme", "year")):
        scheme = use.envelope.scheme
        county = scheme.get_county_display()
        yield [scheme.name, county, use.envelope.year, use.envelope.amount, use.approved, use.paid, use.left]


def _fields(*rows: tuple[str, Any, Any]) -> tuple[Field, ...]:
    return tuple(Field(*row) for row in rows)


DATASETS: dict[str, Dataset] = {
    dataset.slug: dataset
    for dataset in (
        Dataset(
            "organisations",
            _l("社區發展協會與團體"),
            _l("各縣登記的單位、分級和社區規模。不含人名、地址、電話和帳號。"),
            _fields(
                ("id", _l("單位代碼"), _l("本網站的代碼，其他資料集也用它")),
                ("name", _l("立案全名"), ""),
                ("kind", _l("類別"), ""),
                ("county", _l("縣"), ""),
                ("township", _l("鄉鎮市"), _l("資料產生當天的名稱")),
                ("village", _l("村里"), ""),
                ("status", _l("狀態"), ""),
                ("registration_number", _l("立案字號"), ""),
                ("registered_on", _l("立案日期"), _l("西元年-月-日")),
                ("households", _l("戶數"), _l("戶")),
                ("population", _l("人口數"), _l("人")),
                ("members", _l("會員數"), _l("人")),
                ("tier", _l("分級"), _l("績優型、潛力型或基本型")),
                ("tier_year", _l("分級年度"), _l("西元年")),
                ("updated_on", _l("資料更新日期"), _l("西元年-月-日")),
            ),
            _organisations,
            lambda: Organisation.objects.count(),
            lambda: Organisation.objects.aggregate(day=Max("profile_updated_on"))["day"],
        ),
        Dataset(
            "awards",
            _l("核定補助"),
            _l("誰在什麼時候得到補助、做什麼、多少錢、已撥多少。"),
            _fields(
                ("number", _l("案號"), ""),
                ("scheme", _l("補助方案"), ""),
                ("county", _l("縣"), ""),
                ("programme", _l("方案類別"), ""),
                ("organisation_id", _l("單位代碼"), ""),
                ("organisation", _l("受補助單位"), ""),
                ("township", _l("鄉鎮市"), _l("資料產生當天的名稱")),
                ("title", _l("計畫名稱"), ""),
                ("requested", _l("申請金額"), _l("新臺幣元")),
                ("approved", _l("核定金額"), _l("新臺幣元")),
                ("approved_on", _l("核定日期"), _l("西元年-月-日")),
                ("starts_on", _l("執行起日"), _l("西元年-月-日")),
                ("ends_on", _l("執行迄日"), _l("西元年-月-日")),
                ("status", _l("狀態"), ""),
                ("paid", _l("已撥付"), _l("新臺幣元")),
                ("returned", _l("已繳回"), _l("新臺幣元，含追繳")),
            ),
            _awards,
            lambda: Award.objects.count(),
            lambda: LedgerEntry.objects.aggregate(day=Max("on"))["day"],
        ),
        Dataset(
            "envelopes",
            _l("年度額度"),
            _l("每個方案每年的額度、已核定、已撥付和還剩多少。"),
            _fields(
                ("scheme", _l("補助方案"), ""),
                ("county", _l("縣"), ""),
                ("year", _l("年度"), _l("西元年")),
                ("amount", _l("額度"), _l("新臺幣元")),
                ("approved", _l("已核定"), _l("新臺幣元")),
                ("paid", _l("已撥付"), _l("新臺幣元，已扣繳回")),
                ("left", _l("尚可核定"), _l("新臺幣元")),
            ),
            _envelopes,
            lambda: Envelope.objects.count(),
            lambda: LedgerEntry.objects.aggregate(day=Max("on"))["day"],
        ),
    )
}


def headers(dataset: Dataset) -> list[str]:
    return [str(field.label) for field in dataset.fields]


def plain(value: Any) -> Any:
    """Return a cell as text, number or nothing: dates in ISO 8601, translated words as text."""
    if value is None or isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)
