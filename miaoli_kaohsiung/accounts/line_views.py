"""Where LINE reports what people write to the county's account. The signature of the body takes the place of a session."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from miaoli_kaohsiung.notices.carriers import line

from .line import receive
from .permissions import public_page


@csrf_exempt
@public_page
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Keep what LINE reports, if it bears the channel's signature; a worker answers."""
    if not line.is_signed(request.body, request.headers.get("X-Line-Signature", "")):
        raise PermissionDenied(_("這個網址只收 LINE 的通知。"))
    receive(request.body)
    return HttpResponse("ok", content_type="text/plain")
