"""A sitting in the browser: the approver decides a list of cases, the year's money running along line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grants.compliance.criteria import criteria_of
from grants.forms.panels.sittings import SittingForm
from grants.models import AgendaItem, ConcernAnswer, PresentationSession, Proposal, Scheme
from grants.queries.panels import ranking, sittings
from grants.queries.panels.agendas import presented
from grants.queries.reviews.concerns import unseen
from grants.queries.schemes.public import EnvelopeUse
from grants.services.panels.sittings import APPROVE, CHOICES, Outcome, decide
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_in_view, posts_of
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.numbers import whole_number


@audience(Role.APPROVER)
@require_GET
def sitting_home(request: SignedIn) -> HttpResponse:
    """Show the schemes of the county with how many cases wait; with one scheme, lead to its list."""
    counties = {post.county for post in posts_in_view(request.user) if post.role == Role.APPROVER}
    rows = sittings.schemes_waiting(request.user, counties)
    if len(rows) == 1:
        return redirect("grants:sitting", rows[0][0].slug)
    return render(request, "grants/panels/sitting_home.html", {"rows": rows})


@audience(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def sitting(request: SignedIn, slug: str) -> HttpResponse:
    """Show the cases that wait, the best ranked on top, and decide those that are chosen."""
    counties = [post.county for post in posts_of(request.user) if post.role == Role.APPROVER]
    scheme = get_object_or_404(Scheme.objects.filter(county__in=counties), slug=slug)
    session = _session(request, scheme)
    listed = _listed(request, scheme, session)
    proposals = sittings.proposals_of([row.case for row in listed])
    command = request.POST.get("command", "") if request.method == "POST" else ""
    if request.headers.get("Accept") == "application/json":
        form = SittingForm(request.POST, proposals=proposals, concerns={})
        return _parts(request, scheme, form, listed)
    form = SittingForm(_filled(request, proposals, command), proposals=proposals, concerns=_concerns(proposals))
    outcomes: list[Outcome] = []
    if command == "decide" and form.is_valid():
        outcomes = decide(request.user, form.wishes())
        if outcomes and not any(outcome.refused for outcome in outcomes):
            messages.success(request, _("已決定 %(count)d 件，函稿在公文裡。") % {"count": len(outcomes)})
            return redirect(request.get_full_path())
    nothing = command == "decide" and form.is_valid() and not outcomes
    form = _of_the_rest(form, outcomes) if outcomes else form
    return _page(request, scheme, form, listed, outcomes, nothing=nothing, session=session)


def _session(request: SignedIn, scheme: Scheme) -> PresentationSession | None:
    """Return the session whose cases alone are decided, if the address names one of the scheme."""
    key = whole_number(request.GET.get("session", ""), digits=9)
    return get_object_or_404(scheme.presentations.all(), pk=key) if key else None


def _listed(request: SignedIn, scheme: Scheme, session: PresentationSession | None) -> list[ranking.Ranked]:
    """Return the rows of the list: those that the page showed when it is sent, else the first of what waits."""
    cases = sittings.waiting(request.user, scheme, session)
    rows = ranking.ranked_for(cases, scheme, criteria_of)
    if request.method == "POST":
        shown = set(request.POST.getlist("case"))
        return [row for row in rows if row.case.number in shown]
    return rows[: sittings.MOST]


def _filled(request: SignedIn, proposals: list[Proposal], command: str) -> Any:
    """Return what was posted; with 全部照建議, every open choice as the officer proposed."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if command == "as_proposed":
        for proposal in proposals:
            name = f"choice-{proposal.application_id}"
            data[name] = data.get(name) or CHOICES[Proposal.Outcome(proposal.outcome)][0]
    return data


def _concerns(proposals: Iterable[Proposal]) -> dict[int, list[ConcernAnswer]]:
    """Return what is to be read before each approval."""
    return {
        row.application_id: unseen(row.application, row) for row in proposals if row.outcome == Proposal.Outcome.APPROVE
    }


