"""Acts after which money leaves: whoever does one has given the password or the second factor within the hour, else is asked again.

What was typed is kept as for a session that ended (`rescue`) and sent on with one button.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from miaoli_kaohsiung.lib import clock

from . import rescue
from .permissions import SignedIn

WITHIN_SECONDS = 60 * 60
# When the session began (middleware), and what django-allauth notes of each proof since.
_BEGAN, _PROOFS = "signed_in_at", "account_authentication_methods"

P = ParamSpec("P")
View = Callable[Concatenate[SignedIn, P], HttpResponse]


def asked_again(view: View[P]) -> View[P]:
    """Let a form through within the hour; looking is free."""

    @wraps(view)
    def guarded(request: SignedIn, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not _proved_lately(request):
            answer = rescue.keep(request)
            answer["Location"] = f"{reverse('account_reauthenticate')}?next={reverse('rescued')}"
            return answer
        return view(request, *args, **kwargs)

    return guarded


def _proved_lately(request: HttpRequest) -> bool:
    session = request.session
    moments: list[float] = [session.get(_BEGAN, 0), *(proof.get("at", 0) for proof in session.get(_PROOFS, []))]
    return clock.now().timestamp() - max(moments) <= WITHIN_SECONDS
