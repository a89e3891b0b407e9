"""The daily work on deadlines: add missing rows, close those that no longer matter, and find what is due (`SOURCE`).

Every function can run twice: it looks for what is due and not done yet, never for "the date is today".
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from typing import TypeVar

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import OfficeTerm, Organisation
from grants.compliance.rulesets import ruleset_for
from grants.enums import (
    RUNNING,
    ApplicationStatus,
    AwardStatus,
    DeadlineKind,
    InstalmentCondition,
    InstalmentStatus,
    SanctionEvent,
    SanctionStatus,
    SettlementStatus,
)
from grants.letters.facts import addressed
from grants.models import Application, Award, CorrectionRequest, Deadline, Instalment, Sanction, Scheme
from grants.queries.applications.other_cases import BAN_ROLES
from grants.queries.law.pages import label_of
from grants.queries.payments import overpaid, refund_due, with_overpaid
from grants.queries.reminders.plans import HORIZON, days_before
from grants.rules.ruleset import NoValue, RuleSet, load
from grants.services import notices
from grants.services.applications.correction_requests import CORRECTION_BASIS
from grants.services.awards import plans
from grants.services.letters.terms import receipt_due
from grants.services.locks import lock_award
from grants.services.settlements.due import clause_of, due_on
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.due_dates import days_left, reckoned
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.models import Notice

from . import act
from .engine import Due, Source
from .rows import unsaved

PLAN = actions.register("deadline.plan", _l("訂定期限"))
LAY = actions.register("award.lay_instalments", _l("補建分期撥款"))
# 人民團體法 20: the board is elected for a term.
TERM_BASIS = "人民團體法20"
SERIES = "reminder."
ONE = dt.timedelta(days=1)
Keyed = TypeVar("Keyed", OfficeTerm, Sanction)


def generate_instalments() -> int:
    """Give awards without a plan of payment theirs (柒一) and return how many. Approval makes the plan; this only repairs."""
    missing = Award.objects.filter(status=AwardStatus.ACTIVE, instalments__isnull=True)
    return trail.in_pieces(missing.iterator(trail.PIECE), lambda some: sum(map(_lay, some)))


def _lay(found: Award) -> bool:
    award = lock_award(found)
    if award.instalments.exists():
        return False
    plans.lay_instalments(award, plans.plan_for(award.application, award.total))
    rows = {str(row.number): row.amount for row in award.instalments.all()}
    trail.record(LAY, award, after=rows, case=award.number)
    return True


def plan(day: dt.date) -> int:
    """Make the missing deadlines and return how many."""
    missing = chain(_settlements(day), _receipts(day), _corrections(day), _terms(day), _bans(day))
    return trail.in_pieces(missing, _make)


def _make(made: list[Deadline]) -> int:
    for deadline in made:
        deadline.save()
        case = deadline.application.number if deadline.application else ""
        after = {"kind": deadline.kind, "due_on": deadline.due_on}
        trail.record(PLAN, deadline, after=after, case=case)
    return len(made)


def close_moot(day: dt.date, since: dt.date) -> int:
    """Close deadlines that nobody waits for any more: a withdrawn case, a paid instalment, a re-elected chair. `since` is
    the day of the run before this one: who may apply again from a day on which nothing ran is notified today, and the
    deadline closes tomorrow.
    """
    still_open = Deadline.objects.filter(done_on__isnull=True)
    moot = (
        Q(kind=DeadlineKind.CORRECTION) & ~Q(application__status=ApplicationStatus.CORRECTION_REQUESTED)
        | Q(kind=DeadlineKind.RECEIPT) & ~Q(instalment__status=InstalmentStatus.AWAITING_RECEIPT)
        | Q(kind=DeadlineKind.SETTLEMENT) & ~Q(award__status__in=RUNNING)
        | Q(kind=DeadlineKind.SETTLEMENT_FIX) & ~Q(award__settlement__status=SettlementStatus.CORRECTION_REQUESTED)
        | Q(kind=DeadlineKind.OVERPAID) & ~Q(award__in=with_overpaid(Award.objects.all()))
        | Q(kind=DeadlineKind.BAN_END) & ~Q(subject_key__in=_bans_in_force())
    )
    over = Q(kind=DeadlineKind.TERM_EXPIRY, due_on__lt=day) | Q(
        kind=DeadlineKind.BAN_END, due_on__lte=min(since, day - ONE)
    )
    closed = still_open.filter(moot).update(done_on=day)
    # A day that came is over the day after, whenever that is noticed.
    return closed + still_open.filter(over).update(done_on=F("due_on") + ONE)


def _due(day: dt.date) -> Iterator[Due]:
    """Yield the open deadlines that may have a stage by the day."""
    law_days = _law_days(day)
    rows = Deadline.objects.filter(done_on__isnull=True, due_on__lte=day + dt.timedelta(days=HORIZON))
    rows = rows.select_related(
        "application__organisation", "application__scheme", "application__officer", "award", "instalment"
    )
    for row in rows.defer("application__search").order_by("pk").iterator(trail.PIECE):
        due = _due_of_term(row) if row.kind == DeadlineKind.TERM_EXPIRY else due_of(row, law_days)
        if due is not None:
            yield due


def example(county: str, of: str) -> Due | None:
    """Return a deadline of the county of this kind for a preview: an open one if there is any, the latest due."""
    if of not in DeadlineKind.values:
        return None
    rows = Deadline.objects.filter(kind=of).select_related(
        "application__organisation", "application__scheme", "application__officer", "award", "instalment"
    )
    rows = rows.order_by(F("done_on").desc(nulls_first=True), "-due_on", "-pk")
    if of == DeadlineKind.TERM_EXPIRY:
        return next((due for due in map(_due_of_term, rows) if due and due.county == county), None)
    row = rows.filter(application__county=county).first()
    return due_of(row, _law_days(clock.today())) if row else None


def due_of(row: Deadline, law_days: Mapping[int, tuple[int, ...]]) -> Due:
    """Return a deadline of a case as the engine takes it. `law_days` are those of the settlement, by scheme."""
    kind, case = DeadlineKind(row.kind), row.case
    return Due(
        of=kind,
        county=case.county,
        series=f"{SERIES}{kind}.",
        key=f"{kind}:{row.subject_key}",
        due_on=row.due_on,
        opened_on=row.opened_on,
        values=lambda stage, day: values_of(row, day),
        people=partial(people_of, case),
        url=partial(act.page_of, row),
        law_days=law_days.get(case.scheme_id, ()) if kind == DeadlineKind.SETTLEMENT else (),
        thread=thread_of(row),
        case_number=case.number,
        begins=kind == DeadlineKind.BAN_END,
    )


def _law_days(day: dt.date) -> dict[int, tuple[int, ...]]:
    """Return the days on which each scheme's law has people reminded of the settlement."""
    found = {}
    for scheme in Scheme.objects.all():
        try:
            days = ruleset_for(scheme, day).value("settlement.reminder_days", day)
        except NoValue:
            continue
        found[scheme.pk] = days_before(days)
    return found


