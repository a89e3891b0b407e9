"""Counties as rows: what holds on a day, and for how long a process keeps it."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import OperationalError

from miaoli_kaohsiung.accounts import counties, filed_counties
from miaoli_kaohsiung.accounts.models import County, CountyParticulars, Post
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.kept import Kept
from tests.factories.accounts import KAOHSIUNG, MIAOLI

pytestmark = pytest.mark.django_db
MERGER = dt.date(2010, 12, 25)


def test_a_portal_begins_with_the_counties_of_the_file():
    counties.refresh()
    assert counties.KEPT.get() == filed_counties.filed()
    assert counties.slugs() == [KAOHSIUNG, MIAOLI]


def test_what_was_changed_is_not_filed_again():
    CountyParticulars.objects.filter(county=MIAOLI).update(phone="037-000000")
    counties.load_filed()
    counties.refresh()
    assert counties.particulars(MIAOLI, MERGER).phone == "037-000000"


@pytest.mark.parametrize(
    ("day", "name", "street", "office"),
    [
        (dt.date(1900, 1, 1), "高雄縣", "鳳山市光復路2段132號", "高雄縣政府"),
        (MERGER - dt.timedelta(days=1), "高雄縣", "鳳山市光復路2段132號", "高雄縣政府"),
        (MERGER, "高雄市", "苓雅區四維三路2號", "高雄市政府"),
    ],
)
def test_particulars_hold_from_their_day_on(day, name, street, office):
    head = counties.particulars(KAOHSIUNG, day)
    assert (head.name, head.street, head.office) == (name, street, office)
    with clock.travel(day):
        assert dict(counties.choices())[KAOHSIUNG] == name
        assert Post(county=KAOHSIUNG).get_county_display() == name


def test_a_further_county_is_a_row():
    County.objects.create(slug="taitung", position=3)
    row = CountyParticulars.objects.get(county=MIAOLI, starts_on__year=1912)
    row.pk, row.county_id, row.name = None, "taitung", "臺東縣"
    row.save()
    assert "taitung" not in counties.slugs()
    counties.KEPT.forget()
    assert counties.choices()[-1] == ("taitung", "臺東縣")


def test_the_rows_stand_in_no_migration_and_are_not_read_when_models_are_checked(django_assert_num_queries):
    counties.KEPT.forget()
    with django_assert_num_queries(0):
        call_command("check")


def test_a_value_is_kept_for_some_seconds(settings, monkeypatch):
    settings.KEPT_SECONDS, now, reads = 5, [100.0], []
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    kept = Kept(lambda: reads.append(1) or len(reads))
    assert [kept.get(), kept.get()] == [1, 1]
    now[0] = 105.1
    assert kept.get() == 2
    kept.forget()
    assert (kept.get(), kept.read_now()) == (3, 4)


def test_while_the_database_does_not_answer_the_last_value_holds(settings):
    settings.KEPT_SECONDS = -1

    def silent():
        raise OperationalError

    assert Kept(silent, otherwise=lambda: "filed").get() == "filed"
    kept = Kept(silent)
    with pytest.raises(OperationalError):
        kept.get()
    kept.keep("last")
    assert kept.get() == "last"
