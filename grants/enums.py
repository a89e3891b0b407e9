from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    AWAITING_CHAIR = "awaiting_chair", _("待理事長確認")
    TOWNSHIP_REVIEW = "township_review", _("公所審查")
    SUBMITTED = "submitted", _("已送件")
    COMPLETENESS_CHECK = "completeness_check", _("縣府收件檢核")
    CORRECTION_REQUESTED = "correction_requested", _("請補正")
    UNDER_REVIEW = "under_review", _("審查中")
    PROPOSED = "proposed", _("待核定")
    APPROVED = "approved", _("核定")
    REJECTED = "rejected", _("不予補助")
    WITHDRAWN = "withdrawn", _("撤回")
    NOT_ACCEPTED = "not_accepted", _("不予受理")


BEFORE_FILING = (ApplicationStatus.DRAFT, ApplicationStatus.AWAITING_CHAIR)
# The association may change what it entered.
EDITABLE = (ApplicationStatus.DRAFT, ApplicationStatus.CORRECTION_REQUESTED)
# Where filing leads, the first time or with a correction; a barred applicant's case is returned at once.
JUST_FILED = (
    ApplicationStatus.TOWNSHIP_REVIEW, ApplicationStatus.SUBMITTED, ApplicationStatus.COMPLETENESS_CHECK,
    ApplicationStatus.NOT_ACCEPTED,
)  # fmt: skip
# Waiting to be received by the county, or received.
AT_THE_COUNTER = (ApplicationStatus.SUBMITTED, ApplicationStatus.COMPLETENESS_CHECK)
# It is the association's turn, whose chairperson confirms or corrects.
AT_THE_APPLICANT = (ApplicationStatus.AWAITING_CHAIR, ApplicationStatus.CORRECTION_REQUESTED)
# The chairperson may confirm on paper.
OPEN_TO_SIGN = (ApplicationStatus.DRAFT, *AT_THE_APPLICANT)
# At the township office, or sent back from it or from the county.
AT_THE_TOWNSHIP_OR_RETURNED = (ApplicationStatus.TOWNSHIP_REVIEW, ApplicationStatus.CORRECTION_REQUESTED)
# Checked by the officer, and scored if reviewers were asked.
BEING_CHECKED = (ApplicationStatus.COMPLETENESS_CHECK, ApplicationStatus.UNDER_REVIEW)
# In which a plan may be presented to the panel.
PRESENTED_IN = (*BEING_CHECKED, ApplicationStatus.PROPOSED)
# The officer's turn: to receive, to check, to propose.
WITH_THE_OFFICER = (ApplicationStatus.SUBMITTED, *BEING_CHECKED)
# Decided after the review.
DECIDED_ON_MERITS = (ApplicationStatus.APPROVED, ApplicationStatus.REJECTED)
CASE_DECIDED = (*DECIDED_ON_MERITS, ApplicationStatus.NOT_ACCEPTED)
# Ended without an award.
UNSUCCESSFUL = (ApplicationStatus.WITHDRAWN, ApplicationStatus.REJECTED, ApplicationStatus.NOT_ACCEPTED)
NOT_RUNNING = (*BEFORE_FILING, *UNSUCCESSFUL)
WAITING_FOR_MONEY = tuple(s for s in ApplicationStatus if s not in (*NOT_RUNNING, "approved"))  # filed, not decided


class AwardStatus(models.TextChoices):
    ACTIVE = "active", _("執行中")
    COMPLETED = "completed", _("已完成")
    CLOSED = "closed", _("結案")
    REVOKED = "revoked", _("廢止")
    NOT_EXECUTED = "not_executed", _("未執行")
    GIVEN_UP = "given_up", _("放棄")
    REOPENED = "reopened", _("重新審查")


