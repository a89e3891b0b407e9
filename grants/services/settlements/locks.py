"""The locks of a 結報, taken in the order award, settlement, instalments; one of them for the association's changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from grants.enums import STOPPED, WITH_THE_ASSOCIATION
from grants.models import Envelope, Settlement
from grants.permissions import actor_for, holds
from grants.services.locks import lock_award
from miaoli_kaohsiung.accounts.audiences import Who
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock


@contextmanager
def locked(user: User, settlement: Settlement, who: Who, *, envelope: bool = False) -> Iterator[Settlement]:
    """Give the locked settlement, in the unit of work of the user's post. Raises Refused for an award that ended."""
    with trail.unit_of_work(actor_for(user, settlement.award.application, who)):
        if envelope:
            # The envelope is locked before the case, as approval does: a second call then sees what the first one took.
            lock(Envelope.objects.all(), no_key=True, pk=settlement.award.envelope_id)
        award = lock_award(settlement.award)
        if award.status in STOPPED:
            raise Refused(_("這一案已經%(status)s，結報不再辦理。") % {"status": award.get_status_display()})
        row = lock(Settlement.objects.all(), pk=settlement.pk)
        row.award = award
        yield row


@contextmanager
def open_to_member(user: User, settlement: Settlement) -> Iterator[Settlement]:
    """Give the locked settlement to the association's people, as long as they may change it. Raises Refused."""
    with locked(user, settlement, Role.MEMBER) as row:
        require(holds(user, row.award.application, Role.MEMBER))
        if row.status not in WITH_THE_ASSOCIATION:
            raise Refused(_("結報已送出，現在不能修改。要修改請聯絡縣府承辦人。"))
        yield row
