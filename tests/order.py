"""In which order several processes run the tests: the long ones first, so that all of them end at the same time.

Each process of xdist begins with a part of the list, and who is done takes the last half of what another still has
(`--dist worksteal`). A test of minutes that stands near the end is then waited for by all others. Tests of one module
stay together.
"""

import pytest

# The demonstration, which the first process that looks at it loads for all, and then what takes longest of a browser.
FIRST = ("tests/demo/", "tests/crawl/", "tests/browser/test_whole_way.py", "tests/test_merger.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only where several share the tests: one alone does what is quick first, as pytest-django arranges it."""
    if hasattr(config, "workerinput"):
        items.sort(key=place)


def place(item: pytest.Item) -> int:
    """What looks at the demonstration, the long ones, other tests of a browser, the rest."""
    if "demonstration" in getattr(item, "fixturenames", ()):
        return 0
    if item.nodeid.startswith(FIRST):
        return 1
    return 2 if item.get_closest_marker("browser") else 3
