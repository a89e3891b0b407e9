"""Every form of the money path is sent from a real browser by a test that says so (tests/browser/pressed.py)."""

import inspect
from pathlib import Path

from grants.urls import books, payments, sanctions, settlements, treasury
from tests import browser
from tests.browser.pressed import PRESSED

FOLDER = Path(browser.__file__).parent


def forms() -> set[str]:
    """The views of the money path that take a POST."""
    found = set()
    for module in (books, payments, sanctions, settlements, treasury):
        for path in module.urlpatterns:
            if "POST" in inspect.getsource(inspect.unwrap(path.callback)):
                found.add(f"grants:{path.name}")
    return found


def test_every_form_of_the_money_path_is_sent_from_a_browser():
    assert forms() == set(PRESSED)


def test_the_tests_that_send_them_are_there():
    """And run in a browser; that each sends what it promises is asserted while it runs (tests/browser/conftest.py)."""
    for named in set(PRESSED.values()):
        file, _colons, name = named.partition("::")
        source = (FOLDER / f"{file}.py").read_text("utf-8")
        assert f"def {name.partition('[')[0]}(" in source, named
        assert "pytest.mark.browser" in source, named
