"""An association says that its record is right (M5.5b): nothing else renews it."""

from communities.models import Organisation
from communities.services import organisations
from grants import duty_kinds
from grants.models import Duty
from grants.permissions import actor_for, body_ground, holds
from grants.services.duties.records import RECORD
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import require
from miaoli_kaohsiung.lib.locks import lock_all
from miaoli_kaohsiung.notices.services import close


def confirm_profile(user: User, organisation: Organisation) -> Organisation:
    """Note that the association looked at its whole record today; what was owed of it is done."""
    ground = body_ground(organisation)
    with trail.unit_of_work(actor_for(user, ground, Role.MEMBER)) as by:
        require(holds(user, ground, Role.MEMBER))
        asked = Duty.objects.filter(organisation=organisation, key=duty_kinds.PROFILE, done_on__isnull=True)
        for row in lock_all(asked):
            row.held_on = row.done_on = row.checked_on = clock.today()
            row.done_by = row.checked_by = user
            row.save(update_fields=["held_on", "done_on", "done_by", "checked_on", "checked_by"])
            trail.record(RECORD, row, after=trail.snapshot(row, "held_on"))
            close([f"duty:{row.pk}"])
        return organisations.confirm_profile(by, organisation)
