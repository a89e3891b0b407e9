"""The association's answers to the items of a correction, at the top of every step, with autosave."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.forms.applications.corrections import AnswersForm
from grants.models import Application
from grants.queries.applications.corrections import asked_of
from grants.queries.applications.places import open_request
from grants.services.applications.corrections import answer_items, items_of
from grants.views import merging
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import merge

from .cases import case_or_404

# These rows have no edition of their own: every post is compared with what is stored.
NO_EDITION = -1


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def answers(request: SignedIn, number: str) -> HttpResponseBase:
    """Save tick and sentence of each item; a GET of this address leads back to the form."""
    case = case_or_404(request, number)
    if request.method == "GET":
        return redirect("grants:application_edit", number)

    def build(posted: Any) -> list[AnswersForm]:
        return [AnswersForm(posted, items=list(items_of(case)))]

    def store(posted: Any, edition: int) -> Application:
        posted[0].is_valid()
        return answer_items(request.user, case, posted[0].answers())

    saved = merging.save(request, case, NO_EDITION, build, store)
    if request.headers.get("Accept") == "application/json":
        data, status = merging.answer(saved, build(None), case.edition)
        rows = list(items_of(case))
        data["parts"] = {
            "corrections-count": render_to_string("grants/applications/_corrections_count.html", count(rows))
        }
        return JsonResponse(data, status=status)
    if saved.conflicts or saved.forms[0].errors:
        messages.error(request, _("有一項還沒有存：打勾的項目請寫一句怎麼處理的，或別處剛改過同一項。"))
    else:
        messages.success(request, _("已儲存補正的處理情形。"))
    return redirect("grants:application_edit", number)


def context(case: Application) -> dict[str, Any]:
    """Return what the list at the top of a step needs; empty if no correction is waited for."""
    request = open_request(case)
    if request is None:
        return {}
    asked = asked_of(case, request)
    form = AnswersForm(None, items=[one.item for one in asked])
    rows = [(one, form[f"done-{one.item.pk}"], form[f"answer-{one.item.pk}"]) for one in asked]
    return {
        "correction": request,
        "asked_items": rows,
        "asked_seen": merge.seen([form]),
        **count([o.item for o in asked]),
    }


def count(items: list[Any]) -> dict[str, int]:
    return {"items_done": sum(item.answered for item in items), "items_all": len(items)}
