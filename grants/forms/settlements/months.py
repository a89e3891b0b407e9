"""The months of a 結報 on which the +20 % is counted, as fields of its forms: month-<part>-<month>-…"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.rulesets import ruleset_for
from grants.enums import Verdict
from grants.models import Settlement, SettlementMonth
from grants.queries.settlements.surcharges import Part, in_words, parts_of, rows_of
from grants.rules.ruleset import RuleSet
from grants.services.settlements.law import Open
from grants.services.settlements.reports import Admitted
from grants.services.settlements.surcharges import Attendance, Shortfall
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, QuantityField, left_empty
from miaoli_kaohsiung.lib.roc_date import format_month


@dataclass(frozen=True)
class MonthRow:
    """A month with its inputs, in the order of the table's columns."""

    month: str
    row: SettlementMonth
    cells: list[tuple[str, forms.BoundField]]


@dataclass(frozen=True)
class MonthTable:
    part: Part
    rows: list[MonthRow]
    # Two sentences by the law of the day: what is added, and how many users are asked for.
    rule: str
    least: str

    @property
    def columns(self) -> list[str]:
        return [label for label, _field in self.rows[0].cells]


class MonthsForm(forms.Form):
    """Part of a form of the 結報. `month_fields` returns the fields of a month."""

    months: list[tuple[Part, SettlementMonth]]
    settlement: Settlement
    # The labels by the name of the field, without the part and the month.
    short: dict[str, Any]

    def add_months(self, settlement: Settlement) -> None:
        self.settlement = settlement
        self.short = {}
        self.months = [(part, row) for part in parts_of(settlement) for row in rows_of(settlement, part)]
        for part, row in self.months:
            for name, field in self.month_fields(part, row).items():
                self.short[month_key(row, name)], month = field.label, format_month(row.month)
                field.label = _("%(part)s %(month)s %(label)s") % {
                    "part": part.label,
                    "month": month,
                    "label": field.label,
                }
                field.widget.attrs["class"] = "form-control"
                self.fields[month_key(row, name)] = field

    def month_fields(self, part: Part, row: SettlementMonth) -> dict[str, forms.Field]:
        raise NotImplementedError

    def month_tables(self) -> Iterator[MonthTable]:
        """Yield a table for each part; none if the programme has none."""
        parts = list(dict.fromkeys(part for part, _row in self.months))
        words = in_words(self._law(), clock.today()) if parts else ()
        for part in parts:
            rows = [self._row(part, row) for of, row in self.months if of == part]
            if rows := [row for row in rows if row.cells]:
                yield MonthTable(part, rows, *words)

    def _law(self) -> RuleSet:
        return ruleset_for(self.settlement.award.application.scheme, clock.today())

    def of_month(self, row: SettlementMonth, name: str) -> Any:
        return self.cleaned_data.get(month_key(row, name))

    def _row(self, part: Part, row: SettlementMonth) -> MonthRow:
        keys = [month_key(row, name) for name in self.month_fields(part, row)]
        return MonthRow(format_month(row.month), row, [(str(self.short[key]), self[key]) for key in keys])


class AttendanceForm(MonthsForm):
    """The association's figures of each month; a month in which nobody paid may stay empty."""

    def month_fields(self, part: Part, row: SettlementMonth) -> dict[str, forms.Field]:
        people: dict[str, forms.Field] = {
            "attendees": QuantityField(label=_l("總人數"), required=False, initial=_decimal(row.attendees)),
            "payers": QuantityField(label=_l("收費人數"), required=False, initial=_decimal(row.payers)),
            "cost": AmountField(label=_l("當月費用（元）"), required=False, initial=row.cost),
        }
        if not part.average:
            return people
        asked = QuantityField(label=_l("平均服務人數"), required=False, step="0.1", initial=row.average)
        why = forms.CharField(label=_l("人數不足的說明"), required=False, max_length=200, initial=row.explanation)
        return {"average": asked, "explanation": why, **people}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for _part, row in self.months:
            payers = self.of_month(row, "payers")
            if payers is not None and self._fewer(row, payers):
                self.add_error(month_key(row, "payers"), _("收費人數不能多於總人數。"))
        return cleaned

    def _fewer(self, row: SettlementMonth, payers: Any) -> bool:
        """Return whether fewer people came than paid; a number that could not be read has an error at its own field."""
        name = month_key(row, "attendees")
        return name in self.cleaned_data and payers > (self.cleaned_data[name] or 0)

    def attendance(self) -> dict[tuple[str, str], Attendance]:
        return {
            (part.code, row.month): Attendance(
                _int(self.of_month(row, "attendees")),
                _int(self.of_month(row, "payers")),
                self.of_month(row, "cost"),
                self.of_month(row, "average"),
                self.of_month(row, "explanation") or "",
            )
            for part, row in self.months
        }


