"""Which papers of a case somebody has opened since signing in: the check marks as met only what was looked at."""

from grants.models import Application, Document
from miaoli_kaohsiung.accounts.permissions import SignedIn

KEY = "opened_papers"
# A session remembers the cases that were opened last.
MOST_CASES = 40


def note(request: SignedIn, case: Application, document: Document) -> None:
    """Remember that the paper was opened."""
    known = request.session.get(KEY, {})
    kinds = known.pop(str(case.pk), [])
    if document.kind not in kinds:
        kinds.append(document.kind)
    latest = list(known.items())[1 - MOST_CASES :]
    request.session[KEY] = dict([*latest, (str(case.pk), kinds)])


def places(request: SignedIn, case: Application) -> set[str]:
    """Return the opened papers as places of checklist items."""
    return {f"doc:{kind}" for kind in request.session.get(KEY, {}).get(str(case.pk), [])}
