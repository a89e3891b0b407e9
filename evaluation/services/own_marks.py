"""What an association says of itself, before the judges come."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Optional

from django.utils.translation import gettext as _

from evaluation import actions, permissions
from evaluation.models import Entry, OwnMark
from evaluation.rules import STEP
from grants.services.applications.drafts import StaleError
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.access import Refused

from .rounds import locked

KINDS = ("pdf", "jpeg", "png")


@dataclass(frozen=True)
class Said:
    """What is said at one indicator. Without an `upload` the file that was there stays."""

    points: Decimal | None
    words: str = ""
    upload: Optional[Upload] = None  # noqa: UP045  # the alias is text while the class is made


def assess(user: User, entry: Entry, said: Mapping[int, Said], *, edition: int) -> Entry:
    """Keep the self-assessment by indicator, until its last day. Raises StaleError if `edition` is not the one that stands,
    access.Refused.
    """
    with trail.unit_of_work(actor(user, Role.MEMBER, organisation_id=entry.organisation_id)) as by:
        entry = locked(entry)
        access.require(permissions.may_assess(user, entry))
        if entry.own_edition != edition:
            raise StaleError
        limits = dict(entry.round.indicators.values_list("pk", "points"))
        before = _shown(entry)
        for indicator, one in said.items():
            points = one.points or Decimal()
            if indicator not in limits or not 0 <= points <= limits[indicator] or points % STEP:
                raise Refused(_("分數要在配分以內，以半分為單位。"))
            _write(by, entry, indicator, one)
        old, new = trail.changes(before, _shown(entry))
        if old or new:
            entry.own_edition, entry.assessed_on = entry.own_edition + 1, clock.today()
            entry.save(update_fields=["own_edition", "assessed_on"])
            trail.record(actions.ASSESS, entry, before=old, after=new)
    return entry


def _write(by: Any, entry: Entry, indicator: int, said: Said) -> None:
    row = OwnMark.objects.filter(entry=entry, indicator_id=indicator).first()
    if row is None and said == Said(None):
        return
    row = row or OwnMark(entry=entry, indicator_id=indicator)
    row.points, row.words = said.points, said.words
    if said.upload:
        row.file = store(said.upload, actor=by, purpose="evaluation_own_mark", kinds=KINDS)
    row.save()


def _shown(entry: Entry) -> dict[str, Any]:
    """Return what is said, as the trail keeps it."""
    rows = OwnMark.objects.filter(entry=entry).values_list("indicator__name", "points", "words", "file__name")
    return {name: [None if points is None else str(points), *rest] for name, points, *rest in rows}
