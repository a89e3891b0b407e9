"""Changes that an association proposes about itself; they wait until the office confirms them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from communities import permissions, queries
from communities.forms.own_changes import BankForm, ChairForm, RecordForm
from communities.forms.registry import ContactForm
from communities.models import Organisation
from communities.queries import waiting
from communities.services import chair_changes, organisations, record_changes
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.lib import access
from miaoli_kaohsiung.lib.access import Refused


@audience(ASSOCIATION_OR_OFFICER)
def contact(request: SignedIn, pk: int) -> HttpResponse:
    """Propose new facts of the record, as the association; a case officer corrects the contact data at once."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_update_contact(request.user, found))
    if not permissions.may_propose_changes(request.user, found):
        return _correct(request, found)
    form = RecordForm(request.POST or None, request.FILES or None, instance=found, county=found.county)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change = record_changes.propose_record(
                request.user, found, form.columns(), data["reason"], data.get("paper")
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _sent(change) if change else _("資料沒有變動，沒有送出變更。"))
            return redirect("communities:organisation", pk)
    return _page(request, found, form, _("送出變更"), heading=_("更正登記資料"), changes="organisation.record")


@audience(ASSOCIATION_OR_OFFICER)
def bank(request: SignedIn, pk: int) -> HttpResponse:
    """Propose another bank account, with the passbook."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_propose_bank(request.user, found))
    form = BankForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change = record_changes.propose_bank(request.user, found, form.columns(), data["passbook"], data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _sent(change))
            return redirect("communities:organisation", pk)
    return _page(request, found, form, _("送出變更"), heading=_("變更金融帳戶"), changes="organisation.bank")


@audience(Role.MEMBER)
def chair(request: SignedIn, pk: int) -> HttpResponse:
    """Propose the chairperson who was elected, with the certificate."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_propose_changes(request.user, found))
    form = ChairForm(request.POST or None, request.FILES or None, head=found.head_word)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        certificate, reason = data.pop("certificate"), data.pop("reason")
        del data["office"]
        try:
            change = chair_changes.propose_chair(request.user, found, certificate, data, reason)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _sent(change))
            return redirect("communities:organisation", pk)
    return _page(
        request,
        found,
        form,
        _("送出變更"),
        heading=_("換%(head)s") % {"head": found.head_word},
        changes="organisation.chair",
    )


def _correct(request: SignedIn, found: Organisation) -> HttpResponse:
    form = ContactForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        organisations.update_contact(actor(request.user, Role.CASE_OFFICER), found, **form.cleaned_data)
        messages.success(request, _("已更新，謝謝您。"))
        return redirect("communities:organisation", found.pk)
    return _page(request, found, form, _("更新聯絡資料"), heading=_("更新聯絡資料"), changes="")


def _sent(change: Change) -> str:
    who = _("由兩位縣府同仁核對") if change.needs_check else _("由縣府同仁確認")
    return _("已送出，%(who)s後生效；在那以前照原來的資料。") % {"who": who}


def _page(
    request: SignedIn, found: Organisation, form: forms.BaseForm, button: str, *, heading: str, changes: str
) -> HttpResponse:
    hold: Any = form
    hold_files(hold, actor(request.user, ASSOCIATION_OR_OFFICER))
    context = {
        "form": form,
        "organisation": found,
        "title": heading,
        "button": button,
        "waiting": waiting.waiting_change(changes, found) if changes else None,
        "accent_county": found.county,
    }
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)
