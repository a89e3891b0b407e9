"""A person's deadlines for the calendar of a telephone, at a secret address."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from grants.queries.reminders.calendar import file_of
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib.leads_back import no_page

# How long a calendar may keep what it has.
SECONDS = 60 * 60


@no_page
@public_page
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the calendar to whoever knows the address; 304 while nothing has changed."""
    user = get_object_or_404(User, feed__token=token, is_active=True)
    data = file_of(user)
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["ETag"] = etag
    answer["Cache-Control"] = f"private, max-age={SECONDS}"
    answer["X-Robots-Tag"] = "noindex"
    return answer
