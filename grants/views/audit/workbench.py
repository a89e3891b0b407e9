"""The auditor's workbench: search the trail, look at one entry, take what is shown out as a file, check the chain."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grants.forms.audit import TrailSearchForm
from grants.queries import scope
from grants.queries.audit import entries, sentences
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.audit import services
from miaoli_kaohsiung.audit.models import AuditEntry, AuditHead, AuditSeal
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files import written_sheets
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.template_tags import moment, roc
from miaoli_kaohsiung.lists.pages import FORMATS
from miaoli_kaohsiung.lists.services import note_export

# How many entries of a file are read at once.
CHUNK = 500


@audience(Role.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def workbench(request: SignedIn) -> HttpResponseBase:
    """Show the trail of the auditor's counties in sentences, newest first, fifteen a page; a POST takes all that the
    same conditions find out as a file.
    """
    form = TrailSearchForm(request.GET or None)
    found = entries.sought(entries.entries(request.user), form.entered())
    if request.POST.get("export") in FORMATS and not form.errors:
        return _file(request, request.POST["export"], found)
    before = whole_number(request.GET.get("before"), digits=17)
    page = entries.page_of(found, before)
    narrowed = any(value not in (None, "") for value in form.entered().values())
    context = {"form": form, "page": page, "rows": sentences.sentences(page.rows), "narrowed": narrowed}
    context |= {"later": before is not None, "formats": [(name, name.upper()) for name in FORMATS], **_chain()}
    return render(request, "audit/workbench.html", context)


def _file(request: SignedIn, extension: str, found: QuerySet[AuditEntry]) -> HttpResponseBase:
    """Return all that was found, in the columns of the page; the file itself is an entry of the trail."""
    # What is noted now is not a part of what was found.
    found = found.filter(seq__lte=found.order_by("-seq").values_list("seq", flat=True).first() or 0)
    note_export(request.user, "audit", extension, request.GET.urlencode(), found.count())
    heads = [_("序號"), _("時間"), _("人員"), _("職務"), _("案號"), _("做了什麼")]
    name = f"audit-{clock.today().isoformat()}"
    return written_sheets.answer(name, extension, _("稽核紀錄"), heads, _rows(found))


def _rows(found: QuerySet[AuditEntry]) -> Iterator[list[Any]]:
    for row in sentences.in_chunks(found.order_by("-seq").iterator(chunk_size=CHUNK), CHUNK):
        entry = row.entry
        day = (
            "" if roc(entry.portal_date) == roc(entry.at) else _("%(day)s，實際時間 ") % {"day": roc(entry.portal_date)}
        )
        yield [entry.seq, f"{day}{moment(entry.at)}", entry.actor_name, entry.post_label, entry.case, row.text]


@audience(Role.AUDITOR)
@require_GET
def entry(request: SignedIn, seq: int) -> HttpResponse:
    """Show one entry in a sentence, with the values before and after, its place in the chain and the raw record."""
    row = get_object_or_404(entries.entries(request.user), seq=seq)
    names = sentences.Names([row])
    # The trail has entries about drafts too, which only their association can open.
    opens_case = scope.cases(request.user).filter(number=row.case).exists()
    context = {
        "entry": row,
        "sentence": sentences.sentence_of(row, names),
        "about": sentences.subject_of(row),
        "changed": sentences.changes_of(row, names),
        "raw": [json.dumps(side, ensure_ascii=False, indent=1) if side else "—" for side in (row.before, row.after)],
        "opens_case": opens_case,
    }
    return render(request, "audit/entry.html", context)


@audience(Role.AUDITOR)
@require_GET
def seals(request: SignedIn) -> HttpResponse:
    """Show the heads of the chain day by day, to be compared with those on paper."""
    page = Paginator(AuditSeal.objects.order_by("-day"), 30).get_page(request.GET.get("page"))
    return render(request, "audit/seals.html", {"page": page, **_chain()})


@audience(Role.AUDITOR)
@require_POST
def verify(request: SignedIn) -> HttpResponse:
    """Check the newest entries now; a nightly command checks the whole trail."""
    post = post_with(request.user, Role.AUDITOR)
    report = services.verify_newest(Actor(request.user, post.label if post else ""))
    if report.problem:
        messages.error(request, _("檢查發現問題：%(problem)s") % {"problem": report.problem})
    else:
        messages.success(request, _("已檢查最近 %(count)d 筆，全部相連，沒有遭更動。") % {"count": report.entries})
    return redirect("grants:audit")


def _chain() -> dict[str, object]:
    return {
        "head": AuditHead.objects.first(),
        "seal": AuditSeal.objects.order_by("-day").first(),
        "newest": services.NEWEST,
    }
