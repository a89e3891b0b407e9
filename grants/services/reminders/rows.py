"""The one place that makes a deadline: its subject determines the row's links and key."""

import datetime as dt

from communities.models import OfficeTerm
from grants.enums import DeadlineKind
from grants.models import Award, CorrectionRequest, Deadline, Instalment, Sanction

Subject = Award | Instalment | CorrectionRequest | OfficeTerm | Sanction


def unsaved(kind: DeadlineKind, subject: Subject, *, clause: str, due_on: dt.date, opened_on: dt.date) -> Deadline:
    """Return an unsaved deadline about the subject. `clause` is the id in its law, or the statute by name."""
    row = Deadline(kind=kind, subject_key=key_of(subject), clause=clause, due_on=due_on, opened_on=opened_on)
    if isinstance(subject, Instalment):
        row.instalment = subject
    if isinstance(subject, Award | Instalment):
        row.award = subject if isinstance(subject, Award) else subject.award
        row.application = row.award.application
    if isinstance(subject, CorrectionRequest):
        row.application = subject.application
    if isinstance(subject, Sanction):
        row.application = subject.award.application
    return row


def keep(kind: DeadlineKind, subject: Subject, *, clause: str, due_on: dt.date, opened_on: dt.date) -> Deadline:
    """Store the deadline as a letter states it, and open it again if it was done. A replacing letter never shortens it."""
    row = unsaved(kind, subject, clause=clause, due_on=due_on, opened_on=opened_on)
    if known := Deadline.objects.filter(kind=kind, subject_key=row.subject_key).first():
        row.pk, row.due_on = known.pk, max(due_on, known.due_on)
    row.save()
    return row


def key_of(subject: Subject) -> str:
    """Return the key of the subject; there is one deadline of a kind for each key."""
    if isinstance(subject, Award):
        return f"award:{subject.number}"
    if isinstance(subject, Instalment):
        return f"instalment:{subject.award.number}:{subject.number}"
    if isinstance(subject, CorrectionRequest):
        return f"correction:{subject.pk}"
    return f"ban:{subject.pk}" if isinstance(subject, Sanction) else f"term:{subject.pk}"
