"""My desk: what waits for me, queue by queue, and whose it is."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.forms.desk import QueueFilter
from grants.models import Deadline
from grants.queries import scope
from grants.queries.applications.running import lapsed_terms, running
from grants.queries.desk.entries import entries_of
from grants.queries.desk.lists import deadlines_of, queue_list
from grants.queries.desk.queues import Queue
from grants.queries.desk.tasks import desk_of, envelopes_of
from grants.queries.desk.watched import watched
from grants.services.desk import bulk
from grants.services.panels.assigning import ASSIGN
from grants.services.reminders import urging
from grants.tables.desk import QueueTable
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, lets_in, signed_in
from miaoli_kaohsiung.accounts.queries import ended_chairs, posts_of, soon_over
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lists.acts import bulk_act
from miaoli_kaohsiung.lists.bulk.kinds import Kind
from miaoli_kaohsiung.lists.pages import Act, Listing

# What can be done to several rows of a queue at once.
ACTS = {
    "receive": (bulk.RECEIVE, bulk.REASSIGN),
    "check": (ASSIGN, bulk.REASSIGN),
    "propose": (ASSIGN, bulk.REASSIGN),
    "overdue": (bulk.REASSIGN,),
    "letter": (bulk.ISSUE,),
    "late_return": (bulk.URGE,),
    "late_overpaid": (bulk.URGE,),
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
        "watched": watched(request.user),
        "without_post": not posts_of(request.user) and not ended_chairs(request.user),
    }
    return render(request, "grants/desk/desk.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def queue(request: SignedIn, kind: str) -> HttpResponseBase:
    """Show one whole queue; what is posted begins an act on its ticked rows."""
    work = queue_list(request.user, kind)
    if work is None:
        raise Http404
    posts = posts_of(request.user)
    offices = {post.county for post in posts if post.role in OFFICE_READERS}
    officers = any(post.role in COUNTY_READERS for post in posts)
    found = QueueFilter(request.GET, work, offices=offices, officers=officers)
    acts = [_act(work.queue, act) for act in ACTS.get(kind, ()) if lets_in(request.user, act.roles)]
    listing = Listing(request, f"desk-{kind}", QueueTable, found, acts, work=work)
    return listing.posted() or render(request, "grants/desk/queue.html", {"list": listing, "queue": work.queue})


def _act(queue: Queue, kind: Kind) -> Act:
    """Return the act on the rows; the rows of a queue of missed deadlines are urged by their deadlines."""
    if not queue.urge:
        return bulk_act(kind)
    return bulk_act(kind, lambda rows: deadlines_of(queue, rows.order_by().values_list("pk", flat=True)))


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
