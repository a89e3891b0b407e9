"""The page of an award: what was approved, how it is paid, and what comes next."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from grants.enums import NOTHING_DONE, SANCTIONABLE, WITHOUT_EFFECT, DeadlineKind
from grants.forms.awards import ConditionForm
from grants.models import Award, AwardCondition, Instalment
from grants.permissions import holds, post_for
from grants.queries import scope
from grants.queries.applications.pages import history
from grants.queries.duties import waiting_of
from grants.queries.letters import letters_of
from grants.queries.overview.money import line_of
from grants.queries.payments import movements_and_overpaid
from grants.queries.sanctions.decisions import of_award
from grants.queries.settlements.rows import award_seen
from grants.rules import catalogue
from grants.rules.tasks import KINDS
from grants.services.amendments.asking import may_ask
from grants.services.awards.deciding import meet_condition
from grants.services.payments.returns import way_of
from grants.services.sanctions import in_words
from grants.views.duties.records import cards as duty_cards
from grants.views.payments.instalments import instalment_cards
from grants.views.reviews.frame import case_context
from grants.views.settlements.page import today_of
from grants.views.settlements.viewer import Page
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib.access import require
from miaoli_kaohsiung.lib.related import read_related

from .next_step import next_of_award

INCIDENTS = KINDS["report_incidents"]


@audience(AWARD_READERS)
@require_GET
def award_detail(request: SignedIn, number: str) -> HttpResponse:
    """Show an award: what was approved line by line, its instalments, letters, deadlines and history."""
    return _page(request, number, {})


def _page(request: SignedIn, number: str, problem: dict[int, ConditionForm]) -> HttpResponse:
    award = award_seen(request.user, number, "application__filed_under")
    if award is None:
        raise Http404(f"No {Award._meta.object_name} matches the given query.")
    read_related(award, "lines", "deadlines", "amendments", "versions")
    read_related(award.application.scheme, "rulings")
    lines = list(award.lines.all())
    cards = instalment_cards(request.user, award)
    page = Page(request.user, award, getattr(award, "settlement", None))
    page.money, too_much = movements_and_overpaid(award)
    deadlines = list(award.deadlines.all())
    open_ones = [row for row in deadlines if row.done_on is None]
    context: dict[str, Any] = case_context(award.application) | {
        "award": award,
        "lines": [{"line": line, "name": catalogue.items()[line.item].name} for line in lines],
        "requested": sum(line.requested for line in lines),
        "cards": cards,
        "next": next_of_award(page, cards),
        "money": page.money,
        "overpaid": too_much,
        "overpaid_due": next((row.due_on for row in open_ones if row.kind == DeadlineKind.OVERPAID), None),
        "way_back": way_of(award.application),
        "letters": letters_of(award.application, request.user),
        "deadlines": deadlines,
        "duties": duty_cards(waiting_of(award)),
        "incidents": award.application.programme.code in INCIDENTS.programmes,
        "history": history(award.application, request.user),
        "nothing_done": NOTHING_DONE,
        "amendments": list(award.amendments.all()),
        "versions": list(award.versions.all()),
    }
    context |= _at_a_glance(page, [card.instalment for card in cards])
    context["may_amend"] = post_for(request.user, award.application, Role.MEMBER) is not None and not may_ask(award)
    context |= _decisions(request, award)
    context["conditions"] = _conditions(request, award, problem)
    return render(request, "grants/awards/detail.html", context, status=422 if problem else 200)


def _at_a_glance(page: Page, parts: list[Instalment]) -> dict[str, Any]:
    """Return what the award would come to if it were settled today, and its money as one line."""
    forecast = today_of(page)
    return {"forecast": forecast, "line": line_of(page.award, page.money, parts, forecast.spent if forecast else None)}


def _decisions(request: SignedIn, award: Award) -> dict[str, Any]:
    """Return the decisions of 柒三 on the award, and whether this person may record one."""
    staff = post_for(request.user, award.application, COUNTY_READERS) is not None
    rows = of_award(award.pk, drafts=staff)
    decides = award.status in SANCTIONABLE and post_for(request.user, award.application, CASE_HANDLERS) is not None
    may = decides and not any(row.status not in WITHOUT_EFFECT for row in rows)
    return {"staff": staff, "sanctions": [(row, in_words(row)) for row in rows], "may_sanction": may}


@audience(Role.CASE_OFFICER)
@require_POST
def award_condition(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Note that the association has fulfilled one condition of its award."""
    award = get_object_or_404(scope.awards(request.user).select_related("application"), number=number)
    row = get_object_or_404(award.conditions.all(), pk=pk)
    form = ConditionForm(request.POST, pk=pk)
    if not form.is_valid():
        require(holds(request.user, award.application, Role.CASE_OFFICER))
        return _page(request, number, {pk: form})
    meet_condition(request.user, award, row.pk, form.cleaned_data["note"])
    messages.success(request, _("已登記附款條件已做到。"))
    return redirect(reverse("grants:award_detail", args=[number]) + "#conditions")


def _conditions(
    request: SignedIn, award: Award, problem: dict[int, ConditionForm]
) -> list[tuple[AwardCondition, ConditionForm | None]]:
    """Return the conditions, each with the form that notes it, for the officer and while it is open."""
    officer = holds(request.user, award.application, Role.CASE_OFFICER)
    read_related(award, "conditions", joined=("met_by",))
    rows = award.conditions.all()
    return [
        (row, problem.get(row.pk) or ConditionForm(pk=row.pk) if officer and not row.met_on else None) for row in rows
    ]
