import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve, reverse

from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.context import MENU, addresses, navigation
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import CountyParticulars
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of


@pytest.mark.parametrize("route", [route for _label, route, _roles in MENU])
def test_every_item_of_the_menu_leads_somewhere(route):
    assert resolve(reverse(route)).view_name == route


def test_strangers_see_what_is_public():
    assert [path for _label, path in addresses([])] == [
        "/schemes/",
        "/communities/",
        "/training/",
        "/open-data/",
        "/help/",
    ]


@pytest.mark.django_db
def test_the_menu_follows_the_posts_and_marks_where_one_is():
    request = RequestFactory().get("/registry/5/")
    request.user = person(Role.CASE_OFFICER, "miaoli")
    context = navigation(request)
    assert [item["url"] for item in context["nav_items"] if item["current"]] == ["/registry/"]
    assert (context["accent_county"], context["account_label"]) == ("miaoli", "苗栗縣 縣府承辦人")
    assert context["unread_notices"] == 0


@pytest.mark.django_db
def test_staff_get_dense_pages_and_associations_large_ones():
    request = RequestFactory().get("/desk/")
    dense = {}
    for who, user in [("officer", person(Role.CASE_OFFICER)), ("chair", chair_of(OrganisationFactory()))]:
        request.user = user
        dense[who] = bool(navigation(request)["dense"])
    assert dense == {"officer": True, "chair": False}


def test_nothing_is_asked_until_it_is_shown():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert set(navigation(request)) == {
        "nav_items", "accent_county", "dense", "account_label", "posts_held", "counter_post", "unread_notices"
    }  # fmt: skip


@pytest.mark.django_db
def test_what_stands_around_a_page_asks_three_things(client, django_assert_num_queries):
    client.force_login(person(Role.CASE_OFFICER))
    address = reverse("help")
    client.get(address)
    # The session, the person with their posts, the unread notices.
    with django_assert_num_queries(3):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_what_a_process_keeps_of_the_frame_follows_the_post_and_the_place(client):
    officer, chair = person(Role.CASE_OFFICER), chair_of(OrganisationFactory())
    item = f'<a href="{reverse("communities:registry")}"'
    for user, times in [(officer, 2), (chair, 0), (officer, 2)]:
        client.force_login(user)
        # In the menu and in the site map; an association has no such item.
        assert client.get(reverse("help")).content.decode().count(item) == times
    client.force_login(officer)
    marked = {path: f'<a href="{path}" aria-current="page">' for path in (reverse("help"), reverse("grants:schemes"))}
    for path, mark in marked.items():
        page = client.get(path).content.decode()
        assert [mark in page for mark in marked.values()] == [mark == other for other in marked.values()]


@pytest.mark.django_db
def test_a_telephone_that_changed_stands_on_the_next_page(client):
    assert "07-7995678" not in client.get(reverse("help")).content.decode()
    CountyParticulars.objects.filter(county="kaohsiung").update(help_phone="07-7995678")
    counties.KEPT.forget()
    assert "07-7995678" in client.get(reverse("help")).content.decode()
    CountyParticulars.objects.filter(county="kaohsiung").update(help_phone="")
    counties.KEPT.forget()
    assert "07-7995678" not in client.get(reverse("help")).content.decode()
