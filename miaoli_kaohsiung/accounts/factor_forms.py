"""django-allauth's forms for codes, except that no code of an authenticator app is accepted twice."""

from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db.models import Model

# A code is accepted in its own half minute and in those before and after it; django-allauth remembers it for one only.
SECONDS_VALID = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)


def remember(user: Model, code: str) -> None:
    """Let nobody use this code of this person again, for as long as it would be correct."""
    used = TOTP(Authenticator(user=user, type=Authenticator.Type.TOTP))
    cache.set(used._get_used_cache_key(code), "y", timeout=SECONDS_VALID)


class ActivateForm(ActivateTOTPForm):
    def clean_code(self) -> str:
        code: str = super().clean_code()
        remember(self.user, code)
        return code


class SignInForm(AuthenticateForm):
    def clean_code(self) -> str:
        code: str = super().clean_code()
        remember(self.user, code)
        return code


class AgainForm(ReauthenticateForm):
    def clean_code(self) -> str:
        code: str = super().clean_code()
        remember(self.user, code)
        return code
