import pytest
from django.core.exceptions import PermissionDenied

from miaoli_kaohsiung.lib import access


def test_allowed_passes():
    assert access.require(access.ALLOW) is None
    assert bool(access.ALLOW) is True


def test_refused_is_a_403_that_carries_its_reason():
    answer = access.deny("只有承辦人可以提出核定建議。")
    assert bool(answer) is False
    with pytest.raises(PermissionDenied) as refused:
        access.require(answer)
    assert isinstance(refused.value, access.Refused)
    assert refused.value.reason == "只有承辦人可以提出核定建議。"


def test_a_refusal_without_a_reason_cannot_be_made():
    with pytest.raises(ValueError, match="reason"):
        access.deny("")
