"""Confirmations to an association after each of its own acts and each step of an office: that it arrived, which sum it
is about, what comes next, and how long that usually takes.

The times are the portal's own (docs/decisions.md), for the counties to confirm: no clause names them.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import ApplicationStatus as S
from grants.models import Application, Award, Instalment
from grants.services import notices
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

# In days.
TO_RECEIVE, TO_FORWARD, TO_CHECK, TO_PAY, TO_SETTLE = 7, 14, 14, 14, 30


def filed(case: Application, *, version: int, chair: str) -> None:
    """Tell chair and staff that the chairperson has filed the case or sent back a correction."""
    params = {"number": case.number, "chair": chair}
    if case.status == S.TOWNSHIP_REVIEW:
        after = _("接下來由公所初審，再轉送縣府，通常 %(days)d 天內會有結果。") % {"days": TO_FORWARD}
    elif case.status == S.COMPLETENESS_CHECK:
        after = _("接下來由縣府承辦人核對補正的內容，通常 %(days)d 天內會有結果。") % {"days": TO_CHECK}
    else:
        after = _("接下來由縣府承辦人收件、檢查文件，通常 %(days)d 天內會收件。") % {"days": TO_RECEIVE}
    if version == 1:
        subject, text = _("已經送件"), _("%(chair)s已經確認送件，案號 %(number)s。")
    else:
        subject, text = _("補正已經送回"), _("%(chair)s已經把補正送回，案號 %(number)s。")
    notices.about_case(case, notices.members(case), f"confirm-{version}", subject, f"{text % params}\n{after}")


def forwarded(case: Application) -> None:
    text = _("公所看過了，已經轉送縣府。接下來由縣府承辦人收件、檢查文件，通常 %(days)d 天內會收件。")
    people = notices.members(case)
    notices.about_case(case, people, "forwarded", _("公所初審完成，已轉送縣府"), text % {"days": TO_RECEIVE})


def received(case: Application) -> None:
    text = _("承辦人開始檢核文件，通常 %(days)d 天內會完成，或請您補正。") % {"days": TO_CHECK}
    notices.about_case(case, notices.members(case), "received", _("縣府已收件"), text)


def receipt_in(row: Instalment) -> None:
    text = _("收到第 %(number)d 期款 %(amount)s 元的領據。縣府核對後撥款，通常 %(days)d 天內入帳；撥款時會再通知您。")
    people, body = notices.members(row.award.application), text % (_about(row) | {"days": TO_PAY})
    notices.about_part(row, people, "receipt_in", _("領據已經收到"), body)


def paid(row: Instalment) -> None:
    """Tell the association the sum, the day, the last digits of the account, and what comes next."""
    account = row.kept_account.number[-5:]
    where = _("，撥入貴會帳號末 5 碼 %(account)s") % {"account": account} if account else ""
    text = _("第 %(number)d 期款 %(amount)s 元已在 %(day)s 撥付%(where)s。")
    left = row.award.instalments.exclude(pk=row.pk).exclude(status__in=("paid", "cancelled")).exists()
    after = _("計畫辦完後請登記完成日並送結報，再請領後面的款項。") if left else ""
    assert row.paid_on is not None
    params = _about(row) | {"day": format_roc(row.paid_on), "where": where}
    people = notices.members(row.award.application)
    notices.about_part(row, people, "paid", _("補助款已撥付"), f"{text % params}{after}")


def settlement_in(award: Award) -> None:
    text = _("收到結報。接下來由縣府核對憑證和成果，通常 %(days)d 天內會有結果。") % {"days": TO_SETTLE}
    url = reverse("grants:settlement_detail", args=[award.number])
    key, people = f"settlement:{award.number}", notices.members(award.application)
    notices.about_award(award, people, "settlement.settlement_in", key, _("結報已經收到"), text, url)


def _about(row: Instalment) -> dict[str, int | str]:
    return {"number": row.number, "amount": format_amount(row.amount)}
