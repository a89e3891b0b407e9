"""付款清冊: made from the list of what waits to be paid, looked at, sent, called back, and as files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.enums import WITH_TREASURY, BatchPaymentState, PaymentBatchStatus
from grants.forms.treasury import BatchFilter, BatchReasonForm
from grants.models import Instalment, PaymentBatch
from grants.queries import treasury
from grants.services.treasury import batches, papers
from grants.tables.treasury import BatchTable
from grants.workflow.treasury import TABLE, may_keep
from miaoli_kaohsiung.accounts import reads
from miaoli_kaohsiung.accounts.again import asked_again
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.files.written_sheets import TYPES
from miaoli_kaohsiung.lib import pdf, shown
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lists.pages import Listing

_PAGES = {"recall": "grants:payment_batch_recall", "discard": "grants:payment_batch_discard"}
# What is said once a batch was called back or given up.
_DONE = {"recall": "清冊已收回，可以再修改。", "discard": "這份清冊不編了，款項可以編到別的清冊。"}


def make_batch(request: SignedIn, rows: QuerySet[Instalment]) -> HttpResponseBase:
    """Begin a batch with the ticked rows of the list, and show it with what was left out. Raises Refused."""
    batch, left = batches.make(request.user, list(rows.order_by().values_list("pk", flat=True)))
    for one in left:
        number = one.instalment.award.number
        messages.warning(request, _("沒有編進清冊：%(case)s，%(why)s") % {"case": number, "why": one.reason})
    messages.success(request, _("已編成付款清冊 %(number)s。核對以後送出納。") % {"number": batch.number})
    return redirect("grants:payment_batch", batch.pk)


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def payment_batches(request: SignedIn) -> HttpResponseBase:
    """List the batches of the county."""
    found = BatchFilter(request.GET, queryset=treasury.batches(request.user).select_related("made_by"))
    listing = Listing(request, "batches", BatchTable, found)
    context = {"list": listing, "pays": treasury.may_make_batches(request.user)}
    return listing.posted() or render(request, "grants/treasury/batches.html", context)


@audience(COUNTY_READERS)
@require_GET
def payment_batch(request: SignedIn, pk: int) -> HttpResponse:
    """Show a batch: its rows, what was paid of it, its files and what can be done with it."""
    batch = _batch_or_404(request.user, pk)
    reads.note(request.user, reads.MONEY, batch, _("付款清冊和受款帳戶"))
    return _show(request, batch)


@audience(Role.FINANCE_OFFICER)
@require_POST
@asked_again
def payment_batch_send(request: SignedIn, pk: int) -> HttpResponse:
    """Send the batch to the treasury."""
    batch = _batch_or_404(request.user, pk)
    require(may_keep(batch, request.user))
    drafted = batch.status == PaymentBatchStatus.DRAFTED
    if drafted and shown.changed(request.POST, treasury.shown_of(batch)):
        messages.warning(request, shown.CHANGED)
        return redirect("grants:payment_batch", pk)
    try:
        batches.send(request.user, batch)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("已送出納。請印清冊簽章、下載轉帳檔；付款後把號碼和日期匯回來。"))
    return redirect("grants:payment_batch", pk)


@audience(Role.FINANCE_OFFICER)
@require_POST
def payment_batch_recall(request: SignedIn, pk: int) -> HttpResponse:
    """Call the batch back before anything of it is paid."""
    return _ended(request, pk, "recall", batches.recall)


@audience(Role.FINANCE_OFFICER)
@require_POST
def payment_batch_discard(request: SignedIn, pk: int) -> HttpResponse:
    """Give up a batch that is not sent."""
    return _ended(request, pk, "discard", batches.discard)


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
def payment_batch_row(request: SignedIn, pk: int, position: int) -> HttpResponse:
    """Take one row out before the batch is sent, or record that the treasury did not pay it."""
    batch = _batch_or_404(request.user, pk)
    require(may_keep(batch, request.user))
    row = get_object_or_404(treasury.payments_of(batch), position=position)
    drafted = batch.status == PaymentBatchStatus.DRAFTED
    form = BatchReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        service = batches.take_out if drafted else batches.send_back
        service(request.user, row, **form.cleaned_data)
        messages.success(request, _("已從清冊取出。") if drafted else _("已登記出納退回未付。"))
        return redirect("grants:payment_batch", pk)
    if row.state != BatchPaymentState.WAITING:
        messages.info(request, _("這一筆已經%(state)s。") % {"state": row.get_state_display()})
        return redirect("grants:payment_batch", pk)
    context = {"batch": batch, "row": row, "form": form, "drafted": drafted}
    return render(request, "grants/treasury/batch_row.html", context, status=422 if form.errors else 200)


@audience(COUNTY_READERS)
@require_GET
def payment_batch_pdf(request: SignedIn, pk: int) -> HttpResponse:
    """Return the 付款清冊 to be signed."""
    batch = _batch_or_404(request.user, pk)
    try:
        content = papers.paper(batch)
    except pdf.UnavailableError:
        return render(request, "grants/treasury/no_pdf.html", {"batch": batch}, status=503)
    return made_pdf(content, f"payments-{batch.number}.pdf")


@audience(COUNTY_READERS)
@require_POST
def payment_batch_table(request: SignedIn, pk: int, extension: str) -> HttpResponseBase:
    """Return the batch as a table to fill in."""
    if extension not in TYPES:
        raise Http404
    return papers.table(request.user, _batch_or_404(request.user, pk), extension)


@audience(Role.FINANCE_OFFICER)
@require_POST
def payment_batch_transfer(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return the bank's file."""
    batch = _batch_or_404(request.user, pk)
    require(may_keep(batch, request.user))
    return papers.transfer(request.user, batch)


def _batch_or_404(user: User, pk: int) -> PaymentBatch:
    return get_object_or_404(treasury.batches(user).select_related("made_by", "sent_by"), pk=pk)


def _ended(request: SignedIn, pk: int, move: str, service: Callable[..., Any]) -> HttpResponse:
    batch = _batch_or_404(request.user, pk)
    require(may_keep(batch, request.user))
    form = BatchReasonForm(request.POST, prefix=move)
    if not form.is_valid():
        return _show(request, batch, {move: form})
    try:
        service(request.user, batch, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _DONE[move])
    return redirect("grants:payment_batch", pk)


def _show(request: SignedIn, batch: PaymentBatch, forms: dict[str, BatchReasonForm] | None = None) -> HttpResponse:
    keeps = bool(may_keep(batch, request.user))
    moves = TABLE.names_open_to(batch, request.user)
    grave = [name for name in ("recall", "discard") if name in moves]
    given = forms or {}
    context = {
        "batch": batch,
        "rows": list(treasury.payments_of(batch)),
        "keeps": keeps,
        "may_send": "send" in moves,
        "shown": treasury.shown_of(batch),
        "grave": [(TABLE[name], _PAGES[name], given.get(name) or BatchReasonForm(prefix=name)) for name in grave],
        "drafted": batch.status == PaymentBatchStatus.DRAFTED,
        "with_treasury": batch.status in WITH_TREASURY,
        "waiting": BatchPaymentState.WAITING,
        "paid": BatchPaymentState.PAID,
    }
    return render(request, "grants/treasury/batch.html", context, status=422 if forms else 200)
