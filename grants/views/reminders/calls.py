"""The call list of a township or county: on the screen, printed, as a file; and the record of each call."""

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import places
from grants.forms.reminders import CallForm
from grants.queries.reminders.calls import Call, calls_of, visible
from grants.services.reminders import calling
from miaoli_kaohsiung.accounts import reads
from miaoli_kaohsiung.accounts.audiences import CALLERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.safe_cell import safe_row
from miaoli_kaohsiung.lists.queries import counties_of


@audience(CALLERS)
@require_safe
def call_list(request: SignedIn) -> HttpResponse:
    reads.note(request.user, reads.PERSONAL, request.user, _("待聯絡的名單和電話"))
    return _page(request)


@audience(CALLERS)
@require_safe
def call_file(request: SignedIn) -> HttpResponse:
    """Hand out the list as CSV that spreadsheets open in the right letters."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="calls-{clock.today().isoformat()}.csv"'
    table = csv.writer(answer)
    head = (
        places.kinds(*sorted(counties_of(request.user))),
        _("單位"),
        _("聯絡人"),
        _("電話"),
        _("案號"),
        _("什麼事"),
        _("怎麼說"),
        _("期限"),
        _("上次聯絡"),
    )
    table.writerow(head)
    table.writerows(safe_row(_cells(call)) for call in calls_of(request.user))
    return answer


@audience(CALLERS)
@require_POST
def call(request: SignedIn, pk: int) -> HttpResponse:
    """Keep whether somebody answered, and the note."""
    deadline = get_object_or_404(visible(request.user), pk=pk)
    form = CallForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _page(request, form, pk)
    try:
        calling.record(request.user, deadline, form.cleaned_data["outcome"], form.cleaned_data["note"])
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _page(request, form, pk)
    messages.success(request, _("已登錄：%(who)s") % {"who": deadline.case.organisation.name})
    return redirect("grants:calls")


def _page(request: SignedIn, typed: forms.Form | None = None, pk: int = 0) -> HttpResponse:
    rows = [
        {
            "call": call,
            "said": calling.said_of(call),
            "form": typed if typed and call.deadline.pk == pk else CallForm(prefix=str(call.deadline.pk)),
        }
        for call in calls_of(request.user)
    ]
    context: dict[str, Any] = {"rows": rows, "refused": [typed] if typed else []}
    return render(request, "grants/reminders/calls.html", context, status=422 if typed else 200)


def _cells(call: Call) -> list[Any]:
    said = calling.said_of(call)
    last = f"{format_roc(call.last.called_on)} {call.last.get_outcome_display()}" if call.last else ""
    phone = call.phone or call.chair_phone
    due = format_roc(call.deadline.due_on)
    return [call.township, call.organisation, call.chair, phone, call.number, said.about, said.words, due, last]
