"""Receives a file when it is chosen, before its form is sent: it is checked, and held for its sender."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files import services
from miaoli_kaohsiung.files.gate import KINDS
from miaoli_kaohsiung.files.models import StoredFile

from .permissions import signed_in
from .services import actor as actor_of

HOLD = actions.register("upload.hold", _l("選好檔案"))


@signed_in
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    """Return JSON for static/js/upload.js: {held: {token, name, size, note}}, or 422 with {message}. A GET has no page."""
    if request.method == "GET":
        return redirect("me")
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"message": _("沒有收到檔案，請再選一次。")}, status=422)
    wanted = set(request.POST.get("kinds", "").split(","))
    kinds = tuple(kind for kind in KINDS if kind in wanted) or KINDS
    assert request.user.is_authenticated, "the guard sees to it"
    actor = actor_of(request.user)
    try:
        checked = services.check(upload, kinds)
        with trail.unit_of_work(actor):
            held = services.hold(checked, actor=actor, kinds=kinds)
            trail.record(HOLD, StoredFile.objects.get(pk=held.pk), after={"name": held.name, "size": held.size})
    except ValidationError as refused:
        return JsonResponse({"message": " ".join(refused.messages)}, status=422)
    values = {"token": str(held.pk), "name": held.name, "size": filesizeformat(held.size), "note": checked.note}
    return JsonResponse({"held": values})
