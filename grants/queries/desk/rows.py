"""The rows of the desk's queues. Each function takes a post, the person and the day."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communities.enums import AccountRequestStatus, Office, TierDecisionStatus
from communities.models import AccountRequest, AllianceMember, OfficeTerm, TierDecision
from communities.queries import alliances, ending_chairs, expired_chairs
from grants.duty_kinds import DUTIES, OF_ASSOCIATIONS
from grants.enums import (
    BEING_CHECKED,
    RUNNING,
    AmendmentStatus,
    AwardStatus,
    BatchPaymentState,
    DeadlineKind,
    InstalmentCondition,
    InstalmentStatus,
    LetterStatus,
    RulingStatus,
    SettlementStatus,
)
from grants.enums import ApplicationStatus as S
from grants.models import (
    Amendment,
    Application,
    Award,
    BatchPayment,
    Closure,
    CorrectionRequest,
    Deadline,
    Debt,
    Duty,
    Instalment,
    Letter,
    PaymentBatch,
    Proposal,
    ReviewAssignment,
    Settlement,
)
from grants.queries.applications.officers import has_left
from grants.queries.duties import in_state, waiting
from grants.queries.payments import with_overpaid
from grants.queries.reviews.cases import unscored_by_who_left
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, CHANGE_CONFIRMERS, DATA_KEEPERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import IdentityChange, Post, User
from miaoli_kaohsiung.accounts.queries import changes_to_decide, posts_ending, posts_in_force
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.queries import waiting_at

WEEK = 7
# A general meeting is called 15 days ahead (人民團體法26), a board's 7 (督導各級人民團體實施辦法5), so it is shown in time.
AHEAD = {"assembly": 60, "accounts": 60, "election": 60, "board_meeting": 30}
# How many days before its deadline a settlement appears on the desk, unless the project is over already.
SETTLING = 30

Rows = Callable[[Post, User, dt.date], QuerySet[Any] | None]


def held_by(role: Role, rows: Rows) -> Rows:
    return lambda post, user, today: rows(post, user, today) if post.role == role else None


def by_another(who: tuple[Role, ...], model: type[Model], county: str, author: str) -> Rows:
    """Return what one person recorded and another among `who` confirms: not the one in the column `author`."""

    def rows(post: Post, user: User, today: dt.date) -> QuerySet[Any] | None:
        if post.role not in who:
            return None
        waiting = model._default_manager.filter(**{county: post.county}, status=RulingStatus.DRAFT)
        return waiting.exclude(**{author: user})

    return rows


def own(status: str) -> Rows:
    """Return rows of the officer's own cases in a status (of the absent officer's, for a deputy), and of those whose
    officer has left.
    """

    def rows(post: Post, user: User, today: dt.date) -> QuerySet[Application]:
        cases = Application.objects.filter(county=post.county, status=status)
        return cases.filter(Q(officer=post.holder_id) | has_left())

    return held_by(Role.CASE_OFFICER, rows)


def mine(**fields: Any) -> Rows:
    return held_by(
        Role.MEMBER,
        lambda post, user, today: Application.objects.filter(organisation_id=post.member_of, **fields),
    )


def deadline_of(kind: str, **path: str) -> Subquery:
    """Return the day of the open deadline of this kind; `path` leads from it to the row, for instance award="pk"."""
    where = {name: OuterRef(column) for name, column in path.items()}
    return Subquery(Deadline.objects.filter(kind=kind, done_on=None, **where).order_by("due_on").values("due_on")[:1])


RECEIPT_DUE = deadline_of(DeadlineKind.RECEIPT, instalment="pk")
SETTLEMENT_DUE = deadline_of(DeadlineKind.SETTLEMENT, award="pk")
RETURN_DUE = deadline_of(DeadlineKind.RETURN, award="pk")
OVERPAID_DUE = deadline_of(DeadlineKind.OVERPAID, award="pk")


def past_due(rows: QuerySet[Any], kind: str, today: dt.date) -> QuerySet[Any]:
    """Return those of the rows whose deadline of this kind, one for each, has passed, with its day, `laid`, as indexed."""
    open_ones = {"deadlines__kind": kind, "deadlines__county": F("county"), "deadlines__done_on": None}
    found = rows.filter(**open_ones, deadlines__due_on__lt=today)
    laid: QuerySet[Any] = found.annotate(laid=F("deadlines__due_on"))
    return laid


def to_confirm(post: Post, user: User, today: dt.date) -> QuerySet[Application] | None:
    if post.role != Role.MEMBER or post.office != Office.CHAIRPERSON:
        return None
    mine = Application.objects.filter(organisation_id=post.member_of)
    return mine.filter(Q(status=S.AWAITING_CHAIR) | Q(status=S.CORRECTION_REQUESTED, pk__in=_handed()))


def amendments_to_confirm(post: Post, user: User, today: dt.date) -> QuerySet[Amendment] | None:
    """Return the changes of awards that wait for this chairperson."""
    if post.role != Role.MEMBER or post.office != Office.CHAIRPERSON:
        return None
    mine = Amendment.objects.filter(award__application__organisation_id=post.member_of)
    return mine.filter(status=AmendmentStatus.AWAITING_CHAIR)


def invitations(post: Post, user: User, today: dt.date) -> QuerySet[AllianceMember] | None:
    """Return the alliances that this chairperson is asked to join."""
    if post.role != Role.MEMBER or post.office != Office.CHAIRPERSON or post.counter_for:
        return None
    return alliances.invited(post.member_of)


def amendments_to_check(post: Post, user: User, today: dt.date) -> QuerySet[Amendment]:
    return Amendment.objects.filter(county=post.county, status=AmendmentStatus.SUBMITTED)


def amendments_to_decide(post: Post, user: User, today: dt.date) -> QuerySet[Amendment]:
    rows = Amendment.objects.filter(county=post.county, status=AmendmentStatus.CHECKED)
    return rows.exclude(checked_by=user)


def to_correct(post: Post, user: User, today: dt.date) -> QuerySet[Application] | None:
    """Return corrections that the staff has not handed to the chairperson yet."""
    if post.role != Role.MEMBER:
        return None
    rows = Application.objects.filter(organisation_id=post.member_of, status=S.CORRECTION_REQUESTED)
    return rows.exclude(pk__in=_handed())


def _handed() -> QuerySet[CorrectionRequest, Any]:
    """Return the cases whose correction waits for the chairperson."""
    return CorrectionRequest.objects.filter(answered_on__isnull=True, handed_on__isnull=False).values("application")


def receipts(post: Post, user: User, today: dt.date) -> QuerySet[Instalment]:
    """Return instalments that wait for a receipt, once the letter that tells of the money is issued."""
    mine = {"award__application__organisation_id": post.organisation_id, "award__notified_on__isnull": False}
    notified = ~Q(condition=InstalmentCondition.SETTLEMENT) | Q(award__settlement__notified_on__isnull=False)
    return Instalment.objects.filter(
        notified, status=InstalmentStatus.AWAITING_RECEIPT, award__awaits_letter=False, **mine
    )


def _unsettled(rows: QuerySet[Award]) -> QuerySet[Award]:
    """Return the running awards with no settlement sent yet."""
    sent = Settlement.objects.filter(award=OuterRef("pk")).exclude(status=SettlementStatus.DRAFT)
    return rows.filter(~Exists(sent), status__in=RUNNING)


def to_settle(post: Post, user: User, today: dt.date) -> QuerySet[Award]:
    """Return awards to settle: the project is over, or the deadline of the settlement is near."""
    awards = _unsettled(Award.objects.filter(application__organisation_id=post.member_of))
    near = Deadline.objects.filter(
        award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT, due_on__lte=today + dt.timedelta(days=SETTLING)
    )
    return awards.filter(Q(ends_on__lt=today) | Q(status=AwardStatus.COMPLETED) | Exists(near))


def settlement_back(post: Post, user: User, today: dt.date) -> QuerySet[Settlement]:
    mine = {"award__application__organisation_id": post.organisation_id}
    return Settlement.objects.filter(status=SettlementStatus.CORRECTION_REQUESTED, **mine)


def to_return(post: Post, user: User, today: dt.date) -> QuerySet[Award]:
    """Return awards whose money must come back, once the letter that says so is issued."""
    asked = {"debts__kind": DeadlineKind.RETURN, "debts__due_on__isnull": False}
    return Award.objects.filter(application__organisation_id=post.member_of, **asked)


def to_give_back(post: Post, user: User, today: dt.date) -> QuerySet[Award]:
    """Return the association's awards of which money left twice."""
    return with_overpaid(Award.objects.filter(application__organisation_id=post.member_of))


