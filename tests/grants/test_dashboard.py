"""The county at a glance: each chart's numbers, what its rows lead to, and as many queries for one association as for many."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import TierDecision
from communities.services import volunteers
from communities.services.organisations import load_townships
from communities.services.training import courses, enrolments
from grants.models import Duty
from grants.queries.health import health_of
from grants.queries.overview import dashboard
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.money import approved
from tests.factories.training import announced
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db
KAOHSIUNG = "kaohsiung"
TODAY = dt.date(2010, 6, 1)


def rows(chart) -> dict[str, tuple]:
    return {row.label: tuple(row.values) for row in chart.rows}


def tier(body, year: int, tier: str, points: Decimal | None = None, **columns) -> TierDecision:
    officer, head = person(Role.CASE_OFFICER), person(Role.APPROVER)
    scores = dict.fromkeys(dashboard.DIMENSIONS, points)
    fields = {"status": "confirmed", "decided_by": head, "decided_on": TODAY, **scores, **columns}
    return TierDecision.objects.create(
        organisation=body,
        year=year,
        tier=tier,
        basis="evaluation",
        reason="評鑑",
        proposed_by=officer,
        proposed_on=TODAY,
        **fields,
    )


def duty(body, key: str, due: dt.date, done: dt.date | None) -> Duty:
    return Duty.objects.create(
        key=key, clause="M5.5a", county=body.county, organisation=body, period=str(due.year), due_on=due,
        opened_on=due, held_on=done, done_on=done, done_by=person(Role.CASE_OFFICER) if done else None,
    )  # fmt: skip


def test_tiers_and_points_of_each_year_without_holes_and_without_proposals():
    one, other = OrganisationFactory(), OrganisationFactory()
    tier(one, 2007, "basic", Decimal(60))
    tier(one, 2009, "excellent", Decimal(90))
    tier(other, 2009, "potential", Decimal("75.5"))
    tier(other, 2010, "excellent", status="proposed", decided_by=None, decided_on=None)
    tier(OrganisationFactory(county=MIAOLI), 2010, "basic")
    assert rows(dashboard.tiers_by_year(KAOHSIUNG)) == {
        "96 年": (0, 0, 1), "97 年": (0, 0, 0), "98 年": (1, 1, 0),
    }  # fmt: skip
    assert rows(dashboard.evaluation(KAOHSIUNG))["98 年"] == (Decimal("82.8"),) * 3


def test_a_year_of_tiers_leads_to_those_who_were_graded_then(client):
    load_townships()
    one, other, third = (OrganisationFactory(name=f"{name}示範協會") for name in "甲乙丙")
    tier(one, 2009, "basic", Decimal(60))
    tier(one, 2010, "excellent", Decimal(90))
    tier(other, 2009, "potential", Decimal(75))
    tier(third, 2009, "excellent", status="proposed", decided_by=None, decided_on=None)
    client.force_login(person(Role.APPROVER))
    before, now = (row.url for row in dashboard.tiers_by_year(KAOHSIUNG).rows)

    def shown(url: str) -> list[str]:
        html = client.get(url).content.decode().partition("<tbody")[2]
        return [name for name in "甲乙丙" if f"{name}示範協會" in html]

    assert (shown(before), shown(now)) == (["甲", "乙"], ["甲"])
    assert (shown(f"{before}&tier=basic"), shown(f"{now}&tier=basic")) == (["甲"], [])
    type(other).objects.filter(pk=other.pk).update(current_tier="excellent")
    assert shown("/registry/?tier=excellent") == ["乙"]


def test_who_was_graded_twice_in_a_year_counts_once_with_the_last():
    one = OrganisationFactory()
    tier(one, 2009, "basic", Decimal(60))
    tier(one, 2009, "potential")
    assert rows(dashboard.tiers_by_year(KAOHSIUNG)) == {"98 年": (0, 1, 0)}


def test_duties_in_time_late_and_undone_as_the_figure_of_each_association_has_them():
    body = OrganisationFactory()
    day, before = dt.date(2010, 3, 31), TODAY - dt.timedelta(days=1)
    duty(body, "assembly", day, day)
    duty(body, "accounts", day, day + dt.timedelta(days=1))
    # Held in time, written down later.
    Duty.objects.filter(pk=duty(body, "officers_roster", day, day).pk).update(done_on=TODAY)
    duty(body, "election", before, None)
    duty(body, "board_meeting", TODAY, None)
    # The county's own work.
    duty(body, "guidance", before, None)
    assert rows(dashboard.duties_in_time(KAOHSIUNG, TODAY)) == {"99 年": (2, 1, 1)}
    found = health_of(body, 2010)
    assert (found.figure.in_time, found.late, found.overdue) == (2, 1, 1)
    type(body).objects.filter(pk=body.pk).update(status="dissolved")
    assert rows(dashboard.duties_in_time(KAOHSIUNG, TODAY)) == {"99 年": (2, 1, 0)}


def test_hours_of_courses_and_of_volunteers(staff):
    body = OrganisationFactory()
    chair, officer = chair_of(body), staff.officer
    made = announced(officer)
    enrolled = enrolments.enrol(chair, made, body, ["甲示範", "乙示範"])
    enrolments.note(officer, made, [enrolled[0].pk], present=True)
    courses.hold(officer, made)
    team = volunteers.found_team(chair, body, name="志工隊", insured_from=TODAY, insured_until=TODAY)
    (volunteer,) = volunteers.join(chair, team, ["丙示範"], TODAY)
    volunteers.write_month(chair, team, TODAY, {volunteer.pk: Decimal("7.5")})
    assert rows(dashboard.training(KAOHSIUNG)) == {"99 年": (Decimal(3),)}
    assert rows(dashboard.volunteering(KAOHSIUNG)) == {"99 年": (Decimal("7.5"),)}
    assert (rows(dashboard.training(MIAOLI)), rows(dashboard.volunteering(MIAOLI))) == ({}, {})


def test_money_approved_paid_and_settled(staff):
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (40_000, 10_000))
    assert rows(dashboard.money(KAOHSIUNG)) == {"99 年": (120_000, 60_000, 50_000)}
    assert dashboard.money(KAOHSIUNG).rows[0].url == "/payments/overview/?year=99"


def test_the_page_leads_to_lists_that_open_and_prints(client):
    load_townships()
    tier(OrganisationFactory(), 2010, "excellent", Decimal(88))
    approved()
    client.force_login(person(Role.APPROVER))
    html = client.get("/county/").content.decode()
    assert [word in html for word in ("高雄縣政府", "各年度分級", "補助經費", "評鑑平均分數")] == [True] * 4
    for chart in dashboard.charts(KAOHSIUNG, TODAY):
        for row in chart.rows[:2]:
            assert f'href="{row.url.replace("&", "&amp;")}"' in html
            assert client.get(row.url).status_code == 200
    assert client.get("/county/", {"county": MIAOLI}).content.decode().count("苗栗縣政府　") == 0


def test_as_many_queries_for_one_as_for_many(staff):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            dashboard.charts(KAOHSIUNG, TODAY)
        return len(found)

    def one_more(year: int) -> None:
        body = OrganisationFactory()
        tier(body, year, "basic", Decimal(50))
        duty(body, "assembly", dt.date(year, 3, 1), None)
        approved((1_000,), staff=staff, organisation=body)

    one_more(2010)
    first = queries()
    assert first <= 12
    for year in range(2004, 2010):
        one_more(year)
    assert queries() == first
