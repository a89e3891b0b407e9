"""Forms of the 結報. Figures stand in a table: each line's fields are named line-<id>-…"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.letters.compose import item_name
from grants.models import Award, Settlement, SettlementLine, SettlementMonth
from grants.queries.settlements.figures import own_share_asked
from grants.queries.settlements.proofs import asked_of
from grants.queries.settlements.rows import lines_of
from grants.queries.settlements.today import Compared, compared
from grants.queries.settlements.vouchers import Checked, by_line
from grants.rules import catalogue
from grants.services.settlements import due
from grants.services.settlements.reports import Admitted, Report, Spent
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, QuantityField, RocDateField, field_of, left_empty

from .months import AttendanceForm, MonthsForm, MonthSumsForm, month_key

MOST_VOUCHERS = Decimal(9999)
MOST_REASON = 200


@dataclass(frozen=True)
class Row:
    """A settlement line with its two inputs."""

    line: SettlementLine
    first: forms.BoundField
    second: forms.BoundField
    proof: forms.BoundField | None = None
    # The sums of its vouchers, if it has any: then nothing is typed.
    checked: Checked | None = None

    @property
    def name(self) -> str:
        return item_name(self.line.line.item)

    @property
    def compared(self) -> Compared:
        return compared(self.line)

    @property
    def receipts(self) -> str:
        """The association's answer about the receipts of this item, for the person who checks them."""
        asked = catalogue.items()[self.line.line.item].proof
        return str(dict(asked.choices).get(self.line.proof, "")) if asked else ""


class CompletionForm(forms.Form):
    completed_on = RocDateField(label=_l("計畫實際辦完的日期"))

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "completed_on", RocDateField)
        field.earliest, field.latest = award.starts_on, min(award.ends_on, clock.today())
        params = {"months": due.months_of(award)}
        field.help_text = _("從這一天的隔天起算 %(months)d 個月內要送結報。") % params


