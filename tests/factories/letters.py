"""Letters that are issued without being set in type: their bytes are cheap ones."""

import datetime as dt
from itertools import count
from unittest import mock

from grants.letters import compose
from grants.models import Application, Letter
from grants.services.letters import dispatch
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock

_serial = count(5000)


def drafted(user: User, case: Application) -> Letter:
    """A draft with the least that a letter has."""
    return Letter.objects.create(
        application=case,
        county="kaohsiung",
        kind="correction",
        subject="主旨",
        originals="某會",
        context={},
        prepared_by=user,
        prepared_on=clock.today(),
    )


def issued(user: User, letter: Letter, number: str = "", on: dt.date | None = None) -> Letter:
    """The letter sent out by the user, today unless another day is given."""
    number = number or f"府社區字第099{next(_serial):07}號"
    with mock.patch.object(compose, "render", return_value=b"%PDF-1.7"):
        return dispatch.issue(user, letter, dispatch_number=number, dispatched_on=on or clock.today())
