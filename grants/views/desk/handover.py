"""Cases that pass from one officer to another: singly, some that are ticked, or all of somebody who leaves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from grants.forms.desk import HandoverForm, TakerForm
from grants.models import Application
from grants.queries import scope
from grants.queries.applications.running import rows_of, under_way
from grants.queries.desk.handovers import (
    counties_of,
    handovers_seen,
    in_hand,
    officers_of,
    sections_of,
    with_work,
)
from grants.services.desk import handover
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, HANDOVER_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number

# How many cases pass at once: as many as a page lists.
MOST = 200


@audience(CASE_HANDLERS)
def officer(request: SignedIn, number: str) -> HttpResponse:
    """Show or change who looks after the case: take it over, or give it to another officer of the county."""
    case = get_object_or_404(scope.cases(request.user).select_related("organisation", "officer"), number=number)
    found, more = handover.candidates(case), handover.others_of(case).count()
    people = [person for person in found if person != case.officer]
    mine = next((person for person in people if person.pk == request.user.pk), None)
    form = HandoverForm(
        request.POST or None, people=people, left=str(case.officer or ""), others=more, initial={"officer": mine}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            moved = handover.reassign(
                request.user, case, data["officer"], data["reason"], others=data.get("others", False)
            )
        except Refused as refusal:
            form.add_error("officer", refusal.reason)
        else:
            words = _("已改由%(name)s承辦，共 %(count)d 件。") % {"name": data["officer"], "count": len(moved)}
            messages.success(request, words)
            return redirect("grants:application_detail", case.number)
    left = case.officer is not None and case.officer not in found
    context = {"case": case, "form": form, "left": left, "people": people}
    return render(request, "grants/desk/officer.html", context, status=422 if form.errors else 200)


@audience(CASE_HANDLERS)
def handing_over(request: SignedIn) -> HttpResponse:
    """Show the open cases of one officer, or those ticked in a list, and give the ticked ones to another officer."""
    counties = counties_of(request.user)
    people, giver = list(with_work(counties)), None
    wanted = request.GET.getlist("cases")[:MOST]
    ticked = request.POST.getlist("cases")[:MOST] if request.method == "POST" else None
    if request.GET.get("officer") or not wanted:
        giver = _giver(request, people)
        listed = in_hand(giver, counties).filter(scope.apart(request.user)) if giver else Application.objects.none()
    else:
        listed = under_way(scope.cases(request.user).filter(number__in=wanted, county__in=counties))
    takers = [person for person in officers_of(counties) if person != giver]
    form = TakerForm(request.POST or None, people=takers)
    if request.method == "POST" and form.is_valid():
        try:
            moved = handover.hand_over(
                request.user,
                list(listed.filter(number__in=ticked or []).select_related("organisation", "officer")),
                form.cleaned_data["officer"],
                form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            count = sum(len(rows) for _made, rows in moved)
            name = form.cleaned_data["officer"]
            messages.success(request, _("已改由%(name)s承辦，共 %(count)d 件。") % {"name": name, "count": count})
            return (
                redirect("grants:handover_record", moved[0][0].pk) if len(moved) == 1 else redirect("grants:handover")
            )
    context = {
        "giver": giver,
        "people": people,
        "rows": rows_of(listed, most=MOST),
        "form": form,
        "takers": takers,
        "ticked": ticked,
        "made": handovers_seen(request.user).filter(organisation=None)[:10],
    }
    return render(request, "grants/desk/handover.html", context, status=422 if form.errors else 200)


def _giver(request: SignedIn, people: list[User]) -> User | None:
    """Return the officer asked for, else the reader, else whoever has cases."""
    wanted = whole_number(request.GET.get("officer", ""), digits=9) or request.user.pk
    return next((person for person in people if person.pk == wanted), people[0] if people else None)


@audience(HANDOVER_READERS)
@require_GET
def record(request: SignedIn, pk: int) -> HttpResponse:
    """Show a hand-over list as it stood on its day."""
    found = get_object_or_404(handovers_seen(request.user), pk=pk)
    context = {"handover": found, "sections": sections_of(found.content), "accent_county": found.county}
    return render(request, "grants/desk/handover_record.html", context)


@audience(HANDOVER_READERS)
@require_GET
def paper(request: SignedIn, pk: int) -> HttpResponse:
    """Return the list as PDF, with the lines on which both sign."""
    found = get_object_or_404(handovers_seen(request.user), pk=pk)
    try:
        content = handover.paper(found)
    except pdf.UnavailableError as missing:
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from missing
    return made_pdf(content, f"handover-{found.pk}.pdf")


@audience(HANDOVER_READERS)
@require_POST
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Sign for a list, as its taker."""
    found = get_object_or_404(handovers_seen(request.user), pk=pk)
    handover.receive(request.user, found)
    messages.success(request, _("已簽收。"))
    return redirect("grants:handover_record", pk)
