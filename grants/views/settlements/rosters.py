"""The 印領清冊 of a line: people, what they did and what they are paid, on one page; printed ready to sign."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grants.compliance.rosters import kept_findings, row_findings
from grants.enums import VoucherKind
from grants.forms.settlements.rosters import SPARE, RosterForm, RosterRows, numbered, row_values
from grants.letters.compose import item_name
from grants.models import Settlement, SettlementLine, Voucher
from grants.permissions import actor_for
from grants.queries.settlements.rows import lines_of
from grants.rules import withholding
from grants.rules.rosters import shape_of, takes_roster
from grants.services.settlements import voucher_papers, vouchers
from grants.services.settlements.rosters import RosterFindingsError, last_numbers, last_people
from grants.services.settlements.vouchers import SameVoucherError
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.numbers import whole_number

from .vouchers import frame, open_or_refused, readable_or_404, voucher_or_404


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def settlement_roster_add(request: SignedIn, number: str, line: int) -> HttpResponse:
    """Enter a roster of this line. It begins with the people of the last one; `blank` is the page that is kept on a device
    or takes over what waited there, without anybody's number.
    """
    settlement = open_or_refused(request, number)
    row = roster_line_or_404(settlement, line)
    if request.method == "POST":
        return _posted(request, row, None)
    form, spare = RosterForm(line=row, initial={"key": uuid.uuid4()}), SPARE
    people = [row_values(person, again=True) for person in last_people(row)]
    if "blank" in request.GET:
        people = [person | {"national_id": ""} for person in people]
        spare = max(spare, (whole_number(request.GET["blank"]) or 0) - len(people))
    return _page(request, form, RosterRows(row, initial=people, spare=spare))


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def settlement_roster_change(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Change a roster until the 結報 is handed in."""
    settlement = open_or_refused(request, number)
    held = voucher_or_404(settlement, pk)
    if held.kind != VoucherKind.ROSTER:
        raise Http404
    row = held.line
    row.settlement = settlement
    if request.method == "POST":
        return _posted(request, row, held)
    initial = {name: getattr(held, name) for name in ("issued_on", "purpose", "note", "same_reason")}
    rows = RosterRows(row, initial=[row_values(person) for person in held.people.all()])
    return _page(request, RosterForm(line=row, initial=initial), rows, held)


@audience(PAPER_READERS)
@require_GET
def settlement_roster_paper(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Return the roster as PDF, ready to sign."""
    settlement = readable_or_404(request, number)
    row = get_object_or_404(settlement.voucher_rows.select_related("line__line"), pk=pk, kind=VoucherKind.ROSTER)
    try:
        content = voucher_papers.roster(row)
    except pdf.UnavailableError:
        return render(request, "grants/applications/no_pdf.html", {"case": settlement.award.application}, status=503)
    return made_pdf(content, f"{number}-roster-{row.position}.pdf")


def roster_line_or_404(settlement: Settlement, pk: int) -> SettlementLine:
    """Return the line, if people are paid from it."""
    row = next((one for one in lines_of(settlement) if one.pk == pk), None)
    if row is None:
        raise Http404
    row.settlement = settlement
    if not takes_roster(row.line.item):
        raise Refused(_("這一項不是付給人的酬勞或交通費，請用單據。"))
    return row


def _posted(request: SignedIn, line: SettlementLine, held: Voucher | None) -> HttpResponse:
    form = RosterForm(request.POST, request.FILES, line=line)
    rows = RosterRows(line, request.POST if held else numbered(request.POST, last_numbers(line)))
    command = request.POST.get("command", "")
    both = [form.is_valid(), rows.is_valid()]
    if command == "more":
        return _with_more(request, form, rows, held)
    if all(both) and command != "count" and (made := _kept(request, form, rows, held)):
        params = {"number": made.position, "amount": format_amount(made.amount)}
        messages.success(request, _("已存第 %(number)d 號印領清冊，合計 %(amount)s 元。") % params)
        return redirect(f"{reverse('grants:settlement_vouchers', args=[line.settlement.number])}#line-{line.pk}")
    day = form.cleaned_data.get("issued_on") or clock.today()
    if command == "count" and not both[0]:
        # Only the rows are reckoned: what is still blank below them is asked for when the roster is saved.
        form = _as_typed(request, form)
    if both[1]:
        rows.show(row_findings(line, rows.people, day, apart_from=held.pk if held else None))
    if form.is_bound:
        hold_files(form, actor_for(request.user, line.settlement.award.application, Role.MEMBER))
    return _page(request, form, rows, held)


def _kept(request: SignedIn, form: RosterForm, rows: RosterRows, held: Voucher | None) -> Voucher | None:
    """Save the roster and return its voucher; None with what is asked at its field."""
    entry = form.entry(rows.people)
    try:
        if held is None:
            return vouchers.add(request.user, form.settlement, entry)
        return vouchers.change(request.user, held, entry)
    except SameVoucherError as same:
        form.add_error("same_reason", same.reason)
    except RosterFindingsError:
        form.add_error("note", _("清冊有標出來的地方。請改；確實這樣付的，請在這裡寫為什麼，再存一次。"))
    return None


def _with_more(request: SignedIn, form: RosterForm, rows: RosterRows, held: Voucher | None) -> HttpResponse:
    """Show what was typed with more blank rows; what is unfinished is not held against anybody yet."""
    return _page(request, _as_typed(request, form), RosterRows(form.line, initial=rows.typed(), spare=SPARE + 1), held)


def _as_typed(request: SignedIn, form: RosterForm) -> RosterForm:
    """Return the form with what was typed and chosen, held against nobody yet."""
    hold_files(form, actor_for(request.user, form.settlement.award.application, Role.MEMBER))
    return RosterForm(line=form.line, initial={name: form[name].value() for name in form.fields})


def _page(request: SignedIn, form: RosterForm, rows: RosterRows, held: Voucher | None = None) -> HttpResponse:
    line, wrong = form.line, bool(form.errors or rows.problems or any(row.errors for row in rows.forms))
    if not (form.has_error("same_reason") or form["same_reason"].value()):
        del form.fields["same_reason"]
    if held is not None and request.method == "GET":
        _show_kept(line, rows, held)
    income = withholding.income_of(line.line.item)
    day = held.issued_on if held else clock.today()
    context: dict[str, Any] = frame(line.settlement) | {
        "form": form,
        "rows": rows,
        "row": held,
        "line": line,
        "name": item_name(line.line.item),
        "shape": shape_of(line.line.item),
        "offline": held is None,
        "remarks": withholding.remarks(income, day),
        "counted": rows.total if any(row.filled for row in rows.forms) else None,
        "wrong": wrong,
    }
    return render(request, "grants/settlements/roster_form.html", context, status=422 if wrong else 200)


def _show_kept(line: SettlementLine, rows: RosterRows, held: Voucher) -> None:
    """Put what the law says of the roster as it is kept beside the cells of a page that nobody has sent yet."""
    for one in kept_findings(line, held.pk, beyond=False):
        form = rows.forms[one.place]
        form.found.setdefault(one.cell if one.cell in form.fields else "rate", []).append(one)