def _due_of_term(row: Deadline) -> Due | None:
    """Return a chairperson's term that ends, unless it is no longer in the register."""
    term = OfficeTerm.objects.filter(pk=row.subject_key.partition(":")[2]).select_related("organisation").first()
    if term is None:
        return None
    place = term.organisation
    return Due(
        of=row.kind,
        county=place.county,
        series=f"{SERIES}{row.kind}.",
        key=f"{row.kind}:{row.subject_key}",
        due_on=row.due_on,
        opened_on=row.opened_on,
        values=lambda stage, day: _values_of_term(term, row.due_on, day),
        people=partial(_people_of_body, place),
        url=partial(act.page_of_term, place.pk),
        thread=thread_of(row),
    )


def values_of(row: Deadline, day: dt.date) -> dict[str, str]:
    """Return what the marks of a deadline of a case stand for, with the days left counted from the day."""
    case = row.case
    found = {
        "案號": case.number,
        "單位": case.organisation.name,
        "稱呼": addressed(case.organisation.kind),
        "計畫": case.title,
        "期限": reckoned(row.due_on, case.county),
        "剩餘天數": days_left(row.due_on, day),
        "聯絡方式": notices.contact(case),
        "條文": f"（{label_of(row.clause, load(case.scheme.ruleset))}）" if row.clause else "",
        "先做的事": _("請"),
    }
    if row.instalment is not None:
        found |= {"期別": str(row.instalment.number), "金額": format_amount(row.instalment.amount)}
    if row.kind == DeadlineKind.RETURN and row.award is not None:
        found["金額"] = format_amount(refund_due(row.award))
    if row.kind == DeadlineKind.OVERPAID and row.award is not None:
        found["金額"] = format_amount(overpaid(row.award))
    if row.award is not None and row.award.status == AwardStatus.ACTIVE:
        found["先做的事"] = _("計畫辦完後，請先登記完成的日期，")
    return found


