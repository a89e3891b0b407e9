"""The agreement of an alliance: who leads, who answers, when it begins, how it ends, and who may not."""

import datetime as dt

import pytest

from communities.enums import AllianceStatus, MembershipStatus, Tier
from communities.models import Alliance
from communities.queries import alliances
from communities.services.alliances import agreement
from grants.queries.desk import tasks
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import MIAOLI, person
from tests.factories.alliances import FIRST, LAST, WORDS, neighbours, proposed, running
from tests.factories.communities import OrganisationFactory, member_of
from tests.grants.desks import waiting

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def around():
    return neighbours()


def states(alliance):
    return [row.status for row in alliances.members_of(alliance)]


def test_it_begins_when_the_last_chairperson_has_answered(around):
    made = proposed(around)
    assert (made.status, states(made)) == (AllianceStatus.PROPOSED, ["agreed", "invited", "invited"])
    first = agreement.answer(around.chairs[0], made, around.others[0], agrees=True, words="想學送餐")
    assert (first.status, first.agreed_on) == (AllianceStatus.PROPOSED, None)
    last = agreement.answer(around.chairs[1], made, around.others[1], agrees=False, words="人手不夠")
    assert (last.status, last.agreed_on, states(last)) == (
        AllianceStatus.RUNNING,
        TODAY,
        ["agreed", "agreed", "declined"],
    )
    row = last.members.get(organisation=around.others[0])
    assert (row.answered_on, row.answered_by, row.answer) == (TODAY, around.chairs[0], "想學送餐")


def test_with_nobody_but_the_lead_it_does_not_come_about(around):
    made = proposed(around)
    for chair, body in zip(around.chairs, around.others, strict=True):
        made = agreement.answer(chair, made, body, agrees=False, words="人手不夠")
    assert (made.status, made.ended_because) == (AllianceStatus.WITHDRAWN, "受邀的協會都不參加。")


def test_where_staff_propose_the_leads_chairperson_answers_too(around):
    staff = member_of(around.lead)
    made = agreement.propose(staff, around.lead, around.others[:1], **WORDS)
    agreement.answer(around.chairs[0], made, around.others[0], agrees=True, words="")
    made.refresh_from_db()
    assert (made.status, states(made)) == (AllianceStatus.PROPOSED, ["invited", "agreed"])
    with pytest.raises(Refused, match="現任理事長"):
        agreement.answer(staff, made, around.lead, agrees=True, words="")
    assert agreement.answer(around.chair, made, around.lead, agrees=True, words="").status == AllianceStatus.RUNNING


def test_a_lead_that_declines_ends_the_proposal(around):
    made = agreement.propose(member_of(around.lead), around.lead, around.others, **WORDS)
    made = agreement.answer(around.chair, made, around.lead, agrees=False, words="今年太忙")
    assert made.status == AllianceStatus.WITHDRAWN
    assert not Notice.objects.filter(kind="alliance.invited", closed_at=None).exists()
    with pytest.raises(Refused, match="不能這樣辦"):
        agreement.end(around.chair, made, "再辦")


@pytest.mark.parametrize("tier", [Tier.BASIC, Tier.POTENTIAL, ""])
def test_only_an_excellent_association_leads(around, tier):
    around.lead.current_tier = tier
    around.lead.save()
    with pytest.raises(Refused, match="績優型"):
        proposed(around)


def test_nobody_answers_or_ends_for_another(around):
    made = proposed(around)
    staff = member_of(around.others[0], Office.STAFF)
    for user in (around.chair, around.officer, staff, around.chairs[1], person(Role.APPROVER, MIAOLI)):
        with pytest.raises(Refused, match="現任理事長"):
            agreement.answer(user, made, around.others[0], agrees=True, words="")
    with pytest.raises(Refused, match="寫原因"):
        agreement.answer(around.chairs[0], made, around.others[0], agrees=False, words="")
    for act in (
        lambda: agreement.end(around.chairs[0], made, "不辦了"),
        lambda: agreement.invite(around.officer, made, [OrganisationFactory(county=MIAOLI)]),
        lambda: agreement.invite(around.chair, made, [OrganisationFactory()]),
        lambda: agreement.propose(around.officer, around.lead, around.others, **WORDS),
        lambda: agreement.leave(around.chairs[0], made, around.others[0], "太遠"),
        lambda: agreement.leave(around.chair, made, around.lead, "太遠"),
    ):
        with pytest.raises(Refused):
            act()
    assert states(made) == ["agreed", "invited", "invited"]


