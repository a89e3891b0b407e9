"""The auditor's workbench: search the trail, look at one entry, check the chain."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from grants.forms.audit import TrailSearchForm
from grants.queries import audit, scope
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.audit import services
from miaoli_kaohsiung.audit.models import AuditHead, AuditSeal
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib.numbers import whole_number


@audience(Role.AUDITOR)
@require_GET
def workbench(request: SignedIn) -> HttpResponse:
    """Show the trail of the auditor's counties, newest first, fifteen entries a page."""
    form = TrailSearchForm(request.GET or None)
    before = whole_number(request.GET.get("before"), digits=17)
    found = audit.sought(audit.entries(request.user), form.entered())
    page = audit.page_of(found, before)
    narrowed = any(value for value in form.entered().values())
    context = {"form": form, "page": page, "narrowed": narrowed, "later": before is not None, **_chain()}
    return render(request, "audit/workbench.html", context)


@audience(Role.AUDITOR)
@require_GET
def entry(request: SignedIn, seq: int) -> HttpResponse:
    """Show one entry with the values before and after, and its place in the chain."""
    row = get_object_or_404(audit.entries(request.user), seq=seq)
    # The trail has entries about drafts too, which only their association can open.
    opens_case = scope.cases(request.user).filter(number=row.case).exists()
    context = {"entry": row, "changed": audit.changed_in_words(row), "opens_case": opens_case}
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
