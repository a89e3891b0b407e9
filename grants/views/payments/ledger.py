"""The ledger of an award: every movement of its money, and the form that asks to correct one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.forms.payments import EntryCorrectionForm, OverpaidForm, RegainedForm
from grants.models import Award
from grants.permissions import holds
from grants.queries import scope
from grants.queries.payments import first_paid_on, ledger_of, movements, overpaid
from grants.services.audit.reconciling import differences
from grants.services.payments import corrections
from grants.services.payments.overpaid import KIND as OVERPAID
from grants.services.payments.overpaid import ask, regain
from miaoli_kaohsiung.accounts import reads
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.lib.access import Refused, require

SENT = _l("已送出，請另一位出納或主管確認。確認以前，帳上不變。")


@audience(COUNTY_READERS)
@require_safe
def award_ledger(request: SignedIn, number: str) -> HttpResponse:
    """Show every entry with who made it and what it takes back, the sums, and what was asked to be corrected."""
    award = _award_or_404(request, number)
    page = _ledger(request, award)
    reads.note(request.user, reads.MONEY, award, _("收支紀錄"), number)
    return page


def _ledger(request: SignedIn, award: Award, problem: RegainedForm | None = None) -> HttpResponse:
    number = award.number
    require(holds(request.user, award.application, COUNTY_READERS))
    may_ask = bool(holds(request.user, award.application, Role.FINANCE_OFFICER))
    kinds = (corrections.KIND.name, OVERPAID.name)
    asked = Change.objects.filter(kind__in=kinds, county=award.county, subject__startswith=f"{number}:")
    out = overpaid(award)
    context = {
        "award": award,
        "case": award.application,
        "accent_county": award.county,
        "entries": [(row, may_ask and corrections.may_correct(row)) for row in ledger_of(award)],
        "money": movements(award),
        "overpaid": out,
        "regained_form": (problem or RegainedForm(due=out, since=first_paid_on(award))) if out and may_ask else None,
        "form": problem,
        "differences": list(differences(numbers=[number])),
        "history": asked.select_related("proposed_by", "checked_by", "decided_by", "scan"),
    }
    return render(request, "grants/payments/ledger.html", context, status=422 if problem else 200)


@audience(Role.FINANCE_OFFICER)
@require_POST
def award_regained(request: SignedIn, number: str) -> HttpResponse:
    """Record what came back of money that left twice."""
    award = _award_or_404(request, number)
    require(holds(request.user, award.application, Role.FINANCE_OFFICER))
    form = RegainedForm(request.POST, due=overpaid(award), since=first_paid_on(award))
    if not form.is_valid():
        return _ledger(request, award, form)
    regain(request.user, award, **form.cleaned_data)
    messages.success(request, _("已登記收回，並已通知申請單位。"))
    return redirect("grants:award_ledger", number)


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
def instalment_overpaid(request: SignedIn, number: str, n: int) -> HttpResponse:
    """Ask another person to confirm that money left once more."""
    award = _award_or_404(request, number)
    require(holds(request.user, award.application, Role.FINANCE_OFFICER))
    part = get_object_or_404(award.instalments.all(), number=n)
    part.award = award
    form = OverpaidForm(request.POST or None, request.FILES or None, part=part)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            change = ask(request.user, part, **form.cleaned_data)
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, SENT)
            return redirect("changes:show", change.pk)
    hold_files(form, actor(request.user))
    context = {"award": award, "case": award.application, "accent_county": award.county, "part": part, "form": form}
    status = 422 if problems or form.errors else 200
    return render(request, "grants/payments/overpaid.html", context | {"problems": problems}, status=status)


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
def entry_correct(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Ask another person to correct an entry."""
    award = _award_or_404(request, number)
    require(holds(request.user, award.application, Role.FINANCE_OFFICER))
    entry = get_object_or_404(ledger_of(award), pk=pk)
    entry.award = award
    form = EntryCorrectionForm(request.POST or None, request.FILES or None, entry=entry)
    problems: list[str] = [] if corrections.may_correct(entry) else [_("這一筆已經更正過，或不能這樣更正。")]
    if request.method == "POST" and form.is_valid():
        try:
            change = corrections.ask(request.user, entry, form.finding())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, SENT)
            return redirect("changes:show", change.pk)
    hold_files(form, actor(request.user))
    context = {
        "award": award,
        "case": award.application,
        "accent_county": award.county,
        "entry": entry,
        "form": form,
        "problems": problems,
    }
    status = 422 if problems or form.errors else 200
    return render(request, "grants/payments/correct.html", context, status=status)


def _award_or_404(request: SignedIn, number: str) -> Award:
    rows = scope.awards(request.user).select_related("application__organisation", "application__scheme")
    return get_object_or_404(rows, number=number)
