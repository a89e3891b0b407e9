"""The words of letters as a county keeps them: the list of kinds, one of them with its history, and the form."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from grants.enums import LetterKind
from grants.forms.letters import WordsForm
from grants.letters.fields import DAYS, RECEIVERS
from grants.letters.specimen import specimen_of
from grants.letters.words import Wording, filed, wording_of
from grants.models import Letter, LetterWords
from grants.services.letters import drafts, memo, wording
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS, Who
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.changes.queries import history, open_change, visible_to
from miaoli_kaohsiung.changes.services import Wish
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number


@audience(COUNTY_READERS)
@require_safe
def words_list(request: SignedIn) -> HttpResponse:
    """Show the kinds of letters of the person's counties, each county's in a table of its own."""
    today = clock.today()
    tables = [
        (county, name_of(county, today), [wording_of(county, kind, today) for kind in filed()])
        for county in sorted(counties_with(request.user, COUNTY_READERS))
    ]
    return render(request, "grants/letters/words/list.html", {"tables": tables})


@audience(COUNTY_READERS)
@require_safe
def words_of_kind(request: SignedIn, county: str, kind: str) -> HttpResponse:
    """Show the words of one kind as letters of today have them, what will replace them, and their history."""
    row = _found(request, county, kind, COUNTY_READERS)
    later = LetterWords.objects.filter(county=county, kind=kind, starts_on__gt=clock.today()).order_by("starts_on")
    context = {
        "county": county,
        "row": row,
        "letter": specimen_of(row, county, clock.today()),
        "later": later,
        "waiting": open_change(wording.KIND.name, county, kind),
        "history": history(wording.KIND.name, county, kind),
        "may_edit": county in counties_with(request.user, CASE_HANDLERS),
        "of_reminders": kind == LetterKind.URGING,
    }
    return render(request, "grants/letters/words/detail.html", context)


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def words_edit(request: SignedIn, county: str, kind: str) -> HttpResponse:
    """Show the form. What is typed is shown as it would be printed, also while somebody types; `pdf` returns the sheet;
    else it is proposed to another person.
    """
    row = _found(request, county, kind, CASE_HANDLERS)
    form = WordsForm(request.POST or None, wording=row)
    typed = form.is_valid() if request.method == "POST" else None
    shown = specimen_of(row, county, clock.today())
    if typed:
        shown = specimen_of(wording.sample(kind, form.values(), clock.today()), county, form.cleaned_data["starts_on"])
    if request.headers.get("Accept") == "application/json":
        return _live(request, form, county)
    problems: list[str] = []
    if typed and "preview" not in request.POST:
        try:
            return (
                _printed(shown, form.cleaned_data["starts_on"])
                if "pdf" in request.POST
                else _proposed(request, county, kind, form)
            )
        except Refused as refused:
            problems = [refused.reason]
    context = {
        "county": county,
        "row": row,
        "form": form,
        "letter": shown,
        "marks": _marks(row),
        "problems": problems,
    }
    status = 422 if form.errors or problems else 200
    return render(request, "grants/letters/words/form.html", context, status=status)


@audience(COUNTY_READERS)
@require_GET
def words_specimen(request: SignedIn, county: str, kind: str) -> HttpResponseBase:
    """Return the sheet of an invented case with the words of today, or with those of a proposed `change`."""
    row, on = _found(request, county, kind, COUNTY_READERS), clock.today()
    if (number := whole_number(request.GET.get("change", ""))) is not None:
        of_kind = {"kind": wording.KIND.name, "county": county, "subject": kind}
        change = get_object_or_404(visible_to(request.user).filter(**of_kind), pk=number)
        row, on = wording.proposed(change), max(on, change.starts_on or on)
    return _printed(specimen_of(row, county, on), on)


def _printed(letter: Letter, on: dt.date) -> HttpResponse:
    """Return the sheet in the layout of its kind: a 簽 is no 函."""
    data = memo.specimen(letter, on) if letter.kind == LetterKind.MEMO else drafts.printed([letter])
    return made_pdf(data, f"specimen-{letter.kind}.pdf")


def _proposed(request: SignedIn, county: str, kind: str, form: WordsForm) -> HttpResponse:
    data = form.cleaned_data
    wish = Wish(form.values(), data["starts_on"], data["memo_number"], data["reason"])
    change = wording.propose(request.user, county, kind, wish)
    messages.success(request, _("已送出，請另一位同仁確認。確認以前，照原來的用語。"))
    return redirect("changes:show", change.pk)


def _live(request: SignedIn, form: WordsForm, county: str) -> JsonResponse:
    """Return the answer to typing (static/js/live-check.js); nothing is stored. A field that says why a letter is changed
    may still be empty.
    """
    errors = {
        name: list(form.errors[name]) for name in ("subject", "explanation", "action", "copies") if name in form.errors
    }
    if errors:
        return JsonResponse({"parts": {}, "errors": errors, "announce": _("有地方還不能用，請看欄位下面的說明。")})
    on = form.cleaned_data.get("starts_on") or clock.today()
    letter = specimen_of(wording.sample(form.wording.kind, form.values(), on), county, on)
    html = render_to_string("grants/letters/words/_text.html", {"letter": letter}, request)
    return JsonResponse({"parts": {"preview-text": html}, "errors": {}, "announce": _("預覽已更新。")})


def _marks(row: Wording) -> list[tuple[str, Any, bool]]:
    """Return each mark with what it stands for, and whether some cases have nothing for it."""
    found = [(f"【{field.mark}】", field.explained, field.sometimes) for field in row.facts]
    found += [(f"【{name}】", DAYS[f"【{name}】"], False) for name in row.days if name not in row.fields]
    found.append(("【文到10日】", _("文到後第幾天；天數可以改，發文時換成日期"), False))
    if not row.originals:
        return found
    return [*found, *((f"【{field.mark}】", field.explained, True) for field in RECEIVERS if field.code != "recipient")]


def _found(request: SignedIn, county: str, kind: str, who: Who) -> Wording:
    """Return the words of today of one of the person's own counties."""
    if county not in counties_with(request.user, who) or kind not in filed():
        raise Http404
    return wording_of(county, kind, clock.today())
