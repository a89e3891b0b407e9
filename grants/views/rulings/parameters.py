"""Rulings of the county on the law: list, record, show what one would change, confirm by another officer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.compliance.impact import impact_of
from grants.compliance.rulesets import ruleset_for
from grants.enums import RulingStatus
from grants.forms.decisions import RefusalForm
from grants.forms.rulings import RulingForm
from grants.models import Ruling, Scheme
from grants.queries import rulings
from grants.queries.law.pages import both_sides, chapters, on_day
from grants.rules.ruleset import NoValue, Parameter, RuleSet, load
from grants.services.rulings import RulingDraft, decide_ruling, may_rule, record_ruling
from grants.workflow.rulings import RULINGS
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, RULING_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit.queries import history_of_object
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import require


@audience(RULING_READERS)
@require_GET
def ruling_list(request: SignedIn) -> HttpResponse:
    """Show the rulings of the user's counties, newest effect first; those that wait for a second officer stand on top."""
    schemes = list(rulings.schemes(request.user))
    rows = rulings.rulings(request.user)
    page = Paginator(rows.exclude(status=RulingStatus.DRAFT), 15).get_page(request.GET.get("page"))
    waiting = list(rows.filter(status=RulingStatus.DRAFT))
    current = rulings.in_effect([scheme.pk for scheme in schemes], clock.today())
    return render(
        request,
        "grants/rulings/list.html",
        {
            "page": page,
            "rows": [_row(ruling, current) for ruling in page],
            "waiting": [_row(ruling, current) for ruling in waiting],
            "recordable": [scheme for scheme in schemes if may_rule(request.user, scheme.county)],
            "unfiled": [(scheme, names) for scheme in schemes if (names := _missing(scheme))],
        },
    )


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def ruling_new(request: SignedIn, slug: str) -> HttpResponse:
    """Choose a parameter of the rule set (`?parameter=`), then enter its new content."""
    scheme = get_object_or_404(rulings.schemes(request.user), slug=slug)
    require(may_rule(request.user, scheme.county))
    today = clock.today()
    ruleset = ruleset_for(scheme, today)
    if "parameter" not in request.GET:
        search = request.GET.get("q", "")[:60]
        shown = [row for row in chapters(ruleset, today, search) if any(clause.parameters for clause in row.clauses)]
        missing = [ruleset.parameter(name) for name in ruleset.missing(today)]
        context = {"scheme": scheme, "chapters": shown, "missing": missing, "search": search}
        return render(request, "grants/rulings/choose.html", context)
    parameter = _parameter_or_404(ruleset, request.GET["parameter"])
    shown_now = on_day(parameter, today)
    now = parameter.at(today) if shown_now.now else None
    form = RulingForm(request.POST or None, request.FILES or None, parameter=parameter, ruleset=ruleset, now=now)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        draft = RulingDraft(
            parameter.name, form.value(), typed["effective_from"], typed["memo_number"], typed["reason"], typed["scan"]
        )
        ruling = record_ruling(request.user, scheme, draft)
        messages.success(request, _("已登錄。請另一位承辦人或主管看過影響後確認，確認前不會生效。"))
        return redirect("grants:ruling", ruling.pk)
    hold_files(form, actor(request.user))
    clause = ruleset.clauses.get(parameter.clause)
    context = {"scheme": scheme, "form": form, "shown": shown_now, "parameter": parameter, "clause": clause}
    return render(request, "grants/rulings/form.html", context, status=422 if form.errors else 200)


@audience(RULING_READERS)
@require_GET
def ruling_page(request: SignedIn, pk: int) -> HttpResponse:
    """Show one ruling; while it waits, with the cases that would be judged differently."""
    return _page(request, get_object_or_404(rulings.rulings(request.user), pk=pk))


@audience(CASE_HANDLERS)
@require_POST
def ruling_decide(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse, which another officer must do than the one who recorded it; or withdraw, as that one."""
    ruling = get_object_or_404(rulings.rulings(request.user), pk=pk)
    form = RefusalForm(request.POST, move=name)
    if not form.is_valid():
        return _page(request, ruling, form, status=422)
    row = decide_ruling(request.user, ruling, name, form.reason)
    messages.success(
        request, _("函釋 %(memo)s：%(status)s。") % {"memo": row.memo_number, "status": row.get_status_display()}
    )
    return redirect("grants:ruling", row.pk)


@audience(RULING_READERS)
@require_GET
def ruling_scan(request: SignedIn, pk: int) -> FileResponse:
    ruling = get_object_or_404(rulings.rulings(request.user), pk=pk, scan__isnull=False)
    assert ruling.scan is not None
    return response(ruling.scan, inline=True)


def _page(request: SignedIn, ruling: Ruling, refusal: RefusalForm | None = None, status: int = 200) -> HttpResponse:
    ruleset = ruleset_for(ruling.scheme, clock.today())
    parameter = ruleset.parameters.get(ruling.parameter)
    waits = ruling.status == RulingStatus.DRAFT
    context = {
        **_row(ruling, rulings.in_effect([ruling.scheme_id], clock.today())),
        "clause": ruleset.clauses.get(parameter.clause) if parameter else None,
        "shown": on_day(parameter, clock.today()) if parameter else None,
        "impact": impact_of(ruling) if waits and parameter else None,
        "moves": RULINGS.names_open_to(ruling, request.user),
        "why_not": RULINGS.answer(ruling, "confirm", request.user).reason if waits else "",
        "refusal": refusal or RefusalForm(),
        "history": list(history_of_object(ruling)),
        "today": clock.today(),
    }
    return render(request, "grants/rulings/detail.html", context, status=status)


def _row(ruling: Ruling, current: set[int]) -> dict[str, Any]:
    """Return a ruling with its parameter and content in words. A parameter that a later edition of the law dropped has
    none.
    """
    parameter = load(ruling.scheme.ruleset).parameters.get(ruling.parameter)
    strict, lenient = both_sides(parameter, ruling.value) if parameter else (str(ruling.value), "")
    return {
        "ruling": ruling,
        "parameter": parameter,
        "strict": strict,
        "lenient": "" if lenient == strict else lenient,
        "effect": _effect(ruling, current),
    }


def _effect(ruling: Ruling, current: set[int]) -> str:
    if ruling.status != RulingStatus.CONFIRMED:
        return ""
    if ruling.effective_from > clock.today():
        return _("尚未生效")
    return _("生效中") if ruling.pk in current else _("已由後來的函釋取代")


def _missing(scheme: Scheme) -> list[str]:
    today = clock.today()
    ruleset = ruleset_for(scheme, today)
    return [ruleset.parameter(name).title for name in ruleset.missing(today)]


def _parameter_or_404(ruleset: RuleSet, name: str) -> Parameter:
    try:
        return ruleset.parameter(name)
    except NoValue as unknown:
        raise Http404(_("沒有這個項目。")) from unknown
