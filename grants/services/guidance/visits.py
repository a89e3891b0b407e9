"""Visits to associations by their tier (M4.3b): given a day and somebody who goes, and shown in pictures afterwards."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Duty, VisitPhoto, VisitPlan
from grants.permissions import actor_for, duty_ground, holds
from grants.queries.guidance import KEY, visitors_of, words_of
from grants.services import notices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

PLAN = actions.register("visit.plan", _l("排定輔導訪視"))
ADD_PHOTO = actions.register("visit.add_photo", _l("附上訪視照片"))
REMOVE_PHOTO = actions.register("visit.remove_photo", _l("移除訪視照片"))
PICTURES = ("jpeg", "png")
MOST_PHOTOS = 12


@dataclass(frozen=True)
class Appointment:
    """Day, hour, place and who goes."""

    on: dt.date
    visitor: User
    starts_at: dt.time | None = None
    place: str = ""


def plan(user: User, duty: Duty, appointment: Appointment) -> VisitPlan:
    """Give the visit a day, or another one, and notify the association. Raises Refused for a day that is past."""
    with trail.unit_of_work(actor_for(user, duty_ground(duty), Role.CASE_OFFICER)):
        row = _open(user, duty)
        if appointment.on < clock.today():
            raise Refused(_("日期不能早於今天。"))
        if appointment.visitor not in visitors_of(row.county):
            raise Refused(_("去的人要是縣府的承辦人或主管。"))
        visit = VisitPlan.objects.filter(duty=row).first() or VisitPlan(duty=row)
        before = None if visit.pk is None else trail.snapshot(visit, "on", "starts_at", "place", "visitor")
        visit.on, visit.starts_at = appointment.on, appointment.starts_at
        visit.place, visit.visitor = appointment.place.strip(), appointment.visitor
        visit.planned_by, visit.planned_on = user, clock.today()
        visit.save()
        after = trail.snapshot(visit, "on", "starts_at", "place", "visitor")
        trail.record(PLAN, row, before=before, after=after)
        if before != after:
            _notify(row, visit)
        return visit


def add_photo(user: User, duty: Duty, upload: Upload, caption: str) -> VisitPhoto:
    """Keep a picture of a visit that took place."""
    with trail.unit_of_work(actor_for(user, duty_ground(duty), Role.CASE_OFFICER)):
        row = _held(user, duty)
        if VisitPhoto.objects.filter(duty=row).count() >= MOST_PHOTOS:
            raise Refused(_("一次訪視最多 %d 張照片。") % MOST_PHOTOS)
        stored = store(upload, actor=trail.current_actor(), purpose="visit_photo", kinds=PICTURES)
        photo = VisitPhoto.objects.create(
            duty=row, file=stored, caption=caption.strip(), added_by=user, added_on=clock.today()
        )
        trail.record(ADD_PHOTO, row, after=trail.snapshot(photo, "file", "caption"))
        return photo


def remove_photo(user: User, photo: VisitPhoto) -> None:
    """Take away a picture that does not belong there; the trail keeps that it was there."""
    with trail.unit_of_work(actor_for(user, duty_ground(photo.duty), Role.CASE_OFFICER)):
        row = _held(user, photo.duty)
        trail.record(REMOVE_PHOTO, row, before=trail.snapshot(photo, "file", "caption"))
        photo.delete()


def _open(user: User, duty: Duty) -> Duty:
    require(holds(user, duty_ground(duty), Role.CASE_OFFICER))
    row = lock(Duty.objects.select_related("organisation"), pk=duty.pk)
    if row.key != KEY:
        raise Refused(_("這一項不是輔導訪視。"))
    if row.done_on is not None:
        raise Refused(_("這次訪視已經登錄完成，不能再排。"))
    return row


def _held(user: User, duty: Duty) -> Duty:
    require(holds(user, duty_ground(duty), Role.CASE_OFFICER))
    row = lock(Duty.objects.all(), pk=duty.pk)
    if row.key != KEY or row.done_on is None:
        raise Refused(_("登錄訪視紀錄以後才能附照片。"))
    return row


def _notify(row: Duty, visit: VisitPlan) -> None:
    subject = _("縣府要來輔導訪視：%(when)s") % {"when": words_of(visit)}
    body = _("%(place)s請準備會議紀錄、帳冊和憑證。時間不方便，請打電話給縣府承辦人。")
    place = _("地點：%s。") % visit.place if visit.place else ""
    words = notices.Words(subject, body % {"place": place}, reverse("grants:duty", args=[row.pk]))
    people = holders_of(Role.MEMBER, organisation_id=row.organisation_id)
    notices.send(people, "visit.planned", f"visit:{row.pk}", words, due_on=visit.on, at_once=True)
