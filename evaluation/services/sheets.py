"""Writes of the judges: who is asked, what interest they declare, and each judge's own sheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation import actions, permissions
from evaluation.enums import Interest
from evaluation.models import Entry, Round, Score, Sheet
from evaluation.queries.sheets import candidates, waiting_sheets
from evaluation.rules import STEP
from grants.queries.panels.interests import found_at
from grants.services.applications.drafts import StaleError
from miaoli_kaohsiung.accounts.audiences import SCORERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import close_rows, notify

NOTE_LENGTH = 200


@dataclass(frozen=True)
class Assigned:
    """What an assignment did: how many sheets are new, and which judge stays away from which association, and why."""

    new: int
    apart: list[Sheet]


@dataclass(frozen=True)
class Marks:
    """What a judge writes on a sheet: points by indicator (None takes one back) and a comment."""

    points: Mapping[int, Decimal | None]
    comment: str = ""


def assign(user: User, round_: Round, entries: Iterable[Entry], judges: Sequence[User]) -> Assigned:
    """Give each judge a sheet for each association; whoever has one keeps it. An interest that the portal's own data show
    is kept with the sheet, which then stays closed. Raises access.Refused.
    """
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=round_.county)):
        round_ = Round.objects.select_for_update().get(pk=round_.pk)
        access.require(permissions.may_arrange(user, round_))
        known = {person.pk: person for person in candidates(round_.county)}
        if not judges or any(judge.pk not in known for judge in judges):
            raise Refused(_("請選本縣的審查委員或承辦人。"))
        judges = [known[judge.pk] for judge in judges]
        rows = list(round_.entries.filter(pk__in=[entry.pk for entry in entries]).select_related("organisation"))
        new = _new_sheets(user, rows, judges)
        for judge in judges:
            if own := [sheet for sheet in new if sheet.judge_id == judge.pk]:
                _record_assigned(round_, judge, own)
    return Assigned(len(new), [sheet for sheet in new if sheet.interest == Interest.CONFLICT])


def take_back(user: User, sheet: Sheet) -> None:
    """Take back an assignment, with what the judge has written so far; one that was submitted stays. Raises Refused."""
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=sheet.entry.round.county)):
        sheet = _locked(sheet)
        access.require(permissions.may_arrange(user, sheet.entry.round))
        if sheet.submitted_on:
            raise Refused(_("這位委員已經送出評分表，不能收回。"))
        trail.record(actions.TAKE_BACK, sheet.entry, before={"judge": str(sheet.judge), **_shown(sheet)})
        sheet.delete()


def declare(user: User, sheet: Sheet, *, conflict: bool, note: str = "") -> Sheet:
    """Keep what the judge declares; without an interest of their own, what the portal's data show decides. Raises Refused."""
    with trail.unit_of_work(actor(user, SCORERS, county=sheet.entry.round.county)):
        sheet = _locked(sheet)
        access.require(permissions.may_declare(user, sheet))
        if conflict:
            _stay_away(sheet, note or _("自行聲明"), actions.DECLARE)
        elif found := _found([sheet.entry], [user]).get((sheet.entry_id, user.pk)):
            _stay_away(sheet, found, actions.FIND)
        else:
            sheet.interest, sheet.interest_note = Interest.NONE, note[:NOTE_LENGTH]
            sheet.save(update_fields=["interest", "interest_note"])
            trail.record(actions.DECLARE, sheet, after={"interest": sheet.interest, "note": note})
    return sheet


def save(user: User, sheet: Sheet, marks: Marks, *, edition: int) -> Sheet:
    """Keep what the judge wrote on the sheet so far; one that was submitted must stay whole. Raises StaleError if `edition`
    is not the one that stands, access.Refused.
    """
    with trail.unit_of_work(actor(user, SCORERS, county=sheet.entry.round.county)):
        sheet = _locked(sheet)
        access.require(permissions.may_score(user, sheet))
        if sheet.edition != edition:
            raise StaleError
        before = _shown(sheet)
        _write(sheet, marks)
        sheet.comment = marks.comment
        if sheet.submitted_on:
            _require_whole(sheet)
        old, new = trail.changes(before, _shown(sheet))
        if old or new:
            sheet.edition += 1
            sheet.save(update_fields=["edition", "comment"])
            trail.record(actions.SCORE, sheet, before=old, after=new)
    return sheet


def submit(user: User, sheet: Sheet) -> Sheet:
    """Let the sheet count from now on; every indicator must have its points. Raises access.Refused."""
    with trail.unit_of_work(actor(user, SCORERS, county=sheet.entry.round.county)):
        sheet = _locked(sheet)
        access.require(permissions.may_score(user, sheet))
        _require_whole(sheet)
        if sheet.submitted_on is None:
            sheet.submitted_on = clock.today()
            sheet.save(update_fields=["submitted_on"])
            trail.record(actions.SUBMIT, sheet, after=_shown(sheet))
        if not waiting_sheets(user, sheet.entry.round).exists():
            close_rows(Notice.objects.filter(recipient=user, thread=thread_of(sheet.entry.round)))
    return sheet


