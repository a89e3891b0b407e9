"""The queues of the desk: who must act on what, by when, and on which page.

A queue finds its rows for a post, and says where a row leads. `tests/grants/test_desk_moves.py` goes through the tables
of moves and sees to it that whoever must make a move has the object in one of these.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _l

from communities.enums import AccountRequestStatus, Office, TierDecisionStatus
from communities.models import AccountRequest, TierDecision
from communities.queries import expired_chairs
from grants.duties import DUTIES, OF_ASSOCIATIONS
from grants.enums import ApplicationStatus as S
from grants.enums import AwardStatus, DeadlineKind, InstalmentStatus, LetterStatus, RulingStatus, SettlementStatus
from grants.models import (
    Application,
    Award,
    CorrectionRequest,
    Deadline,
    Duty,
    EnvelopeChange,
    Instalment,
    Letter,
    RecordCorrection,
    ReturnTermsChange,
    ReviewAssignment,
    Ruling,
    Sanction,
    Settlement,
    Waiver,
)
from grants.queries.duties import in_state, waiting
from grants.queries.payments import returns
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import changes_to_decide, posts_in_force

WEEK = 7
# A general meeting is called 15 days ahead (人民團體法26), a board's 7 (督導各級人民團體實施辦法5): asked for in time.
AHEAD = {"assembly": 60, "accounts": 60, "election": 60, "board_meeting": 30}
# How many days before its term a settlement comes to the desk, unless the project is over already.
SETTLING = 30
RUNNING = (AwardStatus.ACTIVE, AwardStatus.COMPLETED)
OFFICERS = (Role.CASE_OFFICER, Role.APPROVER)

Rows = Callable[[Post, User, dt.date], QuerySet | None]


@dataclass(frozen=True)
class Queue:
    """One kind of work. `text` says what to do, `route` is the page on which it is done, of the row's key.

    `due` is the column or expression of the legal term; `late` marks what is overdue by nature; `rank` puts what may
    wait after the rest; `newest` shows what was worked on last first. `urge` is the kind of deadline of which a row may
    be called to the association's mind from the list. Where not `keyed`, one page serves all rows.
    """

    kind: str
    title: Any
    text: Any
    label: Any
    route: str
    of: Rows
    due: Any = None
    late: bool = False
    rank: int = 0
    newest: bool = False
    urge: str = ""
    keyed: bool = True


def _for(role: Role, rows: Rows) -> Rows:
    return lambda post, user, today: rows(post, user, today) if post.role == role else None


def _officers(rows: Rows) -> Rows:
    """For decisions that an officer or the approver may confirm, whoever did not record them."""
    return lambda post, user, today: rows(post, user, today) if post.role in OFFICERS else None


def has_left() -> Q:
    """Cases whose officer holds the county's post no more, or that never had one: everybody's of the post."""
    holder = posts_in_force().filter(role=Role.CASE_OFFICER, user=OuterRef("officer"), county=OuterRef("county"))
    return ~Exists(holder)


def _own(status: str) -> Rows:
    """The officer's own cases in a status, and those whose officer has left."""

    def rows(post: Post, user: User, today: dt.date) -> QuerySet:
        cases = Application.objects.filter(county=post.county, status=status)
        return cases.filter(Q(officer=user) | has_left())

    return _for(Role.CASE_OFFICER, rows)


def _mine(**fields: Any) -> Rows:
    return _for(
        Role.MEMBER,
        lambda post, user, today: Application.objects.filter(organisation_id=post.organisation_id, **fields),
    )


def deadline_of(kind: str, **path: str) -> Subquery:
    """The day of the open deadline of this kind; `path` leads from it to the row, for instance award="pk"."""
    where = {name: OuterRef(column) for name, column in path.items()}
    return Subquery(Deadline.objects.filter(kind=kind, done_on=None, **where).order_by("due_on").values("due_on")[:1])


RECEIPT_DUE = deadline_of(DeadlineKind.FIRST_RECEIPT, instalment="pk")
SETTLEMENT_DUE = deadline_of(DeadlineKind.SETTLEMENT, award="pk")
RETURN_DUE = deadline_of(DeadlineKind.RETURN, award="pk")


def _overdue_deadline(kind: str, today: dt.date, **path: str) -> Exists:
    where = {name: OuterRef(column) for name, column in path.items()}
    return Exists(Deadline.objects.filter(kind=kind, done_on=None, due_on__lt=today, **where))


