"""An award and its 結報 as one person sees them: what there is, and what this person may do."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from grants.enums import STOPPED, WITH_THE_ASSOCIATION, WITH_THE_COUNTY
from grants.enums import SettlementStatus as S
from grants.models import Award, Settlement
from grants.permissions import post_for
from grants.queries.payments import Movements, movements, outcome_of
from grants.queries.settlements.rows import read_case_once, read_once
from grants.rules import payments
from grants.services.settlements import surcharges
from grants.services.settlements.due import due_on
from grants.services.settlements.law import Open, findings
from grants.views.removed import Removed
from grants.workflow import settlements
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.fields import PapersForm

if TYPE_CHECKING:
    from grants.queries.payments import AwardWithTerms


@dataclass
class Page:
    """The award, its settlement if there is one, and what this person may do."""

    user: User
    award: Award
    settlement: Settlement | None
    # The form of uploads of which some were refused.
    uploads: PapersForm | None = None
    removed: list[Removed] = field(default_factory=list)
    _answers: dict[str, bool] = field(default_factory=dict)

    def read_once(self) -> None:
        """Fetch what many parts of the page of the 結報 read; other pages need less."""
        if self.settlement is not None and self.reads:
            read_once(self.settlement)
        if self.weighs or self.edits:
            read_case_once(self.report)

    @property
    def report(self) -> Settlement:
        """The settlement, for a page that shows one."""
        assert self.settlement is not None
        return self.settlement

    @property
    def award_with_terms(self) -> "AwardWithTerms":
        """The award as grants.queries.payments.with_terms annotates it."""
        return cast("AwardWithTerms", self.award)

    @cached_property
    def money(self) -> Movements:
        return movements(self.award)

    @cached_property
    def outcome(self) -> payments.Settlement | None:
        return outcome_of(self.award, self.money)

    @cached_property
    def due_on(self) -> dt.date:
        """The day by which the 結報 is due, as grants.queries.payments.with_terms annotates it on the award."""
        return self.award_with_terms.settlement_due or due_on(self.award)

    @property
    def due(self) -> int:
        """What must still come back, in whole NT dollars."""
        return self.outcome.refund if self.outcome else 0

    def may(self, move: str) -> bool:
        """Whether this person may make the move; asked once a page."""
        if move not in self._answers:
            self._answers[move] = bool(self.settlement and settlements.TABLE.answer(self.settlement, move, self.user))
        return self._answers[move]

    def is_(self, role: Role) -> bool:
        return post_for(self.user, self.award.application, (role,)) is not None

    @property
    def checks(self) -> bool:
        """Whether this person (finance, the officer or the approver) sees what the law says of the figures."""
        return post_for(self.user, self.award.application, COUNTY_STAFF) is not None

    @cached_property
    def law_findings(self) -> list[Open]:
        return findings(self.report)

    @cached_property
    def shortfalls(self) -> list[surcharges.Shortfall]:
        return surcharges.shortfalls(self.report)

    @cached_property
    def extra(self) -> int:
        """What paying users add (K3.I.2.3), in whole NT dollars."""
        return surcharges.total(self.report)

    @property
    def asks_officer(self) -> bool:
        """Whether 成果已核 waits for answers of the officer: months with too few people, or warnings of the law."""
        unanswered = [short for short in self.shortfalls if not short.memo]
        return bool(unanswered) or any(not found.blocks for found in self.law_findings)

    @property
    def weighs(self) -> bool:
        """Whether the law's findings on the figures are shown: to the people who check them, while the county has the
        report.
        """
        return self.settlement is not None and self.settlement.status in WITH_THE_COUNTY and self.checks

    @property
    def reads(self) -> bool:
        """Whether this person may read the 結報: until it is first sent it is the association's own."""
        return reads(self.user, self.settlement) if self.settlement else False

    @property
    def edits(self) -> bool:
        open_now = self.settlement is not None and self.settlement.status in WITH_THE_ASSOCIATION
        return open_now and self.award.status not in STOPPED and self.is_(Role.MEMBER)


def reads(user: User, settlement: Settlement) -> bool:
    """Return whether this person may read figures and papers: everybody who sees the award once they were sent, before
    that only the association.
    """
    return settlement.status != S.DRAFT or post_for(user, settlement.award.application, Role.MEMBER) is not None
