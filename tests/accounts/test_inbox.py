import datetime as dt

import pytest
from django.urls import reverse

from miaoli_kaohsiung.accounts import inbox
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices import services
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def tell(person, number=1, url="/desk/"):
    return services.notify(person, "receipt", f"award:{number}", clock.today(), f"主旨{number}", "內容", url)


def test_the_list_shows_mine_newest_first_thirty_a_page(client, person):
    for number in range(1, 32):
        tell(person, number)
    tell(UserFactory(), 99)
    page = client.get("/notices/")
    assert [notice.subject for notice in page.context["page"]] == [f"主旨{n}" for n in range(31, 1, -1)]
    assert "還有 31 則未讀" in page.content.decode()
    assert page.content.decode().count("99年6月1日</time>") == 30
    assert [n.subject for n in client.get("/notices/?page=2").context["page"]] == ["主旨1"]


def test_a_reminder_says_also_when_it_was_sent(client, person):
    """Its words count the days from then on."""
    due = clock.today() + dt.timedelta(days=13)
    services.notify(person, "receipt", "award:1", due, "請送領據（還有 13 天）", "")
    page = client.get("/notices/").content.decode()
    assert "99年6月14日</time>" in page
    assert "99年6月1日通知" in page


def test_what_is_over_is_shown_when_asked_for_and_counts_as_unread_no_more(client, person):
    tell(person)
    services.close(["award:1"])
    page = client.get("/notices/")
    assert (list(page.context["page"]), page.context["unread"]) == ([], 0)
    assert [notice.subject for notice in client.get("/notices/?show=all").context["page"]] == ["主旨1"]
    assert "已辦完" in client.get("/notices/?show=all").content.decode()


def test_the_list_of_one_case(client, person):
    for number in ("88-099-0001", "88-099-0002"):
        services.notify(person, "k", f"a:{number}", clock.today(), number, "", case_number=number)
    page = client.get("/notices/?case=88-099-0002")
    assert [notice.subject for notice in page.context["page"]] == ["88-099-0002"]
    assert page.context["cases"] == ["88-099-0001", "88-099-0002"]
    assert "沒有符合的通知" in client.get("/notices/?case=nothing").content.decode()


def test_an_empty_list_says_so(client, person):
    assert "目前沒有通知" in client.get("/notices/").content.decode()


def test_the_list_costs_the_same_at_one_and_at_fifteen_rows(client, person, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    tell(person)
    client.get("/notices/")
    with CaptureQueriesContext(connection) as one:
        client.get("/notices/")
    for number in range(2, 16):
        tell(person, number)
    with django_assert_num_queries(len(one)):
        client.get("/notices/")


def test_reading_one_marks_it_and_leads_on(client, person):
    notice, other = tell(person), tell(person, 2, url="")
    answer = client.post(reverse("notice-read", args=[notice.pk]))
    assert (answer.status_code, answer.url) == (302, "/desk/")
    assert list(Notice.objects.filter(read_at=None)) == [other]
    assert client.post(reverse("notice-read", args=[other.pk])).url == "/notices/"


def test_reading_all(client, person):
    theirs = tell(UserFactory())
    tell(person)
    tell(person, 2)
    assert client.post(reverse("notices-read-all")).url == "/notices/"
    assert list(Notice.objects.filter(read_at=None)) == [theirs]


@pytest.mark.parametrize("url", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_a_notice_leads_nowhere_else(client, person, url):
    assert client.post(reverse("notice-read", args=[tell(person, url=url).pk])).url == "/notices/"


def test_somebody_else_s_notice_is_not_there(client, person):
    assert client.post(reverse("notice-read", args=[tell(UserFactory()).pk])).status_code == 404


def test_reading_is_a_post(client, person):
    assert client.get(reverse("notice-read", args=[tell(person).pk])).url == reverse("notices")
    assert client.get(reverse("notices-read-all")).url == reverse("notices")


def test_signing_in_comes_first(client):
    for address in ("/notices/", "/notices/read/", "/notices/1/read/"):
        assert client.post(address).status_code == 302
    assert {view.audience for view in (inbox.inbox, inbox.read, inbox.read_all)} == {"signed-in"}
