"""Courses as the offices see them: the list, one course with its people, what the county does with it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import permissions, queries
from communities.filters import CourseFilter, EnrolmentFilter, HoursFilter
from communities.forms.training import CancelForm, CourseForm, MaterialForm
from communities.models import Course, CourseFile, Enrolment, Organisation
from communities.queries import training
from communities.services.training import courses, enrolments, papers
from communities.tables import CourseTable, EnrolmentTable, HoursTable
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with, posts_of
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import made_pdf, response
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.pages import Act, Listing

# How many years back the hours can be looked at.
YEARS_BACK = 6
CHANGED = (
    "kind", "title", "day", "begins_at", "ends_at", "hours", "place", "places", "places_each", "enrol_until", "tiers",
    "townships", "about",
)  # fmt: skip


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def course_list(request: SignedIn) -> HttpResponseBase:
    """Show the county's courses and visits."""
    rows = training.counted(training.seen_by(request.user)).order_by("-day", "-pk")
    listing = Listing(request, "courses", CourseTable, CourseFilter(request.GET, rows))
    context = {"list": listing, "may_add": post_with(request.user, Role.CASE_OFFICER) is not None}
    return listing.posted() or render(request, "communities/training/list.html", context)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Prepare a course."""
    county = next(post.county for post in posts_of(request.user) if post.role == Role.CASE_OFFICER)
    form = CourseForm(request.POST or None, county=county)
    if request.method == "POST" and form.is_valid():
        made = courses.make(request.user, county, **form.cleaned_data)
        messages.success(request, _("已存成籌備中的課程，看過再公告。"))
        return redirect("communities:training", made.pk)
    context = {"form": form, "title": _("新的課程或觀摩")}
    return render(request, "communities/training/course_form.html", context, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change a course that is not over."""
    found = _course(request, pk)
    require(permissions.may_keep_courses(request.user, found.county))
    form = CourseForm(
        request.POST or None, county=found.county, initial={name: getattr(found, name) for name in CHANGED}
    )
    if request.method == "POST" and form.is_valid():
        try:
            courses.change(request.user, found, **form.cleaned_data)
        except Refused as refused:
            form.add_error("places", refused.reason)
        else:
            messages.success(request, _("已儲存。"))
            return redirect("communities:training", pk)
    context = {"form": form, "course": found, "title": _("修改課程")}
    return render(request, "communities/training/course_form.html", context, status=422 if form.errors else 200)


def _noted(*, present: bool) -> Any:
    def begin(request: SignedIn, rows: QuerySet[Enrolment]) -> HttpResponseBase:
        one = rows.select_related("course").first()
        if one is None:
            raise Refused(_("這一頁沒有人可以登錄。"))
        keys, course = list(rows.order_by().values_list("pk", flat=True)), one.course
        count = enrolments.note(request.user, course, keys, present=present)
        messages.success(request, _("已登錄 %(count)d 人。") % {"count": count})
        return redirect(request.get_full_path())

    return begin


PRESENT = Act("present", _l("有出席"), _noted(present=True))
ABSENT = Act("absent", _l("沒有出席"), _noted(present=False))


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: SignedIn, pk: int) -> HttpResponseBase:
    """Show a course with its people, and to the case officer what can be done."""
    found = get_object_or_404(training.counted(training.seen_by(request.user)), pk=pk)
    keeps = bool(permissions.may_keep_courses(request.user, found.county))
    on = keeps and clock.today() >= found.day and bool(found.door_code)
    rows = EnrolmentFilter(request.GET, training.people_of(request.user, found).order_by("pk"))
    acts = [PRESENT, ABSENT] if on else []
    listing = Listing(request, "course-people", EnrolmentTable, rows, acts)
    return listing.posted() or render(request, "communities/training/county_course.html", _shown(found, listing, keeps))


def _shown(found: Any, listing: Listing | None, keeps: bool, **forms: Any) -> dict[str, Any]:
    return {
        "course": found,
        "list": listing,
        "keeps": keeps,
        "today": clock.today(),
        "townships": training.township_words(found),
        "materials": found.materials.filter(removed_on=None).select_related("file"),
        "feedback": training.feedback_of(found),
        "material_form": MaterialForm(),
        "cancel_form": CancelForm(),
        **forms,
    }


