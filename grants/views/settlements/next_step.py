"""The first thing on the page of a 結報: what happens next, told to whoever reads it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import STOPPED, AwardStatus, DeadlineKind
from grants.enums import SettlementStatus as S
from grants.models import Deadline, Settlement
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.template_tags import days_left

from .viewer import Page


@dataclass
class Next:
    """The first thing on the page: see templates/partials/next.html."""

    text: str
    sub: str = ""
    state: str = "waits"
    form_id: str = ""
    label: str = ""
    url: str = ""


def next_of(page: Page) -> Next:
    """What happens next with the settlement, told to this person."""
    award, settlement = page.award, page.settlement
    if award.status == AwardStatus.CLOSED:
        return Next(_("這一案已經結案，謝謝。"), _("文件請保存十年，備供查核。"))
    if award.status in STOPPED:
        return _after_decision(page)
    if not award.completed_on:
        return _before_completion(page)
    assert settlement is not None
    return _NEXT[S(settlement.status)](page, settlement)


def _before_completion(page: Page) -> Next:
    sub = _("預定 %(day)s 辦完，結報期限 %(due)s。") % {
        "day": format_roc(page.award.ends_on),
        "due": format_roc(page.due_on),
    }
    if not page.is_(Role.MEMBER):
        return Next(_("等申請單位登記執行完畢"), sub)
    award, today = page.award, clock.today()
    if today < award.starts_on:
        return Next(_("計畫 %(day)s 開始執行") % {"day": format_roc(award.starts_on)}, sub)
    # While it runs nothing is asked yet; whoever is ready earlier may say so.
    running = today <= award.ends_on
    text = _("計畫執行中；計畫辦完後，請登記實際完成的日期") if running else _("請登記計畫實際完成的日期")
    return Next(text, sub, "waits" if running else "", "completion", _("登記執行完畢"))


def _to_fill_in(page: Page, settlement: Settlement) -> Next:
    due = page.due_on
    sub = _("結報期限 %(due)s，%(left)s。") % {"due": format_roc(due), "left": days_left(due)}
    if not page.is_(Role.MEMBER):
        return Next(_("等申請單位送結報"), sub)
    late = due < clock.today()
    sub += _("逾期仍可送件，請儘快。") if late else ""
    text = _("請填實支金額、上傳文件，再送出結報")
    return Next(text, sub, "late" if late else "", "report", _("送出結報"))


def _to_correct(page: Page, settlement: Settlement) -> Next:
    if page.is_(Role.MEMBER):
        return Next(_("請補正後送回"), settlement.correction_note, "", "report", _("補正後送回"))
    return Next(_("等申請單位補正"), settlement.correction_note)


def _to_check_sums(page: Page, settlement: Settlement) -> Next:
    sub = _("%(day)s送件。") % {"day": format_roc(settlement.submitted_on)} if settlement.submitted_on else ""
    if page.may("check_sums"):
        return Next(_("請核對憑證，逐項登記准予核銷的金額"), sub, "", "sums", _("憑證已核"))
    return Next(_("縣府主計核對憑證中"), sub)


def _to_check_content(page: Page, settlement: Settlement) -> Next:
    if page.may("check_content"):
        text, sub = _("請看成果、照片和活動資料"), _("憑證已由主計核過。")
        if page.asks_officer:
            # The questions come first, and the one button stands below them.
            return Next(text, sub + _("有幾項要先回答。"), url="#content-check", label=_("回答並核成果"))
        return Next(text, sub, "", "content-check", _("成果已核"))
    return Next(_("縣府承辦人核對成果中"))


def _to_accept(page: Page, settlement: Settlement) -> Next:
    if page.may("accept"):
        return Next(_("請決定是否准予核銷"), _("憑證和成果都已核過。"), "", "accept", _("准予核銷"))
    return Next(_("等縣府主管准予核銷"))


def _money_back(page: Page) -> Next:
    params = {"amount": format_amount(page.due)}
    if page.is_(Role.FINANCE_OFFICER):
        return Next(_("收到繳回款 %(amount)s 元後，請登記") % params, "", "", "money-back", _("登記繳回"))
    row = Deadline.objects.filter(award=page.award, kind=DeadlineKind.RETURN, done_on__isnull=True).first()
    sub = _("期限 %(due)s，%(left)s。") % {"due": format_roc(row.due_on), "left": days_left(row.due_on)} if row else ""
    late = row is not None and row.due_on < clock.today()
    if not page.is_(Role.MEMBER):
        return Next(_("等申請單位繳回 %(amount)s 元") % params, sub, "late" if late else "waits")
    sub += _("繳好以後，請在下面上傳證明。")
    return Next(_("請繳回 %(amount)s 元") % params, sub, "late" if late else "", "return-proof", _("送出繳款證明"))


def _after(page: Page, settlement: Settlement) -> Next:
    if page.due:
        return _money_back(page)
    text = _("請送最後一期款的領據") if page.is_(Role.MEMBER) else _("等最後一期款撥付")
    return Next(
        text,
        "",
        "" if page.is_(Role.MEMBER) else "waits",
        url=reverse("grants:award_detail", args=[page.award.number]),
        label=_("看撥款"),
    )


def _after_decision(page: Page) -> Next:
    """Ended by 柒三: what must come back, or nothing any more."""
    if page.due:
        following = _money_back(page)
        following.sub = _("這一案登記為%(status)s。") % {"status": page.award.get_status_display()} + following.sub
        return following
    return Next(_("這一案登記為%(status)s，款項已經結清。") % {"status": page.award.get_status_display()})


_NEXT = {
    S.DRAFT: _to_fill_in,
    S.CORRECTION_REQUESTED: _to_correct,
    S.SUBMITTED: _to_check_sums,
    S.SUMS_CHECKED: _to_check_content,
    S.CONTENT_CHECKED: _to_accept,
    S.ACCEPTED: _after,
}
