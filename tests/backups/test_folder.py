"""The folder of backups: what counts as one, which go, and what goes with them."""

import datetime as dt
import hashlib
import io
import os

import pytest

from miaoli_kaohsiung.backups import pruning
from miaoli_kaohsiung.backups.folder import BackupSet, Folder
from miaoli_kaohsiung.files.services import sha256_of
from miaoli_kaohsiung.lib import clock


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "backups")


def made(folder, days, *, before=None, segment="000000010000000000000001", files=()):
    """A set that is so many days old."""
    end = clock.now() - dt.timedelta(days=days)
    name = folder.begin(end)
    folder.write_list(name, [(sha256, f"private/{sha256}") for sha256 in files])
    found = BackupSet(name, before.name if before else "", end.isoformat(), "0:0", segment, len(files))
    folder.end(found)
    return found


def taken_in(folder, text, days=0):
    whole = hashlib.sha256(text).hexdigest()
    assert folder.take_in(io.BytesIO(text), whole)
    then = (clock.now() - dt.timedelta(days=days)).timestamp()
    os.utime(folder.object(whole), (then, then))
    return whole


def names(folder):
    return [each.name for each in folder.all()]


def test_a_set_counts_once_it_is_whole(folder):
    folder.begin(clock.now())
    assert folder.all() == []
    whole = made(folder, 1)
    assert folder.all() == [whole]


def test_what_a_set_goes_on_from_must_be_there(folder):
    one = made(folder, 3)
    two = made(folder, 2, before=one)
    three = made(folder, 1, before=two)
    assert folder.chain(three) == [one, two, three]
    folder.remove(two.name)
    with pytest.raises(LookupError, match=two.name):
        folder.chain(three)


def test_bytes_that_are_not_those_of_their_row_are_not_taken_in(folder):
    whole = taken_in(folder, b"receipt")
    assert sha256_of(folder.object(whole)) == whole
    assert folder.take_in(io.BytesIO(b"receipt"), "0" * 64) is False
    assert list(folder.objects()) == [folder.object(whole)]


def test_sets_go_at_their_age_unless_a_younger_one_needs_them(folder):
    first = made(folder, 50)
    made(folder, 45, before=first)
    base = made(folder, 40, segment="000000010000000000000007")
    young = made(folder, 34, before=base, segment="000000010000000000000009")
    assert len(pruning.prune(folder, 35)) == 2
    assert names(folder) == [base.name, young.name]
    assert pruning.prune(folder, 1) == []
    newest = made(folder, 0)
    assert pruning.prune(folder, 1) == [young.name, base.name]
    assert names(folder) == [newest.name]


def test_files_and_changes_go_with_the_last_set_that_needs_them(folder):
    old, kept, fresh = taken_in(folder, b"1", 40), taken_in(folder, b"2", 40), taken_in(folder, b"3")
    made(folder, 40, files=[old, kept])
    made(folder, 1, files=[kept], segment="000000010000000000000002")
    for segment in ("000000010000000000000001", "000000010000000000000002"):
        (folder.wal / segment).touch()
    pruning.prune(folder, 35)
    assert {path.name for path in folder.objects()} == {kept, fresh}
    assert [path.name for path in folder.wal.iterdir()] == ["000000010000000000000002"]
