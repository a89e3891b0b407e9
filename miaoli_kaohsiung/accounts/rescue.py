"""Forms posted after the session ended, or before signing in again in another tab: kept for an hour, and sent on with
one button after signing in.

Autosave keeps its own copy in the browser; this is for a form sent by hand, with or without JavaScript. Only a browser
in which somebody was signed in lately gets anything kept, for that person alone and so often an hour: each page of a
session leaves a signed cookie that says whose it was.
"""

import json
import secrets
from dataclasses import dataclass

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from miaoli_kaohsiung.lib import sealed

from . import limits

COOKIE = "rescued"
SECONDS = 60 * 60
MOST_BYTES = 512 * 1024
# Never kept: the token, which is made anew, and passwords, which are typed anew.
LEFT_OUT = ("csrf", "password")
# Whose session this browser had, for as long as a form of yesterday may still be open.
MARK = "was-here"
MARK_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Rescued:
    """A kept form: `fields` are the posted pairs, `had_files` says that files were among them and must be chosen again."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool
    user_id: int


def mark(request: HttpRequest, response: HttpResponse, person: str) -> None:
    """Set the cookie that says whose session this is, by the person's key; it opens nothing."""
    response.set_signed_cookie(
        MARK,
        person,
        salt=MARK,
        max_age=MARK_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def owner_of(request: HttpRequest) -> int | None:
    """Return whose session ended, by the session itself or by the cookie; None if there was none."""
    ended = getattr(request, "ended_user_id", None)
    kept = request.get_signed_cookie(MARK, default=None, salt=MARK, max_age=MARK_SECONDS)
    return ended or (int(kept) if kept else None)


def worth_keeping(request: HttpRequest) -> bool:
    """Return whether to keep the form: it was sent by hand in a browser that had a session; scripts have their own copy."""
    by_hand = request.method == "POST" and "application/json" not in request.headers.get("Accept", "")
    return by_hand and owner_of(request) is not None


def from_own_page(request: HttpRequest) -> bool:
    """Return whether the browser says that the form was on a page of the portal; no other site can make it say so."""
    origin = request.headers.get("Origin", "")
    return origin == f"{request.scheme}://{request.get_host()}"


def keep(request: HttpRequest) -> HttpResponse:
    """Keep the posted form and redirect to the sign-in page, from there to the page that sends it on; redirect a
    signed-in person there at once.
    """
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if not name.startswith(LEFT_OUT)
    ]
    there = reverse("rescued")
    login = there if request.user.is_authenticated else f"{reverse('account_login')}?next={there}"
    owner = owner_of(request)
    too_large = sum(len(name) + len(value) for name, value in fields) > MOST_BYTES
    if owner is None or too_large or not limits.within(request, "rescue", f"user:{owner}"):
        return redirect(login)
    token = secrets.token_urlsafe(32)
    # Sealed: among what was typed may be a number of identity, which lies nowhere in the clear.
    kept = (request.get_full_path(), sealed.seal(json.dumps(fields)), bool(request.FILES), owner)
    caches["kept"].set(f"rescued-sealed:{token}", kept, SECONDS)
    answer = redirect(login)
    answer.set_cookie(COOKIE, token, max_age=SECONDS, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


def kept_for(request: HttpRequest) -> Rescued | None:
    """Return what was typed in this browser, unless it was another person's."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return None
    if (kept := caches["kept"].get(f"rescued-sealed:{token}")) is not None:
        path, fields, had_files, owner = kept
        pairs = [(name, value) for name, value in json.loads(sealed.unseal(fields))]
        found = Rescued(path, pairs, had_files, owner)
    else:
        # What a server of the release before kept within the hour.
        found = caches["kept"].get(f"rescued:{token}")
    return found if found is not None and found.user_id == request.user.pk else None
