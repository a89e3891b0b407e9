"""The vouchers of a 結報 on a phone: one photo, one form, one voucher after the other; and the list of all."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.enums import INVOICES, VoucherKind
from grants.forms.settlements.vouchers import SHARED, VoucherEntryForm, VoucherPhotoForm, share_values
from grants.letters.compose import item_name
from grants.models import ReceiptReading, Settlement, Voucher
from grants.permissions import actor_for, post_for
from grants.queries.settlements.rows import lines_of
from grants.queries.settlements.sampling import sampled
from grants.queries.settlements.vouchers import by_line, next_unchecked
from grants.rules.rosters import takes_roster
from grants.services.amendments.asking import may_ask
from grants.services.settlements import photos, readings, voucher_papers, vouchers
from grants.services.settlements.shares import PaperError
from grants.services.settlements.vouchers import SameVoucherError
from grants.workflow import settlements
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.fields import HeldFile, hold_files
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.pages import straightened
from miaoli_kaohsiung.files.services import Checked, hold, made_pdf, response
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.compiling import compiles
from miaoli_kaohsiung.lib.invoice_codes import InvoiceCode, read
from miaoli_kaohsiung.lib.leads_back import ClosedFormError, no_page
from miaoli_kaohsiung.lib.money import format_amount

from .steps import page_of, settlement_or_404
from .viewer import reads
from .voucher_rows import beside

# What is printed, by its word in the address.
PAPERS = {
    "sheets": voucher_papers.sheets,
    "register": voucher_papers.register,
    "shares": voucher_papers.share_table,
}
SUBMITTED = _l("結報已送出，現在不能修改。要修改請聯絡縣府承辦人。")


@audience(PAPER_READERS)
@require_GET
def settlement_vouchers(request: SignedIn, number: str) -> HttpResponse:
    """Show all vouchers by line, with what is left of each, and the way to enter the next one."""
    settlement = readable_or_404(request, number)
    return render(request, "grants/settlements/vouchers.html", _list(request, settlement))


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
@compiles
def settlement_voucher_photo(request: SignedIn, number: str) -> HttpResponse:
    """Take the photo of the next voucher first; what stands on it is asked on the next page."""
    settlement = open_or_refused(request, number)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = VoucherPhotoForm(*posted)
    if request.method == "POST" and form.is_valid() and (token := _held_photo(request, settlement, form)):
        request.session["voucher-code"] = [token, form.cleaned_data["code"]]
        return redirect(f"{reverse('grants:settlement_voucher_add', args=[number])}?photo={token}")
    status = 422 if form.is_bound else 200
    return render(request, "grants/settlements/voucher_photo.html", frame(settlement) | {"form": form}, status=status)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
@compiles
def settlement_voucher_add(request: SignedIn, number: str) -> HttpResponse:
    """Enter a voucher, then go on with the next one."""
    settlement = open_or_refused(request, number)
    if request.method == "GET":
        return _first_page(request, settlement)
    form = _entry_form(settlement, request.POST, request.FILES)
    if request.POST.get("command") == "amend":
        return _to_the_amendment(request, settlement, form)
    made = _kept(request, settlement, form, None)
    if made is None:
        return _form_page(request, settlement, form)
    words = {"number": made.position, "amount": format_amount(made.amount)}
    request.session.pop(f"voucher-{settlement.number}", None)
    messages.success(request, _("已存第 %(number)d 號單據，%(amount)s 元。") % words)
    if by_line(settlement)[made.line_id].spent > made.line.line.approved:
        messages.warning(request, _("這一項已經超過核定，超過的由單位自付；要從別項流用，請按這一項的「申請流用」。"))
        return redirect(f"{reverse('grants:settlement_vouchers', args=[number])}#line-{made.line_id}")
    return redirect("grants:settlement_voucher_photo", number)


@audience(PAPER_READERS)
@require_GET
def settlement_voucher(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Show a voucher with its photo beside it."""
    settlement = readable_or_404(request, number)
    row = voucher_or_404(settlement, pk)
    context = frame(settlement) | {"row": row, "name": _name(row)} | beside(row, request.user)
    return render(request, "grants/settlements/voucher.html", context)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def settlement_voucher_change(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Change a voucher until the 結報 is handed in."""
    settlement = open_or_refused(request, number)
    row = voucher_or_404(settlement, pk)
    if row.kind == VoucherKind.ROSTER:
        return redirect("grants:settlement_roster_change", number, pk)
    if request.method == "GET":
        initial = {name: getattr(row, name) for name in vouchers.WORDS} | {"line": str(row.line_id)}
        initial |= share_values(row)
        return _form_page(request, settlement, _entry_form(settlement, initial=initial), row)
    form = _entry_form(settlement, request.POST, request.FILES)
    if _kept(request, settlement, form, row) is None:
        return _form_page(request, settlement, form, row)
    messages.success(request, _("已儲存第 %(number)d 號單據。") % {"number": row.position})
    return redirect("grants:settlement_vouchers", number)


@audience(Role.MEMBER)
@require_POST
def settlement_voucher_remove(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Remove a voucher until the 結報 is handed in."""
    settlement = settlement_or_404(request, number)
    row = voucher_or_404(settlement, pk)
    vouchers.remove(request.user, row)
    messages.success(request, _("已刪除第 %(number)d 號單據。") % {"number": row.position})
    return redirect("grants:settlement_vouchers", number)


@audience(PAPER_READERS)
@require_GET
@no_page
def settlement_voucher_file(request: SignedIn, number: str, pk: int) -> HttpResponseBase:
    """Return the photo of a voucher."""
    return response(_photo_or_404(request, number, pk), inline=True)


@audience(PAPER_READERS)
@require_GET
@no_page
def settlement_voucher_straight(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Return the paper on the photo of a voucher, made straight."""
    return straightened(_photo_or_404(request, number, pk))


def _photo_or_404(request: SignedIn, number: str, pk: int) -> StoredFile:
    row = voucher_or_404(readable_or_404(request, number), pk)
    if row.photo is None:
        raise Http404(_("這張單據沒有照片。"))
    return row.photo


def readable_or_404(request: SignedIn, number: str) -> Settlement:
    """Return the settlement to who may read its vouchers; they hold personal data, so the township may not."""
    settlement = settlement_or_404(request, number)
    if post_for(request.user, settlement.award.application, PAPER_READERS) is None:
        raise Http404
    if not reads(request.user, settlement):
        raise Refused(_("協會填寫中，尚未送出。"))
    return settlement


def voucher_or_404(settlement: Settlement, pk: int) -> Voucher:
    row: Voucher = get_object_or_404(settlement.voucher_rows.select_related("line__line", "photo"), pk=pk)
    row.settlement = settlement
    return row


def open_or_refused(request: SignedIn, number: str) -> Settlement:
    settlement = settlement_or_404(request, number)
    if not page_of(request, settlement.award).edits:
        raise ClosedFormError(str(SUBMITTED), reverse("grants:settlement_detail", args=[number]))
    return settlement


def _held_photo(request: SignedIn, settlement: Settlement, form: VoucherPhotoForm) -> str:
    """Hold the photo until the next page is sent and return its token, "" with the problem at its field."""
    photo = form.cleaned_data["photo"]
    if isinstance(photo, Checked):
        try:
            photo = hold(photo, actor=actor_for(request.user, settlement.award.application, Role.MEMBER))
        except ValidationError as refused:
            form.add_error("photo", refused)
            return ""
    return str(photo.pk)


def _kept(request: SignedIn, settlement: Settlement, form: VoucherEntryForm, row: Voucher | None) -> Voucher | None:
    """Save what was typed and return the voucher; None with the problem at its field, and the photo held."""
    if form.is_valid():
        try:
            entry = form.entry()
            if row is None:
                return vouchers.add(request.user, settlement, entry)
            return vouchers.change(request.user, row, entry)
        except SameVoucherError as same:
            form.add_error("same_reason", same.reason)
        except PaperError as more:
            form.add_error("paper_total", more.reason)
    hold_files(form, actor_for(request.user, settlement.award.application, Role.MEMBER))
    return None


def _entry_form(settlement: Settlement, *posted: Any, **kwargs: Any) -> VoucherEntryForm:
    return VoucherEntryForm(*posted, settlement=settlement, **kwargs)


def _to_the_amendment(request: SignedIn, settlement: Settlement, form: VoucherEntryForm) -> HttpResponse:
    """Lead to a change of the approval with the amount of the voucher; what was typed waits for the next visit."""
    form.is_valid()
    hold_files(form, actor_for(request.user, settlement.award.application, Role.MEMBER))
    typed = {name: form[name].value() or "" for name in form.fields if name not in ("line", "same_reason")}
    request.session[f"voucher-{settlement.number}"] = typed
    amount = form.cleaned_data.get("amount") or ""
    return redirect(f"{reverse('grants:amendment_new', args=[settlement.number])}?amount={amount}#lines")


def _first_page(request: SignedIn, settlement: Settlement) -> HttpResponse:
    """Show the form with what is known of the voucher: its photo, and what the square code on that says."""
    initial = _as_the_last_one(settlement) | {"key": uuid.uuid4()}
    code = None
    waiting = request.session.get(f"voucher-{settlement.number}")
    if waiting and request.GET.keys() == {"waiting"}:
        photo = HeldFile(waiting["photo"]) if waiting["photo"] else None
        return _form_page(request, settlement, _entry_form(settlement, initial=waiting | {"photo": photo}))
    if token := request.GET.get("photo", ""):
        initial["photo"] = HeldFile(token)
        # Read by the browser, or else here.
        of, text = request.session.get("voucher-code", ("", ""))
        code = (read(text) if of == token else None) or photos.code_on_held(request.user, token)
    reading = None if code or not token else readings.on_held(request.user, settlement, token)
    if reading and reading.found and "guess" in request.GET:
        initial |= {name: value for name, value in reading.found.items() if value} | {"issued_on": reading.day}
    if code:
        own = code.buyer_tax_id == settlement.award.application.organisation.tax_id
        initial |= {
            "kind": VoucherKind.E_INVOICE,
            "number": code.number,
            "issued_on": code.issued_on,
            "amount": code.total,
            "payee": photos.payee_of(settlement, code.seller_tax_id),
            "payee_tax_id": code.seller_tax_id,
            "title": Voucher.Title.OWN if own and code.buyer_tax_id else Voucher.Title.OTHER,
        }
    return _form_page(request, settlement, _entry_form(settlement, initial=initial), code=code, reading=reading)


def _as_the_last_one(settlement: Settlement) -> dict[str, Any]:
    """Return the line of the voucher before, while something is left on it, and its kind if it asks for no number: many
    papers of one kind come one after the other.
    """
    last = settlement.voucher_rows.exclude(kind=VoucherKind.ROSTER).select_related("line__line").last()
    if last is None:
        return {}
    left = last.line.line.approved > (last.line.spent or 0)
    return {"line": str(last.line_id) if left else "", "kind": "" if last.kind in INVOICES else last.kind}


def _form_page(
    request: SignedIn,
    settlement: Settlement,
    form: VoucherEntryForm,
    row: Voucher | None = None,
    code: InvoiceCode | None = None,
    reading: ReceiptReading | None = None,
) -> HttpResponse:
    if not (form.has_error("same_reason") or form["same_reason"].value()):
        del form.fields["same_reason"]
    context = frame(settlement) | {"form": form, "row": row, "code": code, "may_amend": not may_ask(settlement.award)}
    context["reading"] = reading
    context["apart"] = ("line", "same_reason", *SHARED)
    return render(request, "grants/settlements/voucher_form.html", context, status=422 if form.errors else 200)


def frame(settlement: Settlement) -> dict[str, Any]:
    award = settlement.award
    return {"award": award, "case": award.application, "settlement": settlement, "accent_county": award.county}


def _name(row: Voucher) -> str:
    return item_name(row.line.line.item)


def _list(request: SignedIn, settlement: Settlement) -> dict[str, Any]:
    edits = page_of(request, settlement.award).edits
    checks = bool(settlements.TABLE.answer(settlement, "check_sums", request.user))
    sums, rows = by_line(settlement), list(settlement.voucher_rows.select_related("photo"))
    groups = [
        {
            "line": line,
            "name": item_name(line.line.item),
            "rows": [row for row in rows if row.line_id == line.pk],
            "sums": sums.get(line.pk),
            "spent": line.spent or 0,
            "left": line.line.approved - (line.spent or 0),
            "over": (line.spent or 0) - line.line.approved,
            "roster": edits and takes_roster(line.line.item),
        }
        for line in lines_of(settlement)
    ]
    return frame(settlement) | {
        "groups": groups,
        "count": len(rows),
        "total": sum(row.amount for row in rows),
        "shared": any(row.paper_total for row in rows),
        "edits": edits,
        "own": post_for(request.user, settlement.award.application, Role.MEMBER) is not None,
        "roster_lines": [group["line"] for group in groups if group["roster"]],
        "sampled": sampled(settlement),
        "checks": checks,
        "first_open": next_unchecked(settlement) if checks else None,
        "may_amend": edits and not may_ask(settlement.award),
        "waiting": edits and f"voucher-{settlement.number}" in request.session,
    }


@audience(PAPER_READERS)
@require_GET
def settlement_voucher_paper(request: SignedIn, number: str, name: str) -> HttpResponse:
    """Return the sheets to paste the vouchers on, or the register of all, as PDF."""
    settlement = readable_or_404(request, number)
    rows = settlement.voucher_rows.all()
    if name not in PAPERS or not (rows.filter(paper_total__isnull=False) if name == "shares" else rows).exists():
        raise Http404(_("這一案還沒有單據可以列印。"))
    try:
        content = PAPERS[name](settlement)
    except pdf.UnavailableError:
        return render(request, "grants/applications/no_pdf.html", {"case": settlement.award.application}, status=503)
    return made_pdf(content, f"{number}-{name}.pdf")
