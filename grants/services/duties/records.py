"""Duties: the daily job makes those of the law, an officer sets one for an event, and each is recorded when done."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants import duty_kinds
from grants.compliance.rulesets import ruleset_for
from grants.enums import NOTHING_DONE, RUNNING
from grants.models import Application, Award, Duty, Scheme
from grants.permissions import actor_for, duty_ground, holds
from grants.queries.law.pages import label_of
from grants.rules import tasks
from grants.rules.ruleset import RuleSet
from grants.services import notices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import store
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_all
from miaoli_kaohsiung.lib.roc_date import format_roc, roc_year
from miaoli_kaohsiung.notices.services import close

from .associations import KEPT, recorders, yearly

PLAN = actions.register("duty.plan", _l("訂定應辦事項"))
INVITE = actions.register("duty.invite", _l("排定並通知"))
RECORD = actions.register("duty.record", _l("登錄應辦事項"))


@dataclass(frozen=True)
class Record:
    """What was done: day, figures by key, words, and an upload if one is asked for."""

    held_on: dt.date
    figures: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    upload: Any = None


def plan(day: dt.date) -> int:
    """Make the missing duties that the law calls for by the day, piece by piece. Returns how many."""
    return sum(_plan(scheme, ruleset_for(scheme, day), day) for scheme in Scheme.objects.order_by("pk"))


def _plan(scheme: Scheme, ruleset: RuleSet, day: dt.date) -> int:
    awards = _awards(scheme, ruleset, day)
    made = trail.in_pieces(awards, lambda some: _make(_of_awards(some, ruleset, day))) if awards else 0
    made += trail.in_pieces(_of_county(scheme, ruleset, day), _make)
    year = yearly(scheme.county, ruleset, day)
    if year is None:
        return made
    made += trail.in_pieces(year.places(), lambda some: _make(year.missing(some)))
    trail.in_pieces(year.of_nobody(), year.drop)
    return made


def _make(missing: Iterable[Duty]) -> int:
    rows = Duty.objects.bulk_create(missing)
    for row in rows:
        case = row.application.number if row.application else ""
        trail.record(PLAN, row, after={"key": row.key, "period": row.period, "due_on": row.due_on}, case=case)
    return len(rows)


def invite(user: User, case: Application, key: str, on: dt.date, text: str) -> Duty:
    """Set a presentation (K6.1d) or a site visit (K7.5a) and notify the association."""
    duty = duty_kinds.DUTIES[key]
    if duty.scope != "event":
        raise Refused(_("這一項不是由承辦人排定的。"))
    if on < clock.today():
        raise Refused(_("日期不能早於今天。"))
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        require(holds(user, case, Role.CASE_OFFICER))
        # One at a time for a case, so that two events get two numbers.
        row = Application.objects.select_for_update(no_key=True).get(pk=case.pk)
        clauses = tasks.clauses_of(ruleset_for(case.scheme, clock.today()), key)
        if not clauses:
            raise Refused(_("這個方案的規定沒有這一項。"))
        number = Duty.objects.filter(application=row, key=key).count() + 1
        made = Duty.objects.create(
            key=key,
            clause=clauses[0].id,
            county=row.county,
            application=row,
            award=getattr(row, "award", None),
            period=str(number),
            due_on=on,
            opened_on=clock.today(),
            invitation=text,
        )
        trail.record(INVITE, made, after={"key": key, "due_on": on, "text": text}, case=row.number)
        subject = _("%(what)s：%(day)s") % {"what": duty.title, "day": format_roc(on)}
        notices.about_case(
            case, notices.members(case), f"{key}-{number}", subject, text, reverse("grants:duty", args=[made.pk])
        )
        return made


def record(user: User, duty: Duty, entry: Record) -> Duty:
    """Keep what was done; the first record stands. Raises Refused for a missing paper or note, or an unfit figure."""
    kind = duty_kinds.DUTIES[duty.key]
    ground, who = duty_ground(duty), recorders(duty_kinds.DUTIES[duty.key])
    with trail.unit_of_work(actor_for(user, ground, who)):
        require(holds(user, ground, who))
        row = lock(Duty.objects.select_related("application__scheme"), pk=duty.pk)
        if row.done_on is not None:
            return row
        _refuse_unfit(row, kind, entry)
        row.held_on, row.note, row.figures = entry.held_on, entry.note.strip(), dict(entry.figures)
        if entry.upload:
            row.file = store(entry.upload, actor=trail.current_actor(), purpose=f"duty_{row.key}")
        row.done_on, row.done_by = clock.today(), user
        if row.organisation_id and holds(user, ground, Role.CASE_OFFICER):
            # What the county records itself needs no second check.
            row.checked_on, row.checked_by = row.done_on, user
        row.save(update_fields=[*KEPT])
        after = trail.snapshot(row, "held_on", "note", "figures", "file")
        trail.record(RECORD, row, after=after, case=row.application.number if row.application else "")
        close([f"duty:{row.pk}"])
        return row


def note_evaluation(user: User, county: str, year: int, evaluated: int) -> None:
    """Close the county's reminder of that year's evaluation (M5.4a), now published. Runs in the caller's unit of work."""
    rows = Duty.objects.filter(county=county, key="yearly_evaluation", period=str(year))
    note_yearly(user, rows, Record(clock.today(), {"evaluated": evaluated}, _("評鑑結果已公布。")))