def _debts(kind: str, county: str) -> QuerySet[Any]:
    """Return the county's awards with a debt of this kind, each with the day by which it is due, `laid`."""
    rows = Award.objects.filter(county=county, debts__kind=kind, debts__county=county)
    laid: QuerySet[Any] = rows.annotate(laid=F("debts__due_on"))
    return laid


def debts(kind: str) -> Rows:
    """Return rows of awards with a debt of this kind."""
    return lambda post, user, today: _debts(kind, post.county)


def late_debts(kind: str) -> Rows:
    return lambda post, user, today: _debts(kind, post.county).filter(laid__lt=today)


def debts_alone(kind: str) -> Rows:
    """Return the debts themselves, which know award, county and day: what the desk counts is in their index."""
    return lambda post, user, today: Debt.objects.filter(county=post.county, kind=kind)


def late_debts_alone(kind: str) -> Rows:
    return lambda post, user, today: Debt.objects.filter(county=post.county, kind=kind, due_on__lt=today)


def late_receipts(post: Post, user: User, today: dt.date) -> QuerySet[Instalment]:
    rows = Instalment.objects.filter(status=InstalmentStatus.AWAITING_RECEIPT, county=post.county)
    return past_due(rows, DeadlineKind.RECEIPT, today)


def late_settlements(post: Post, user: User, today: dt.date) -> QuerySet[Award]:
    return past_due(_unsettled(Award.objects.filter(county=post.county)), DeadlineKind.SETTLEMENT, today)


