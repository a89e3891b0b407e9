"""django-allauth's form for a forgotten password, except that people who share an address choose whose it is."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.signup import send_unknown_account_mail
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib.lines import OneLineField

from .addresses import accounts_at
from .locks import account_of
from .models import User


class ResetForm(forms.Form):
    """An e-mail address, or the name or telephone of one account. The answer is the same whatever was found.

    django-allauth counts mails by what was typed in `email`.
    """

    email = OneLineField(
        label=_("電子信箱或登入帳號"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        self.users = [user for user in accounts_at(typed) if user.is_active]
        if not self.users and (one := account_of(typed)) and one.is_active:
            self.users = [one]
        if not self.users and "@" in typed:
            validate_email(typed)
        if "\x00" in typed:
            raise ValidationError(_("這一欄有不能用的字，請再填一次。"))
        return typed

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send one mail with a link for each account, or to an unknown address the mail that says so."""
        typed: str = self.cleaned_data["email"]
        address = self.users[0].email if self.users else ""
        if address:
            links = [(user, _link(user)) for user in self.users]
            get_adapter().send_mail("account/email/password_reset_key", address, {"links": links})
        elif not self.users and "@" in typed:
            send_unknown_account_mail(request, typed)
        return typed


def _link(user: User) -> str:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    link: str = get_adapter().get_reset_password_from_key_url(key)
    return link
