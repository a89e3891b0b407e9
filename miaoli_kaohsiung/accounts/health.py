"""For load balancers and whoever watches: alive means that Python answers, ready that what is needed does."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from . import readiness
from .permissions import public_page


@public_page
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@public_page
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Return what each check says; 503 if one fails without which the portal does no work."""
    found = readiness.results()
    ready = readiness.is_ready(found)
    return JsonResponse({"ready": ready, "checks": found}, status=200 if ready else 503)