class _LinesForm(MonthsForm):
    """Two fields for each line, in the order of the award; each input has a label of its own for screen readers."""

    names: tuple[str, str]

    def __init__(self, *args: Any, settlement: Settlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.summed = lines_of(settlement), by_line(settlement)
        for line in self.lines:
            for name, field in zip(self.names, self.fields_of(line), strict=True):
                field.label = _("第 %(position)d 項%(label)s") % {"position": line.line.position, "label": field.label}
                field.widget.attrs["class"] = "form-control"
                self.fields[self.key(line, name)] = field
        self.add_months(settlement)

    def fields_of(self, line: SettlementLine) -> tuple[forms.Field, forms.Field]:
        raise NotImplementedError

    def key(self, line: SettlementLine, name: str) -> str:
        return f"line-{line.pk}-{name}"

    def rows(self) -> Iterator[Row]:
        for line in self.lines:
            first, second = (self[self.key(line, name)] for name in self.names)
            yield Row(line, first, second, checked=self.summed.get(line.pk))

    def entered(self, line: SettlementLine, name: str) -> Any:
        return self.cleaned_data.get(self.key(line, name))


class ReportForm(_LinesForm, AttendanceForm):
    """What the association reports; everything may stay empty until it is sent.

    A value that cannot be read is an error at its field and leaves the stored value as it is.
    """

    names = ("spent", "vouchers")
    outcome = forms.CharField(
        label=_l("成果說明"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_l("辦了什麼、辦了幾次、參加的人覺得怎樣，簡單寫就可以。"),
    )
    people_served = QuantityField(label=_l("服務人次"), required=False)
    own_funds = AmountField(
        label=_l("自籌款實支（元）"),
        required=False,
        help_text=_l("整個計畫裡由單位自己負擔、有憑證的支出；沒有請填 0。縣府會核對自籌比例。"),
    )

    def __init__(self, *args: Any, settlement: Settlement, **kwargs: Any) -> None:
        people = settlement.people_served
        initial = {
            "outcome": settlement.outcome,
            "people_served": None if people is None else Decimal(people),
            "own_funds": settlement.own_funds,
        }
        super().__init__(*args, settlement=settlement, initial=initial, **kwargs)
        if not own_share_asked(settlement):
            del self.fields["own_funds"]
        for line in self.lines:
            if asked := asked_of(settlement, line):
                self.fields[self.key(line, "proof")] = _proof_field(line, asked)
            for name in self.names if line.pk in self.summed else ():
                self.fields[self.key(line, name)].disabled = True

    def rows(self) -> Iterator[Row]:
        for row in super().rows():
            key = self.key(row.line, "proof")
            yield replace(row, proof=self[key]) if key in self.fields else row

    def fields_of(self, line: SettlementLine) -> tuple[forms.Field, forms.Field]:
        held = None if line.vouchers is None else Decimal(line.vouchers)
        return (
            AmountField(label=_l("實支"), required=False, initial=line.spent),
            QuantityField(label=_l("單據張數"), required=False, initial=held, max_value=MOST_VOUCHERS),
        )

    def entered(self, line: SettlementLine, name: str) -> Any:
        return self._read(self.key(line, name))

    def of_month(self, row: SettlementMonth, name: str) -> Any:
        return self._read(month_key(row, name))

    def _read(self, key: str) -> Any:
        """Return what was typed, or the stored value if that cannot be read."""
        if key in self.cleaned_data:
            return self.cleaned_data[key]
        return self.get_initial_for_field(self.fields[key], key) if key in self.fields else None

    def report(self) -> Report:
        lines = {
            line.pk: Spent(
                self.entered(line, "spent"), _int(self.entered(line, "vouchers")), self.entered(line, "proof") or ""
            )
            for line in self.lines
        }
        people, own = _int(self._read("people_served")), self._read("own_funds")
        return Report(self._read("outcome") or "", people, lines, self.attendance(), own)


class SumsForm(_LinesForm, MonthSumsForm):
    """What finance admits. The service judges the same again; here each problem stands at its field.

    The amount offered is what was spent, at most what was approved, with the reason for the difference; finance may
    admit more of a line, up to what was spent.
    """

    names = ("admitted", "reason")

    def fields_of(self, line: SettlementLine) -> tuple[forms.Field, forms.Field]:
        admitted, why = line.admitted, line.reason
        if checked := self.summed.get(line.pk):
            # What was said of each voucher, anew after every correction.
            admitted, why = checked.admitted, "；".join(checked.reasons)[:MOST_REASON]
        elif admitted is None:
            admitted = line.spent
        if admitted is not None and admitted > line.line.approved and line.admitted != admitted:
            admitted, why = line.line.approved, why or _("超過核定的部分由單位自付")
        reason = forms.CharField(label=_l("理由"), required=False, max_length=MOST_REASON, initial=why)
        return AmountField(label=_l("准予核銷"), initial=admitted), reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            amount, spent = self.entered(line, "admitted"), line.spent or 0
            if amount is None:
                continue
            checked = self.summed.get(line.pk)
            if amount > spent:
                self.add_error(self.key(line, "admitted"), _("不能超過實支的金額。"))
            elif checked and amount > checked.admitted:
                self.add_error(self.key(line, "admitted"), _("不能超過各張單據准予的合計。"))
            elif (amount < spent or amount > line.line.approved) and left_empty(self, self.key(line, "reason")):
                self.add_error(self.key(line, "reason"), _("金額和實支或核定不同，請寫理由。"))
        return cleaned

    def admitted(self) -> dict[int, Admitted]:
        return {line.pk: Admitted(self.entered(line, "admitted"), self.entered(line, "reason")) for line in self.lines}


class AcceptForm(forms.Form):
    """The memo number, asked only if a surcharge is paid on top of what was approved."""

    memo_number = forms.CharField(
        label=_l("簽文號"), help_text=_l("收費加成超出年度額度才需要填。"), max_length=40, required=False
    )


class CorrectionForm(forms.Form):
    note = forms.CharField(
        label=_l("請補正的事項"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("申請單位會收到這段話，請寫清楚缺什麼、怎麼補。"),
    )


def _proof_field(line: SettlementLine, asked: catalogue.Proof) -> forms.ChoiceField:
    label = _("第 %(position)d 項%(label)s") % {"position": line.line.position, "label": asked.label}
    choices = [("", _("請選%(label)s") % {"label": asked.label}), *asked.choices]
    field = forms.ChoiceField(label=label, choices=choices, required=False, initial=line.proof)
    field.widget.attrs["class"] = "form-select"
    return field


def _int(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
