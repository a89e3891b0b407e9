"""The code with which a chairperson who is not at the counter confirms: sent, printed, typed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.forms.applications.corrections import ChairCodeForm
from grants.models import Application
from grants.services.applications import chair_codes, signatures
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.limits import SECONDS_A_DAY, too_many, within
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused, require

from .cases import case_or_404
from .filing import review_page


@audience(Role.MEMBER)
@require_POST
def send(request: SignedIn, number: str) -> HttpResponse:
    """Send a code to the chairperson's telephone."""
    case = case_or_404(request, number)
    require(signatures.may_sign(request.user, case))
    if (refused := _too_many(request, case)) is not None:
        return refused
    try:
        made = chair_codes.send(request.user, case)
    except Refused as refused_in_words:
        return review_page(request, case, problems=[refused_in_words.reason], status=422)
    messages.success(
        request,
        _("確認碼已經寄給%(name)s。請把內容唸給%(head)s聽，再填%(head)s唸的碼。")
        % {"name": made.chair, "head": case.organisation.head_word},
    )
    return redirect("grants:application_review", number)


@audience(Role.MEMBER)
@require_POST
def letter(request: SignedIn, number: str) -> HttpResponse:
    """Return a letter with a new code as PDF."""
    case = case_or_404(request, number)
    require(signatures.may_sign(request.user, case))
    if (refused := _too_many(request, case)) is not None:
        return refused
    try:
        content = chair_codes.letter(request.user, case)
    except pdf.UnavailableError:
        return render(request, "grants/applications/no_pdf.html", {"case": case}, status=503)
    return made_pdf(content, f"{case.number}-code.pdf")


@audience(Role.MEMBER)
@require_POST
def confirm(request: SignedIn, number: str) -> HttpResponse:
    """Take the code that the chairperson said."""
    case = case_or_404(request, number)
    require(signatures.may_sign(request.user, case))
    form = ChairCodeForm(request.POST, head=case.organisation.head_word)
    if form.is_valid():
        try:
            require(chair_codes.confirm(request.user, case, form.cleaned_data["code"]))
        except Refused as refused:
            form.add_error("code", refused.reason)
        else:
            messages.success(request, _("確認碼正確，可以送件了。"))
            return redirect("grants:application_review", number)
    return review_page(request, case, code_form=form, status=422)


def _too_many(request: SignedIn, case: Application) -> HttpResponse | None:
    if within(request, "chair_code", f"case:{case.pk}"):
        return None
    return too_many(request, SECONDS_A_DAY, _("同一件的確認碼一天最多寄或印 6 次。"))
