"""What every test stands on: an own PostgreSQL, the portal on 99年6月1日, and Chromium for those that ask for it."""

import datetime as dt
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ["PORTAL_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "miaoli_kaohsiung.settings"
# Playwright's synchronous interface runs an event loop in the thread of the test; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django
import pytest
from django.db import connection
from hypothesis import settings as hypothesis_settings

from communities import places
from grants.rules import laws
from miaoli_kaohsiung.accounts import counties, filed_counties
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.postgres import throwaway_server
from tests import template_database

pytest_plugins = ["tests.log_scan", "tests.chromium", "tests.notices.carriers", "tests.order"]

# A loaded machine is not a failure; in CI the same examples every time.
hypothesis_settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
hypothesis_settings.load_profile("house")

PORTAL_DATE = dt.date(2010, 6, 1)
STARTED = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for the whole run; xdist's workers find its address in their environment."""
    if not (os.environ.get("DATABASE_URL") or config.option.collectonly or config.option.help):
        config.stash[STARTED] = ExitStack()
        os.environ["DATABASE_URL"] = config.stash[STARTED].enter_context(throwaway_server())
        if getattr(config.option, "numprocesses", None):
            folder = config.stash[STARTED].enter_context(TemporaryDirectory(prefix="portal-"))
            config.stash[STARTED].enter_context(template_database.begin(Path(folder)))
    # Only now may the settings be read.
    django.setup()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What stands now stays until the end: the collector need not look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    if started := config.stash.get(STARTED, None):
        started.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """Copy the template into the database of this process; migrating a copy finds nothing to do."""
    if template_database.is_there():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database.NAME


@pytest.fixture(scope="session", autouse=True)
def _empty_what_is_filled() -> None:
    """Tests of real transactions leave empty tables behind, in the quick way."""
    from django.test import TransactionTestCase

    from tests import emptying

    TransactionTestCase._fixture_teardown = lambda self: emptying.empty()


@pytest.fixture(scope="session", autouse=True)
def _each_upload_is_judged_once() -> None:
    from miaoli_kaohsiung.files import looks, pages, papers, services, sheets
    from tests.judged_once import JudgedOnce, ReadOnce

    services.sandbox = JudgedOnce()  # type: ignore[attr-defined]
    read_once = ReadOnce()
    for module in (looks, pages, papers, sheets):
        module.ask = read_once  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _each_document_is_set_once() -> None:
    from miaoli_kaohsiung.lib import pdf
    from tests.set_once import set_once

    pdf.render, pdf.count_pages = set_once(pdf.render), set_once(pdf.count_pages)


@pytest.fixture(scope="session")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The demonstration, loaded once for all tests of this process that look at it: `with demonstration.shown():`."""
    from tests.demonstration import Demonstration

    loaded = Demonstration(str(connection.settings_dict["NAME"]), tmp_path_factory.mktemp("demonstration"))
    with django_db_blocker.unblock():
        try:
            loaded.load()
            yield loaded
        finally:
            loaded.remove()


@pytest.fixture(autouse=True)
def portal_date(request: pytest.FixtureRequest) -> Iterator[dt.date]:
    """The portal's date in every test: 2010-06-01, or that of `@pytest.mark.portal_date(2011, 3, 31)`.

    Tests of the clock itself say `@pytest.mark.real_date`.
    """
    if request.node.get_closest_marker("real_date"):
        yield dt.datetime.now(clock.TAIPEI).date()
        return
    marker = request.node.get_closest_marker("portal_date")
    day = dt.date(*marker.args) if marker else PORTAL_DATE
    with clock.travel(day):
        yield day


@pytest.fixture(scope="session")
def filed_places() -> tuple[Any, Any]:
    return filed_counties.filed(), places.filed_names()


@pytest.fixture(autouse=True)
def _counties_as_filed(filed_places) -> None:
    """What the process keeps of counties and townships is what a portal begins with; a test that changes it, and says so
    with `forget`, reads its own rows.
    """
    counties.KEPT.keep(filed_places[0])
    places.KEPT.keep(filed_places[1])


@pytest.fixture(autouse=True)
def _laws_of_the_folders() -> Iterator[None]:
    """A law that a test files is not known to the next one."""
    yield
    for slug in [slug for slug in laws.found() if laws.versions(slug)]:
        laws.file_law(slug, ())


@pytest.fixture(autouse=True)
def _published_calendar() -> None:
    """Every test begins with the published calendars alone, and asks the database for others only after writing some."""
    from grants.queries.calendar import book

    book.KEPT.keep(book.Book())


@pytest.fixture(scope="session")
def folders_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders to be made, one a test, by number: `tmp_path` reads through all that tests before had, for a name that is free."""
    room = tmp_path_factory.mktemp("rooms")
    return (room / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_folders(settings, folders_of_tests: Iterator[Path]) -> None:
    """Uploads and the date file of a test are its own."""
    room = next(folders_of_tests)
    room.mkdir()
    settings.VAR_DIR = room
    settings.MEDIA_ROOT = room / "files"
    settings.PORTAL_DATE_FILE = room / "portal_date"


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks) -> Callable:
    """`with run_on_commit():` runs what waits for the commit, which never comes in a test that is rolled back."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
