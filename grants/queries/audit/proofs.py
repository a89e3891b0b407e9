"""The proofs of filings and of letters."""

from grants.models import ApplicationVersion, Letter
from miaoli_kaohsiung.audit.proofs import proof_of
from miaoli_kaohsiung.audit.queries import history_of_object

# The entries that have the hash of what was filed and of the letter's file.
FILING_KEPT = "application.keep"
LETTER_ISSUED = "letter.issue"


def filing_proof_of(version: ApplicationVersion) -> bytes | None:
    """Return the proof that this filing stands in the trail, with all that was filed; None if an older release took it.
    Raises NotSealedError.
    """
    entry = history_of_object(version).filter(action=FILING_KEPT).first()
    return proof_of(entry, version.snapshot) if entry else None


def letter_proof_of(letter: Letter) -> bytes | None:
    """Return the proof that this letter was issued; its PDF is compared with it. Raises NotSealedError."""
    entry = history_of_object(letter).filter(action=LETTER_ISSUED).first()
    return proof_of(entry) if entry else None
