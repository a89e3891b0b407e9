"""What holds for every page: it is answered as of one day, and TRACE is refused. Of a signed-in person the session ends in
time, nothing stays in a cache, and signing out empties the browser.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_cache_control

from miaoli_kaohsiung.lib import clock

from . import actions, devices, rescue, sign_ins

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# The time of the last request is written at most this often: writing on every page would cost more than it is worth.
WRITE_EVERY = 60
SIGN_OUT = ("account_logout", "admin:logout")
# What scripts keep on the device (static/js/device.js). Not "cookies": that would sign the person out of every other system
# under the county's domain. Not "cache": no page of a signed-in person is stored.
CLEARED = '"storage"'


class SignedInMiddleware:
    """Ends a session that was idle for SESSION_IDLE_SECONDS or is older than SESSION_LIMIT_SECONDS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with clock.one_look():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        # TRACE sends back what came, cookies with it: nobody needs it.
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        # Without the cookie there is no session to look up in the database.
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        if known and SESSION_KEY in request.session and not _goes_on(request):
            ended = request.session[SESSION_KEY]
            if request.user.is_authenticated:
                sign_ins.record_own(actions.SESSION_ENDED, request.user)
            logout(request)
            # So that what was being typed goes back to nobody else (accounts.rescue).
            request.ended_user_id = int(ended)  # type: ignore[attr-defined]  # read by rescue
        response = self.get_response(request)
        if known and (person := request.session.get(SESSION_KEY)) and rescue.owner_of(request) != int(person):
            rescue.mark(request, response, person)
            devices.remember(request, response, int(person))
        if known and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        if request.method == "POST" and _has_signed_out(request):
            response["Clear-Site-Data"] = CLEARED
        return response


def _has_signed_out(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and found.view_name in SIGN_OUT and SESSION_KEY not in request.session


def _goes_on(request: HttpRequest) -> bool:
    """Return whether the session is within both limits, and note that the person was here."""
    session, now = request.session, int(clock.now().timestamp())
    began, seen = session.get(SIGNED_IN_AT, now), session.get(SEEN_AT, now)
    # Setting a clock back must not lengthen an idle session.
    if (
        seen - now > WRITE_EVERY
        or now - seen > settings.SESSION_IDLE_SECONDS
        or now - began > settings.SESSION_LIMIT_SECONDS
    ):
        return False
    if SEEN_AT not in session or now - seen >= WRITE_EVERY:
        session[SIGNED_IN_AT], session[SEEN_AT] = began, now
    return True
