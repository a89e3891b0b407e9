"""Accounts, invitations and changes that name a person."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from grants.models import ReviewerDetails
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import IdentityChange, Invitation, Post, User
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.notices.models import Reach

from .base import Rule, before, blank, numbered, some

# What of the changes of an association's record names a person.
NAMING = {
    "organisation.chair": ("person_name", "phone", "email"),
    "account.recovery": ("who", "login", "how"),
}


def _closed_accounts(day: dt.date) -> QuerySet[User]:
    last = before(day, "closed_account")
    mine = {"user": OuterRef("pk")}
    later = Post.objects.filter(Q(valid_to__gt=last) | Q(valid_to=None), **mine)
    held: Any = some("phone", "email")
    for model in (EmailAddress, Authenticator, Reach):
        held |= Exists(model.objects.filter(**mine))
    seen = Q(last_login__date__lte=last) | Q(last_login=None, date_joined__date__lte=last)
    return User.objects.filter(seen, held, ~Exists(later), is_active=False)


def _county_of_account(user: User) -> str:
    post = Post.objects.filter(user=user).exclude(county="").order_by("-valid_from").first()
    return post.county if post else ""


def _empty_account(user: User) -> None:
    User.objects.filter(pk=user.pk).update(phone="", email="")
    for model in (EmailAddress, Authenticator, Reach):
        model.objects.filter(user=user).delete()


def _invitations(day: dt.date) -> QuerySet[Invitation]:
    last = before(day, "invitation")
    over = Q(used_at__date__lte=last) | Q(used_at=None, expires_on__lte=last)
    return Invitation.objects.filter(over, some("email", "display_name"))


def _identity_changes(day: dt.date) -> QuerySet[IdentityChange]:
    last = before(day, "identity_change")
    over = Q(decided_at__date__lte=last) | Q(decided_at=None, expires_on__lte=last)
    return IdentityChange.objects.filter(over).exclude(data={}, summary="")


def _empty_identity_change(row: IdentityChange) -> None:
    IdentityChange.objects.filter(pk=row.pk).update(data={}, summary="")


def _record_changes(day: dt.date) -> QuerySet[Change]:
    named = Q()
    for kind, names in NAMING.items():
        filled = Q()
        for name in names:
            for side in ("data", "before"):
                filled |= Q(**{f"{side}__has_key": name}) & ~Q(**{f"{side}__{name}": ""})
        named |= Q(kind=kind) & filled
    ended = Change.objects.exclude(status=ChangeStatus.WAITING)
    return ended.filter(named, decided_on__lte=before(day, "record_change"))


def _empty_change(row: Change) -> None:
    gone = dict.fromkeys(NAMING[row.kind], "")
    sides = {
        side: values | {name: "" for name in gone if name in values}
        for side, values in (("data", row.data), ("before", row.before))
    }
    Change.objects.filter(pk=row.pk).update(**sides)


def _reviewers(day: dt.date) -> QuerySet[ReviewerDetails]:
    last = before(day, "reviewer")
    posts = Post.objects.filter(user=OuterRef("reviewer"), role=Role.REVIEWER)
    later = posts.filter(Q(valid_to=None) | Q(valid_to__gt=last))
    return ReviewerDetails.objects.filter(~Exists(later), updated_on__lte=last).select_related("reviewer")


def _delete(row: ReviewerDetails) -> None:
    row.delete()


RULES = (
    Rule(
        "closed_account",
        User,
        {
            "accounts.User": ("phone", "email"),
            "account.EmailAddress": ("email",),
            "mfa.Authenticator": ("data",),
            "notices.Reach": ("phone", "line_id"),
        },
        _closed_accounts,
        _county_of_account,
        numbered,
        _empty_account,
    ),
    Rule(
        "invitation",
        Invitation,
        {"accounts.Invitation": ("email", "display_name")},
        _invitations,
        lambda row: str(row.county),
        numbered,
        blank("email", "display_name"),
    ),
    Rule(
        "identity_change",
        IdentityChange,
        {"accounts.IdentityChange": ("data", "summary")},
        _identity_changes,
        lambda row: str(row.county),
        numbered,
        _empty_identity_change,
    ),
    Rule(
        "record_change",
        Change,
        {"changes.Change": ("data", "before")},
        _record_changes,
        lambda row: str(row.county),
        numbered,
        _empty_change,
    ),
    Rule(
        "reviewer",
        ReviewerDetails,
        {"grants.ReviewerDetails": ("tax_id", "address", "phone", "bank_account")},
        _reviewers,
        lambda row: _county_of_account(row.reviewer),
        numbered,
        _delete,
    ),
)
