import datetime as dt
from decimal import Decimal

from evaluation.enums import Interest
from evaluation.models import Entry, Round, Sheet
from evaluation.services.publishing import close, publish
from evaluation.services.rounds import Days, Terms, open_round
from evaluation.services.sheets import Marks, assign, declare, save, submit
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import KAOHSIUNG, person


def terms(**changes: int) -> Terms:
    """Days that lie ahead of today, and the cut-offs of 80 and 60."""
    today = clock.today()
    days = Days(*(today + dt.timedelta(days=number) for number in (30, 60, 90)))
    return Terms(days, **changes)


def a_round(county: str = KAOHSIUNG, year: int = 2010, opener: User | None = None) -> Round:
    """A round as a case officer opens it, with the county's associations of that moment."""
    user = opener or person(Role.CASE_OFFICER, county)
    return open_round(user, county, year, terms())


def a_sheet(entry: Entry, judge: User | None = None) -> Sheet:
    """The sheet of a judge (a reviewer, unless one is named) who declared to have no interest."""
    judge = judge or person(Role.REVIEWER, entry.round.county)
    assign(entry.round.opened_by, entry.round, [entry], [judge])
    sheet = Sheet.objects.select_related("entry__round", "entry__organisation").get(entry=entry, judge=judge)
    if sheet.interest == Interest.UNANSWERED:
        declare(judge, sheet, conflict=False)
    return Sheet.objects.select_related("entry__round", "entry__organisation").get(pk=sheet.pk)


def percent_of(entry: Entry, percent: int) -> dict[int, Decimal]:
    """Points by indicator: `percent` of each, rounded down to whole points."""
    rows = entry.round.indicators.all()
    return {indicator.pk: Decimal(indicator.points * percent // 100) for indicator in rows}


def score_fully(entry: Entry, percent: int = 100, judge: User | None = None) -> Sheet:
    """Submit a judge's sheet with `percent` of each indicator's points."""
    sheet = a_sheet(entry, judge)
    marks = Marks(percent_of(entry, percent), "資料齊全")
    return submit(sheet.judge, save(sheet.judge, sheet, marks, edition=sheet.edition))


def published(head: User, round_: Round) -> Round:
    """The round, closed by who opened it and published by the head."""
    return publish(head, close(round_.opened_by, round_))
