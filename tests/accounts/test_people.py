import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories.accounts import PostFactory, UserFactory, person
from tests.factories.communities import OrganisationFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = person(Role.ADMINISTRATOR, county="")
    client.force_login(user)
    return user


def url(name, pk):
    return reverse(f"communities:{name}", args=[pk])


def test_a_post_is_given_and_ended_with_a_trace(client, admin):
    user = UserFactory()
    values = {"role": "reviewer", "county": "miaoli", "valid_from": "99/6/1"}
    assert client.post(url("post-give", user.pk), values).status_code == 302
    post = Post.objects.get(user=user)
    assert (post.role, post.county, post.valid_from) == (Role.REVIEWER, "miaoli", dt.date(2010, 6, 1))
    assert client.post(url("post-give", user.pk), values).status_code == 422
    client.post(url("post-end", post.pk), {"last_day": "99/6/30"})
    assert len(posts_of(user, dt.date(2010, 6, 30))) == 1
    assert posts_of(user, dt.date(2010, 7, 1)) == []
    entries = AuditEntry.objects.order_by("seq").values_list("action", "actor", "post_label")
    assert list(entries) == [("post.give", admin.pk, "系統管理員"), ("post.end", admin.pk, "系統管理員")]


@pytest.mark.parametrize("role", ["approver", "reviewer"])
def test_nobody_gives_himself_a_post(client, admin, role):
    values = {"role": role, "county": "miaoli", "valid_from": "99/6/1"}
    assert client.post(url("post-give", admin.pk), values).status_code == 403
    assert Post.objects.filter(user=admin).count() == 1


@pytest.mark.parametrize(
    ("held", "given"),
    [
        (Role.ADMINISTRATOR, "approver"),
        (Role.ADMINISTRATOR, "auditor"),
        (Role.FINANCE_OFFICER, "administrator"),
        (Role.AUDITOR, "administrator"),
    ],
)
def test_deciding_and_administering_stay_apart(client, admin, held, given):
    user = person(held)
    values = {"role": given, "county": "kaohsiung", "valid_from": "99/6/1"}
    assert client.post(url("post-give", user.pk), values).status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"county": ""}, "county"),
        ({"role": "township_officer"}, "township_code"),
        ({"role": "member"}, "role"),
        ({"valid_from": "99/2/30"}, "valid_from"),
        ({"valid_to": "99/5/31"}, "valid_to"),
    ],
)
def test_a_wrong_post_is_refused_at_its_field(client, admin, changes, field):
    user = UserFactory()
    values = {"role": "reviewer", "county": "kaohsiung", "valid_from": "99/6/1"}
    answer = client.post(url("post-give", user.pk), values | changes)
    assert (answer.status_code, list(answer.context["post_form"].errors)) == (422, [field])
    assert not Post.objects.filter(user=user).exists()


def test_a_members_post_ends_in_the_registry_only(client, admin):
    member = member_of(OrganisationFactory())
    assert client.post(url("post-end", Post.objects.get(user=member).pk), {"last_day": "99/6/1"}).status_code == 404


@pytest.fixture
def miaoli_admin(client):
    user = person(Role.ADMINISTRATOR, county="miaoli")
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("person", None),
        ("person-save", {"display_name": "別人", "email": "taken@example.org"}),
        ("person-active", {"active": "no"}),
        ("person-second-factor", {}),
        ("post-give", {"role": "reviewer", "county": "miaoli", "valid_from": "99/6/1"}),
    ],
)
def test_an_administrator_of_one_county_reaches_nobody_of_the_other(client, miaoli_admin, name, values):
    """Else a new address and a cleared second factor would open the other county's accounts."""
    both = person(Role.APPROVER, county="miaoli")
    PostFactory(user=both, role=Role.REVIEWER, county="kaohsiung")
    for user in (person(Role.APPROVER), person(Role.ADMINISTRATOR, county=""), both):
        answer = client.get(url(name, user.pk)) if values is None else client.post(url(name, user.pk), values)
        assert answer.status_code == 404
        assert User.objects.get(pk=user.pk).email == user.email
    own = person(Role.APPROVER, county="miaoli")
    answer = client.get(url(name, own.pk)) if values is None else client.post(url(name, own.pk), values)
    assert answer.status_code == (200 if values is None else 302)


def test_the_list_of_an_administrator_of_one_county_is_the_countys(client, miaoli_admin):
    own, former = person(Role.APPROVER, county="miaoli"), person(Role.APPROVER)
    Post.objects.filter(user=former).update(valid_to=dt.date(2010, 1, 1))
    person(Role.CASE_OFFICER)
    assert listed(client) == {miaoli_admin.pk, own.pk, former.pk}


