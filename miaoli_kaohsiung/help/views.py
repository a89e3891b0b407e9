from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib import glossary

from .pages import INDEX, page


@public_page
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "help/page.html", {"page": page(INDEX), "is_index": True})


@public_page
def glossary_page(request: HttpRequest) -> HttpResponse:
    """Show all words of the office, explained in plain words."""
    return render(request, "help/glossary.html", {"terms": glossary.terms().items()})


@public_page
def guide(request: HttpRequest, name: str) -> HttpResponse:
    found = page(name) if name != INDEX else None
    if found is None:
        raise Http404
    return render(request, "help/page.html", {"page": found, "is_index": False})
