"""What a telephone loads, packed as nginx (pages) and whitenoise (files, in advance, by brotli) send it: at most 60 kB on a first visit, 15 kB on a later one."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.factories.communities import OrganisationFactory, member_of

pytestmark = pytest.mark.django_db

FIRST, LATER = 60_000, 15_000
LOADED = re.compile(r'<(?:link[^>]*rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src)="([^"]+)"')
IMPORTED = re.compile(r'(?:from|import)\s+"(\./[^"]+)"')
# The head of an answer with a file: status, type, length, caching.
HEAD = 450


def packed(data: bytes) -> int:
    """As nginx packs a page, at its usual level."""
    return len(gzip.compress(data, 1))


def whole(answer) -> int:
    heads = sum(len(name) + len(value) + 4 for name, value in answer.items())
    return heads + packed(answer.content)


def files_of(path: str, seen: dict[str, int]) -> None:
    """Count a file and what its modules import, each once."""
    if path in seen:
        return
    found = finders.find(path)
    assert found, path
    data = Path(found).read_bytes()
    seen[path] = HEAD + len(brotli.compress(data))
    if path.endswith(".js"):
        for other in IMPORTED.findall(data.decode()):
            files_of(f"{Path(path).parent}/{other.removeprefix('./')}", seen)


def visit(client: Client, address: str) -> tuple[int, int]:
    """Bytes of a first visit, and of a later one: the page, and what is not kept under a hashed name."""
    answer = client.get(address)
    assert answer.status_code == 200
    page, files = whole(answer), {}
    made = 0
    for found in LOADED.findall(answer.content.decode()):
        if found.startswith(settings.STATIC_URL):
            files_of(found.removeprefix(settings.STATIC_URL).partition("?")[0], files)
        else:
            made += whole(client.get(found))
    return page + made + sum(files.values()), page


@pytest.mark.parametrize("address", ["/", "/schemes/", "/communities/", "/check/"])
def test_a_visitor(address):
    first, later = visit(Client(), address)
    assert first <= FIRST, first
    assert later <= LATER


@pytest.mark.parametrize("address", ["/desk/", "/applications/", "/payments/"])
def test_somebody_of_an_association(address):
    client = Client()
    client.force_login(member_of(OrganisationFactory()))
    first, later = visit(client, address)
    assert first <= FIRST, first
    assert later <= LATER


def test_signing_in():
    UserFactory()
    first, later = visit(Client(), settings.LOGIN_URL if settings.LOGIN_URL.startswith("/") else "/accounts/login/")
    assert first <= FIRST, first
    assert later <= LATER