def _to_confirm(post: Post, user: User, today: dt.date) -> QuerySet | None:
    if post.role != Role.MEMBER or post.office != Office.CHAIRPERSON:
        return None
    mine = Application.objects.filter(organisation_id=post.organisation_id)
    return mine.filter(Q(status=S.AWAITING_CHAIR) | Q(status=S.CORRECTION_REQUESTED, pk__in=_handed()))


def _to_correct(post: Post, user: User, today: dt.date) -> QuerySet | None:
    """Until the staff has handed it to the chairperson."""
    if post.role != Role.MEMBER:
        return None
    rows = Application.objects.filter(organisation_id=post.organisation_id, status=S.CORRECTION_REQUESTED)
    return rows.exclude(pk__in=_handed())


def _handed() -> QuerySet:
    """The cases whose correction waits for the chairperson."""
    return CorrectionRequest.objects.filter(answered_on__isnull=True, handed_on__isnull=False).values("application")


def _receipts(post: Post, user: User, today: dt.date) -> QuerySet:
    """Nothing is asked for before the letter of approval is issued."""
    mine = {"award__application__organisation_id": post.organisation_id, "award__notified_on__isnull": False}
    return Instalment.objects.filter(status=InstalmentStatus.AWAITING_RECEIPT, **mine)


def _unsettled(rows: QuerySet[Award]) -> QuerySet[Award]:
    """Nothing was sent in yet."""
    sent = Settlement.objects.filter(award=OuterRef("pk")).exclude(status=SettlementStatus.DRAFT)
    return rows.filter(~Exists(sent), status__in=RUNNING)


def _to_settle(post: Post, user: User, today: dt.date) -> QuerySet:
    """The project is over, or the term of the settlement near."""
    awards = _unsettled(Award.objects.filter(application__organisation_id=post.organisation_id))
    near = Deadline.objects.filter(
        award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT, due_on__lte=today + dt.timedelta(days=SETTLING)
    )
    return awards.filter(Q(ends_on__lt=today) | Q(status=AwardStatus.COMPLETED) | Exists(near))


def _settlement_back(post: Post, user: User, today: dt.date) -> QuerySet:
    mine = {"award__application__organisation_id": post.organisation_id}
    return Settlement.objects.filter(status=SettlementStatus.CORRECTION_REQUESTED, **mine)


def _to_return(post: Post, user: User, today: dt.date) -> QuerySet:
    owing = Award.objects.filter(pk__in=returns(user).order_by().values("pk"))
    return owing.filter(application__organisation_id=post.organisation_id)


def _county_returns(post: Post, user: User, today: dt.date) -> QuerySet:
    return Award.objects.filter(pk__in=returns(user).order_by().values("pk"), county=post.county)


def _late_returns(post: Post, user: User, today: dt.date) -> QuerySet:
    return _county_returns(post, user, today).filter(_overdue_deadline(DeadlineKind.RETURN, today, award="pk"))


def _late_receipts(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = Instalment.objects.filter(status=InstalmentStatus.AWAITING_RECEIPT, award__county=post.county)
    return rows.filter(_overdue_deadline(DeadlineKind.FIRST_RECEIPT, today, instalment="pk"))


def _late_settlements(post: Post, user: User, today: dt.date) -> QuerySet:
    awards = _unsettled(Award.objects.filter(county=post.county))
    return awards.filter(_overdue_deadline(DeadlineKind.SETTLEMENT, today, award="pk"))


def _open_correction(**fields: Any) -> Exists:
    return Exists(CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_on=None, **fields))


def _overdue(post: Post, user: User, today: dt.date) -> QuerySet:
    cases = Application.objects.filter(county=post.county, status=S.CORRECTION_REQUESTED, correction_due_on__lt=today)
    return cases.filter(Q(officer=user) | has_left()).exclude(_open_correction(by_township=True))


def _overdue_at_township(post: Post, user: User, today: dt.date) -> QuerySet:
    place = {"township_code": post.township_code, "county": post.county}
    cases = Application.objects.filter(status=S.CORRECTION_REQUESTED, correction_due_on__lt=today, **place)
    return cases.filter(_open_correction(by_township=True))


def _county_instalments(status: str) -> Rows:
    return lambda post, user, today: Instalment.objects.filter(status=status, award__county=post.county)


def _to_approve(post: Post, user: User, today: dt.date) -> QuerySet | None:
    """Receipts for the officers; what an officer recorded is approved by another one, or by the approver."""
    rows = Instalment.objects.filter(status=InstalmentStatus.REQUESTED, award__county=post.county)
    if post.role == Role.CASE_OFFICER:
        return rows.exclude(requested_by=user)
    if post.role != Role.APPROVER:
        return None
    by_officer = posts_in_force().filter(role=Role.CASE_OFFICER, county=post.county).values("user")
    return rows.filter(requested_by__in=by_officer).exclude(requested_by=user)


