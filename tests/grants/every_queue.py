"""Something in every queue of the desk, all of it the work of the same few people."""

import datetime as dt

from communities.enums import AccountRequestStatus, Tier, TierBasis
from communities.models import AccountRequest, Alliance, AllianceMember, OfficeTerm, Organisation, TierDecision
from grants.enums import (
    UNDECIDED,
    DeadlineKind,
    InstalmentStatus,
    LedgerKind,
    PaymentBatchStatus,
    RulingStatus,
    SettlementStatus,
)
from grants.enums import ApplicationStatus as S
from grants.models import Closure, CorrectionRequest, Deadline, Duty, LedgerEntry, ReviewAssignment, Settlement
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts.changes import propose_second_factor
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.changes.example import propose_greeting
from tests.factories import money
from tests.factories.accounts import PostFactory, UserFactory, person
from tests.factories.communities import OrganisationFactory
from tests.factories.grants import ApplicationFactory, ProgrammeFactory

from . import in_each_status
from .settling import accepted, paid_first

TODAY, YESTERDAY = in_each_status.TODAY, in_each_status.YESTERDAY


def fill(people: in_each_status.People) -> None:
    """One row or more in each queue."""
    _cases(people)
    _money(people)
    _duties(people)
    _people_and_terms(people)
    _to_confirm(people)
    _closed_day(people)


def _closed_day(people: in_each_status.People) -> None:
    """A closed day that a colleague declared and nobody has looked at."""
    declared = {"reason": "颱風", "declared_by": person(Role.CASE_OFFICER), "declared_on": TODAY}
    Closure.objects.create(county="kaohsiung", on=TODAY, **declared)


def _cases(people: in_each_status.People) -> None:
    for status in (S.DRAFT, S.TOWNSHIP_REVIEW, S.SUBMITTED, S.COMPLETENESS_CHECK, S.UNDER_REVIEW, S.PROPOSED):
        in_each_status.application(people, status)
    ApplicationFactory(organisation=people.body, status=S.AWAITING_CHAIR, programme=ProgrammeFactory(code="culture"))
    in_each_status.application(people, S.CORRECTION_REQUESTED)
    at_township = in_each_status.application(people, S.CORRECTION_REQUESTED)
    CorrectionRequest.objects.filter(application=at_township).update(by_township=True, requested_by=people.township)
    in_each_status.letter(people, "draft")
    former = person(Role.REVIEWER)
    former.posts.update(valid_from=dt.date(2005, 1, 1), valid_to=dt.date(2006, 12, 31))
    for reviewer in (people.reviewer, former):
        ReviewAssignment.objects.create(
            application=in_each_status.application(people, S.UNDER_REVIEW),
            reviewer=reviewer,
            assigned_by=people.officer,
            assigned_on=TODAY,
            due_on=TODAY,
        )


def _money(people: in_each_status.People) -> None:
    money.approved(staff=people, organisation=people.body, settlement_due=YESTERDAY, receipt_due=YESTERDAY)
    for status in (InstalmentStatus.REQUESTED, InstalmentStatus.APPROVED):
        in_each_status.instalment(people, status)
    for batch_status in (PaymentBatchStatus.DRAFTED, PaymentBatchStatus.SENT):
        in_each_status.payment_batch(people, batch_status)
    for status in (
        SettlementStatus.SUBMITTED,
        SettlementStatus.SUMS_CHECKED,
        SettlementStatus.CONTENT_CHECKED,
        SettlementStatus.CORRECTION_REQUESTED,
    ):
        in_each_status.settlement(people, status)
    # The finance officers of the walk are to find the vouchers and the payments: somebody else had a part in them.
    Settlement.objects.exclude(sums_checked_by=None).update(sums_checked_by=UserFactory())
    owing = money.approved(staff=people, organisation=people.body)
    paid_first(owing, people)
    accepted(owing, people, (30_000, 20_000))
    first = owing.instalments.get(number=1)
    LedgerEntry.objects.create(
        envelope=owing.envelope, award=owing, instalment=first, kind=LedgerKind.OVERPAID, amount=first.amount, on=TODAY,
        at=clock.now(), by=people.finance,
    )  # fmt: skip
    unsaved(DeadlineKind.OVERPAID, owing, clause="", due_on=YESTERDAY, opened_on=YESTERDAY).save()
    Deadline.objects.filter(award=owing, kind=DeadlineKind.RETURN).delete()
    late = unsaved(DeadlineKind.RETURN, owing, clause="K7.3a", due_on=YESTERDAY, opened_on=YESTERDAY)
    late.save()


