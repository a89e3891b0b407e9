"""Decisions by 柒三: list, record one on an award, show its effects, confirm by another officer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.enums import SANCTIONS, RulingStatus, SanctionEvent, SanctionStatus
from grants.forms.decisions import RefusalForm
from grants.forms.sanctions import LiftingForm, SanctionFilter, SanctionForm
from grants.models import Award, Sanction, SanctionLifting
from grants.permissions import holds
from grants.queries import scope
from grants.queries.applications.other_cases import BAN_ROLES
from grants.queries.payments import law_of, movements, outcome_of, unpaid
from grants.queries.sanctions import decisions
from grants.services import sanctions
from grants.services.awards import reinstating
from grants.tables.sanctions import SanctionTable
from grants.workflow.sanctions import LIFTINGS, TABLE
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.audit.queries import history_of_object
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lists.pages import Listing


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def sanction_list(request: SignedIn) -> HttpResponseBase:
    """Show the decisions of the county, newest first."""
    found = SanctionFilter(request.GET, decisions.visible(request.user).order_by("-decided_on", "-id"))
    listing = Listing(request, "sanctions", SanctionTable, found)
    return listing.posted() or render(request, "grants/sanctions/list.html", {"list": listing})


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def sanction_new(request: SignedIn, number: str) -> HttpResponse:
    """Record a decision on an award; another officer confirms it."""
    award = _award_or_404(request.user, number)
    require(holds(request.user, award.application, CASE_HANDLERS))
    form = SanctionForm(request.POST or None, events=sanctions.events_of(award))
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = sanctions.record(request.user, award, form.draft())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已登錄。請另一位承辦人或主管確認，確認前不會生效。"))
            return redirect("grants:sanction", row.pk)
    context = {"award": award, "case": award.application, "accent_county": award.county, "form": form}
    context |= {"money": movements(award), "problems": problems, "effects": _effects(award)}
    context["rests_on"] = _rests_on(award)
    return render(request, "grants/sanctions/form.html", context, status=422 if problems or form.errors else 200)


@audience(COUNTY_READERS)
@require_GET
def sanction_page(request: SignedIn, pk: int) -> HttpResponse:
    """Show one decision with its effects, and the buttons of the second officer."""
    return _page(request, get_object_or_404(decisions.visible(request.user), pk=pk))


@audience(CASE_HANDLERS)
@require_POST
def sanction_decide(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """Confirm or refuse what another officer recorded, or withdraw what one recorded oneself."""
    row = get_object_or_404(decisions.visible(request.user), pk=pk)
    form = RefusalForm(request.POST, move=name)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    if name == "refuse":
        row = sanctions.refuse(request.user, row, form.reason)
    else:
        row = {"confirm": sanctions.confirm, "withdraw": sanctions.withdraw}[name](request.user, row)
    messages.success(
        request, _("%(event)s：%(status)s。") % {"event": row.get_event_display(), "status": row.get_status_display()}
    )
    return redirect("grants:sanction", pk)


@audience(CASE_HANDLERS)
@require_POST
def sanction_lift(request: SignedIn, pk: int) -> HttpResponse:
    """Ask to lift a decision that did not stand."""
    row = get_object_or_404(decisions.visible(request.user), pk=pk)
    form = LiftingForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, lift_form=form)
    try:
        reinstating.ask(request.user, row, **form.cleaned_data)
    except Refused as refused:
        if row.status != SanctionStatus.CONFIRMED:
            raise
        return _page(request, row, status=422, lift_form=form, problems=[refused.reason])
    messages.success(request, _("已提出撤銷，另一位承辦人或主管確認後才會生效。"))
    return redirect("grants:sanction", pk)


@audience(CASE_HANDLERS)
@require_POST
def lifting_decide(request: SignedIn, pk: int, lifting_id: int, name: str) -> HttpResponse:
    """Confirm or refuse to lift a decision, as another person asked, or withdraw what one asked for oneself."""
    row = get_object_or_404(decisions.visible(request.user), pk=pk)
    lifting = get_object_or_404(row.liftings.select_related("sanction__award__application"), pk=lifting_id)
    form = RefusalForm(request.POST, move=name)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    reinstating.decide(request.user, lifting, name, form.reason if name == "refuse" else "")
    done = {"confirm": _("已撤銷，並擬好函稿。"), "refuse": _("已記下不同意。"), "withdraw": _("已收回。")}
    messages.success(request, done[name])
    return redirect("grants:sanction", pk)


def _liftings(request: SignedIn, row: Sanction) -> dict[str, Any]:
    """Return what was asked and decided about lifting it, and the form of whoever may ask."""
    rows: list[SanctionLifting] = list(row.liftings.select_related("asked_by", "decided_by", "letter"))
    for lifting in rows:
        lifting.sanction = row
    open_now = row.status == SanctionStatus.CONFIRMED and not any(one.status == RulingStatus.DRAFT for one in rows)
    may = open_now and holds(request.user, row.award.application, CASE_HANDLERS)
    return {
        "liftings": [(one, LIFTINGS.names_open_to(one, request.user)) for one in rows],
        "lift_form": LiftingForm() if may else None,
    }


def _page(
    request: SignedIn, row: Sanction, refusal: RefusalForm | None = None, status: int = 200, **extra: Any
) -> HttpResponse:
    waits, law = row.status == RulingStatus.DRAFT, law_of(row.award)
    context: dict[str, Any] = {
        "sanction": row,
        "award": row.award,
        "case": row.award.application,
        "accent_county": row.county,
        "bar": sanctions.in_words(row),
        "clause": law.cite(BAN_ROLES[row.event]),
        "money_clause": law.cite("not_executed" if row.event == SanctionEvent.NOT_EXECUTED else "misused"),
        "carried": row.event == SanctionEvent.MISUSE and settlement_open(row.award),
        "ends": row.event in sanctions.ENDING,
        "moves": TABLE.names_open_to(row, request.user),
        "why_not": TABLE.answer(row, "confirm", request.user).reason if waits else "",
        "waits": waits,
        "refusal": refusal or RefusalForm(),
        "history": list(history_of_object(row)),
    }
    if waits:
        context["due"] = sanctions.consequences(row.award, sanctions.draft_of(row))
        context["outcome"] = context["due"].outcome
    elif row.status == RulingStatus.CONFIRMED:
        context["outcome"] = outcome_of(row.award, movements(row.award))
        context["letter"] = row.letter or row.award.application.letters.filter(kind__in=SANCTIONS).first()
    context |= _liftings(request, row) | extra
    return render(request, "grants/sanctions/detail.html", context, status=status)


def settlement_open(award: Award) -> bool:
    """Return whether misuse is still carried over to the settlement, instead of coming back at once."""
    settlement = getattr(award, "settlement", None)
    return settlement is None or settlement.accepted_on is None


def _effects(award: Award) -> list[tuple[str, str]]:
    """Return what each decision will do to this very award, in words, before anything is recorded."""
    params = {
        "paid": format_amount(movements(award).held),
        "unpaid": format_amount(sum(unpaid(award).values_list("amount", flat=True))),
    }
    if settlement_open(award):
        misuse = _("本案照常執行、請款和結報；支用不當的金額在核銷時扣除，已撥的有餘才繳回。下一件申請不受理。")
    else:
        misuse = _("核銷金額減去支用不當的金額，多撥的要繳回；還沒撥的期款扣掉這筆錢。下一件申請不受理。")
    events = sanctions.events_of(award)
    if SanctionEvent.NOT_EXECUTED in events:
        params["years"] = str(sanctions.ban_years(award))
    texts = {
        SanctionEvent.NOT_EXECUTED: _(
            "本案結束。已撥的 %(paid)s 元全數繳回，還沒撥的 %(unpaid)s 元不再撥付。下年度起 %(years)s 年不得申請。"
        ),
        SanctionEvent.MISUSE: misuse,
        SanctionEvent.REVOKED: _(
            "本案結束，不能再結報。還沒撥的 %(unpaid)s 元不再撥付；已撥的款項中，支用不當的要繳回。"
            "不另外停止申請，要停止申請請另外登錄支用不當。"
        ),
    }
    return [(str(event.label), texts[event] % params) for event in events]


def _rests_on(award: Award) -> list[tuple[str, str]]:
    """Return (what follows, clause) of each decision that the award's law knows."""
    law = law_of(award)
    rows = [
        (_("未執行：全數繳回"), law.cite("not_executed")),
        (_("未執行：停止申請"), law.cite("ban_not_executed")),
        (_("支用不當：繳回那些經費"), law.cite("misused")),
        (_("支用不當：下次不得申請"), law.cite("ban_misused")),
    ]
    return [(words, clause) for words, clause in rows if clause]


def _award_or_404(user: User, number: str) -> Award:
    rows = scope.awards(user).select_related("application__organisation", "application__scheme", "settlement")
    return get_object_or_404(rows, number=number)
