"""What may stand in the files of a law: a key that must be there, one that may, and what is said of each."""

import pytest

from grants.rules.filed import shape
from grants.rules.filed.shape import Key


@pytest.mark.parametrize(("make", "required"), [(shape.must, True), (shape.may, False)])
def test_a_key_with_all_that_is_said_of_it_and_with_nothing_more(make, required):
    whole = make("choices", "只管這些", of="programme", choices=("a", "b"), most=3)
    assert whole == Key("choices", "只管這些", required, "programme", ("a", "b"), 3)
    assert make("text", "說明") == Key("text", "說明", required, "", (), 200)
