"""What the header and the footer of every page need. All of it is lazy: a fragment that shows none of it runs no query."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.notices.queries import count_unread

from .audiences import (
    AWARD_READERS,
    CASE_READERS,
    DATA_KEEPERS,
    DIRECTORY_READERS,
    EVALUATION_READERS,
    EVERY_ROLE,
    INVITERS,
    LETTER_READERS,
    OFFICE_READERS,
    RULING_READERS,
    STAFF_ROLES,
    Who,
    each,
)
from .enums import Role
from .models import User
from .queries import ended_chairs, posts_in_view, posts_of

MOST_COUNTED = 99

# Label, route, and who among signed-in people sees it.
MENU: list[tuple[Any, str, Who]] = [
    (_("我的工作"), "grants:desk", EVERY_ROLE),
    (_("申請案"), "grants:application_list", CASE_READERS),
    (_("撥款核銷"), "grants:payment_list", AWARD_READERS),
    (_("公文"), "grants:letter_list", LETTER_READERS),
    (_("我的單位"), "communities:mine", Role.MEMBER),
    (_("社區登記"), "communities:registry", OFFICE_READERS),
    (_("單位名單"), "communities:registry-import", Role.ADMINISTRATOR),
    (_("評鑑"), "evaluation:rounds", EVALUATION_READERS),
    (_("函釋"), "grants:rulings", RULING_READERS),
    (_("縣府資料"), "changes:list", DATA_KEEPERS),
    (_("稽核"), "grants:audit", Role.AUDITOR),
    (_("人員"), "communities:people", Role.ADMINISTRATOR),
    (_("邀請"), "communities:invitations", INVITERS),
    (_("補助方案"), "grants:schemes", EVERY_ROLE),
    (_("社區"), "communities:directory", DIRECTORY_READERS),
    (_("培力課程"), "communities:courses", EVERY_ROLE),
    (_("開放資料"), "grants:open_data", ()),
    (_("說明"), "help", EVERY_ROLE),
]
# What visitors see.
FOR_STRANGERS = {"grants:schemes", "communities:directory", "communities:courses", "grants:open_data", "help"}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return nav_items, accent_county, dense (rows and type for people who work here all day), account_label (as whom
    the person works at present), posts_held and unread_notices.
    """
    user = getattr(request, "user", AnonymousUser())
    return {
        "nav_items": SimpleLazyObject(lambda: _items(user, request.path)),
        "accent_county": SimpleLazyObject(
            lambda: next((post.county for post in posts_in_view(user) if post.county), "")
        ),
        "dense": SimpleLazyObject(lambda: any(post.role in STAFF_ROLES for post in posts_in_view(user))),
        "account_label": SimpleLazyObject(lambda: "、".join(dict.fromkeys(post.label for post in posts_in_view(user)))),
        "posts_held": SimpleLazyObject(lambda: posts_of(user)),
        "counter_post": SimpleLazyObject(lambda: next((post for post in posts_of(user) if post.counter_for), None)),
        "unread_notices": SimpleLazyObject(lambda: _unread(user)),
    }


def addresses(roles: Iterable[Any]) -> list[tuple[Any, str]]:
    """Return the menu of somebody who holds `roles`, as (label, address)."""
    return list(_menu(frozenset(roles), get_urlconf(), get_script_prefix()))


@lru_cache(maxsize=100)
def _menu(held: frozenset[Any], _urlconf: str | None, _prefix: str) -> tuple[tuple[Any, str], ...]:
    """Return the menu; it hangs on the posts and on what addresses begin with alone."""
    return tuple(
        (label, reverse(route))
        for label, route, who in MENU
        if (held.intersection(each(who)) if held else route in FOR_STRANGERS)
    )


def _items(user: User | AnonymousUser, here: str) -> list[dict[str, Any]]:
    # A chairperson whose term is over may still read the association's pages.
    held = [*posts_in_view(user), *ended_chairs(user)]
    shown = addresses(post.role for post in held)
    # The longest address that begins the present one: on /registry/mine/ that is not /registry/.
    current = max((path for _label, path in shown if here.startswith(path)), key=len, default="")
    return [{"label": label, "url": path, "current": path == current} for label, path in shown]


def _unread(user: User | AnonymousUser) -> int | str:
    """Return how many notices wait; counting stops at a hundred, because every page asks."""
    count = count_unread(user, MOST_COUNTED + 1) if user.is_authenticated else 0
    return count if count <= MOST_COUNTED else f"{MOST_COUNTED}+"
