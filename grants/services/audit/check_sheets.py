"""The check sheets of a sample: a page for each case with what is looked at, to be ticked and signed by hand. Nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants.models import Application, AuditSample
from grants.queries.audit.four_eyes import ways_of
from grants.queries.audit.sampling import cases_of
from grants.queries.payments import movements
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc


@dataclass(frozen=True)
class Check:
    """A row of the sheet: what is looked at, what is asked, and what the portal knows of it."""

    name: str
    asked: str
    known: str


def printed(user: User, sample: AuditSample) -> bytes:
    """Return the sheets as PDF, without cases in which the user has an interest. Raises Refused where no PDFs are made,
    and for characters that no font has.
    """
    cases = cases_of(user, sample)
    sheets = [
        (cases[row[0]], stratum["label"], row, list(checks(cases[row[0]])))
        for stratum in sample.strata
        for row in stratum["drawn"]
        if row[0] in cases
    ]
    if not sheets:
        raise Refused(_("抽中的案件您都要迴避，請由另一位稽核人員核對。"))
    context = {"sample": sample, "sheets": sheets, "today": clock.today()}
    html = render_to_string("audit/check_sheets.html", context)
    try:
        return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")
    except pdf.UnavailableError as missing:
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from missing


def checks(case: Application) -> Iterator[Check]:
    """Yield the rows of a case's sheet."""
    filings = list(case.versions.order_by("number"))
    yield Check(
        _("申請"),
        _("送件內容和附件齊全，%(head)s確認過") % {"head": case.organisation.head_word},
        "；".join(f"{row.number}. {format_roc(row.filed_on)}" for row in filings),
    )
    judged = case.evaluations.order_by("pk").last()
    yield Check(
        _("法規檢核"),
        _("必須修正的都改好，請說明的都有說明和審查意見"),
        _("最近一次 %(day)s") % {"day": format_roc(judged.on)} if judged else "",
    )
    yield Check(_("雙人覆核"), _("建議、決定、核付、撥付是不同的人"), _eyes(case))
    letters = case.letters.exclude(dispatch_number="").order_by("dispatched_on", "pk")
    yield Check(_("公文"), _("金額、日期、法條和核定相同"), "；".join(row.dispatch_number for row in letters))
    yield Check(_("撥款"), _("和領據、付款憑單、帳戶相同"), _money(case))
    settlement = getattr(case.award, "settlement", None)
    yield Check(
        _("結報"),
        _("單據和准予核銷的金額相同，賸餘款已繳回"),
        str(settlement.get_status_display()) if settlement else "",
    )
    yield Check(_("檔案"), _("案件檔案包解開後核對程式沒有說哪裡不符"), "")


def _eyes(case: Application) -> str:
    found = [words for way in ways_of(case) for words in way.found]
    return "；".join(dict.fromkeys(found)) or _("系統沒有找到要查明的")


def _money(case: Application) -> str:
    sums = movements(case.award)
    return _("已撥 %(paid)s 元，繳回 %(back)s 元") % {
        "paid": format_amount(sums.paid),
        "back": format_amount(sums.back),
    }
