"""The way in for people without an account: three public forms, and the officers' queue of what they sent."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import queries
from communities.enums import AccountRequestStatus, RequestKind
from communities.forms.account_requests import (
    AccountRequestForm,
    AskingForm,
    ClaimForm,
    GrantAccountForm,
    RefuseAccountForm,
    RegistrationForm,
)
from communities.forms.registry import OrganisationForm
from communities.models import AccountRequest, OfficeTerm
from communities.queries import waiting
from communities.services import account_requests
from communities.services.terms import TermError
from communities.views.registry import propose_numbers, saving
from miaoli_kaohsiung.accounts import counties, limits
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.accounts.services import InvitationError, PostError, actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import made_pdf, response
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.fields import field_of
from miaoli_kaohsiung.lib.leads_back import no_page

SENT = "account_request_sent"


@public_page
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an account. Only the county's officers read the request."""
    form = AccountRequestForm(request.POST or None)
    return _received(request, form, {}) or _form_page(request, "communities/account_request.html", form)


@public_page
@limits.limited("public_file", "POST", heavy=True)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one is of this body of the directory, with the certificate that shows it."""
    body = get_object_or_404(queries.listed(), pk=pk)
    form = ClaimForm(request.POST or None, request.FILES or None)
    fields = {
        "kind": RequestKind.CLAIM,
        "county": body.county,
        "township_id": body.township_id,
        "organisation": body,
        "organisation_name": body.name,
    }
    sent = _received(request, form, fields)
    return sent or _form_page(request, "communities/claim.html", form, organisation=body)


@public_page
@limits.limited("public_file", "POST", heavy=True)
def register(request: HttpRequest) -> HttpResponse:
    """Ask that a new body is entered in the registry, with its papers."""
    form = RegistrationForm(request.POST or None, request.FILES or None)
    sent = _received(request, form, {"kind": RequestKind.REGISTRATION})
    return sent or _form_page(request, "communities/registration.html", form)


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
def request_list(request: SignedIn) -> HttpResponse:
    """Show the requests of the officer's county, those that wait first."""
    rows = waiting.account_requests(request.user).order_by("-status", "requested_on", "pk")
    return render(request, "communities/account_requests.html", {"rows": rows[:100]})


@audience(Role.CASE_OFFICER)
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Show one request beside the record: let the person in, with the requested data filled in, or refuse it below."""
    asked = get_object_or_404(waiting.account_requests(request.user), pk=pk)
    form = GrantAccountForm(request.POST or None, asked=asked, initial=_initial(asked))
    body_form = _body_form(request, asked)
    if request.method == "POST" and form.is_valid() and (body_form is None or body_form.is_valid()):
        made = _answered(request, asked, form, body_form)
        if made is not None:
            return _after(request, made)
    return _page(request, asked, form, RefuseAccountForm(asked=asked), body_form)


@audience(Role.CASE_OFFICER)
@require_POST
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    """Refuse with a reason."""
    asked = get_object_or_404(waiting.account_requests(request.user), pk=pk)
    form = RefuseAccountForm(request.POST, asked=asked)
    if form.is_valid():
        by, data = actor(request.user, Role.CASE_OFFICER, county=asked.county), form.cleaned_data
        try:
            account_requests.refuse(by, asked, data["reason"], data.get("reached_by", ""), data.get("reached_note", ""))
        except account_requests.RequestError as refused:
            form.add_error("reason", refused.reason)
        else:
            messages.success(request, _("已把理由寄給對方。") if asked.email else _("已記下理由和怎麼告訴對方。"))
            return redirect("communities:account-request-answer", pk)
    return _page(request, asked, GrantAccountForm(asked=asked, initial=_initial(asked)), form, _body_form(None, asked))


@audience(Role.CASE_OFFICER)
@require_safe
@no_page
def refusal_letter(request: SignedIn, pk: int) -> HttpResponse:
    """Return the refusal as a letter for somebody without e-mail."""
    rows = waiting.account_requests(request.user).filter(status=AccountRequestStatus.REFUSED, forgotten_on=None)
    asked = get_object_or_404(rows, pk=pk)
    try:
        return made_pdf(account_requests.refusal_letter(asked), "letter.pdf")
    except pdf.UnavailableError as missing:
        messages.error(request, str(missing))
        return redirect("communities:account-request-answer", pk)


@audience(Role.CASE_OFFICER)
@require_safe
@no_page
def paper(request: SignedIn, pk: int, paper_id: int) -> HttpResponseBase:
    """Return one paper of a request."""
    asked = get_object_or_404(waiting.account_requests(request.user), pk=pk)
    row = get_object_or_404(asked.papers.select_related("file"), pk=paper_id)
    return response(row.file, inline=True)


# --- Parts ------------------------------------------------------------------------------------------------------------------


def _received(request: HttpRequest, form: AskingForm, fields: dict[str, Any]) -> HttpResponse | None:
    """Keep a valid request and return the redirect; else None, with the error at the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    if not limits.within(request, "account_request", limits.client_key(request)):
        form.add_error(None, _("這個網路位址送出的申請太多了，請過一小時再試，或打電話給縣府。"))
        return None
    try:
        made = account_requests.receive(form.uploads(), **form.values() | fields)
    except account_requests.RequestError as refused:
        form.add_error(None, refused.reason)
        return None
    # Only what the confirmation shows: no personal data in the session.
    request.session[SENT] = {
        "county": made.county,
        "body": made.organisation_name,
        "mail": bool(made.email),
        "kind": made.get_kind_display(),
    }
    return redirect("communities:account-request-sent")


