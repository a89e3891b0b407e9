"""A person with several posts always sees as whom they act, and chooses."""

import pytest
from django.urls import reverse

from grants.enums import ApplicationStatus as S
from grants.permissions import actor_for
from grants.queries.desk import tasks
from miaoli_kaohsiung.accounts import services
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_view, posts_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import MIAOLI, PostFactory, person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies():
    return OrganisationFactory(), OrganisationFactory()


@pytest.fixture
def chair(bodies):
    """Chairperson of one association, staff of another."""
    first, second = bodies
    chair = member_of(first, Office.CHAIRPERSON)
    member_of(second, Office.STAFF, chair)
    for body in bodies:
        PostFactory(user=chair, role=Role.MEMBER, organisation_id=body.pk, place_name=body.name, office=Office.STAFF)
    Post.objects.filter(user=chair, place_name="").delete()
    return User.objects.get(pk=chair.pk)


def switched(user: User, number: int) -> User:
    user = User.objects.get(pk=user.pk)
    services.act_as(user, sorted(posts_of(user), key=lambda post: post.pk)[number])
    return User.objects.get(pk=user.pk)


def test_the_desk_and_the_lists_are_those_of_the_chosen_post(client, chair, bodies):
    cases = [ApplicationFactory(organisation=body, title=f"計畫{body.pk}") for body in bodies]
    assert {task.who for task in tasks.desk_of(chair).tasks} == {body.name for body in bodies}
    chair = switched(chair, 1)
    assert [post.organisation_id for post in posts_in_view(chair)] == [bodies[1].pk]
    assert [task.who for task in tasks.desk_of(chair).tasks] == [bodies[1].name]
    client.force_login(chair)
    listed = client.get(reverse("grants:application_list")).content.decode()
    assert (cases[0].number in listed, cases[1].number in listed) == (False, True)
    starting = client.get(reverse("grants:application_new")).context
    assert (list(starting["organisations"]), [case.number for case in starting["drafts"]]) == (
        [bodies[1]],
        [cases[1].number],
    )
    assert client.get(reverse("communities:mine")).context["organisation"] == bodies[1]
    # What somebody may do does not depend on it: the link of a mail leads to the case of the other association.
    page = client.get(reverse("grants:application_detail", args=[cases[0].number]))
    assert page.status_code == 200


def test_every_page_says_as_whom_and_offers_the_others(client, chair, bodies):
    case = ApplicationFactory(organisation=bodies[0])
    client.force_login(switched(chair, 1))
    desk = client.get(reverse("grants:desk")).content.decode()
    labels = [f"{body.name} 承辦人" for body in bodies]
    assert f'<small title="{labels[1]}">' in desk
    assert "切換身分" in desk
    assert all(f"{label}\n" in desk for label in labels)
    # On the page of a case it is the post that reaches it.
    assert f'<small title="{labels[0]}">' in client.get(f"/applications/{case.number}/").content.decode()


def test_the_colour_is_that_of_the_county_in_whose_post_somebody_works(client):
    user = person(Role.CASE_OFFICER)
    PostFactory(user=user, role=Role.AUDITOR, county=MIAOLI)
    services.act_as(user, user.posts.get(county=MIAOLI))
    client.force_login(User.objects.get(pk=user.pk))
    assert client.get(reverse("grants:desk")).context["accent_county"] == MIAOLI


def test_with_one_post_there_is_nothing_to_choose(client):
    client.force_login(person(Role.CASE_OFFICER))
    assert "切換身分" not in client.get(reverse("grants:desk")).content.decode()


def test_the_switch_is_a_button_and_on_record(client, chair, bodies):
    client.force_login(chair)
    post = Post.objects.get(user=chair, organisation_id=bodies[1].pk)
    assert client.post(reverse("act-as"), {"post": post.pk}).status_code == 302
    chair.refresh_from_db()
    assert chair.acting_post == post
    entry = AuditEntry.objects.get(action="post.act_as")
    assert (entry.after, entry.post_label) == ({"post": post.label}, post.label)
    client.post(reverse("act-as"), {"post": ""})
    chair.refresh_from_db()
    assert chair.acting_post is None


def test_nobody_acts_in_a_post_of_somebody_else(client, chair):
    other = person(Role.APPROVER).posts.get()
    client.force_login(chair)
    assert client.post(reverse("act-as"), {"post": other.pk}).status_code == 403
    with pytest.raises(Refused):
        services.act_as(chair, other)
    chair.refresh_from_db()
    assert chair.acting_post is None


def test_the_act_is_recorded_under_the_chosen_post():
    user = person(Role.CASE_OFFICER)
    PostFactory(user=user, role=Role.APPROVER)
    case = ApplicationFactory(status=S.SUBMITTED)
    handlers = (Role.CASE_OFFICER, Role.APPROVER)
    labels = []
    for role in (Role.APPROVER, Role.CASE_OFFICER):
        user = User.objects.get(pk=user.pk)
        services.act_as(user, user.posts.get(role=role))
        labels.append(actor_for(User.objects.get(pk=user.pk), case, handlers).post_label)
    assert labels == ["高雄縣 主管", "高雄縣 縣府承辦人"]


def test_a_post_that_ended_is_not_the_view_any_more(chair, portal_date):
    chair = switched(chair, 1)
    Post.objects.filter(pk=chair.acting_post_id).update(valid_to=Post.objects.first().valid_from)
    chair = User.objects.get(pk=chair.pk)
    assert posts_in_view(chair) == posts_of(chair) != []
