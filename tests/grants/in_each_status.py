"""One object of each kind that has a table of moves, in any of its statuses, and the people who work on it."""

import datetime as dt
from types import SimpleNamespace

from grants.enums import (
    DECIDED,
    WITH_TREASURY,
    AmendmentStatus,
    AwardStatus,
    BatchPaymentState,
    InstalmentStatus,
    LetterStatus,
    PaymentBatchStatus,
    RulingStatus,
    SettlementStatus,
)
from grants.enums import ApplicationStatus as S
from grants.models import (
    Amendment,
    AmendmentItem,
    Application,
    ApplicationVersion,
    Award,
    BatchPayment,
    CorrectionRequest,
    EnvelopeChange,
    Instalment,
    Letter,
    PaymentBatch,
    Proposal,
    RecordCorrection,
    ReturnTermsChange,
    Ruling,
    Sanction,
    SanctionLifting,
    Settlement,
    Waiver,
)
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock
from tests.factories import letters, money
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory, SchemeFactory

TODAY, YESTERDAY = dt.date(2010, 6, 1), dt.date(2010, 5, 31)


class People(SimpleNamespace):
    """One or two of each post, all of one county, one association and one township."""

    @classmethod
    def make(cls) -> "People":
        body = OrganisationFactory()
        return cls(
            body=body,
            staff=member_of(body),
            chair=member_of(body, Office.CHAIRPERSON),
            township=person(Role.TOWNSHIP_OFFICER, township_code=QISHAN),
            officer=person(Role.CASE_OFFICER),
            other=person(Role.CASE_OFFICER),
            head=person(Role.APPROVER),
            finance=person(Role.FINANCE_OFFICER),
            cashier=person(Role.FINANCE_OFFICER),
        )

    def everybody(self) -> list:
        return [user for name, user in vars(self).items() if name != "body"]


def application(people, status) -> Application:
    filed = {} if status in (S.DRAFT, S.AWAITING_CHAIR) else {"first_filed_on": TODAY, "filed_on": TODAY}
    officer = None if status in (S.DRAFT, S.AWAITING_CHAIR, S.TOWNSHIP_REVIEW, S.SUBMITTED) else people.officer
    case = ApplicationFactory(
        organisation=people.body,
        status=status,
        township_code=QISHAN,
        officer=officer,
        correction_due_on=YESTERDAY,
        **filed,
    )
    if status == S.CORRECTION_REQUESTED:
        version = ApplicationVersion.objects.create(
            application=case,
            number=1,
            token="00000000-0000-4000-8000-000000000001",
            snapshot={},
            ruleset_sha256="",
            filed_on=TODAY,
            filed_at=clock.now(),
            filed_by=people.chair,
        )
        CorrectionRequest.objects.create(
            application=case,
            version=version,
            items="缺課程表",
            due_on=YESTERDAY,
            requested_by=people.officer,
            requested_on=YESTERDAY,
        )
    if status == S.PROPOSED:
        Proposal.objects.create(
            application=case, outcome="approve", total=1, proposed_by=people.officer, proposed_on=TODAY
        )
    return case


def award(people, status) -> Award:
    made = money.approved(
        (50_000,), staff=people, organisation=people.body, ends_on=YESTERDAY, settlement_due=dt.date(2010, 6, 30)
    )
    Award.objects.filter(pk=made.pk).update(status=status)
    made.refresh_from_db()
    return made


def instalment(people, status) -> Instalment:
    row = money.approved(staff=people, organisation=people.body).instalments.get(number=1)
    fields = {"requested_by": people.staff} if status in (InstalmentStatus.REQUESTED, InstalmentStatus.APPROVED) else {}
    if status == InstalmentStatus.APPROVED:
        fields["approved_by"] = people.officer
    Instalment.objects.filter(pk=row.pk).update(status=status, **fields)
    row.refresh_from_db()
    return row


def payment_batch(people, status) -> PaymentBatch:
    row = instalment(people, InstalmentStatus.APPROVED)
    batch = PaymentBatch.objects.create(
        county="kaohsiung",
        year=99,
        serial=row.pk,
        number=f"99-{row.pk:03}",
        status=status,
        made_by=people.finance,
        made_on=TODAY,
    )
    open_ones = (PaymentBatchStatus.DRAFTED, *WITH_TREASURY)
    state = BatchPaymentState.WAITING if status in open_ones else BatchPaymentState.PAID
    BatchPayment.objects.create(batch=batch, instalment=row, position=1, amount=row.amount, state=state)
    return batch


def settlement(people, status) -> Settlement:
    made = award(people, AwardStatus.COMPLETED)
    Award.objects.filter(pk=made.pk).update(completed_on=YESTERDAY)
    checked = (SettlementStatus.SUMS_CHECKED, SettlementStatus.CONTENT_CHECKED)
    row = Settlement.objects.create(
        award=made, number=made.number, status=status, sums_checked_by=people.finance if status in checked else None
    )
    if status == SettlementStatus.CONTENT_CHECKED:
        Settlement.objects.filter(pk=row.pk).update(content_checked_by=people.officer)
    if status == SettlementStatus.ACCEPTED:
        Settlement.objects.filter(pk=row.pk).update(notified_on=TODAY)
    row.refresh_from_db()
    return row


