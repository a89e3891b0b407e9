"""催辦函: a draft on the officer's desk when its day has come, once a stage, gone when the thing is done."""

import datetime as dt

import pytest

from grants.enums import DeadlineKind, LetterStatus
from grants.models import Deadline, Letter
from grants.services.letters import drafts
from grants.services.reminders import letters
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, county

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 9, 30)


@pytest.fixture
def staff():
    return county()


@pytest.fixture
def award(staff):
    found = approved((50_000, 60_000), staff=staff, organisation=OrganisationFactory(name="甲社區發展協會"))
    Letter.objects.all().delete()
    Deadline.objects.all().delete()
    unsaved(DeadlineKind.SETTLEMENT, found, clause="K7.2a", due_on=DUE, opened_on=dt.date(2010, 6, 1)).save()
    return found


def run(days: int) -> tuple[int, int]:
    """How many are drafted and dropped so many days after the due day."""
    day = DUE + dt.timedelta(days=days)
    with clock.travel(day), trail.unit_of_work(Actor.system("每日工作")):
        return letters.draft(day), letters.drop_moot()


def test_the_draft_stands_on_the_officers_desk_in_the_rows_words(award, staff):
    assert [run(14), run(15), run(15), run(16)] == [(0, 0), (1, 0), (0, 0), (0, 0)]
    (letter,) = Letter.objects.all()
    assert (letter.status, letter.prepared_by, letter.originals) == (
        LetterStatus.DRAFT,
        staff.officer,
        "甲社區發展協會",
    )
    assert letter.subject.startswith("貴會辦理「長者共餐與健康促進計畫」補助計畫，結報期限已過")
    assert letter.explanation[0] == "本案應於99年9月30日前結報（柒、二），迄今尚未收到。"
    assert len(letter.explanation) == 3


def test_a_settlement_that_comes_drops_the_draft(award):
    run(15)
    Deadline.objects.update(done_on=DUE + dt.timedelta(days=16))
    assert run(16) == (0, 1)
    assert Letter.objects.get().status == LetterStatus.CANCELLED


def test_a_day_that_was_moved_drops_the_draft_and_counts_anew(award):
    run(15)
    Deadline.objects.update(due_on=DUE + dt.timedelta(days=10))
    assert [run(16), run(24), run(25)] == [(0, 1), (0, 0), (1, 0)]


def test_what_the_officer_does_not_send_comes_again_at_the_next_stage_alone(award, staff):
    run(15)
    drafts.cancel(staff.officer, Letter.objects.get())
    assert [run(16), run(44), run(45)] == [(0, 0), (0, 0), (1, 0)]


def test_without_an_officer_nobody_drafts(award, staff):
    staff.officer.posts.update(valid_to=DUE)
    assert run(15) == (0, 0)