def test_an_administrator_of_one_county_ends_no_post_for_both(client, miaoli_admin):
    post = Post.objects.get(user=person(Role.ADMINISTRATOR, county=""))
    assert client.post(url("post-end", post.pk), {"last_day": "99/6/30"}).status_code == 404
    post.refresh_from_db()
    assert post.valid_to is None


def test_a_closed_account_is_out_at_once_and_may_be_opened_again(client, admin, django_user_model):
    from django.test import Client

    user = person(Role.CASE_OFFICER)
    other = Client()
    other.force_login(user)
    assert other.get(reverse("me")).status_code == 200
    client.post(url("person-active", user.pk), {"active": "no"})
    assert other.get(reverse("me")).status_code == 302
    client.post(url("person-active", user.pk), {"active": "yes"})
    assert User.objects.get(pk=user.pk).is_active


def test_nobody_closes_the_own_account(client, admin):
    assert client.post(url("person-active", admin.pk), {"active": "no"}).status_code == 403
    assert User.objects.get(pk=admin.pk).is_active


def listed(client, **chosen) -> set[int]:
    return {row.pk for row in client.get(reverse("communities:people"), chosen).context["list"].rows}


def test_people_are_found_by_post_county_and_state(client, admin):
    User.objects.update(date_joined="2010-01-01T00:00:00Z", last_login="2010-05-01T00:00:00Z")
    clerk = person(Role.TOWNSHIP_OFFICER, township_code="64000300", place_name="旗山鎮公所")
    miaoli, officer = person(Role.APPROVER, county="miaoli"), person(Role.CASE_OFFICER)
    former, closed = person(Role.APPROVER), UserFactory(is_active=False)
    Post.objects.filter(user=former).update(valid_to=dt.date(2010, 5, 31))
    assert listed(client, q="公所") == {clerk.pk}
    assert listed(client, q="縣府承辦") == {officer.pk}
    assert listed(client, role="approver") == {miaoli.pk}
    assert listed(client, county="miaoli") == {miaoli.pk}
    assert listed(client, state="closed") == {closed.pk}
    assert listed(client, state="without") == {former.pk, closed.pk}
    assert listed(client, state="open") == {admin.pk, clerk.pk, miaoli.pk, officer.pk, former.pk}


@pytest.mark.parametrize(
    ("joined", "seen", "count"),
    [
        # The portal is on 99/6/1; ninety days before was 99/3/3.
        ("2010-01-01", "2010-03-02", 1),
        ("2010-01-01", "2010-03-03", 0),
        ("2010-03-02", None, 1),
        ("2010-03-03", None, 0),
    ],
)
def test_an_account_that_nobody_uses_is_pointed_out(client, admin, joined, seen, count):
    user = person(Role.CASE_OFFICER)
    User.objects.filter(pk=user.pk).update(date_joined=f"{joined}T12:00:00Z", last_login=seen and f"{seen}T12:00:00Z")
    page = client.get(reverse("communities:people"))
    assert page.context["unused"] == count
    assert ("有 1 個帳號 90 天以上沒有登入" in page.content.decode()) is bool(count)
    assert listed(client, state="unused") == ({user.pk} if count else set())


def test_people_are_found_by_name_or_address(client, admin):
    found = UserFactory(display_name="尋找人", email="find@example.org")
    for text in ("尋找", "find@"):
        assert listed(client, q=text) == {found.pk}
    assert client.get(reverse("communities:people"), {"q": "\x00"}).status_code == 200


def test_the_list_of_people_asks_the_same_at_one_and_at_thirty(client, admin, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask():
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("communities:people"))
        return len(asked)

    ask()
    few = ask()
    for _ in range(30):
        person(Role.CASE_OFFICER)
    assert ask() == few


def test_my_page_changes_my_name_and_refuses_a_taken_address(client):
    user, other = person(Role.CASE_OFFICER), UserFactory()
    client.force_login(user)
    client.post(reverse("me"), {"display_name": "新名字", "email": user.email.upper(), "is_superuser": "on"})
    before, _user = user.email, user.refresh_from_db()
    assert (user.display_name, user.email, user.is_superuser) == ("新名字", before, False)
    answer = client.post(reverse("me"), {"display_name": "新名字", "email": other.email.upper()})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])


def test_a_lost_second_factor_waits_for_a_second_person(client, admin):
    user = person(Role.CASE_OFFICER)
    for owner in (user, admin):
        Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.post(url("person-second-factor", admin.pk)).status_code == 403
    assert client.post(url("person-second-factor", user.pk)).status_code == 302
    assert Authenticator.objects.count() == 2
    assert AuditEntry.objects.get().action == "change.propose"
