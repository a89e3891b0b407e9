"""Who stands for whom while somebody is away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from . import deputies
from .audiences import DEPUTY_ARRANGERS
from .changes import ChangeError
from .forms import DeputyForm
from .permissions import SignedIn, audience
from .queries import deputies_waiting


@audience(DEPUTY_ARRANGERS)
def arranging(request: SignedIn) -> HttpResponse:
    """Show who stands for whom, and arrange a deputy for one's own post or, as head or administrator, for another's."""
    posts = deputies.arranged_by(request.user)
    form = DeputyForm(
        request.POST or None,
        posts=posts,
        people=deputies.colleagues(posts),
        initial={"first": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = deputies.arrange(request.user, data["post"], data["deputy"], data["first"], data["last"])
        except ChangeError as refused:
            form.add_error("deputy", refused.reason)
        except Refused as refused:
            form.add_error("deputy", refused.reason)
        else:
            words = (
                _("已安排代理，並通知雙方。")
                if done
                else _("已送出，另一位主管或系統管理員確認後生效，並已通知代理人。")
            )
            messages.success(request, words)
            return redirect("deputies")
    context = {
        "form": form,
        "posts": posts,
        "arranged": deputies.deputies_of(posts),
        "standing": deputies.standing_for(request.user),
        "waiting": deputies_waiting(posts),
    }
    return render(request, "accounts/deputies.html", context, status=422 if form.errors else 200)


@audience(DEPUTY_ARRANGERS)
def end(request: SignedIn, pk: int) -> HttpResponse:
    """End a deputy's days before their last one."""
    deputy = get_object_or_404(deputies.deputies_of(deputies.arranged_by(request.user)), pk=pk)
    if request.method == "POST":
        deputies.end(request.user, deputy)
        messages.success(request, _("代理已經結束，事項回到原來的人。"))
        return redirect("deputies")
    return render(request, "accounts/deputy_end.html", {"deputy": deputy})
