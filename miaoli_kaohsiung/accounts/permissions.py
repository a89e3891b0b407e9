"""The audience of a route: every view says who it is for, and tests/test_routes.py checks them all."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import reads, rescue
from .audiences import COUNTY_STAFF, INVITED_BY_OFFICERS, STAFF_ROLES, Who, each
from .enums import Role
from .models import IdentityChange, Post, User
from .queries import ended_chairs, post_with, posts_apart, posts_in_force, posts_of

PUBLIC = "public"
SIGNED_IN = "signed-in"

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class SignedIn(HttpRequest):
    """The request of a view behind `signed_in` or `audience`, with a signed-in user. For types only."""

    user: User


Guarded = Callable[Concatenate[SignedIn, P], HttpResponseBase]
Open = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def public_page(view: View) -> View:
    """Mark a view for anybody; nothing on the page depends on who they are."""
    return _marked(view, PUBLIC)


def signed_in(view: Guarded[P]) -> Open[P]:
    """Mark a view for anybody with an account."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return _turned_away(request) or _answered(view(cast("SignedIn", request), *args, **kwargs), request, kwargs)

    return _marked(guarded, SIGNED_IN)


def audience(who: Who) -> Callable[[Guarded[P]], Open[P]]:
    """Mark a view for people who hold one of these posts today; others get 403 with the reason in words."""
    roles = each(who)

    def decorate(view: Guarded[P]) -> Open[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if away := _turned_away(request):
                return away
            known = cast("SignedIn", request)
            if not any(post.role in roles for post in posts_of(known.user)):
                _refuse_role(known, roles)
            return _answered(view(known, *args, **kwargs), request, kwargs)

        return _marked(guarded, frozenset(roles))

    return decorate


def _answered(answer: HttpResponseBase, request: HttpRequest, place: Mapping[str, object]) -> HttpResponseBase:
    """Return the answer, once it is noted if it is a file; `place` is what stands in the address."""
    number = place.get("number")
    reads.note_file(request, cast("User", request.user), answer, number if isinstance(number, str) else "")
    return answer


def _marked(view: View, people: str | frozenset[Role]) -> View:
    view.audience = people  # type: ignore[attr-defined]  # an attribute of the function, for accounts.views and for tests
    return view


def lets_in(user: User, who: Who) -> bool:
    """Return whether a page for `who` opens to this person, so that nobody is shown a link that is refused."""
    roles = each(who)
    return any(post.role in roles for post in posts_of(user)) or (Role.MEMBER in roles and bool(ended_chairs(user)))


def _refuse_role(request: SignedIn, roles: tuple[Role, ...]) -> None:
    """Refuse with the reason. A chairperson whose term is over may still look; the queries decide what they see."""
    ended = ended_chairs(request.user) if Role.MEMBER in roles else []
    if not ended:
        names = "、".join(str(role.label) for role in roles)
        raise Refused(_("這一頁是給%(roles)s使用的，您目前的職務沒有這個權限。") % {"roles": names})
    if request.method not in ("GET", "HEAD"):
        last = ended[-1]
        assert last.valid_to is not None
        params = {"place": last.place_name, "head": last.office_word, "day": format_roc(last.valid_to)}
        reason = _("您在%(place)s的%(head)s任期到 %(day)s，現在只能看，不能辦理。請辦理改選，或請縣府承辦人登錄延任。")
        raise Refused(reason % params)


def _turned_away(request: HttpRequest) -> HttpResponse | None:
    """Return a redirect to the sign-in page, or, for staff without a required second factor, to setting one up."""
    if not request.user.is_authenticated:
        if rescue.worth_keeping(request):
            return rescue.keep(request)
        return redirect_to_login(request.get_full_path())
    if lacks_second_factor(request.user):
        messages.warning(request, _("公務帳號要先設定兩步驟驗證，才能使用其他功能。"))
        return redirect("mfa_activate_totp")
    return None


def lacks_second_factor(user: User) -> bool:
    """Return whether REQUIRE_STAFF_MFA keeps this person out: every post but an association's needs a second factor."""
    if not settings.REQUIRE_STAFF_MFA:
        return False
    return any(post.role in STAFF_ROLES for post in posts_of(user)) and not is_mfa_enabled(user)


def may_invite(post: Post, role: str, county: str) -> Answer:
    """Allow an administrator to invite to every post of the county (without one: of both), a case officer to those
    below.
    """
    if post.role == Role.ADMINISTRATOR:
        if post.county and post.county != county:
            return deny(_("只能邀請自己縣的人員。"))
        return ALLOW
    if post.role != Role.CASE_OFFICER:
        return deny(_("邀請由縣府承辦人或系統管理員辦理。"))
    if county != post.county:
        return deny(_("只能邀請自己縣的人員。"))
    if role not in INVITED_BY_OFFICERS:
        return deny(_("縣府職務由系統管理員開立。"))
    return ALLOW


def may_give_post(giver: User, receiver: User, role: str, first: dt.date, last: dt.date | None) -> Answer:
    """Refuse a post for the giver themselves, and a deciding post for an administrator: administrators decide nothing.

    `first` and `last` are the days of the post, which are compared with those of every post that the person holds or
    will hold: a person who will be approver from tomorrow may be administrator only until today.
    """
    if giver.pk == receiver.pk:
        return deny(_("不能給自己職務，請另一位系統管理員辦理。"))
    if posts_apart(receiver, role, first, last):
        return deny(_("系統管理員不能同時擔任縣府承辦、主管、主計出納或稽核。"))
    return ALLOW


def may_decide_change(user: User, change: IdentityChange) -> Answer:
    """Allow another administrator who looks after the person, or an approver of the county, except proposer and person
    concerned.
    """
    if change.decided_at is not None or change.expires_on < clock.today():
        return deny(_("這件變更已經決定或過期了。"))
    if change.proposed_by_id == user.pk:
        return deny(_("提出的人不能自己確認，請另一位系統管理員或縣府主管確認。"))
    if change.user_id == user.pk:
        return deny(_("不能確認自己帳號的變更，請另一位系統管理員或縣府主管確認。"))
    counties = {"", change.county}
    if any(post_with(user, Role.ADMINISTRATOR, county=county) for county in counties):
        return ALLOW
    if post_with(user, Role.APPROVER, **({"county": change.county} if change.county else {})):
        return ALLOW
    return deny(_("人員變更由另一位系統管理員或縣府主管確認。"))


def same_office(county: str, role: str, township_code: str) -> Q:
    """Return a filter for the posts of the colleagues: of the county's, for a township those of its own office."""
    if role == Role.TOWNSHIP_OFFICER:
        return Q(county=county, role=role, township_code=township_code)
    return Q(county=county, role__in=COUNTY_STAFF)


def may_stand_for(user: User, post: Post) -> Answer:
    """Allow a colleague of the county, for a township a colleague of the township's office."""
    if user.pk == post.user_id:
        return deny(_("不能請自己代理。"))
    own = same_office(post.county, post.role, post.township_code)
    if posts_in_force().filter(own, stands_for=None, user=user).exists():
        return ALLOW
    return deny(_("代理人要是同一個縣府的同仁；公所的代理人要是同一個公所的同仁。"))
