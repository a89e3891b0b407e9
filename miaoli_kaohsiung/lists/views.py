"""Acts on several rows: what will happen to which, how far it is, and what became of each."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience

from .bulk import services
from .bulk.kinds import Kind, Options, kind_of
from .enums import RowState
from .models import BulkRun

RECENT = 30


@audience(COUNTY_STAFF)
@require_GET
def bulk_runs(request: SignedIn) -> HttpResponse:
    """Show the person's latest runs."""
    states = {state.value: Count("rows", filter=Q(rows__state=state)) for state in RowState}
    runs = BulkRun.objects.filter(requested_by=request.user, confirmed_at__isnull=False).annotate(**states)
    return render(request, "lists/bulk_runs.html", {"runs": [(run, kind_of(run.kind)) for run in runs[:RECENT]]})


@audience(COUNTY_STAFF)
@require_http_methods(["GET", "POST"])
def bulk_run(request: SignedIn, pk: int) -> HttpResponse:
    """Show what will happen and let it be confirmed; then the progress and the outcome of each row."""
    run = get_object_or_404(BulkRun, pk=pk, requested_by=request.user)
    kind = kind_of(run.kind)
    if run.confirmed_at is not None:
        return _progress(request, run, kind)
    keys = list(run.rows.values_list("key", flat=True))
    form = _form(request, kind, keys)
    if form.is_valid() and request.POST.get("command") == "confirm":
        services.confirm(request.user, run, _kept(form.cleaned_data))
        return redirect("lists:bulk_run", pk)
    options = _kept(form.cleaned_data) if form.is_valid() else _initial(form)
    planned = kind.plan(request.user, keys, options)
    context = {
        "run": run,
        "kind": kind,
        "form": form,
        "planned": planned,
        "count": sum(not row.refusal for row in planned),
        "looks": bool(form.fields),
    }
    return render(request, "lists/bulk_confirm.html", context, status=422 if form.errors else 200)


def _form(request: SignedIn, kind: Kind, keys: list[int]) -> forms.Form:
    form = forms.Form(request.POST if request.method == "POST" else None)
    form.fields.update(kind.fields(request.user, keys))
    return form


def _initial(form: forms.Form) -> Options:
    return _kept({name: form.get_initial_for_field(field, name) for name, field in form.fields.items()})


def _kept(data: dict[str, Any]) -> Options:
    """Return the options as JSON keeps them: days in ISO 8601."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in data.items()}


def _progress(request: SignedIn, run: BulkRun, kind: Kind) -> HttpResponse:
    rows = list(run.rows.all())
    states = [row.state for row in rows]
    context = {"run": run, "kind": kind, "rows": rows, "total": len(rows)}
    context |= {state.value: states.count(state) for state in RowState}
    answer = render(request, "lists/bulk_run.html", context)
    if run.finished_at is None:
        answer["Refresh"] = "3"
    return answer
