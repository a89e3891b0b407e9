"""Payments: the list of what waits, the four steps of an instalment, the 領據 as PDF and as it was uploaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grants.enums import BEING_PAID, InstalmentStatus
from grants.forms.payments import ApproveForm, ReasonForm, ReceiptForm, WithdrawForm
from grants.forms.treasury import PaidForm
from grants.models import Award, Instalment
from grants.permissions import post_for
from grants.queries import scope
from grants.queries.payments import shown_of
from grants.services.payments import instalments, receipts
from grants.workflow.core import Move
from grants.workflow.payments import TABLE, letter_issued
from miaoli_kaohsiung.accounts.again import asked_again
from miaoli_kaohsiung.accounts.audiences import (
    ASSOCIATION_OR_OFFICER,
    CASE_HANDLERS,
    COUNTY_STAFF,
    PAPER_READERS,
)
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import made_pdf, response
from miaoli_kaohsiung.lib import pdf, shown
from miaoli_kaohsiung.lib.access import require
from miaoli_kaohsiung.lib.related import read_related


@dataclass(frozen=True)
class Card:
    """An instalment on the award's page with the steps that this person can take now."""

    instalment: Instalment
    moves: list[Move]
    may_read: bool
    # Whether this person approves or pays, and may compare both accounts if they differ.
    may_look: bool = False

    @property
    def receipt_pdf(self) -> bool:
        """Whether the 領據 can be printed now."""
        waits = self.instalment.status == InstalmentStatus.AWAITING_RECEIPT
        return self.may_read and waits and bool(letter_issued(self.instalment))

    @property
    def stopped(self) -> bool:
        """Whether the payment is stopped because the account is no longer that of the receipt."""
        return self.instalment.status in BEING_PAID and _differs(self.instalment)

    @property
    def account_changed(self) -> bool:
        """Whether it is stopped and this person may see both accounts."""
        return self.may_look and self.stopped

    @property
    def changed_url(self) -> str:
        """The page that shows both accounts while the payment is stopped."""
        usual = TABLE.usual(self.instalment.status)
        return usual.screen.page if usual else ""


