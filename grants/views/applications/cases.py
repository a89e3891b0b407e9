"""Cases: the list, starting one, the page of one, its paper, its documents, and the moves of the association."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from grants.compliance.judging import Judgement, judge
from grants.enums import BEFORE_FILING, EDITABLE, NOT_RUNNING, EvaluationStage
from grants.models import Application
from grants.permissions import post_for
from grants.queries.applications import next_steps
from grants.queries.applications.forwarding import first_review_of
from grants.queries.applications.lists import case_of, only_name_shown
from grants.queries.applications.officers import handler_of
from grants.queries.applications.pages import contents
from grants.queries.desk.next_case import next_case
from grants.queries.desk.queues import BY_KIND
from grants.queries.letters import letters_of
from grants.queries.payments import award_of
from grants.queries.reviews.cases import check_result, was_proposed
from grants.queries.standing import standing_of
from grants.rules.tasks import KINDS
from grants.services.applications import paper
from grants.services.letters import settling
from grants.views.applications import opened
from grants.workflow import applications
from miaoli_kaohsiung.accounts.audiences import (
    CASE_HANDLERS,
    CASE_OFFICES,
    CASE_READERS,
    CHECK_READERS,
    CORRECTION_ASKERS,
    COUNTY_READERS,
    COUNTY_STAFF,
    PAPER_READERS,
)
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.pages import page_picture
from miaoli_kaohsiung.files.services import made_pdf, response
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.leads_back import no_page

INCIDENTS = KINDS["report_incidents"]


def case_or_404(request: SignedIn, number: str) -> Application:
    """Return the case if this person may see it, else raise 404. A reviewer sees it only after declaring interest."""
    case = case_of(request.user, number, whole=request.method == "GET")
    if case is None:
        raise Http404(_("找不到這個案號，或不是您可以看的案件。"))
    return case


def open_case_or_404(request: SignedIn, number: str) -> Application:
    """As case_or_404, for the contents: refused while a reviewer's interest is undeclared."""
    case = case_or_404(request, number)
    if only_name_shown(request.user, case):
        raise Refused(_("請先聲明與申請單位有沒有利害關係，再看案件內容。"))
    return case


@audience(CASE_READERS)
@require_GET
def application_detail(request: SignedIn, number: str) -> HttpResponse:
    """Show what happens next, the stages, the budget with the law beside it, documents, filings and history."""
    case = case_or_404(request, number)
    context: dict[str, Any] = {"case": case, "accent_county": case.county, "stages": next_steps.stages(case)}
    if only_name_shown(request.user, case):
        return render(request, "grants/applications/undeclared.html", context)
    own = post_for(request.user, case, Role.MEMBER) is not None
    context |= {
        "own": own,
        "handler": handler_of(case),
        "staff": post_for(request.user, case, COUNTY_STAFF) is not None,
        "proven": post_for(request.user, case, PAPER_READERS) is not None,
        "evaluated": post_for(request.user, case, COUNTY_READERS) is not None,
        "may_reassign": case.first_filed_on and post_for(request.user, case, CASE_HANDLERS),
        "may_invite": post_for(request.user, case, Role.CASE_OFFICER) is not None,
        "incidents": case.programme.code in INCIDENTS.programmes,
        "next": next_steps.next_of(case, request.user),
        "moves": applications.TABLE.open_to(case, request.user),
        "letters": letters_of(case, request.user),
        "editable": own and case.status in EDITABLE,
        **contents(case, _judged_now(case) if case.status in EDITABLE else None, request.user),
    }
    if post_for(request.user, case, CASE_OFFICES) is None:
        return render(request, "grants/applications/detail.html", context)
    return render(request, "grants/applications/bench.html", context | _bench(request.user, case))


def _bench(user: User, case: Application) -> dict[str, Any]:
    """Return what the offices read beside the case: how the association stands, letters, the check, the next case."""
    usual = applications.TABLE.usual(case.status)
    kind = usual.screen.queue if usual else ""
    reads_check = post_for(user, case, CHECK_READERS) is not None
    enters = case.status not in NOT_RUNNING and post_for(user, case, CORRECTION_ASKERS)
    return {
        "first_review": first_review_of(case),
        "may_enter_letter": enters,
        "standing": standing_of(case.organisation) if post_for(user, case, COUNTY_READERS) else None,
        **_letters_to_write(user, case),
        "check": check_result(case) if reads_check and case.first_filed_on else None,
        "next_case": next_case(user, [kind] if kind in BY_KIND else [], case),
    }


def _letters_to_write(user: User, case: Application) -> dict[str, Any]:
    """Return whether this person writes letters of the case, which the account calls for, and if there is a memo."""
    writes = bool(case.first_filed_on) and post_for(user, case, CASE_HANDLERS) is not None
    return {
        "writes": writes,
        "due_letters": settling.called_for(case, award_of(case)) if writes else [],
        "has_memo": writes and was_proposed(case),
    }


@audience(CASE_READERS)
@require_GET
def application_paper(request: SignedIn, number: str) -> HttpResponse:
    """Return the application form as PDF, with the box for the seal (K6.2.0, K6.2.1)."""
    case = open_case_or_404(request, number)
    try:
        content = paper.application_form(case, _judged_now(case))
    except pdf.UnavailableError:
        return render(request, "grants/applications/no_pdf.html", {"case": case}, status=503)
    return made_pdf(content, f"{case.number}.pdf")


@audience(CASE_READERS)
@require_GET
@no_page
def application_document(request: SignedIn, number: str, document_id: int) -> FileResponse | HttpResponseBase:
    """Return one document of the case, to those who may see the case."""
    case = open_case_or_404(request, number)
    document = get_object_or_404(case.documents.select_related("file"), pk=document_id)
    if post_for(request.user, case, Role.CASE_OFFICER):
        opened.note(request, case, document)
    return response(document.file, inline=True)


@audience(CASE_READERS)
@require_GET
@no_page
def application_document_page(request: SignedIn, number: str, document_id: int, page: int) -> HttpResponse:
    """Return a page of a PDF of the case as a picture, to those who may see the case."""
    case = open_case_or_404(request, number)
    document = get_object_or_404(case.documents.select_related("file"), pk=document_id)
    return page_picture(document.file, page)


def _judged_now(case: Application) -> Judgement:
    filed = case.status not in BEFORE_FILING
    return judge(case, stage=EvaluationStage.SUBMISSION if filed else "draft")
