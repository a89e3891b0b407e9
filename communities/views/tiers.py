"""Tiers: a case officer proposes, an approver confirms or refuses, one by one or many at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities import permissions, queries
from communities.enums import TierBasis
from communities.forms.registry import DecisionForm, TierForm
from communities.models import TierDecision
from communities.services import tiers
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import roc_year

PAGE_SIZE = 15


@audience(Role.CASE_OFFICER)
def propose(request: SignedIn, pk: int) -> HttpResponse:
    """Propose the tier of an association for a year."""
    organisation = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_propose_tier(request.user, organisation))
    form = TierForm(request.POST or None, initial={"year": roc_year(clock.today().year)})
    if request.method == "POST" and form.is_valid():
        try:
            tiers.propose_tier(request.user, organisation, basis=TierBasis.DECISION, **form.cleaned_data)
        except tiers.TierError as refused:
            form.add_error("year", refused.reason)
        else:
            messages.success(request, _("已提報，等主管確認。"))
            return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": organisation, "title": _("提報分級")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@audience(COUNTY_READERS)
def proposals(request: SignedIn) -> HttpResponse:
    """Show tiers that wait for confirmation; an approver confirms the ticked ones together."""
    rows = queries.tier_proposals(request.user)
    if request.method == "POST":
        chosen = [pk for text in request.POST.getlist("decision") if (pk := whole_number(text)) is not None]
        # Only rows that still wait and that the user may see: a page left open for a day confirms nothing else.
        waiting = list(rows.filter(pk__in=chosen).values_list("pk", flat=True))
        tiers.confirm_tiers(request.user, waiting)
        count = len(waiting)
        messages.success(request, ngettext("已確認 %d 件分級。", "已確認 %d 件分級。", count) % count)
        return redirect("communities:tier-proposals")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    may_confirm = False
    for decision in page:
        answer = permissions.may_decide_tier(request.user, decision)
        decision.answer = answer  # type: ignore[attr-defined]  # for its row on the page
        may_confirm = may_confirm or bool(answer)
    return render(request, "communities/tier_proposals.html", {"page": page, "may_confirm": may_confirm})


@audience(COUNTY_READERS)
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Show one proposal, to confirm or refuse."""
    decision = get_object_or_404(
        TierDecision.objects.select_related("organisation", "proposed_by", "decided_by"),
        pk=pk,
        organisation__in=queries.registered(request.user),
    )
    answer = permissions.may_decide_tier(request.user, decision)
    form = DecisionForm(request.POST or None, instance=decision)
    if request.method == "POST":
        access.require(answer)
        if form.is_valid():
            note, confirm = form.cleaned_data["decision_note"], "refuse" not in request.POST
            tiers.decide_tier(request.user, decision, confirm=confirm, note=note)
            messages.success(request, _("已確認分級。") if confirm else _("已退回，不同意這個分級。"))
            return redirect("communities:organisation", decision.organisation_id)
    context = {"decision": decision, "form": form, "answer": answer}
    return render(request, "communities/tier_decision.html", context, status=422 if form.errors else 200)