@audience(Role.CASE_OFFICER)
@require_POST
def move(request: SignedIn, pk: int) -> HttpResponse:
    """Announce a course, or say that it was held."""
    found = _course(request, pk)
    try:
        if request.POST.get("to") == "announced":
            courses.announce(request.user, found)
            messages.success(request, _("已公告，可以報名的協會會收到通知。"))
        else:
            courses.hold(request.user, found)
            messages.success(request, _("已登錄辦理完成，出席的人可以下載研習證明。"))
    except Refused as refused:
        messages.error(request, refused.reason)
    return redirect("communities:training", pk)


@audience(Role.CASE_OFFICER)
@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Cancel a course, with the reason."""
    found = get_object_or_404(training.counted(training.seen_by(request.user)), pk=pk)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            courses.cancel(request.user, found, form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已停辦，報名的協會會收到通知。"))
            return redirect("communities:training", pk)
    context = _shown(found, None, True, cancel_form=form)
    return render(request, "communities/training/county_course.html", context, status=422)


@audience(Role.CASE_OFFICER)
@require_safe
def door_sheet(request: SignedIn, pk: int) -> HttpResponse:
    """Show the square code of the door, large, for a screen or the printer."""
    found = _course(request, pk)
    if not found.door_code:
        raise Refused(_("公告後才有報到的方塊碼。"))
    address, picture = papers.door_of(found, 60)
    context = {"course": found, "picture": picture, "address": address}
    return render(request, "communities/training/door_sheet.html", context)


@audience(Role.CASE_OFFICER)
@require_safe
@no_page
def sign_in_list(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return the list to sign on paper."""
    found = _course(request, pk)
    try:
        return made_pdf(papers.sign_in_list(request.user, found), f"sign-in-{pk}.pdf")
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect("communities:training", pk)


@audience(Role.CASE_OFFICER)
@require_POST
def add_material(request: SignedIn, pk: int) -> HttpResponse:
    """Put a file on the course's page."""
    found = get_object_or_404(training.counted(training.seen_by(request.user)), pk=pk)
    form = MaterialForm(request.POST, request.FILES)
    if form.is_valid():
        row = courses.add_material(request.user, found, form.cleaned_data["title"], form.cleaned_data["file"])
        messages.success(request, _("已放上「%(name)s」。") % {"name": row.title})
        return redirect("communities:training", pk)
    hold_files(form, actor(request.user, Role.CASE_OFFICER))
    context = _shown(found, None, True, material_form=form)
    return render(request, "communities/training/county_course.html", context, status=422)


@audience(Role.CASE_OFFICER)
@require_POST
def remove_material(request: SignedIn, pk: int, material: int) -> HttpResponse:
    row = get_object_or_404(_course(request, pk).materials.select_related("course"), pk=material)
    courses.remove_material(request.user, row)
    messages.success(request, _("已移除「%(name)s」。") % {"name": row.title})
    return redirect("communities:training", pk)


@audience(AWARD_READERS)
@require_safe
@no_page
def material(request: SignedIn, pk: int, material: int) -> HttpResponseBase:
    """Return a file of a course, to the associations and offices of its county."""
    row: CourseFile = get_object_or_404(
        _course(request, pk).materials.filter(removed_on=None).select_related("file"), pk=material
    )
    return response(row.file, inline=True)


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: SignedIn) -> HttpResponseBase:
    """Show what the people of each association learned in a year."""
    years, year = years_to_choose(request)
    seen = queries.registered(request.user).filter(pk__in=queries.listed().values("pk"))
    rows = training.with_training(seen, year).order_by("county", "township__position", "name")
    found = HoursFilter(request.GET, rows, years=years, townships=places_of(request, seen))
    listing = Listing(request, "training-hours", HoursTable, found)
    return listing.posted() or render(request, "lists/page.html", {"list": listing})


def years_to_choose(request: SignedIn) -> tuple[list[tuple[str, str]], int]:
    """Return the years that a list of hours offers, and the one that was chosen, else this one."""
    this = clock.today().year
    years = [(str(year), _("%d年") % roc_year(year)) for year in range(this, this - YEARS_BACK, -1)]
    chosen = whole_number(request.GET.get("year"), digits=4)
    return years, chosen if chosen is not None and str(chosen) in dict(years) else this


def places_of(request: SignedIn, seen: QuerySet[Organisation]) -> list[tuple[str, str]]:
    """Return the townships of the associations that are seen, to choose from."""
    counties = sorted({post.county for post in posts_of(request.user) if post.role in OFFICE_READERS})
    codes = set(seen.order_by().values_list("township_id", flat=True).distinct())
    return [choice for choice in queries.township_choices(*counties) if choice[0] in codes]


def _course(request: SignedIn, pk: int) -> Course:
    return get_object_or_404(training.seen_by(request.user), pk=pk)
