"""What left the portal for the people of a county and what did not arrive, for who must know whether they can be reached."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.queries.reminders.undelivered import DAYS, counted, undelivered
from miaoli_kaohsiung.accounts.audiences import DELIVERY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, lets_in
from miaoli_kaohsiung.notices.carriers import line, sms


@audience(DELIVERY_READERS)
@require_safe
def deliveries(request: SignedIn) -> HttpResponse:
    context = {
        "counted": counted(request.user),
        "rows": undelivered(request.user),
        "days": DAYS,
        "opens": lets_in(request.user, OFFICE_READERS),
        "sms": sms.configured(),
        "line": line.configured(),
        "pushes": line.pushes(),
    }
    return render(request, "grants/reminders/deliveries.html", context)
