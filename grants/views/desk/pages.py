"""My desk: what waits for me, queue by queue, and whose it is."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.models import Deadline
from grants.queries import scope
from grants.queries.applications.running import lapsed_terms, running
from grants.queries.desk.entries import entries_of
from grants.queries.desk.lists import deadlines_of, queue_keys, queue_page, urgeable
from grants.queries.desk.queues import BY_KIND
from grants.queries.desk.tasks import desk_of, envelopes_of
from grants.services.desk import bulk
from grants.services.panels.assigning import ASSIGN
from grants.services.reminders import urging
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, lets_in, signed_in
from miaoli_kaohsiung.accounts.queries import soon_over
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lists.bulk import services
from miaoli_kaohsiung.lists.bulk.kinds import Kind
from miaoli_kaohsiung.lists.pages import MOST_AT_ONCE

# What can be done to several rows of a queue at once.
ACTS = {
    "receive": (bulk.RECEIVE,),
    "check": (ASSIGN,),
    "propose": (ASSIGN,),
    "letter": (bulk.ISSUE,),
    "late_return": (bulk.URGE,),
    "late_settlement": (bulk.URGE,),
    "late_receipt": (bulk.URGE,),
}


@signed_in
@require_GET
def desk(request: SignedIn) -> HttpResponse:
    """Show the most urgent task with its button, then what waits, by kind; below, an association's cases under way."""
    context = {
        "desk": desk_of(request.user),
        "running": running(request.user),
        "lapsed": lapsed_terms(request.user),
        "ending": soon_over(request.user),
        "entries": entries_of(request.user),
        "envelopes": envelopes_of(request.user),
    }
    return render(request, "grants/desk/desk.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def queue(request: SignedIn, kind: str) -> HttpResponse:
    """Show one whole queue; what is posted begins an act on its ticked rows."""
    page = queue_page(request.user, kind, request.GET.get("page"))
    if page is None:
        raise Http404
    acts = [act for act in ACTS.get(kind, ()) if lets_in(request.user, act.roles)]
    if request.method == "POST":
        return _begun(request, kind, acts)
    urges = urgeable(BY_KIND[kind], list(page.object_list))
    rows = [(task, *urges.get(task.pk, (None, None))) for task in page.object_list]
    context = {
        "queue": BY_KIND[kind],
        "page": page,
        "rows": rows,
        "acts": acts,
        "urging": bool(BY_KIND[kind].urge),
        "plain": all(str(task.text) == str(BY_KIND[kind].text) for task in page.object_list),
        "term": _("期限") if any(task.due_on for task in page.object_list) else _("等候"),
    }
    return render(request, "grants/desk/queue.html", context)


def _begun(request: SignedIn, kind: str, acts: list[Kind]) -> HttpResponse:
    """Begin an act on the ticked rows of the queue, or on all of them; then it is looked at and confirmed."""
    here = request.get_full_path()
    act = next((act for act in acts if act.name == request.POST.get("act")), None)
    if act is None:
        return redirect(here)
    keys = [key for text in request.POST.getlist("row") if (key := whole_number(text)) is not None]
    if "every" in request.POST:
        keys = queue_keys(request.user, kind)
    if BY_KIND[kind].urge:
        keys = deadlines_of(BY_KIND[kind], keys)
    try:
        run = services.choose(request.user, act, keys[:MOST_AT_ONCE], here)
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect(here)
    return redirect("lists:bulk_run", run.pk)


@audience(CASE_HANDLERS)
@require_POST
def urge(request: SignedIn, pk: int) -> HttpResponse:
    """Remind the association of a missed deadline."""
    found = Deadline.objects.filter(application__in=scope.cases(request.user))
    deadline = get_object_or_404(found.select_related("application__organisation"), pk=pk)
    try:
        count = urging.urge(request.user, deadline)
    except Refused as refusal:
        messages.error(request, refusal.reason)
    else:
        words = ngettext("已通知 %(count)d 人。", "已通知 %(count)d 人。", count) % {"count": count}
        messages.success(request, _("已催辦%(who)s：") % {"who": deadline.case.organisation.name} + words)
    back = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if inside else reverse("grants:desk"))
