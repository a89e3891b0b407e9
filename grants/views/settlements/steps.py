"""The 結報 on the screen: one page for everybody, and an address to post to for each step."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from grants.forms.settlements.months import LawReasonForm, ShortfallForm
from grants.forms.settlements.report import AcceptForm, CompletionForm, CorrectionForm, ReportForm, SumsForm
from grants.models import Award, Settlement
from grants.permissions import holds, post_for
from grants.queries.settlements.rows import award_seen, shown_of
from grants.services.awards.decisions import OverEnvelopeError
from grants.services.settlements import papers, reports, surcharges
from grants.services.settlements.law import LawStopsError, findings
from grants.views import merging, removed
from grants.views.applications.steps import posted_edition
from grants.workflow import settlements
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, COUNTY_STAFF, PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.fields import PapersForm
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import shown
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page

from . import page
from .viewer import Page, reads


@audience(AWARD_READERS)
@require_GET
def settlement_detail(request: SignedIn, number: str) -> HttpResponse:
    """Show what happens next, the figures, the papers, the money that follows, and the forms of those whose turn it is."""
    return show(request, award_or_404(request, number))


@audience(Role.MEMBER)
@require_POST
def settlement_complete(request: SignedIn, number: str) -> HttpResponse:
    """Record when the project was carried out."""
    award = award_or_404(request, number)
    form = CompletionForm(request.POST, award=award)
    if not form.is_valid():
        require(holds(request.user, award.application, Role.MEMBER))
        return show(request, award, 422, completion_form=form)
    reports.register_completion(request.user, award, form.cleaned_data["completed_on"])
    messages.success(request, _("已登記執行完畢，請接著填結報。"))
    return redirect("grants:settlement_detail", number)


@audience(Role.MEMBER)
@require_POST
def settlement_start(request: SignedIn, number: str) -> HttpResponse:
    """Begin to fill in before the project is over."""
    reports.start(request.user, award_or_404(request, number))
    return redirect("grants:settlement_detail", number)


@audience(Role.MEMBER)
@require_POST
def settlement_report(request: SignedIn, number: str) -> HttpResponseBase:
    """Save, or save and send (command=submit); autosave.js posts here as well and gets JSON."""
    settlement = settlement_or_404(request, number)
    wanted = request.headers.get("Accept") == "application/json"
    uploads = None if wanted else take_in(request, settlement)
    try:
        saved = keep_report(request, settlement)
    except Refused as refused:
        if not wanted:
            raise
        return JsonResponse({"message": refused.reason}, status=409)
    row, form = saved.row or settlement, saved.forms[0]
    row.award = settlement.award
    if wanted:
        data, status = merging.answer(saved, [ReportForm(settlement=row)], row.edition)
        return JsonResponse(data | {"parts": page.totals(row, request)}, status=status)
    if saved.conflicts or form.errors or (uploads and uploads.errors):
        status = 409 if saved.conflicts else 422
        return show(request, row.award, status, uploads, report_form=form, conflicts=saved.conflicts)
    if saved.notice:
        messages.info(request, saved.notice)
    return _sent(request, row, form)


def keep_report(request: SignedIn, settlement: Settlement) -> merging.Saved[ReportForm]:
    """Save what was typed and could be read, merged with what another window saved meanwhile."""

    def make(posted: QueryDict | None) -> list[ReportForm]:
        return [ReportForm(posted, settlement=settlement)]

    def store(posted: Any, edition: int) -> Settlement:
        posted[0].is_valid()
        return reports.save(request.user, settlement, posted[0].report(), edition=edition)

    return merging.save(request, settlement, posted_edition(request), make, store)


def _sent(request: SignedIn, settlement: Settlement, form: ReportForm) -> HttpResponse:
    if request.POST.get("command") != "submit":
        messages.success(request, _("已儲存。備齊以後請按「送出結報」。"))
        return redirect("grants:settlement_detail", settlement.number)
    try:
        reports.submit(request.user, settlement, form.report(), edition=settlement.edition)
    except reports.IncompleteError as incomplete:
        return show(request, settlement.award, 422, gaps=incomplete.gaps)
    messages.success(request, _("結報已送出，謝謝。縣府核對後會通知您。"))
    return redirect("grants:settlement_detail", settlement.number)


@audience(PAPER_READERS)
@require_GET
@no_page
def settlement_paper(request: SignedIn, number: str, paper_id: int) -> HttpResponseBase:
    """Return one paper of the 結報; vouchers hold personal data, so the township may not read them."""
    settlement = settlement_or_404(request, number)
    if post_for(request.user, settlement.award.application, PAPER_READERS) is None:
        raise Http404
    if not reads(request.user, settlement):
        raise Refused(_("協會填寫中，尚未送出。"))
    paper = get_object_or_404(settlement.documents.select_related("file"), pk=paper_id)
    return response(paper.file, inline=True)


@audience(Role.FINANCE_OFFICER)
@require_POST
def settlement_sums(request: SignedIn, number: str) -> HttpResponse:
    """Record how much of each line is admitted."""
    settlement = settlement_or_404(request, number)
    form = SumsForm(request.POST, settlement=settlement)
    if not form.is_valid() or _changed(request, settlement, form, admitted=False):
        require(settlements.TABLE.answer(settlement, "check_sums", request.user))
        return show(request, settlement.award, 422, sums_form=form)
    try:
        reports.check_sums(request.user, settlement, form.admitted(), form.admitted_months())
    except LawStopsError as stops:
        form.add_error(None, stops.reason)
        return show(request, settlement.award, 422, sums_form=form)
    messages.success(request, _("憑證已核，已通知承辦人核成果。"))
    return redirect("grants:settlement_detail", number)


@audience(Role.CASE_OFFICER)
@require_POST
def settlement_content(request: SignedIn, number: str) -> HttpResponse:
    """Record that outcome, photos and activity papers were checked, and answer the explanations of months with too few
    people.
    """
    settlement = settlement_or_404(request, number)
    form = ShortfallForm(request.POST, shortfalls=surcharges.shortfalls(settlement))
    reasons = LawReasonForm(request.POST, found=findings(settlement))
    if not (form.is_valid() & reasons.is_valid()) or _changed(request, settlement, form):
        require(settlements.TABLE.answer(settlement, "check_content", request.user))
        return show(request, settlement.award, 422, shortfall_form=form, law_form=reasons)
    reports.judge_attendance(request.user, settlement, form.verdicts())
    if form.all_accepted:
        reports.check_content(request.user, settlement, reasons.cleaned_data)
        messages.success(request, _("成果已核，已通知主管。"))
    else:
        messages.warning(request, _("已記下審查意見。有說明沒有接受，請用「請協會補正」退回。"))
    return redirect("grants:settlement_detail", number)


@audience(Role.APPROVER)
@require_POST
def settlement_accept(request: SignedIn, number: str) -> HttpResponse:
    """Accept the settlement (准予核銷)."""
    settlement = settlement_or_404(request, number)
    form = AcceptForm(request.POST)
    if not form.is_valid() or _changed(request, settlement, form):
        require(settlements.TABLE.answer(settlement, "accept", request.user))
        return show(request, settlement.award, 422, accept_form=form)
    try:
        reports.accept(request.user, settlement, memo_number=form.cleaned_data["memo_number"])
    except OverEnvelopeError as over:
        form.add_error("memo_number", over.reason)
        return show(request, settlement.award, 422, accept_form=form)
    messages.success(request, _("已准予核銷，並已通知申請單位。"))
    return redirect("grants:settlement_detail", number)


@audience(COUNTY_STAFF)
@require_POST
def settlement_correction(request: SignedIn, number: str) -> HttpResponse:
    """Send the 結報 back with what is missing."""
    settlement = settlement_or_404(request, number)

    def send_back(form: forms.Form) -> Any:
        return reports.ask_correction(request.user, settlement, form.cleaned_data["note"])

    require(settlements.TABLE.answer(settlement, reports.way_back(settlement), request.user))
    return _posted(
        request, settlement, "correction_form", CorrectionForm(request.POST), send_back, _("已請申請單位補正。")
    )


def _changed(request: SignedIn, settlement: Settlement, form: forms.Form, *, admitted: bool = True) -> bool:
    """Return whether the page was opened before something of the account changed; the form says so then."""
    found = shown.changed(request.POST, shown_of(settlement, admitted=admitted))
    if found:
        form.add_error(None, shown.CHANGED)
    return found


def _posted(
    request: SignedIn,
    row: Settlement,
    name: str,
    form: forms.Form,
    service: Callable[[forms.Form], Any],
    done: str,
) -> HttpResponse:
    if not form.is_valid():
        bound: dict[str, Any] = {name: form}
        return show(request, row.award, 422, **bound)
    service(form)
    messages.success(request, done)
    return redirect("grants:settlement_detail", row.number)


def take_in(request: SignedIn, settlement: Settlement) -> PapersForm:
    """Keep every file that was sent and may be kept; the form has the errors of the others."""
    form = page.papers_form(settlement, (request.POST, request.FILES))
    form.is_valid()
    for kind, checked, _note in form.passed:
        paper = papers.add_document(request.user, settlement, kind, checked)
        messages.success(request, _("已收到「%(name)s」。") % {"name": paper.file.name} + checked.note)
    return form


def show(
    request: SignedIn, award: Award, status: int = 200, uploads: PapersForm | None = None, **extra: Any
) -> HttpResponse:
    """Show the page of the 結報, with bound forms after a refusal."""
    context = page.context(page_of(request, award, uploads), **extra)
    return render(request, "grants/settlements/detail.html", context, status=status)


def page_of(request: SignedIn, award: Award, uploads: PapersForm | None = None) -> Page:
    gone = removed.of(request, f"settlement:{award.number}")
    return Page(request.user, award, getattr(award, "settlement", None), uploads, gone)


def award_or_404(request: SignedIn, number: str) -> Award:
    award = award_seen(request.user, number)
    if award is None:
        raise Http404(f"No {Award._meta.object_name} matches the given query.")
    return award


def settlement_or_404(request: SignedIn, number: str) -> Settlement:
    award = award_or_404(request, number)
    settlement: Settlement | None = getattr(award, "settlement", None)
    if settlement is None:
        raise Http404(_("這一案還沒有結報。"))
    settlement.award = award
    return settlement
