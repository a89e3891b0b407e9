"""The processes of tests copy a database only if its maker says that it made it."""

import pytest

from . import template_database


@pytest.mark.parametrize(("written", "there"), [("made", True), ("", False)])
def test_a_maker_that_ended_without_a_word_made_nothing(tmp_path, monkeypatch, written, there):
    path = tmp_path / "template"
    path.write_text(written)
    monkeypatch.setenv(template_database.MAKING, str(path))
    assert template_database.is_there() is there


def test_without_a_maker_each_process_makes_its_own(monkeypatch):
    monkeypatch.delenv(template_database.MAKING, raising=False)
    assert template_database.is_there() is False
