"""The first review at the township's office, and the letter with which it passed the case on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.enums import NOT_RUNNING
from grants.enums import ApplicationStatus as S
from grants.forms.applications.first_reviews import FirstReviewForm, TownshipLetterForm
from grants.models import Application
from grants.permissions import holds
from grants.queries.applications.forwarding import days_held, first_review_of, forwarding_of
from grants.queries.applications.pages import materials
from grants.queries.desk.next_case import next_case
from grants.queries.schemes import terms
from grants.services.applications.drafts import StaleError
from grants.services.reviews import first_reviews
from grants.views.applications.cases import case_or_404
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require

from .frame import case_context, form_page, moved_on


@audience(Role.TOWNSHIP_OFFICER)
@require_http_methods(["GET", "POST"])
def case_forward(request: SignedIn, number: str) -> HttpResponse:
    """Answer the office's checklist, give its opinion, then pass the case on or return it to the association."""
    case = case_or_404(request, number)
    require(holds(request.user, case, Role.TOWNSHIP_OFFICER))
    if case.status != S.TOWNSHIP_REVIEW:
        return moved_on(request, case, "forward")
    form = FirstReviewForm(
        request.POST or None,
        items=terms.first_review_items(case),
        words=terms.first_review_words(case),
        known=first_review_of(case),
        initial={"edition": case.edition},
    )
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        whole = request.POST.get("command") != "forward" or form.require_whole()
        try:
            if whole:
                return _keep(request, case, form)
        except first_reviews.LetterError as refused:
            form.add_error("letter_number", refused.reason)
        except StaleError as stale:
            problems = [stale.reason]
            case.refresh_from_db(fields=["edition"])
            form.show_edition(case.edition)
    context = {
        **case_context(case),
        **materials(case),
        "form": form,
        "problems": problems,
        "next_case": next_case(request.user, ("first_review",), case),
        "held": days_held(case, clock.today()),
    }
    status = 409 if problems else 422 if form.errors else 200
    return render(request, "grants/reviews/first_review.html", context, status=status)


def _keep(request: SignedIn, case: Application, form: FirstReviewForm) -> HttpResponse:
    command, edition = request.POST.get("command"), form.cleaned_data["edition"]
    if command == "forward":
        first_reviews.forward(request.user, case, form.opinion(), edition=edition)
        messages.success(request, _("已層轉縣府。"))
        return redirect("grants:application_detail", case.number)
    first_reviews.save(request.user, case, form.opinion(), edition=edition)
    if command == "return":
        return redirect("grants:case_correction", case.number)
    messages.success(request, _("初審結果已儲存。"))
    return redirect("grants:case_forward", case.number)


@audience(CORRECTION_ASKERS)
@require_http_methods(["GET", "POST"])
def case_township_letter(request: SignedIn, number: str) -> HttpResponse:
    """Enter the number and the day of the township's letter after the case was passed on."""
    case = case_or_404(request, number)
    require(holds(request.user, case, CORRECTION_ASKERS))
    review = forwarding_of(case)
    if review is None or case.status in NOT_RUNNING:
        raise Refused(_("這一件沒有公所函轉的文要登錄。"))
    initial = {"letter_number": review.letter_number, "letter_on": review.letter_on}
    form = TownshipLetterForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        data = form.cleaned_data
        first_reviews.keep_letter(request.user, case, data["letter_number"].strip(), data["letter_on"])
        messages.success(request, _("已登錄公所函轉文號，之後的公文會引用。"))
        return redirect("grants:application_detail", number)

    return form_page(request, case, form, act, _("公所函轉文號"), _("儲存"), "township_letter")
