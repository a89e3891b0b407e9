"""A new chairperson takes over: what is under way, due, kept and owed, with or without the former one."""

import datetime as dt

import pytest
from django.urls import reverse

from communities.models import OfficeTerm
from grants.enums import ApplicationStatus as S
from grants.models import Handover
from grants.queries.desk.chairs import former_chair
from grants.queries.desk.tasks import desk_of
from grants.services.desk import chairs
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory, ProgrammeFactory

from .desks import TODAY, YESTERDAY, bare, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return OrganisationFactory()


@pytest.fixture
def former(body):
    """Whose term ended yesterday."""
    user = chair_of(body)
    for rows in (Post.objects, OfficeTerm.objects):
        rows.filter(user=user).update(valid_to=YESTERDAY)
    return user


@pytest.fixture
def chair(body, former):
    """In office from today."""
    user = chair_of(body)
    for rows in (Post.objects, OfficeTerm.objects):
        rows.filter(user=user).update(valid_from=TODAY)
    return User.objects.get(pk=user.pk)


def test_the_list_has_cases_deadlines_papers_and_money(body, chair):
    staff = money.county()
    award = money.approved(staff=staff, organisation=body, receipt_due=dt.date(2010, 6, 30))
    draft = ApplicationFactory(organisation=body, title="草稿", programme=ProgrammeFactory(code="culture"))
    waits = bare(S.CORRECTION_REQUESTED, organisation=body)
    bare(S.REJECTED, organisation=body)
    bare(S.UNDER_REVIEW)
    content = chairs.draft(body).content
    assert {row[0] for row in content["cases"]} == {award.number, draft.number, waits.number}
    (row,) = [row for row in content["cases"] if row[0] == award.number]
    assert row[6:] == [120_000, 0, 0]
    assert content["deadlines"] == [[award.number, "領據期限", "99年6月30日"]]
    assert [row[:2] for row in content["people"]] == [["理事長", chair.display_name]]


def test_what_waited_for_the_former_chairperson_waits_for_the_new_one(body, former, chair):
    ApplicationFactory(organisation=body, status=S.AWAITING_CHAIR)
    assert waiting(chair) == {"take_over": 1, "confirm": 1}
    assert waiting(former) == {}
    (row,) = [task for task in desk_of(chair).tasks if task.queue.kind == "take_over"]
    term = OfficeTerm.objects.get(user=chair)
    assert (row.since, row.age) == (term.valid_from, (TODAY - term.valid_from).days)


def test_taking_over_keeps_the_list_once_and_clears_the_desk(body, former, chair):
    money.approved(staff=money.county(), organisation=body)
    made = chairs.take_over(chair, body, unreachable=False)
    assert (made.giver, made.giver_name, made.taker) == (former, former.display_name, chair)
    assert (made.received_on, made.reason, len(made.content["cases"])) == (TODAY, "", 1)
    assert chairs.take_over(chair, body, unreachable=True).pk == made.pk
    assert Handover.objects.count() == 1
    assert "take_over" not in waiting(chair)
    assert AuditEntry.objects.get(action="desk.take_over").post_label.endswith("理事長")


def test_an_unreachable_predecessor_is_told_to_the_officers(body, former, chair):
    officer = person(Role.CASE_OFFICER)
    User.objects.filter(pk=former.pk).update(is_active=False)
    made = chairs.take_over(chair, body, unreachable=True, note="憑證還沒拿到")
    assert made.reason == "前任理事長無法聯絡；憑證還沒拿到"
    notice = Notice.objects.get(recipient=officer)
    assert (notice.kind, notice.url) == ("desk.chair_unreachable", reverse("grants:handover_record", args=[made.pk]))


def test_a_predecessor_without_an_account_is_named(body, chair, former):
    OfficeTerm.objects.filter(user=former).update(user=None, person_name="老理事長")
    assert former_chair(body).person_name == "老理事長"
    assert waiting(chair) == {"take_over": 1}


@pytest.mark.parametrize("who", ["former", "staff", "officer", "stranger"])
def test_nobody_else_takes_over(body, former, chair, who):
    user = {
        "former": former,
        "staff": member_of(body),
        "officer": person(Role.CASE_OFFICER),
        "stranger": chair_of(OrganisationFactory()),
    }[who]
    with pytest.raises(Refused):
        chairs.take_over(user, body, unreachable=False)
    assert not Handover.objects.exists()


def test_a_re_elected_chairperson_and_the_first_one_take_nothing_over(body):
    chair = chair_of(body)
    assert waiting(chair) == {}
    for rows in (Post.objects, OfficeTerm.objects):
        rows.filter(user=chair).update(valid_to=YESTERDAY)
    again = chair_of(body)
    OfficeTerm.objects.filter(user=again).update(valid_from=TODAY, person_name=chair.display_name)
    assert "take_over" not in waiting(again)


def test_the_list_is_asked_for_half_a_year(body, chair):
    with clock.travel(TODAY + dt.timedelta(days=180)):
        assert "take_over" in waiting(User.objects.get(pk=chair.pk))
    with clock.travel(TODAY + dt.timedelta(days=181)):
        assert "take_over" not in waiting(User.objects.get(pk=chair.pk))


def test_the_page_shows_and_keeps_it_and_the_county_prints_it(client, body, chair):
    page, paper = (
        reverse(f"grants:{name}", args=[body.pk]) for name in ("association_handover", "association_handover_paper")
    )
    money.approved(staff=money.county(), organisation=body)
    client.force_login(chair)
    assert "我看過了，接手" in client.get(page).content.decode()
    answer = client.post(page, {"unreachable": "on", "note": "x" * 151})
    assert answer.status_code == 422
    assert client.post(page, {"unreachable": "on", "note": ""}).status_code == 302
    assert "我看過了，接手" not in client.get(page).content.decode()
    client.force_login(person(Role.CASE_OFFICER))
    assert "我看過了，接手" not in client.get(page).content.decode()
    assert client.get(paper).content.startswith(b"%PDF")
    client.force_login(chair_of(OrganisationFactory()))
    assert client.get(page).status_code == 404
