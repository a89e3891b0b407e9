"""Forms of a 印領清冊: what holds for the whole paper, and one row a person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.rosters import RowFinding
from grants.enums import VoucherKind
from grants.models import RosterRow, SettlementLine
from grants.queries.settlements.surcharges import months_of
from grants.rules import rosters, withholding
from grants.rules.names import folded
from grants.rules.rosters import PaidPerson
from grants.services.settlements.rosters import payee_of, total_of
from grants.services.settlements.vouchers import Entry
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import identifiers
from miaoli_kaohsiung.lib.fields import AmountField, QuantityField, RocDateField, field_of, read_as
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.roc_date import format_month, roc_year
from miaoli_kaohsiung.lists.filters import ListFilter, SearchFilter

from .vouchers import PHOTO_KINDS, PlannedDayForm

# Blank rows at the end of a new page, the most people of one roster, and how many rows are read at all: what is too much
# is shown again and refused, not dropped.
SPARE, MOST, MOST_SENT = 4, 60, 200


class RosterForm(PlannedDayForm):
    """What holds for the whole paper. `same_reason` is asked only of one that looks like another voucher."""

    issued_on = RocDateField(label=_l("付款日期"))
    purpose = forms.CharField(label=_l("做了什麼、用在哪裡"), max_length=120)
    note = forms.CharField(
        label=_l("說明"),
        max_length=200,
        required=False,
        help_text=_l("清冊有標出來的地方，又確實這樣付的，請寫為什麼；超過法規的由單位自付。"),
    )
    photo = CheckedFileField(label=_l("簽好的清冊照片（可以之後再附）"), kinds=PHOTO_KINDS, required=False)
    same_reason = forms.CharField(label=_l("為什麼不是重複報支"), max_length=200, required=False)
    # Made with the page, or on the device where it waited for a net: entered once, however often it is sent.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: SettlementLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.within(line.settlement)

    def entry(self, people: Sequence[PaidPerson]) -> Entry:
        data = self.cleaned_data
        return Entry(
            line=self.line.pk,
            kind=VoucherKind.ROSTER,
            issued_on=data["issued_on"],
            payee=payee_of(people)[:80],
            amount=total_of(self.line, people),
            purpose=data["purpose"],
            note=data["note"],
            same_reason=data.get("same_reason", ""),
            photo=data["photo"],
            people=tuple(people),
            key=data.get("key"),
        )


class RosterRowForm(Printed, forms.Form):
    """One person; a row that is wholly blank is no row."""

    name = forms.CharField(label=_l("姓名"), max_length=40)
    national_id = forms.CharField(label=_l("身分證字號"), max_length=20)
    month = forms.ChoiceField(label=_l("月份"))
    count = QuantityField(label=_l("日數"), step="0.5", min_value="0.5")
    hours = QuantityField(label=_l("每日時數"), step="0.5", min_value="0.5")
    rate = AmountField(label=_l("單價（元）"), min_value=1)

    def __init__(self, data: Any = None, *, line: SettlementLine, prefix: str, initial: Any = None) -> None:
        super().__init__(
            data,
            prefix=prefix,
            initial=initial,
            empty_permitted=True,
            use_required_attribute=False,
        )
        self.line, self.found = line, dict[str, list[RowFinding]]()
        shape = rosters.shape_of(line.line.item)
        self.fields["count"].label, self.fields["rate"].label = shape.counted, shape.rate
        field_of(self, "month", forms.ChoiceField).choices = [
            ("", _("選月份")),
            *((month, format_month(month)) for month in months_of(line.settlement.award)),
        ]
        if not shape.by_hour:
            del self.fields["hours"]
        if not withholding.income_of(line.line.item):
            del self.fields["national_id"]
        else:
            # What is typed here is not left lying on the device (static/js/copies.js).
            self.fields["national_id"].widget.attrs["data-autosave-skip"] = ""

    def clean_national_id(self) -> str:
        number: str = read_as(identifiers.check_national_id, self.cleaned_data["national_id"])
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = cleaned.get("hours")
        if day is not None and day > 24:
            self.add_error("hours", _("一天只有 24 小時。"))
        if cleaned and not self.errors:
            cell, wrong = rosters.impossible(self.line.line.item, self._person(cleaned))
            if wrong:
                self.add_error(cell, wrong)
        return cleaned

    @property
    def filled(self) -> bool:
        return bool(self.is_bound and self.is_valid() and self.cleaned_data)

    @property
    def person(self) -> PaidPerson:
        return self._person(self.cleaned_data)

    @staticmethod
    def _person(data: Mapping[str, Any]) -> PaidPerson:
        return PaidPerson(
            data["name"].strip(),
            data["month"],
            data["count"],
            data["rate"],
            data.get("hours"),
            data.get("national_id", ""),
        )

    @property
    def pay(self) -> str:
        return format_amount(rosters.pay_of(self.line.line.item, self.person)) if self.filled else ""

    def cells(self) -> list[tuple[forms.BoundField, list[RowFinding]]]:
        """Return each field with what the law says beside it."""
        return [(field, self.found.get(field.name, [])) for field in self]


class RosterRows:
    """All rows of a roster as they are on the page; `problems` is what is wrong with all of them together."""

    def __init__(
        self,
        line: SettlementLine,
        data: Any = None,
        *,
        initial: Iterable[Mapping[str, Any]] = (),
        spare: int = SPARE,
    ) -> None:
        self.line, self.problems = line, list[str]()
        if data is None:
            kept = list(initial)
            begun = [*kept, *({} for _spare in range(min(spare, max(0, MOST - len(kept)))))]
            self.forms = [self._row(place, initial=row) for place, row in enumerate(begun)]
        else:
            count = min(whole_number(data.get("rows", "")) or 0, MOST_SENT)
            self.forms = [self._row(place, data) for place in range(count)]

    def _row(self, place: int, *args: Any, **kwargs: Any) -> RosterRowForm:
        return RosterRowForm(*args, line=self.line, prefix=f"row-{place}", **kwargs)

    def is_valid(self) -> bool:
        # Every row says what is wrong with it, not only the first.
        right = not [form for form in self.forms if not form.is_valid()]
        if right and not self.people:
            self.problems = [_("請至少填一個人。")]
        elif len(self._filled) > MOST:
            self.problems = [_("一份清冊最多 %(most)d 列，其他的人請另記一份。") % {"most": MOST}]
        return right and not self.problems

    @property
    def full(self) -> bool:
        """Whether the page has as many rows as a roster may have."""
        return len(self.forms) >= MOST

    @property
    def _filled(self) -> list[RosterRowForm]:
        return [form for form in self.forms if form.filled]

    @property
    def people(self) -> list[PaidPerson]:
        return [form.person for form in self._filled]

    @property
    def total(self) -> int:
        return total_of(self.line, self.people)

    def show(self, found: Iterable[RowFinding]) -> None:
        """Put the findings beside their cells."""
        filled = self._filled
        for one in found:
            form = filled[one.place]
            cell = one.cell if one.cell in form.fields else "rate"
            form.found.setdefault(cell, []).append(one)

    def typed(self) -> list[dict[str, Any]]:
        """Return what stands in the rows, right or wrong, to show it again."""
        return [{name: form[name].value() for name in form.fields} for form in self.forms]


def numbered(data: QueryDict, known: Mapping[str, str]) -> QueryDict:
    """Return what was sent with the numbers that do not wait on a device: those of people who are known by name."""
    filled = data.copy()
    for place in range(min(whole_number(data.get("rows", "")) or 0, MOST_SENT)):
        name, number = data.get(f"row-{place}-name", ""), f"row-{place}-national_id"
        if name and not data.get(number):
            filled[number] = known.get(folded(name), "")
    return filled


def row_values(row: RosterRow, *, again: bool = False) -> dict[str, Any]:
    """Return a kept row as a form begins with it; `again` leaves out what is another one each month."""
    values = {name: getattr(row, name) for name in ("name", "national_id", "hours", "rate")}
    return values if again else values | {"month": row.month, "count": row.count}


class PayeeFilter(ListFilter):
    """The filter of the list of payees: a name, a year, a kind of income."""

    q = SearchFilter(hint=_l("受領人或單位"), method="search")
    year = django_filters.ChoiceFilter(label=_l("年度"), empty_label=_l("全部"))
    income = django_filters.ChoiceFilter(
        label=_l("所得類別"), choices=tuple(withholding.income_titles().items()), empty_label=_l("全部")
    )

    def __init__(self, data: QueryDict, queryset: QuerySet[Any, Any]) -> None:
        super().__init__(data, queryset)
        years = sorted({row["year"] for row in queryset}, reverse=True)
        self.filters["year"].extra["choices"] = [
            (str(year), _("%(year)d 年") % {"year": roc_year(year)}) for year in years
        ]
        self.dress()

    def search(self, rows: QuerySet[Any, Any], _name: str, typed: str) -> QuerySet[Any, Any]:
        return rows.filter(Q(name__icontains=typed.strip()) | Q(body__icontains=typed.strip()))
