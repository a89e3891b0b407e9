"""An association's cash book on the screen and on paper; its own people alone see it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.models import Organisation
from grants.forms.books import BookCancelForm, BookEntryForm
from grants.models import BookEntry
from grants.permissions import body_ground, holds
from grants.queries import books
from grants.services.books import entries, papers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import roc_year


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def book(request: SignedIn, pk: int) -> HttpResponse:
    """Show a year of the book, and write a line into it."""
    organisation = _own_or_404(request, pk)
    form, problems = BookEntryForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        require(holds(request.user, body_ground(organisation), Role.MEMBER))
        try:
            made = entries.add(request.user, organisation, form.entry())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已記入現金簿。"))
            return redirect(reverse("grants:book", args=[pk]) + f"?year={roc_year(made.on.year)}")
    known = books.years_of(organisation, clock.today())
    asked = whole_number(request.GET.get("year", ""))
    year = next((one for one in known if roc_year(one) == asked), known[0])
    context = {
        "organisation": organisation,
        "book": books.book_of(organisation, year),
        "years": [(roc_year(one), one == year) for one in known],
        "roc_year": roc_year(year),
        "passed": books.passed(organisation, year),
        "cancelled": BookEntry.objects.filter(organisation=organisation, cancelled_on__isnull=False, on__year=year),
        "form": form,
        "problems": problems,
    }
    status = 422 if problems or form.errors else 200
    return render(request, "grants/books/book.html", context, status=status)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def book_cancel(request: SignedIn, pk: int, entry: int) -> HttpResponse:
    """Cancel a wrong line of the association's own, with the reason."""
    organisation = _own_or_404(request, pk)
    row = get_object_or_404(BookEntry.objects.select_related("organisation"), pk=entry, organisation=organisation)
    form, problems = BookCancelForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            entries.cancel(request.user, row, form.cleaned_data["reason"])
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(request, _("已作廢。"))
            return redirect(reverse("grants:book", args=[pk]) + f"?year={roc_year(row.on.year)}")
    context = {"organisation": organisation, "row": row, "form": form, "problems": problems}
    status = 422 if problems or form.errors else 200
    return render(request, "grants/books/cancel.html", context, status=status)


@audience(Role.MEMBER)
@require_safe
def book_pdf(request: SignedIn, pk: int, year: int) -> HttpResponse:
    """Return the year's statements and the book as PDF; the year is that of the Republic."""
    organisation = _own_or_404(request, pk)
    known = books.years_of(organisation, clock.today())
    chosen = next((one for one in known if roc_year(one) == year), known[0])
    try:
        content = papers.printed(organisation, chosen)
    except pdf.UnavailableError:
        return render(request, "grants/books/no_pdf.html", {"organisation": organisation}, status=503)
    return made_pdf(content, f"{organisation.pk}-{roc_year(chosen)}.pdf")


def _own_or_404(request: SignedIn, pk: int) -> Organisation:
    mine = [post.member_of for post in posts_of(request.user) if post.role == Role.MEMBER]
    return get_object_or_404(Organisation.objects.filter(pk__in=mine), pk=pk)
