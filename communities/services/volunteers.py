"""Volunteers of an association: teams with their insurance, who is in them, hours of service by month and at the door."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communities import actions
from communities.enums import HoursWay
from communities.models import Organisation, ServiceHours, Volunteer, VolunteerTeam
from communities.permissions import may_keep_people
from communities.queries import volunteers
from communities.services.roster import person_of
from communities.services.training.enrolments import PASS_CODE_DIGITS
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import close, notify

INSURANCE = "volunteers.insurance"

DOOR_CODE_BYTES = 9
HALF_HOUR = Decimal("0.5")
# Nobody serves longer than this without going home; a longer visit was not signed off.
LONGEST_VISIT = Decimal(16)


def found_team(user: User, organisation: Organisation, **columns: Any) -> VolunteerTeam:
    """Enter a team of the association. Raises Refused."""
    require(may_keep_people(user, organisation))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        lock(Organisation.objects.all(), pk=organisation.pk)
        if VolunteerTeam.objects.filter(organisation=organisation, name=columns["name"], ended_on=None).exists():
            raise Refused(_("已經有同名的志工隊。"))
        team = VolunteerTeam.objects.create(
            organisation=organisation, door_code=secrets.token_urlsafe(DOOR_CODE_BYTES), **columns
        )
        trail.record(actions.FOUND_TEAM, team, after=trail.snapshot(team, *columns))
        return team


def change_team(user: User, team: VolunteerTeam, **columns: Any) -> VolunteerTeam:
    """Change a team, its insurance or its end. Raises Refused."""
    require(may_keep_people(user, team.organisation))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        row = lock(VolunteerTeam.objects.all(), pk=team.pk)
        if _change(row, actions.CHANGE_TEAM, columns):
            close([_insurance_thread(row)])
        return row


def join(user: User, team: VolunteerTeam, names: Sequence[str], joined_on: dt.date) -> list[Volunteer]:
    """Enter these people into the team. Somebody who is in it already stays as he is; who had left is in it again. Raises
    Refused.
    """
    require(may_keep_people(user, team.organisation))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        row = lock(VolunteerTeam.objects.select_related("organisation"), pk=team.pk)
        if row.ended_on is not None:
            raise Refused(_("這個志工隊已經解散。"))
        return [_joined(row, name, joined_on) for name in names]


def _joined(team: VolunteerTeam, name: str, joined_on: dt.date) -> Volunteer:
    person = person_of(team.organisation, name)
    found, made = Volunteer.objects.get_or_create(
        team=team, person=person, defaults={"joined_on": joined_on, "pass_code": _pass_code(team)}
    )
    if made:
        trail.record(actions.JOIN_TEAM, found, after={"person": name, "team": team.pk, "joined_on": joined_on})
    elif found.left_on is not None:
        _change(found, actions.CHANGE_VOLUNTEER, {"left_on": None})
    return found


def _pass_code(team: VolunteerTeam) -> str:
    used = set(Volunteer.objects.filter(team=team).values_list("pass_code", flat=True))
    while True:
        drawn = f"{secrets.randbelow(10**PASS_CODE_DIGITS):0{PASS_CODE_DIGITS}}"
        if drawn not in used:
            return drawn


def change_volunteer(user: User, volunteer: Volunteer, **columns: Any) -> Volunteer:
    """Change when somebody joined or left, the training, and the hours of the time before. Raises Refused."""
    require(may_keep_people(user, volunteer.team.organisation))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        row = lock(Volunteer.objects.all(), pk=volunteer.pk)
        _change(row, actions.CHANGE_VOLUNTEER, columns)
        return row


def _change(row: VolunteerTeam | Volunteer, action: str, columns: Mapping[str, Any]) -> bool:
    """Change the row and record it; False, and nothing is written, when all stands so already."""
    before = trail.snapshot(row, *columns)
    for name, value in columns.items():
        setattr(row, name, value)
    old, new = trail.changes(before, trail.snapshot(row, *columns))
    if new:
        row.save(update_fields=list(columns))
        trail.record(action, row, before=old, after=new)
    return bool(new)


def write_month(user: User, team: VolunteerTeam, month: dt.date, hours: Mapping[int, Decimal]) -> int:
    """Write the hours of a month beside those of the door, by the key of the volunteer; return how many changed. Raises
    Refused for a month that has not begun.
    """
    require(may_keep_people(user, team.organisation))
    if month > clock.today():
        raise Refused(_("這個月還沒到，不能登錄時數。"))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        row = lock(VolunteerTeam.objects.all(), pk=team.pk)
        known = {found.pk: found for found in volunteers.month_of(row, month)}
        changed = {
            str(key): number for key, number in hours.items() if key in known and (known[key].written or 0) != number
        }
        for key, number in changed.items():
            ServiceHours.objects.update_or_create(
                volunteer_id=int(key), day=month, way=HoursWay.MONTH, defaults={"hours": number, "written_by": user}
            )
        if changed:
            trail.record(actions.WRITE_HOURS, row, after={"month": month, "hours": changed})
        return len(changed)


def sign(code: str, pass_codes: Sequence[str]) -> tuple[int, int]:
    """Note at the door who comes and who goes, by their pass_codes; return how many of each. A visit counts in half hours.

    Whoever forgot to sign off on an earlier day has a visit without hours, which the association makes up for in the
    month. Raises Refused and then notes nobody.
    """
    with trail.unit_of_work(Actor.system("volunteers.door")):
        team = lock(VolunteerTeam.objects.all(), door_code=code)
        rows = Volunteer.objects.filter(volunteers.in_service(), team=team, pass_code__in=pass_codes)
        found = {row.pass_code: row for row in rows}
        if team.ended_on is not None:
            raise Refused(_("這個志工隊已經解散。"))
        if unknown := [pass_code for pass_code in pass_codes if pass_code not in found]:
            raise Refused(_("找不到簽到碼 %(codes)s，請問協會的人員。") % {"codes": "、".join(unknown)})
        gone = sum(_signed(row) for row in found.values())
        return len(found) - gone, gone


def _signed(volunteer: Volunteer) -> bool:
    """Note one person; return whether it was the departure."""
    now, visits = clock.now(), ServiceHours.objects.filter(volunteer=volunteer, way=HoursWay.DOOR, went_at=None)
    visit = visits.select_for_update().first()
    if visit is not None and visit.came_at is not None:
        hours = _half_hours(now - visit.came_at)
        today = visit.day == clock.today() and hours <= LONGEST_VISIT
        visit.went_at, visit.hours = (now, hours) if today else (visit.came_at, Decimal(0))
        visit.save(update_fields=["went_at", "hours"])
        trail.record(actions.GO_FROM_SERVICE, visit, after={"volunteer": volunteer.pk, "hours": visit.hours})
        if today:
            return True
    made = ServiceHours.objects.create(volunteer=volunteer, day=clock.today(), way=HoursWay.DOOR, came_at=now)
    trail.record(actions.COME_TO_SERVE, made, after={"volunteer": volunteer.pk})
    return False


def _half_hours(time: dt.timedelta) -> Decimal:
    halves = Decimal(time.total_seconds()) / Decimal(1800)
    return halves.quantize(Decimal(1), ROUND_HALF_UP) * HALF_HOUR


def remind_of_insurance(day: dt.date) -> int:
    """Remind associations whose teams' insurance ends soon, or ended on days on which nothing ran; return how many
    notices. Safe to repeat: each stage has a day of its own.
    """
    sent = 0
    for team, stage in volunteers.insurance_ending(day):
        thread = _insurance_thread(team)
        if Notice.objects.filter(kind=INSURANCE, object_key=thread, due_on=stage).exists():
            continue
        until = team.insured_until or stage
        words = _("志工保險已到期：%(team)s") if until < day else _("志工保險快到期：%(team)s")
        body = _("保險到%(day)s為止。續保後請在志工隊的頁面填新的日期。") % {"day": format_roc(until)}
        url = reverse("communities:volunteer-team", args=[team.organisation_id, team.pk])
        for person in holders_of(Role.MEMBER, organisation_id=team.organisation_id):
            notify(person, INSURANCE, thread, stage, words % {"team": team.name}, body, url, at_once=False)
            sent += 1
    return sent


def _insurance_thread(team: VolunteerTeam) -> str:
    return f"volunteer_team:{team.pk}"
