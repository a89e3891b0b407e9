"""Where the laws of a process come from: folders, what counties have filed, and what is remembered of them."""

import datetime as dt

import pytest

from grants.rules import laws, ruleset
from grants.rules.filed import tables

from .filing_laws import SLUG, example, known, small, versions


def test_answers_are_remembered_until_another_law_is_filed():
    asked = []

    @laws.cached
    def answer(*args, **more):
        """Say what was asked."""
        asked.append((args, more))
        return len(asked)

    assert [answer("a"), answer("a"), answer("b"), answer("a", on="x"), answer("a", on="x")] == [1, 1, 2, 3, 3]
    assert asked == [(("a",), {}), (("b",), {}), (("a",), {"on": "x"})]
    with known(example(), SLUG):
        assert [answer("a"), answer("a")] == [4, 4]
    assert answer("a") == 5
    answer.cache_clear()
    assert answer("a") == 6
    assert answer.__doc__ == "Say what was asked."


def test_filing_the_same_again_forgets_nothing():
    answer = laws.cached(object)
    with known(example(), SLUG):
        before = answer()
        laws.file_law(SLUG, versions(example(), SLUG))
        assert answer() is before
    assert answer() is not before


def test_what_counties_have_filed_is_read_again(monkeypatch):
    monkeypatch.setattr(laws, "_readers", [])
    assert not laws.look_again()
    laws.read_with(lambda: laws.file_law(SLUG, versions(example(), SLUG)))
    try:
        assert laws.look_again()
        assert not laws.look_again()
        laws.read_with(lambda: laws.file_law(SLUG, ()))
        assert laws.look_again()
    finally:
        laws.file_law(SLUG, ())
    assert not laws.look_again()


def test_a_law_that_this_process_does_not_know_yet_is_looked_for_once_more(monkeypatch):
    monkeypatch.setattr(laws, "_readers", [])
    with pytest.raises(KeyError):
        ruleset.load(SLUG)
    laws.read_with(lambda: laws.file_law(SLUG, versions(example(), SLUG)))
    try:
        assert ruleset.load(SLUG).head["slug"] == SLUG
    finally:
        laws.file_law(SLUG, ())


def test_a_law_is_loaded_as_it_stood_on_the_day():
    old = versions(example(), SLUG)[0]
    later = {**example(), "law.toml": example()["law.toml"].replace("value = 1_600", "value = 1_700")}
    new = versions(later, SLUG, dt.date(2011, 1, 1))[0]
    laws.file_law(SLUG, (old, new))
    try:
        days = (dt.date(2010, 12, 31), dt.date(2011, 1, 1), None)
        found = [ruleset.load(SLUG, day).value("lecturer.hourly", dt.date(2011, 6, 1)) for day in days]
        assert found == [1600, 1700, 1700]
    finally:
        laws.file_law(SLUG, ())


def test_a_folder_may_hold_a_law_written_as_data(monkeypatch, tmp_path):
    files = small('[[cap]]\nkind = "per_case"\nclause = "ZZ1"\nparameter = "a.limit"\n')
    place = tmp_path / "small_law"
    place.mkdir()
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(laws, "FOLDER", tmp_path)
    found = laws.data_of.__wrapped__("small_law")
    assert found == tables.of_files(
        "small_law", {laws.name_in("small_law", name): text for name, text in files.items()}
    )
    assert found.caps == ({"kind": "per_case", "clause": "ZZ1", "parameter": "a.limit"},)


@pytest.mark.parametrize("law", laws.folders())
def test_the_laws_of_the_portal_itself_are_written_in_python(law):
    assert laws.data_of(law) is None
