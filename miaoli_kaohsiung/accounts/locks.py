"""Locking an account: five wrong passwords in five minutes, counted together for its name, e-mail address and telephone."""

import time

from allauth.account.internal.userkit import get_user_by_username
from allauth.core.internal import ratelimit
from django.core.cache import cache

from miaoli_kaohsiung.lib import identifiers

from .addresses import only_account_at
from .models import User


def account_of(login: str) -> User | None:
    """Return the one account that signs in with this name, e-mail address or telephone number, or None.

    People who share an address or a telephone sign in with their names.
    """
    if not login or "\x00" in login:
        return None
    by_address = only_account_at(login) if "@" in login else None
    return by_address or get_user_by_username(login) or _by_phone(login)


def _by_phone(login: str) -> User | None:
    try:
        phone = str(identifiers.parse_phone(login))
    except ValueError:
        return None
    found = list(User.objects.filter(phone=phone, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


def key_of(login: str) -> str:
    """Return the key by which failures are counted: the account, or the typed name if there is no such account."""
    user = account_of(login)
    return _key(user) if user else f"name:{login.lower()}"


def is_locked(user: User) -> bool:
    """Return whether the next attempt, by password or by code, would be refused."""
    return any(not allowed for allowed in map(_allows, _counters(user)))


def clear(user: User) -> None:
    """Forget the failures of the account. A caller who does it for somebody else records it (services.clear_lock)."""
    cache.delete_many([name for name, _rate in _counters(user)])


def _key(user: User) -> str:
    return f"account:{user.pk}"


def _counters(user: User) -> list[tuple[str, ratelimit.Rate]]:
    """Return the counters of the password and of the second factor, each with its rate."""
    rates = [rate for rate in ratelimit.get_rates(app="allauth.account", action="login_failed") if rate.per == "key"]
    keys = (_key(user), f"mfa-auth-user-{user.pk}")
    return [
        (ratelimit.get_cache_key(None, app="allauth.account", action="login_failed", rate=rate, key=key), rate)
        for key in keys
        for rate in rates
    ]


def _allows(counter: tuple[str, ratelimit.Rate]) -> bool:
    name, rate = counter
    allowed, _history = ratelimit.apply_rate(list(cache.get(name, [])), time.time(), rate, dry_run=True)
    return bool(allowed)