def test_an_answer_stands(around):
    made = running(around)
    with pytest.raises(Refused, match="已確認"):
        agreement.answer(around.chairs[0], made, around.others[0], agrees=False, words="反悔")


def test_further_associations_are_invited_while_it_lives(around):
    made = running(around)
    more = OrganisationFactory(county=MIAOLI, name="苗栗縣公館鄉新來社區發展協會")
    assert agreement.invite(around.chair, made, [more, around.others[0]]) == 1
    made.refresh_from_db()
    assert (made.status, states(made)) == (AllianceStatus.RUNNING, ["agreed", "agreed", "agreed", "invited"])
    agreement.end(around.chair, made, "辦完了")
    with pytest.raises(Refused, match="已經結束"):
        agreement.invite(around.chair, made, [OrganisationFactory(county=MIAOLI)])


def test_with_the_last_neighbour_that_leaves_it_ends(around):
    made = running(around)
    agreement.leave(around.chairs[0], made, around.others[0], "太遠")
    made.refresh_from_db()
    assert (made.status, states(made)) == (AllianceStatus.RUNNING, ["agreed", "left", "agreed"])
    agreement.leave(around.chairs[1], made, around.others[1], "太遠")
    made.refresh_from_db()
    assert (made.status, made.ended_on, made.ended_because) == (AllianceStatus.ENDED, TODAY, "參加的協會都退出了。")


def test_it_ends_the_day_after_its_last_day(around):
    made = running(around)
    assert agreement.end_over(LAST) == 0
    with clock.travel(dt.date(2011, 1, 1)):
        assert agreement.end_over(dt.date(2011, 1, 1)) == 1
        assert agreement.end_over(dt.date(2011, 1, 1)) == 0
    made.refresh_from_db()
    assert (made.status, made.ended_on) == (AllianceStatus.ENDED, LAST)


def test_in_force_are_the_leads_own_on_days_of_the_period(around):
    made = running(around)
    assert list(alliances.in_force(around.lead)) == [made]
    assert not alliances.in_force(around.others[0])
    for day, there in ((FIRST - dt.timedelta(days=1), 0), (FIRST, 1), (LAST, 1), (LAST + dt.timedelta(days=1), 0)):
        with clock.travel(day):
            assert alliances.in_force(around.lead).count() == there, day


def test_chairpersons_are_asked_and_the_lead_hears_the_answers(around):
    made = proposed(around)
    asked = Notice.objects.filter(kind="alliance.invited", closed_at=None)
    assert {notice.recipient for notice in asked} == set(around.chairs)
    assert asked.first().url.startswith(f"/registry/alliances/{made.pk}/answer/")
    agreement.answer(around.chairs[0], made, around.others[0], agrees=True, words="想學送餐")
    assert asked.all().count() == 1
    assert [notice.recipient for notice in Notice.objects.filter(kind="alliance.answered")] == [around.chair]


def test_the_whole_history_stands_in_the_trail_of_the_alliance(around):
    made = running(around)
    agreement.end(around.chair, made, "辦完了")
    rows = AuditEntry.objects.filter(object_type="communities.alliance", object_id=str(made.pk)).order_by("seq")
    assert [row.action for row in rows] == [
        "alliance.propose",
        *["alliance.invite"] * 3,
        *["alliance.agree"] * 3,
        "alliance.begin",
        "alliance.end",
    ]


def test_candidates_are_the_lead_township_and_those_around_it(around):
    far = neighbours(0, "遠方")
    OrganisationFactory(
        county=MIAOLI, township=far.lead.township, status="dissolved", name="苗栗縣公館鄉散社區發展協會"
    )
    far.lead.township = around.others[0].township
    far.lead.name, far.lead.folded_name = "苗栗縣大湖鄉近社區發展協會", "大湖近"
    far.lead.save()
    found = {part.township: [row.pk for row in part.rows] for part in alliances.candidates(around.lead)}
    assert found == {
        "大湖鄉": [around.others[0].pk, far.lead.pk],
        "苗栗市": [around.others[1].pk],
    }
    made = running(around)
    left = [row.pk for part in alliances.candidates(around.lead, made) for row in part.rows]
    assert left == [far.lead.pk]


