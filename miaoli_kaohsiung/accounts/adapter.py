"""What the portal does differently from django-allauth."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import sealed

from . import actions, devices, factors, locks, sign_ins


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only. A wrong name and a wrong password give the same message. Failures are
    counted by account and go to the trail.
    """

    _wrong = _("帳號或密碼不對，請再試一次。兩個人共用信箱的，請用登入帳號。忘記密碼可以按「忘記密碼」。")
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _wrong,
        "username_password_mismatch": _wrong,
        "invalid_login": _wrong,
        "too_many_login_attempts": _("密碼錯了太多次，為了保護帳號，請等 5 分鐘再試。"),
    }

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Let mails name the portal by its own address, whatever host the request came by."""
        context = context | {"portal_url": settings.PORTAL_URL}
        mail: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return mail

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return a link under the portal's own address: a forged Host header must not lead it elsewhere."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.PORTAL_URL}{path}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_ins.note_failure(locks.account_of(_login(credentials)), "refused")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.note_failure(locks.account_of(_login(credentials)), "passwords")

    def login(self, request: HttpRequest, user: Any) -> None:
        been_here = user.last_login is None or devices.knows(request, user.pk)
        super().login(request, user)
        if not been_here:
            sign_ins.tell_of_new_device(user, request.headers.get("User-Agent", ""))

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            sign_ins.record_own(actions.SIGN_OUT, request.user)
        super().logout(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return locks.key_of(_login(credentials))


class FactorsAdapter(DefaultMFAAdapter):
    """Names a passkey that nobody named; seals the seeds of authenticator apps and recovery codes (`factors`)."""

    def encrypt(self, text: str) -> str:
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.opened(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  # named so by django-allauth
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("通行密鑰 %(number)d") % {"number": number}


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Leaves an entry in the trail for sessions that somebody ends on the page of devices."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        ended = list(sessions)
        super().end_sessions(ended)
        for user in {session.user for session in ended}:
            count = sum(session.user_id == user.pk for session in ended)
            sign_ins.record_own(actions.END_SESSIONS, user, {"sessions": count})


def _login(credentials: dict[str, Any]) -> str:
    return credentials.get("email") or credentials.get("username") or ""
