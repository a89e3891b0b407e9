"""What stands on an association's record: settled late or never, money still to return, decisions that bar it."""

import datetime as dt

import pytest

from communities.enums import Office
from communities.models import Organisation
from grants.compliance.judging import evaluate
from grants.models import Award, Sanction
from grants.queries.reviews.cases import record_of as beside_the_next_case
from grants.queries.standing import standing_for, standing_of
from grants.services import sanctions
from grants.services.settlements import reports
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory
from tests.factories.money import approved

from .sanctioning import draft
from .settling import add_papers, opened, paid_first, report

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 6, 30)
DAY_AFTER = dt.date(2010, 7, 1)


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def award(staff, organisation) -> Award:
    return approved(staff=staff, organisation=organisation, ends_on=dt.date(2010, 5, 31), settlement_due=DUE)


def late_for(case) -> list[str]:
    """What the law holds against the next application for late settlements (K7.2b)."""
    return [found.message for found in evaluate(case, stage="submission").findings if found.clause == "K7.2b"]


# Never settled is late (K7.2b)


@pytest.mark.parametrize(("day", "late"), [(DUE, False), (DAY_AFTER, True)])
def test_an_award_that_was_never_settled_is_late_from_the_day_after_its_term(staff, organisation, award, day, late):
    following = ApplicationFactory(organisation=organisation)
    with clock.travel(day):
        assert bool(late_for(following)) is late
        assert [row.pk for row in beside_the_next_case(following).standing.late] == ([award.pk] if late else [])
        assert [row.pk for row in standing_for(staff.officer, organisation).late] == ([award.pk] if late else [])
        # Nothing is held against the award's own case, nor against anybody else.
        assert not late_for(award.application)
        assert not late_for(ApplicationFactory(organisation=OrganisationFactory()))


@pytest.mark.parametrize(("day", "late"), [(DUE, False), (DAY_AFTER, True)])
def test_a_report_that_was_begun_and_not_sent_is_no_settlement(staff, organisation, award, day, late):
    reports.start(member_of(organisation), award)
    following = ApplicationFactory(organisation=organisation)
    with clock.travel(day):
        assert bool(late_for(following)) is late


def test_sent_on_the_last_day_is_never_late_and_a_day_later_always(staff, organisation, award):
    other = approved(staff=staff, organisation=organisation, ends_on=dt.date(2010, 5, 31), settlement_due=DUE)
    user = member_of(organisation)
    for one, day in ((award, DUE), (other, DAY_AFTER)):
        settlement = opened(one, user)
        one.deadlines.filter(kind="settlement").update(due_on=DUE)
        add_papers(settlement, user)
        with clock.travel(day):
            reports.submit(user, settlement, report(settlement, 80_000, 40_000))
    with clock.travel(dt.date(2010, 9, 1)):
        assert [row.pk for row in standing_for(staff.officer, organisation).late] == [other.pk]
        (message,) = late_for(ApplicationFactory(organisation=organisation))
    assert "1" in message


# Money and decisions


def test_what_must_still_come_back_and_what_bars(staff, organisation, award):
    paid_first(award, staff)
    row = sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft()))
    record = standing_for(staff.officer, organisation)
    assert ([one.due for one in record.owing], record.decisions) == ([60_000], [row])
    # The association reads of it once the letter is issued.
    assert standing_for(member_of(organisation), organisation).decisions == []
    Sanction.objects.update(notified_on=clock.today())
    assert standing_for(member_of(organisation), organisation).decisions == [row]


def test_a_decision_that_waits_or_was_refused_stands_on_no_record(staff, organisation, award):
    row = sanctions.record(staff.officer, award, draft())
    assert standing_for(staff.officer, organisation).faultless
    sanctions.refuse(staff.head, row, "有辦理")
    assert standing_for(staff.officer, organisation).faultless


@pytest.mark.parametrize(
    ("role", "code", "sees"),
    [
        (Role.CASE_OFFICER, "kaohsiung", True),
        (Role.FINANCE_OFFICER, "kaohsiung", True),
        (Role.AUDITOR, "kaohsiung", True),
        (Role.CASE_OFFICER, "miaoli", False),
        (Role.REVIEWER, "kaohsiung", False),
        (Role.ADMINISTRATOR, "kaohsiung", False),
    ],
)
def test_it_concerns_the_countys_staff_and_the_association(organisation, role, code, sees):
    assert (standing_for(person(role, code), organisation) is not None) is sees
    assert standing_for(member_of(organisation, Office.CHAIRPERSON), organisation) is not None
    assert standing_for(member_of(OrganisationFactory()), organisation) is None


def test_the_page_of_the_registry_shows_it_with_few_queries(
    client, staff, organisation, award, django_assert_max_num_queries
):
    approved(staff=staff, organisation=organisation, ends_on=dt.date(2010, 4, 1), settlement_due=dt.date(2010, 5, 3))
    paid_first(award, staff)
    row = sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft()))
    Sanction.objects.filter(pk=row.pk).update(notified_on=clock.today())
    with django_assert_max_num_queries(4 + 1):
        standing_for(staff.officer, organisation)
    for user, address in (
        (staff.officer, f"/registry/{organisation.pk}/"),
        (member_of(organisation), "/registry/mine/"),
    ):
        client.force_login(user)
        page = client.get(address).content.decode()
        record = page[page.index('id="record"') :]
        for words in ("還沒有送結報", "60,000 元", "不得申請", "活動沒有辦理"):
            assert words in record


# The panel beside decisions


def test_the_figures_are_sums_of_rows(staff, organisation, award):
    paid_first(award, staff)
    ApplicationFactory(organisation=organisation)
    approved(staff=staff, organisation=organisation)
    approved(staff=staff)
    figures = standing_of(organisation).figures
    assert (figures["filed"], figures["awards"]) == (2, 2)
    assert (figures["approved"], figures["paid"], figures["back"], figures["settled"]) == (240_000, 60_000, 0, 0)
    assert (figures["duties_late"], figures["visited_on"], figures["chair_until"]) == (0, None, None)


@pytest.mark.parametrize(("day", "days"), [(DUE, 0), (DAY_AFTER, 1), (dt.date(2011, 5, 13), 317)])
def test_what_was_never_settled_grows_older_in_the_panel(organisation, award, day, days):
    with clock.travel(day):
        assert standing_of(organisation).days_late == days


def test_the_panel_stands_beside_payment_settlement_and_tier(client, staff, organisation, award):
    with clock.travel(DAY_AFTER):
        for path in (f"/awards/{award.number}/", f"/settlements/{award.number}/", f"/registry/{organisation.pk}/"):
            client.force_login(staff.officer)
            page = client.get(path).content.decode()
            assert "往來紀錄" in page, path
            assert "1 件，最久 1 天" in page, path
