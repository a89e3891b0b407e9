"""The 簽: the memo by which a case is laid before whoever decides, printed for signature. Nothing is written.

It says what the portal knows of the case: what was asked, what was found, what the officer proposes, and what is left of
the year's envelope; its words are those of the county (LetterKind.MEMO).
"""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants.enums import LetterKind, Verdict
from grants.letters import compose
from grants.models import Application, Letter, Proposal
from grants.queries.applications.forwarding import forwarding_of
from grants.queries.schemes import envelopes
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.amount_words import mixed
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc_long


def paper(user: User, case: Application) -> bytes:
    """Return the memo about the newest proposal as PDF. Raises Refused where there is none, and where no PDFs are made."""
    proposal = case.proposals.first()
    if proposal is None:
        raise Refused(_("還沒有核定建議，不能印簽。"))
    today = clock.today()
    written = compose.compose(LetterKind.MEMO, case, user, today, **_facts(case, proposal))
    context = {
        "number": case.number,
        "head": written.context["head"],
        "contact": written.context["contact"],
        "subject": written.subject,
        "paragraphs": written.explanation,
        "action": written.action,
        "date": format_roc_long(today),
        "rows": _rows(proposal),
        "total": format_amount(proposal.total),
    }
    return _printed(context)


def specimen(letter: Letter, on: dt.date) -> bytes:
    """Return the PDF of a specimen of these words (`grants.letters.specimen`), laid out as the memo of a case. Raises as
    `paper`.
    """
    context = {
        "number": _("樣張"),
        "head": letter.context["head"],
        "contact": letter.context["contact"],
        "subject": letter.subject,
        "paragraphs": letter.explanation,
        "action": letter.context["action"],
        "date": format_roc_long(on),
        "rows": [
            _row(row["item"], row["requested"], row["approved"], row["reason"]) for row in letter.context["table"]
        ],
        "total": format_amount(sum(row["approved"] for row in letter.context["table"])),
    }
    return _printed(context)


def _printed(context: dict[str, Any]) -> bytes:
    html = render_to_string("grants/letters/memo.html", context)
    try:
        return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")
    except pdf.UnavailableError as error:
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from error


def _facts(case: Application, proposal: Proposal) -> dict[str, Any]:
    cut = case.requested_total - proposal.total
    words = {
        Proposal.Outcome.REJECT: _("不予補助"),
        Proposal.Outcome.NOT_ACCEPT: _("不予受理"),
        Proposal.Outcome.APPROVE: (_("部分同意補助") if cut else _("同意補助")) + mixed(proposal.total),
    }
    return {
        "proposed": words[Proposal.Outcome(proposal.outcome)],
        "filed_on": case.first_filed_on,
        "requested_mixed": mixed(case.requested_total),
        "findings": _findings(case, proposal),
        "reason": proposal.note or _("無其他意見。"),
        "envelope": _envelope(case),
    }


def _findings(case: Application, proposal: Proposal) -> list[str]:
    """Return what the township found, what the check refused, and each cut with its reason."""
    review = forwarding_of(case)
    found = [_("公所初審意見：%(opinion)s") % {"opinion": review.opinion}] if review and review.opinion else []
    refused = case.checklist.filter(verdict=Verdict.REFUSED).count()
    found.append(_("檢核有 %(n)d 項不符合，詳如檢核表。") % {"n": refused} if refused else _("檢核項目都符合。"))
    return found + [
        _("%(item)s核減%(amount)s元：%(reason)s") % {"item": row["item"], "amount": row["cut"], "reason": row["reason"]}
        for row in _rows(proposal)
        if row["cut"] != "0"
    ]


def _rows(proposal: Proposal) -> list[dict[str, str]]:
    if proposal.outcome != Proposal.Outcome.APPROVE:
        return []
    return [
        _row(compose.item_name(row.line.item), row.requested, row.amount, row.reason)
        for row in proposal.lines.select_related("line").order_by("line__position", "pk")
    ]


def _row(item: str, requested: int, approved: int, reason: str) -> dict[str, str]:
    return {
        "item": item,
        "requested": format_amount(requested),
        "approved": format_amount(approved),
        "cut": format_amount(requested - approved),
        "reason": reason,
    }


def _envelope(case: Application) -> str:
    use = envelopes.use_in(case.scheme_id, clock.today().year)
    if use is None:
        return ""
    params = {
        "year": use.roc_year,
        "amount": format_amount(use.envelope.amount),
        "approved": format_amount(use.approved),
        "left": format_amount(use.left),
    }
    return _("%(year)s年度補助額度%(amount)s元，已核定%(approved)s元，尚餘%(left)s元。") % params
