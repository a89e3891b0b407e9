"""Limits on work that strangers can ask for: so many requests a minute for each client, so many at once for everybody.

The numbers are in settings.LIMITS and are counted in the same store as the limits of sign-in. A signed-in person is
counted alone, so that an office behind one address never shuts itself out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from .clients import address_of

# Any number, as long as no other advisory lock takes the same first key.
HEAVY_WORK = 88_099
AT_ONCE = 4
SECONDS_AT_ONCE = 10
SECONDS_A_MINUTE = 60
SECONDS_A_DAY = 24 * 60 * 60

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class TooBusyError(RuntimeError):
    """The portal is already doing as much heavy work as it does at once."""


def client_key(request: HttpRequest) -> str:
    """Return the key that a limit counts: the signed-in person, else the client's address."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{address_of(request)}"


def within(request: HttpRequest, action: str, key: str) -> bool:
    """Return whether `key` may do `action` of settings.LIMITS once more, and count it if so."""
    found = ratelimit.consume(request, app="portal", action=action, config=settings.LIMITS, key=key, limit_get=True)
    return found is not None


def limited(action: str, *methods: str, heavy: bool = False) -> Callable[[View[P]], View[P]]:
    """Decorate a view that each client may ask for only so often; beyond that it returns 429 with when to try again.

    `methods` are those that count, all if none is named. With `heavy` they also take one of the places of `heavy_work`.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            counted = not methods or request.method in methods
            if counted and not within(request, action, client_key(request)):
                return too_many(request, SECONDS_A_MINUTE)
            try:
                with heavy_work() if counted and heavy else nullcontext():
                    return view(request, *args, **kwargs)
            except TooBusyError:
                return too_many(request, SECONDS_AT_ONCE)

        return guarded

    return decorate


@contextmanager
def heavy_work() -> Iterator[None]:
    """Take one of the AT_ONCE places that all processes share. Raises TooBusyError if all are taken, without waiting.

    A place is a lock of a transaction: it is free again when the block ends, however it ends.
    """
    with transaction.atomic():
        if not any(_taken(place) for place in range(AT_ONCE)):
            raise TooBusyError
        yield


def too_many(request: HttpRequest, seconds: int, reason: str = "") -> HttpResponse:
    """Return 429: what happened, and when to try again, on the page and in the header for programs."""
    context = {"reason": reason or _("現在同時使用的人很多，或您這裡送出得太快。"), "when": _when(seconds)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def handler429(request: HttpRequest, *args: Any) -> HttpResponse:
    """Return what django-allauth shows when one of its limits is reached (urls.py names it)."""
    match = request.resolver_match
    if match and match.url_name == "account_reset_password":
        reason = _("重設密碼的信，同一個信箱一分鐘最多寄 5 封、一天最多寄 10 封。請先找找信箱裡的信（包括垃圾信匣）。")
        return too_many(request, 24 * 60 * 60, reason)
    return too_many(request, 5 * 60, _("這是為了防止別人猜您的密碼。您的帳號沒有壞。"))


def _taken(place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [HEAVY_WORK, place])
        return bool(cursor.fetchone()[0])


def _when(seconds: int) -> str:
    if seconds < 60:
        return _("請過 %(count)d 秒再試") % {"count": seconds}
    if seconds < 60 * 60:
        return _("請過 %(count)d 分鐘再試") % {"count": seconds // 60}
    return _("請明天再試")
