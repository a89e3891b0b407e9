"""The budget step of the application form: the page, its buttons, and the check while somebody types."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.models import Application
from grants.rules import catalogue
from grants.services.applications import budget_lines
from grants.views import merging
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import merge
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.money import format_amount

from .budget_parts import BudgetPage, BudgetPost, forms_of
from .steps import ADDRESSES, after, editable_case, frame, posted_edition, reason_form, remember_save


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def budget(request: SignedIn, number: str) -> HttpResponseBase:
    """Show the budget lines with the law beside each; add, copy, remove and 改為上限 are ordinary buttons."""
    case = editable_case(request, number)
    if request.method == "GET":
        return _budget_page(request, case, forms_of(case))
    command, _colon, argument = request.POST.get("command", "").partition(":")
    if command in ("add", "usual"):
        command, argument = "add", " ".join(request.POST.getlist("item" if command == "add" else "usual"))
    post = BudgetPost(request, case)
    if command == "add" and not (argument.split() and set(argument.split()) <= set(catalogue.items())):
        # What was typed is saved; the missing choice is an error at its field.
        command, argument, post.item_wrong = "", "", True
    try:
        saved = post.save(command, argument)
    except Refused as refused:
        case.refresh_from_db()
        return _budget_page(request, case, post.budget, problems=[refused.reason], status=422)
    if saved.conflicts:
        return _budget_page(request, case, post.budget, conflicts=saved.conflicts, status=409)
    if post.wrong or post.item_wrong:
        return _budget_page(request, saved.row, post.budget, item_wrong=post.item_wrong, status=422)
    for notice in filter(None, (saved.notice, post.own_funds_notice(argument) if command in ("cap", "own") else "")):
        messages.info(request, notice)
    return redirect(_after_budget(saved.row, command, argument))


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def budget_check(request: SignedIn, number: str) -> HttpResponseBase:
    """Save what autosave.js posts while somebody types, evaluate the whole budget, and return the margins and totals
    that changed. A person who comes back here after signing in is sent to the page.
    """
    case = editable_case(request, number)
    if request.method == "GET":
        return redirect("grants:application_budget", number)
    before, at = BudgetPage.of(case, list(case.lines.all())), case.edition
    post = BudgetPost(request, case)
    known = post.edition == at == posted_edition(request)
    try:
        saved = post.save()
    except Refused as refused:
        return JsonResponse({"message": refused.reason}, status=409)
    row = saved.row or case
    data, status = merging.answer(saved, post.stored(row), row.edition)
    if saved.conflicts:
        return JsonResponse(data, status=status)
    remember_save(request, case, row)
    now = before.again(post.budget.typed_lines(), reasons_too=bool(post.names))
    # A page that missed an answer has missed its parts too.
    parts = now.parts_changed_since(before if known else None, post.budget)
    data["fields"] |= {name: [value] for name, value in post.budget.settled().items()}
    return JsonResponse(data | {"parts": parts, "announce": now.announcement()}, status=status)


def _budget_page(request: SignedIn, case: Application, budget: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    page = BudgetPage.of(case, list(case.lines.all()))
    context = frame(case, "budget", page.judged) | page.context(budget)
    seen = merge.seen([*forms_of(case).forms, reason_form(None, case, page.reason_names())])
    context |= {
        "forms": budget.forms,
        "show": budget.unreadable,
        "groups": catalogue.items_for(case.programme.code),
        "usual": catalogue.usual_items(case.programme.code),
        "most": budget_lines.MAX_LINES,
        "removed": [_removed(kept) for kept in reversed(case.removed_lines)],
    }
    context |= {"edition": case.edition, "seen": seen, **more}
    return render(request, "grants/applications/budget.html", context, status=status)


def _removed(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a line that may be restored: its id and its words."""
    parts = [catalogue.items()[kept["item"]].name, kept["description"]]
    if kept["requested"] is not None:
        parts.append(_("%(amount)s 元") % {"amount": format_amount(kept["requested"])})
    return {"id": kept["id"], "words": "　".join(filter(None, parts))}


def _after_budget(case: Application, command: str, argument: str) -> str:
    page = reverse("grants:application_budget", args=[case.number])
    if command == "next":
        return reverse(ADDRESSES[after("budget")], args=[case.number])
    if command == "add" and " " in argument:
        return f"{page}#budget-lines"
    if command in ("add", "copy"):
        return f"{page}#line-{case.lines.order_by('position', 'id').values_list('pk', flat=True).last()}"
    places = {"cap": f"line-{argument}", "own": f"line-{argument}", "restore": f"line-{argument}", "remove": "removed"}
    return f"{page}#{places.get(command, 'budget-lines')}"
