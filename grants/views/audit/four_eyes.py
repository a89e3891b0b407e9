"""Who proposed, decided and paid: every decision and payment of a time, and where two pairs of eyes were one."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.forms.audit import FourEyesForm
from grants.queries.audit import entries
from grants.queries.audit.four_eyes import Way, totals_of, ways
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files import written_sheets
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lists.pages import FORMATS, PER_PAGE
from miaoli_kaohsiung.lists.services import note_export


@audience(Role.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def four_eyes(request: SignedIn) -> HttpResponseBase:
    """List them with totals, this year's if no days are given; a POST takes the same list out as a file."""
    form = FourEyesForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    today = clock.today()
    since, until = asked.get("since") or today.replace(month=1, day=1), asked.get("until") or today
    found = ways(entries.entries(request.user), since, until)
    totals = totals_of(found)
    shown = [way for way in found if way.found] if asked.get("only") else found
    if request.POST.get("export") in FORMATS and not form.errors:
        return _file(request, request.POST["export"], shown)
    context = {"form": form, "since": since, "until": until, "totals": totals, "only": asked.get("only")}
    context |= {"page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))}
    context |= {"formats": [(name, name.upper()) for name in FORMATS]}
    return render(request, "audit/four_eyes.html", context)


def _file(request: SignedIn, extension: str, shown: list[Way]) -> HttpResponseBase:
    note_export(request.user, "four-eyes", extension, request.GET.urlencode(), len(shown))
    heads = [_("日期"), _("案號"), _("種類"), _("金額（元）"), _("誰辦的"), _("要查明的")]
    return written_sheets.answer(
        f"four-eyes-{clock.today().isoformat()}", extension, _("雙人覆核"), heads, _rows(shown)
    )


def _rows(shown: Iterable[Way]) -> Iterator[list[Any]]:
    for way in shown:
        steps = "；".join(step.text for step in way.steps)
        yield [
            format_roc(way.final.portal_date),
            way.final.case,
            way.final.action_label,
            way.amount,
            steps,
            "；".join(way.found),
        ]
