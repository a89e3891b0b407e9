"""The audience of a route: every view says who it is for, and tests/test_routes.py walks them all."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib.access import Refused

from .enums import Role
from .queries import posts_of

PUBLIC = "public"
SIGNED_IN = "signed-in"


def public_page(view: Callable) -> Callable:
    """Anybody may look; nothing on the page depends on who they are."""
    view.audience = PUBLIC
    return view


def signed_in(view: Callable) -> Callable:
    """Anybody with an account."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.audience = SIGNED_IN
    return guarded


def audience(*roles: Role) -> Callable:
    """Only people who hold one of `roles` today; others get 403 with the reason in words."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(post.role in roles for post in posts_of(request.user)):
                names = "、".join(str(role.label) for role in roles)
                raise Refused(_("這一頁是給%(roles)s使用的，您目前的職務沒有這個權限。") % {"roles": names})
            return view(request, *args, **kwargs)

        guarded.audience = frozenset(roles)
        return guarded

    return decorate
