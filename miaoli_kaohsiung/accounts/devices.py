"""Which browsers somebody has signed in with before: each keeps a signed cookie with the keys of its last people. It opens nothing;
without it a sign-in comes from an unknown device, and its person gets a notice.
"""

from django.http import HttpRequest, HttpResponse

COOKIE = "known-here"
# A browser that nobody of these used for a year is unknown again.
SECONDS = 365 * 24 * 60 * 60
MOST = 20


def knows(request: HttpRequest, person: int) -> bool:
    """Return whether this person has signed in with this browser before."""
    return person in _people(request)


def remember(request: HttpRequest, response: HttpResponse, person: int) -> None:
    """Put the person first among those whom the browser knows."""
    people = [person, *(one for one in _people(request) if one != person)][:MOST]
    response.set_signed_cookie(
        COOKIE,
        ".".join(map(str, people)),
        salt=COOKIE,
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _people(request: HttpRequest) -> list[int]:
    kept = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=SECONDS) or ""
    return [int(one) for one in kept.split(".") if one]
