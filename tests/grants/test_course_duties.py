"""Courses and visits close what the law asks of the county in their year (M5.6, M5.7)."""

import datetime as dt

import pytest

from communities.services.training import courses
from grants.models import Duty
from grants.services.duties import records
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.factories import training
from tests.factories.accounts import person
from tests.factories.grants import SchemeFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.mark.parametrize(("kind", "key"), [("course", "training_event"), ("visit", "observation_visit")])
def test_a_course_that_took_place_does_what_the_year_asks_for(kind, key):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    with clock.travel(dt.date(2010, 1, 4)), trail.unit_of_work(Actor.system("test")):
        records.plan(dt.date(2010, 1, 4))
    officer = person(Role.CASE_OFFICER, "miaoli")
    held = training.announced(officer, kind=kind, day=TODAY)
    courses.hold(officer, held)
    row = Duty.objects.get(key=key, period="2010")
    assert (row.held_on, row.done_by, row.figures, row.note) == (
        TODAY,
        officer,
        {"people": 0},
        f"「{held.title}」已辦理。",
    )
    other = "observation_visit" if key == "training_event" else "training_event"
    assert Duty.objects.get(key=other, period="2010").done_on is None
    courses.hold(officer, training.announced(officer, kind=kind, day=TODAY, title="第二場"))
    row.refresh_from_db()
    assert row.note == f"「{held.title}」已辦理。"
