"""A case's history as one person may read it: what the county weighs in-house stays there."""

from django.db.models import QuerySet

from grants.models import Application
from grants.permissions import post_for
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.queries import history_of

# Opinions of the township, proposals with their reasons, reviewers and their scores, drafts of letters, decisions by 柒三 that are not confirmed.
IN_HOUSE = (
    "application.first_review",
    "application.draft_proposal",
    "application.propose",
    "application.take_back_proposal",
    "application.take_back_to_check",
    "application.take_back_to_correction",
    "application.send_back",
    "application.check",
    "application.verdict",
    "application.assign",
    "application.declare_interest",
    "application.score",
    "letter.prepare",
    "letter.edit",
    "sanction.record",
    "sanction.refuse",
)

# Ledger rows, cancelled payments and kept contents, which another step of the same day already shows: only auditors need them.
SHOWN_ELSEWHERE = (
    "application.keep",
    "ledger.committed",
    "ledger.renewed",
    "ledger.released",
    "ledger.paid",
    "ledger.surcharge",
    "instalment.cancel",
)


def reads_in_house(user: User | None, case: Application) -> bool:
    """Return whether the person reads all of it, as the county's staff and auditor do."""
    return user is not None and post_for(user, case, COUNTY_READERS) is not None


def entries_of(number: str, *, in_house: bool) -> QuerySet[AuditEntry]:
    """Return the entries of the case, newest first, for those who read what is weighed in-house and for others."""
    entries = history_of(number).exclude(action__in=SHOWN_ELSEWHERE)
    return entries if in_house else entries.exclude(action__in=IN_HOUSE)
