"""Forms of the officer, the reviewer and the approver."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.checklist import Item
from grants.compliance.cut_reasons import figures_that_differ
from grants.enums import ConditionStage, Verdict
from grants.models import BudgetLine, ChecklistAnswer, ConcernAnswer, Justification
from grants.queries.reviews.concerns import Concern
from grants.rules import catalogue
from grants.services.reviews.checks import Answers
from grants.services.reviews.proposals import Condition, Cut
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, left_empty
from miaoli_kaohsiung.lib.printable import Printed

NOTE_LENGTH = 200
MOST_CORRECTION_DAYS = 90
_WIDE = {"rows": 5}
NO_RESULT = _l("還沒有檢核結果。")


@dataclass(frozen=True)
class AskedItem:
    """A checklist item or a written reason with its two inputs."""

    about: Item | Justification
    verdict: forms.BoundField
    note: forms.BoundField


class EditionForm(Printed, forms.Form):
    """A form that carries the edition of the case that the page showed."""

    # Without an id: a page may hold several such forms.
    edition = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": False}), min_value=1)

    def show_edition(self, edition: int) -> None:
        """Show the fresh edition after a refusal: what was typed stays, and passes when it is sent again."""
        posted: Any = self.data
        posted = posted.copy()
        posted["edition"] = edition
        self.data = posted


class ChecklistForm(EditionForm):
    """Every checklist item and every written reason: met or not, and a note."""

    def __init__(
        self,
        *args: Any,
        items: Iterable[Item],
        reasons: Iterable[Justification],
        known: Mapping[str, ChecklistAnswer],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.reasons = list(items), list(reasons)
        for item in self.asked:
            answer = known.get(item.key)
            self._add(
                f"item:{item.key}",
                _l("符合"),
                _l("不符合"),
                item.text,
                (answer.verdict, answer.note) if answer else None,
            )
        for reason in self.reasons:
            earlier = (reason.verdict, reason.verdict_note)
            self._add(f"reason:{reason.pk}", _l("同意"), _l("不同意"), reason.text[:30], earlier)

    def _add(self, key: str, yes: Any, no: Any, label: str, earlier: tuple[str, str] | None) -> None:
        verdict, note = earlier or ("", "")
        self.fields[key] = verdict_field(label, yes, no, verdict)
        self.fields[f"note:{key}"] = forms.CharField(
            label=_l("說明"), max_length=NOTE_LENGTH, required=False, initial=note
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for key, verdict in list(values.items()):
            if verdict == Verdict.REFUSED and left_empty(self, f"note:{key}"):
                self.add_error(f"note:{key}", _l("不符合的項目請寫說明，補正或函文會用到。"))
        return values

    def open_rows(self) -> list[AskedItem]:
        """Return the items and reasons without an answer, kept or typed."""
        rows = [*self.item_rows(), *self.reason_rows()]
        return [row for row in rows if row.verdict.value() not in (Verdict.ACCEPTED, Verdict.REFUSED)]

    def mark_open(self) -> None:
        """Put a sentence at every item and reason without an answer."""
        for key in [*(f"item:{item.key}" for item in self.asked), *(f"reason:{row.pk}" for row in self.reasons)]:
            if not self.cleaned_data.get(key):
                self.add_error(key, NO_RESULT)

    def accept_seen(self, seen: Collection[str]) -> Answers:
        """Return the answers, with those items met that have none yet and whose paper or part of the page was seen. A
        paper that is missing is not met.
        """
        given = self.answers()
        met = {
            item.key: (str(Verdict.ACCEPTED), "")
            for item in self.asked
            if item.key not in given.items and item.place in seen and item.given is not False
        }
        return Answers({**given.items, **met}, given.reasons)

    def item_rows(self) -> Iterator[AskedItem]:
        return (AskedItem(item, self[f"item:{item.key}"], self[f"note:item:{item.key}"]) for item in self.asked)

    def reason_rows(self) -> Iterator[AskedItem]:
        return (AskedItem(row, self[f"reason:{row.pk}"], self[f"note:reason:{row.pk}"]) for row in self.reasons)

    def answers(self) -> Answers:
        """Return the answers, without items left open."""
        data = self.cleaned_data
        items = {item.key: _pair(data, f"item:{item.key}") for item in self.asked if data[f"item:{item.key}"]}
        reasons = {row.pk: _pair(data, f"reason:{row.pk}") for row in self.reasons if data[f"reason:{row.pk}"]}
        return Answers(items, reasons)


class ExtensionForm(forms.Form):
    due_on = RocDateField(label=_l("新的補正期限"))


class ReasonForm(Printed, forms.Form):
    reason = forms.CharField(
        label=_l("理由"),
        help_text=_l("函文會引用，請寫明與哪一條規定不符。"),
        widget=forms.Textarea(attrs=_WIDE),
        max_length=1000,
    )


class FiguresForm(EditionForm):
    """An amount and a reason for each budget line, what the association must fulfil, and what speaks against it."""

    conditions_receipt = forms.CharField(
        label=_l("請款前要做到的條件"),
        help_text=_l("一行寫一項，核定函會列出，核付前要查核。沒有就空白。"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    conditions_settlement = forms.CharField(
        label=_l("結報時要做到的條件"),
        help_text=_l("一行寫一項，核定函會列出，核成果時要查核。沒有就空白。"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, lines: Iterable[BudgetLine], earlier: Mapping[int, Cut], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            amount, reason = earlier.get(line.pk, (line.asked, ""))
            name = catalogue.items()[line.item].name
            self.fields[f"amount-{line.pk}"] = AmountField(label=name, max_value=line.asked, initial=amount)
            self.fields[f"reason-{line.pk}"] = forms.CharField(
                label=_l("核減理由"), max_length=NOTE_LENGTH, required=False, initial=reason
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for line in self.lines:
            amount = values.get(f"amount-{line.pk}")
            if amount is None or amount >= line.asked:
                continue
            if left_empty(self, f"reason-{line.pk}"):
                self.add_error(f"reason-{line.pk}", _l("核減的項目都要寫理由，函文會逐項列出。"))
            reason = values.get(f"reason-{line.pk}", "")
            for sentence in figures_that_differ(reason, line.asked, amount):
                self.add_error(f"reason-{line.pk}", sentence)
        for stage in ConditionStage:
            if any(len(text) > NOTE_LENGTH for text in _lines(values.get(f"conditions_{stage}", ""))):
                self.add_error(f"conditions_{stage}", _("每一項最多 %(most)d 個字。") % {"most": NOTE_LENGTH})
        return values

    def conditions(self) -> list[Condition]:
        """Return the conditions of a valid form, those before the payment first."""
        data = self.cleaned_data
        return [Condition(stage, text) for stage in ConditionStage for text in _lines(data[f"conditions_{stage}"])]

    def typed(self) -> dict[int, Cut]:
        """Return amounts and reasons as far as they can be read; a line that cannot be read counts as asked for."""
        self.is_valid()
        data = self.cleaned_data if self.is_bound else {}
        return {line.pk: self._typed(line, data) for line in self.lines}

    def _typed(self, line: BudgetLine, data: Mapping[str, Any]) -> Cut:
        amount = data.get(f"amount-{line.pk}")
        if amount is None:
            amount = line.asked if self.is_bound else self.fields[f"amount-{line.pk}"].initial
        reason = self.data.get(f"reason-{line.pk}", "") if self.is_bound else self.fields[f"reason-{line.pk}"].initial
        return amount, reason

    def amount_field(self, line: BudgetLine) -> forms.BoundField:
        return self[f"amount-{line.pk}"]

    def reason_field(self, line: BudgetLine) -> forms.BoundField:
        return self[f"reason-{line.pk}"]


class ProposalForm(FiguresForm):
    """The officer's proposal, with an answer to each concern."""

    note = forms.CharField(
        label=_l("承辦意見"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )

    def __init__(self, *args: Any, concerns: Iterable[Concern] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concerns = list(concerns)
        for one in self.concerns:
            self.fields[f"concern-{one.key}"] = forms.CharField(
                # Above a field, and before a colon in the summary of errors.
                label=one.sentence.rstrip("。"),
                help_text=_l("請說明已經查明，以及為什麼仍然建議補助。"),
                max_length=300,
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
            )

    def answers(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[f"concern-{one.key}"] for one in self.concerns}

    def asked(self) -> list[forms.BoundField]:
        return [self[f"concern-{one.key}"] for one in self.concerns]


class RejectionForm(EditionForm):
    reason = forms.CharField(
        label=_l("不予補助的理由"),
        help_text=_l("函文會引用，請寫明與哪一條規定不符。"),
        widget=forms.Textarea(attrs=_WIDE),
        max_length=1000,
    )


class DecisionForm(FiguresForm):
    """The decision; `proposal` is the one that the page showed. Figures that the post leaves out are as proposed."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)
    memo_number = forms.CharField(
        label=_l("簽文號"),
        help_text=_l("超出年度額度才需要填。"),
        max_length=40,
        required=False,
    )
    note = forms.CharField(
        label=_l("主管意見"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )
    defer_until = RocDateField(
        label=_l("暫緩到哪一天"), help_text=_l("暫緩才需要填，到那一天會回到待核定。"), required=False
    )

    def __init__(self, *args: Any, concerns: Iterable[ConcernAnswer] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concerns = list(concerns)
        for line in self.lines:
            self.fields[f"amount-{line.pk}"].required = False
        for one in self.concerns:
            self.fields[f"seen-{one.key}"] = forms.BooleanField(label=_l("看過了"), required=False)

    def clean(self) -> dict[str, Any]:
        for line in self.lines:
            if f"amount-{line.pk}" not in self.data:
                for name in ("amount", "reason"):
                    self.cleaned_data[f"{name}-{line.pk}"] = self.fields[f"{name}-{line.pk}"].initial
            elif self.cleaned_data.get(f"amount-{line.pk}") is None and f"amount-{line.pk}" not in self.errors:
                self.add_error(f"amount-{line.pk}", _("請填核定金額；不補助這一項請填 0。"))
        return super().clean()

    def seen(self) -> set[str]:
        return {one.key for one in self.concerns if self.cleaned_data[f"seen-{one.key}"]}

    def asked(self) -> list[tuple[ConcernAnswer, forms.BoundField]]:
        return [(one, self[f"seen-{one.key}"]) for one in self.concerns]

    def figures(self) -> dict[int, Cut]:
        """Return the figures of a valid form."""
        data = self.cleaned_data
        return {line.pk: (data[f"amount-{line.pk}"], data[f"reason-{line.pk}"]) for line in self.lines}

    def cite(self, label: str) -> None:
        """Name the clause of the case's own law that asks for the memo."""
        # The bound field has copied its help text already, so changing the field itself would be too late.
        self["memo_number"].help_text = _("超出年度額度才需要填（%(clause)s）。") % {"clause": label}


def _pair(data: Mapping[str, Any], key: str) -> tuple[str, str]:
    return data[key], data[f"note:{key}"].strip()


def verdict_field(label: str, yes: Any, no: Any, initial: str) -> forms.ChoiceField:
    choices = [(Verdict.ACCEPTED, yes), (Verdict.REFUSED, no)]
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False, initial=initial)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
