"""The letters' register, one letter, and a county's specimen."""

import copy
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.queries import counties_seen
from grants.enums import LetterStatus
from grants.forms.letters import ConfirmForm, LetterFilter, LetterForm
from grants.letters import names
from grants.letters.specimen import specimen
from grants.models import Letter
from grants.permissions import holds, letter_ground
from grants.queries import scope
from grants.queries.letters import counties_read, described, is_printer, letters_listed
from grants.services.applications.drafts import StaleError
from grants.services.desk import bulk
from grants.services.letters import dispatch, drafts, terms
from grants.tables.letters import LetterTable
from grants.workflow import letters
from miaoli_kaohsiung.accounts.audiences import (
    AWARD_READERS,
    CASE_HANDLERS,
    COUNTY_READERS,
    DATA_KEEPERS,
    LETTER_READERS,
    PAPER_READERS,
)
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.particulars import SAID, Particulars
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, lets_in
from miaoli_kaohsiung.changes.queries import visible_to
from miaoli_kaohsiung.files.services import made_pdf, response
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lists.acts import bulk_act
from miaoli_kaohsiung.lists.pages import Listing

from .printing import PRINTS


@audience(LETTER_READERS)
@require_http_methods(["GET", "POST"])
def letter_list(request: SignedIn) -> HttpResponseBase:
    """Show the register: drafts first, then the newest; what is ticked is issued or printed."""
    found = LetterFilter(request.GET, letters_listed(request.user), counties=counties_read(request.user))
    acts = [bulk_act(bulk.ISSUE)] if lets_in(request.user, CASE_HANDLERS) else []
    acts += PRINTS if is_printer(request.user) else ()
    opens_case = lets_in(request.user, AWARD_READERS)
    listing = Listing(request, "letters", LetterTable, found, acts, shown=described, opens_case=opens_case)
    context = {
        "list": listing,
        "keeps_book": lets_in(request.user, COUNTY_READERS),
        "printer": is_printer(request.user),
    }
    return listing.posted() or render(request, "grants/letters/list.html", context)


@audience(LETTER_READERS)
@require_http_methods(["GET", "POST"])
def letter_detail(request: SignedIn, pk: int) -> HttpResponse:
    """Show a letter: a draft to edit, preview and send on to its confirmation; an issued one as it was kept."""
    letter = _letter(request, pk)
    if request.method == "POST":
        require(holds(request.user, letter_ground(letter), CASE_HANDLERS))
        if letter.status == LetterStatus.DRAFT:
            return _posted(request, letter)
        return _taken_up(request, letter)
    form = LetterForm(initial=_initial(letter, request.user), example=_example(letter))
    return _page(request, letter, form)


def _example(letter: Letter) -> str:
    return names.example_number(names.receiver_of(letter), clock.today())


def _posted(request: SignedIn, letter: Letter) -> HttpResponse:
    command = request.POST.get("command", "save")
    saving = request.headers.get("Accept") == "application/json"
    form = LetterForm(request.POST, issuing=command == "check" and not saving, example=_example(letter))
    valid = form.is_valid()
    if saving:
        return _saved_itself(request, letter, form)
    if not valid:
        return _page(request, letter, form)
    if command == "preview":
        return _previewed(request, letter, form)
    try:
        letter = _keep(request, letter, form)
    except StaleError:
        return _page(request, letter, form, conflict=True)
    if command == "check":
        return redirect("grants:letter_issue", letter.pk)
    messages.success(request, _("函稿已儲存。"))
    return redirect("grants:letter_detail", letter.pk)


def _keep(request: SignedIn, letter: Letter, form: LetterForm) -> Letter:
    data = form.cleaned_data
    sending = {"number": data["dispatch_number"], "on": data["dispatched_on"].isoformat()}
    return drafts.edit(request.user, letter, form.words(), sending=sending, edition=data["edition"])


def _saved_itself(request: SignedIn, letter: Letter, form: LetterForm) -> JsonResponse:
    """Return the answer to static/js/autosave.js."""
    if not form.is_valid():
        return JsonResponse({"message": _("有欄位還不能儲存，請按「儲存函稿」看原因。")}, status=422)
    try:
        letter = _keep(request, letter, form)
    except StaleError:
        message = _("這份函稿在別的視窗或由別的同仁存過了；請按「儲存函稿」，兩份內容會一起列出來。")
        return JsonResponse({"message": message}, status=409)
    return JsonResponse({"saved_at": f"{timezone.localtime(clock.now()):%H:%M}", "edition": letter.edition})


