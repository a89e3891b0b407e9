"""Terms of office: who holds an office from when to when, and whose account goes with it."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from communities import permissions, queries
from communities.forms.people import EndTermForm, ExtendTermForm, InviteForm, TermForm
from communities.models import Organisation
from communities.services import terms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import InvitationError, PostError, actor
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import access, clock


def _organisation(request: SignedIn, pk: int) -> tuple[Organisation, Actor]:
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_register(request.user, found))
    return found, actor(request.user, Role.CASE_OFFICER, county=found.county)


@audience(Role.CASE_OFFICER)
def record(request: SignedIn, pk: int) -> HttpResponse:
    """Record a term of office."""
    organisation, by = _organisation(request, pk)
    form = TermForm(request.POST or None, head=organisation.head_word)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        user = fields.pop("account_email")
        try:
            terms.record_term(by, organisation, user=user, **fields)
        except terms.TermError as refused:
            form.add_error("valid_from", refused.reason)
        except PostError as refused:
            form.add_error("account_email", refused.reason)
        else:
            messages.success(request, _("已登錄任期。"))
            return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": organisation, "title": _("登錄任期")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
def end(request: SignedIn, pk: int, term: int) -> HttpResponse:
    """End a term of office."""
    organisation, by = _organisation(request, pk)
    found = get_object_or_404(organisation.terms, pk=term)
    form = EndTermForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            terms.end_term(by, found, form.cleaned_data["last_day"])
        except terms.TermError as refused:
            form.add_error("last_day", refused.reason)
        else:
            messages.success(request, _("已登錄任期結束。"))
            return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": organisation, "term": found, "title": _("結束任期"), "ends": True}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
def extend(request: SignedIn, pk: int, term: int) -> HttpResponse:
    """Let an office holder go on until the next election, as the county allows."""
    organisation, by = _organisation(request, pk)
    found = get_object_or_404(organisation.terms, pk=term)
    longest = max(found.valid_to or clock.today(), clock.today()) + dt.timedelta(days=terms.EXTENSION_DAYS)
    form = ExtendTermForm(request.POST or None, initial={"until": longest})
    if request.method == "POST" and form.is_valid():
        try:
            terms.extend_term(by, found, form.cleaned_data["until"], form.cleaned_data["memo_number"])
        except terms.TermError as refused:
            form.add_error("until", refused.reason)
        else:
            messages.success(request, _("已登錄延任。"))
            return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": organisation, "term": found, "title": _("登錄延任")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
def invite(request: SignedIn, pk: int, term: int) -> HttpResponse:
    """Invite the office holder to an account by e-mail."""
    organisation, by = _organisation(request, pk)
    found = get_object_or_404(organisation.terms, pk=term)
    form = InviteForm(request.POST or None, person=found.person_name, initial={"email": found.email})
    if request.method == "POST" and form.is_valid():
        try:
            terms.invite(by, found, form.cleaned_data["email"])
        except (terms.TermError, InvitationError) as refused:
            form.add_error("email", refused.reason)
        else:
            messages.success(request, _("邀請信已經寄出。"))
            return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": organisation, "term": found, "title": _("邀請使用帳號")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)
