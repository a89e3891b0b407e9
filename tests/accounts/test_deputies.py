"""Who may stand for whom, from when to when, and who has to confirm it."""

import datetime as dt

import pytest
from django.urls import reverse

from miaoli_kaohsiung.accounts import changes, deputies, services
from miaoli_kaohsiung.accounts.enums import ChangeKind, Role
from miaoli_kaohsiung.accounts.models import IdentityChange, Post, User
from miaoli_kaohsiung.accounts.queries import holders_of, posts_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)
WEEK = TODAY + dt.timedelta(days=6)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def post_of(user: User) -> Post:
    return user.posts.get(stands_for=None)


def arrange(by: User, absent: User, deputy: User, first=TODAY, last=WEEK) -> bool:
    return deputies.arrange(by, post_of(absent), deputy, first, last)


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def other():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def head():
    return person(Role.APPROVER)


def test_a_colleague_of_the_same_post_stands_in_at_once(officer, other):
    assert arrange(officer, officer, other) is True
    own, acting = posts_of(again(other))
    assert (own.stands_for, acting.stands_for, acting.holder_id) == (None, post_of(officer), officer.pk)
    assert acting.label == f"高雄縣 縣府承辦人（代理{officer}）"
    assert AuditEntry.objects.get(action="post.give_deputy").actor_id == officer.pk
    assert {notice.recipient for notice in Notice.objects.all()} == {officer, other}


def test_the_days_of_a_deputy_are_the_days(officer, other, monkeypatch):
    arrange(officer, officer, other, TODAY + dt.timedelta(days=1), WEEK)
    held = {}
    for day in (TODAY, TODAY + dt.timedelta(days=1), WEEK, WEEK + dt.timedelta(days=1)):
        held[day.day] = len(posts_of(again(other), on=day))
    assert held == {1: 1, 2: 2, 7: 2, 8: 1}


def test_another_posts_power_waits_for_a_second_person(officer, head):
    admin = person(Role.ADMINISTRATOR)
    assert arrange(head, head, officer) is False
    change = IdentityChange.objects.get(kind=ChangeKind.DEPUTY)
    assert holders_of(Role.APPROVER, county="kaohsiung") == [head]
    for nobody in (head, officer):
        with pytest.raises(Refused):
            changes.confirm(nobody, change)
    changes.confirm(admin, change)
    assert set(holders_of(Role.APPROVER, county="kaohsiung")) == {officer, head}
    assert [post.role for post in posts_of(again(officer))] == [Role.CASE_OFFICER, Role.APPROVER]


def test_a_refused_deputy_gains_nothing(officer, head):
    arrange(head, head, officer)
    changes.refuse(person(Role.ADMINISTRATOR), IdentityChange.objects.get())
    assert [post.role for post in posts_of(again(officer))] == [Role.CASE_OFFICER]


def test_who_left_meanwhile_gains_nothing(officer, head):
    arrange(head, head, officer)
    Post.objects.filter(user=officer).update(valid_to=TODAY - dt.timedelta(days=1))
    with pytest.raises(Refused, match="同一個縣府"):
        changes.confirm(person(Role.ADMINISTRATOR), IdentityChange.objects.get())
    assert posts_of(again(officer)) == []


def test_the_head_or_the_administrator_arranges_for_somebody_who_cannot(officer, other, head):
    assert arrange(head, officer, other) is True
    third, admin = person(Role.CASE_OFFICER), person(Role.ADMINISTRATOR)
    assert arrange(admin, third, other) is True
    with pytest.raises(Refused, match="安排"):
        arrange(other, person(Role.CASE_OFFICER), other)
    with pytest.raises(Refused, match="安排"):
        arrange(person(Role.APPROVER, "miaoli"), person(Role.CASE_OFFICER), other)


def stranger(role, **scope):
    return lambda: person(role, **scope)


@pytest.mark.parametrize(
    ("deputy", "first", "last", "reason"),
    [
        (stranger(Role.CASE_OFFICER, county="miaoli"), TODAY, WEEK, "同一個縣府"),
        (stranger(Role.TOWNSHIP_OFFICER, township_code="64000300"), TODAY, WEEK, "同一個縣府"),
        (stranger(Role.REVIEWER), TODAY, WEEK, "同一個縣府"),
        (stranger(Role.ADMINISTRATOR), TODAY, WEEK, "同一個縣府"),
        (stranger(Role.CASE_OFFICER), TODAY - dt.timedelta(days=1), WEEK, "今天或以後"),
        (stranger(Role.CASE_OFFICER), WEEK, TODAY, "今天或以後"),
        (stranger(Role.CASE_OFFICER), TODAY, TODAY + dt.timedelta(days=184), "184 天"),
    ],
)
def test_who_and_when_is_refused_with_the_reason(officer, deputy, first, last, reason):
    with pytest.raises(Refused, match=reason):
        arrange(officer, officer, deputy(), first, last)
    assert not Post.objects.filter(stands_for__isnull=False).exists()