RUNNING = (AwardStatus.ACTIVE, AwardStatus.COMPLETED)
# Ended by a decision (柒三) or given up with consent: nothing is settled any more.
STOPPED = (AwardStatus.NOT_EXECUTED, AwardStatus.REVOKED, AwardStatus.GIVEN_UP)
# Nothing was carried out: all that was paid comes back.
NOTHING_DONE = (AwardStatus.NOT_EXECUTED, AwardStatus.GIVEN_UP)
# May be decided anew as it is; and ended with all its money released, so that what is still out is set aside again.
REOPENABLE = (*RUNNING, AwardStatus.GIVEN_UP)
ALL_RELEASED = (AwardStatus.REVOKED, AwardStatus.GIVEN_UP)
OVER = (AwardStatus.CLOSED, *STOPPED)
# Nothing more is paid, at least until the case is decided anew.
ENDED_OR_HALTED = (*STOPPED, AwardStatus.REOPENED)
# A closed award may still turn out to have been misused, or its account to be wrong.
SANCTIONABLE = (*RUNNING, AwardStatus.CLOSED)


class InstalmentStatus(models.TextChoices):
    SCHEDULED = "scheduled", _("待結報")
    AWAITING_RECEIPT = "awaiting_receipt", _("待請款")
    REQUESTED = "requested", _("已請款")
    APPROVED = "approved", _("已核付")
    PAID = "paid", _("已撥付")
    CANCELLED = "cancelled", _("取消")


PAID_OR_CANCELLED = (InstalmentStatus.PAID, InstalmentStatus.CANCELLED)
# The receipt is in, but the money is not paid yet.
BEING_PAID = (InstalmentStatus.REQUESTED, InstalmentStatus.APPROVED)


class InstalmentCondition(models.TextChoices):
    RECEIPT = "receipt", _("檢送領據後撥付")
    SETTLEMENT = "settlement", _("結報核銷後撥付")


class SettlementStatus(models.TextChoices):
    DRAFT = "draft", _("填報中")
    SUBMITTED = "submitted", _("已送結報")
    CORRECTION_REQUESTED = "correction_requested", _("請補正")
    SUMS_CHECKED = "sums_checked", _("憑證已核")
    CONTENT_CHECKED = "content_checked", _("成果已核")
    ACCEPTED = "accepted", _("准予核銷")


WITH_THE_ASSOCIATION = (SettlementStatus.DRAFT, SettlementStatus.CORRECTION_REQUESTED)
WITH_THE_COUNTY = (SettlementStatus.SUBMITTED, SettlementStatus.SUMS_CHECKED, SettlementStatus.CONTENT_CHECKED)
SUMS_PASSED = (SettlementStatus.SUMS_CHECKED, SettlementStatus.CONTENT_CHECKED, SettlementStatus.ACCEPTED)
# The steps in their order; a correction goes back to the first.
SETTLEMENT_STEPS = (SettlementStatus.DRAFT, *WITH_THE_COUNTY, SettlementStatus.ACCEPTED)


class VoucherKind(models.TextChoices):
    INVOICE = "invoice", _("統一發票")
    E_INVOICE = "e_invoice", _("電子發票")
    RECEIPT = "receipt", _("收據")
    ROSTER = "roster", _("印領清冊")
    STUB = "ticket", _("票根")
    OTHER = "other", _("其他")


# The tax office numbers these, each number once.
INVOICES = (VoucherKind.INVOICE, VoucherKind.E_INVOICE)
# Made out to somebody, who stands on them.
MADE_OUT = (*INVOICES, VoucherKind.RECEIPT)


class LetterStatus(models.TextChoices):
    DRAFT = "draft", _("函稿")
    ISSUED = "issued", _("已發文")
    VOID = "void", _("作廢")
    CANCELLED = "cancelled", _("不發文")


# Letters that went out, also those that a later one replaced.
SENT = (LetterStatus.ISSUED, LetterStatus.VOID)