def look_again(user: User, round_: Round) -> int:
    """Compare the judges of an open round with its associations once more: what is found takes the sheet out. Returns how
    many were found.
    """
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=round_.county)):
        round_ = Round.objects.select_for_update().get(pk=round_.pk)
        access.require(permissions.may_arrange(user, round_))
        rows = Sheet.objects.filter(entry__round=round_).exclude(interest=Interest.CONFLICT)
        rows = rows.select_related("entry__organisation", "entry__round", "judge").order_by("pk")
        sheets = list(rows.select_for_update(of=("self",)))
        found = _found([sheet.entry for sheet in sheets], [sheet.judge for sheet in sheets])
        apart = [sheet for sheet in sheets if (sheet.entry_id, sheet.judge_id) in found]
        for sheet in apart:
            _stay_away(sheet, found[sheet.entry_id, sheet.judge_id], actions.FIND)
    return len(apart)


# --- Parts ---------------------------------------------------------------------------------------------------------------


def _locked(sheet: Sheet) -> Sheet:
    """Return the locked sheet. Its round is locked first, as closing does, so that no points come after the result."""
    Round.objects.select_for_update().get(pk=sheet.entry.round_id)
    rows = Sheet.objects.select_for_update(of=("self",))
    return rows.select_related("entry__round", "entry__organisation", "judge").get(pk=sheet.pk)


def _new_sheets(user: User, entries: Sequence[Entry], judges: Sequence[User]) -> list[Sheet]:
    known = set(Sheet.objects.filter(entry__in=entries).values_list("entry", "judge"))
    found = _found(entries, judges)
    new = []
    for entry in entries:
        for judge in judges:
            if (entry.pk, judge.pk) not in known:
                sheet = Sheet(entry=entry, judge=judge, assigned_by=user, assigned_on=clock.today())
                if reason := found.get((entry.pk, judge.pk)):
                    sheet.interest, sheet.interest_note = Interest.CONFLICT, reason[:NOTE_LENGTH]
                new.append(sheet)
    return Sheet.objects.bulk_create(new)


def _found(entries: Sequence[Entry], judges: Sequence[User]) -> dict[tuple[int, int], str]:
    """Return by (entry, judge) what the portal's own data show of an interest."""
    bodies = {entry.organisation_id: entry.organisation for entry in entries}
    by_body = found_at(list(bodies.values()), list({judge.pk: judge for judge in judges}.values()))
    reasons: dict[tuple[int, int], str] = {}
    for entry in entries:
        for one in by_body.get(entry.organisation_id, ()):
            reasons.setdefault((entry.pk, one.person_id), one.reason)
    return reasons


def _stay_away(sheet: Sheet, reason: str, action: str) -> None:
    """Keep the interest. The sheet no longer counts and its judge no longer sees the association."""
    sheet.interest, sheet.interest_note, sheet.submitted_on = Interest.CONFLICT, reason[:NOTE_LENGTH], None
    sheet.save(update_fields=["interest", "interest_note", "submitted_on"])
    trail.record(action, sheet, after={"judge": str(sheet.judge), "reason": sheet.interest_note})


def _write(sheet: Sheet, marks: Marks) -> None:
    limits = dict(sheet.entry.round.indicators.values_list("pk", "points"))
    given = {indicator: points for indicator, points in marks.points.items() if points is not None}
    for indicator, points in given.items():
        if indicator not in limits or not 0 <= points <= limits[indicator] or points % STEP:
            raise Refused(_("分數要在配分以內，以半分為單位。"))
    Score.objects.filter(sheet=sheet, indicator__in=marks.points.keys() - given.keys()).delete()
    Score.objects.bulk_create(
        [Score(sheet=sheet, indicator_id=indicator, points=points) for indicator, points in given.items()],
        update_conflicts=True,
        unique_fields=["sheet", "indicator"],
        update_fields=["points"],
    )


def _require_whole(sheet: Sheet) -> None:
    if left := sheet.entry.round.indicators.count() - sheet.scores.count():
        raise Refused(_("還有%(count)d項沒有評分，全部評完才能送出。") % {"count": left})


def _shown(sheet: Sheet) -> dict[str, object]:
    """Return comment and points as the trail keeps them."""
    points = Score.objects.filter(sheet=sheet).values_list("indicator__name", "points")
    return {"comment": sheet.comment, **{name: str(value) for name, value in points}}


def _record_assigned(round_: Round, judge: User, sheets: Sequence[Sheet]) -> None:
    """Note it in the trail, and notify the judge of what there is to score."""
    named: dict[bool, list[str]] = {True: [], False: []}
    for sheet in sheets:
        named[sheet.interest == Interest.CONFLICT].append(sheet.entry.organisation.name)
    after = {"judge": str(judge), "associations": named[False], "apart": named[True]}
    trail.record(actions.ASSIGN, round_, after=after)
    if count := len(named[False]):
        params = {"year": round_.roc_year, "count": count, "last": format_roc(round_.closes_on)}
        subject = _("%(year)d年度社區評鑑請您評%(count)d個協會") % params
        body = _("請先聲明利害關係，再到訪評分，%(last)s以前送出評分表。") % params
        url = f"{reverse('evaluation:round', args=[round_.roc_year])}?county={round_.county}"
        notify(judge, "evaluation.assigned", thread_of(round_), clock.today(), subject, body, url)


def thread_of(round_: Round) -> str:
    return f"evaluation_round:{round_.pk}"