def test_half_a_year_is_the_longest(officer, other):
    assert arrange(officer, officer, other, TODAY, TODAY + dt.timedelta(days=183)) is True


def test_no_chain_and_no_second_deputy(officer, other, head):
    third = person(Role.CASE_OFFICER)
    arrange(officer, officer, other)
    for by, absent, deputy, reason in [
        (officer, officer, third, "已經安排"),
        (other, other, third, "正代理別人"),
        (third, third, officer, "自己也請人代理"),
        (officer, officer, officer, "自己"),
    ]:
        with pytest.raises(Refused, match=reason):
            arrange(by, absent, deputy)
    assert arrange(third, third, officer, WEEK + dt.timedelta(days=1), WEEK + dt.timedelta(days=2)) is True


def test_the_days_lie_within_the_post(officer, other):
    Post.objects.filter(user=officer).update(valid_to=WEEK)
    with pytest.raises(Refused, match="起迄以內"):
        arrange(officer, officer, other, TODAY, WEEK + dt.timedelta(days=1))
    assert arrange(officer, officer, other, TODAY, WEEK) is True


def test_who_is_back_early_ends_it_the_same_day(officer, other, head):
    arrange(officer, officer, other)
    acting = Post.objects.get(stands_for__isnull=False)
    with pytest.raises(Refused):
        deputies.end(other, acting)
    deputies.end(officer, acting)
    assert len(posts_of(again(other))) == 1
    assert AuditEntry.objects.filter(action="post.end_deputy").exists()


def test_a_deputy_who_acted_stays_on_record(officer, other, settings):
    arrange(officer, officer, other)
    Post.objects.filter(stands_for__isnull=False).update(valid_from=TODAY - dt.timedelta(days=3))
    deputies.end(officer, Post.objects.get(stands_for__isnull=False))
    assert Post.objects.get(stands_for__isnull=False).valid_to == TODAY - dt.timedelta(days=1)


def test_a_post_that_ends_takes_its_deputies_along(officer, other):
    arrange(officer, officer, other)
    with trail.unit_of_work(Actor.system("test")):
        services.end_post(post_of(officer), TODAY)
    assert Post.objects.get(stands_for__isnull=False).valid_to == TODAY
    third = person(Role.CASE_OFFICER)
    arrange(third, third, other, WEEK, WEEK)
    with trail.unit_of_work(Actor.system("test")):
        services.end_post(post_of(third), TODAY)
    assert not Post.objects.filter(stands_for__user=third).exists()


def test_the_page_arranges_and_ends(client, officer, other):
    client.force_login(officer)
    page = reverse("deputies")
    values = {"post": post_of(officer).pk, "deputy": other.pk, "first": "99/6/2", "last": "99/6/4"}
    assert client.post(page, values).status_code == 302
    assert "代理" + officer.display_name in client.get(page).content.decode()
    refused = client.post(page, values)
    assert refused.status_code == 422
    assert "已經安排了代理人" in refused.content.decode()
    assert "迄日不能早於起日" in client.post(page, values | {"last": "99/6/1"}).content.decode()
    made = Post.objects.get(stands_for__isnull=False)
    assert client.post(reverse("deputy-end", args=[made.pk])).status_code == 302
    assert not Post.objects.filter(stands_for__isnull=False).exists()


def test_the_page_offers_own_posts_and_colleagues_alone(client, officer, other, head):
    person(Role.CASE_OFFICER, "miaoli")
    client.force_login(officer)
    form = client.get(reverse("deputies")).context["form"]
    assert list(form.fields["post"].queryset) == [post_of(officer)]
    assert set(form.fields["deputy"].queryset) == {other, head}
    client.force_login(head)
    assert {post.user for post in client.get(reverse("deputies")).context["posts"]} == {officer, other, head}


def test_a_proposal_can_be_taken_back_on_the_page(client, officer, head):
    client.force_login(officer)
    page = reverse("deputies")
    client.post(page, {"post": post_of(officer).pk, "deputy": head.pk, "first": "99/6/1", "last": "99/6/2"})
    change = IdentityChange.objects.get()
    assert change.summary in client.get(page).content.decode()
    answer = client.post(reverse("change-withdraw", args=[change.pk]))
    assert (answer.status_code, answer.url) == (302, page)
    assert clock.today() == TODAY
