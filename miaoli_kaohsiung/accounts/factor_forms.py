"""django-allauth's forms for codes, except that no code of an authenticator app is accepted twice, and for passkeys."""

from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

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


class AddPasskeyForm(AddWebAuthnForm):
    name = forms.CharField(label=_("給它一個名字"), help_text=_("例如：我的手機。"), required=False, max_length=40)
    passwordless = forms.BooleanField(
        label=_("以後用這台裝置登入，不必打密碼"),
        help_text=_("沒有指紋、臉孔或螢幕鎖的安全金鑰，請不要勾；登入時先打密碼，再插金鑰。"),
        required=False,
        initial=True,
    )


class PasskeySignInForm(LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()
        except ValidationError as error:
            raise ValidationError(_("這把通行密鑰已經移除，或不是這裡的；請改用密碼登入。")) from error
        return found


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("名字"), max_length=40)
