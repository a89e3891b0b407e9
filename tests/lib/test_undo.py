import pytest

from miaoli_kaohsiung.lib import undo


def test_callbacks_run_newest_first_when_the_block_fails():
    done = []
    with pytest.raises(ZeroDivisionError), undo.on_exception():
        undo.remember(lambda: done.append(1))
        undo.remember(lambda: done.append(2))
        raise ZeroDivisionError
    assert done == [2, 1]


def test_nothing_runs_when_the_block_succeeds_or_there_is_none():
    done = []
    undo.remember(lambda: done.append("outside"))
    with undo.on_exception():
        undo.remember(lambda: done.append("inside"))
    assert done == []


def test_an_inner_block_that_succeeded_is_undone_with_the_outer_one():
    done = []
    with pytest.raises(ZeroDivisionError), undo.on_exception():
        with undo.on_exception():
            undo.remember(lambda: done.append("inner"))
        raise ZeroDivisionError
    assert done == ["inner"]


def test_an_inner_block_that_failed_is_undone_once():
    done = []
    with pytest.raises(ZeroDivisionError), undo.on_exception():
        undo.remember(lambda: done.append("outer"))
        with pytest.raises(KeyError), undo.on_exception():
            undo.remember(lambda: done.append("inner"))
            raise KeyError
        assert done == ["inner"]
        raise ZeroDivisionError
    assert done == ["inner", "outer"]