def _open_correction(**fields: Any) -> Exists:
    return Exists(CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_on=None, **fields))


def overdue(post: Post, user: User, today: dt.date) -> QuerySet[Application]:
    """Return the corrections that the county asked for. Who asked is looked up row by row, so that the first rows are found
    in the order of their index, however many there are.
    """
    cases = Application.objects.filter(county=post.county, status=S.CORRECTION_REQUESTED, correction_due_on__lt=today)
    asked = CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_on=None).order_by()
    cases = cases.alias(by_township=Coalesce(Subquery(asked.values("by_township")[:1]), False))
    return cases.filter(Q(officer=post.holder_id) | has_left(), by_township=False)


def overdue_at_township(post: Post, user: User, today: dt.date) -> QuerySet[Application]:
    place = {"township_code": post.township_code, "county": post.county}
    cases = Application.objects.filter(status=S.CORRECTION_REQUESTED, correction_due_on__lt=today, **place)
    return cases.filter(_open_correction(by_township=True))


def to_approve(post: Post, user: User, today: dt.date) -> QuerySet[Instalment] | None:
    """Return receipts for the officers. What an officer recorded is approved by another one, or by the approver."""
    rows = Instalment.objects.filter(status=InstalmentStatus.REQUESTED, county=post.county)
    if post.role == Role.CASE_OFFICER:
        return rows.exclude(requested_by=user)
    if post.role != Role.APPROVER:
        return None
    by_officer = posts_in_force().filter(role=Role.CASE_OFFICER, county=post.county).values("user")
    return rows.filter(requested_by__in=by_officer).exclude(requested_by=user)


def to_pay(post: Post, user: User, today: dt.date) -> QuerySet[Instalment]:
    """Return approved payments, except those that this person asked for, approved or decided, or that follow from
    vouchers they checked. What stands on a batch waits as part of it.
    """
    rows = Instalment.objects.filter(status=InstalmentStatus.APPROVED, county=post.county)
    rows = rows.exclude(Exists(BatchPayment.objects.filter(instalment=OuterRef("pk"), state=BatchPaymentState.WAITING)))
    mine = Q(requested_by=user) | Q(approved_by=user) | Q(award__proposed_by=user) | Q(award__approved_by=user)
    return rows.exclude(mine).exclude(award__settlement__sums_checked_by=user)


def batches(*statuses: str) -> Rows:
    """Return rows of 付款清冊 in these statuses."""

    def rows(post: Post, user: User, today: dt.date) -> QuerySet[PaymentBatch]:
        return PaymentBatch.objects.filter(status__in=statuses, county=post.county)

    return rows


def settlements(status: str, *others: str) -> Rows:
    """Return rows of settlements in a status, except those that this person handled at the steps named."""

    def rows(post: Post, user: User, today: dt.date) -> QuerySet[Settlement]:
        found = Settlement.objects.filter(status=status, county=post.county)
        for column in others:
            found = found.exclude(**{column: user})
        return found

    return rows


def duties_of_members(post: Post, user: User, today: dt.date) -> QuerySet[Duty]:
    """Return duties due within a week; meetings earlier, so that they can still be called in time."""
    soon = Q(due_on__lte=today + dt.timedelta(days=WEEK))
    for key, days in AHEAD.items():
        soon |= Q(key=key, due_on__lte=today + dt.timedelta(days=days))
    keys = [key for key, duty in DUTIES.items() if duty.by == Role.MEMBER]
    own = Q(application__organisation_id=post.organisation_id) | Q(organisation_id=post.organisation_id)
    return waiting(Duty.objects.filter(soon)).filter(own, key__in=keys)


