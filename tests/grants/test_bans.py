"""From which day to which nothing may be filed, and the one application that is returned."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus
from grants.models import Sanction
from grants.queries.reviews.cases import record_of
from grants.services import sanctions
from grants.services.applications import filing
from grants.services.awards import reinstating
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.letters import issued

from .filing import file, ready_case
from .rulings import in_force
from .sanctioning import DECIDED, decided, draft, errors
from .settling import paid_first

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "barred"),
    [
        (dt.date(2010, 12, 31), False),
        (dt.date(2011, 1, 1), True),
        (dt.date(2012, 12, 31), True),
        (dt.date(2013, 1, 1), False),
    ],
)
def test_the_ban_counts_from_its_first_to_its_last_day(staff, award, organisation, day, barred):
    decided(staff, award)
    case, other = ready_case(organisation), ready_case(OrganisationFactory())
    assert ("K7.3c" in errors(case, day)) is barred
    assert "K7.3c" not in errors(other, day)


def test_the_ban_begins_to_bind_with_its_letter(staff, award, organisation):
    """Nobody is barred by a draft."""
    sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft()))
    case, day = ready_case(organisation), dt.date(2011, 1, 1)
    assert "K7.3c" not in errors(case, day)
    issued(staff.officer, award.application.letters.get(), on=DECIDED)
    assert Sanction.objects.get().notified_on == DECIDED
    assert "K7.3c" in errors(case, day)


def test_filing_is_refused_in_the_ban_and_not_the_day_before(staff, award, organisation):
    decided(staff, award)
    chair = chair_of(organisation)
    fields = {"starts_on": dt.date(2011, 3, 1), "ends_on": dt.date(2011, 6, 30)}
    before = ready_case(organisation, **fields)
    with clock.travel(dt.date(2010, 12, 31)):
        assert file(chair, before).new
    within = ready_case(organisation, **fields)
    with clock.travel(dt.date(2011, 1, 1)):
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair, within)
        assert [found.clause for found in refused.value.findings] == ["K7.3c"]
        before.refresh_from_db()
        # What was filed before the ban is decided as any other.
        assert "K7.3c" not in errors(before, clock.today())


def test_a_decision_late_in_the_ban_bars_from_its_day(staff, award, organisation):
    with clock.travel(dt.date(2011, 5, 2)):
        decided(staff, award, draft(decided_on=dt.date(2011, 5, 2)))
    case = ready_case(organisation)
    assert "K7.3c" not in errors(case, dt.date(2011, 5, 1))
    assert "K7.3c" in errors(case, dt.date(2011, 5, 2))


def test_the_next_application_is_returned_and_the_one_after_it_filed(staff, award, organisation):
    earlier = ready_case(organisation)
    chair = chair_of(organisation)
    file(chair, earlier)
    paid_first(award, staff)
    row = decided(staff, award, draft("misuse", disallowed=1_000))
    first = ready_case(organisation)
    done = file(chair, first)
    second = ready_case(organisation)
    for case in (first, second, earlier):
        case.refresh_from_db()
    row.refresh_from_db()
    assert (done.new, first.status, row.consumed_by) == (True, ApplicationStatus.NOT_ACCEPTED, first)
    assert AuditEntry.objects.get(action="application.bar").after["clause"] == "K7.3e"
    assert "（柒、三）" in Notice.objects.get(recipient=chair, kind="application.barred").body
    assert file(chair, second).version.application.status == ApplicationStatus.SUBMITTED
    assert earlier.status == ApplicationStatus.SUBMITTED
    assert (errors(earlier, clock.today()), errors(first, clock.today())) == ([], ["K7.3e"])


def test_where_the_county_reads_next_time_as_a_year_the_year_is_barred(staff, award, organisation):
    """A29 ruled to be the whole next year: cited as K7.3e, and no case is returned for it."""
    reading = {"value": "whole_year"}
    in_force(award.application.scheme, parameter="reading.next_application", value=reading, on=DECIDED)
    paid_first(award, staff)
    row = decided(staff, award, draft("misuse", disallowed=1_000))
    assert (row.barred_from, row.barred_to) == (dt.date(2011, 1, 1), dt.date(2011, 12, 31))
    days = [dt.date(2010, 12, 31), row.barred_from, row.barred_to, dt.date(2012, 1, 1)]
    case = ready_case(organisation, starts_on=dt.date(2011, 3, 1), ends_on=dt.date(2012, 3, 31))
    barred = [[clause for clause in errors(case, day) if clause.startswith("K7.3")] for day in days]
    assert barred == [[], ["K7.3e"], ["K7.3e"], []]
    with clock.travel(dt.date(2011, 1, 1)), pytest.raises(filing.NotReadyError) as refused:
        file(chair_of(organisation), case)
    assert [(found.clause, found.allowed) for found in refused.value.findings] == [("K7.3e", dt.date(2011, 12, 31))]
    row.refresh_from_db()
    assert row.consumed_by is None


def test_two_cases_filed_at_once_do_not_share_one_bar(staff, award, organisation, monkeypatch):
    paid_first(award, staff)
    decided(staff, award, draft("misuse", disallowed=1_000))
    case = ready_case(organisation)
    monkeypatch.setattr("grants.services.sanctions.consume", lambda row: None)
    with pytest.raises(Refused, match="再按一次"):
        file(chair_of(organisation), case)
    case.refresh_from_db()
    assert case.status == ApplicationStatus.DRAFT


def test_only_a_case_without_other_faults_uses_the_bar_up(staff, award, organisation):
    paid_first(award, staff)
    row = decided(staff, award, draft("misuse", disallowed=1_000))
    case = ready_case(organisation, title="")
    with pytest.raises(filing.NotReadyError):
        file(chair_of(organisation), case)
    row.refresh_from_db()
    assert row.consumed_by is None


def test_a_ban_ends_with_its_lifting_and_applications_are_allowed_again(staff, award, organisation):
    row, case, day = decided(staff, award), ready_case(organisation), dt.date(2011, 5, 2)
    assert "K7.3c" in errors(case, day)
    with clock.travel(day):
        asked = reinstating.ask(staff.officer, row, ruling_number="訴1", ruled_on=day, reason="原處分撤銷")
        assert "K7.3c" in errors(case, day)
        reinstating.decide(staff.head, asked, "confirm")
        assert "K7.3c" not in errors(case, day)
        assert file(chair_of(organisation), case).new


def test_reviewers_see_decisions_and_last_years_result(staff, award, organisation):
    decided(staff, award)
    case = ready_case(organisation, filed_on=dt.date(2010, 5, 1))
    with clock.travel(dt.date(2011, 2, 1)):
        record = record_of(case)
    assert [(row.event, row.number) for row in record.standing.decisions] == [("not_executed", "")]
    assert [row.number for row in record.last_year] == [award.number]