class LetterKind(models.TextChoices):
    """Kinds of letters; the words of each stand in grants/letters/filed/. See `letter_kinds`."""

    APPROVAL = "approval", _("核定函")
    PARTIAL_APPROVAL = "partial_approval", _("部分核定函")
    REJECTION = "rejection", _("不予補助函")
    CORRECTION = "correction", _("補正函")
    EXTENSION = "extension", _("展延補正期限函")
    NOT_ACCEPTED = "not_accepted", _("不予受理函")
    WITHDRAWAL = "withdrawal", _("撤回備查函")
    REOPENING = "reopening", _("重新審查函")
    PRESENTATION = "presentation", _("簡報通知函")
    PANEL = "panel", _("審查會開會通知")
    AMENDMENT_APPROVED = "amendment_approved", _("同意變更函")
    AMENDMENT_REFUSED = "amendment_refused", _("不同意變更函")
    RELINQUISHMENT = "relinquishment", _("放棄補助備查函")
    URGING = "urging", _("催辦函")
    SETTLEMENT_CORRECTION = "settlement_correction", _("核銷補正函")
    SETTLEMENT_ACCEPTED = "settlement_accepted", _("核銷備查函")
    SETTLEMENT_WITHDRAWN = "settlement_withdrawn", _("撤銷核銷函")
    RETURN = "return", _("繳回函")
    OVERPAID = "overpaid", _("溢付退還函")
    SANCTION = "sanction", _("處分函")
    LIFTING = "lifting", _("撤銷處分函")
    REVOCATION = "revocation", _("廢止核定函")
    TIER = "tier", _("評鑑結果函")
    FREE = "free", _("一般函")
    MEMO = "memo", _("簽")


def letter_kinds() -> list[tuple[str, str]]:
    """Return the choices of a letter's kind. A function, so that no migration holds them: a new kind writes none."""
    return [(kind.value, str(kind.label)) for kind in LetterKind]


# Letters that tell of an approval, and those that tell of a decision on misuse or default.
APPROVALS = (LetterKind.APPROVAL, LetterKind.PARTIAL_APPROVAL)
SANCTIONS = (LetterKind.SANCTION, LetterKind.REVOCATION)
# Letters about the account of an award; each is drafted by the act that calls for it.
ACCOUNTS = (LetterKind.SETTLEMENT_CORRECTION, LetterKind.SETTLEMENT_ACCEPTED, LetterKind.RETURN)
# Letters that answer a request to change the award, or to give it up.
AMENDMENTS = (LetterKind.AMENDMENT_APPROVED, LetterKind.AMENDMENT_REFUSED, LetterKind.RELINQUISHMENT)
# Letters that tell of a decision on the case.
DECISION_LETTERS = (*APPROVALS, LetterKind.REJECTION, LetterKind.NOT_ACCEPTED)
# Drafts that may be discarded; the others tell of a decision and must go out.
DISCARDABLE = (
    LetterKind.EXTENSION, LetterKind.WITHDRAWAL, LetterKind.PRESENTATION, LetterKind.PANEL, LetterKind.URGING,
    LetterKind.SETTLEMENT_CORRECTION, LetterKind.TIER, LetterKind.FREE,
)  # fmt: skip


class LedgerKind(models.TextChoices):
    """Kinds of movements of money; the kind gives the direction, and a correcting entry has a negative amount."""

    COMMITTED = "committed", _("核定保留")
    RENEWED = "renewed", _("重新核定保留")
    SURCHARGE = "surcharge", _("收費加成")
    RELEASED = "released", _("釋出")
    RESTORED = "restored", _("回復保留")
    PAID = "paid", _("撥付")
    RETURNED = "returned", _("繳回")
    RECOVERED = "recovered", _("追繳")
    # Left without an approval, and what came back of it: no payment of the award.
    OVERPAID = "overpaid", _("重複撥付")
    REGAINED = "regained", _("重複撥付收回")


# What sets money of the year aside for an award.
SET_ASIDE = (LedgerKind.COMMITTED, LedgerKind.RENEWED, LedgerKind.SURCHARGE)
# Money that came back: brought by the association, or recovered by force or by setting off.
BACK = (LedgerKind.RETURNED, LedgerKind.RECOVERED)


