from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import identifiers
from miaoli_kaohsiung.lib.fields import RocDateField, field_of, read_as
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed

from .addresses import accounts_at, may_have
from .audiences import STAFF_ROLES
from .models import Invitation, Post, User


class AccountForm(Printed, forms.ModelForm):  # type: ignore[type-arg]  # takes no brackets at run time
    """Name, e-mail address and telephone of a person."""

    class Meta:
        model = User
        fields = ["display_name", "email", "phone"]
        help_texts = {"phone": _("不會公開。一個人專用的電話也可以用來登入。")}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if not (answer := may_have(email, self.instance)):
            raise ValidationError(answer.reason)
        return email

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return str(read_as(identifiers.parse_phone, typed)) if typed else ""


class OwnAccountForm(AccountForm):
    """Name and e-mail address, changed by the person. Another address needs the password, which an open browser does
    not know.
    """

    password = forms.CharField(
        label=_("目前的密碼"),
        strip=False,
        required=False,
        help_text=_("只有換電子信箱時要填。換信箱要到新信箱按確認連結才生效。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old_email = self.instance.email

    def clean_email(self) -> str:
        email = super().clean_email()
        if self.old_email and not email:
            raise ValidationError(_("要移除電子信箱，請打電話給縣府的社區業務承辦人。"))
        return email

    @property
    def new_email(self) -> str:
        """Return the typed address if it is a new one, else ""."""
        email = self.cleaned_data.get("email", "")
        return email if email != self.old_email.lower() else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.new_email and not self.errors:
            try:
                known = get_adapter().reauthenticate(self.instance, cleaned.get("password") or " ")
            except ValidationError as locked:
                self.add_error("password", locked)
            else:
                if not known:
                    self.add_error("password", _("密碼不對。換電子信箱要輸入目前的密碼。"))
        return cleaned


class NewPasswordForm(forms.Form):
    """A password for an account, typed twice."""

    password = forms.CharField(
        label=_("密碼"),
        strip=False,
        help_text=password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再輸入一次密碼"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            if "again" in cleaned and cleaned["again"] != password:
                self.add_error("again", _("兩次輸入的密碼不一樣。"))
            self.person.username = cleaned.get("username", self.person.username)
            try:
                validate_password(password, self.person)
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class AcceptForm(NewPasswordForm):
    """The invited person chooses a name to sign in with, and a password."""

    username = forms.CharField(
        label=_("登入帳號"),
        min_length=3,
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        help_text=_("自己取一個好記的名稱，可以用英文、數字或中文。以後用它或電子信箱登入。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    field_order = ["username"]

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        person = User(email=invitation.email, display_name=invitation.display_name)
        super().__init__(*args, person=person, **kwargs)
        self.invitation = invitation

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(Q(username__iexact=username) | Q(email__iexact=username)).exists():
            raise ValidationError(_("這個登入帳號已經有人使用，請換一個。"))
        if _is_phone(username):
            raise ValidationError(_("登入帳號不能是電話號碼，請換一個；電話另外登記就可以用來登入。"))
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self._is_another_person():
            self.add_error(None, _("這個電子信箱已經有帳號，請直接登入，並請承辦人把職務加到原來的帳號。"))
        return cleaned

    def _is_another_person(self) -> bool:
        """Return whether the address may get one more account: nobody has two."""
        invitation = self.invitation
        names = {"".join(user.display_name.split()) for user in accounts_at(invitation.email)}
        allowed = may_have(invitation.email, authority=invitation.role in STAFF_ROLES)
        return bool(allowed) and "".join(invitation.display_name.split()) not in names


class EntryForm(forms.Form):
    """What stands on the printed letter: the sign-in name and the code."""

    login = OneLineField(
        label=_("登入帳號"),
        max_length=254,
        help_text=_("印在開通信上。也可以填登記的電話。"),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = OneLineField(
        label=_("開通碼"),
        max_length=40,
        help_text=_("12 個數字，例如 1234-5678-9012；「-」不打也可以。"),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _is_phone(text: str) -> bool:
    try:
        return bool(identifiers.parse_phone(text))
    except ValueError:
        return False


class DeputyForm(forms.Form):
    """Who stands for the holder of a post, and on which days."""

    post = forms.ModelChoiceField(Post.objects.none(), label=_("哪個職務"), empty_label=None)
    deputy = forms.ModelChoiceField(User.objects.none(), label=_("代理人"), empty_label=_("請選擇"))
    first = RocDateField(label=_("代理起日"))
    last = RocDateField(label=_("代理迄日"), help_text=_("最後一天也算。"))

    def __init__(self, *args: Any, posts: QuerySet[Post], people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "post", forms.ModelChoiceField).queryset = posts
        field_of(self, "deputy", forms.ModelChoiceField).queryset = people
        self.fields["post"].label_from_instance = lambda post: f"{post.label} {post.user}"  # type: ignore[attr-defined]  # of a choice of rows
        if len(posts) == 1:
            self.initial["post"] = posts[0].pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("迄日不能早於起日。"))
        return cleaned
