"""The parts of the budget page, and which of them changed; shared by the whole page and the live check."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants.compliance.judging import Judgement, following_again, judge, judge_again
from grants.forms.applications.budget import BudgetForms
from grants.models import Application, BudgetLine
from grants.queries.applications import costs
from grants.queries.applications.places import openness_of
from grants.queries.law import margins
from grants.queries.law.pages import changes, label_of
from grants.queries.law.sums import asks_own_share
from grants.rules import payments
from grants.services.applications import drafts
from grants.views import merging
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.lib.money import format_amount

from .steps import page_edition, posted_reasons, reason_form, reason_names


@dataclass(frozen=True)
class BudgetPage:
    """A judged budget as the page shows it."""

    case: Application
    judged: Judgement
    lines: list[BudgetLine]
    reasons: margins.Reasons
    notes: dict[int, list[margins.Note]]
    whole: list[margins.Note]

    @classmethod
    def of(cls, case: Application, lines: list[BudgetLine]) -> "BudgetPage":
        judged = judge(case, stage="draft", lines=lines)
        return cls._made(case, judged, lines, margins.reasons_of(case))

    @classmethod
    def _made(
        cls, case: Application, judged: Judgement, lines: list[BudgetLine], reasons: margins.Reasons
    ) -> "BudgetPage":
        book = margins.Lawbook(judged.ruleset, case.scheme.slug)
        found = [f for f in margins.of_step(judged.evaluation, "budget") if f.severity != "info"]
        changed = changes(judged.ruleset, judged.on)
        notes = margins.line_notes(judged.evaluation, lines, reasons, book, changed)
        notes = {line.pk: margins.with_difference(notes[line.pk], line) for line in lines}
        return cls(case, judged, lines, reasons, notes, margins.notes_of(found, reasons, book))

    def again(self, lines: list[BudgetLine], *, reasons_too: bool) -> "BudgetPage":
        """Return the same case with other figures, without reading other cases again. Lines that follow others are set."""
        amounts = following_again(self.judged, lines)
        for line in lines:
            line.requested = amounts.get(line.pk, line.requested)
        judged = judge_again(self.judged, lines)
        return self._made(self.case, judged, lines, margins.reasons_of(self.case) if reasons_too else self.reasons)

    def context(self, budget: BudgetForms) -> dict[str, Any]:
        book = margins.Lawbook(self.judged.ruleset, self.case.scheme.slug)
        rows = [
            {
                "form": form,
                "notes": self.notes[form.line.pk],
                "help": margins.item_help(form.item, self.judged.ruleset, self.judged.on),
                "laws": book.links(form.item.clause),
            }
            for form in budget.forms
        ]
        return {"rows": rows, **self.about_the_whole(), **self.sums()}

    def about_the_whole(self) -> dict[str, Any]:
        """Return what the part budget-notes takes: the notes, and whether own money has its field in front."""
        return {"notes": self.whole, "own_first": asks_own_share(self.judged.ruleset)}

    def sums(self) -> dict[str, Any]:
        """Return totals, meters, the preview of the instalments, and how much is left to correct."""
        totals = self.judged.evaluation.totals
        errors, asked = self._left()
        return {
            "totals": totals,
            "meters": [{"meter": meter, "over": meter.used > meter.lenient} for meter in totals.meters],
            "plan": self._plan(totals.requested),
            "errors": errors,
            "asked": asked,
            "lines_count": len(self.lines),
        }

    def _left(self) -> tuple[int, int]:
        errors, asked = margins.counts(margins.about_money(self.judged.evaluation), self.reasons)
        return errors + sum(1 for line in self.lines if costs.uncovered(line)), asked

    def _plan(self, total: int) -> str:
        """Return a sentence on the instalments, as if everything were approved."""
        ruleset = self.judged.ruleset
        plan = payments.instalments(total, ruleset, self.judged.on)
        if not total or not plan.clause:
            return ""
        return f"{plan.arithmetic}（{label_of(plan.clause, ruleset)}）"

    def reason_names(self) -> list[str]:
        """Return the names of the inputs for reasons that the page shows."""
        every = [*self.whole, *(note for notes in self.notes.values() for note in notes)]
        return [note.reason_name for note in every if note.asks]

    def parts_changed_since(self, before: "BudgetPage | None", budget: BudgetForms) -> dict[str, str]:
        """Return element id → its new contents, for the parts that differ from those of `before`; without `before` all
        parts.
        """
        parts: dict[str, str] = {}
        for form in budget.forms:
            pk = form.line.pk
            if before is None or self.notes[pk] != before.notes[pk]:
                context = {"notes": self.notes[pk], "line": form.line}
                parts[f"margin-{pk}"] = render_to_string("grants/applications/_margin.html", context)
        if before is None or self.whole != before.whole:
            notes = self.about_the_whole()
            parts["budget-notes"] = render_to_string("grants/applications/_budget_notes.html", notes)
        sums = self.sums()
        if before is None or sums != before.sums():
            parts["budget-totals"] = render_to_string("grants/applications/_totals.html", sums)
            parts["budget-summary"] = render_to_string("grants/applications/_budget_summary.html", sums)
        return parts

    def announcement(self) -> str:
        """Return one sentence for a screen reader."""
        errors, asked = self._left()
        if not errors and not asked:
            return _("預算符合規定。")
        return _("還有 %(errors)d 項必須修正、%(asked)d 項請說明。") % {"errors": errors, "asked": asked}


class BudgetPost:
    """A posted budget before it is saved: its lines, the reasons beside them and one command."""

    def __init__(self, request: SignedIn, case: Application) -> None:
        self.request, self.case = request, case
        self.names = reason_names(request.POST)
        self.edition = page_edition(request, case)
        self.budget = forms_of(case, request.POST)
        self.wrong = self.item_wrong = False

    def save(self, command: str = "", argument: str = "") -> merging.Saved[Any]:
        """Save what could be read, and carry out the command unless something typed keeps it from being done. Raises
        Refused.
        """

        def build(posted: Any) -> list[Any]:
            budget = forms_of(self.case, posted)
            if posted is not None:
                self.budget = budget
            return [*budget.forms, reason_form(posted, self.case, self.names)]

        def store(posted: Any, edition: int) -> Application:
            self.wrong = unreadable(self.budget, command, argument)
            act = ("", "") if self.wrong else (command, argument)
            change = drafts.BudgetChange(self.budget.rows(), posted_reasons(posted[-1].data), *act)
            return drafts.save_budget(self.request.user, self.case, change, edition=edition)

        return merging.save(self.request, self.case, self.edition, build, store)

    def stored(self, row: Application) -> list[Any]:
        """Return the forms of what is stored now."""
        return [*forms_of(row).forms, reason_form(None, row, self.names)]

    def own_funds_notice(self, argument: str) -> str:
        """Return a sentence if a button has put the difference to own funds, else ""."""
        form = next((form for form in self.budget.forms if str(form.line.pk) == argument), None)
        now = form and self.case.lines.filter(pk=form.line.pk).values_list("own_funds", flat=True).first()
        if form is None or not now or now == form.values.get("own_funds", form.line.own_funds):
            return ""
        return _("單價 × 數量不變，不補助的差額已列為自籌，自籌現在是 %(amount)s 元。") % {"amount": format_amount(now)}


def forms_of(case: Application, posted: Any = None) -> BudgetForms:
    """Return the budget's forms for the stored lines of the case, bound to a post if there is one."""
    period, lines, opened = (case.starts_on, case.ends_on), list(case.lines.all()), openness_of(case)
    closed = [line.pk for line in lines if not opened.line(line.pk)]
    return BudgetForms(posted, lines=lines, programme=case.programme.code, period=period, closed=closed)


def unreadable(budget: BudgetForms, command: str, argument: str) -> bool:
    """Return whether something typed cannot be read; a line that is removed, or set to its cap, need not be readable."""
    wrong = {str(form.line.pk): set(form.errors) for form in budget.forms if form.errors}
    if command == "remove":
        wrong.pop(argument, None)
    if command == "cap" and wrong.get(argument) == {"requested"}:
        wrong.pop(argument)
    return bool(wrong)