class EntryCorrection(models.TextChoices):
    """Why an entry of the ledger is taken back by another one."""

    BOUNCED = "bounced", _("退匯：帳戶不能入帳，請單位確認帳戶、重送領據")
    PAY_AGAIN = "pay_again", _("退匯：帳戶沒有錯，重新核付後再撥")
    MISTAKEN = "mistaken", _("誤登：這筆錢沒有撥出或收到")
    PARTICULARS = "particulars", _("日期或憑單號碼登錯")
    REVERSED = "reversed", _("核銷已撤銷")


OF_PAYMENTS = tuple(why for why in EntryCorrection if why != EntryCorrection.REVERSED)

# What can be wrong with an entry of the kind. What was set aside or released is undone by decisions of their own.
CORRECTIONS: dict[str, tuple[EntryCorrection, ...]] = {
    **dict.fromkeys(
        (*BACK, LedgerKind.OVERPAID, LedgerKind.REGAINED), (EntryCorrection.MISTAKEN, EntryCorrection.PARTICULARS)
    ),
    LedgerKind.PAID: OF_PAYMENTS,
}


# Why a decided case is decided anew.
class ReopeningGround(models.TextChoices):
    APPEAL = "appeal", _("訴願決定")
    COURT = "court", _("法院判決")
    ERROR = "error", _("顯然錯誤")


# When the county checks whether the association has fulfilled a condition of its award.
class ConditionStage(models.TextChoices):
    RECEIPT = "receipt", _("核付前查核")
    SETTLEMENT = "settlement", _("結報時查核")


class EvaluationStage(models.TextChoices):
    SUBMISSION = "submission", _("送件")
    APPROVAL = "approval", _("核定")
    AMENDMENT = "amendment", _("計畫變更")
    SETTLEMENT = "settlement", _("結報")


class Verdict(models.TextChoices):
    """The officer's answer to a written reason (a W clause) or a checklist item (an R clause)."""

    PENDING = "pending", _("待審")
    ACCEPTED = "accepted", _("同意")
    REFUSED = "refused", _("不同意")


class RulingStatus(models.TextChoices):
    DRAFT = "draft", _("待另一位確認")
    CONFIRMED = "confirmed", _("已確認")
    REFUSED = "refused", _("未同意")
    WITHDRAWN = "withdrawn", _("已收回")


class DeadlineKind(models.TextChoices):
    CORRECTION = "correction", _("補正期限")
    RECEIPT = "receipt", _("領據期限")
    SETTLEMENT = "settlement", _("結報期限")
    SETTLEMENT_FIX = "settlement_fix", _("結報補正期限")
    RETURN = "return", _("繳回期限")
    OVERPAID = "overpaid", _("溢付退還期限")
    TERM_EXPIRY = "term_expiry", _("任期屆滿")
    BAN_END = "ban_end", _("停止申請期滿，可以申請")


class SanctionEvent(models.TextChoices):
    """What a county decides by 柒三. Only `NOT_EXECUTED` and `REVOKED` end the award, `MISUSE` is a deduction."""

    NOT_EXECUTED = "not_executed", _("計畫未執行")
    MISUSE = "misuse", _("未依計畫執行或支用不當")
    REVOKED = "revoked", _("廢止核定")


class SanctionStatus(models.TextChoices):
    """A decision by 柒三: as any that two people make, and lifted when it did not stand (訴願)."""

    DRAFT = "draft", _("待另一位確認")
    CONFIRMED = "confirmed", _("已確認")
    REFUSED = "refused", _("未同意")
    WITHDRAWN = "withdrawn", _("已收回")
    LIFTED = "lifted", _("已撤銷")


# A decision that does not count (any more): the same may be decided again.
WITHOUT_EFFECT = (SanctionStatus.REFUSED, SanctionStatus.WITHDRAWN, SanctionStatus.LIFTED)


class CorrectedField(models.TextChoices):
    """The fields that two people can correct when they were recorded wrongly."""

    COMPLETED_ON = "completed_on", _("實際完成日")


