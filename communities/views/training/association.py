"""Courses as an association sees them: what is open to it, who goes, hours, certificates."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import permissions, queries
from communities.enums import OPEN_ENROLMENT, CourseStatus, EnrolmentStatus
from communities.forms.training import EnrolForm
from communities.models import Enrolment, Organisation
from communities.queries import training
from communities.services.training import enrolments, papers
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, AWARD_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page


@audience(AWARD_READERS)
@require_safe
def record(request: SignedIn, pk: int) -> HttpResponse:
    """Show an association's courses: those open to it, and the hours of its people."""
    found = _organisation(request, pk)
    context = {
        "organisation": found,
        "accent_county": found.county,
        "coming": training.courses_for(found),
        "people": training.hours_by_person(found),
        "attended": training.attended_by(found),
        "keeps": bool(permissions.may_keep_people(request.user, found)),
    }
    return render(request, "communities/training/association.html", context)


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def enrol(request: SignedIn, pk: int, course: int) -> HttpResponse:
    """Show the association's people in a course, with the form that enrols more."""
    body = _organisation(request, pk)
    require(permissions.may_keep_people(request.user, body))
    found = get_object_or_404(training.counted(training.seen_by(request.user)), pk=course)
    officer = post_with(request.user, Role.CASE_OFFICER, county=found.county) is not None
    answer = training.open_to(found, body)
    answer = training.takes_people(found, officer=officer) if answer else answer
    form = EnrolForm(request.POST or None, people=training.free_people(found, body))
    if request.method == "POST" and form.is_valid():
        try:
            rows = enrolments.enrol(request.user, found, body, form.cleaned_data["people"])
        except Refused as refused:
            form.add_error("names", refused.reason)
        else:
            _say(request, rows)
            return redirect("communities:association-course", pk, course)
    context = {
        "organisation": body,
        "course": found,
        "rows": training.of_association(found, body),
        "left": max(found.places - found.taken, 0),
        "answer": answer,
        "form": form,
        "may_withdraw": found.status == CourseStatus.ANNOUNCED and clock.today() <= found.day,
        "open_statuses": OPEN_ENROLMENT,
        "materials": found.materials.filter(removed_on=None).select_related("file"),
        "asks": found.day <= clock.today() <= found.feedback_until,
    }
    return render(request, "communities/training/enrol.html", context, status=422 if form.errors else 200)


def _say(request: SignedIn, rows: list[Enrolment]) -> None:
    waiting = sum(row.status == EnrolmentStatus.WAITING for row in rows)
    if waiting:
        words = _("名額滿了，%(count)d 人排進候補；有人取消會自動遞補並通知您。")
        messages.warning(request, words % {"count": waiting})
    if len(rows) > waiting:
        messages.success(request, _("已報名 %(count)d 人，上課當天用報到碼報到。") % {"count": len(rows) - waiting})


@audience(Role.MEMBER)
@require_safe
@no_page
def enrol_own(request: SignedIn, pk: int) -> HttpResponse:
    """Lead from the public page of a course to the form of one's own association."""
    own = list(queries.own(request.user).order_by("pk")[:2])
    if len(own) == 1:
        return redirect("communities:association-course", own[0].pk, pk)
    return redirect("communities:mine")


@audience(ASSOCIATION_OR_OFFICER)
@require_POST
def withdraw(request: SignedIn, pk: int, enrolment: int) -> HttpResponse:
    """Give a place back."""
    row = _enrolment(request, pk, enrolment)
    try:
        enrolments.withdraw(request.user, row)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("已取消%(name)s的報名。") % {"name": row.person.name})
    return redirect("communities:association-course", pk, row.course_id)


@audience(ASSOCIATION_OR_OFFICER)
@require_safe
@no_page
def certificate(request: SignedIn, pk: int, enrolment: int) -> HttpResponseBase:
    """Return the certificate of somebody who was there."""
    row = _enrolment(request, pk, enrolment)
    try:
        return made_pdf(papers.certificate(request.user, row), f"certificate-{row.pk}.pdf")
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect("communities:association-course", pk, row.course_id)


def _organisation(request: SignedIn, pk: int) -> Organisation:
    return get_object_or_404(queries.registered(request.user), pk=pk)


def _enrolment(request: SignedIn, pk: int, enrolment: int) -> Enrolment:
    body = _organisation(request, pk)
    require(permissions.may_keep_people(request.user, body))
    rows = Enrolment.objects.select_related("person__organisation", "course")
    return get_object_or_404(rows, pk=enrolment, person__organisation=body)
