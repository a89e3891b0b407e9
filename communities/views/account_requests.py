"""The way in for people without an account: a public form, and the officers' queue of requests."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import queries
from communities.enums import AccountRequestStatus
from communities.forms.account_requests import AccountRequestForm, GrantAccountForm, RefuseAccountForm
from communities.models import AccountRequest
from communities.services import account_requests
from communities.services.terms import TermError
from miaoli_kaohsiung.accounts import limits
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.accounts.services import InvitationError, PostError, actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import field_of

SENT = "account_request_sent"


@public_page
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an account. Only the county's officers read the request."""
    form = AccountRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not limits.within(request, "account_request", limits.client_key(request)):
            form.add_error(None, _("這個網路位址送出的申請太多了，請過一小時再試，或打電話給縣府。"))
        else:
            try:
                made = account_requests.receive(**form.values())
            except account_requests.RequestError as refused:
                form.add_error(None, refused.reason)
            else:
                # Only what the confirmation shows: no personal data in the session.
                request.session[SENT] = {
                    "county": made.county,
                    "body": made.organisation_name,
                    "mail": bool(made.email),
                }
                return redirect("communities:account-request-sent")
    context = {"form": form, "days_kept": account_requests.DAYS_KEPT}
    return render(request, "communities/account_request.html", context, status=422 if form.errors else 200)


@public_page
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show what happens next and when."""
    request_sent = request.session.get(SENT)
    if not request_sent:
        return redirect("communities:account-request")
    context = {"request_sent": request_sent, "days_kept": account_requests.DAYS_KEPT}
    return render(request, "communities/account_request_sent.html", context)


@audience(Role.CASE_OFFICER)
@require_safe
def waiting(request: SignedIn) -> HttpResponse:
    """Show the requests of the officer's county, those that wait first."""
    rows = queries.account_requests(request.user).order_by("-status", "requested_on", "pk")
    return render(request, "communities/account_requests.html", {"rows": rows[:100]})


@audience(Role.CASE_OFFICER)
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Show one request: give the account, with the requested data filled in, or refuse it below."""
    asked = get_object_or_404(queries.account_requests(request.user), pk=pk)
    form = GrantAccountForm(request.POST or None, asked=asked, initial=_initial(asked))
    if request.method == "POST" and form.is_valid():
        by = actor(request.user, Role.CASE_OFFICER, county=asked.county)
        try:
            account_requests.invite(by, asked, user=form.account, **form.cleaned_data)
        except TermError as refused:
            form.add_error("valid_from", refused.reason)
        except (InvitationError, PostError, account_requests.RequestError) as refused:
            form.add_error("email", refused.reason)
        else:
            sent_to = (
                _("已登錄任期，邀請信已經寄出。") if form.account is None else _("已登錄任期，職務已加到原來的帳號。")
            )
            messages.success(request, sent_to)
            return redirect("communities:account-requests")
    return _page(request, asked, form, RefuseAccountForm())


@audience(Role.CASE_OFFICER)
@require_POST
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    """Refuse with a reason."""
    asked = get_object_or_404(queries.account_requests(request.user), pk=pk)
    form = RefuseAccountForm(request.POST)
    if form.is_valid():
        by = actor(request.user, Role.CASE_OFFICER, county=asked.county)
        try:
            account_requests.refuse(by, asked, form.cleaned_data["reason"])
        except account_requests.RequestError as refused:
            form.add_error("reason", refused.reason)
        else:
            messages.success(request, _("已記下不開立的理由。") if not asked.email else _("已把理由寄給對方。"))
            return redirect("communities:account-requests")
    return _page(request, asked, GrantAccountForm(asked=asked, initial=_initial(asked)), form)


def _initial(asked: AccountRequest) -> dict[str, object]:
    values = {name: getattr(asked, name) for name in ("office", "person_name", "phone", "email")}
    return values | {"valid_from": clock.today()}


def _page(
    request: HttpRequest, asked: AccountRequest, form: GrantAccountForm, refusal: RefuseAccountForm
) -> HttpResponse:
    context = {
        "asked": asked,
        "form": form,
        "refusal": refusal,
        "township": queries.township_name(asked.township_id or ""),
        "bodies": field_of(form, "organisation", forms.ModelChoiceField).queryset,
        "open": asked.status == AccountRequestStatus.WAITING,
        "accent_county": asked.county,
    }
    wrong = form.errors or refusal.errors
    return render(request, "communities/account_request_answer.html", context, status=422 if wrong else 200)
