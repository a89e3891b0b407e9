"""Copies of the open data: made seldom, handed out often, never half; forms that never change are set once."""

import os
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.db import connection

from grants.queries.open_data.datasets import DATASETS
from grants.services.open_data import files, sample_forms
from miaoli_kaohsiung.accounts.limits import HEAVY_WORK, TooBusyError
from miaoli_kaohsiung.lib import pdf
from tests.factories.communities import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def made(monkeypatch):
    """How often the rows of the organisations were read, by the dataset as the portal knows it."""
    count, own = [], DATASETS["organisations"]

    def rows():
        count.append(1)
        return own.rows()

    monkeypatch.setitem(DATASETS, "organisations", replace(own, rows=rows))
    monkeypatch.setattr(files, "REST", 3_000_000)
    return count


def age(copy, seconds):
    then = copy.stat().st_mtime - seconds
    os.utime(copy, (then, then))


@pytest.mark.parametrize("extension", ["csv", "json", "ods"])
def test_a_young_copy_is_handed_out_to_everybody(client, made, extension):
    OrganisationFactory()
    for _number in range(5):
        response = client.get(f"/open-data/organisations.{extension}")
        assert (response.status_code, len(b"".join(response.streaming_content)) > 0) == (200, True)
    assert len(made) == 1


def test_an_old_copy_is_made_anew_and_takes_its_place(made, monkeypatch):
    dataset = DATASETS["organisations"]
    first = files.file_of(dataset, "csv")
    took = int(first.stem.rpartition("-")[2]) / 1000
    monkeypatch.setattr(files, "REST", 50)
    age(first, 50 * took + 1)
    OrganisationFactory(name="後來登記的協會")
    assert "後來登記的協會" in files.file_of(dataset, "csv").read_text()
    assert (len(made), len(list(first.parent.iterdir()))) == (2, 1)


def test_a_copy_of_yesterday_is_not_todays(made):
    from miaoli_kaohsiung.lib import clock

    dataset = DATASETS["organisations"]
    files.file_of(dataset, "json")
    with clock.travel(clock.today().replace(day=2)):
        assert '"made_on": "2010-06-02"' in files.file_of(dataset, "json").read_text()
    assert len(made) == 2


def test_a_copy_that_fails_leaves_nothing_behind(monkeypatch):
    def broken():
        yield from DATASETS["envelopes"].rows()
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        files.file_of(replace(DATASETS["organisations"], rows=broken), "csv")
    assert list(files._folder().iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_one_copy_is_made_at_a_time_and_others_get_the_older_one(client, made, monkeypatch):
    dataset = DATASETS["organisations"]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [HEAVY_WORK, files.MAKING])
        with pytest.raises(TooBusyError):
            files.file_of(dataset, "csv")
        answer = client.get("/open-data/organisations.csv")
        assert (answer.status_code, answer["Retry-After"]) == (429, "10")
        cursor.execute("ROLLBACK")
        copy = files.file_of(dataset, "csv")
        monkeypatch.setattr(files, "REST", 0)
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [HEAVY_WORK, files.MAKING])
        assert files.file_of(dataset, "csv") == copy
        cursor.execute("ROLLBACK")
    other.close()
    assert len(made) == 1


def test_one_client_gets_so_many_files_a_minute(client, made, settings):
    settings.LIMITS = settings.LIMITS | {"public_file": "2/m/key"}
    answers = [client.get("/open-data/organisations.csv").status_code for _number in range(3)]
    assert answers == [200, 200, 429]
    assert client.get("/open-data/organisations.csv", REMOTE_ADDR="198.51.100.7").status_code == 200


def test_a_sample_form_is_set_once(client, monkeypatch):
    sample_forms.render.cache_clear()
    count = []
    monkeypatch.setattr(pdf, "render", lambda html: count.append(1) or b"%PDF-1.7")
    for _number in range(3):
        assert client.get("/open-data/forms/founding-registration.pdf").content == b"%PDF-1.7"
    sample_forms.render.cache_clear()
    assert len(count) == 1
