"""Before a post is ended the administrator sees what hangs on it: each list with its number and its page."""

import pytest
from django.urls import reverse

from communities.services.people import end_post
from grants.queries.desk.handovers import in_hand
from grants.services.desk import handover
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = person(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.fixture
def post(people):
    reviews.received(people)
    reviews.received(people)
    return Post.objects.get(user=people.officer)


def end(post: Post) -> str:
    return reverse("communities:post-end", args=[post.pk])


def lists(page) -> dict[str, int]:
    return {row.words: row.number for row in page.context["hanging"]}


def test_what_hangs_on_a_post_is_counted_linked_and_seen_first(client, admin, post, people):
    page = client.get(end(post))
    assert lists(page) == {"承辦中的案件": 2, "待檢核": 2}
    assert "同職務沒有別人" in page.content.decode()
    work = reverse("grants:post_work", args=[post.pk])
    assert [row.url for row in page.context["hanging"]] == [f"{work}#cases", f"{work}#check"]
    refused = client.post(end(post), {"last_day": "99/6/30", "pieces": "4"})
    assert refused.status_code == 422
    assert "請先看過清單，再勾選這一項。" in refused.content.decode()
    post.refresh_from_db()
    assert post.valid_to is None
    assert client.post(end(post), {"last_day": "99/6/30", "pieces": "4", "seen": "on"}).status_code == 302
    post.refresh_from_db()
    assert post.valid_to is not None


def test_what_came_in_the_meantime_is_looked_at_again(client, admin, post, people):
    reviews.received(people)
    again = client.post(end(post), {"last_day": "99/6/30", "pieces": "4", "seen": "on"})
    assert "清單比剛才多了，請再看一次。" in again.content.decode()
    assert again.context["form"]["pieces"].value() == "6"
    assert not again.context["form"]["seen"].value()
    with pytest.raises(Refused, match="請先看過清單"):
        end_post(actor(admin, Role.ADMINISTRATOR), post, clock.today(), seen=5)


def test_what_was_handed_over_hangs_on_the_other(client, admin, post, people):
    colleague = person(Role.CASE_OFFICER)
    page = client.get(end(post))
    # What others of the post find as well does not hang on it.
    assert lists(page) == {"承辦中的案件": 2}
    assert str(colleague) in page.content.decode()
    cases = list(in_hand(people.officer, [post.county]))
    handover.hand_over(people.head, cases, colleague, "調職")
    page = client.get(end(post))
    assert lists(page) == {}
    assert "他手上沒有別人看不到的事。" in page.content.decode()
    assert client.post(end(post), {"last_day": "99/6/30"}).status_code == 302
    theirs = client.get(end(Post.objects.get(user=colleague)))
    assert lists(theirs) == {"承辦中的案件": 2, "還沒簽收的移交清冊": 1}


def test_the_list_of_what_hangs_on_a_post(client, admin, post, people):
    page = client.get(reverse("grants:post_work", args=[post.pk])).content.decode()
    assert "承辦中的案件 2 件" in page
    # An administrator reads which cases these are and opens none.
    assert "/applications/" not in page
    client.force_login(people.head)
    assert "/applications/" in client.get(reverse("grants:post_work", args=[post.pk])).content.decode()
    client.force_login(person(Role.APPROVER, "miaoli"))
    assert client.get(reverse("grants:post_work", args=[post.pk])).status_code == 404
