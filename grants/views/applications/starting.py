"""Starting an application: what may be chosen, with sums and with reasons against."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.models import Organisation
from grants.compliance import quick_check
from grants.compliance.eligibility import offer
from grants.models import Application, Programme
from grants.queries.applications.lists import earlier_cases, open_drafts, open_schemes, organisations_of
from grants.services.applications import documents, drafts
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib.numbers import whole_number

# How many choices one page may offer to an account.
MOST_BODIES = 10


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def application_new(request: SignedIn) -> HttpResponse:
    """Continue a draft, or start one: the programme is chosen by its purpose. Answers of the public check in the
    address are taken over.
    """
    if request.method == "POST":
        return _start(request, {organisation.pk: organisation for organisation in organisations_of(request.user)})
    chosen = organisations_of(request.user, in_view=True) or organisations_of(request.user)
    organisations = list(chosen[:MOST_BODIES])
    earlier = list(earlier_cases(request.user)[:30])
    schemes = list(open_schemes({organisation.county for organisation in organisations}))
    checked = quick_check.from_query(request.GET)
    made = quick_check.Check(checked)
    offers = [
        offer(scheme, body, earlier) for body in organisations for scheme in schemes if scheme.county == body.county
    ]
    context = {
        "organisations": organisations,
        "drafts": list(open_drafts(organisations)),
        "offers": offers,
        "checked": made.answers if made.programme else None,
        "checked_programme": made.programme,
        "checked_words": [words for name, words in made.stated() if name in ("area", "starts", "months")],
    }
    return render(request, "grants/applications/new.html", context)


def _start(request: SignedIn, mine: dict[int, Organisation]) -> HttpResponse:
    organisation = mine.get(whole_number(request.POST.get("organisation", "")) or 0)
    if organisation is None:
        raise Http404
    number = whole_number(request.POST.get("programme", "")) or 0
    programme = get_object_or_404(Programme.objects.select_related("scheme"), pk=number)
    wanted = request.POST.get("copy_of")
    earlier = next((old for old in earlier_cases(request.user) if old.number == wanted), None)
    case, new = drafts.start(request.user, organisation, programme, earlier)
    if not new:
        messages.info(request, _("這個方案您已經有一份草稿，接著填就可以。"))
    elif earlier:
        messages.success(request, _copied(case, earlier.number))
    if new and (papers := documents.reuse_asked(request.user, case)):
        names = "、".join(f"「{document.file.name}」" for document in papers)
        messages.success(request, _("協會放在這裡的 %(names)s 已經附上，不用再傳。") % {"names": names})
    if new and (values := _carried(request, programme)):
        case.refresh_from_db(fields=["edition"])
        drafts.save_step(request.user, case, values, edition=case.edition)
        messages.success(request, _("檢查時填的日期和地點已經帶進來了，可以再改。"))
    return redirect("grants:application_edit", case.number)


def _copied(case: Application, number: str) -> str:
    """Return a message: what was copied from the earlier case, and what was not."""
    words = _("已從 %(number)s 帶過來：計畫內容、方案問題和 %(lines)d 個經費項目。日期、附件和說明沒有帶，請補上。")
    return words % {"number": number, "lines": case.lines.count()}


def _carried(request: SignedIn, programme: Programme) -> dict[str, Any]:
    """Return dates and area of the check, if it was made for this very programme."""
    made = quick_check.Check(quick_check.from_query(request.POST, "check-"))
    if made.programme is None or made.programme.pk != programme.pk:
        return {}
    return {name: value for name, value in made.carried().items() if value}