def _values_of_term(term: OfficeTerm, due_on: dt.date, day: dt.date) -> dict[str, str]:
    left = days_left(due_on, day)
    body, due = term.organisation, format_roc(due_on)
    return {"單位": body.name, "職稱": body.head_word, "姓名": term.person_name, "期限": due, "剩餘天數": left}


def people_of(case: Application, who: str) -> list[User]:
    """Return the people whom a row of the table of reminders means, for a case."""
    if who == "asker":
        return people_of(case, "township" if case.township_asks() else "officers")
    if who == "officers":
        return notices.officers(case)
    if who == "township":
        return holders_of(Role.TOWNSHIP_OFFICER, county=case.county, township_code=case.township_code)
    return _people_of_body(case.organisation, who) or notices.members(case)


def _people_of_body(place: Organisation, who: str) -> list[User]:
    if who == "chair":
        return holders_of(Role.MEMBER, organisation_id=place.pk, office=Office.CHAIRPERSON)
    if who == "members":
        return holders_of(Role.MEMBER, organisation_id=place.pk)
    if who == "township":
        return holders_of(Role.TOWNSHIP_OFFICER, county=place.county, township_code=place.township_id or "")
    return holders_of(Role.APPROVER if who == "approvers" else Role.CASE_OFFICER, county=place.county)


def thread_of(deadline: Deadline) -> str:
    """Return the thread of the workflow that moves when the deadline has been met."""
    case = deadline.application.number if deadline.application else ""
    if deadline.instalment is not None:
        return f"instalment:{case}:{deadline.instalment.number}"
    named = {
        DeadlineKind.CORRECTION: "application",
        DeadlineKind.SETTLEMENT: "settlement",
        DeadlineKind.SETTLEMENT_FIX: "settlement",
        DeadlineKind.RETURN: "return",
        DeadlineKind.OVERPAID: "overpaid",
    }
    kind = DeadlineKind(deadline.kind)
    return f"{named[kind]}:{case}" if kind in named else deadline.subject_key


def _ended(current: QuerySet[Notice]) -> QuerySet[Notice, int]:
    waiting = Deadline.objects.filter(done_on__isnull=True).annotate(key=Concat("kind", Value(":"), "subject_key"))
    same = waiting.filter(key=OuterRef("object_key"), due_on=OuterRef("due_on"))
    return current.exclude(Exists(same)).values_list("pk", flat=True)


SOURCE = Source(SERIES, _due, _ended)


def _settlements(day: dt.date) -> Iterator[Deadline]:
    """Yield the missing settlement deadlines of awards whose letter has been issued."""
    rows = Award.objects.filter(status__in=RUNNING, settlement__submitted_on__isnull=True, notified_on__isnull=False)
    rows = rows.exclude(Exists(Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT)))
    for award in rows.select_related("application__scheme").iterator(trail.PIECE):
        opened_on = award.notified_on or day
        yield unsaved(
            DeadlineKind.SETTLEMENT, award, clause=clause_of(award), due_on=due_on(award), opened_on=opened_on
        )


