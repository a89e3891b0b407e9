"""Many awards at once, in a few statements: copies of one that the other factories made, each of a body of its own."""

import copy
from types import SimpleNamespace
from typing import Any, TypeVar

from django.db import models

from communities import naming
from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from grants.models import Award, Deadline
from grants.services.reminders.rows import key_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User

from .accounts import SINCE
from .grants import EnvelopeFactory
from .money import approved

BATCH = 1_000
AMOUNT = 50_000
Row = TypeVar("Row", bound=models.Model)


def awards(count: int, staff: SimpleNamespace, *, start: int = 0, each: int = 1, **days: Any) -> None:
    """So many awards of one payment, `each` of them of one association with one member. `days` are those of
    `money.approved`; `start` is how many there are already.
    """
    kept = getattr(staff, "pattern", None)
    if kept is None:
        EnvelopeFactory(scheme__slug="kaohsiung-88", year=2010, amount=2_000_000_000)
        kept = staff.pattern = approved((AMOUNT,), staff=staff, **days)
    for first in range(start, start + count, BATCH):
        numbers = range(first, min(first + BATCH, start + count))
        bodies = _bodies(kept.application.organisation, numbers[::each])
        _cases(kept, numbers, [body for body in bodies for _place in range(each)][: len(numbers)])


def _bodies(pattern: Organisation, numbers: range) -> list[Organisation]:
    """Associations, each with somebody in office."""
    names = [f"高雄縣旗山鎮第{number}示範社區發展協會" for number in numbers]
    bodies = _copies(pattern, [{"name": name, "folded_name": naming.fold(name, pattern.county)} for name in names])
    users = User.objects.bulk_create(
        User(username=f"member-{n}", email=f"member-{n}@example.org", display_name=f"會員{n}") for n in numbers
    )
    pairs = list(zip(users, bodies, strict=True))
    held = {"office": Office.STAFF, "valid_from": SINCE}
    Post.objects.bulk_create(
        Post(user=user, role=Role.MEMBER, county=body.county, organisation_id=body.pk, **held) for user, body in pairs
    )
    OfficeTerm.objects.bulk_create(
        OfficeTerm(organisation=body, person_name=user.display_name, user=user, **held) for user, body in pairs
    )
    return bodies


def _cases(award: Award, numbers: range, bodies: list[Organisation]) -> None:
    """Copies of the award and of all that belongs to it."""
    keys = [f"88-099-{number + 100_000}" for number in numbers]
    pairs = zip(keys, bodies, strict=True)
    cases = _copies(award.application, [{"number": key, "organisation": body} for key, body in pairs])
    made = _copies(award, [{"number": case.number, "application": case} for case in cases])
    lines = _copies(award.application.lines.get(), [{"application": case} for case in cases])
    pairs_of_lines = zip(made, lines, strict=True)
    _copies(award.lines.get(), [{"award": one, "line": line} for one, line in pairs_of_lines])
    for row in (award.instalments.get(), award.entries.get()):
        _copies(row, [{"award": one} for one in made])
    for row in Deadline.objects.filter(award=award):
        about = [{"award": one, "application": one.application, "subject_key": key_of(one)} for one in made]
        _copies(row, about)


def _copies(row: Row, values: list[dict[str, Any]]) -> list[Row]:
    made = []
    for fields in values:
        new = copy.copy(row)
        new._state = copy.copy(row._state)
        new._state.fields_cache = {}
        new._state.adding = True
        new.pk = None
        for name, value in fields.items():
            setattr(new, name, value)
        made.append(new)
    return list(type(row)._default_manager.bulk_create(made))