def test_members_are_neighbours_if_their_townships_hang_together(around):
    rows = alliances.members_of(running(around))
    assert alliances.are_neighbours(rows)
    assert alliances.are_neighbours(rows[:1])
    # 大湖鄉 and 苗栗市 have 公館鄉 between them.
    assert not alliances.are_neighbours(rows[1:])


def test_who_sees_an_alliance(around):
    made = running(around)
    outside = [person(Role.CASE_OFFICER), member_of(OrganisationFactory(county=MIAOLI))]
    inside = [around.chair, *around.chairs, around.officer, person(Role.AUDITOR, MIAOLI)]
    for code, seen in (("10005080", 1), ("10005020", 0)):
        user = person(Role.TOWNSHIP_OFFICER, MIAOLI, township_code=code, place_name="公所")
        assert alliances.seen_by(user).count() == seen
    assert [alliances.seen_by(user).count() for user in outside] == [0, 0]
    assert [list(alliances.seen_by(user)) for user in inside] == [[made]] * 5


def test_the_public_page_has_associations_and_no_persons(around, client):
    made = proposed(around)
    assert client.get(f"/alliances/{made.pk}/").status_code == 404
    for chair, body in zip(around.chairs, around.others, strict=True):
        agreement.answer(chair, made, body, agrees=True, words="想學送餐")
    for url in (f"/alliances/{made.pk}/", "/alliances/"):
        page = client.get(url).content.decode()
        assert "山線送餐結盟" in page
        assert not any(user.display_name in page for user in (around.chair, *around.chairs))
    assert "一起學送餐" in client.get(f"/alliances/{made.pk}/").content.decode()
    assert Alliance.objects.get().members.filter(status=MembershipStatus.AGREED).count() == 3


def test_the_invitation_stands_on_the_desk_of_the_chairperson_until_it_is_answered(client, around):
    clerk = member_of(around.others[0])
    made = proposed(around)
    row = [(task.number, task.title, task.who, task.url) for task in tasks.desk_of(around.chairs[0]).tasks]
    assert row == [(around.lead.name, "山線送餐結盟", around.others[0].name, f"/registry/alliances/{made.pk}/")]
    assert (waiting(clerk), waiting(around.chair)) == ({}, {})
    client.force_login(around.chairs[0])
    assert f"/registry/alliances/{made.pk}/answer/{around.others[0].pk}/" in client.get(row[0][3]).content.decode()
    agreement.answer(around.chairs[0], made, around.others[0], agrees=True, words="想學")
    assert waiting(around.chairs[0]) == {}


def test_the_public_page_of_an_association_names_its_alliances_once_they_came_about(client, around):
    made = proposed(around)
    pages = [f"/communities/{body.pk}/" for body in (around.lead, *around.others)]
    link = f'href="/alliances/{made.pk}/"'
    assert [link in client.get(page).content.decode() for page in pages] == [False] * 3
    agreement.answer(around.chairs[0], made, around.others[0], agrees=True, words="想學")
    agreement.answer(around.chairs[1], made, around.others[1], agrees=False, words="人手不足")
    assert [link in client.get(page).content.decode() for page in pages] == [True, True, False]


def test_without_a_button_nothing_is_answered(client, around):
    made = proposed(around)
    client.force_login(around.chairs[0])
    address = f"/registry/alliances/{made.pk}/answer/{around.others[0].pk}/"
    for to in ({}, {"to": ""}, {"to": "left"}):
        assert client.post(address, {"words": "想學送餐"} | to).status_code == 422
    assert states(made) == ["agreed", "invited", "invited"]
    assert client.post(address, {"words": "想學送餐", "to": "agreed"}).status_code == 302


def test_nobody_asks_an_association_that_is_dissolved(around):
    gone = OrganisationFactory(name="苗栗縣公館鄉已散社區發展協會", county=MIAOLI, status="dissolved")
    with pytest.raises(Refused, match="已經解散"):
        agreement.propose(around.chair, around.lead, [*around.others, gone], **WORDS)
    assert not Alliance.objects.exists()
