"""A change after the approval: asked for by the association, checked by an officer, decided by another person."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.enums import UNANSWERED, UNDECIDED, AmendedPart, AmendmentStatus
from grants.forms.amendments import (
    MOST_NEW,
    AnswersForm,
    AttachedForm,
    DecisionForm,
    GiveUpForm,
    LineForms,
    NewLineForms,
    PaperForm,
    PlanForm,
    ReasonForm,
    SendBackForm,
)
from grants.models import Amendment, Award
from grants.permissions import actor_for, at_counter, holds, is_chair, post_for
from grants.queries import scope
from grants.queries.amendments import described, papers_of, visible
from grants.queries.law import margins
from grants.queries.payments import movements
from grants.rules.findings import INFO, Finding
from grants.services.amendments import asking, deciding
from grants.services.amendments.comparing import Comparison, compare, total_after
from grants.services.amendments.items import Item, item_of, keys_of
from grants.services.settlements.due import due_on
from grants.workflow.amendments import TABLE
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, COUNTY_READERS, COUNTY_STAFF, PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.audit.queries import history_of_object
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import ClosedFormError, no_page
from miaoli_kaohsiung.lib.money import MAX_AMOUNT, format_amount
from miaoli_kaohsiung.lib.numbers import whole_number


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def amendment_new(request: SignedIn, number: str) -> HttpResponse:
    """Ask for other days, amounts, people or another place. `line` in the address is the line to begin with, `amount`
    what a voucher needs more of it, or of a line that is to be added.
    """
    award = _open_award(request, number)
    posted = request.POST if request.method == "POST" else None
    files = request.FILES if posted is not None else None
    chosen, amount = whole_number(request.GET.get("line", "")), _carried(request)
    counter, attached = at_counter(request.user, award.application), AttachedForm(posted, files)
    reason = ReasonForm(posted, files, at_counter=counter, initial=_because(amount))
    plan, lines = PlanForm(posted, award=award), LineForms(posted, award=award, chosen=chosen, more=amount or 0)
    new = NewLineForms(posted, award=award, amount=amount)
    page: dict[str, Any] = {"reason_form": reason, "plan_form": plan, "line_forms": lines, "new_forms": new}
    page["attached_form"] = attached
    if posted is None:
        return _new_page(request, award, page)
    # The reason is asked for when it is sent.
    unasked = {"asks_reason": False}
    command, _colon, argument = posted.get("command", "").partition(":")
    if command == "remove":
        new.take_away(whole_number(argument) or 0)
        return _new_page(request, award, page | unasked)
    if command == "add":
        wrong = not new.add(posted.get("item", ""))
        return _new_page(request, award, page | unasked | {"item_wrong": wrong}, status=422 if wrong else 200)
    if not all([plan.is_valid(), lines.is_valid(), new.is_valid(), attached.is_valid()]):
        return _new_page(request, award, page, status=422)
    new.settle()
    items = [*plan.items(), *lines.items(), *new.items()]
    if command == "check":
        return _new_page(request, award, page | unasked | _checked(award, items))
    if not reason.is_valid():
        return _new_page(request, award, page | _checked(award, items), status=422)
    try:
        made = asking.ask(request.user, award, items, **reason.cleaned_data, papers=attached.papers())
    except Refused as refused:
        return _new_page(request, award, page | _checked(award, items) | {"problems": [refused.reason]}, status=422)
    return _asked(request, made)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def give_up(request: SignedIn, number: str) -> HttpResponse:
    """Give the plan up: what happens to the money stands above the button."""
    award = _open_award(request, number)
    posted = request.POST if request.method == "POST" else None
    form = GiveUpForm(posted, request.FILES or None, at_counter=at_counter(request.user, award.application))
    attached = AttachedForm(posted, request.FILES or None)
    problems: list[str] = []
    if posted is not None and form.is_valid() and attached.is_valid():
        try:
            item, attachments = Item(AmendedPart.GIVE_UP), attached.papers()
            made = asking.ask(request.user, award, [item], **form.cleaned_data, papers=attachments)
        except Refused as refused:
            problems = [refused.reason]
        else:
            return _asked(request, made)
    _hold(request, award, form, attached)
    context = _context(award) | {"form": form, "attached_form": attached, "problems": problems}
    context |= {"forms": [attached], "show": bool(attached.errors)}
    context |= {"money": movements(award), "sends": _sends(request.user, award)}
    status = 422 if problems or form.errors or attached.errors else 200
    return render(request, "grants/amendments/give_up.html", context, status=status)


@audience(AWARD_READERS)
@require_GET
def amendment(request: SignedIn, pk: int) -> HttpResponse:
    """Show what is asked for, old beside new, with what the law says of both, and the form of whose turn it is."""
    return page_of(request, found(request.user, pk))


@audience(PAPER_READERS)
@require_GET
@no_page
def signed(request: SignedIn, pk: int) -> HttpResponseBase:
    """Hand out the sheet that the chairperson signed."""
    row = found(request.user, pk)
    require(holds(request.user, row.award.application, PAPER_READERS))
    if row.signed is None:
        raise Http404
    return response(row.signed, inline=True)


@audience(Role.MEMBER)
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Send the change to the county, by the chairperson."""
    asking.confirm(request.user, found(request.user, pk))
    messages.success(request, _("已送出，縣府會審核並函復。"))
    return redirect("grants:amendment", pk)


