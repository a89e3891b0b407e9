from evaluation.models import Entry, Round
from evaluation.services import open_round, score
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import KAOHSIUNG, person


def a_round(county: str = KAOHSIUNG, year: int = 2010, opener: User | None = None) -> Round:
    """A round as a case officer opens it, with the county's associations of that moment."""
    user = opener or person(Role.CASE_OFFICER, county)
    return open_round(user, county, year, excellent_from=80, potential_from=60)


def score_fully(entry: Entry, percent: int = 100) -> None:
    """Score every indicator with `percent` of its points, rounded down, in the name of the opener."""
    points = {indicator.pk: indicator.points * percent // 100 for indicator in entry.round.indicators.all()}
    score(entry.round.opened_by, entry, points, comment="", not_evaluated="")
