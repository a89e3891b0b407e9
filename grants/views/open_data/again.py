"""自己算一次: an award's limits, reckoned again in the reader's own browser by the law's own programs."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grants.compliance.stored import LostLawError, law_of
from grants.models import Award, StoredEvaluation
from grants.queries.open_data import again
from grants.services.open_data.engine import engine_file
from miaoli_kaohsiung.accounts.limits import limited
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib.compiling import compiles


def _published(number: str) -> tuple[Award, StoredEvaluation, dict[str, Any]]:
    award = get_object_or_404(
        Award.objects.select_related("application__scheme", "application__organisation"), number=number
    )
    stored = again.decided(award)
    if stored is None:
        raise Http404
    try:
        return award, stored, again.document(stored, law_of(stored))
    except LostLawError as lost:
        raise Http404 from lost


@public_page
@compiles
@require_safe
@limited("public_file")
def award_again(request: HttpRequest, number: str) -> HttpResponse:
    """Show the lines of an award as decided, with the button that reckons their limits again."""
    award, stored, document = _published(number)
    context = {
        "award": award,
        "case": award.application,
        "scheme": award.application.scheme,
        "on": stored.on,
        "rows": again.lines(document, law_of(stored)),
    }
    return render(request, "grants/open_data/again.html", context)


@public_page
@require_safe
@limited("public_file")
def award_again_facts(request: HttpRequest, number: str) -> JsonResponse:
    """Return the published facts, the law's text and the figures decided on."""
    return JsonResponse(_published(number)[2], json_dumps_params={"ensure_ascii": False})


@public_page
@require_safe
@limited("public_file")
def engine(request: HttpRequest) -> HttpResponse:
    """Return the law's programs."""
    answer = HttpResponse(engine_file(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="engine.zip"'
    return answer
