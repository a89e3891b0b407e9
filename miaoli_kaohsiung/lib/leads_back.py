"""A GET of an address that only accepts a form redirects to the page where the form is.

After a refused form the browser shows the form's own address. Reloading it, a bookmark, or a phone that restores a tab
then sends a GET; without this the answer would be an empty page of status 405.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from . import duplicates
from .access import Refused

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class LeadsBack(HttpResponseRedirect):
    """The answer instead of an empty 405."""


class ClosedFormError(Refused):
    """The form may not be filled in now, though this person may read its contents at `page`."""

    def __init__(self, reason: str, page: str) -> None:
        super().__init__(reason)
        self.page = page


class LeadsBackMiddleware:
    """Redirects a GET that got 405 to the nearest page above it, and a GET of a closed form to the page where its
    content is read, with the reason. Posting a closed form is still refused. If somebody else was faster to write the
    same unique value and no form says so, nothing was written, and the page above says it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HttpResponseNotAllowed.status_code and request.method in ("GET", "HEAD"):
            return LeadsBack(page_above(request.path_info))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, IntegrityError) and duplicates.columns_of(exception):
            log.warning("unique value taken meanwhile", extra={"columns": duplicates.columns_of(exception)})
            messages.error(request, duplicates.TAKEN)
            return LeadsBack(page_above(request.path_info))
        if not isinstance(exception, ClosedFormError) or request.method not in ("GET", "HEAD"):
            return None
        messages.info(request, exception.reason)
        return LeadsBack(exception.page)


def no_page(view: View) -> View:
    """Mark a view that returns a file or opens an invitation: a form below its address redirects further up."""
    view.no_page = True  # type: ignore[attr-defined]  # read by page_above
    return view


def page_above(path: str) -> str:
    """Return the longest address of a page above `path`: /settlements/1/ for /settlements/1/papers/photos/add/."""
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
