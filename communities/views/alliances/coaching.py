"""The coaching team of an alliance, its visits and photos, and what the associations learned."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import permissions
from communities.enums import MembershipStatus
from communities.forms.alliances import CoachForm, LearningForm, PhotoForm, VisitForm
from communities.models import Alliance, MentorVisit
from communities.queries import alliances
from communities.services.alliances import coaching
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, AWARD_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def coach_new(request: SignedIn, pk: int) -> HttpResponse:
    """Take somebody into the coaching team."""
    found = _kept(request, pk)
    form = CoachForm(request.POST or None, initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        made = coaching.add_coach(request.user, found, **form.cleaned_data)
        messages.success(request, _("%(name)s已加入輔導團。") % {"name": made.name})
        return redirect("communities:alliance", pk)
    context = {"form": form, "alliance": found, "title": _("加入輔導團")}
    return render(request, "communities/alliances/form.html", context, status=422 if form.errors else 200)


@audience(ASSOCIATION_OR_OFFICER)
@require_POST
def coach_end(request: SignedIn, pk: int, coach: int) -> HttpResponse:
    """Note that somebody left the coaching team."""
    row = get_object_or_404(_kept(request, pk).coaches.select_related("alliance"), pk=coach)
    coaching.end_coach(request.user, row)
    messages.success(request, _("%(name)s已離開輔導團。") % {"name": row.name})
    return redirect("communities:alliance", pk)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def visit_new(request: SignedIn, pk: int) -> HttpResponse:
    """Note a visit of the coaching team."""
    found = _kept(request, pk)
    members = [row for row in alliances.members_of(found) if row.status == MembershipStatus.AGREED]
    coaches = list(found.coaches.filter(ended_on=None))
    if not coaches:
        messages.info(request, _("請先加入輔導團的人。"))
        return redirect("communities:alliance-coach-new", pk)
    form = VisitForm(request.POST or None, members=members, coaches=coaches, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        member = next(row for row in members if row.pk == data.pop("member").pk)
        try:
            made = coaching.note_visit(request.user, member, data.pop("coach"), data.pop("day"), **data)
        except Refused as refused:
            form.add_error("day", refused.reason)
        else:
            messages.success(request, _("已登錄輔導訪視，可以接著放照片。"))
            return redirect("communities:alliance-visit", pk, made.pk)
    context = {"form": form, "alliance": found, "title": _("登錄輔導訪視")}
    return render(request, "communities/alliances/form.html", context, status=422 if form.errors else 200)


@audience(AWARD_READERS)
@require_http_methods(["GET", "POST"])
def visit(request: SignedIn, pk: int, visit: int) -> HttpResponse:
    """Show a visit with its photos, and the form that adds one."""
    row = _visit(request, pk, visit)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(permissions.may_keep_alliance(request.user, row.member.alliance))
        if form.is_valid():
            coaching.add_photo(request.user, row, form.cleaned_data["file"], form.cleaned_data["words"])
            messages.success(request, _("已放上照片。"))
            return redirect("communities:alliance-visit", pk, visit)
        hold_files(form, actor(request.user, ASSOCIATION_OR_OFFICER))
    context = {
        "alliance": row.member.alliance,
        "visit": row,
        "form": form,
        "keeps": permissions.may_keep_alliance(request.user, row.member.alliance),
    }
    return render(request, "communities/alliances/visit.html", context, status=422 if form.errors else 200)


@audience(AWARD_READERS)
@require_safe
@no_page
def photo(request: SignedIn, pk: int, visit: int, photo: int) -> HttpResponseBase:
    """Return a photo of a visit, to the alliance and the offices."""
    row = get_object_or_404(_visit(request, pk, visit).photos.select_related("file"), pk=photo)
    return response(row.file, inline=True)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def learning_new(request: SignedIn, pk: int, body: int) -> HttpResponse:
    """Write what one's own association learned."""
    found = get_object_or_404(alliances.seen_by(request.user), pk=pk)
    member = get_object_or_404(found.members.select_related("alliance", "organisation"), organisation=body)
    require(permissions.may_learn(request.user, member))
    form = LearningForm(request.POST or None, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            coaching.note_learning(request.user, member, data.pop("day"), **data)
        except Refused as refused:
            form.add_error("day", refused.reason)
        else:
            messages.success(request, _("已寫下學習紀錄。"))
            return redirect("communities:alliance", pk)
    context = {"form": form, "alliance": found, "title": _("寫學習紀錄")}
    return render(request, "communities/alliances/form.html", context, status=422 if form.errors else 200)


def _kept(request: SignedIn, pk: int) -> Alliance:
    found = get_object_or_404(alliances.seen_by(request.user), pk=pk)
    require(permissions.may_keep_alliance(request.user, found))
    return found


def _visit(request: SignedIn, pk: int, visit: int) -> MentorVisit:
    found = get_object_or_404(alliances.seen_by(request.user), pk=pk)
    rows = MentorVisit.objects.filter(member__alliance=found)
    return get_object_or_404(rows.select_related("member__alliance", "member__organisation", "coach"), pk=visit)
