"""Which tests several processes begin with."""

from types import SimpleNamespace

from tests.order import place, pytest_collection_modifyitems


def item(nodeid: str, *fixtures: str, browser: bool = False) -> SimpleNamespace:
    return SimpleNamespace(nodeid=nodeid, fixturenames=fixtures, get_closest_marker=lambda name: browser or None)


QUICK, SLOW = item("tests/lib/test_money.py::test_a"), item("tests/browser/test_law.py::test_b", "page", browser=True)
LONG = item("tests/browser/test_whole_way.py::test_c", "page", browser=True)
SHOWN = item("tests/demo/test_load_demo.py::test_d", "demonstration")


def test_what_takes_long_comes_first():
    assert [place(one) for one in (SHOWN, LONG, SLOW, QUICK)] == [0, 1, 2, 3]


def test_only_where_several_processes_share_the_tests():
    items = [QUICK, SLOW, LONG, SHOWN]
    pytest_collection_modifyitems(SimpleNamespace(), items)  # type: ignore[arg-type]
    assert items == [QUICK, SLOW, LONG, SHOWN]
    pytest_collection_modifyitems(SimpleNamespace(workerinput={}), items)  # type: ignore[arg-type]
    assert items == [SHOWN, LONG, SLOW, QUICK]
