import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve, reverse

from miaoli_kaohsiung.accounts.context import MENU, addresses, navigation
from miaoli_kaohsiung.accounts.enums import Role
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
