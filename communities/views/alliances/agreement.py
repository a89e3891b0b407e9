"""The agreement of an alliance: an association's alliances, a new one, the chairperson's answer, its page, its end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities import permissions, queries
from communities.enums import MembershipStatus
from communities.forms.alliances import AllianceForm, AnswerForm, InviteForm, ReasonForm
from communities.models import Alliance, Organisation
from communities.queries import alliances
from communities.services.alliances import agreement
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.audit.queries import history_of_object
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.network import Node, star

HISTORY_ROWS = 30
COLUMNS = ("name", "purpose", "starts_on", "ends_on")
# What a chairperson's button says.
ANSWERS: dict[str, bool] = {MembershipStatus.AGREED: True, MembershipStatus.DECLINED: False}


@audience(AWARD_READERS)
@require_safe
def association(request: SignedIn, pk: int) -> HttpResponse:
    """Show the alliances in which an association is or to which it is invited."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    context = {
        "organisation": found,
        "accent_county": found.county,
        "rows": list(alliances.of_organisation(found)),
        "may_lead": permissions.may_lead(request.user, found),
        "is_own": post_with(request.user, Role.MEMBER, organisation_id=found.pk) is not None,
    }
    return render(request, "communities/alliances/association.html", context)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def new(request: SignedIn, pk: int) -> HttpResponse:
    """Propose an alliance and ask its associations."""
    lead = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_lead(request.user, lead))
    form = AllianceForm(request.POST or None, lead=lead, candidates=alliances.candidates(lead))
    if request.method == "POST" and form.is_valid():
        columns = {name: form.cleaned_data[name] for name in COLUMNS}
        try:
            made = agreement.propose(request.user, lead, form.cleaned_data["bodies"], **columns)
        except Refused as refused:
            form.add_error("bodies", refused.reason)
        else:
            messages.success(request, _("已送出邀請，各理事長會收到通知。"))
            return redirect("communities:alliance", made.pk)
    context = {"form": form, "organisation": lead, "title": _("發起社區結盟")}
    return render(request, "communities/alliances/form.html", context, status=422 if form.errors else 200)


@audience(AWARD_READERS)
@require_safe
def alliance(request: SignedIn, pk: int) -> HttpResponse:
    """Show an alliance: its agreement, the picture, the coaching team, visits and what was learned."""
    found = get_object_or_404(alliances.seen_by(request.user), pk=pk)
    members = alliances.members_of(found)
    for row in members:
        own = post_with(request.user, Role.MEMBER, organisation_id=row.organisation_id)
        row.is_own = own is not None  # type: ignore[attr-defined]  # for its row on the page
        row.may_learn = permissions.may_learn(request.user, row)  # type: ignore[attr-defined]  # as above
    coaches = list(found.coaches.order_by("pk"))
    context = {
        "alliance": found,
        "accent_county": found.county,
        "members": members,
        "adjacent": alliances.are_neighbours(members),
        "picture": _picture(found, members, coaches),
        "coaches": coaches,
        "visits": alliances.visits_of(found),
        "learning": alliances.learning_of(found),
        "keeps": permissions.may_keep_alliance(request.user, found),
        "invites": permissions.may_invite(request.user, found),
        "is_lead_chair": permissions.is_chair_of(request.user, found.lead_id),
        "history": history_of_object(found)[:HISTORY_ROWS],
    }
    return render(request, "communities/alliances/alliance.html", context)


def _picture(found: Alliance, members: list[Any], coaches: list[Any]) -> Any:
    groups = {MembershipStatus.AGREED: "member", MembershipStatus.INVITED: "waiting"}
    nodes = [
        Node(row.organisation.name, groups[row.status])
        for row in members
        if row.organisation_id != found.lead_id and row.status in groups
    ]
    nodes += [Node(f"{row.get_kind_display()} {row.name}", "coach") for row in coaches if row.ended_on is None]
    return star(_("結盟網絡圖，內容同下表"), found.lead.name, nodes)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def answer(request: SignedIn, pk: int, body: int) -> HttpResponse:
    """Show the chairperson what the alliance is, and take the answer."""
    found, own = _own_place(request, pk, body)
    member = get_object_or_404(found.members.select_related("organisation"), organisation=own)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("to") not in ANSWERS:
        form.add_error(None, _("請按「確認參加結盟」或「不參加」。"))
    elif request.method == "POST" and form.is_valid():
        agrees = ANSWERS[request.POST["to"]]
        try:
            agreement.answer(request.user, found, own, agrees=agrees, words=form.cleaned_data["words"])
        except Refused as refused:
            form.add_error("words", refused.reason)
        else:
            messages.success(request, _("已確認結盟。") if agrees else _("已回覆不參加。"))
            return redirect("communities:alliance", pk)
    context = {
        "form": form,
        "alliance": found,
        "member": member,
        "members": alliances.members_of(found),
        "may_answer": permissions.is_chair_of(request.user, own.pk),
        "waits": member.status == MembershipStatus.INVITED,
    }
    return render(request, "communities/alliances/answer.html", context, status=422 if form.errors else 200)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def invite(request: SignedIn, pk: int) -> HttpResponse:
    """Ask further associations."""
    found = get_object_or_404(alliances.seen_by(request.user), pk=pk)
    require(permissions.may_invite(request.user, found))
    form = InviteForm(request.POST or None, lead=found.lead, candidates=alliances.candidates(found.lead, found))
    if request.method == "POST" and form.is_valid():
        try:
            count = agreement.invite(request.user, found, form.cleaned_data["bodies"])
        except Refused as refused:
            form.add_error("bodies", refused.reason)
        else:
            messages.success(request, _("已邀請 %(count)d 個協會。") % {"count": count})
            return redirect("communities:alliance", pk)
    context = {"form": form, "alliance": found, "title": _("再邀請協會")}
    return render(request, "communities/alliances/form.html", context, status=422 if form.errors else 200)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def end(request: SignedIn, pk: int) -> HttpResponse:
    """End an alliance as the lead's chairperson, or take it back before it began."""
    found = get_object_or_404(alliances.seen_by(request.user), pk=pk)
    require(permissions.is_chair_of(request.user, found.lead_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agreement.end(request.user, found, form.cleaned_data["reason"])
        messages.success(request, _("結盟已結束，協會會收到通知。"))
        return redirect("communities:alliance", pk)
    context = {"form": form, "alliance": found, "title": _("結束結盟")}
    return render(request, "communities/alliances/form.html", context, status=422 if form.errors else 200)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def leave(request: SignedIn, pk: int, body: int) -> HttpResponse:
    """Leave an alliance as the chairperson of a member."""
    found, own = _own_place(request, pk, body)
    require(permissions.is_chair_of(request.user, own.pk))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agreement.leave(request.user, found, own, form.cleaned_data["reason"])
        messages.success(request, _("已退出結盟。"))
        return redirect("communities:alliance", pk)
    context = {"form": form, "alliance": found, "title": _("退出結盟")}
    return render(request, "communities/alliances/form.html", context, status=422 if form.errors else 200)


def _own_place(request: SignedIn, pk: int, body: int) -> tuple[Alliance, Organisation]:
    """Return the alliance and the person's own association in it, else 404."""
    found = get_object_or_404(alliances.seen_by(request.user), pk=pk)
    return found, get_object_or_404(
        queries.registered(request.user).filter(alliance_memberships__alliance=found), pk=body
    )