def _form_page(request: HttpRequest, template: str, form: AskingForm, **context: Any) -> HttpResponse:
    try:
        # So that nobody chooses a file twice because another field was wrong.
        hold_files(form, Actor.system(_("帳號申請")))
    except ValidationError:
        form.add_error(None, _("選好的檔案這次留不住，請再選一次。"))
    context |= {"form": form, "days_kept": account_requests.DAYS_KEPT}
    return render(request, template, context, status=422 if form.errors else 200)


def _body_form(request: HttpRequest | None, asked: AccountRequest) -> OrganisationForm | None:
    """Return the form of the new body, with what was asked for filled in; None for a request about a known one."""
    if asked.kind != RequestKind.REGISTRATION:
        return None
    names: dict[str, Any] = {"name": asked.organisation_name, "registration_number": asked.registration_number}
    registered_on = names["registered_on"] = _day(asked.facts.get("registered_on"))
    names["registration_county"] = counties.name_of(asked.county, registered_on or clock.today())
    initial = asked.facts | names | {"township": asked.township_id}
    data = request.POST or None if request else None
    return OrganisationForm(data, county=asked.county, initial=initial, prefix="body")


def _answered(
    request: SignedIn, asked: AccountRequest, form: GrantAccountForm, body_form: OrganisationForm | None
) -> OfficeTerm | None:
    by = actor(request.user, Role.CASE_OFFICER, county=asked.county)
    try:
        if body_form is None:
            return account_requests.invite(by, asked, **form.answer())
        made = None
        facts = {
            ("township_id" if name == "township" else name): value for name, value in body_form.cleaned_data.items()
        }
        with saving(request, body_form), trail.unit_of_work(by):
            made = account_requests.register(by, asked, facts | body_form.reasons(), **form.answer())
            propose_numbers(request, body_form, made.organisation)
        return None if body_form.errors else made
    except TermError as refused:
        form.add_error("valid_from", refused.reason)
    except (InvitationError, PostError, account_requests.RequestError) as refused:
        form.add_error("email", refused.reason)
    return None


def _after(request: SignedIn, made: OfficeTerm) -> HttpResponse:
    if made.user_id:
        messages.success(request, _("已登錄任期，職務已加到原來的帳號。"))
    elif request.POST.get("email"):
        messages.success(request, _("已登錄任期，邀請信已經寄出。"))
    else:
        messages.success(request, _("已登錄任期。對方沒有信箱，接著請印開通信。"))
        return redirect("communities:term-letter", made.organisation_id, made.pk)
    return redirect("communities:account-requests")


def _initial(asked: AccountRequest) -> dict[str, object]:
    names = ("office", "person_name", "phone", "email", "board_term_number", "valid_to")
    return {name: getattr(asked, name) for name in names} | {"valid_from": asked.valid_from or clock.today()}


def _day(kept: str | None) -> dt.date | None:
    return dt.date.fromisoformat(kept) if kept else None


def _page(
    request: HttpRequest,
    asked: AccountRequest,
    form: GrantAccountForm,
    refusal: RefuseAccountForm,
    body_form: OrganisationForm | None,
) -> HttpResponse:
    bodies = waiting.bodies_for(asked) if body_form else field_of(form, "organisation", forms.ModelChoiceField).queryset
    context = {
        "asked": asked,
        "form": form,
        "refusal": refusal,
        "body_form": body_form,
        "rows": waiting.compared(asked),
        "papers": asked.papers.select_related("file"),
        "township": queries.township_name(asked.township_id or ""),
        "bodies": bodies,
        "open": asked.status == AccountRequestStatus.WAITING,
        "accent_county": asked.county,
    }
    wrong = form.errors or refusal.errors or (body_form and body_form.errors)
    return render(request, "communities/account_request_answer.html", context, status=422 if wrong else 200)