def _to_pay(post: Post, user: User, today: dt.date) -> QuerySet:
    """Not what this person asked for, approved or decided, nor what follows from vouchers they checked: another one
    pays it.
    """
    rows = Instalment.objects.filter(status=InstalmentStatus.APPROVED, award__county=post.county)
    mine = Q(requested_by=user) | Q(approved_by=user) | Q(award__proposed_by=user) | Q(award__approved_by=user)
    return rows.exclude(mine).exclude(award__settlement__sums_checked_by=user)


def _settlements(status: str, *others: str) -> Rows:
    """Those in a status; not what this person did at the steps named."""

    def rows(post: Post, user: User, today: dt.date) -> QuerySet:
        found = Settlement.objects.filter(status=status, award__county=post.county)
        for column in others:
            found = found.exclude(**{column: user})
        return found

    return rows


def _duties_of_members(post: Post, user: User, today: dt.date) -> QuerySet:
    """What a week or less is left for; meetings so early that they can still be called in time."""
    soon = Q(due_on__lte=today + dt.timedelta(days=WEEK))
    for key, days in AHEAD.items():
        soon |= Q(key=key, due_on__lte=today + dt.timedelta(days=days))
    keys = [key for key, duty in DUTIES.items() if duty.by == Role.MEMBER]
    own = Q(application__organisation_id=post.organisation_id) | Q(organisation_id=post.organisation_id)
    return waiting(Duty.objects.filter(soon)).filter(own, key__in=keys)


def _duties_of_county(post: Post, user: User, today: dt.date) -> QuerySet:
    """Visits to associations have a queue of their own."""
    rows = waiting(Duty.objects.filter(due_on__lte=today + dt.timedelta(days=WEEK)))
    keys = [key for key, duty in DUTIES.items() if duty.by == Role.CASE_OFFICER and key not in OF_ASSOCIATIONS]
    return rows.filter(county=post.county, key__in=keys)


