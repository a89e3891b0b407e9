"""Waivers: the county's decision that a clause does not stop one case, recorded and confirmed by two officers."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.compliance.judging import blocking, judge
from grants.compliance.rulesets import ruleset_for
from grants.forms.decisions import RefusalForm
from grants.forms.rulings import WaiverForm
from grants.models import Application, Waiver
from grants.permissions import holds
from grants.queries.rulings import waivable, waivers
from grants.queries.scope import cases
from grants.rules.ruleset import RuleSet
from grants.services.rulings import decide_waiver, record_waiver
from grants.workflow.rulings import WAIVERS
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require


@audience(AWARD_READERS)
@require_http_methods(["GET", "POST"])
def waiver_list(request: SignedIn, number: str) -> HttpResponse:
    """Show the waivers of a case; officers record further ones."""
    case = get_object_or_404(waivable(request.user), number=number)
    if request.method == "GET":
        return _page(request, case)
    require(holds(request.user, case, CASE_HANDLERS))
    form = WaiverForm(request.POST, request.FILES, clauses=_clauses(request, case, _ruleset(case)))
    if not form.is_valid():
        hold_files(form, actor(request.user))
        return _page(request, case, form=form, status=422)
    try:
        record_waiver(request.user, case, **form.cleaned_data)
    except Refused as refused:
        form.add_error("clause", refused.reason)
        hold_files(form, actor(request.user))
        return _page(request, case, form=form, status=422)
    messages.success(request, _("已登錄。請另一位承辦人或主管確認，確認前不會生效。"))
    return redirect("grants:waivers", case.number)


@audience(CASE_HANDLERS)
@require_POST
def waiver_decide(request: SignedIn, number: str, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse what another officer recorded, or withdraw what one recorded oneself."""
    case = get_object_or_404(waivable(request.user), number=number)
    waiver = get_object_or_404(case.waivers, pk=pk)
    form = RefusalForm(request.POST, move=name, prefix=f"waiver-{pk}")
    if not form.is_valid():
        return _page(request, case, refusal=(waiver.pk, form), status=422)
    row = decide_waiver(request.user, waiver, name, form.reason)
    messages.success(
        request, _("個案同意 %(memo)s：%(status)s。") % {"memo": row.memo_number, "status": row.get_status_display()}
    )
    return redirect("grants:waivers", case.number)


@audience(COUNTY_READERS)
@require_GET
def waiver_scan(request: SignedIn, number: str, pk: int) -> FileResponse:
    waiver = get_object_or_404(waivers(request.user), pk=pk, application__number=number, scan__isnull=False)
    assert waiver.scan is not None
    return response(waiver.scan, inline=True)


def _page(
    request: SignedIn,
    case: Application,
    *,
    form: WaiverForm | None = None,
    refusal: tuple[int, RefusalForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    ruleset = _ruleset(case)
    may_record = holds(request.user, case, CASE_HANDLERS)
    if form is None and may_record:
        form = WaiverForm(clauses=_clauses(request, case, ruleset))
    rows = [
        (waiver, ruleset.clauses.get(waiver.clause), _moves(request, case, waiver), _refusal(waiver, refusal))
        for waiver in case.waivers.select_related("author", "decided_by")
    ]
    context = {
        "case": case,
        "accent_county": case.county,
        "rows": rows,
        "form": form if may_record else None,
        "refusal": refusal[1] if refusal else None,
        "in_view": cases(request.user).filter(pk=case.pk).exists(),
        "may_see_scan": bool(holds(request.user, case, COUNTY_READERS)),
    }
    return render(request, "grants/rulings/waivers/list.html", context, status=status)


def _moves(request: SignedIn, case: Application, waiver: Waiver) -> set[str]:
    waiver.application = case
    return WAIVERS.names_open_to(waiver, request.user)


def _refusal(waiver: Waiver, refused: tuple[int, RefusalForm] | None) -> RefusalForm:
    return refused[1] if refused and refused[0] == waiver.pk else RefusalForm(prefix=f"waiver-{waiver.pk}")


def _ruleset(case: Application) -> RuleSet:
    return ruleset_for(case.scheme, clock.today())


def _clauses(request: SignedIn, case: Application, ruleset: RuleSet) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the clauses that can stop a case. If the user may see its contents, those that it does not meet come first."""
    words = {c.id: f"{c.label}（{c.id}）{c.phrase[:24]}" for c in ruleset.clauses.values() if "E" in c.enforcement}
    stopping: list[str] = []
    if cases(request.user).filter(pk=case.pk).exists():
        judged = judge(case, stage="approval", on=case.filed_on)
        stopping = list(dict.fromkeys(f.clause for f in blocking(case, judged) if f.clause in words))
    groups = [(_("其他條文"), [(key, text) for key, text in words.items() if key not in stopping])]
    return ([(_("本案未符合的條文"), [(key, words[key]) for key in stopping])] if stopping else []) + groups
