"""The first panel on the page of a 結報: what happens next, for the person who reads it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import STOPPED, AwardStatus, DeadlineKind
from grants.enums import SettlementStatus as S
from grants.models import Deadline, Settlement
from grants.queries.payments import turned_down
from grants.queries.settlements.vouchers import next_unchecked, unchecked
from grants.workflow import awards
from grants.workflow.settlements import TABLE
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.template_tags import days_left

from .viewer import Page


@dataclass
class Next:
    """The first panel on the page: see templates/partials/next.html."""

    text: str
    sub: str = ""
    state: str = "waits"
    form_id: str = ""
    label: str = ""
    url: str = ""


def next_of(page: Page) -> Next:
    """Return what happens next with the settlement, for this person."""
    award, settlement = page.award, page.settlement
    if award.status == AwardStatus.CLOSED:
        return Next(_("這一案已經結案，謝謝。"), _("文件請保存十年，備供查核。"))
    if award.status in STOPPED:
        return _after_decision(page)
    if award.status == AwardStatus.REOPENED:
        return Next(_("這一案重新審查中，重新決定以前不請款、不結報"), _("原來的決定和公文都保留在決定的紀錄。"))
    if not award.completed_on:
        return _before_completion(page)
    assert settlement is not None
    if settlement.status == S.ACCEPTED:
        return _after(page)
    return _checking(page, settlement)


def _before_completion(page: Page) -> Next:
    sub = _("預定 %(day)s 辦完，結報期限 %(due)s。") % {
        "day": format_roc(page.award.ends_on),
        "due": reckoned(page.due_on, page.award.county),
    }
    move = awards.TABLE["complete"]
    if not page.is_(Role.MEMBER):
        return Next(move.waits, sub)
    award, today = page.award, clock.today()
    if today < award.starts_on:
        return Next(_("計畫 %(day)s 開始執行") % {"day": format_roc(award.starts_on)}, sub)
    # While the project runs nothing is asked yet; an association that is ready earlier may say so.
    running = today <= award.ends_on
    text = _("計畫執行中；計畫辦完後，請登記實際完成的日期") if running else move.asks
    return Next(text, sub, "waits" if running else "", move.screen.form, str(move.label))


def _checking(page: Page, settlement: Settlement) -> Next:
    """Return the usual move for the person who makes it; others read what is waited for."""
    move = TABLE.usual(settlement.status)
    assert move is not None
    mine = page.may(move.name)
    sub, state = _why(page, settlement, mine)
    if not mine:
        return Next(move.waits, sub)
    if settlement.status == S.SUBMITTED and (first := next_unchecked(settlement)):
        # Voucher by voucher first; the sums of the lines follow from them.
        text = _("請逐張核對單據，還有 %(count)d 張") % {"count": unchecked(settlement)}
        url = reverse("grants:settlement_voucher_check", args=[settlement.number, first])
        return Next(text, sub, state, url=url, label=_("逐張核對"))
    if settlement.status == S.SUMS_CHECKED and page.asks_officer:
        # The questions come first, and the one button stands below them.
        return Next(move.asks, sub + _("有幾項要先回答。"), "", url="#content-check", label=_("回答並核成果"))
    return Next(move.asks, sub, state, move.screen.form, str(move.label))


def _why(page: Page, settlement: Settlement, mine: bool) -> tuple[str, str]:
    """Return by when or why, and whether the day is over."""
    match settlement.status:
        case S.DRAFT:
            due = page.due_on
            sub = _("結報期限 %(due)s，%(left)s。") % {"due": format_roc(due), "left": days_left(due)}
            late = mine and due < clock.today()
            return (sub + _("逾期仍可送件，請儘快。"), "late") if late else (sub, "")
        case S.CORRECTION_REQUESTED:
            return settlement.correction_note, ""
        case S.SUBMITTED if settlement.submitted_on:
            return _("%(day)s送件。") % {"day": format_roc(settlement.submitted_on)}, ""
        case S.SUMS_CHECKED if mine:
            return _("憑證已由主計核過。"), ""
        case S.CONTENT_CHECKED if mine:
            return _("憑證和成果都已核過。"), ""
    return "", ""


def _money_back(page: Page) -> Next:
    params = {"amount": format_amount(page.due)}
    if page.is_(Role.FINANCE_OFFICER):
        return Next(_("收到繳回款 %(amount)s 元後，請登記") % params, "", "", "money-back", _("登記繳回"))
    row = Deadline.objects.filter(award=page.award, kind=DeadlineKind.RETURN, done_on__isnull=True).first()
    if row is None:
        return Next(_("應繳回 %(amount)s 元，等縣府發函") % params, _("期限從縣府的函送達起算。"))
    sub = _("期限 %(due)s，%(left)s。") % {"due": format_roc(row.due_on), "left": days_left(row.due_on)}
    late = row.due_on < clock.today()
    if not page.is_(Role.MEMBER):
        return Next(_("等申請單位繳回 %(amount)s 元") % params, sub, "late" if late else "waits")
    sub += _("繳好以後，請在下面上傳證明。")
    return Next(_("請繳回 %(amount)s 元") % params, sub, "late" if late else "", "return-proof", _("送出繳款證明"))


def _after(page: Page) -> Next:
    if page.due:
        return _money_back(page)
    if page.settlement and page.settlement.notified_on is None:
        return Next(_("結報已准予核銷，等縣府發函"), _("發文後才送領據、撥款。"))
    text = _("請送最後一期款的領據") if page.is_(Role.MEMBER) else _("等最後一期款撥付")
    return Next(
        text,
        "",
        "" if page.is_(Role.MEMBER) else "waits",
        url=reverse("grants:award_detail", args=[page.award.number]),
        label=_("看撥款"),
    )


def _after_decision(page: Page) -> Next:
    """Return the panel after an ending by 柒三: what must come back, or that nothing is left to do."""
    state = _("登記為%(status)s") % {"status": page.award.get_status_display()}
    if turned_down(page.award):
        state = _("重新審查後不予補助")
    if page.due:
        following = _money_back(page)
        following.sub = _("這一案%(state)s。") % {"state": state} + following.sub
        return following
    return Next(_("這一案%(state)s，款項已經結清。") % {"state": state})
