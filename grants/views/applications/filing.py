"""Filing in the browser: everything on one page, the chairperson's button, and the ways back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.compliance.judging import Judgement, judge
from grants.enums import ApplicationStatus, EvaluationStage
from grants.forms.applications.corrections import ChairCodeForm, ReturnForm, SignedSheetForm
from grants.forms.applications.steps import WithdrawForm
from grants.models import Application
from grants.permissions import is_chair, may_edit
from grants.queries.applications import answers, centres, completeness, pages, stamps
from grants.queries.applications.completeness import STEPS
from grants.queries.law import margins
from grants.rules.findings import Finding
from grants.services.applications import chair_codes, drafts, filing, signatures
from grants.services.applications.corrections import hand_over, return_to_staff
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused, require

from . import corrections
from .cases import case_or_404
from .steps import ADDRESSES, posted_edition, posted_reasons, track


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def edit_review(request: SignedIn, number: str) -> HttpResponse:
    """Show everything on one page: what is missing, the reasons that are asked for, and the button that files."""
    case = case_or_404(request, number)
    if case.status != ApplicationStatus.AWAITING_CHAIR:
        require(may_edit(request.user, case))
    if request.method == "POST":
        try:
            drafts.save_reasons(request.user, case, posted_reasons(request.POST), edition=posted_edition(request))
        except drafts.StaleError as stale:
            return review_page(request, case_or_404(request, number), problems=[stale.reason], status=409)
        messages.success(request, _("已儲存說明。"))
        return redirect("grants:application_review", number)
    return review_page(request, case)


@audience(Role.MEMBER)
@require_POST
def application_file(request: SignedIn, number: str) -> HttpResponse:
    """File the case for the chairperson. The same page posted twice files once and gives the same answer."""
    case = case_or_404(request, number)
    try:
        filed = filing.file(request.user, case, _token(request), edition=posted_edition(request))
    except filing.NotReadyError as missing:
        return review_page(request, case, problems=[missing.reason], status=422)
    except drafts.StaleError as stale:
        return review_page(request, case_or_404(request, number), problems=[stale.reason], status=409)
    if filed.version.application.status == ApplicationStatus.NOT_ACCEPTED:
        messages.warning(request, _("這一件依規定退回，停止申請已經期滿；再下一件就可以申請。"))
        return redirect("grants:application_detail", number)
    messages.success(request, _("已送件，案號 %(number)s。接下來會在「我的工作」通知您。") % {"number": number})
    return redirect("grants:application_detail", number)


@audience(Role.MEMBER)
@require_POST
def application_hand(request: SignedIn, number: str) -> HttpResponse:
    """Ask the chairperson to confirm."""
    case = case_or_404(request, number)
    correction = case.status == ApplicationStatus.CORRECTION_REQUESTED
    try:
        (hand_over if correction else filing.hand_to_chair)(request.user, case)
    except filing.NotReadyError as missing:
        messages.error(request, missing.reason)
        return redirect("grants:application_review", number)
    messages.success(request, _("已送請%(head)s確認，並已通知%(head)s。") % {"head": case.organisation.head_word})
    return redirect("grants:application_detail", number)


@audience(Role.MEMBER)
@require_POST
def application_return(request: SignedIn, number: str) -> HttpResponse:
    """Send the draft back from the chairperson to the staff with what to change."""
    case = case_or_404(request, number)
    form = ReturnForm(request.POST)
    correction = case.status == ApplicationStatus.CORRECTION_REQUESTED
    if not form.is_valid():
        require(is_chair(request.user, case))
        return review_page(request, case, return_form=form, status=422)
    act = return_to_staff if correction else filing.return_to_staff
    act(request.user, case, form.cleaned_data["note"])
    messages.success(request, _("已請承辦人修改，並已通知。"))
    return redirect("grants:application_detail", number)


@audience(Role.MEMBER)
@require_safe
def chair_sheet(request: SignedIn, number: str) -> HttpResponse:
    """Return the sheet that the chairperson signs, in large type, as PDF."""
    case = case_or_404(request, number)
    require(signatures.may_sign(request.user, case))
    try:
        content = signatures.sheet(case)
    except pdf.UnavailableError:
        return render(request, "grants/applications/no_pdf.html", {"case": case}, status=503)
    return made_pdf(content, f"{case.number}-sign.pdf")


@audience(Role.MEMBER)
@require_POST
def application_sign(request: SignedIn, number: str) -> HttpResponse:
    """Keep the scan of the sheet that the chairperson signed."""
    case = case_or_404(request, number)
    require(signatures.may_sign(request.user, case))
    form = SignedSheetForm(request.POST, request.FILES, head=case.organisation.head_word)
    if form.is_valid():
        try:
            kept = signatures.keep(request.user, case, form.cleaned_data["sheet"])
        except Refused as refused:
            form.add_error("sheet", refused.reason)
        else:
            messages.success(request, _("已收到%(name)s簽名的確認單，可以送件了。") % {"name": kept.note})
            return redirect("grants:application_review", number)
    return review_page(request, case, sign_form=form, status=422)


@audience(Role.MEMBER)
@require_POST
def application_take_back(request: SignedIn, number: str) -> HttpResponse:
    """Take the case back from the chairperson, to go on writing."""
    filing.take_back(request.user, case_or_404(request, number))
    messages.success(request, _("已收回，可以繼續修改。"))
    return redirect("grants:application_edit", number)


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def application_discard(request: SignedIn, number: str) -> HttpResponse:
    """Discard a draft, after asking."""
    case = case_or_404(request, number)
    require(applications.TABLE.answer(case, "discard", request.user))
    if request.method == "POST":
        filing.discard(request.user, case)
        messages.success(request, _("草稿 %(number)s 已作廢。") % {"number": number})
        return redirect("grants:application_list")
    context = {"case": case, "accent_county": case.county, "text": _("作廢後這份草稿就不能再填寫。")}
    return render(request, "grants/applications/confirm.html", context | {"label": _("確定作廢")})


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def application_withdraw(request: SignedIn, number: str) -> HttpResponse:
    """Take a filed case back with a reason, after asking."""
    case = case_or_404(request, number)
    require(applications.TABLE.answer(case, "withdraw", request.user))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        filing.withdraw(request.user, case, form.cleaned_data["reason"])
        messages.success(request, _("已撤回 %(number)s。") % {"number": number})
        return redirect("grants:application_detail", number)
    context = {"case": case, "accent_county": case.county, "form": form, "label": _("確定撤回")}
    context["text"] = _("撤回後這一件就結束了；要再申請，請另外開始一件，可以沿用這一件的內容。")
    return render(request, "grants/applications/confirm.html", context, status=422 if form.errors else 200)


def review_page(
    request: SignedIn,
    case: Application,
    *,
    problems: list[str] | None = None,
    return_form: ReturnForm | None = None,
    sign_form: SignedSheetForm | None = None,
    code_form: ChairCodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the last step as it stands, with the forms that were refused."""
    judged = judge(case, stage=EvaluationStage.SUBMISSION)
    book = margins.Lawbook(judged.ruleset, case.scheme.slug)
    gaps, blocking = completeness.gaps(case), filing.standing_in_the_way(case, judged)
    contents = pages.contents(case, judged)
    handed = corrections.context(case)
    context = {
        "case": case,
        "accent_county": case.county,
        "step_name": STEPS["review"],
        "stages": track(case, "review", judged, gaps),
        **_unfinished(case, judged, gaps, blocking, book),
        "returned": [
            (f, book.label(f.clause), book.url(f.clause))
            for f in judged.evaluation.errors
            if filing.returns(f, judged.ruleset)
        ],
        "sections": answers.sections_of(case, contents["lines"], contents["documents"]),
        "awaiting": case.status == ApplicationStatus.AWAITING_CHAIR,
        "editable": bool(may_edit(request.user, case)),
        "may_discard": bool(applications.TABLE.answer(case, "discard", request.user)),
        "token": uuid4(),
        "problems": problems or [],
        "return_form": return_form or ReturnForm(),
        "sign_form": sign_form or SignedSheetForm(head=case.organisation.head_word),
        "code_form": code_form or ChairCodeForm(head=case.organisation.head_word),
        **handed,
    }
    context |= _whose_turn(request, case, ready=not gaps and not blocking, correction=handed.get("correction"))
    return render(request, "grants/applications/review.html", context, status=status)


