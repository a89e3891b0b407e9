"""The queues of the desk: who must act on what, and by when.

A queue finds its rows for a post; the workflow's tables say where a row leads, and with which button.
`tests/grants/test_desk_moves.py` proves that for every move in the tables whoever must make it has the object in a
queue.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _l

from grants.enums import WITH_TREASURY, DeadlineKind, PaymentBatchStatus, SettlementStatus
from grants.enums import ApplicationStatus as S
from grants.models import EnvelopeChange, RecordCorrection, ReturnTermsChange, Ruling, Sanction, SanctionLifting, Waiver
from grants.workflow.core import Move, Table
from grants.workflow.tables import TABLES
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, MONEY_KEEPERS
from miaoli_kaohsiung.accounts.enums import Role

from .chairs import takes_over
from .rows import (
    OVERPAID_DUE,
    RECEIPT_DUE,
    RETURN_DUE,
    SETTLEMENT_DUE,
    Rows,
    account_requests,
    amendments_to_check,
    amendments_to_confirm,
    amendments_to_decide,
    batches,
    by_another,
    changes_of_data,
    changes_of_people,
    closures,
    deadline_of,
    debts,
    debts_alone,
    drafted_letters,
    duties_of_county,
    duties_of_members,
    first_review,
    held_by,
    invitations,
    late_debts,
    late_debts_alone,
    late_receipts,
    late_settlements,
    mine,
    overdue,
    overdue_at_township,
    own,
    posts_over,
    receipts,
    settlement_back,
    settlements,
    terms_ending,
    terms_over,
    tiers,
    to_approve,
    to_confirm,
    to_correct,
    to_decide,
    to_give_back,
    to_pay,
    to_receive,
    to_return,
    to_score,
    to_settle,
    unchecked,
    visits,
    without_reviewer,
)

# By the queue's kind: the table and the move that the queue waits for; the usual move if there are several.
_MOVES: dict[str, tuple[Table, Move]] = {}
for _table in TABLES:
    for _move in _table.moves:
        if _move.screen.queue:
            _MOVES.setdefault(_move.screen.queue, (_table, _move))


@dataclass(frozen=True)
class Queue:
    """One kind of work. `text` says what to do. Button and page are those of the move that the queue waits for;
    `button` and `page` are given if it waits for none, or on a page other than the move's.

    `due` is the column or expression of the legal deadline; `late` marks queues that are overdue by nature; a higher
    `rank` comes after the rest; `newest` sorts by the last change, newest first. `urge` is the kind of deadline of
    which an officer can remind the association from the list. Without `keyed`, one page serves all rows.
    """

    kind: str
    title: Any
    text: Any
    of: Rows
    due: Any = None
    button: Any = ""
    page: str = ""
    late: bool = False
    rank: int = 0
    newest: bool = False
    urge: str = ""
    keyed: bool = True

    @property
    def label(self) -> str:
        return str(self.button) or _MOVES[self.kind][1].button

    @property
    def route(self) -> str:
        """The move's page, or the object's own if the move has none or its button posts at once."""
        if self.page:
            return self.page
        table, move = _MOVES[self.kind]
        return table.page if move.screen.at_once or not move.screen.page else move.screen.page


QUEUES = (
    Queue("overdue", _l("補正逾期"), _l("決定補正逾期的處理：再給期限，或建議不予受理"),
          held_by(Role.CASE_OFFICER, overdue), "correction_due_on", _l("處理逾期"), "grants:case_correction", late=True),
    Queue("overdue_first", _l("補正逾期"), _l("決定補正逾期的處理：再給期限"),
          held_by(Role.TOWNSHIP_OFFICER, overdue_at_township), "correction_due_on", _l("處理逾期"),
          "grants:case_correction", late=True),
    Queue("correct", _l("要補正"), _l("照通知補正，再由理事長送回"), to_correct, "correction_due_on"),
    Queue("confirm", _l("待您確認送件"), _l("看過內容後確認送件"), to_confirm),
    Queue("amendment_chair", _l("待您確認變更"), _l("看過計畫變更後確認送出"), amendments_to_confirm),
    Queue("alliance", _l("結盟待確認"), _l("看結盟的目的和期間，確認參加或不參加"), invitations, None, _l("看內容並確認"),
          "communities:alliance"),
    Queue("pay_back", _l("要繳回"), _l("繳回剩餘的補助款"), held_by(Role.MEMBER, to_return), RETURN_DUE,
          _l("看繳回金額和方式"), "grants:settlement_detail"),
    Queue("give_back", _l("多撥的款要退還"), _l("縣府多撥了款項，請退還"), held_by(Role.MEMBER, to_give_back), OVERPAID_DUE,
          _l("看金額和方式"), "grants:award_detail"),
    Queue("receipt", _l("要送領據"), _l("送領據，縣府收到後撥款"), held_by(Role.MEMBER, receipts), RECEIPT_DUE,
          page="grants:award_detail"),
    Queue("settle_again", _l("結報要補正"), _l("照縣府的說明補正結報，再送出"), held_by(Role.MEMBER, settlement_back),
          deadline_of("settlement_fix", award="award_id")),
    Queue("settle", _l("要結報"), _l("計畫辦完後登記完成日，送出結報"), held_by(Role.MEMBER, to_settle), SETTLEMENT_DUE),
    Queue("duty", _l("應辦事項"), _l("登錄這一項的紀錄"), held_by(Role.MEMBER, duties_of_members), "due_on",
          _l("登錄"), "grants:duty"),
    Queue("late_return", _l("繳回逾期"), _l("催辦，或登記收到的繳回款"), held_by(Role.CASE_OFFICER, late_debts(DeadlineKind.RETURN)), RETURN_DUE,
          _l("看這一案"), "grants:settlement_detail", late=True, urge=DeadlineKind.RETURN),
    Queue("late_overpaid", _l("溢付款逾期"), _l("催辦，或登記收到的退還款"), held_by(Role.CASE_OFFICER, late_debts(DeadlineKind.OVERPAID)), OVERPAID_DUE,
          _l("看這一案"), "grants:award_detail", late=True, urge=DeadlineKind.OVERPAID),
    Queue("late_settlement", _l("結報逾期"), _l("催辦，或依規定處理"), held_by(Role.CASE_OFFICER, late_settlements),
          SETTLEMENT_DUE, _l("看這一案"), "grants:award_detail", late=True, urge=DeadlineKind.SETTLEMENT),
    Queue("late_receipt", _l("領據逾期"), _l("催辦領據"), held_by(Role.CASE_OFFICER, late_receipts), RECEIPT_DUE,
          _l("看這一案"), "grants:award_detail", late=True, urge=DeadlineKind.RECEIPT),
    Queue("county_duty", _l("應辦事項"), _l("登錄這一項的紀錄"), held_by(Role.CASE_OFFICER, duties_of_county), "due_on",
          _l("登錄"), "grants:duty"),
    Queue("guidance", _l("分級輔導"), _l("到社區輔導，登錄紀錄"), held_by(Role.CASE_OFFICER, visits), "due_on",
          _l("登錄"), "grants:duty"),
    Queue("unchecked", _l("會務待確認"), _l("看協會登錄的會務、財務事項"), held_by(Role.CASE_OFFICER, unchecked), None,
          _l("看紀錄並確認"), "grants:duty"),
    Queue("term", _l("任期已屆滿"), _l("理事長任期已屆滿，請協會改選；必要時登錄延任"), held_by(Role.CASE_OFFICER, terms_over),
          "valid_to", _l("看這個單位"), "communities:organisation", late=True),
    Queue("term_ending", _l("任期快屆滿"), _l("理事長任期快屆滿，請辦理改選，並把新任理事長的資料送縣府"), terms_ending,
          "valid_to", _l("看這個單位"), "communities:organisation", rank=1),
    Queue("post_ending", _l("職務快到期"), _l("職務快到期，或到期了沒有人接，請續給或另外給人"),
          held_by(Role.ADMINISTRATOR, posts_over), "valid_to", _l("看這個人"), "communities:person", rank=1),
    Queue("take_over", _l("接任交接"), _l("看交接清單：進行中的案件、期限、文件和款項"), takes_over, None,
          _l("看交接清單"), "grants:association_handover"),
    Queue("draft", _l("草稿"), _l("接著填寫"), mine(status=S.DRAFT), rank=1, newest=True),
    Queue("first_review", _l("待初審"), _l("初審後層轉縣府，或請協會補正"), held_by(Role.TOWNSHIP_OFFICER, first_review)),
    Queue("decide", _l("待核定"), _l("核定、不予補助、不予受理或退回"), held_by(Role.APPROVER, to_decide)),
    Queue("receive", _l("待收件"), _l("收件"), held_by(Role.CASE_OFFICER, to_receive)),
    Queue("account", _l("帳號申請"), _l("有人申請帳號，打電話確認後開立或不開立"), held_by(Role.CASE_OFFICER, account_requests),
          None, _l("看申請"), "communities:account-request-answer"),
    Queue("check", _l("待檢核"), _l("檢核文件與說明"), own(S.COMPLETENESS_CHECK)),
    Queue("amendment_check", _l("變更待審核"), _l("逐項審核計畫變更"), held_by(Role.CASE_OFFICER, amendments_to_check)),
    Queue("amendment_decide", _l("變更待核定"), _l("逐項決定計畫變更"), held_by(Role.APPROVER, amendments_to_decide)),
    Queue("propose", _l("待提核定建議"), _l("提出核定建議"), own(S.UNDER_REVIEW)),
    Queue("without_reviewer", _l("委員卸任"), _l("審查委員已經卸任，還沒有評分，請改請其他委員"),
          held_by(Role.CASE_OFFICER, without_reviewer), "due_on", _l("改派委員"), "grants:case_reviewers"),
    Queue("letter", _l("待發函"), _l("核對函稿並發文"), held_by(Role.CASE_OFFICER, drafted_letters)),
    Queue("payment", _l("待核付"), _l("核對領據後核付"), to_approve, page="grants:award_detail"),
    Queue("pay", _l("待撥款"), _l("撥款並登記憑單"), held_by(Role.FINANCE_OFFICER, to_pay), page="grants:award_detail"),
    Queue("batch", _l("清冊待送出納"), _l("核對付款清冊，送出納付款"),
          held_by(Role.FINANCE_OFFICER, batches(PaymentBatchStatus.DRAFTED)), button=_l("看清冊")),
    Queue("batch_result", _l("清冊待登記付款"), _l("出納付款後，匯入憑單號碼和日期"),
          held_by(Role.FINANCE_OFFICER, batches(*WITH_TREASURY)), None, _l("看清冊"), "grants:payment_batch"),
    Queue("sums", _l("待核憑證"), _l("核對結報憑證"),
          held_by(Role.FINANCE_OFFICER, settlements(SettlementStatus.SUBMITTED))),
    Queue("back", _l("待收繳回款"), _l("收到繳回款後登記"), held_by(Role.FINANCE_OFFICER, debts(DeadlineKind.RETURN)), RETURN_DUE,
          _l("登記繳回"), "grants:settlement_detail", rank=1),
    Queue("overpaid", _l("重複撥付待收回"), _l("收到退還的款項後登記"), held_by(Role.FINANCE_OFFICER, debts(DeadlineKind.OVERPAID)), OVERPAID_DUE,
          _l("登記收回"), "grants:award_ledger", rank=1),
    Queue("content", _l("待核成果"), _l("核對結報成果"),
          held_by(Role.CASE_OFFICER, settlements(SettlementStatus.SUMS_CHECKED, "sums_checked_by"))),
    Queue("accept", _l("待准予核銷"), _l("准予核銷"),
          held_by(Role.APPROVER, settlements(SettlementStatus.CONTENT_CHECKED, "sums_checked_by", "content_checked_by"))),
    Queue("score", _l("待審查"), _l("聲明利害關係並評分"), held_by(Role.REVIEWER, to_score), "due_on",
          _l("審查這一件"), "grants:case_review"),
    Queue("tier", _l("分級待確認"), _l("確認社區分級"), held_by(Role.APPROVER, tiers), None, _l("看分級建議"),
          "communities:organisation"),
    Queue("closure", _l("停班停課待核對"), _l("核對日期、地區和順延的期限"), closures, None, _l("看登錄"), "grants:closure"),
    Queue("ruling", _l("函釋待確認"), _l("看內容和影響，確認或不同意"),
          by_another(CASE_HANDLERS, Ruling, "scheme__county", "author")),
    Queue("change", _l("人員變更待確認"), _l("打電話問過本人，再確認或不同意"), changes_of_people, "expires_on", _l("看變更"),
          "changes", keyed=False),
    Queue("data_change", _l("縣府資料待確認"), _l("看變更前後的內容，確認或不同意"), changes_of_data, None, _l("看變更"),
          "changes:show"),
    Queue("envelope", _l("年度額度待確認"), _l("看簽文和已核定的金額，確認或不同意"),
          by_another(MONEY_KEEPERS, EnvelopeChange, "scheme__county", "proposed_by")),
    Queue("return_terms", _l("繳回帳戶待確認"), _l("核對帳戶、天數和簽文號，確認或不同意"),
          by_another(MONEY_KEEPERS, ReturnTermsChange, "scheme__county", "proposed_by")),
    Queue("waiver", _l("個案同意待確認"), _l("看理由和簽文，確認或不同意"),
          by_another(CASE_HANDLERS, Waiver, "application__county", "author")),
    Queue("sanction", _l("停止申請處分待確認"), _l("看事實和理由，確認或不同意"),
          by_another(CASE_HANDLERS, Sanction, "county", "recorded_by")),
    Queue("sanction_lifting", _l("撤銷處分待確認"), _l("看訴願決定和理由，確認或不同意"),
          by_another(CASE_HANDLERS, SanctionLifting, "sanction__county", "asked_by")),
    Queue("record_correction", _l("登記更正待確認"), _l("核對更正的日期和理由，確認或不同意"),
          by_another(CASE_HANDLERS, RecordCorrection, "award__county", "asked_by")),
)  # fmt: skip
BY_KIND = {queue.kind: queue for queue in QUEUES}
# Queues of awards of which the debts know all that the desk counts by: there these are read instead.
OF_DEBTS = {
    "late_return": held_by(Role.CASE_OFFICER, late_debts_alone(DeadlineKind.RETURN)),
    "late_overpaid": held_by(Role.CASE_OFFICER, late_debts_alone(DeadlineKind.OVERPAID)),
    "back": held_by(Role.FINANCE_OFFICER, debts_alone(DeadlineKind.RETURN)),
    "overpaid": held_by(Role.FINANCE_OFFICER, debts_alone(DeadlineKind.OVERPAID)),
}
