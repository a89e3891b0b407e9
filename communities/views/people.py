"""People and invitations. They are in this app because a post may name a township, and accounts knows no places."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from communities.filters import PeopleFilter
from communities.forms.people import EndPostForm, PostForm, StaffInvitationForm
from communities.queries import term_start
from communities.services import people
from communities.services.terms import accept_invitation
from communities.tables import PeopleTable
from miaoli_kaohsiung.accounts import changes, counties, locks, queries, services
from miaoli_kaohsiung.accounts.audiences import DECIDING_ROLES, INVITERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.forms import AcceptForm, AccountForm
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, may_give_post, may_invite, public_page
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import access, clock, duplicates
from miaoli_kaohsiung.lib.leads_back import no_page
from miaoli_kaohsiung.lists.pages import Listing

PAGE_SIZE = 15


@audience(INVITERS)
def invitations(request: SignedIn) -> HttpResponse:
    """Show the invitations sent, and send one to a post of an authority."""
    post = _inviting_post(request)
    reach = [post.county] if post.county else counties.slugs()
    roles = None if post.role == Role.ADMINISTRATOR else [Role.TOWNSHIP_OFFICER.value]
    form = StaffInvitationForm(request.POST or None, counties=reach, roles=roles)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.field_order}
        access.require(may_invite(post, fields["role"], fields["county"]))
        deciding = fields["role"] in DECIDING_ROLES
        invite = changes.propose_invitation if deciding else services.invite
        try:
            invite(Actor(request.user, post.label), place_name=form.place_name(), **fields)
        except services.InvitationError as refused:
            form.add_error("email", refused.reason)
        else:
            messages.success(request, _("已送出，另一個人確認後就寄出邀請信。") if deciding else _("邀請信已經寄出。"))
            return redirect("communities:invitations")
    page = Paginator(queries.invitations(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "today": clock.today(),
        "waiting": queries.invitations_to_confirm(request.user),
    }
    return render(request, "accounts/invitations.html", context, status=422 if form.errors else 200)


@audience(INVITERS)
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = get_object_or_404(queries.invitations(request.user), pk=pk)
    services.withdraw_invitation(Actor(request.user, _inviting_post(request).label), invitation)
    messages.success(request, _("已收回邀請，原來的連結不能再用。"))
    return redirect("communities:invitations")


@sensitive_post_parameters("password", "again")
@public_page
@no_page
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Let the invited person choose a sign-in name and a password."""
    try:
        form = AcceptForm(request.POST or None, invitation=services.open_invitation(token))
        if request.method == "POST" and form.is_valid():
            username, password = form.cleaned_data["username"], form.cleaned_data["password"]
            with duplicates.shown_at(form, "username"):
                user = accept_invitation(token, username=username, password=password)
        if request.method == "POST" and form.is_valid():
            # Whoever holds the link holds the address, and has just chosen the password, so they are signed in.
            messages.success(request, _("帳號已經開好，並已經登入。下次請用剛才設定的帳號和密碼登入。"))
            after = settings.LOGIN_REDIRECT_URL
            signed: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=after)
            return signed
    except services.InvitationError as refused:
        return render(request, "accounts/invitation_closed.html", {"problem": refused.reason}, status=410)
    context = {"form": form, "invitation": form.invitation, "starts_on": term_start(form.invitation)}
    return render(request, "accounts/invitation_accept.html", context, status=422 if form.errors else 200)


@audience(Role.ADMINISTRATOR)
def people_list(request: SignedIn) -> HttpResponseBase:
    """Show the accounts that the administrator looks after."""
    own = _counties(request)
    rows, choices = queries.people(_reach(request)), [choice for choice in counties.choices() if choice[0] in own]
    listing = Listing(request, "people", PeopleTable, PeopleFilter(request.GET, rows, counties=choices))
    context = {"list": listing, "unused": queries.unused(rows).count(), "days": queries.UNUSED_DAYS}
    return listing.posted() or render(request, "accounts/people.html", context)


@audience(Role.ADMINISTRATOR)
def person(request: SignedIn, pk: int) -> HttpResponse:
    """Show one person: name, address, posts."""
    found = _person_or_404(request, pk)
    return _person_page(request, found)


@audience(Role.ADMINISTRATOR)
@require_POST
def save_person(request: SignedIn, pk: int) -> HttpResponse:
    found = _person_or_404(request, pk)
    form = AccountForm(request.POST, instance=found)
    if not form.is_valid():
        return _person_page(request, User.objects.get(pk=pk), form=form)
    name, email, phone = (form.cleaned_data[field] for field in ("display_name", "email", "phone"))
    kept = User.objects.get(pk=pk)
    services.update_account(_administrator(request), kept, display_name=name, email=kept.email, phone=phone)
    if email == kept.email.lower():
        messages.success(request, _("已儲存。"))
    else:
        _propose(request, changes.propose_address, kept, email)
    return redirect("communities:person", pk)


