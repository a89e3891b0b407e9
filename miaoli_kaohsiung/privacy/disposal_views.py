"""The lists of personal data whose term is over: looked through, and put to another person."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from miaoli_kaohsiung.accounts.audiences import DATA_PROPOSERS, DISPOSAL_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.permissions import post_for
from miaoli_kaohsiung.lib.access import Refused

from . import services
from .forms import LeavingOutForm
from .models import DisposalItem, DisposalList
from .queries import lists_of, shown

PAGE_SIZE = 50


@audience(DISPOSAL_READERS)
@require_safe
def lists(request: SignedIn) -> HttpResponse:
    page = Paginator(lists_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "privacy/disposals.html", {"page": page})


@audience(DISPOSAL_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show what is on the list, and note what is still needed."""
    row = get_object_or_404(lists_of(request.user), pk=pk)
    page = Paginator(row.items.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    form = LeavingOutForm(request.POST or None, items) if _may_edit(request, row) else None
    if request.method == "POST":
        if form is None:
            raise Refused(_("這份清冊現在不能改：正在等人確認、已經銷毀，或由縣府承辦人辦理。"))
        if form.is_valid():
            services.leave_out(request.user, row, form.reasons())
            messages.success(request, _("已儲存。"))
            return redirect(request.get_full_path())
    return _shown(request, row, page, form)


@audience(DATA_PROPOSERS)
@require_POST
def propose(request: SignedIn, pk: int) -> HttpResponse:
    """Put the list to another person."""
    row = get_object_or_404(lists_of(request.user), pk=pk)
    change = services.put_forward(request.user, row)
    messages.success(request, _("已送另一位同仁確認；確認以後才會刪除。"))
    return redirect("changes:show", change.pk)


def _may_edit(request: SignedIn, row: DisposalList) -> bool:
    waits = row.change is not None and row.change.status == ChangeStatus.WAITING
    return row.carried_out_on is None and not waits and post_for(request.user, DATA_PROPOSERS, row.county) is not None


def _shown(
    request: SignedIn, row: DisposalList, page: "Page[DisposalItem]", form: LeavingOutForm | None
) -> HttpResponse:
    rows = [(one, form[f"reason_{one.item.pk}"] if form else None) for one in shown(list(page.object_list))]
    context = {
        "list": row,
        "rows": rows,
        "page": page,
        "form": form,
        "waits": row.change is not None and row.change.status == ChangeStatus.WAITING,
        "to_go": row.items.filter(left_out="").count(),
        "kept": row.items.exclude(left_out="").count(),
    }
    return render(request, "privacy/disposal.html", context, status=422 if form and form.errors else 200)
