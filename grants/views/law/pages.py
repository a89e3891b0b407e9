"""The law on screen: clause by clause for everybody, and the rule set of a day as a file."""

import csv
import datetime as dt
import io

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render

from grants.compliance.rulesets import canonical, ruleset_for, ruleset_with, rulings_of
from grants.forms.law import LawSearchForm
from grants.models import Scheme
from grants.queries.law.examples import examples
from grants.queries.law.export import as_rows, as_toml
from grants.queries.law.pages import ENFORCEMENT, chapter_of, chapters, of_all_laws
from grants.queries.rulings import confirmed_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.safe_cell import safe_row


@public_page
def law(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every clause with its words, what the portal does, present and earlier values, readings, rulings, examples."""
    scheme = get_object_or_404(Scheme, slug=slug)
    form = LawSearchForm(request.GET or None)
    day, search = form.day(), form.search()
    of_the_day = ruleset_for(scheme, day)
    shown = {} if of_the_day.missing(day) else examples(of_the_day, day)
    # The text of the day with the rulings of all days, future ones too.
    with_all = ruleset_with(scheme.ruleset, canonical(rulings_of(scheme, dt.date.max)), day)
    found = chapters(with_all, day, search, shown)
    return render(
        request,
        "grants/law/law.html",
        {
            "scheme": scheme,
            "form": form,
            "day": day,
            "search": search,
            "chapters": found,
            "unfolded": _unfolded(request, search),
            "count": sum(len(chapter.clauses) for chapter in found),
            "enforcement": ENFORCEMENT.values(),
            "rulings": confirmed_of(scheme),
            "missing": [of_the_day.parameter(name) for name in of_the_day.missing(day)],
            "sha256": of_the_day.sha256,
            # Numbers of clauses, hashes and files for programs would puzzle everybody else.
            "officer": any(post.role != Role.MEMBER for post in posts_of(request.user)),
        },
    )


def _unfolded(request: HttpRequest, search: str) -> list[str]:
    """Return the codes of the unfolded chapters: all for a search or `?chapter=all`, else the one asked for."""
    if search or request.GET.get("chapter") == "all":
        return list(of_all_laws("chapters"))
    clause = request.GET.get("clause", "")
    return [request.GET.get("chapter", ""), chapter_of(clause) if clause else ""]


@public_page
def law_export(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """Return the rule set of `?on=99/6/1` (default today), as TOML or CSV."""
    scheme = get_object_or_404(Scheme, slug=slug)
    form = LawSearchForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        return HttpResponseBadRequest(
            "\n".join(map(str, form.errors.get("on", []))), content_type="text/plain; charset=utf-8"
        )
    day = form.day()
    ruleset = ruleset_for(scheme, day)
    if extension == "toml":
        answer = HttpResponse(as_toml(ruleset, day), content_type="application/toml; charset=utf-8")
    else:
        headers, rows = as_rows(ruleset, day)
        out = io.StringIO()
        csv.writer(out).writerows(safe_row(row) for row in (headers, *rows))
        # Without this mark spreadsheets read a CSV in another encoding.
        answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{scheme.slug}-{day:%Y%m%d}.{extension}"'
    return answer