@audience(Role.ADMINISTRATOR)
@require_POST
def set_active(request: SignedIn, pk: int) -> HttpResponse:
    """Close an account or open it again; nobody closes their own."""
    found = _person_or_404(request, pk)
    if found.pk == request.user.pk:
        access.require(access.deny(_("不能停用自己的帳號。")))
    active = request.POST.get("active") == "yes"
    services.set_active(_administrator(request), found, active=active)
    messages.success(request, _("帳號已恢復。") if active else _("帳號已停用，目前的登入也失效。"))
    return redirect("communities:person", pk)


@audience(Role.ADMINISTRATOR)
@require_POST
def reset_second_factor(request: SignedIn, pk: int) -> HttpResponse:
    """Reset the second factor of a person who lost the telephone, as another administrator."""
    found = _person_or_404(request, pk)
    if found.pk == request.user.pk:
        access.require(access.deny(_("自己的兩步驟驗證請在「我的帳號」變更。")))
    _propose(request, changes.propose_second_factor, found)
    return redirect("communities:person", pk)


@audience(Role.ADMINISTRATOR)
@require_POST
def clear_lock(request: SignedIn, pk: int) -> HttpResponse:
    """Unlock an account after five wrong passwords, before the time is over, as somebody who knows the person."""
    found = _person_or_404(request, pk)
    services.clear_lock(_administrator(request), found)
    messages.success(request, _("已解除鎖定，可以馬上再登入。"))
    return redirect("communities:person", pk)


@audience(Role.ADMINISTRATOR)
@require_POST
def give_post(request: SignedIn, pk: int) -> HttpResponse:
    found = _person_or_404(request, pk)
    form = PostForm(request.POST, counties=_counties(request))
    if form.is_valid():
        fields = form.cleaned_data | {"place_name": form.place_name()}
        access.require(
            may_give_post(request.user, found, *(fields[name] for name in ("role", "valid_from", "valid_to")))
        )
        if fields["role"] in DECIDING_ROLES:
            _propose(request, changes.propose_post, found, **fields)
            return redirect("communities:person", pk)
        try:
            people.give_post(_administrator(request), found, **fields)
        except services.PostError as refused:
            form.add_error("role", refused.reason)
        else:
            messages.success(request, _("已給予職務。"))
            return redirect("communities:person", pk)
    return _person_page(request, found, post_form=form)


@audience(Role.ADMINISTRATOR)
def end_post(request: SignedIn, pk: int) -> HttpResponse:
    """End a post of an authority; those of associations end with the term of office, in the registry."""
    posts = Post.objects.select_related("user").exclude(role=Role.MEMBER)
    post = get_object_or_404(posts.filter(county__in=[*_counties(request), *_reach(request)]), pk=pk)
    hanging = people.hanging_on(post)
    number = sum(row.number for row in hanging)
    form = EndPostForm(request.POST or None, number=number, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        people.end_post(_administrator(request), post, form.cleaned_data["last_day"], seen=number)
        messages.success(request, _("已登錄職務結束。"))
        return redirect("communities:person", post.user_id)
    context = {"form": form, "post": post, "hanging": hanging, "others": queries.others_in_post(post)}
    return render(request, "accounts/end_post.html", context, status=422 if form.errors else 200)


def _propose(request: SignedIn, propose: Any, found: User, *details: Any, **fields: Any) -> None:
    """Hand a change of somebody's identity to a second person for confirmation, and say so."""
    try:
        propose(_administrator(request), found, *details, **fields)
    except changes.ChangeError as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("已送出，等另一位系統管理員或縣府主管確認後生效，並已通知本人。"))


def _person_page(
    request: SignedIn, found: User, *, form: AccountForm | None = None, post_form: PostForm | None = None
) -> HttpResponse:
    context = {
        "person": found,
        "form": form or AccountForm(instance=found),
        "post_form": post_form or PostForm(counties=_counties(request), initial={"valid_from": clock.today()}),
        "posts": queries.posts_ever(found),
        "has_second_factor": is_mfa_enabled(found),
        "waiting": queries.changes_of(found),
        "is_locked": locks.is_locked(found),
        "today": clock.today(),
    }
    return render(request, "accounts/person.html", context, status=422 if form or post_form else 200)


def _inviting_post(request: SignedIn) -> Post:
    return next(post for role in INVITERS if (post := queries.post_with(request.user, role)))


def _person_or_404(request: SignedIn, pk: int) -> User:
    return get_object_or_404(queries.people(_reach(request)), pk=pk)


def _reach(request: SignedIn) -> set[str]:
    """Return the counties of the user's posts as administrator; "" is the post for both."""
    return {post.county for post in queries.posts_of(request.user) if post.role == Role.ADMINISTRATOR}


def _counties(request: SignedIn) -> list[str]:
    own = _reach(request)
    return counties.slugs() if "" in own else sorted(own)


def _administrator(request: SignedIn) -> Actor:
    return services.actor(request.user, Role.ADMINISTRATOR)
