"""Posts and terms that end stay in view until they are renewed or somebody else has them."""

import datetime as dt

import pytest

from communities.models import OfficeTerm
from grants.queries.desk import tasks
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import Post
from tests.factories.accounts import PostFactory, person
from tests.factories.communities import OrganisationFactory, chair_of, member_of

from .desks import TODAY, waiting

pytestmark = pytest.mark.django_db


def ends(user, days: int) -> None:
    Post.objects.filter(user=user).update(valid_to=TODAY + dt.timedelta(days=days))


@pytest.mark.parametrize(("days", "shown"), [(31, False), (30, True), (0, True), (-1, True)])
def test_a_post_is_shown_a_month_ahead_and_afterwards_while_nobody_has_it(days, shown):
    admin, officer = person(Role.ADMINISTRATOR), person(Role.CASE_OFFICER)
    ends(officer, days)
    assert ("post_ending" in waiting(admin)) is shown
    assert "post_ending" not in waiting(person(Role.ADMINISTRATOR, "miaoli"))
    assert ("post_ending" in waiting(person(Role.ADMINISTRATOR, ""))) is shown


def test_a_renewed_post_and_one_that_somebody_else_has_are_not():
    admin, officer = person(Role.ADMINISTRATOR), person(Role.CASE_OFFICER)
    ends(officer, 3)
    renewed = PostFactory(user=officer, valid_from=TODAY + dt.timedelta(days=4))
    assert "post_ending" not in waiting(admin)
    renewed.delete()
    ends(officer, -3)
    assert waiting(admin) == {"post_ending": 1}
    person(Role.CASE_OFFICER)
    assert waiting(admin) == {}


def test_the_row_says_who_and_which_post(client):
    admin, officer = person(Role.ADMINISTRATOR), person(Role.CASE_OFFICER)
    ends(officer, 3)
    (task,) = tasks.desk_of(admin).tasks
    assert (task.title, task.due_on, task.url) == (
        officer.display_name,
        TODAY + dt.timedelta(days=3),
        f"/accounts/people/{officer.pk}/",
    )
    assert task.text.startswith("高雄縣 縣府承辦人：")


@pytest.mark.parametrize(("days", "shown"), [(31, False), (30, True)])
def test_the_holder_reads_it_on_the_own_desk(client, days, shown):
    officer = person(Role.CASE_OFFICER)
    ends(officer, days)
    client.force_login(officer)
    assert ("要續任，請系統管理員" in client.get("/desk/").content.decode()) is shown


@pytest.mark.parametrize(("days", "shown"), [(91, False), (90, True), (0, True)])
def test_a_term_nearly_over_is_on_the_officers_and_the_associations_desk(days, shown):
    body, officer = OrganisationFactory(), person(Role.CASE_OFFICER)
    chair, staff = chair_of(body), member_of(body)
    OfficeTerm.objects.filter(user=chair).update(valid_to=TODAY + dt.timedelta(days=days))
    stranger = chair_of(OrganisationFactory())
    assert ["term_ending" in waiting(user) for user in (officer, chair, staff, stranger)] == [shown] * 3 + [False]
    OfficeTerm.objects.create(
        organisation=body, office=Office.CHAIRPERSON, person_name="新任", valid_from=TODAY + dt.timedelta(days=days + 1)
    )
    assert "term_ending" not in waiting(officer)
