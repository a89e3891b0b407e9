"""Work that strangers can ask for has a limit: for each client, and at once for all; 429 says when to try again."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts import limits
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]


@pytest.fixture
def calculator(settings):
    from grants.services.schemes import sync

    sync.sync()
    settings.LIMITS = settings.LIMITS | {"calculator": "3/m/key"}
    return reverse("grants:calculator", args=["kaohsiung-88"])


def test_beyond_its_limit_a_client_is_told_when_to_try_again(client, calculator):
    assert [client.post(calculator).status_code for _number in range(5)] == [200, 200, 200, 429, 429]
    answer = client.post(calculator)
    assert answer["Retry-After"] == "60"
    assert "請過 1 分鐘再試" in answer.content.decode()
    # Looking is not counted, and another client is not concerned.
    assert client.get(calculator).status_code == 200
    assert client.post(calculator, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_an_office_behind_one_address_counts_each_person(calculator):
    for _number in range(3):
        colleague = Client()
        colleague.force_login(person(Role.CASE_OFFICER))
        assert [colleague.post(calculator).status_code for _turn in range(3)] == [200, 200, 200]


@pytest.mark.django_db(transaction=True)
def test_heavy_work_has_so_many_places(rf):
    def view(request):
        return HttpResponse("done")

    busy = limits.limited("calculator", heavy=True)(view)
    request = rf.post("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        for place in range(limits.AT_ONCE - 1):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [limits.HEAVY_WORK, place])
        assert busy(request).status_code == 200
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [limits.HEAVY_WORK, limits.AT_ONCE - 1])
        answer = busy(request)
        assert (answer.status_code, answer["Retry-After"]) == (429, "10")
        assert "請過 10 秒再試" in answer.content.decode()
        cursor.execute("ROLLBACK")
    other.close()
    assert busy(request).status_code == 200