def _duties(people: in_each_status.People) -> None:
    place = {"county": "kaohsiung", "period": "2010", "due_on": TODAY, "opened_on": YESTERDAY}
    Duty.objects.create(key="assembly", clause="M5.5a", organisation=people.body, **place)
    Duty.objects.create(
        key="accounts",
        clause="M5.5a",
        organisation=people.body,
        done_on=TODAY,
        done_by=people.staff,
        held_on=TODAY,
        **place,
    )
    Duty.objects.create(key="guidance", clause="M5.5a", organisation=people.body, **place)
    Duty.objects.create(key="training_event", clause="M5.6", **place)


def _chair(organisation: Organisation, name: str, first: dt.date, last: dt.date) -> None:
    OfficeTerm.objects.create(
        organisation=organisation, office=Office.CHAIRPERSON, person_name=name, valid_from=first, valid_to=last
    )


def _people_and_terms(people: in_each_status.People) -> None:
    _chair(OrganisationFactory(), "前理事長", dt.date(2006, 6, 1), YESTERDAY)
    _chair(OrganisationFactory(), "任期將屆", dt.date(2008, 6, 1), dt.date(2010, 6, 30))
    _chair(people.body, "前任", dt.date(2006, 6, 1), dt.date(2010, 4, 30))
    OfficeTerm.objects.filter(user=people.chair).update(valid_from=dt.date(2010, 5, 1))
    PostFactory(role=Role.AUDITOR, valid_to=TODAY)
    AccountRequest.objects.create(
        county="kaohsiung",
        organisation_name="某協會",
        office=Office.STAFF,
        status=AccountRequestStatus.WAITING,
        requested_on=TODAY,
        received_at=clock.now(),
    )
    TierDecision.objects.create(
        organisation=people.body,
        year=2010,
        tier=Tier.EXCELLENT,
        basis=TierBasis.DECISION,
        reason="評鑑優良",
        proposed_by=people.officer,
        proposed_on=TODAY,
    )


def _to_confirm(people: in_each_status.People) -> None:
    """What the officer and the finance officer recorded, which somebody else confirms."""
    made = (
        in_each_status.ruling,
        in_each_status.waiver,
        in_each_status.sanction,
        in_each_status.record_correction,
        in_each_status.sanction_lifting,
        in_each_status.envelope_change,
    )
    for one in (*made, in_each_status.return_terms_change):
        one(people, RulingStatus.DRAFT)
    for status in UNDECIDED:
        in_each_status.amendment(people, status)
    _invitation(people)
    propose_second_factor(Actor(person(Role.ADMINISTRATOR, "")), person(Role.REVIEWER))
    propose_greeting(people.officer, "您早")


def _invitation(people: in_each_status.People) -> None:
    """A neighbour asks the association to join its alliance."""
    asking = Alliance.objects.create(
        name="山線送餐結盟", county="kaohsiung", lead=OrganisationFactory(), purpose="一起學送餐", starts_on=TODAY, ends_on=TODAY,
        proposed_by=people.officer, proposed_on=TODAY,
    )  # fmt: skip
    AllianceMember.objects.create(alliance=asking, organisation=people.body, invited_on=TODAY)