def _previewed(request: SignedIn, letter: Letter, form: LetterForm) -> HttpResponse:
    """Return the PDF of what is on the screen; nothing is kept."""
    drafts.put(request.user, letter, form.words())
    letter.dispatch_number, letter.dispatched_on = (
        form.cleaned_data["dispatch_number"],
        form.cleaned_data["dispatched_on"],
    )
    try:
        data = drafts.preview([letter], on=letter.dispatched_on, user=request.user)
    except Refused as refused:
        return _page(request, letter, form, problems=[refused.reason])
    return made_pdf(data, f"draft-{letter.pk}.pdf")


def _page(
    request: SignedIn, letter: Letter, form: LetterForm, *, problems: Sequence[str] = (), conflict: bool = False
) -> HttpResponse:
    """Render the page. `conflict` shows what is stored beside what was typed; sent again, what was typed is kept."""
    draft = letter.status == LetterStatus.DRAFT
    stored = _letter(request, letter.pk) if conflict else None
    if stored:
        form.show_edition(stored.edition)
        problems = [_("這份函稿在您填寫的時候已經有人存過。下面列出兩份內容，請確認後再按一次。"), *problems]
    context = {
        "letter": letter,
        "case": letter.application,
        "accent_county": letter.county,
        "draft": draft,
        "opens_case": lets_in(request.user, AWARD_READERS),
        "printer": is_printer(request.user),
        "proven": lets_in(request.user, PAPER_READERS),
        "writer": bool(holds(request.user, letter_ground(letter), CASE_HANDLERS)),
        "form": form,
        "problems": problems,
        "stored": stored,
        "shown": drafts.as_issued(letter, clock.today(), user=request.user) if draft else letter,
        "days": _days(letter, form) if draft else [],
        "may_cancel": draft and letters.TABLE.answer(letter, "cancel", request.user),
    }
    status = 409 if conflict else 422 if problems or form.errors else 200
    return render(request, "grants/letters/detail.html", context, status=status)


def _days(letter: Letter, form: LetterForm) -> list[tuple[str, dt.date]]:
    """Return the day for each mark, from the dispatch date in the form."""
    data = getattr(form, "cleaned_data", {}).get("dispatched_on") or form["dispatched_on"].initial or clock.today()
    return list(terms.days_of(letter, data).items())


def _taken_up(request: SignedIn, letter: Letter) -> HttpResponse:
    """Tell the person that somebody has issued or discarded the letter, so that what was typed cannot be kept."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"message": _("這份公文已經發文或取消，不能再修改。")}, status=409)
    messages.warning(request, _("這份公文已經發文或取消，不能再修改；要更正請另發新函。"))
    return redirect("grants:letter_detail", letter.pk)


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def letter_issue(request: SignedIn, pk: int) -> HttpResponse:
    """Show the letter as it will be locked, with its number and date; once confirmed, issue it."""
    letter = _letter(request, pk)
    require(holds(request.user, letter_ground(letter), CASE_HANDLERS))
    sending = letter.context.get("sending", {})
    if letter.status != LetterStatus.DRAFT or not sending.get("number"):
        return redirect("grants:letter_detail", pk)
    on = dt.date.fromisoformat(sending["on"])
    final = dispatch.ready(request.user, letter, on)
    days = terms.days_of(final, on)
    found, guessed = dispatch.objections(final, on, days), dispatch.guessed(final, days)
    shown = dispatch.fingerprint(final)
    form = _confirm_form(letter, shown, guessed, request.POST or None)
    problems = [objection.reason for objection in found]
    if request.method == "POST" and form.is_valid() and not found:
        try:
            dispatch.issue(
                request.user, letter, dispatch_number=sending["number"], dispatched_on=on, **form.cleaned_data
            )
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已發文，公文已鎖定並通知協會。"))
            return redirect("grants:letter_detail", pk)
    context = {
        "letter": letter,
        "final": final,
        "number": sending["number"],
        "on": on,
        "case": letter.application,
        "accent_county": letter.county,
        "form": form if not problems else _confirm_form(letter, shown, guessed),
        "guessed": guessed,
        "problems": problems,
        "blocked": bool(found),
    }
    return render(request, "grants/letters/issue.html", context, status=422 if problems or form.errors else 200)


def _confirm_form(
    letter: Letter, shown: str, guessed: Sequence[tuple[str, dt.date]], data: QueryDict | None = None
) -> ConfirmForm:
    return ConfirmForm(data, initial={"edition": letter.edition, "shown": shown}, guessed=bool(guessed))


@audience(CASE_HANDLERS)
@require_GET
def letter_final(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return the PDF of the confirmation: the letter as it will be locked."""
    letter = _letter(request, pk)
    require(holds(request.user, letter_ground(letter), CASE_HANDLERS))
    sending = letter.context.get("sending", {})
    if letter.status != LetterStatus.DRAFT or not sending.get("number"):
        raise Http404(_("這份公文還沒有填發文字號。"))
    final = dispatch.ready(request.user, letter, dt.date.fromisoformat(sending["on"]))
    final.dispatch_number = sending["number"]
    return made_pdf(drafts.printed([final], final=True), f"letter-{pk}.pdf")


