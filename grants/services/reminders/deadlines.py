"""The daily work on deadlines: add missing rows, close those that no longer matter, and find what is due (`SOURCE`).

Every function can run twice: it looks for what is due and not done yet, never for "the date is today".
"""

import datetime as dt
from dataclasses import replace
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _l

from communities.models import OfficeTerm
from grants.compliance.rulesets import ruleset_for
from grants.enums import (
    RUNNING,
    ApplicationStatus,
    AwardStatus,
    DeadlineKind,
    InstalmentCondition,
    InstalmentStatus,
    RulingStatus,
)
from grants.models import Award, CorrectionRequest, Deadline, Instalment, Sanction, Scheme
from grants.queries.payments import owing
from grants.rules.ruleset import NoValue
from grants.services import notices
from grants.services.applications.correction_requests import CORRECTION_BASIS
from grants.services.awards import decisions
from grants.services.letters.terms import receipt_due
from grants.services.locks import lock_award
from grants.services.payments.returns import deadline_for
from grants.services.settlements.due import clause_of, due_on
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.notices.models import Notice

from . import stages
from .engine import Due, Message, Source
from .rows import key_of, unsaved
from .stages import Plan, Stage

PLAN = actions.register("deadline.plan", _l("訂定期限"))
LAY = actions.register("award.lay_instalments", _l("補建分期撥款"))
# 人民團體法 20: the board is elected for a term.
TERM_BASIS = "人民團體法20"
SERIES = "reminder."


def generate_instalments() -> int:
    """Give awards without a plan of payment theirs (柒一) and return how many. Approval makes the plan; this only repairs."""
    count = 0
    for found in Award.objects.filter(status=AwardStatus.ACTIVE, instalments__isnull=True):
        award = lock_award(found)
        if award.instalments.exists():
            continue
        decisions.lay_instalments(award, decisions.plan_for(award.application, award.total))
        rows = {str(row.number): row.amount for row in award.instalments.all()}
        trail.record(LAY, award, after=rows, case=award.number)
        count += 1
    return count


def plan(day: dt.date) -> int:
    """Make the missing deadlines and return how many."""
    made = [*_settlements(day), *_receipts(day), *_corrections(day), *_returns(day), *_terms(day)]
    for deadline in made:
        deadline.save()
        case = deadline.application.number if deadline.application else ""
        after = {"kind": deadline.kind, "due_on": deadline.due_on}
        trail.record(PLAN, deadline, after=after, case=case)
    return len(made)


def close_moot(day: dt.date) -> int:
    """Close deadlines that nobody waits for any more: a withdrawn case, a paid instalment, a re-elected chair."""
    still_open = Deadline.objects.filter(done_on__isnull=True)
    moot = (
        Q(kind=DeadlineKind.CORRECTION) & ~Q(application__status=ApplicationStatus.CORRECTION_REQUESTED)
        | Q(kind=DeadlineKind.FIRST_RECEIPT) & ~Q(instalment__status=InstalmentStatus.AWAITING_RECEIPT)
        | Q(kind=DeadlineKind.SETTLEMENT) & ~Q(award__status__in=RUNNING)
        | Q(kind=DeadlineKind.TERM_EXPIRY, due_on__lt=day)
    )
    return still_open.filter(moot).update(done_on=day)


def _due(day: dt.date) -> list[Due]:
    """Return the open deadlines that may have a stage by the day."""
    plans = _plans(day)
    rows = Deadline.objects.filter(done_on__isnull=True, due_on__lte=day + dt.timedelta(days=stages.HORIZON))
    rows = rows.select_related(
        "application__organisation", "application__scheme", "application__officer", "award", "instalment"
    )
    return [_due_of(row, plans) for row in rows]


def _due_of(row: Deadline, plans: dict[int, Plan]) -> Due:
    kind, case = DeadlineKind(row.kind), row.application
    own = kind == DeadlineKind.SETTLEMENT and case is not None
    return Due(
        f"{SERIES}{kind}.",
        f"{kind}:{row.subject_key}",
        row.due_on,
        row.opened_on,
        plans[row.case.scheme_id] if own else stages.PLANS[kind],
        partial(_messages, row),
        thread_of(row),
        case.number if case else "",
    )


def _plans(day: dt.date) -> dict[int, Plan]:
    """Return the days on which each scheme's law has people reminded of the settlement."""
    plans = {}
    for scheme in Scheme.objects.all():
        try:
            days = ruleset_for(scheme, day).value("settlement.reminder_days", day)
        except NoValue:
            continue
        plans[scheme.pk] = stages.plan_of_days_before(days)
    return plans


def _messages(row: Deadline, stage: Stage, day: dt.date) -> list[Message]:
    if row.kind == DeadlineKind.TERM_EXPIRY:
        return _messages_of_term(row, day)
    members, offices = _people(row, stage)
    found = [Message(members, words(row, stage, day))] if members else []
    return found + ([Message(offices, stages.office_words(row))] if offices else [])


def _messages_of_term(row: Deadline, day: dt.date) -> list[Message]:
    """Write to the association and the county's officers, unless the term is no longer in the register."""
    term = OfficeTerm.objects.filter(pk=row.subject_key.partition(":")[2]).select_related("organisation").first()
    if term is None:
        return []
    place = term.organisation
    members = holders_of(Role.MEMBER, organisation_id=place.pk)
    officers = holders_of(Role.CASE_OFFICER, county=place.county)
    said = stages.term_words(place.pk, place.name, term.person_name, row.due_on, day)
    return [Message([*members, *officers], said)]


