"""Where the one thing that a reminder asks for is done: the address of the page, with the place on it."""

from django.urls import reverse

from grants.enums import AwardStatus, DeadlineKind
from grants.models import Deadline
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import holders_of

ASSOCIATION = ("members", "chair")
# The queue of the desk in which an office reminds the association.
LATE_QUEUES = {
    DeadlineKind.RECEIPT: "late_receipt",
    DeadlineKind.SETTLEMENT: "late_settlement",
    DeadlineKind.RETURN: "late_return",
    DeadlineKind.OVERPAID: "late_overpaid",
}


def page_of(row: Deadline, who: str) -> str:
    """Return the page on which somebody acts on a deadline of a case; a township, which only reads the award, its page."""
    if who in ASSOCIATION:
        return _page_of_association(row)
    number = row.case.number
    if row.kind == DeadlineKind.CORRECTION:
        return reverse("grants:case_correction", args=[number])
    if row.kind == DeadlineKind.SETTLEMENT_FIX:
        return reverse("grants:settlement_detail", args=[number])
    if who == "officers":
        return reverse("grants:desk_queue", args=[LATE_QUEUES[DeadlineKind(row.kind)]])
    return reverse("grants:award_detail", args=[number])


def page_of_term(organisation_id: int, who: str) -> str:
    """Return the page of the association's terms."""
    return reverse("communities:organisation", args=[organisation_id])


def _page_of_association(row: Deadline) -> str:
    case = row.case
    if row.kind == DeadlineKind.RECEIPT:
        if row.instalment and holders_of(Role.MEMBER, organisation_id=case.organisation_id):
            return reverse("grants:instalment_request", args=[case.number, row.instalment.number])
        # Whoever's term is over may read, and no more.
        return reverse("grants:award_detail", args=[case.number])
    if row.kind == DeadlineKind.CORRECTION:
        return reverse("grants:application_edit", args=[case.number])
    if row.kind == DeadlineKind.RETURN:
        return reverse("grants:settlement_detail", args=[case.number]) + "#return"
    if row.kind == DeadlineKind.BAN_END:
        return reverse("grants:application_new")
    if row.kind == DeadlineKind.OVERPAID:
        return reverse("grants:award_detail", args=[case.number]) + "#overpaid"
    form = "#completion" if row.award and row.award.status == AwardStatus.ACTIVE else "#report"
    return reverse("grants:settlement_detail", args=[case.number]) + form
