"""The list of cases."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from grants.forms.applications.lists import ApplicationFilter
from grants.models import Application
from grants.queries.applications.lists import listed, shown, to_declare, years_of
from grants.services.desk import bulk
from grants.services.panels.assigning import ASSIGN
from grants.tables.applications import ApplicationTable
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, CASE_READERS, COUNTY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lists.acts import bulk_act
from miaoli_kaohsiung.lists.pages import Act, Listing


def _hand_over(request: SignedIn, rows: QuerySet[Application]) -> HttpResponseBase:
    numbers = rows.order_by("pk").values_list("number", flat=True)
    return redirect(f"{reverse('grants:handover')}?{urlencode({'cases': list(numbers)}, doseq=True)}")


HAND_OVER = Act("hand_over", _l("移交並印清冊"), _hand_over)


@audience(CASE_READERS)
@require_http_methods(["GET", "POST"])
def application_list(request: SignedIn) -> HttpResponseBase:
    """Show the cases that this person may see, newest first, with filters."""
    posts = posts_of(request.user)
    offices = {post.county for post in posts if post.role in OFFICE_READERS}
    found = ApplicationFilter(
        request.GET,
        listed(request.user),
        counties={post.county for post in posts},
        years=years_of(offices) if offices else (),
        offices=offices,
        officers=any(post.role in COUNTY_READERS for post in posts),
    )
    acts = [bulk_act(bulk.RECEIVE), bulk_act(ASSIGN)] if any(post.role == Role.CASE_OFFICER for post in posts) else []
    acts += [bulk_act(bulk.REASSIGN), HAND_OVER] if any(post.role in CASE_HANDLERS for post in posts) else []
    listing = Listing(request, "applications", ApplicationTable, found, acts, shown=shown)
    context = {
        "list": listing,
        "to_declare": to_declare(request.user),
        "may_start": any(post.role == Role.MEMBER for post in posts),
    }
    return listing.posted() or render(request, "grants/applications/list.html", context)
