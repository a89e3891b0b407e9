"""A case that an alliance files together: its facts, its shares, its vouchers, and who reads whose part."""

import datetime as dt
from dataclasses import replace

import pytest

from communities.services.alliances import agreement
from grants.compliance.facts import facts_for
from grants.models import Application
from grants.queries import joint
from grants.services.joint import allot, divide, join, unallotted
from grants.services.settlements import reports
from grants.services.settlements.reports import IncompleteError
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.alliances import LAST, neighbours, running
from tests.factories.communities import chair_of, member_of
from tests.factories.grants import ApplicationFactory
from tests.factories.joint import awarded, by_body, divided, drafted, rows_of

from .settling import hand_in, opened, report
from .vouchers import entered

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def around():
    return neighbours()


def project(case):
    return facts_for(case, stage="submission", on=TODAY).project


def shares(case):
    return [(row.requested, row.awarded, row.spent, row.left) for row in rows_of(case)]


def test_the_law_reads_the_alliance_and_not_the_answer(around):
    case = drafted(around, 60_000)
    case.answers = {"members_adjacent": True}
    case.save()
    assert (project(case).answers.get("members_adjacent"), project(case).joint_total) == (True, None)
    # 大湖鄉 and 苗栗市 border on 公館鄉, which leads.
    join(around.chair, case, running(around))
    assert (project(case).answers["members_adjacent"], project(case).joint_total) == (True, 0)
    divide(around.chair, case, by_body(around, 30_000, 20_000, 9_999))
    assert project(case).joint_total == 59_999


def test_without_the_township_between_them_they_are_no_neighbours(around):
    around.lead.township, around.others[1].township = around.others[1].township, around.lead.township
    around.lead.save()
    around.others[1].save()
    case = divided(around, (30_000, 20_000, 10_000), 60_000)
    assert project(case).answers["members_adjacent"] is True
    agreement.leave(around.chairs[1], joint.of_case(case).alliance, around.others[1], "太遠")
    # 大湖鄉 is left with 苗栗市; the share of who left counts no more.
    assert (project(case).answers["members_adjacent"], project(case).joint_total) == (False, 50_000)


def test_a_case_is_joined_to_an_alliance_that_the_lead_has_in_force(around):
    case, made = drafted(around, 60_000), running(around)
    for user in (around.chairs[0], around.officer):
        with pytest.raises(Refused):
            join(user, case, made)
    with clock.travel(LAST + dt.timedelta(days=1)), pytest.raises(Refused, match="現在有效"):
        join(around.chair, case, made)
    with pytest.raises(Refused, match="不是由結盟申請"):
        join(around.chair, ApplicationFactory(organisation=around.lead), made)
    with pytest.raises(Refused, match="先選"):
        divide(around.chair, case, {})
    join(around.chair, case, made)
    join(member_of(around.lead), case, made)
    assert joint.of_case(case).alliance == made


def test_shares_of_the_award_follow_those_of_the_request_to_the_dollar(around):
    award = awarded(around, (30_000, 20_000, 10_000), 50_000)
    assert [row.awarded for row in rows_of(award.application)] == [25_000, 16_667, 8_333]
    with pytest.raises(Refused, match="49,999"):
        divide(around.chair, award.application, by_body(around, 20_000, 20_000, 9_999))
    divide(around.chair, award.application, by_body(around, 20_000, 20_000, 10_000))
    assert [row.awarded for row in rows_of(award.application)] == [20_000, 20_000, 10_000]
    # Another total, for instance after a change of the approval: in proportion again.
    award.total = 60_000
    award.save()
    assert [row.awarded for row in rows_of(award.application)] == [30_000, 20_000, 10_000]


@pytest.mark.parametrize(
    ("asked", "total", "expected"),
    [
        ((1, 1, 1), 100, [34, 33, 33]),
        ((0, 5, 5), 3, [0, 2, 1]),
        ((7, 2, 1), 10, [7, 2, 1]),
        ((1, 1, 1), 101, [34, 34, 33]),
    ],
)
def test_proportions_come_to_the_total(around, asked, total, expected):
    assert [row.awarded for row in rows_of(awarded(around, asked, total).application)] == expected


