"""What the treasury has paid: its file, the preview by row, the confirmation."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grants.enums import WRITTEN_ROWS, PaymentRowOutcome
from grants.forms.treasury import ConfirmPaidForm, PaidFileForm
from grants.models import PaymentImport
from grants.queries import treasury
from grants.services.treasury import paid_files
from grants.services.treasury.reading import HEADS, FileRefused
from miaoli_kaohsiung.accounts.again import asked_again
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.files.sheets import UnreadableSheetError
from miaoli_kaohsiung.lib.roc_date import format_roc

PAGE_SIZE = 50
RECENT = 10
# How an outcome looks (a class of .tag).
TAGS = {
    PaymentRowOutcome.MATCHED: "good",
    PaymentRowOutcome.ASKED: "ask",
    PaymentRowOutcome.PAID: "",
    PaymentRowOutcome.EMPTY: "",
}


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
def payment_imports(request: SignedIn) -> HttpResponse:
    """Choose the treasury's file; below it, those that were brought before."""
    counties = sorted(counties_with(request.user, Role.FINANCE_OFFICER))
    form = PaidFileForm(request.POST or None, request.FILES or None, counties=counties)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = paid_files.start(request.user, data["county"], data["file"], data["fee_bearer"])
        except (UnreadableSheetError, FileRefused) as refused:
            form.add_error("file", refused.reason)
        else:
            return redirect("grants:payment_import", made.pk)
    context = {
        "form": form,
        "brought": [_brought(found) for found in treasury.imports(request.user)[:RECENT]],
        "heads": [(names[0], names[1:]) for names in HEADS.values()],
    }
    return render(request, "grants/treasury/file.html", context, status=422 if form.errors else 200)


@audience(Role.FINANCE_OFFICER)
@require_http_methods(["GET", "POST"])
@asked_again
def payment_import(request: SignedIn, pk: int) -> HttpResponse:
    """Show what would become of each row, or what became of it; posting records what is shown."""
    found = get_object_or_404(treasury.imports(request.user), pk=pk)
    asked = bool(found.counts.get(PaymentRowOutcome.ASKED)) and not found.confirmed_on
    form = ConfirmPaidForm(request.POST if request.method == "POST" else None, asked=asked)
    if request.method == "POST" and form.is_valid():
        try:
            paid_files.confirm(request.user, found, **form.cleaned_data)
        except (paid_files.ChangedMeanwhile, paid_files.ReasonWanted) as refused:
            messages.warning(request, refused.reason)
        else:
            messages.success(request, _("已登記付款結果。"))
        return redirect("grants:payment_import", pk)
    return _preview(request, found, form)


@audience(Role.FINANCE_OFFICER)
@require_POST
def payment_import_discard(request: SignedIn, pk: int) -> HttpResponse:
    """Forget a file that was not confirmed."""
    paid_files.discard(request.user, get_object_or_404(treasury.imports(request.user), pk=pk))
    messages.success(request, _("這個檔案沒有登記，已經刪除。"))
    return redirect("grants:payment_imports")


def _brought(found: PaymentImport) -> tuple[PaymentImport, str, str]:
    """Return the file with its address and what became of it."""
    words = _("還沒登記")
    if found.confirmed_on:
        words = _("%(day)s %(who)s登記") % {"day": format_roc(found.confirmed_on), "who": found.confirmed_by}
    return found, reverse("grants:payment_import", args=[found.pk]), words


def _preview(request: SignedIn, found: PaymentImport, form: ConfirmPaidForm) -> HttpResponse:
    shown = request.GET.get("show", "")
    rows = found.rows.select_related("instalment__award__application__organisation")
    if shown in PaymentRowOutcome.values:
        rows = rows.filter(outcome=shown)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "form": form,
        "page": page,
        "rows": [(row, TAGS.get(PaymentRowOutcome(row.outcome), "stop")) for row in page],
        "shown": shown,
        "tabs": [(value, label, found.counts.get(value, 0)) for value, label in PaymentRowOutcome.choices],
        "total": treasury.to_record(found),
        "writes": sum(found.counts.get(outcome, 0) for outcome in WRITTEN_ROWS),
    }
    return render(request, "grants/treasury/import.html", context, status=422 if form.errors else 200)