class MonthSumsForm(MonthsForm):
    """How much of each month's cost finance admits."""

    def month_fields(self, part: Part, row: SettlementMonth) -> dict[str, forms.Field]:
        if row.cost is None:
            return {}
        admitted = row.cost if row.admitted is None else row.admitted
        return {
            "admitted": AmountField(label=_l("核定費用（元）"), initial=admitted),
            "reason": forms.CharField(label=_l("理由"), required=False, max_length=200, initial=row.reason),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for _part, row in self.months:
            amount = self.of_month(row, "admitted")
            if amount is None or row.cost is None:
                continue
            if amount > row.cost:
                self.add_error(month_key(row, "admitted"), _("不能超過單位填的當月費用。"))
            elif amount < row.cost and left_empty(self, month_key(row, "reason")):
                self.add_error(month_key(row, "reason"), _("費用和單位填的不同，請寫理由。"))
        return cleaned

    def admitted_months(self) -> dict[int, Admitted]:
        return {
            row.pk: Admitted(self.of_month(row, "admitted"), self.of_month(row, "reason"))
            for _part, row in self.months
            if row.cost is not None
        }


class ShortfallForm(forms.Form):
    """The officer's answer to each month's explanation. Where the law leaves the officer no choice, only refusing is
    offered.
    """

    def __init__(self, *args: Any, shortfalls: list[Shortfall], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shortfalls = [short for short in shortfalls if not short.memo]
        for short in self.shortfalls:
            row, place = short.row, {"month": short.month}
            may = short.explainable and row.explanation.strip()
            choices = [(Verdict.ACCEPTED, _("接受")), (Verdict.REFUSED, _("不接受"))][0 if may else 1 :]
            held = "" if row.verdict == Verdict.PENDING else row.verdict
            self.fields[f"verdict-{row.pk}"] = forms.ChoiceField(
                label=_("%(month)s人數不足的說明") % place,
                choices=choices,
                widget=forms.RadioSelect,
                initial=held,
                help_text=row.explanation or _("（沒有說明）"),
            )
            self.fields[f"note-{row.pk}"] = forms.CharField(
                label=_("%(month)s不接受的理由") % place, required=False, max_length=200, initial=row.verdict_note
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for short in self.shortfalls:
            if cleaned.get(f"verdict-{short.row.pk}") == Verdict.REFUSED and left_empty(self, f"note-{short.row.pk}"):
                self.add_error(f"note-{short.row.pk}", _("不接受時請寫理由，單位才知道怎麼補。"))
        return cleaned

    def verdicts(self) -> dict[int, tuple[str, str]]:
        rows = [short.row.pk for short in self.shortfalls]
        return {pk: (self.cleaned_data[f"verdict-{pk}"], self.cleaned_data[f"note-{pk}"]) for pk in rows}

    @property
    def all_accepted(self) -> bool:
        return all(verdict == Verdict.ACCEPTED for verdict, _note in self.verdicts().values())


def month_key(row: SettlementMonth, name: str) -> str:
    return f"month-{row.part}-{row.month}-{name}"


def _int(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


class LawReasonForm(forms.Form):
    """Why the account is accepted although a clause asks for a reason: one field for each warning
    (settlements.law.Open).
    """

    def __init__(self, *args: Any, found: list[Open], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in found:
            if one.blocks:
                continue
            self.fields[one.field] = forms.CharField(
                label=_("%(place)s仍准予核銷的理由") % {"place": one.place},
                help_text=one.finding.message,
                initial=one.reason,
                max_length=400,
                error_messages={"required": _("請寫理由，或請協會補正。")},
            )