def test_vouchers_by_association_come_to_the_account(around):
    award = awarded(around, (30_000, 20_000, 10_000), 40_000, 20_000)
    settlement = opened(award, around.chair)
    first = entered(settlement, around.chair, 15_000, number="A1")
    second = entered(settlement, around.chair, 9_000, number="A2", purpose="餐盒")
    assert unallotted(settlement) == "還有 2 張單據沒有分給協會，請按「依協會分單據」。"
    with pytest.raises(IncompleteError) as refused:
        hand_in(settlement, around.chair, 24_000, 20_000)
    assert [gap.anchor for gap in refused.value.gaps if "2 張單據" in gap.text] == ["vouchers"]
    whose = {first.pk: around.others[0].pk, second.pk: around.others[1].pk, 0: around.lead.pk}
    assert allot(around.chair, settlement, whose) == 2
    assert allot(around.chair, settlement, {first.pk: None}) == 0
    assert unallotted(settlement) == "還有 1 張單據沒有分給協會，請按「依協會分單據」。"
    assert allot(around.chair, settlement, whose) == 2
    assert allot(around.chair, settlement, {first.pk: chair_of(neighbours(0, "遠方").lead).pk + 10_000}) == 0
    sent = reports.submit(around.chair, settlement, replace(report(settlement, 24_000, 18_000), own_funds=60_000))
    assert unallotted(sent) == ""
    # The line without vouchers was typed: it is the lead's.
    assert shares(award.application) == [
        (30_000, 30_000, 18_000, 12_000),
        (20_000, 20_000, 15_000, 5_000),
        (10_000, 10_000, 9_000, 1_000),
    ]
    table = joint.table_of(joint.of_case(award.application), award.application)
    assert (table.requested, table.awarded, table.spent, table.undivided) == (60_000, 60_000, 42_000, 0)
    assert table.spent == sum(line.spent for line in sent.lines.all())
    for act in (
        lambda: divide(around.chair, award.application, by_body(around, 20_000, 20_000, 20_000)),
        lambda: allot(around.chair, sent, whose),
        lambda: allot(around.chairs[0], sent, whose),
    ):
        with pytest.raises(Refused):
            act()


def test_each_association_reads_its_own_part(around, client):
    award = awarded(around, (30_000, 20_000, 10_000), 60_000)
    settlement = opened(award, around.chair)
    voucher = entered(settlement, around.chair, 15_000, number="A1", purpose="保溫餐盒")
    allot(around.chair, settlement, {voucher.pk: around.others[0].pk})
    number, alliance = award.number, joint.of_case(award.application).alliance
    own, other = (f"/applications/{number}/joint/{body.pk}/" for body in around.others)
    client.force_login(around.chairs[0])
    page = client.get(own).content.decode()
    assert all(word in page for word in ("保溫餐盒", "15,000", "20,000", "5,000"))
    assert client.get(other).status_code == 404
    assert client.get(f"/applications/{number}/joint/").status_code == 404
    page = client.get(f"/registry/alliances/{alliance.pk}/").content.decode()
    assert own in page
    assert other not in page
    for user in (around.chair, around.officer):
        client.force_login(user)
        assert [client.get(url).status_code for url in (own, other)] == [200, 200]
        page = client.get(f"/registry/alliances/{alliance.pk}/").content.decode()
        assert own in page
        assert other in page
    client.force_login(member_of(neighbours(0, "遠方").lead))
    assert client.get(own).status_code == 404


def test_drafts_are_the_leads_alone(around):
    case = divided(around, (30_000, 20_000, 10_000), 60_000)
    alliance = joint.of_case(case).alliance
    assert [len(joint.cases_of(user, alliance)) for user in (around.chair, around.chairs[0])] == [1, 0]
    Application.objects.filter(pk=case.pk).update(first_filed_on=TODAY)
    assert [len(joint.cases_of(user, alliance)) for user in (around.chair, around.chairs[0])] == [1, 1]
