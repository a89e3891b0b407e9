"""Duties of two records that become one: what both had to do is done once."""

from communities.models import Organisation
from communities.services.merging.parts import Part, register
from grants.enums import EntryStage
from grants.models import Duty, DutyEntry


def _move_duties(kept: Organisation, merged: Organisation) -> int:
    """Point the duties. Of one that both have, the one that was done counts and the open one ends; if both were done,
    the second stays with the merged record, as its history.
    """
    moved = 0
    here = {(duty.key, duty.period): duty for duty in Duty.objects.filter(organisation=kept)}
    for duty in Duty.objects.filter(organisation=merged):
        same = here.get((duty.key, duty.period))
        if same and duty.done_on is None:
            duty.delete()
            continue
        if same and same.done_on:
            continue
        if same:
            same.delete()
        duty.organisation = kept
        duty.save(update_fields=["organisation"])
        moved += 1
    return moved


def _move_entries(kept: Organisation, merged: Organisation) -> int:
    """Point what was recorded at occasions; an entry that both have at one occasion stays with the merged record."""
    once = DutyEntry.objects.exclude(stage=EntryStage.MENTORED)
    here = set(once.filter(organisation=kept).values_list("duty", "stage"))
    rows = DutyEntry.objects.filter(organisation=merged)
    both = [row.pk for row in rows if (row.duty_id, row.stage) in here]
    return rows.exclude(pk__in=both).update(organisation=kept)


def _lock(bodies: list[int]) -> None:
    """Whoever records something at a duty locks it before the association is named."""
    list(Duty.objects.select_for_update().filter(organisation__in=bodies).order_by("pk").values_list("pk"))


register(Part("grants.duty", move=_move_duties, lock=_lock))
register(Part("grants.dutyentry", move=_move_entries))
