"""GET on an address that only takes a form leads back to the page where the form stands.

After a refused form the browser shows the form's own address. Reloading it, a bookmark or a phone that brings a tab
back asks for it with GET; without this the answer would be an empty page of status 405.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, resolve


class LeadsBack(HttpResponseRedirect):
    """The answer instead of an empty 405."""


class LeadsBackMiddleware:
    """Redirects a GET that was answered 405 to the nearest address above it that the portal knows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HttpResponseNotAllowed.status_code and request.method in ("GET", "HEAD"):
            return LeadsBack(page_above(request.path_info))
        return response


def no_page(view: Callable) -> Callable:
    """Marks a view that hands out a file or opens an invitation: a form below its address leads further up."""
    view.no_page = True  # type: ignore[attr-defined]
    return view


def page_above(path: str) -> str:
    """The longest address of a page that `path` stands below: "/settlements/1/papers/photos/add/" → "/settlements/1/"."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            view = resolve(above).func
        except Resolver404:
            continue
        if not getattr(view, "no_page", False):
            return above
    return "/"
