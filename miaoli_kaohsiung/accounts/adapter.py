"""What the portal wants otherwise than django-allauth does it."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only; wrong name and wrong password read alike."""

    _wrong = _("帳號或密碼不對，請再試一次。忘記密碼可以按「忘記密碼」。")
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _wrong,
        "username_password_mismatch": _wrong,
        "invalid_login": _wrong,
        "too_many_login_attempts": _("密碼錯了太多次，為了保護帳號，請等 5 分鐘再試。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
