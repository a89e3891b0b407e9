"""Wrong passwords are counted in all processes of the web server together, not in each."""

import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

PROCESSES, GUESSES = 8, 100
# A process of its own that has all modules: none of them starts anew.
forked = multiprocessing.get_context("fork")


def guess(number: int, ready: "Barrier", said: "Queue[tuple[int, int]]") -> None:
    """Guess this process's share, and say how many guesses were compared with the password and how many were locked out."""
    connections.close_all()
    compared, locked = [], 0
    compare = User.check_password

    def counted(user: User, password: str) -> bool:
        compared.append(password)
        return compare(user, password)

    User.check_password = counted  # type: ignore[method-assign]
    ready.wait(60)
    for turn in range(number, GUESSES, PROCESSES):
        values = {"login": "somebody", "password": f"wrong {turn}"}
        page = Client(REMOTE_ADDR=f"192.0.2.{number}").post(reverse("account_login"), values)
        locked += "請等 5 分鐘" in str(page.context["form"].errors)
    connections.close_all()
    said.put((len(compared), locked))


@pytest.mark.usefixtures("nothing_counted")
def test_a_hundred_wrong_passwords_over_eight_processes():
    UserFactory(username="somebody")
    UserFactory(username="another")
    connections.close_all()
    ready, said = forked.Barrier(PROCESSES), forked.Queue()
    workers = [forked.Process(target=guess, args=(number, ready, said), daemon=True) for number in range(PROCESSES)]
    for worker in workers:
        worker.start()
    answers = [said.get(timeout=120) for _worker in workers]
    for worker in workers:
        worker.join(30)
    compared, locked = (sum(column) for column in zip(*answers, strict=True))
    assert (1 <= compared <= 5, locked) == (True, GUESSES - compared)
    signed_in = Client().post(reverse("account_login"), {"login": "another", "password": "demo-88-2010"})
    assert signed_in.status_code == 302
