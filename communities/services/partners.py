"""Partners who help: the county's contacts and an association's own, and what each promised and gave."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.models import Organisation, Partner, PartnerHelp
from communities.permissions import may_keep_partner, may_note_help
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

# Entries of the trail never go, so they hold no person's name or telephone.
PRIVATE = ("contact_name", "contact_phone")


def add(user: User, county: str, organisation: Organisation | None = None, **columns: Any) -> Partner:
    """Enter a contact of the county, or a partner of the association. Raises Refused."""
    require(may_keep_partner(user, county, organisation))
    with trail.unit_of_work(actor(user, AWARD_READERS)):
        known = Partner.objects.filter(county=county, organisation=organisation, name=columns["name"], ended_on=None)
        if known.exists():
            raise Refused(_("「%(name)s」已經登錄過了。") % {"name": columns["name"]})
        made = Partner.objects.create(county=county, organisation=organisation, entered_on=clock.today(), **columns)
        trail.record(actions.ADD_PARTNER, made, after=trail.snapshot(made, *_open(columns)))
        return made


def change(user: User, partner: Partner, **columns: Any) -> Partner:
    """Change a partner, or note that it helps no longer. Raises Refused."""
    require(may_keep_partner(user, partner.county, partner.organisation))
    with trail.unit_of_work(actor(user, AWARD_READERS)):
        row = lock(Partner.objects.all(), pk=partner.pk)
        before = trail.snapshot(row, *_open(columns))
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(update_fields=list(columns))
        old, new = trail.changes(before, trail.snapshot(row, *_open(columns)))
        trail.record(actions.CHANGE_PARTNER, row, before=old, after=new)
        return row


def note_help(
    user: User, partner: Partner, way: str, day: dt.date, what: str, organisation: Organisation | None = None
) -> PartnerHelp:
    """Note what was promised or given, for which association. Raises Refused for a day to come."""
    whom = partner.organisation or organisation
    require(may_note_help(user, partner, whom))
    if day > clock.today():
        raise Refused(_("日期還沒到。"))
    if whom is not None and whom.county != partner.county:
        raise Refused(_("這個協會不在本縣。"))
    with trail.unit_of_work(actor(user, AWARD_READERS)):
        made = PartnerHelp.objects.create(
            partner=partner, way=way, day=day, what=what, organisation=whom, written_by=user
        )
        trail.record(actions.NOTE_HELP, partner, after={"way": way, "day": day, "what": what})
        return made


def _open(columns: dict[str, Any]) -> list[str]:
    """Return which columns the trail keeps; never none, which would be all."""
    return ["name", *(name for name in columns if name not in (*PRIVATE, "name"))]