@audience(Role.MEMBER)
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take the request back."""
    row = asking.withdraw(request.user, found(request.user, pk))
    messages.success(request, _("已撤回，原核定內容不變。"))
    return redirect("grants:award_detail", row.award.number)


@audience(Role.CASE_OFFICER)
@require_POST
def check(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the officer's opinion on each item."""
    row = found(request.user, pk)
    form = AnswersForm(request.POST, items=row.items.all())
    sentence = _("已送主管核定。")
    return _answered(request, row, form, lambda: deciding.check(request.user, row, form.answers()), sentence)


@audience(Role.APPROVER)
@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Approve or refuse each item."""
    row = found(request.user, pk)
    form = DecisionForm(request.POST, items=row.items.all())

    def act() -> Amendment:
        return deciding.decide(request.user, row, form.answers(), note=form.cleaned_data["note"])

    return _answered(request, row, form, act, _("已決定，並擬好函稿。"))


@audience(Role.APPROVER)
@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    """Return the request to the officer for another opinion."""
    row = found(request.user, pk)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return page_of(request, row, status=422, back_form=form)
    deciding.send_back(request.user, row, form.cleaned_data["note"])
    messages.success(request, _("已退回承辦人。"))
    return redirect("grants:amendment", pk)


def _answered(
    request: SignedIn, row: Amendment, form: AnswersForm, act: Callable[[], Amendment], sentence: str
) -> HttpResponse:
    if not form.is_valid():
        return page_of(request, row, status=422, form=form)
    try:
        act()
    except Refused as refused:
        if row.status not in UNDECIDED or not TABLE.open_to(row, request.user):
            raise
        return page_of(request, row, status=422, form=form, problems=[refused.reason])
    messages.success(request, sentence)
    return redirect("grants:amendment", row.pk)


def found(user: User, pk: int) -> Amendment:
    return get_object_or_404(visible(user), pk=pk)


def _open_award(request: SignedIn, number: str) -> Award:
    """Return the award, if something may be asked for now."""
    rows = scope.awards(request.user).select_related(
        "application__organisation", "application__scheme", "application__programme", "settlement"
    )
    award = get_object_or_404(rows, number=number)
    require(holds(request.user, award.application, Role.MEMBER))
    if (reason := asking.may_ask(award)) and request.method == "GET":
        raise ClosedFormError(reason, _award_page(award))
    return award


def _carried(request: SignedIn) -> int | None:
    """Return the amount of a voucher that fits no line, or has no room on its line, None if none was brought along."""
    amount = whole_number(request.GET.get("amount", ""))
    return amount if amount and amount <= MAX_AMOUNT else None


def _because(amount: int | None) -> dict[str, str]:
    if amount is None:
        return {}
    words = _("有一張 %(amount)s 元的單據，核定的項目裡沒有，或超過那一項的核定金額。")
    return {"reason": words % {"amount": format_amount(amount)}}


def _award_page(award: Award) -> str:
    return redirect("grants:award_detail", award.number).url


def _asked(request: SignedIn, made: Amendment) -> HttpResponse:
    waits = made.status == AmendmentStatus.AWAITING_CHAIR
    sent = _("已送請%(head)s確認，確認後送縣府。") if waits else _("已送出，縣府會審核並函復。")
    messages.success(request, sent % {"head": made.award.application.organisation.head_word})
    return redirect("grants:amendment", made.pk)


def _context(award: Award) -> dict[str, Any]:
    return {"award": award, "case": award.application, "accent_county": award.county}


def _hold(request: SignedIn, award: Award, *forms: Form) -> None:
    """Hold the good files of forms that are shown again, so that nobody has to choose them again."""
    for form in forms:
        form.is_valid()
        hold_files(form, actor_for(request.user, award.application, Role.MEMBER))


def _sends(user: User, award: Award) -> bool:
    """Return whether what this person asks for goes to the county at once."""
    return bool(is_chair(user, award.application)) or at_counter(user, award.application)


def _new_page(request: SignedIn, award: Award, page: dict[str, Any], status: int = 200) -> HttpResponse:
    chosen = whole_number(request.GET.get("line", ""))
    new: NewLineForms = page["new_forms"]
    _hold(request, award, page["reason_form"], page["attached_form"])
    if not page.get("asks_reason", True):
        page = page | {"reason_form": page["reason_form"].unasked()}
    forms = [page["reason_form"], page["attached_form"], page["plan_form"], *page["line_forms"].forms, *new.forms]
    notes = page.get("line_notes", {})
    context = _context(award) | page
    context |= {
        "lines": [
            (form, notes.get(form.line.line_id, []), form.line.pk == chosen) for form in page["line_forms"].forms
        ],
        "new_lines": [(form, notes.get(form.line.pk, [])) for form in new.forms],
        "groups": new.groups,
        "most": MOST_NEW,
        "chosen": chosen or _carried(request),
        "forms": forms,
        "show": bool(page.get("problems") or any(form.errors for form in forms)),
        "due_on": due_on(award),
        "sends": _sends(request.user, award),
        "total": page.get("total", award.total),
    }
    return render(request, "grants/amendments/new.html", context, status=status)


def _checked(award: Award, items: Sequence[Item]) -> dict[str, Any]:
    """Return what the law says of the typed values, by line and of the whole."""
    comparison = compare(award, items, stage="submission")
    line_notes: dict[int, list[margins.Note]] = {}
    for found in comparison.notable:
        if found.line:
            line_notes.setdefault(int(found.line), []).extend(_notes(award, comparison, [found]))
    total = total_after(award, items)
    return {
        "checked": True,
        "line_notes": line_notes,
        "case_notes": _notes(award, comparison, [found for found in comparison.notable if not found.line]),
        "total": total,
        "over": max(0, total - award.total),
        "under": max(0, award.total - total),
        "unchanged": not items,
    }


def _notes(award: Award, comparison: Comparison, findings: Sequence[Finding]) -> list[margins.Note]:
    book = margins.Lawbook(comparison.new.ruleset, award.application.scheme.slug)
    # One reason is written for the whole change, above or below the notes.
    return [replace(note, asks=False, explained_above=False) for note in margins.notes_of(findings, {}, book)]


def page_of(request: SignedIn, row: Amendment, status: int = 200, **extra: Any) -> HttpResponse:
    award, user = row.award, request.user
    items = list(row.items.select_related("line__line"))
    moves = TABLE.names_open_to(row, user)
    context = _context(award) | {
        "amendment": row,
        "moves": moves,
        "usual": TABLE.usual(row.status),
        "why_not": _why_not(row, user, moves),
        "staff": post_for(user, award.application, COUNTY_READERS) is not None,
        "may_read_papers": post_for(user, award.application, PAPER_READERS) is not None,
        "money": movements(award),
        "history": list(history_of_object(row)),
        "back_form": SendBackForm(),
        **_papers(row, user),
    }
    form = extra.get("form") or _form(items, moves)
    context |= {"form": form, "rows": _rows(row, items, form, user)} | extra
    context["case_notes"] = context["rows"].pop("whole")
    context["rows"] = context["rows"]["items"]
    return render(request, "grants/amendments/detail.html", context, status=status)


def _papers(row: Amendment, user: User) -> dict[str, Any]:
    """Return what was attached for those who may read it, and the form of one more as long as it can be added."""
    case = row.award.application
    if not post_for(user, case, PAPER_READERS):
        return {}
    adds = row.status in UNANSWERED and bool(holds(user, case, Role.MEMBER))
    shown = papers_of(row)
    return {
        "papers": shown,
        "in_pane": bool(shown) and post_for(user, case, COUNTY_READERS) is not None,
        "paper_form": PaperForm() if adds else None,
        "may_remove": adds and row.status == AmendmentStatus.AWAITING_CHAIR,
    }


def _why_not(row: Amendment, user: User, moves: set[str]) -> str:
    """Return why somebody whose post makes the next move may not make it."""
    usual = TABLE.usual(row.status)
    if usual is None or usual.name in moves or not post_for(user, row.award.application, usual.roles):
        return ""
    return TABLE.answer(row, usual.name, user).reason


def _form(items: Sequence[Any], moves: set[str]) -> AnswersForm | None:
    if "approve" in moves:
        return DecisionForm(items=items, earlier=True)
    return AnswersForm(items=items) if "check" in moves else None


def _rows(row: Amendment, items: Sequence[Any], form: AnswersForm | None, user: User) -> dict[str, Any]:
    """Return each item in words with its fields, and what the law says before and after as long as nothing is decided."""
    award = row.award
    fields = form.rows() if form else {}
    whole: list[margins.Note] = []
    before: dict[int, list[margins.Note]] = {}
    after: dict[int, list[margins.Note]] = {}
    if row.status in UNDECIDED and award.version == row.of_version:
        stage = "approval" if post_for(user, award.application, COUNTY_STAFF) else "submission"
        comparison = compare(award, [item_of(item) for item in items], stage=stage)
        whole = _notes(award, comparison, [found for found in comparison.notable if not found.line])
        lines = {item.line.pk: item.line.line_id for item in items if item.line}
        for item, key in zip(items, keys_of(items, lines), strict=True):
            old = [found for found in comparison.old.evaluation.of_line(key) if key and found.severity != INFO]
            new = [found for found in comparison.new.evaluation.of_line(key) if key and found.severity != INFO]
            limits = [found for found in comparison.limits if key and found.line == key]
            before[item.pk], after[item.pk] = _notes(award, comparison, old), _notes(award, comparison, [*new, *limits])
    found = [
        {
            "item": item,
            "words": described(item),
            "before": before.get(item.pk, []),
            "after": after.get(item.pk, []),
            "fields": fields.get(item.pk),
        }
        for item in items
    ]
    return {"items": found, "whole": whole}
