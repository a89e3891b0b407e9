"""Activity centres: their record, what stands in them, and how they were found on a day. Kept by township and county."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.models import ActivityCentre, CentreItem, CentreRecord, Township
from communities.permissions import may_keep_centre
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.files.services import Checked, Held, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock


def enter(user: User, township: Township, **columns: Any) -> ActivityCentre:
    """Enter a centre. Raises Refused for a name that the township has already."""
    require(may_keep_centre(user, township.county, township.pk))
    with trail.unit_of_work(actor(user, CORRECTION_ASKERS)):
        _refuse_known(township.pk, columns["name"])
        row = ActivityCentre.objects.create(county=township.county, township=township, **columns)
        trail.record(actions.ENTER_CENTRE, row, after={"name": row.name, "address": row.address})
        return row


def change(user: User, centre: ActivityCentre, **columns: Any) -> ActivityCentre:
    """Change a centre's record. Raises Refused."""
    _require(user, centre)
    with trail.unit_of_work(actor(user, CORRECTION_ASKERS)):
        row = lock(ActivityCentre.objects.all(), pk=centre.pk)
        if columns["name"] != row.name:
            _refuse_known(row.township_id, columns["name"])
        before = {name: str(getattr(row, name)) for name in columns}
        for name, value in columns.items():
            setattr(row, name, value)
        after = {name: str(getattr(row, name)) for name in columns}
        if before != after:
            row.save(update_fields=list(columns))
            trail.record(actions.CHANGE_CENTRE, row, before=before, after=after)
        return row


def _refuse_known(township: str, name: str) -> None:
    if ActivityCentre.objects.filter(township=township, name=name).exists():
        raise Refused(_("這裡已經登錄過同名的活動中心。"))


def put(user: User, centre: ActivityCentre, **columns: Any) -> CentreItem:
    """Enter a thing that stands in the centre. Raises Refused."""
    _require(user, centre)
    with trail.unit_of_work(actor(user, CORRECTION_ASKERS)):
        row = CentreItem.objects.create(centre=centre, **columns)
        trail.record(actions.PUT_ITEM, row, after={"name": row.name, "quantity": row.quantity})
        return row


def remove(user: User, item: CentreItem) -> None:
    """Say that a thing stands there no longer. Raises Refused."""
    _require(user, item.centre)
    with trail.unit_of_work(actor(user, CORRECTION_ASKERS)):
        if CentreItem.objects.filter(pk=item.pk, gone_on=None).update(gone_on=clock.today()):
            trail.record(actions.ITEM_GONE, item, before={"name": item.name})


def look(
    user: User, centre: ActivityCentre, day: dt.date, condition: str, note: str, picture: Checked | Held | None
) -> CentreRecord:
    """Write down how the centre was found on a day, with a picture. Raises Refused."""
    _require(user, centre)
    if day > clock.today():
        raise Refused(_("日期不能晚於今天。"))
    by = actor(user, CORRECTION_ASKERS)
    with trail.unit_of_work(by):
        stored = store(picture, actor=by, purpose=f"centre:{centre.pk}") if picture else None
        row = CentreRecord.objects.create(
            centre=centre, day=day, condition=condition, note=note, picture=stored, written_by=user
        )
        trail.record(actions.LOOK_AT_CENTRE, row, after={"day": day, "condition": condition})
        return row


def _require(user: User, centre: ActivityCentre) -> None:
    require(may_keep_centre(user, centre.county, centre.township_id))
