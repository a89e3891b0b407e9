import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc, parse_date

from . import services


@public_page
@require_POST
def move_date(request: HttpRequest) -> HttpResponse:
    """Move the date on by days=1 or to=99/7/1, run the jobs of the days between, and redirect to next=."""
    if not settings.DEMO:
        raise Http404
    try:
        day = _wanted(request.POST)
        sent = services.advance(day)
    except (Refused, ValueError) as refused:
        messages.error(request, str(refused))
    else:
        text = _("系統日期前進到 %(day)s，每日工作已辦理，發出 %(sent)d 則提醒。")
        messages.success(request, text % {"day": format_roc(day), "sent": sent})
    return redirect(_way_back(request))


def _wanted(posted: QueryDict) -> dt.date:
    if posted.get("days") == "1":
        return clock.today() + dt.timedelta(days=1)
    return parse_date(posted.get("to", ""))


def _way_back(request: HttpRequest) -> str:
    path = request.POST.get("next", "")
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()}, request.is_secure())
    return path if safe else "/"