class AmendmentStatus(models.TextChoices):
    """The life of what an association asks to change after the approval."""

    AWAITING_CHAIR = "awaiting_chair", _("待理事長確認")
    SUBMITTED = "submitted", _("待縣府審核")
    CHECKED = "checked", _("待主管核定")
    APPROVED = "approved", _("同意變更")
    REFUSED = "refused", _("不同意變更")
    WITHDRAWN = "withdrawn", _("撤回")


# Nobody has decided it yet; an award has at most one of these.
UNDECIDED = (AmendmentStatus.AWAITING_CHAIR, AmendmentStatus.SUBMITTED, AmendmentStatus.CHECKED)
# While the officer has not answered yet, a paper can still be added.
UNANSWERED = (AmendmentStatus.AWAITING_CHAIR, AmendmentStatus.SUBMITTED)
DECIDED = (AmendmentStatus.APPROVED, AmendmentStatus.REFUSED)


class AmendedPart(models.TextChoices):
    """What of an award can change after the approval."""

    PERIOD = "period", _("執行期間")
    LINE = "line", _("經費項目")
    NEW_LINE = "new_line", _("新增經費項目")
    PLACE = "place", _("辦理地點")
    CONTACT = "contact", _("聯絡人")
    SETTLEMENT = "settlement", _("結報期限")
    GIVE_UP = "give_up", _("放棄計畫")


class EntryStage(models.TextChoices):
    """What is recorded about an association at an occasion: a selection, a course, a visit."""

    ENTERED = "entered", _("推薦參選")
    MENTORED = "mentored", _("輔導紀錄")
    RESULT = "result", _("選拔結果")
    ATTENDED = "attended", _("出席")


class CallOutcome(models.TextChoices):
    ANSWERED = "answered", _("接通，已說明")
    NO_ANSWER = "no_answer", _("沒有人接")


class ConflictGround(models.TextChoices):
    """By what a person's interest in a case was declared or found."""

    DECLARED = "declared", _("自行聲明")
    OFFICE = "office", _("兩年內在申請單位任職")
    TAX_ID = "tax_id", _("統一編號相同")
    ADDRESS = "address", _("地址相同")
    PHONE = "phone", _("電話相同")
    EMAIL = "email", _("電子信箱相同")
    ACCOUNT = "account", _("帳號相同")
    PAID = "paid", _("是這一件的聯絡人或受領經費的人")


class PaymentBatchStatus(models.TextChoices):
    DRAFTED = "drafted", _("編製中")
    SENT = "sent", _("已送出納")
    PART = "part", _("部分已撥付")
    PAID = "paid", _("付款完畢")
    ENDED = "ended", _("不付款")


# The paper can still be changed.
BEFORE_SENDING = (PaymentBatchStatus.DRAFTED,)
# The paper is with the treasury, which may pay at any minute.
WITH_TREASURY = (PaymentBatchStatus.SENT, PaymentBatchStatus.PART)


class BatchPaymentState(models.TextChoices):
    WAITING = "waiting", _("待撥付")
    PAID = "paid", _("已撥付")
    TAKEN_OUT = "taken_out", _("已取出")
    SENT_BACK = "sent_back", _("出納退回未付")


class FeeBearer(models.TextChoices):
    COUNTY = "county", _("縣府")
    PAYEE = "payee", _("受款單位，從款項內扣")


class PaymentRowOutcome(models.TextChoices):
    MATCHED = "matched", _("相符")
    ASKED = "asked", _("憑單號碼重複")
    DIFFERS = "differs", _("金額不符")
    DATED = "dated", _("日期不對")
    UNKNOWN = "unknown", _("找不到")
    REFUSED = "refused", _("不能登記")
    PAID = "paid", _("已撥付過")
    EMPTY = "empty", _("還沒付款")


# Rows that a confirmation writes.
WRITTEN_ROWS = (PaymentRowOutcome.MATCHED, PaymentRowOutcome.ASKED)
