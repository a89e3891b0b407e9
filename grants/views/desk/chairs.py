"""The hand-over list of an association, for its new chairperson and for the county that helps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.models import Organisation
from communities.queries import registered
from grants.forms.desk import TakeOverForm
from grants.models import Handover
from grants.queries.desk.chairs import term_to_take_over
from grants.queries.desk.handovers import sections_of
from grants.services.desk import chairs, handover
from miaoli_kaohsiung.accounts.audiences import HANDOVER_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused


@audience(HANDOVER_READERS)
def take_over(request: SignedIn, pk: int) -> HttpResponse:
    """Show what the association has under way today; the new chairperson confirms to have read it."""
    found = get_object_or_404(registered(request.user), pk=pk)
    term = term_to_take_over(request.user, found)
    form = TakeOverForm(request.POST or None, head=found.head_word)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = chairs.take_over(request.user, found, unreachable=data["unreachable"], note=data["note"])
        messages.success(request, _("已接手。清單留在這裡，隨時可以再看或列印。"))
        return redirect("grants:handover_record", made.pk)
    context = {
        "organisation": found,
        "sections": sections_of(chairs.draft(found).content),
        "term": term,
        "form": form,
        "kept": Handover.objects.filter(organisation=found)[:5],
        "accent_county": found.county,
    }
    return render(request, "grants/desk/take_over.html", context, status=422 if form.errors else 200)


@audience(HANDOVER_READERS)
@require_GET
def paper(request: SignedIn, pk: int) -> HttpResponse:
    """Return today's list as PDF, to be signed on paper where a chairperson has no account."""
    found: Organisation = get_object_or_404(registered(request.user), pk=pk)
    try:
        content = handover.paper(chairs.draft(found))
    except pdf.UnavailableError as missing:
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from missing
    return made_pdf(content, f"handover-{found.pk}.pdf")
