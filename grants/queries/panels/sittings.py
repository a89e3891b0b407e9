"""What waits for an approver in one list, and the year's money along its lines."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from grants.enums import ApplicationStatus as S
from grants.models import Application, PresentationSession, Proposal, Scheme
from grants.queries import scope
from grants.queries.schemes import envelopes
from grants.queries.schemes.public import EnvelopeUse
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock

# So many cases stand in one list; the next list goes on with the rest.
MOST = 20


@dataclass(frozen=True)
class Line:
    """A case of the list with what would be left of the year's money after it; None where nothing is to be paid."""

    proposal: Proposal
    left: int | None

    @property
    def case(self) -> Application:
        return self.proposal.application

    @property
    def over(self) -> bool:
        return self.left is not None and self.left < 0


def waiting(user: User, scheme: Scheme, session: PresentationSession | None = None) -> QuerySet[Application]:
    """Return the cases of the scheme, or of one session, that wait for a decision and were not put off, and that this
    person may see.
    """
    put_off = Proposal.objects.filter(decision=Proposal.Decision.OPEN, deferred_until__gt=clock.today())
    rows = scope.cases(user, in_view=True).filter(scheme=scheme, status=S.PROPOSED)
    rows = rows.exclude(pk__in=put_off.values("application_id"))
    return rows.filter(agenda_items__session=session) if session else rows


def schemes_waiting(user: User, counties: Iterable[str]) -> list[tuple[Scheme, int]]:
    """Return the schemes of the counties with how many cases wait in each."""
    rows = Scheme.objects.filter(county__in=list(counties)).order_by("pk")
    return [(scheme, waiting(user, scheme).count()) for scheme in rows]


def proposals_of(cases: Sequence[Application]) -> list[Proposal]:
    """Return the open proposals of these cases, in the order of the cases."""
    rows = Proposal.objects.filter(application__in=cases, decision=Proposal.Decision.OPEN)
    known = {row.application_id: row for row in rows.select_related("proposed_by")}
    for case in cases:
        if case.pk in known:
            known[case.pk].application = case
    return [known[case.pk] for case in cases if case.pk in known]


def envelope_of(scheme: Scheme) -> EnvelopeUse | None:
    return envelopes.use_in(scheme.pk, clock.today().year)


def lines_of(proposals: Iterable[Proposal], use: EnvelopeUse | None, counts: Callable[[Proposal], bool]) -> list[Line]:
    """Return the lines with what is left after each of those that `counts`, one after the other."""
    left, found = use.left if use else 0, []
    for proposal in proposals:
        if use is None or proposal.outcome != Proposal.Outcome.APPROVE or not counts(proposal):
            found.append(Line(proposal, None))
            continue
        left -= proposal.total
        found.append(Line(proposal, left))
    return found