def _unfinished(
    case: Application,
    judged: Judgement,
    gaps: list[completeness.Gap],
    blocking: list[Finding],
    book: margins.Lawbook,
) -> dict[str, Any]:
    """Return what must be corrected, each with its place, what needs a reason, and what is good to know."""
    places = {str(line.pk): place for place, line in enumerate(case.lines.all(), 1)}
    # An empty field is to be filled in, not explained.
    open_ones = [f for f in blocking if f.severity == "error" or f.kind == "blank"]
    stops = [(margins.step_of(f), places.get(f.line or ""), f) for f in open_ones]
    asks = [f for f in judged.evaluation.warnings if f.clause not in judged.waived and f.kind != "blank"]
    notes = margins.notes_of(asks, margins.reasons_of(case), book)
    return {
        "known": centres.before_filing(case),
        "gaps": [(gap, _named(gap), _place(case, gap.step, gap.field)) for gap in gaps],
        "stops": [
            (
                STEPS[step],
                _place(case, step, f.fact or "", f.line),
                place,
                f,
                book.label(f.clause),
                book.url(f.clause),
            )
            for step, place, f in stops
        ],
        "asks": [(places.get(str(note.line)), note) for note in notes if note.asks],
    }


def _named(gap: completeness.Gap) -> str:
    """Return the name of the place in a gap's link. An item of a correction stands at the top of every step, this page
    too.
    """
    return _("要補正的事項") if gap.field.startswith("correction-") else str(STEPS[gap.step])


def _place(case: Application, step: str, field: str, line: str | None = None) -> str:
    """Return the address of the field, line or paper in the form."""
    page = reverse(ADDRESSES[step], args=[case.number]) + ("?check=1" if step == "project" else "")
    if step == "budget":
        return f"{page}#line-{line}" if line else page
    marks = {"project": f"#ask-{field}", "documents": f"#div-{field}", "review": f"#{field}"}
    return page + (marks.get(step, f"#div_id_{field}") if field else "")


def _whose_turn(request: SignedIn, case: Application, *, ready: bool, correction: Any) -> dict[str, Any]:
    """Return which of the four states of the partial `_confirm_next` this person is in."""
    chair = bool(is_chair(request.user, case))
    awaiting = case.status == ApplicationStatus.AWAITING_CHAIR
    handed = awaiting or bool(correction and correction.handed_on)
    signing = bool(signatures.may_sign(request.user, case))
    if handed and not chair and not signing:
        state = "handed"
    elif not ready:
        state = "unready"
    elif signing and not filing.may_file(request.user, case):
        state = "sign"
    else:
        state = "file" if filing.may_file(request.user, case) else "hand"
    return {
        "state": state,
        "chair": chair_codes.chair_of(case) if state == "sign" else None,
        "open_code": chair_codes.open_code(case) if state == "sign" else None,
        "may_return": chair and handed,
        "signer": stamps.signer_of(case) if signing else "",
        "take_back": applications.TABLE.answer(case, "take_back", request.user),
    }


def _token(request: SignedIn) -> UUID:
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError as wrong:
        raise drafts.StaleError from wrong
