"""Decisions because of misuse or default, as an officer draws them up and the approver confirms them."""

import datetime as dt
from types import SimpleNamespace

from grants.compliance.judging import evaluate
from grants.models import Award, Sanction
from grants.services import sanctions
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.lib import clock

DECIDED = dt.date(2010, 6, 1)


def draft(event: str = "not_executed", **fields) -> SanctionDraft:
    values = {
        "decided_on": DECIDED,
        "heard_on": dt.date(2010, 5, 20),
        "reason": "活動沒有辦理",
    }
    return SanctionDraft(event, **values | fields)


def decided(staff: SimpleNamespace, award: Award, decision: SanctionDraft | None = None) -> Sanction:
    """Return a decision that was recorded, confirmed and sent by letter on the same day."""
    row = sanctions.confirm(staff.head, sanctions.record(staff.officer, award, decision or draft()))
    Sanction.objects.filter(pk=row.pk).update(notified_on=clock.today())
    row.refresh_from_db()
    return row


def paragraphs(row: Sanction) -> list[str]:
    letter = row.award.application.letters.get(kind="sanction")
    assert (letter.status, letter.prepared_by) == ("draft", row.confirmed_by)
    return letter.explanation


def errors(case, on):
    return [found.clause for found in evaluate(case, stage="submission", on=on).errors]
