"""Passwords that were found in a breach, by a file of their hashes that lies on the machine."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from miaoli_kaohsiung.accounts.passwords import BreachedPasswordValidator


def refused(path, password: str) -> bool:
    try:
        BreachedPasswordValidator(str(path)).validate(password)
    except ValidationError as error:
        return error.code == "password_breached"
    return False


def a_file(path, passwords, line: str) -> None:
    hashes = sorted(hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest() for password in passwords)
    path.write_bytes(b"".join(line.format(name.upper()).encode() for name in hashes))


# As it is given away, with how often each was found and the ends of lines of either system, and without.
@pytest.mark.parametrize("line", ["{}\n", "{}:3\n", "{}:52256179\r\n"])
@given(
    passwords=st.sets(st.text(min_size=1, max_size=4), max_size=40), others=st.sets(st.text(max_size=4), max_size=20)
)
def test_each_of_the_file_is_refused_and_no_other(tmp_path_factory, line, passwords, others):
    path = tmp_path_factory.mktemp("breached") / "hashes"
    a_file(path, passwords, line)
    assert {one for one in passwords | others if refused(path, one)} == passwords


def test_without_a_file_nothing_is_refused_and_one_that_is_not_there_is_an_error(tmp_path):
    BreachedPasswordValidator().validate("correct horse battery staple")
    with pytest.raises(FileNotFoundError):
        BreachedPasswordValidator(str(tmp_path / "nowhere")).validate("correct horse battery staple")