def duties_of_county(post: Post, user: User, today: dt.date) -> QuerySet[Duty]:
    """Return the county's duties, except visits to associations, which have a queue of their own."""
    rows = waiting(Duty.objects.filter(due_on__lte=today + dt.timedelta(days=WEEK)))
    keys = [key for key, duty in DUTIES.items() if duty.by == Role.CASE_OFFICER and key not in OF_ASSOCIATIONS]
    return rows.filter(county=post.county, key__in=keys)


def visits(post: Post, user: User, today: dt.date) -> QuerySet[Duty]:
    rows = waiting(Duty.objects.filter(due_on__lte=today + dt.timedelta(days=WEEK)))
    return rows.filter(county=post.county, key="guidance")


def unchecked(post: Post, user: User, today: dt.date) -> QuerySet[Duty]:
    return in_state(Duty.objects.filter(county=post.county, organisation__isnull=False), "unchecked")


def terms_over(post: Post, user: User, today: dt.date) -> QuerySet[OfficeTerm]:
    return expired_chairs(today).filter(organisation__county=post.county)


def terms_ending(post: Post, user: User, today: dt.date) -> QuerySet[OfficeTerm] | None:
    """Return the chairpersons' terms that are nearly over, for the county's officers and for the association itself."""
    if post.role == Role.CASE_OFFICER:
        return ending_chairs(today).filter(organisation__county=post.county)
    return ending_chairs(today).filter(organisation=post.member_of) if post.role == Role.MEMBER else None


def posts_over(post: Post, user: User, today: dt.date) -> QuerySet[Post]:
    return posts_ending(post.county).exclude(user=user)


def to_decide(post: Post, user: User, today: dt.date) -> QuerySet[Application]:
    """Return the proposals of others; one that was put off comes back on its day."""
    cases = Application.objects.filter(county=post.county, status=S.PROPOSED)
    off = Q(proposed_by=user) | Q(deferred_until__gt=today)
    return cases.exclude(pk__in=Proposal.objects.filter(off, decision="open").order_by().values("application"))


def to_score(post: Post, user: User, today: dt.date) -> QuerySet[ReviewAssignment]:
    rows = ReviewAssignment.objects.filter(reviewer=user, submitted_on=None, application__county=post.county)
    rows = rows.filter(application__status__in=BEING_CHECKED)
    return rows.exclude(interest=ReviewAssignment.Interest.CONFLICT)


def without_reviewer(post: Post, user: User, today: dt.date) -> QuerySet[ReviewAssignment]:
    """Return reviews of the officer's cases that were asked of people who are no reviewers of the county any more."""
    own = Q(application__officer=post.holder_id) | has_left("application__")
    over = Q(valid_to__lt=today) | Q(valid_from__gt=today) | Q(closed=True) | Q(user__is_active=False)
    gone = Post.objects.filter(over, role=Role.REVIEWER, county=post.county).values("user")
    mine = {"application__county": post.county, "application__status__in": BEING_CHECKED}
    return unscored_by_who_left().filter(own, reviewer__in=gone, **mine)


def first_review(post: Post, user: User, today: dt.date) -> QuerySet[Application]:
    place = {"township_code": post.township_code, "county": post.county}
    return Application.objects.filter(status=S.TOWNSHIP_REVIEW, **place)


def to_receive(post: Post, user: User, today: dt.date) -> QuerySet[Application]:
    return Application.objects.filter(county=post.county, status=S.SUBMITTED)


def drafted_letters(post: Post, user: User, today: dt.date) -> QuerySet[Letter]:
    return Letter.objects.filter(county=post.county, status=LetterStatus.DRAFT)


def tiers(post: Post, user: User, today: dt.date) -> QuerySet[TierDecision]:
    rows = TierDecision.objects.filter(organisation__county=post.county, status=TierDecisionStatus.PROPOSED)
    return rows.exclude(proposed_by=user)


def account_requests(post: Post, user: User, today: dt.date) -> QuerySet[AccountRequest]:
    return AccountRequest.objects.filter(county=post.county, status=AccountRequestStatus.WAITING)


def changes_of_data(post: Post, user: User, today: dt.date) -> QuerySet[Change] | None:
    return waiting_at(post, user) if post.role in DATA_KEEPERS else None


def closures(post: Post, user: User, today: dt.date) -> QuerySet[Closure] | None:
    """Return the closed days that another person has declared and nobody else has looked at."""
    if post.role not in CASE_HANDLERS:
        return None
    return Closure.objects.filter(county=post.county, seen_on=None, taken_back_on=None).exclude(declared_by=user)


def changes_of_people(post: Post, user: User, today: dt.date) -> QuerySet[IdentityChange] | None:
    """Return changes about somebody else that another person proposed; one page with the buttons shows them all."""
    if post.role not in CHANGE_CONFIRMERS:
        return None
    return changes_to_decide(user).exclude(proposed_by=user).exclude(user=user)