def instalment_cards(user: User, award: Award) -> list[Card]:
    """Return the context variable `cards` of templates/grants/payments/_actions.html."""
    read_related(award, "instalments", joined=("receipt", "approved_by"))
    rows = list(award.instalments.all())
    may_read = post_for(user, award.application, PAPER_READERS) is not None
    posts = {name: post_for(user, award.application, TABLE[name].roles) is not None for name in ("approve", "pay")}
    looks = {InstalmentStatus.REQUESTED: posts["approve"], InstalmentStatus.APPROVED: posts["pay"]}
    return [
        Card(row, TABLE.open_to(row, user), may_read, looks.get(InstalmentStatus(row.status), False)) for row in rows
    ]


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def instalment_request(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Upload the receipt, or record the paper."""
    row = instalment_or_404(request.user, number, n)
    held = post_for(request.user, row.award.application, Role.CASE_OFFICER) is not None
    form = ReceiptForm(*_posted(request), paper_held=held, bounced=row.bounced)
    return _step(request, row, "request", form, instalments.request_payment, _("領據已送出，縣府核付後就會撥款。"))


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def instalment_return(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Send the receipt back with the reason."""
    row = instalment_or_404(request.user, number, n)
    form = ReasonForm(*_posted(request))
    return _step(request, row, "return_receipt", form, instalments.return_receipt, _("領據已退回，並已通知申請單位。"))


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
@asked_again
def instalment_approve(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Approve the receipt, so that finance may pay."""
    row = instalment_or_404(request.user, number, n)
    form = ApproveForm(*_posted(request))
    return _step(request, row, "approve", form, instalments.approve_payment, _("已核付，並已通知出納撥款。"))


@audience(COUNTY_STAFF)
@require_http_methods(["GET", "POST"])
def instalment_withdraw(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Withdraw the approval before the money is paid."""
    row = instalment_or_404(request.user, number, n)
    form = WithdrawForm(*_posted(request))
    done = _("已退回核付，並已通知承辦人和出納。")
    return _step(request, row, "withdraw_approval", form, instalments.withdraw_approval, done)


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
@asked_again
def instalment_pay(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Record that the money was paid."""
    row = instalment_or_404(request.user, number, n)
    form = PaidForm(*_posted(request), instalment=row)
    return _step(request, row, "pay", form, instalments.pay, _("已登記撥付，並已通知申請單位。"))


@audience(PAPER_READERS)
@require_GET
def receipt_pdf(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Return the 領據, filled in, to be sealed and signed."""
    row = _receipt_or_404(request.user, number, n)
    try:
        content = receipts.render(row)
    except pdf.UnavailableError:
        return render(request, "grants/applications/no_pdf.html", {"case": row.award.application}, status=503)
    return made_pdf(content, f"{number}-{n}.pdf")


@audience(PAPER_READERS)
@require_GET
def receipt_file(request: SignedIn, number: str, n: int) -> HttpResponseBase:
    """Return the receipt as it was uploaded."""
    row = _receipt_or_404(request.user, number, n)
    if row.receipt is None:
        raise Http404(_("這一期沒有上傳的領據。"))
    return response(row.receipt, inline=True)


@audience(PAPER_READERS)
@require_GET
def passbook_file(request: SignedIn, number: str, n: int) -> HttpResponseBase:
    """Return the copy of the passbook that came with the receipt."""
    row = _receipt_or_404(request.user, number, n)
    if row.passbook is None:
        raise Http404(_("這一期沒有存摺影本。"))
    return response(row.passbook, inline=True)


def instalment_or_404(user: User, number: str, n: int) -> Instalment:
    rows = scope.instalments(user).select_related(
        "award__application__organisation", "award__application__scheme", "receipt", "approved_by"
    )
    return get_object_or_404(rows, award__number=number, number=n)


def _receipt_or_404(user: User, number: str, n: int) -> Instalment:
    """Return the instalment to readers of its papers; raise 404 for others, even a township that sees the award."""
    row = instalment_or_404(user, number, n)
    if post_for(user, row.award.application, PAPER_READERS) is None:
        raise Http404
    return row


def _posted(request: SignedIn) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _step(
    request: SignedIn, row: Instalment, move: str, form: forms.Form, service: Callable[..., Any], done: str
) -> HttpResponse:
    watched = move in ("approve", "pay")
    if request.method == "POST" and watched and shown.changed(request.POST, shown_of(row, move)):
        form.add_error(None, shown.CHANGED)
    if request.method == "POST" and form.is_valid():
        service(request.user, row, **form.cleaned_data)
        messages.success(request, done)
        return redirect("grants:award_detail", row.award.number)
    answer = TABLE.answer(row, move, request.user)
    changed = not answer and _account_changed(request.user, row, move)
    if not changed:
        require(answer)
    hold_files(form, actor(request.user))
    context = {
        "changed": changed,
        "why_not": answer.reason,
        "row": row,
        "case": row.award.application,
        "award": row.award,
        "accent_county": row.award.county,
        "move": TABLE[move],
        "form": form,
        "danger": TABLE[move].screen.grave,
        "account": row.kept_account or row.registered_account,
        "now": row.registered_account,
        "shown": shown_of(row, move) if watched else "",
    }
    return render(request, "grants/payments/step.html", context, status=422 if form.errors else 200)


def _account_changed(user: User, row: Instalment, move: str) -> bool:
    """Return whether only the account stands in the way: then the page shows both accounts and what to do, not a bare
    refusal.
    """
    step = TABLE[move]
    if move not in ("approve", "pay") or row.status not in step.sources:
        return False
    mine = post_for(user, row.award.application, step.roles) is not None
    return mine and _differs(row)


def _differs(row: Instalment) -> bool:
    return row.kept_account != row.registered_account
