"""The form for people without an account who want one, and the officer's answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities import naming, queries
from communities.enums import Office
from communities.models import AccountRequest, Organisation
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.addresses import accounts_at
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import identifiers
from miaoli_kaohsiung.lib.lines import OneLineEmailField

from .people import TermForm, ask_to_share


class AccountRequestForm(forms.Form):
    """A few questions, all of which the officer needs to find the body and to call back."""

    # Looks like a field to a program that fills in all fields; people neither see nor reach it.
    website = forms.CharField(
        label=_("這一格請留空白"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true"}),
    )
    organisation_name = forms.CharField(
        label=_("協會或單位全名"), max_length=80, help_text=_("照立案證書上的全名，例如：○○鎮○○社區發展協會。")
    )
    township = forms.ChoiceField(label=_("在哪個鄉鎮市"))
    registration_number = forms.CharField(
        label=_("立案字號"), max_length=40, required=False, help_text=_("寫在立案證書上；手邊沒有可以先空白。")
    )
    person_name = forms.CharField(label=_("您的姓名"), max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    office = forms.ChoiceField(label=_("您在協會的職稱"), choices=[("", _("請選擇")), *Office.choices])
    phone = forms.CharField(
        label=_("聯絡電話"),
        max_length=30,
        help_text=_("縣府承辦人會打這支電話和您確認，手機也可以。"),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = OneLineEmailField(
        label=_("電子信箱"),
        required=False,
        help_text=_("邀請信會寄到這裡。沒有信箱可以先空白，承辦人會在電話裡和您商量。"),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    needs = forms.CharField(
        label=_("想辦什麼事"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如：要申請照顧據點、換了理事長要接著辦。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(name, queries.township_choices(county)) for county, name in counties.choices()]
        fields: dict[str, Any] = self.fields
        fields["township"].choices = [("", _("請選擇")), *places]
        fields["township"].error_messages["required"] = _("請選擇鄉鎮市，我們才知道要送給哪一個縣府。")
        for name, message in (
            ("organisation_name", _("請填寫協會或單位的全名。")),
            ("person_name", _("請填寫您的姓名。")),
            ("office", _("請選擇您的職稱。")),
            ("phone", _("請填寫聯絡電話，承辦人才能和您確認。")),
        ):
            self.fields[name].error_messages["required"] = message

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("這一格請留空白，其他的填好再送一次。"))
        return ""

    def clean_phone(self) -> str:
        try:
            return str(identifiers.parse_phone(self.cleaned_data["phone"]))
        except ValueError as unreadable:
            raise ValidationError(str(unreadable)) from unreadable

    def values(self) -> dict[str, Any]:
        """Return the columns of the request."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("website", "township")}
        code = self.cleaned_data["township"]
        county = next(county for county in counties.slugs() if code in dict(queries.township_choices(county)))
        return values | {"county": county, "township_id": code}


class GrantAccountForm(TermForm):
    """The answer yes: for which body, in which office and until when; the mail is sent at once."""

    organisation = forms.ModelChoiceField(
        label=_("是哪一個單位"), queryset=Organisation.objects.none(), empty_label=_("請選擇")
    )
    email = OneLineEmailField(label=_("電子信箱"), help_text=_("邀請信會寄到這裡，連結14天內有效，只能用一次。"))
    field_order = ["organisation", "office", "person_name", "board_term_number", "valid_from", "valid_to", "phone"]

    def __init__(self, *args: Any, asked: AccountRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["account_email"]
        self.account: User | None = None
        found = queries.bodies_for(asked)
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = found
        if not self.is_bound and len(found) == 1:
            self.initial["organisation"] = found[0].pk

    def clean_email(self) -> str:
        """Find the person's own account at this address: it gets the office directly and is kept in `account`."""
        email: str = self.cleaned_data["email"].lower()
        person, others = self.cleaned_data.get("person_name", ""), list(accounts_at(email))
        own = [user for user in others if user.is_active and naming.same_person(person, user.display_name)]
        self.account = own[0] if own else None
        if self.account is None:
            ask_to_share(self, email, others)
        return email


class RefuseAccountForm(forms.Form):
    reason = forms.CharField(
        label=_("不開立的理由"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("有電子信箱的，會把這段話寄給對方；沒有的，請打電話告訴他。"),
        error_messages={"required": _("請寫理由，讓對方知道可以怎麼辦。")},
    )