def words(row: Deadline, stage: Stage, day: dt.date) -> notices.Words:
    """Return the notice to the association, with whom it may ask."""
    said = stages.words(row, stage, day)
    return replace(said, body=f"{said.body}\n{notices.contact(row.case)}")


def _people(deadline: Deadline, stage: Stage) -> tuple[list[User], list[User]]:
    """Return the association's people and the office's people. The office gets one notice, on the day after; later the
    deadline stands on its desk. A correction that never came is the office's to decide, so the association gets none.
    """
    case = deadline.case
    members = notices.members(case)
    if not stage.overdue:
        return members, []
    if deadline.kind != DeadlineKind.CORRECTION:
        return members, notices.officers(case) if stage.name == stages.DAY_AFTER else []
    if case.township_asks():
        return [], holders_of(Role.TOWNSHIP_OFFICER, county=case.county, township_code=case.township_code)
    return [], notices.officers(case)


def thread_of(deadline: Deadline) -> str:
    """Return the thread of the workflow that moves when the deadline has been met."""
    case = deadline.application.number if deadline.application else ""
    if deadline.instalment is not None:
        return f"instalment:{case}:{deadline.instalment.number}"
    named = {
        DeadlineKind.CORRECTION: "application",
        DeadlineKind.SETTLEMENT: "settlement",
        DeadlineKind.RETURN: "return",
    }
    kind = DeadlineKind(deadline.kind)
    return f"{named[kind]}:{case}" if kind in named else deadline.subject_key


def _ended(current: QuerySet[Notice]) -> QuerySet[Notice, int]:
    waiting = Deadline.objects.filter(done_on__isnull=True).annotate(key=Concat("kind", Value(":"), "subject_key"))
    same = waiting.filter(key=OuterRef("object_key"), due_on=OuterRef("due_on"))
    return current.exclude(Exists(same)).values_list("pk", flat=True)


SOURCE = Source(SERIES, _due, _ended)


def _settlements(day: dt.date) -> list[Deadline]:
    """Return the missing settlement deadlines of awards whose letter has been issued."""
    rows = Award.objects.filter(status__in=RUNNING, settlement__submitted_on__isnull=True, notified_on__isnull=False)
    rows = rows.exclude(Exists(Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT)))
    return [
        unsaved(DeadlineKind.SETTLEMENT, award, clause=clause_of(award), due_on=due_on(award), opened_on=day)
        for award in rows.select_related("application__scheme")
    ]


def _receipts(day: dt.date) -> list[Deadline]:
    rows = Instalment.objects.filter(
        status=InstalmentStatus.AWAITING_RECEIPT,
        condition=InstalmentCondition.RECEIPT,
        award__notified_on__isnull=False,
    ).exclude(Exists(Deadline.objects.filter(instalment=OuterRef("pk"), kind=DeadlineKind.FIRST_RECEIPT)))
    rows = rows.select_related("award__application__scheme")
    rulesets = {one.pk: ruleset_for(one, day) for one in {row.award.application.scheme for row in rows}}
    return [
        unsaved(
            DeadlineKind.FIRST_RECEIPT,
            row,
            clause=row.clause,
            due_on=receipt_due(day, rulesets[row.award.application.scheme_id], row.award.application),
            opened_on=day,
        )
        for row in rows
    ]


def _corrections(day: dt.date) -> list[Deadline]:
    rows = CorrectionRequest.objects.filter(
        answered_on__isnull=True, due_on__isnull=False, application__status=ApplicationStatus.CORRECTION_REQUESTED
    ).exclude(
        Exists(
            Deadline.objects.filter(
                application=OuterRef("application"), kind=DeadlineKind.CORRECTION, done_on__isnull=True
            )
        )
    )
    return [
        unsaved(DeadlineKind.CORRECTION, row, clause=CORRECTION_BASIS, due_on=row.due_on, opened_on=day)
        for row in rows.select_related("application")
        if row.due_on
    ]


def _returns(day: dt.date) -> list[Deadline]:
    """Return the missing deadlines of money that must come back, for decisions older than such deadlines."""
    laid = Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.RETURN)
    # Money that a decision takes back is due from its letter on.
    unsaid = Sanction.objects.filter(award=OuterRef("pk"), status=RulingStatus.CONFIRMED, notified_on__isnull=True)
    rows = owing(Award.objects.all()).exclude(Exists(laid)).exclude(Exists(unsaid))
    rows = rows.select_related("application__scheme", "settlement")
    return [deadline_for(award, day) for award in rows]


def _terms(day: dt.date) -> list[Deadline]:
    """Return the chairpersons' terms that end within ninety days, with nobody elected for the time after."""
    until = day + dt.timedelta(days=stages.HORIZON)
    successor = OfficeTerm.objects.filter(
        organisation=OuterRef("organisation"), office=Office.CHAIRPERSON, valid_from__gt=OuterRef("valid_from")
    ).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to")))
    ending = OfficeTerm.objects.filter(office=Office.CHAIRPERSON, valid_to__range=(day, until)).exclude(
        Exists(successor)
    )
    known = set(Deadline.objects.filter(kind=DeadlineKind.TERM_EXPIRY).values_list("subject_key", flat=True))
    return [
        unsaved(
            DeadlineKind.TERM_EXPIRY,
            term,
            clause=TERM_BASIS,
            due_on=term.valid_to,
            opened_on=min(day, term.valid_to - dt.timedelta(days=stages.HORIZON)),
        )
        for term in ending
        if term.valid_to and key_of(term) not in known
    ]
