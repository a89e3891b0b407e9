"""The pages on which changes of a county's own data are read, confirmed, refused and withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST, require_safe

from miaoli_kaohsiung.accounts.audiences import DATA_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, lets_in, signed_in
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib.access import Refused

from . import services
from .enums import ChangeStatus
from .forms import RefusalForm
from .kinds import kind_of
from .models import Change
from .permissions import may_check, may_decide, waits_for_check
from .queries import visible_to

PAGE_SIZE = 30
# So many lines that stay as they are do no harm; more would hide the ones to look at.
FEW = 3
# Where the data stand that are changed here: the rooms above this one have the pages.
PAGES = (
    (_l("縣市名稱、公文抬頭與鄉鎮市區"), "communities:counties"),
    (_l("補助方案、年度受理和額度"), "grants:schemes"),
    (_l("法規資料"), "grants:filed_laws"),
    (_l("提醒的日子、管道和文字"), "grants:reminders"),
    (_l("各種函的用語"), "grants:letter_words"),
    (_l("核定權責與核減理由"), "grants:deciding_rules_of_counties"),
    (_l("結報抽查的規定"), "grants:sampling_of_counties"),
    (_l("辦公日行事曆、停班停課"), "grants:calendar_home"),
    (_l("個人資料清冊"), "privacy:fields"),
    (_l("銷毀清冊（期滿的個人資料）"), "privacy:disposals"),
)


@audience(DATA_KEEPERS)
@require_safe
def changes(request: SignedIn) -> HttpResponse:
    """Show what waits for somebody, and what was decided."""
    rows = visible_to(request.user)
    waiting = [(change, kind_of(change)) for change in rows.filter(status=ChangeStatus.WAITING)]
    page = Paginator(rows.exclude(status=ChangeStatus.WAITING), PAGE_SIZE).get_page(request.GET.get("page"))
    decided = [(change, kind_of(change)) for change in page]
    return render(
        request, "changes/list.html", {"waiting": waiting, "decided": decided, "page": page, "pages": _pages(request)}
    )


@signed_in
@require_safe
def show(request: SignedIn, pk: int) -> HttpResponse:
    return _shown(request, _change(request, pk))


@signed_in
@require_POST
def check(request: SignedIn, pk: int) -> HttpResponse:
    """Note that the papers were compared; another person confirms."""
    return _done(request, pk, services.check, _("已記下核對，等另一位同仁確認後生效。"))


@signed_in
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    return _done(request, pk, services.confirm, _("已確認。"))


@signed_in
@require_POST
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    change = _change(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _shown(request, change, form)
    services.refuse(request.user, change, form.cleaned_data["note"])
    messages.success(request, _("已回覆不同意，沒有變更任何資料。"))
    return redirect("changes:show", pk)


@signed_in
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw a change, as its proposer."""
    services.withdraw(request.user, _change(request, pk))
    messages.success(request, _("已收回，沒有變更任何資料。"))
    return redirect("changes:show", pk)


@signed_in
@require_safe
def scan(request: SignedIn, pk: int) -> FileResponse:
    stored = _change(request, pk).scan
    if stored is None:
        raise Http404
    return response(stored, inline=True)


def _done(request: SignedIn, pk: int, act: Callable[[User, Change], Change], words: str) -> HttpResponse:
    """Do one act with a change and show it; what stands against the act is said on the same page."""
    change = _change(request, pk)
    try:
        act(request.user, change)
    except Refused as refused:
        return _shown(request, change, problem=refused.reason)
    messages.success(request, words)
    return redirect("changes:show", pk)


def _pages(request: SignedIn) -> list[tuple[str, str]]:
    """Return the pages that open to this person, as (label, address)."""
    found = ((str(label), reverse(route)) for label, route in PAGES)
    return [(label, url) for label, url in found if _opens(request, url)]


def _opens(request: SignedIn, url: str) -> bool:
    who = resolve(url).func.audience  # type: ignore[attr-defined]  # every view has one (accounts.permissions)
    return isinstance(who, str) or lets_in(request.user, tuple(who))


def _change(request: SignedIn, pk: int) -> Change:
    return get_object_or_404(visible_to(request.user), pk=pk)


def _shown(request: SignedIn, change: Change, form: RefusalForm | None = None, problem: str = "") -> HttpResponse:
    kind = kind_of(change)
    rows = kind.rows(change)
    differing = [row for row in rows if row.differs] or rows
    same = [row for row in rows if row not in differing] if len(rows) - len(differing) > FEW else []
    context = {
        "change": change,
        "kind": kind,
        "differing": differing if same else rows,
        "same": same,
        "page": kind.page(change),
        "waits": change.status == ChangeStatus.WAITING,
        "answer": may_check(request.user, change) if waits_for_check(change) else may_decide(request.user, change),
        "to_check": waits_for_check(change),
        "own": change.proposed_by_id == request.user.pk,
        "form": form or RefusalForm(),
        "problems": [problem] if problem else [],
    }
    return render(request, "changes/show.html", context, status=422 if form or problem else 200)