def letter(people, status) -> Letter | None:
    if status != LetterStatus.DRAFT:
        return None  # Nothing waits of a letter that went out.
    return letters.drafted(people.officer, application(people, S.UNDER_REVIEW))


def decided(people, status) -> dict:
    return {} if status == RulingStatus.DRAFT else {"decided_by": people.head, "decided_on": TODAY}


def ruling(people, status) -> Ruling:
    return Ruling.objects.create(
        scheme=SchemeFactory(),
        parameter="casual_pay.hourly",
        value={"value": 100},
        effective_from=TODAY,
        memo_number="府社字第1號",
        reason="理由",
        status=status,
        author=people.officer,
        recorded_on=TODAY,
        **decided(people, status),
    )


def waiver(people, status) -> Waiver:
    return Waiver.objects.create(
        application=application(people, S.UNDER_REVIEW),
        clause="K4.1.3.5a",
        memo_number="府社字第1號",
        reason="理由",
        status=status,
        author=people.officer,
        recorded_on=TODAY,
        **decided(people, status),
    )


def sanction(people, status) -> Sanction:
    made = award(people, AwardStatus.ACTIVE)
    more = {} if status == RulingStatus.DRAFT else {"confirmed_by": people.head, "confirmed_on": TODAY}
    return Sanction.objects.create(
        organisation=people.body,
        award=made,
        county="kaohsiung",
        event="not_executed",
        decision_number="府社字第1號",
        decided_on=TODAY,
        heard_on=TODAY,
        reason="未辦理",
        approved_end=made.ends_on,
        barred_from=TODAY,
        barred_to=dt.date(2011, 5, 31),
        recorded_by=people.officer,
        recorded_on=TODAY,
        status=status,
        **more,
    )


def sanction_lifting(people, status) -> SanctionLifting:
    return lifting_of(sanction(people, "confirmed"), people.officer, status=status, **decided(people, status))


def lifting_of(decision: Sanction, asked_by, **fields) -> SanctionLifting:
    values = {"ruling_number": "台內訴字第1號", "ruled_on": TODAY, "reason": "原處分事實有誤", "asked_on": TODAY}
    return SanctionLifting.objects.create(sanction=decision, asked_by=asked_by, **values, **fields)


def record_correction(people, status) -> RecordCorrection:
    made = award(people, AwardStatus.COMPLETED)
    Award.objects.filter(pk=made.pk).update(completed_on=YESTERDAY)
    Settlement.objects.create(award=made, number=made.number, completed_on=YESTERDAY)
    return RecordCorrection.objects.create(
        award=made,
        field="completed_on",
        before=YESTERDAY.isoformat(),
        after="2010-05-20",
        reason="月份打錯",
        status=status,
        asked_by=people.officer,
        asked_on=TODAY,
        **decided(people, status),
    )


def amendment(people, status) -> Amendment:
    """A change of the place, asked for by the staff; checked by the officer where that is over."""
    row = amendment_of(award(people, AwardStatus.ACTIVE), people.staff, AmendmentStatus.SUBMITTED)
    if status not in (AmendmentStatus.AWAITING_CHAIR, AmendmentStatus.SUBMITTED):
        row.checked_by = people.officer
    if status in DECIDED:
        row.decided_by = people.head
    row.status = status
    row.save()
    return row


def amendment_of(made: Award, asked_by, status) -> Amendment:
    row = Amendment.objects.create(
        award=made,
        number=1,
        county="kaohsiung",
        status=status,
        reason="場地修繕",
        of_version=1,
        asked_by=asked_by,
        asked_on=TODAY,
    )
    AmendmentItem.objects.create(
        amendment=row, position=1, part="place", before={"place": ""}, after={"place": "社區活動中心"}
    )
    return row


def envelope_change(people, status) -> EnvelopeChange:
    scan = keep(b"%PDF-1.7", "memo.pdf", content_type="application/pdf", actor=Actor(people.finance))
    return EnvelopeChange.objects.create(
        scheme=SchemeFactory(),
        year=2010,
        amount=1,
        memo_number="府社字第1號",
        scan=scan,
        reason="理由",
        status=status,
        proposed_by=people.finance,
        proposed_on=TODAY,
        **decided(people, status),
    )


def return_terms_change(people, status) -> ReturnTermsChange:
    return ReturnTermsChange.objects.create(
        scheme=SchemeFactory(),
        days=30,
        bank_code="0040037",
        bank_account="012345678901",
        account_name="高雄縣政府",
        memo_number="府社字第1號",
        reason="理由",
        status=status,
        proposed_by=people.finance,
        proposed_on=TODAY,
        **decided(people, status),
    )


BUILD = {
    "application": application,
    "award": award,
    "instalment": instalment,
    "payment_batch": payment_batch,
    "settlement": settlement,
    "letter": letter,
    "ruling": ruling,
    "waiver": waiver,
    "sanction": sanction,
    "envelope_change": envelope_change,
    "return_terms_change": return_terms_change,
    "record_correction": record_correction,
    "amendment": amendment,
    "sanction_lifting": sanction_lifting,
}
