"""A judge's own sheets: one association after the other. A sheet saves itself (static/js/autosave.js)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.queries import training
from evaluation import permissions
from evaluation.enums import Interest
from evaluation.forms.sheets import InterestForm, SheetForm
from evaluation.models import Sheet
from evaluation.queries import sheets
from evaluation.queries.carried import carried_of
from evaluation.services.sheets import declare, save, submit
from grants.queries.duties import attended
from grants.queries.standing import standing_of
from grants.views import merging
from miaoli_kaohsiung.accounts.audiences import SCORERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import merge
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number

from .own_marks import RECENT
from .rounds import address_of, round_or_404


@audience(SCORERS)
@require_http_methods(["GET", "POST"])
def sheet_page(request: SignedIn, pk: int) -> HttpResponseBase:
    """Show the judge's sheet; keep what is posted, and let it count with command=submit. autosave.js posts here as well and
    gets JSON.
    """
    sheet = get_object_or_404(sheets.own_sheets(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, sheet)
    wanted = request.headers.get("Accept") == "application/json"
    try:
        saved = _keep(request, sheet)
    except Refused as refused:
        if wanted:
            return JsonResponse({"message": refused.reason}, status=409)
        return _page(request, sheet, 422, form=_bound(request, sheet), problems=[refused.reason])
    if wanted:
        row = saved.row or sheet
        data, status = merging.answer(saved, [SheetForm(sheet=row)], row.edition)
        return JsonResponse(data, status=status)
    if saved.conflicts or saved.forms[0].errors:
        status = 409 if saved.conflicts else 422
        return _page(request, saved.row or sheet, status, form=saved.forms[0], conflicts=saved.conflicts)
    return _after(request, saved.row)


@audience(SCORERS)
@require_safe
def grid(request: SignedIn, year: int) -> HttpResponse:
    """Show all of the judge's sheets of a round at once, a row each; every row saves itself as the sheet's own page does."""
    found = round_or_404(request, year)
    rows = sheets.own_sheets(request.user).filter(entry__round=found, interest=Interest.NONE)
    indicators = list(found.indicators.all())
    forms = []
    for sheet in rows.prefetch_related("scores"):
        form = SheetForm(sheet=sheet, indicators=indicators, auto_id=f"sheet-{sheet.pk}-%s")
        for field in form.fields.values():
            field.widget.attrs["class"] = "form-control"
        shown = form if permissions.may_score(request.user, sheet) else None
        forms.append((sheet, shown, merge.seen([form])))
    undeclared = sheets.own_sheets(request.user).filter(entry__round=found, interest=Interest.UNANSWERED)
    context = {"round": found, "indicators": indicators, "rows": forms, "undeclared": undeclared}
    return render(request, "evaluation/grid.html", context)


@audience(SCORERS)
@require_POST
def interest(request: SignedIn, pk: int) -> HttpResponse:
    """Keep what the judge declares; a conflict takes the sheet away."""
    sheet = get_object_or_404(sheets.own_sheets(request.user), pk=pk)
    form = InterestForm(request.POST)
    if not form.is_valid():
        return _page(request, sheet, 422, interest_form=form)
    data = form.cleaned_data
    row = declare(request.user, sheet, conflict=data["interest"] == Interest.CONFLICT, note=data["note"])
    if row.interest == Interest.NONE:
        return redirect("evaluation:sheet", pk)
    messages.info(request, _("謝謝您。%(name)s由別的委員評分。") % {"name": row.entry.organisation.name})
    return redirect(address_of("evaluation:round", row.entry.round))


def _keep(request: SignedIn, sheet: Sheet) -> merging.Saved[SheetForm]:
    """Keep what could be read, merged with what another window saved meanwhile."""

    def make(posted: QueryDict | None) -> list[SheetForm]:
        return [SheetForm(posted, sheet=get_object_or_404(sheets.own_sheets(request.user), pk=sheet.pk))]

    def store(posted: Any, edition: int) -> Sheet:
        posted[0].is_valid()
        return save(request.user, sheet, posted[0].marks(), edition=edition)

    edition = whole_number(request.POST.get("edition"), digits=9) or 0
    return merging.save(request, sheet, edition, make, store)


def _bound(request: SignedIn, sheet: Sheet) -> SheetForm:
    form = SheetForm(request.POST, sheet=sheet)
    form.is_valid()
    return form


def _after(request: SignedIn, sheet: Sheet) -> HttpResponse:
    """Lead on after a button was pressed: to the next sheet that waits once this one counts."""
    if request.POST.get("command") != "submit":
        messages.success(request, _("已儲存。全部評完請按「送出」。"))
        return redirect("evaluation:sheet", sheet.pk)
    try:
        submit(request.user, sheet)
    except Refused as refused:
        return _page(request, sheet, 422, problems=[refused.reason])
    name = sheet.entry.organisation.name
    following = sheets.waiting_sheets(request.user, sheet.entry.round).first()
    if following is None:
        messages.success(request, _("已送出%(name)s的評分表，您的都評完了，謝謝。") % {"name": name})
        return redirect(address_of("evaluation:round", sheet.entry.round))
    messages.success(request, _("已送出%(name)s的評分表，接著是下一個協會。") % {"name": name})
    return redirect("evaluation:sheet", following.pk)


def _page(request: SignedIn, sheet: Sheet, status: int = 200, **context: Any) -> HttpResponse:
    sheet = get_object_or_404(sheets.own_sheets(request.user), pk=sheet.pk)
    answer = permissions.may_score(request.user, sheet)
    stored = SheetForm(sheet=sheet)
    asks = sheet.interest == Interest.UNANSWERED and permissions.may_declare(request.user, sheet)
    keys = list(sheets.own_sheets(request.user).filter(entry__round=sheet.entry.round).values_list("pk", flat=True))
    place = keys.index(sheet.pk)
    context = {
        "sheet": sheet,
        "entry": sheet.entry,
        "round": sheet.entry.round,
        "answer": answer,
        "carried": [] if asks else list(carried_of(sheet.entry).values()),
        "own_marks": sheet.entry.own_marks.select_related("indicator"),
        "standing": standing_of(sheet.entry.organisation) if not asks else None,
        "attended": attended(sheet.entry.organisation_id)[:RECENT],
        "courses": training.courses_of(sheet.entry.organisation_id)[:RECENT],
        "scores": sheet.scores.select_related("indicator"),
        "form": stored if answer else None,
        "interest_form": InterestForm() if asks else None,
        "edition": sheet.edition,
        "seen": merge.seen([stored]),
        "place": place + 1,
        "count": len(keys),
        "before": keys[place - 1] if place else None,
        "after": keys[place + 1] if place + 1 < len(keys) else None,
        **context,
    }
    return render(request, "evaluation/sheet.html", context, status=status)