@audience(CASE_HANDLERS)
@require_POST
def letter_cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Discard a draft that was to replace an issued letter, or that tells of no decision."""
    letter = _letter(request, pk)
    drafts.cancel(request.user, letter)
    replaces = letter.context.get("replaces")
    messages.success(request, _("已取消這份函稿，原來的公文照舊有效。") if replaces else _("已取消這份函稿。"))
    return redirect("grants:letter_list")


@audience(LETTER_READERS)
@require_GET
def letter_pdf(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return the kept bytes of an issued letter, or the preview of a draft, marked 稿."""
    letter = _letter(request, pk)
    if letter.file is not None:
        return response(letter.file, inline=True)
    try:
        data = drafts.preview([letter], user=request.user)
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("grants:letter_detail", pk)
    return made_pdf(data, f"draft-{letter.pk}.pdf")


@audience(CASE_HANDLERS)
@require_POST
def letter_replace(request: SignedIn, pk: int) -> HttpResponse:
    """Start the letter that will replace an issued one."""
    letter = _letter(request, pk)
    draft = drafts.replace(request.user, letter)
    messages.success(request, _("已擬好新函，發文後原函就作廢。"))
    return redirect("grants:letter_detail", draft.pk)


def _letter(request: SignedIn, pk: int) -> Letter:
    rows = scope.letters(request.user).select_related(
        "application__organisation",
        "application__scheme",
        "organisation",
        "file",
        "replaced_by",
        "prepared_by",
        "issued_by",
    )
    return get_object_or_404(rows, pk=pk)


def _initial(letter: Letter, user: User) -> dict[str, Any]:
    """Return the draft for its form. The contact is the officer in post today, unless somebody typed another."""
    if letter.status != LetterStatus.DRAFT:
        return {}
    row = copy.copy(letter)
    names.redate(row, clock.today(), user)
    fields = drafts.words_of(row)
    sending = letter.context.get("sending", {})
    on = sending.get("on")
    return fields | {
        "explanation": "\n".join(row.explanation),
        "edition": letter.edition,
        "dispatch_number": sending.get("number", ""),
        "dispatched_on": dt.date.fromisoformat(on) if on else clock.today(),
    }


@audience(DATA_KEEPERS)
@require_GET
def letterhead(request: SignedIn, slug: str) -> HttpResponseBase:
    """Return a specimen of a county's letter: with its particulars of today, or with those of a proposed `change`."""
    today, number = clock.today(), whole_number(request.GET.get("change", ""))
    if number is not None:
        kinds = Q(kind="county.particulars", county=slug) | Q(kind="county.opening", subject=slug)
        change = get_object_or_404(visible_to(request.user).filter(kinds), pk=number)
        said = change.data.get("particulars", change.data)
        head = Particulars(starts_on=change.starts_on or today, **{name: said[name] for name in SAID})
        today = max(today, head.starts_on)
    elif slug in counties_seen(request.user):
        head = particulars(slug, today)
    else:
        raise Http404
    return made_pdf(drafts.printed([specimen(head, today)]), f"letterhead-{slug}.pdf")
