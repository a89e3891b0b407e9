"""The public calculator: anybody tries a budget with the form of the applications. Nothing is stored.

The lines travel with the page: a hidden field names them ("1:printing 2:lecturer_fee"), and each form is named after
its line, as in the form of a case.
"""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.compliance.judging import Judgement, following_again, judge_again, judge_trial
from grants.forms.applications.budget import BudgetForms
from grants.models import Application, BudgetLine, Programme, Scheme
from grants.queries.applications import costs
from grants.queries.law import margins
from grants.queries.law.pages import changes
from grants.rules import catalogue
from grants.views import merging
from grants.views.applications.budget_parts import BudgetPage
from miaoli_kaohsiung.accounts.limits import limited
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.numbers import whole_number

# Half of what a case may have: enough to try, and judging a stranger's budget costs the portal half as much.
MOST_LINES = 30


@public_page
@require_http_methods(["GET", "POST"])
@limited("calculator", "POST", heavy=True)
def calculator(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form with the law beside each line; its buttons add, copy, remove, set to the limit and check. A script
    asks for JSON and gets only the parts of the page.
    """
    scheme = get_object_or_404(Scheme, slug=slug)
    programmes = scheme.offered(clock.today())
    if not programmes:
        raise Http404(_("這個方案還沒有可以試算的計畫。"))
    chosen = request.POST.get("programme") or request.GET.get("programme")
    programme = next((row for row in programmes if row.code == chosen), programmes[0])
    programme.scheme = scheme
    lines, gone = _lines(request.POST.get("lines", "")), _lines(request.POST.get("gone", ""))
    _bring_back(request, lines, gone)
    posted = request.POST if request.method == "POST" else None
    budget = BudgetForms(posted, lines=lines, programme=programme.code)
    lines = budget.typed_lines() if budget.is_bound else lines
    if request.headers.get("Accept") == "application/json":
        return _parts(_page(programme, lines), budget)
    if _carried_out(request, programme, lines, budget, gone):
        budget = BudgetForms(lines=lines, programme=programme.code)
    page = _page(programme, lines)
    context = {
        "scheme": scheme,
        "programmes": programmes,
        "programme": programme,
        "kept_lines": " ".join(f"{line.pk}:{line.item}" for line in lines),
        "forms": budget.forms,
        "show": budget.unreadable,
        "groups": catalogue.items_for(programme.code),
        "most": MOST_LINES,
        "gone": " ".join(f"{line.pk}:{line.item}" for line in gone),
        "removed": [_removed(line, request) for line in gone],
        "item_wrong": request.POST.get("command") == "add" and request.POST.get("item") not in catalogue.items(),
        "closed": _closed(page.judged),
        **page.context(budget),
    }
    return render(request, "grants/law/calculator.html", context, status=422 if budget.unreadable else 200)


def _lines(written: str) -> list[BudgetLine]:
    """Return the lines that the page names, without those that cannot be read."""
    found: dict[int, BudgetLine] = {}
    for part in written.split()[:MOST_LINES]:
        number, _colon, item = part.partition(":")
        key = whole_number(number, digits=4)
        if key is not None and item in catalogue.items():
            found[key] = BudgetLine(pk=key, item=item, quantities={})
    return list(found.values())


def _bring_back(request: HttpRequest, lines: list[BudgetLine], gone: list[BudgetLine]) -> None:
    """Restore a removed line (復原); the page carries what was typed into it."""
    command, _colon, argument = request.POST.get("command", "").partition(":")
    found = next((line for line in gone if command == "restore" and str(line.pk) == argument), None)
    if found and len(lines) < MOST_LINES:
        gone.remove(found)
        lines.append(found)
        lines.sort(key=lambda line: line.pk)


def _removed(line: BudgetLine, request: HttpRequest) -> dict[str, Any]:
    """Return a line that may be restored: its id, its words, and what was typed into it."""
    head = f"line-{line.pk}-"
    typed = [(name, value) for name, value in request.POST.items() if name.startswith(head)]
    return {"id": line.pk, "words": catalogue.items()[line.item].name, "typed": typed}


def _carried_out(
    request: HttpRequest, programme: Programme, lines: list[BudgetLine], budget: BudgetForms, gone: list[BudgetLine]
) -> bool:
    """Carry out the button's command on the lines, unless something typed cannot be read (a removed line need not be)."""
    command, _colon, argument = request.POST.get("command", "").partition(":")
    line = next((row for row in lines if str(row.pk) == argument), None)
    wrong = {str(form.line.pk) for form in budget.forms if form.errors} if budget.is_bound else set()
    if wrong - ({argument} if command == "remove" else set()):
        return False
    if command == "remove" and line:
        lines.remove(line)
        gone[:] = [line]
    elif command == "cap" and line:
        most = _page(programme, lines).judged.evaluation.most_for(argument)
        line.requested = line.requested if most is None else most
        line.own_funds = (line.own_funds or 0) + costs.uncovered(line) or None
    elif command == "own" and line:
        line.own_funds = (line.own_funds or 0) + costs.uncovered(line)
    elif command == "copy" and line and len(lines) < MOST_LINES:
        lines.append(
            BudgetLine(pk=_next(lines), item=line.item, **{name: getattr(line, name) for name in BudgetLine.FILLED_IN})
        )
    elif command == "add" and request.POST.get("item") in catalogue.items() and len(lines) < MOST_LINES:
        lines.append(BudgetLine(pk=_next([*lines, *gone]), item=request.POST["item"], quantities={}))
    return True


def _next(lines: list[BudgetLine]) -> int:
    return max((line.pk for line in lines), default=0) + 1


def _page(programme: Programme, lines: list[BudgetLine]) -> BudgetPage:
    """Return the judged budget with findings on the money alone: nothing else is known of the case."""
    judged = judge_trial(programme, lines)
    if amounts := following_again(judged, lines):
        for line in lines:
            line.requested = amounts.get(line.pk or 0, line.requested)
        judged = judge_again(judged, lines)
    judged = replace(judged, evaluation=margins.about_money(judged.evaluation))
    book = margins.Lawbook(judged.ruleset, programme.scheme.slug)
    changed = changes(judged.ruleset, judged.on)
    found = margins.line_notes(judged.evaluation, lines, {}, book, changed)
    notes = {
        line.pk: margins.with_difference(
            [replace(note, asks=False, explained_above=False) for note in found[line.pk]], line
        )
        for line in lines
    }
    whole = margins.notes_of(margins.of_step(judged.evaluation, "budget"), {}, book)
    whole = [replace(note, asks=False, explained_above=False) for note in whole]
    return BudgetPage(Application(scheme=programme.scheme), judged, lines, {}, notes, whole)


def _closed(judged: Judgement) -> str:
    return _("縣府還沒有公告這個方案的補助標準，暫時不能試算。") if judged.ruleset.missing(judged.on) else ""


def _parts(page: BudgetPage, budget: BudgetForms) -> JsonResponse:
    """Return what a script puts into the page: every margin, the sums, and a sentence for a screen reader."""
    parts: dict[str, Any] = {}
    for form in budget.forms:
        notes = {"notes": page.notes[form.line.pk], "line": form.line}
        parts[f"margin-{form.line.pk}"] = render_to_string("grants/applications/_margin.html", notes)
    parts["budget-notes"] = render_to_string("grants/applications/_budget_notes.html", page.about_the_whole())
    sums = page.sums()
    parts["budget-totals"] = render_to_string("grants/applications/_totals.html", sums)
    parts["budget-summary"] = render_to_string("grants/law/_calculator_summary.html", sums)
    fields = {name: [value] for name, value in budget.settled().items()}
    errors = merging.errors_of(budget.forms)
    return JsonResponse({"parts": parts, "announce": page.announcement(), "errors": errors, "fields": fields})
