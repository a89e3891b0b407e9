"""A list of payments that went to the treasury and has not come back: what finance brings in the demonstration."""

import datetime as dt
from collections.abc import Iterator

from grants.enums import InstalmentStatus
from grants.models import Instalment
from grants.services.treasury import batches

from .places import KAOHSIUNG
from .registry import LAST_DAY, World


def year(world: World) -> Iterator[dt.date]:
    """The cashier sends the payment that was approved first, and leaves the others to be ticked."""
    yield LAST_DAY
    cashier = world.of(KAOHSIUNG, "cashier")
    approved = Instalment.objects.filter(status=InstalmentStatus.APPROVED, award__county=KAOHSIUNG)
    if first := approved.order_by("approved_on", "pk").first():
        batch, _left = batches.make(cashier, [first.pk])
        batches.send(cashier, batch)