def _visits(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = waiting(Duty.objects.filter(due_on__lte=today + dt.timedelta(days=WEEK)))
    return rows.filter(county=post.county, key="guidance")


def _unchecked(post: Post, user: User, today: dt.date) -> QuerySet:
    return in_state(Duty.objects.filter(county=post.county, organisation__isnull=False), "unchecked")


def _terms_over(post: Post, user: User, today: dt.date) -> QuerySet:
    return expired_chairs(today).filter(organisation__county=post.county)


def _waivers(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = Waiver.objects.filter(application__county=post.county, status=RulingStatus.DRAFT)
    return rows.exclude(author=user)


def _sanctions(post: Post, user: User, today: dt.date) -> QuerySet:
    return Sanction.objects.filter(county=post.county, status=RulingStatus.DRAFT).exclude(recorded_by=user)


def _record_corrections(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = RecordCorrection.objects.filter(award__county=post.county, status=RulingStatus.DRAFT)
    return rows.exclude(asked_by=user)


def _envelopes(post: Post, user: User, today: dt.date) -> QuerySet | None:
    """For whoever keeps the envelopes, but the one who proposed."""
    if post.role not in (Role.APPROVER, Role.FINANCE_OFFICER):
        return None
    rows = EnvelopeChange.objects.filter(scheme__county=post.county, status=RulingStatus.DRAFT)
    return rows.exclude(proposed_by=user)


def _return_terms(post: Post, user: User, today: dt.date) -> QuerySet | None:
    """As the envelopes."""
    if post.role not in (Role.APPROVER, Role.FINANCE_OFFICER):
        return None
    rows = ReturnTermsChange.objects.filter(scheme__county=post.county, status=RulingStatus.DRAFT)
    return rows.exclude(proposed_by=user)


def _rulings(post: Post, user: User, today: dt.date) -> QuerySet:
    return Ruling.objects.filter(scheme__county=post.county, status=RulingStatus.DRAFT).exclude(author=user)


def _to_decide(post: Post, user: User, today: dt.date) -> QuerySet:
    cases = Application.objects.filter(county=post.county, status=S.PROPOSED)
    return cases.exclude(proposals__decision="open", proposals__proposed_by=user)


def _to_score(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = ReviewAssignment.objects.filter(reviewer=user, submitted_on=None, application__county=post.county)
    rows = rows.filter(application__status__in=[S.COMPLETENESS_CHECK, S.UNDER_REVIEW])
    return rows.exclude(interest=ReviewAssignment.Interest.CONFLICT)


def _first_review(post: Post, user: User, today: dt.date) -> QuerySet:
    place = {"township_code": post.township_code, "county": post.county}
    return Application.objects.filter(status=S.TOWNSHIP_REVIEW, **place)


def _to_receive(post: Post, user: User, today: dt.date) -> QuerySet:
    return Application.objects.filter(county=post.county, status=S.SUBMITTED)


def _drafted_letters(post: Post, user: User, today: dt.date) -> QuerySet:
    return Letter.objects.filter(county=post.county, status=LetterStatus.DRAFT)


def _tiers(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = TierDecision.objects.filter(organisation__county=post.county, status=TierDecisionStatus.PROPOSED)
    return rows.exclude(proposed_by=user)


def _account_requests(post: Post, user: User, today: dt.date) -> QuerySet:
    return AccountRequest.objects.filter(county=post.county, status=AccountRequestStatus.WAITING)


def _changes_of_people(post: Post, user: User, today: dt.date) -> QuerySet | None:
    """What another one proposed about somebody else; the page of all of them has the buttons."""
    if post.role not in (Role.ADMINISTRATOR, Role.APPROVER):
        return None
    return changes_to_decide(user).exclude(proposed_by=user).exclude(user=user)


_MEMBER, _OFFICER, _APPROVER, _FINANCE = Role.MEMBER, Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER
QUEUES = (
    Queue("overdue", _l("補正逾期"), _l("決定補正逾期的處理：再給期限，或建議不予受理"), _l("處理這一件"),
          "grants:case_correction", _for(_OFFICER, _overdue), "correction_due_on", late=True),
    Queue("overdue_first", _l("補正逾期"), _l("決定補正逾期的處理：再給期限"), _l("處理這一件"),
          "grants:case_correction", _for(Role.TOWNSHIP_OFFICER, _overdue_at_township), "correction_due_on", late=True),
    Queue("correct", _l("要補正"), _l("照通知補正，再由理事長送回"), _l("開始補正"), "grants:application_edit",
          _to_correct, "correction_due_on"),
    Queue("confirm", _l("待您確認送件"), _l("看過內容後確認送件"), _l("看內容並送件"), "grants:application_review",
          _to_confirm),
    Queue("pay_back", _l("要繳回"), _l("繳回剩餘的補助款"), _l("看繳回金額和方式"), "grants:settlement_detail",
          _for(_MEMBER, _to_return), RETURN_DUE),
    Queue("receipt", _l("要送領據"), _l("送領據，縣府收到後撥款"), _l("送領據請款"), "grants:award_detail",
          _for(_MEMBER, _receipts), RECEIPT_DUE),
    Queue("settle_again", _l("結報要補正"), _l("照縣府的說明補正結報，再送出"), _l("補正結報"),
          "grants:settlement_detail", _for(_MEMBER, _settlement_back), deadline_of("settlement_fix", award="award_id")),
    Queue("settle", _l("要結報"), _l("計畫辦完後登記完成日，送出結報"), _l("辦理結報"), "grants:settlement_detail",
          _for(_MEMBER, _to_settle), SETTLEMENT_DUE),
    Queue("duty", _l("應辦事項"), _l("登錄這一項的紀錄"), _l("登錄"), "grants:duty",
          _for(_MEMBER, _duties_of_members), "due_on"),
    Queue("late_return", _l("繳回逾期"), _l("催辦，或登記收到的繳回款"), _l("看這一案"), "grants:settlement_detail",
          _for(_OFFICER, _late_returns), RETURN_DUE, late=True, urge=DeadlineKind.RETURN),
    Queue("late_settlement", _l("結報逾期"), _l("催辦，或依規定處理"), _l("看這一案"), "grants:award_detail",
          _for(_OFFICER, _late_settlements), SETTLEMENT_DUE, late=True, urge=DeadlineKind.SETTLEMENT),
    Queue("late_receipt", _l("領據逾期"), _l("催辦領據"), _l("看這一案"), "grants:award_detail",
          _for(_OFFICER, _late_receipts), RECEIPT_DUE, late=True, urge=DeadlineKind.FIRST_RECEIPT),
    Queue("county_duty", _l("應辦事項"), _l("登錄這一項的紀錄"), _l("登錄"), "grants:duty",
          _for(_OFFICER, _duties_of_county), "due_on"),
    Queue("guidance", _l("分級輔導"), _l("到社區輔導，登錄紀錄"), _l("登錄"), "grants:duty", _for(_OFFICER, _visits), "due_on"),
    Queue("unchecked", _l("會務待確認"), _l("看協會登錄的會務、財務事項"), _l("看紀錄並確認"), "grants:duty",
          _for(_OFFICER, _unchecked)),
    Queue("term", _l("任期已屆滿"), _l("理事長任期已屆滿，請協會改選；必要時登錄延任"), _l("看這個單位"),
          "communities:organisation", _for(_OFFICER, _terms_over), "valid_to", late=True),
    Queue("draft", _l("草稿"), _l("接著填寫"), _l("接著填寫"), "grants:application_edit", _mine(status=S.DRAFT),
          rank=1, newest=True),
    Queue("first_review", _l("待初審"), _l("初審後層轉縣府，或請協會補正"), _l("看案件"), "grants:application_detail",
          _for(Role.TOWNSHIP_OFFICER, _first_review)),
    Queue("decide", _l("待核定"), _l("核定、不予補助、不予受理或退回"), _l("看建議並決定"), "grants:case_decision",
          _for(_APPROVER, _to_decide)),
    Queue("receive", _l("待收件"), _l("收件"), _l("看案件並收件"), "grants:application_detail",
          _for(_OFFICER, _to_receive)),
    Queue("account", _l("帳號申請"), _l("有人申請帳號，打電話確認後開立或不開立"), _l("看申請"), "communities:account-request-answer",
          _for(_OFFICER, _account_requests)),
    Queue("check", _l("待檢核"), _l("檢核文件與說明"), _l("開始檢核"), "grants:case_check", _own(S.COMPLETENESS_CHECK)),
    Queue("propose", _l("待提核定建議"), _l("提核定建議"), _l("提核定建議"), "grants:case_proposal", _own(S.UNDER_REVIEW)),
    Queue("letter", _l("待發函"), _l("核對函稿並發文"), _l("看函稿"), "grants:letter_detail",
          _for(_OFFICER, _drafted_letters)),
    Queue("payment", _l("待核付"), _l("核對領據後核付"), _l("看領據"), "grants:award_detail", _to_approve),
    Queue("pay", _l("待撥款"), _l("撥款並登記憑單"), _l("登記撥款"), "grants:award_detail", _for(_FINANCE, _to_pay)),
    Queue("sums", _l("待核憑證"), _l("核對結報憑證"), _l("核憑證"), "grants:settlement_detail",
          _for(_FINANCE, _settlements(SettlementStatus.SUBMITTED))),
    Queue("back", _l("待收繳回款"), _l("收到繳回款後登記"), _l("登記繳回"), "grants:settlement_detail",
          _for(_FINANCE, _county_returns), RETURN_DUE, rank=1),
    Queue("content", _l("待核成果"), _l("核對結報成果"), _l("核成果"), "grants:settlement_detail",
          _for(_OFFICER, _settlements(SettlementStatus.SUMS_CHECKED, "sums_checked_by"))),
    Queue("accept", _l("待准予核銷"), _l("准予核銷"), _l("看結報"), "grants:settlement_detail",
          _for(_APPROVER, _settlements(SettlementStatus.CONTENT_CHECKED, "sums_checked_by", "content_checked_by"))),
    Queue("score", _l("待審查"), _l("聲明利害關係並評分"), _l("審查這一件"), "grants:case_review",
          _for(Role.REVIEWER, _to_score), "due_on"),
    Queue("tier", _l("分級待確認"), _l("確認社區分級"), _l("看分級建議"), "communities:organisation",
          _for(_APPROVER, _tiers)),
    Queue("ruling", _l("函釋待確認"), _l("看內容和影響，確認或不同意"), _l("看函釋"), "grants:ruling", _officers(_rulings)),
    Queue("change", _l("人員變更待確認"), _l("打電話問過本人，再確認或不同意"), _l("看變更"), "changes", _changes_of_people,
          "expires_on", keyed=False),
    Queue("envelope", _l("年度額度待確認"), _l("看簽文和已核定的金額，確認或不同意"), _l("看額度"), "grants:envelope", _envelopes),
    Queue("return_terms", _l("繳回帳戶待確認"), _l("核對帳戶、天數和簽文號，確認或不同意"), _l("看帳戶"), "grants:return_terms",
          _return_terms),
    Queue("waiver", _l("個案同意待確認"), _l("看理由和簽文，確認或不同意"), _l("看個案同意"), "grants:waivers",
          _officers(_waivers)),
    Queue("sanction", _l("停止申請處分待確認"), _l("看事實和理由，確認或不同意"), _l("看處分"), "grants:sanction",
          _officers(_sanctions)),
    Queue("record_correction", _l("登記更正待確認"), _l("核對更正的日期和理由，確認或不同意"), _l("看更正"),
          "grants:settlement_detail", _officers(_record_corrections)),
)  # fmt: skip
BY_KIND = {queue.kind: queue for queue in QUEUES}
