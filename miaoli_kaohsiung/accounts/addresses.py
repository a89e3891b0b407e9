"""E-mail addresses of accounts. Two people of a household may share one; whoever acts for an authority has their own.

A person without an address signs in with the name on a printed letter (`entry_codes`).
"""

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny, require

from .audiences import STAFF_ROLES
from .models import Post, User

MOST_AT_ONE = 2
# Any number, as long as no other advisory lock takes the same first key.
ADDRESS_LOCK = 88_100


class AddressError(Refused):
    """An address that this account may not have."""


def accounts_at(email: str) -> QuerySet[User]:
    """Return the accounts with this address, oldest first; none for no address."""
    found = User.objects.filter(email__iexact=email).order_by("pk")
    return found if email else found.none()


def accounts_named(text: str) -> list[User]:
    """Return the accounts with this address, else the one with this sign-in name."""
    return list(accounts_at(text)) or list(User.objects.filter(username__iexact=text))


def only_account_at(email: str) -> User | None:
    """Return the account of whoever signs in with this address: the only open one, else the only one."""
    found = list(accounts_at(email)[: MOST_AT_ONE + 1])
    open_ones = [user for user in found if user.is_active] or found
    return open_ones[0] if len(open_ones) == 1 else None


def acts_for_authority(user: User) -> bool:
    """Return whether the account holds, or will hold, a post of an authority."""
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
    return Post.objects.filter(not_ended, user=user, role__in=STAFF_ROLES).exists()


def may_have(email: str, user: User | None = None, *, authority: bool | None = None) -> Answer:
    """Allow an address that is free or, among people of associations, another person's; no address to these alone.

    `authority` says whether the account acts for an authority, where that does not follow from its posts: an account
    that is to be made, or is to get such a post.
    """
    strict = authority if authority is not None else bool(user and acts_for_authority(user))
    if not email:
        return deny(_("公務帳號要有自己的電子信箱。")) if strict else ALLOW
    others = list(accounts_at(email).exclude(pk=user.pk if user and user.pk else 0)[:MOST_AT_ONE])
    if others and (strict or any(acts_for_authority(other) for other in others)):
        return deny(_("這個電子信箱已經有人使用。"))
    if len(others) >= MOST_AT_ONE:
        return deny(_("這個電子信箱已經有%(most)d個人使用，請用別的信箱，或不填信箱。") % {"most": MOST_AT_ONE})
    return ALLOW


def require_address(email: str, user: User | None = None, *, authority: bool | None = None) -> None:
    """Raise AddressError unless the account may have this address, until the transaction ends: nobody else takes it
    meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [ADDRESS_LOCK, email.lower()])
    try:
        require(may_have(email, user, authority=authority))
    except Refused as refused:
        raise AddressError(refused.reason) from refused