def _receipts(day: dt.date) -> Iterator[Deadline]:
    rows = Instalment.objects.filter(
        status=InstalmentStatus.AWAITING_RECEIPT,
        condition=InstalmentCondition.RECEIPT,
        award__notified_on__isnull=False,
    ).exclude(Exists(Deadline.objects.filter(instalment=OuterRef("pk"), kind=DeadlineKind.RECEIPT)))
    rulesets: dict[int, RuleSet] = {}
    for row in rows.select_related("award__application__scheme").iterator(trail.PIECE):
        case = row.award.application
        if case.scheme_id not in rulesets:
            rulesets[case.scheme_id] = ruleset_for(case.scheme, day)
        due = receipt_due(day, rulesets[case.scheme_id], case)
        yield unsaved(DeadlineKind.RECEIPT, row, clause=row.clause, due_on=due, opened_on=day)


def _corrections(day: dt.date) -> Iterator[Deadline]:
    open_one = Deadline.objects.filter(
        application=OuterRef("application"), kind=DeadlineKind.CORRECTION, done_on__isnull=True
    )
    rows = CorrectionRequest.objects.filter(
        answered_on__isnull=True, due_on__isnull=False, application__status=ApplicationStatus.CORRECTION_REQUESTED
    ).exclude(Exists(open_one))
    for row in rows.select_related("application").iterator(trail.PIECE):
        if row.due_on:
            yield unsaved(
                DeadlineKind.CORRECTION, row, clause=CORRECTION_BASIS, due_on=row.due_on, opened_on=row.requested_on
            )


def _terms(day: dt.date) -> Iterator[Deadline]:
    """Yield the chairpersons' terms that end within ninety days, with nobody elected for the time after."""
    until = day + dt.timedelta(days=HORIZON)
    successor = OfficeTerm.objects.filter(
        organisation=OuterRef("organisation"), office=Office.CHAIRPERSON, valid_from__gt=OuterRef("valid_from")
    ).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to")))
    ending = OfficeTerm.objects.filter(office=Office.CHAIRPERSON, valid_to__range=(day, until)).exclude(
        Exists(successor)
    )
    for term in _without(DeadlineKind.TERM_EXPIRY, "term", ending).iterator(trail.PIECE):
        if term.valid_to:
            opened_on = min(day, term.valid_to - dt.timedelta(days=HORIZON))
            yield unsaved(DeadlineKind.TERM_EXPIRY, term, clause=TERM_BASIS, due_on=term.valid_to, opened_on=opened_on)


def _bans(day: dt.date) -> Iterator[Deadline]:
    """Yield the first days on which an association may apply again, of bans that end soon and whose letter went out."""
    ending = Sanction.objects.filter(
        status=SanctionStatus.CONFIRMED,
        notified_on__isnull=False,
        barred_to__range=(day, day + dt.timedelta(days=HORIZON - 1)),
    ).select_related("award__application__scheme")
    for row in _without(DeadlineKind.BAN_END, "ban", ending).iterator(trail.PIECE):
        if row.barred_to:
            clause = load(row.award.application.scheme.ruleset).cite(BAN_ROLES[SanctionEvent(row.event)])
            yield unsaved(DeadlineKind.BAN_END, row, clause=clause, due_on=row.barred_to + ONE, opened_on=day)


def _without(kind: DeadlineKind, prefix: str, rows: QuerySet[Keyed]) -> QuerySet[Keyed]:
    """Return those of the rows for which there is no deadline of this kind, by the key of `rows.key_of`."""
    same = Deadline.objects.filter(kind=kind, subject_key=OuterRef("key"))
    return rows.alias(key=Concat(Value(f"{prefix}:"), Cast("pk", CharField()))).exclude(Exists(same))


def _bans_in_force() -> QuerySet[Sanction, str]:
    """Return the keys of bans that were not lifted."""
    rows = Sanction.objects.filter(status=SanctionStatus.CONFIRMED, barred_to__isnull=False)
    return rows.annotate(key=Concat(Value("ban:"), Cast("pk", CharField()))).values_list("key", flat=True)
