"""The queues of the desk: who must act on what, by when, and on which page.

A queue finds its rows for a post, and says where a row leads. `tests/grants/test_desk_moves.py` goes through the tables
of moves and sees to it that whoever must make a move has the object in one of these.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _l

from grants.enums import ApplicationStatus as S
from grants.enums import DeadlineKind, SettlementStatus
from miaoli_kaohsiung.accounts.enums import Role

from .rows import (
    RECEIPT_DUE,
    RETURN_DUE,
    SETTLEMENT_DUE,
    Rows,
    account_requests,
    by_officers,
    changes_of_people,
    county_returns,
    deadline_of,
    drafted_letters,
    duties_of_county,
    duties_of_members,
    envelopes,
    first_review,
    held_by,
    late_receipts,
    late_returns,
    late_settlements,
    mine,
    overdue,
    overdue_at_township,
    own,
    receipts,
    record_corrections,
    return_terms,
    rulings,
    sanctions,
    settlement_back,
    settlements,
    terms_over,
    tiers,
    to_approve,
    to_confirm,
    to_correct,
    to_decide,
    to_pay,
    to_receive,
    to_return,
    to_score,
    to_settle,
    unchecked,
    visits,
    waivers,
)


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


QUEUES = (
    Queue("overdue", _l("補正逾期"), _l("決定補正逾期的處理：再給期限，或建議不予受理"), _l("處理這一件"),
          "grants:case_correction", held_by(Role.CASE_OFFICER, overdue), "correction_due_on", late=True),
    Queue("overdue_first", _l("補正逾期"), _l("決定補正逾期的處理：再給期限"), _l("處理這一件"),
          "grants:case_correction", held_by(Role.TOWNSHIP_OFFICER, overdue_at_township), "correction_due_on", late=True),
    Queue("correct", _l("要補正"), _l("照通知補正，再由理事長送回"), _l("開始補正"), "grants:application_edit",
          to_correct, "correction_due_on"),
    Queue("confirm", _l("待您確認送件"), _l("看過內容後確認送件"), _l("看內容並送件"), "grants:application_review",
          to_confirm),
    Queue("pay_back", _l("要繳回"), _l("繳回剩餘的補助款"), _l("看繳回金額和方式"), "grants:settlement_detail",
          held_by(Role.MEMBER, to_return), RETURN_DUE),
    Queue("receipt", _l("要送領據"), _l("送領據，縣府收到後撥款"), _l("送領據請款"), "grants:award_detail",
          held_by(Role.MEMBER, receipts), RECEIPT_DUE),
    Queue("settle_again", _l("結報要補正"), _l("照縣府的說明補正結報，再送出"), _l("補正結報"),
          "grants:settlement_detail", held_by(Role.MEMBER, settlement_back), deadline_of("settlement_fix", award="award_id")),
    Queue("settle", _l("要結報"), _l("計畫辦完後登記完成日，送出結報"), _l("辦理結報"), "grants:settlement_detail",
          held_by(Role.MEMBER, to_settle), SETTLEMENT_DUE),
    Queue("duty", _l("應辦事項"), _l("登錄這一項的紀錄"), _l("登錄"), "grants:duty",
          held_by(Role.MEMBER, duties_of_members), "due_on"),
    Queue("late_return", _l("繳回逾期"), _l("催辦，或登記收到的繳回款"), _l("看這一案"), "grants:settlement_detail",
          held_by(Role.CASE_OFFICER, late_returns), RETURN_DUE, late=True, urge=DeadlineKind.RETURN),
    Queue("late_settlement", _l("結報逾期"), _l("催辦，或依規定處理"), _l("看這一案"), "grants:award_detail",
          held_by(Role.CASE_OFFICER, late_settlements), SETTLEMENT_DUE, late=True, urge=DeadlineKind.SETTLEMENT),
    Queue("late_receipt", _l("領據逾期"), _l("催辦領據"), _l("看這一案"), "grants:award_detail",
          held_by(Role.CASE_OFFICER, late_receipts), RECEIPT_DUE, late=True, urge=DeadlineKind.FIRST_RECEIPT),
    Queue("county_duty", _l("應辦事項"), _l("登錄這一項的紀錄"), _l("登錄"), "grants:duty",
          held_by(Role.CASE_OFFICER, duties_of_county), "due_on"),
    Queue("guidance", _l("分級輔導"), _l("到社區輔導，登錄紀錄"), _l("登錄"), "grants:duty", held_by(Role.CASE_OFFICER, visits), "due_on"),
    Queue("unchecked", _l("會務待確認"), _l("看協會登錄的會務、財務事項"), _l("看紀錄並確認"), "grants:duty",
          held_by(Role.CASE_OFFICER, unchecked)),
    Queue("term", _l("任期已屆滿"), _l("理事長任期已屆滿，請協會改選；必要時登錄延任"), _l("看這個單位"),
          "communities:organisation", held_by(Role.CASE_OFFICER, terms_over), "valid_to", late=True),
    Queue("draft", _l("草稿"), _l("接著填寫"), _l("接著填寫"), "grants:application_edit", mine(status=S.DRAFT),
          rank=1, newest=True),
    Queue("first_review", _l("待初審"), _l("初審後層轉縣府，或請協會補正"), _l("看案件"), "grants:application_detail",
          held_by(Role.TOWNSHIP_OFFICER, first_review)),
    Queue("decide", _l("待核定"), _l("核定、不予補助、不予受理或退回"), _l("看建議並決定"), "grants:case_decision",
          held_by(Role.APPROVER, to_decide)),
    Queue("receive", _l("待收件"), _l("收件"), _l("看案件並收件"), "grants:application_detail",
          held_by(Role.CASE_OFFICER, to_receive)),
    Queue("account", _l("帳號申請"), _l("有人申請帳號，打電話確認後開立或不開立"), _l("看申請"), "communities:account-request-answer",
          held_by(Role.CASE_OFFICER, account_requests)),
    Queue("check", _l("待檢核"), _l("檢核文件與說明"), _l("開始檢核"), "grants:case_check", own(S.COMPLETENESS_CHECK)),
    Queue("propose", _l("待提核定建議"), _l("提核定建議"), _l("提核定建議"), "grants:case_proposal", own(S.UNDER_REVIEW)),
    Queue("letter", _l("待發函"), _l("核對函稿並發文"), _l("看函稿"), "grants:letter_detail",
          held_by(Role.CASE_OFFICER, drafted_letters)),
    Queue("payment", _l("待核付"), _l("核對領據後核付"), _l("看領據"), "grants:award_detail", to_approve),
    Queue("pay", _l("待撥款"), _l("撥款並登記憑單"), _l("登記撥款"), "grants:award_detail", held_by(Role.FINANCE_OFFICER, to_pay)),
    Queue("sums", _l("待核憑證"), _l("核對結報憑證"), _l("核憑證"), "grants:settlement_detail",
          held_by(Role.FINANCE_OFFICER, settlements(SettlementStatus.SUBMITTED))),
    Queue("back", _l("待收繳回款"), _l("收到繳回款後登記"), _l("登記繳回"), "grants:settlement_detail",
          held_by(Role.FINANCE_OFFICER, county_returns), RETURN_DUE, rank=1),
    Queue("content", _l("待核成果"), _l("核對結報成果"), _l("核成果"), "grants:settlement_detail",
          held_by(Role.CASE_OFFICER, settlements(SettlementStatus.SUMS_CHECKED, "sums_checked_by"))),
    Queue("accept", _l("待准予核銷"), _l("准予核銷"), _l("看結報"), "grants:settlement_detail",
          held_by(Role.APPROVER, settlements(SettlementStatus.CONTENT_CHECKED, "sums_checked_by", "content_checked_by"))),
    Queue("score", _l("待審查"), _l("聲明利害關係並評分"), _l("審查這一件"), "grants:case_review",
          held_by(Role.REVIEWER, to_score), "due_on"),
    Queue("tier", _l("分級待確認"), _l("確認社區分級"), _l("看分級建議"), "communities:organisation",
          held_by(Role.APPROVER, tiers)),
    Queue("ruling", _l("函釋待確認"), _l("看內容和影響，確認或不同意"), _l("看函釋"), "grants:ruling", by_officers(rulings)),
    Queue("change", _l("人員變更待確認"), _l("打電話問過本人，再確認或不同意"), _l("看變更"), "changes", changes_of_people,
          "expires_on", keyed=False),
    Queue("envelope", _l("年度額度待確認"), _l("看簽文和已核定的金額，確認或不同意"), _l("看額度"), "grants:envelope", envelopes),
    Queue("return_terms", _l("繳回帳戶待確認"), _l("核對帳戶、天數和簽文號，確認或不同意"), _l("看帳戶"), "grants:return_terms",
          return_terms),
    Queue("waiver", _l("個案同意待確認"), _l("看理由和簽文，確認或不同意"), _l("看個案同意"), "grants:waivers",
          by_officers(waivers)),
    Queue("sanction", _l("停止申請處分待確認"), _l("看事實和理由，確認或不同意"), _l("看處分"), "grants:sanction",
          by_officers(sanctions)),
    Queue("record_correction", _l("登記更正待確認"), _l("核對更正的日期和理由，確認或不同意"), _l("看更正"),
          "grants:settlement_detail", by_officers(record_corrections)),
)  # fmt: skip
BY_KIND = {queue.kind: queue for queue in QUEUES}