def note_yearly(user: User, rows: QuerySet[Duty], done: Record) -> None:
    """Close what is open of these duties of a county, done on a page of its own. Runs in the caller's unit of work."""
    for row in lock_all(rows.filter(done_on__isnull=True)):
        row.held_on, row.done_on, row.done_by = done.held_on, clock.today(), user
        row.figures, row.note = dict(done.figures), done.note
        row.save(update_fields=["held_on", "done_on", "done_by", "figures", "note"])
        trail.record(RECORD, row, after=trail.snapshot(row, "held_on", "note", "figures"))
        close([f"duty:{row.pk}"])


def _refuse_unfit(row: Duty, kind: duty_kinds.Duty, entry: Record) -> None:
    if row.key == duty_kinds.PROFILE:
        raise Refused(_("請在「會務健康」看過登記的資料，再按「資料都對」。"))
    if entry.held_on > clock.today():
        raise Refused(_("辦理日期不能晚於今天。"))
    if row.key in duty_kinds.OF_THEIR_YEAR and entry.held_on.year < int(row.period[:4]):
        year = roc_year(int(row.period[:4]))
        raise Refused(_("這一項是%(year)d年要辦的，辦理日期要在%(year)d年1月1日以後。") % {"year": year})
    if kind.note and not entry.note.strip():
        raise Refused(_("請寫紀錄。"))
    if kind.file and not entry.upload:
        raise Refused(_("請上傳紀錄的檔案。"))
    missing = [str(label) for key, label in kind.figures if entry.figures.get(key) is None]
    if missing:
        raise Refused(_("請填%(names)s；沒有請填 0。") % {"names": "、".join(missing)})
    if row.key == "carer_training":
        today = clock.today()
        ruleset = ruleset_for(row.case.scheme, today)
        least = ruleset.value("child_care.training_hours", today, "lenient")
        if entry.figures["hours"] < least:
            raise Refused(
                _("照顧教育訓練至少要 %(least)d 小時（%(clause)s）。")
                % {"least": least, "clause": label_of(row.clause, ruleset)}
            )


def _awards(scheme: Scheme, ruleset: RuleSet, day: dt.date) -> Iterator[Award] | None:
    of_award = (key for key, kind in duty_kinds.DUTIES.items() if kind.scope == "award")
    if not any(tasks.clauses_of(ruleset, key) for key in of_award):
        return None
    # Closed awards are read only in December and January, for the year's withholding.
    awards = Award.objects.filter(application__scheme=scheme).exclude(status__in=NOTHING_DONE)
    if day.month not in (12, 1):
        awards = awards.filter(status__in=RUNNING)
    rows = awards.select_related("application__programme").defer("application__search").order_by("pk")
    return rows.prefetch_related("lines").iterator(trail.PIECE)


def _of_awards(awards: list[Award], ruleset: RuleSet, day: dt.date) -> Iterator[Duty]:
    every, due_day = (
        ruleset.value(f"statistics.{name}", clock.today(), "lenient") for name in ("every_months", "due_day")
    )
    known = set(Duty.objects.filter(award__in=awards).values_list("award_id", "key", "period"))
    for award in awards:
        items = [line.item for line in award.lines.all() if line.approved]
        case, last = award.application, award.completed_on or award.ends_on
        days = office_calendar.of(case.county, case.township_code)
        for want in duty_kinds.of_award(case.programme.code, items, award.starts_on, last, day, every, due_day, days):
            clauses = tasks.clauses_of(ruleset, want.duty.key)
            over = award.status not in RUNNING and want.duty.key != "withholding"
            if clauses and not over and (award.pk, want.duty.key, want.period) not in known:
                yield _new(want, clauses[0].id, award.county, day, application=case, award=award)


def _of_county(scheme: Scheme, ruleset: RuleSet, day: dt.date) -> list[Duty]:
    rows = Duty.objects.filter(county=scheme.county, application=None, organisation=None)
    known = set(rows.values_list("key", "period"))
    keys = list(dict.fromkeys(key for clause in ruleset.clauses.values() for key in clause.task))
    return [
        _new(want, tasks.clauses_of(ruleset, want.duty.key)[0].id, scheme.county, day)
        for want in duty_kinds.of_county(keys, day, office_calendar.of(scheme.county))
        if (want.duty.key, want.period) not in known
    ]


def _new(want: duty_kinds.Wanted, clause: str, county: str, day: dt.date, **more: Any) -> Duty:
    return Duty(
        key=want.duty.key, clause=clause, county=county, period=want.period, due_on=want.due_on, opened_on=day, **more
    )
