"""The county's reminders: the table, one of them with its history, and the form that proposes another row."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.forms.reminders import ReminderForm
from grants.models import CountyReminder
from grants.queries.reminders import labels
from grants.queries.reminders.table import Reminder, reminders_of
from grants.services.reminders import changing
from grants.services.reminders.preview import preview_of
from grants.services.reminders.words import EXPLAINED, SHORT, marks_of
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS, Who
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.changes.queries import history, open_change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.carriers import line, sms


@audience(COUNTY_READERS)
@require_safe
def reminders(request: SignedIn) -> HttpResponse:
    """Show the reminders of the person's counties, each county's in a table of its own."""
    today = clock.today()
    tables = [
        (county, name_of(county, today), [_line(row) for row in reminders_of(county, today).values()])
        for county in sorted(counties_with(request.user, COUNTY_READERS))
    ]
    context = {"tables": tables, "sms": sms.configured(), "line": line.configured(), "pushes": line.pushes()}
    return render(request, "grants/reminders/list.html", context)


@audience(COUNTY_READERS)
@require_safe
def reminder(request: SignedIn, county: str, code: str) -> HttpResponse:
    """Show one reminder as it is sent today, with a real example, what will replace it, and its history."""
    row = _found(request, county, code, COUNTY_READERS)
    later = CountyReminder.objects.filter(county=county, code=code, starts_on__gt=clock.today()).order_by("starts_on")
    context = {
        "county": county,
        "line": _line(row),
        "preview": preview_of(county, row),
        "later": later,
        "waiting": open_change(changing.KIND.name, county, code),
        "history": history(changing.KIND.name, county, code),
        "may_edit": county in counties_with(request.user, CASE_HANDLERS),
    }
    return render(request, "grants/reminders/detail.html", context)


@audience(CASE_HANDLERS)
@require_http_methods(["GET", "POST"])
def reminder_edit(request: SignedIn, county: str, code: str) -> HttpResponse:
    """Show the form; with `preview` show what is typed as it would be sent, else propose it to another person."""
    row = _found(request, county, code, CASE_HANDLERS)
    form = ReminderForm(request.POST or None, reminder=row)
    shown = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            shown = preview_of(county, changing.sample(row, form.values()))
        else:
            try:
                change = changing.propose(request.user, county, code, form.wish())
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("已送出，請另一位同仁確認。確認以前，照原來的提醒。"))
                return redirect("changes:show", change.pk)
    context = {"county": county, "line": _line(row), "form": form, "preview": shown, "marks": _marks(row)}
    return render(request, "grants/reminders/form.html", context, status=422 if form.errors else 200)


def _line(row: Reminder) -> dict[str, Any]:
    return {
        "row": row,
        "of": labels.OF[row.of],
        "who": labels.who(row),
        "when": labels.when(row),
        "channels": labels.channels(row),
    }


def _marks(row: Reminder) -> list[tuple[str, Any, bool]]:
    """Return each mark with what it stands for, and whether the short text may hold it."""
    return [(f"【{name}】", EXPLAINED[name], name in SHORT) for name in marks_of(row)]


def _found(request: SignedIn, county: str, code: str, who: Who) -> Reminder:
    """Return the reminder of one of the person's own counties."""
    if county not in counties_with(request.user, who):
        raise Http404
    row = reminders_of(county, clock.today()).get(code)
    if row is None:
        raise Http404
    return row
