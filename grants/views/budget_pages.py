"""The parts of the budget page, and which of them changed: shared by the whole page and the live check."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants import compliance
from grants.forms.budget import BudgetFormSet
from grants.models import Application, BudgetLine
from grants.queries import law, margins
from grants.rules import payments
from grants.rules.ruleset import NoValue


@dataclass(frozen=True)
class BudgetPage:
    """A judged budget as the page shows it."""

    case: Application
    judged: compliance.Judgement
    lines: list[BudgetLine]
    reasons: margins.Reasons
    notes: dict[int, list[margins.Note]]
    whole: list[margins.Note]

    @classmethod
    def of(cls, case: Application, lines: list[BudgetLine]) -> "BudgetPage":
        judged = compliance.judge(case, stage="draft", lines=lines)
        return cls._made(case, judged, lines, margins.reasons_of(case))

    @classmethod
    def _made(
        cls, case: Application, judged: compliance.Judgement, lines: list[BudgetLine], reasons: margins.Reasons
    ) -> "BudgetPage":
        book = margins.Lawbook(judged.ruleset, case.scheme.slug)
        found = [f for f in margins.of_step(judged.evaluation, "budget") if f.severity != "info"]
        changed = law.changes(judged.ruleset, judged.on)
        notes = margins.line_notes(judged.evaluation, lines, reasons, book, changed)
        return cls(case, judged, lines, reasons, notes, margins.notes_of(found, reasons, book))

    def again(self, lines: list[BudgetLine], *, reasons_too: bool) -> "BudgetPage":
        """The same case with other figures: what other cases hold is not asked again."""
        judged = compliance.judge_again(self.judged, lines)
        return self._made(self.case, judged, lines, margins.reasons_of(self.case) if reasons_too else self.reasons)

    def context(self, formset: BudgetFormSet) -> dict[str, Any]:
        book = margins.Lawbook(self.judged.ruleset, self.case.scheme.slug)
        rows = [
            {
                "form": form,
                "notes": self.notes[form.line.pk],
                "help": margins.item_help(form.item, self.judged.ruleset, self.judged.on),
                "laws": book.links(form.item.clause),
            }
            for form in formset.forms
        ]
        return {"rows": rows, "notes": self.whole, **self.sums()}

    def sums(self) -> dict[str, Any]:
        """Totals, meters, the preview of the instalments, and how much is left to mend."""
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
        return margins.counts(margins.about_money(self.judged.evaluation), self.reasons)

    def _plan(self, total: int) -> str:
        """柒、一 in a sentence, as if everything were approved."""
        try:
            plan = payments.instalments(total, self.judged.ruleset, self.judged.on)
        except NoValue:
            return ""
        return f"{plan.arithmetic}（柒、一）" if total else ""

    def parts_changed_since(
        self, before: "BudgetPage | None", formset: BudgetFormSet, wrong: set[str]
    ) -> dict[str, str]:
        """Element id → its new inside, for the parts that read otherwise than before. `wrong` are the lines beside
        which the page shows something that could not be read. Without a `before` all parts.
        """
        parts = {}
        for form in formset.forms:
            pk = form.line.pk
            if before is None or self.notes[pk] != before.notes[pk]:
                context = {"notes": self.notes[pk], "line": form.line}
                parts[f"margin-{pk}"] = render_to_string("grants/applications/_margin.html", context)
            if form.errors or str(pk) in wrong:
                parts[f"wrong-{pk}"] = render_to_string("grants/applications/_wrong.html", {"form": form})
        if before is None or self.whole != before.whole:
            parts["budget-notes"] = render_to_string("grants/applications/_budget_notes.html", {"notes": self.whole})
        sums = self.sums()
        if before is None or sums != before.sums():
            parts["budget-totals"] = render_to_string("grants/applications/_totals.html", sums)
            parts["budget-summary"] = render_to_string("grants/applications/_budget_summary.html", sums)
        return parts

    def announcement(self) -> str:
        """One sentence for a screen reader."""
        errors, asked = self._left()
        if not errors and not asked:
            return _("預算符合規定。")
        return _("還有 %(errors)d 項必須修正、%(asked)d 項請說明。") % {"errors": errors, "asked": asked}
