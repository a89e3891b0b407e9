"""What somebody had typed when the session ended: kept for an hour, and put back with one button after signing in.

Autosave keeps its own copy in the browser; this is for the form that was sent by hand, with or without JavaScript. The
keeping is bound to the browser by a cookie that no script reads and, where it is known, to the person whose session it was.
"""

import secrets
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

COOKIE = "rescued"
SECONDS = 60 * 60
MOST_BYTES = 512 * 1024


@dataclass(frozen=True)
class Rescued:
    """`fields` are the pairs as they were posted, `had_files` says that files were among them and must be chosen again."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool
    user_id: int | None


def worth_keeping(request: HttpRequest) -> bool:
    """A form sent by hand; a script that posts has its own copy."""
    return request.method == "POST" and "application/json" not in request.headers.get("Accept", "")


def keep(request: HttpRequest) -> HttpResponse:
    """Lay the posted form aside and lead to the sign-in page, from there to where it can be sent on."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if not name.startswith("csrf")]
    login = f"{reverse('account_login')}?next={reverse('rescued')}"
    if sum(len(name) + len(value) for name, value in fields) > MOST_BYTES:
        return redirect(login)
    token = secrets.token_urlsafe(32)
    kept = Rescued(request.get_full_path(), fields, bool(request.FILES), getattr(request, "ended_user_id", None))
    cache.set(f"rescued:{token}", kept, SECONDS)
    answer = redirect(login)
    answer.set_cookie(COOKIE, token, max_age=SECONDS, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


def kept_for(request: HttpRequest) -> Rescued | None:
    """What this browser had typed, unless it was another person's."""
    token = request.COOKIES.get(COOKIE, "")
    kept = cache.get(f"rescued:{token}") if token else None
    if kept is None or kept.user_id not in (None, request.user.pk):
        return None
    return kept
