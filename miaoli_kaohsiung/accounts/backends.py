"""Sign-in: django-allauth's backend, but with exactly one hash whatever was typed, and a person comes with their posts."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from .locks import account_of
from .queries import person_with_posts


class OneHashBackend(AuthenticationBackend):
    """A name and an e-mail address lead to one account, whose password is compared once.

    django-allauth's own backend tries both ways one after the other, so that a known address costs two hashes and an
    unknown one only one: the time then reveals who has an account.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = credentials.get("email") or credentials.get("username") or ""
        account: AbstractBaseUser | None = self._check_password(account_of(login), credentials.get("password") or "")
        return account

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """Return who is signed in, unless the account was closed; every page asks for the posts as well."""
        user = person_with_posts(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
