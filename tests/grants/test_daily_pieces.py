"""The daily work is many units of work: what is held at once is one piece, and what a fault leaves over is done by the next run."""

from collections import Counter

import pytest

from grants.models import Duty
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.notices.models import JobRun, Notice
from tests.factories.money import member

from .test_services_daily import DUE, ONE_DAY, run_on, single, stages_of

pytestmark = pytest.mark.django_db


class Pieces:
    """The units of work of a run: how many entries each leaves in the trail, and at which one it fails."""

    def __init__(self, monkeypatch) -> None:
        self.sizes, self.fails = [], lambda entries: False
        flush = trail._flush
        monkeypatch.setattr(trail, "PIECE", 2)

        def counted(unit) -> None:
            if self.fails(unit.entries):
                raise ZeroDivisionError
            self.sizes.append(len(unit.entries))
            flush(unit)

        monkeypatch.setattr(trail, "_flush", counted)


def laid() -> dict[int, int]:
    """How many duties of how many awards there are."""
    return Counter(Counter(Duty.objects.exclude(award=None).values_list("award", flat=True)).values())


def test_a_run_is_many_units_of_work_of_two_awards_each(staff, monkeypatch):
    """So the entries that are held until a unit ends are those of a piece, however many awards there are."""
    for _number in range(5):
        member(single(staff, settlement_due=DUE))
    pieces = Pieces(monkeypatch)
    done = run_on(DUE)
    assert laid() == {6: 5}
    assert [size for size in pieces.sizes if size] == [12, 12, 6]
    assert (done["duties"], done["reminders"], done["mails"]) == (30, 5, 5)


@pytest.mark.parametrize("later", [DUE, DUE + ONE_DAY])
def test_a_fault_between_two_pieces_leaves_the_rest_for_the_next_run(staff, monkeypatch, later):
    for _number in range(5):
        member(single(staff, settlement_due=DUE))
    pieces = Pieces(monkeypatch)
    pieces.fails = lambda entries: Duty.objects.exclude(award=None).count() > 24
    with pytest.raises(ZeroDivisionError):
        run_on(DUE)
    assert (laid(), Notice.objects.count(), JobRun.objects.get().finished_at) == ({6: 4}, 0, None)
    pieces.fails = lambda entries: False
    run_on(later)
    assert laid() == {6: 5}
    assert stages_of() == ["day" if later == DUE else "after-1"] * (5 if later == DUE else 10)
    assert AuditEntry.objects.filter(action="duty.plan").count() == Duty.objects.count()


def test_reminders_that_left_before_a_fault_are_not_sent_again(staff, monkeypatch):
    for _number in range(5):
        member(single(staff, settlement_due=DUE))
    pieces = Pieces(monkeypatch)
    pieces.fails = lambda entries: Notice.objects.count() > 2
    with pytest.raises(ZeroDivisionError):
        run_on(DUE)
    assert stages_of() == ["day"] * 2
    pieces.fails = lambda entries: False
    done = run_on(DUE)
    assert (done["duties"], done["reminders"], done["mails"], stages_of()) == (0, 3, 5, ["day"] * 5)