def _of_the_rest(form: SittingForm, outcomes: Iterable[Outcome]) -> SittingForm:
    """Return the form of what was not decided, with what stands against it after the decisions that were just made."""
    gone = {outcome.wish.case.pk for outcome in outcomes if not outcome.refused}
    rest = [proposal for proposal in form.proposals if proposal.application_id not in gone]
    concerns, posted = _concerns(rest), cast("QueryDict", form.data)
    data = posted.copy()
    for key, found in concerns.items():
        name, known = f"seen-{key}", {one.key for one in found}
        data.setlist(name, [value for value in data.getlist(name) if value in known])
    again = SittingForm(data, proposals=rest, concerns=concerns)
    again.is_valid()
    return again


@dataclass(frozen=True)
class Row:
    """A line of the page."""

    ranked: ranking.Ranked
    line: sittings.Line
    choice: forms.BoundField
    note: forms.BoundField
    shown: forms.BoundField
    seen: forms.BoundField
    barred: str
    refused: str
    heard: list[AgendaItem]


def _rows(
    request: SignedIn, form: SittingForm, listed: list[ranking.Ranked], use: EnvelopeUse | None, refused: dict[int, str]
) -> list[Row]:
    """Return the lines. A line counts against the envelope unless something else than approval is chosen for it."""
    lines = sittings.lines_of(
        form.proposals, use, lambda proposal: form.choice(proposal.application_id) in ("", APPROVE)
    )
    by_case = {row.case.pk: row for row in listed}
    heard = presented(row.case for row in listed)
    return [
        Row(
            by_case[line.case.pk],
            line,
            form[f"choice-{line.case.pk}"],
            form[f"note-{line.case.pk}"],
            form[f"shown-{line.case.pk}"],
            form[f"seen-{line.case.pk}"],
            applications.TABLE.answer(
                line.case, CHOICES[Proposal.Outcome(line.proposal.outcome)][0], request.user
            ).reason,
            refused.get(line.case.pk, ""),
            heard[line.case.pk],
        )
        for line in lines
    ]


def _page(
    request: SignedIn,
    scheme: Scheme,
    form: SittingForm,
    listed: list[ranking.Ranked],
    outcomes: list[Outcome],
    *,
    nothing: bool,
    session: PresentationSession | None,
) -> HttpResponse:
    done = [outcome for outcome in outcomes if not outcome.refused]
    refused = {outcome.wish.case.pk: outcome.refused for outcome in outcomes if outcome.refused}
    use = sittings.envelope_of(scheme)
    problems = [_("還沒有選：請在每一列選擇決定。")] if nothing else []
    if refused:
        problems = [_("有 %(count)d 件沒有決定，原因寫在那一列；打好的內容都還在。") % {"count": len(refused)}]
    context = {
        "scheme": scheme,
        "accent_county": scheme.county,
        "form": form,
        "rows": _rows(request, form, listed, use, refused),
        "done": done,
        "use": use,
        "problems": problems,
        "session": session,
        "rest": max(0, sittings.waiting(request.user, scheme, session).count() - len(form.proposals)),
        **_sums(form, use),
    }
    return render(request, "grants/panels/sitting.html", context, status=422 if problems or form.errors else 200)


def _sums(form: SittingForm, use: EnvelopeUse | None) -> dict[str, Any]:
    """Return what is chosen so far: how many are decided, the sum approved, and what is left after it."""
    chosen = [proposal for proposal in form.proposals if form.choice(proposal.application_id)]
    total = sum(row.total for row in chosen if form.choice(row.application_id) == APPROVE)
    return {"chosen": len(chosen), "total": total, "left": use.left - total if use else None}


def _parts(request: SignedIn, scheme: Scheme, form: SittingForm, listed: list[ranking.Ranked]) -> JsonResponse:
    """Return the answer to choosing: what is left after each line. Nothing is stored."""
    form.is_valid()
    use = sittings.envelope_of(scheme)
    parts = {
        f"left-{row.line.case.pk}": render_to_string("grants/panels/_left.html", {"line": row.line}, request)
        for row in _rows(request, form, listed, use, {})
    }
    sums = _sums(form, use)
    parts["sitting-sum"] = render_to_string("grants/panels/_sitting_sum.html", {"use": use, **sums}, request)
    words = _("選了 %(count)d 件，核定合計 %(total)s 元。")
    announce = words % {"count": sums["chosen"], "total": format_amount(sums["total"])}
    return JsonResponse({"parts": parts, "announce": announce})
