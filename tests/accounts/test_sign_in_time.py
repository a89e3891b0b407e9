"""How long a wrong password takes says nothing about who has an account: by the processor's time, with the hasher of production."""

import os
import statistics
import time

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.factories.accounts import UserFactory

from .test_sign_ins import sign_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("nothing_counted"),
    pytest.mark.skipif(not os.environ.get("SOAK"), reason="eighty slow hashes, measured: make soak"),
]
TIMES = 40


def seconds_of(name: str) -> float:
    began = time.process_time()
    assert sign_in(Client(), name, "wrong-password").status_code == 200
    return time.process_time() - began


def test_a_known_name_takes_no_longer_than_an_unknown_one(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    for number in range(TIMES):
        UserFactory(username=f"somebody-{number}", password=make_password("demo-88-2010"))
    for name in ("warm", "warm"):
        seconds_of(name)
    both = [(seconds_of(f"somebody-{number}"), seconds_of(f"nobody-{number}")) for number in range(TIMES)]
    known, unknown = (statistics.median(times) for times in zip(*both, strict=True))
    print(f"known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms")
    assert abs(known - unknown) < 0.2 * min(known, unknown)
