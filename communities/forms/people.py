"""Terms of office, posts, and invitations to both."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities import naming, queries
from communities.enums import office_choices
from communities.places import TOWNSHIP
from communities.services.terms import last_day_of
from miaoli_kaohsiung.accounts.addresses import accounts_at, accounts_named, may_have
from miaoli_kaohsiung.accounts.counties import choices
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import identifiers, roc_date
from miaoli_kaohsiung.lib.asking import CONFIRM, AsksBack
from miaoli_kaohsiung.lib.fields import RocDateField, WholeNumberField, field_of, read_as
from miaoli_kaohsiung.lib.lines import OneLineEmailField, OneLineField
from miaoli_kaohsiung.lib.printable import Printed


class TermForm(AsksBack, Printed, forms.Form):
    """A term of office of a body that calls its head `head`. `account_email` cleans to the account."""

    office = forms.ChoiceField(label=_("職稱"), choices=Office)
    person_name = forms.CharField(label=_("姓名"), max_length=60)
    board_term_number = WholeNumberField(label=_("屆次"), required=False, min_value=1, max_value=99)
    valid_from = RocDateField(label=_("任期起"))
    valid_to = RocDateField(label=_("任期迄"), required=False)
    phone = forms.CharField(label=_("聯絡電話"), required=False, help_text=_("不會公開。"))
    email = OneLineEmailField(label=_("電子信箱"), required=False, help_text=_("不會公開；寄邀請信時會先帶出來。"))
    account_email = OneLineField(
        label=_("已有帳號的電子信箱或登入帳號"),
        required=False,
        max_length=254,
        help_text=_("這個人原來就有帳號才填；沒有的話先登錄任期，再寄邀請信或印開通信。"),
    )

    def __init__(self, *args: Any, head: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head = head
        field_of(self, "office", forms.ChoiceField).choices = office_choices(head)
        self.fields["valid_to"].help_text = _("%(head)s一定要填；其他人員沒有訂的可以空白。") % {"head": head}

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return str(read_as(identifiers.parse_phone, typed)) if typed else ""

    def clean_account_email(self) -> User | None:
        typed, person = self.cleaned_data["account_email"], self.cleaned_data.get("person_name", "")
        if not typed:
            return None
        found = [user for user in accounts_named(typed) if user.is_active]
        if not found:
            raise ValidationError(_("沒有這個信箱或登入帳號，請先空白，登錄任期後再寄邀請信或印開通信。"))
        own = [user for user in found if naming.same_person(person, user.display_name)]
        if len(found) > 1 and not own:
            names = "、".join(user.display_name for user in found)
            raise ValidationError(_("這個信箱是%(names)s共用的，請改填他的登入帳號。") % {"names": names})
        user = (own or found)[0]
        if person and not own:
            message = _("這個帳號是「%(account)s」的，不是「%(person)s」。一個帳號只能給一個人用；是同一個人，")
            self.ask("account_email", message % {"account": user.display_name, "person": person} + CONFIRM)
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("任期迄不能早於任期起。"))
        if cleaned.get("office") == Office.CHAIRPERSON and "valid_to" in cleaned and last is None:
            self.add_error("valid_to", _("%(head)s的任期要填迄日。") % {"head": self.head})
        if first and last and last > last_day_of(first):
            latest = roc_date.format_roc(last_day_of(first))
            message = _("理事、監事的任期最長四年（人民團體法第20條），從任期起算到%(day)s為止。")
            self.ask("valid_to", message % {"day": latest} + CONFIRM)
        return cleaned


class EndTermForm(forms.Form):
    last_day = RocDateField(label=_("最後一天"))


class EndPostForm(EndTermForm):
    """Ends a post on which so much work hangs; `pieces` is what the page showed, and was looked through."""

    pieces = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen = forms.BooleanField(
        label=_("清單看過了，知道由誰接手"), error_messages={"required": _("請先看過清單，再勾選這一項。")}
    )

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.initial["pieces"] = number
        if not number:
            del self.fields["pieces"], self.fields["seen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.number > (cleaned.get("pieces") or 0) and "seen" not in self.errors:
            # The page that answers shows the new number, to be looked at again.
            data = cast("QueryDict", self.data).copy()
            data["pieces"] = str(self.number)
            data.pop("seen", None)
            self.data = data
            self.add_error("seen", _("清單比剛才多了，請再看一次。"))
        return cleaned


class ExtendTermForm(forms.Form):
    """Until when the earlier board goes on, and the memo by which the county allows it."""

    until = RocDateField(label=_("延任到"), help_text=_("一次最多延長三個月；還是來不及改選，再登錄一次。"))
    memo_number = forms.CharField(label=_("同意延任的簽或函文號"), max_length=60)


class InviteForm(AsksBack, forms.Form):
    """The address to which the link is sent; a person who has an account needs none.

    `person` is whom the invitation is for, if it is for an association: such people may share an address, which is asked.
    """

    email = OneLineEmailField(label=_("電子信箱"), help_text=_("邀請信會寄到這裡，連結14天內有效，只能用一次。"))

    def __init__(self, *args: Any, person: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        others = list(accounts_at(email))
        if any(not self.person or naming.same_person(self.person, other.display_name) for other in others):
            raise ValidationError(
                _("這個信箱已經有帳號。同一個人，請直接登錄任期或職務，並填這個信箱；不同的人，請用他自己的信箱。")
            )
        ask_to_share(self, email, others)
        return email


def ask_to_share(form: AsksBack, email: str, others: list[User]) -> None:
    """Refuse an address that may not be shared; ask about one that may. The field is `email`."""
    if not (answer := may_have(email, authority=False)):
        raise ValidationError(answer.reason)
    if others:
        message = _("這個信箱是「%(names)s」的帳號在用。兩個人（例如夫妻）共用信箱可以，各有各的登入帳號；確定要共用，")
        form.ask("email", message % {"names": "、".join(other.display_name for other in others)} + CONFIRM)


class PostForm(forms.Form):
    """A post that an administrator gives. Members get theirs with a term of office, in the registry."""

    ROLES = [(role.value, role.label) for role in Role if role != Role.MEMBER]

    role = forms.ChoiceField(label=_("職務"), choices=ROLES)
    county = forms.ChoiceField(label=_("縣"), required=False)
    township_code = forms.ChoiceField(label=TOWNSHIP, required=False, help_text=_("公所承辦才要選。"))
    valid_from = RocDateField(label=_("起"))
    valid_to = RocDateField(label=_("迄"), required=False, help_text=_("沒有訂的可以空白。"))

    def __init__(self, *args: Any, counties: list[str], roles: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if roles is not None:
            fields["role"].choices = [(value, label) for value, label in self.ROLES if value in roles]
        fields["county"].choices = [("", _("各縣")), *(row for row in choices() if row[0] in counties)]
        fields["township_code"].choices = [("", _("不適用")), *queries.townships_by_county(counties)]
        if len(counties) == 1:
            fields["county"].choices = fields["county"].choices[1:]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, county, code = cleaned.get("role"), cleaned.get("county"), cleaned.get("township_code")
        if role != Role.ADMINISTRATOR and not county and "county" not in self.errors:
            self.add_error("county", _("請選擇縣。"))
        if role == Role.TOWNSHIP_OFFICER:
            if not code:
                self.add_error("township_code", format_lazy(_("公所承辦要選{kinds}。"), kinds=TOWNSHIP))
            elif county and code not in dict(queries.township_choices(county)):
                self.add_error("township_code", format_lazy(_("這個{kinds}不在所選的縣。"), kinds=TOWNSHIP))
        elif code:
            self.add_error("township_code", format_lazy(_("只有公所承辦才選{kinds}。"), kinds=TOWNSHIP))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("迄日不能早於起日。"))
        return cleaned

    def place_name(self) -> str:
        """Return the post's place as its label shows it for a township officer: 旗山鎮公所."""
        code = self.cleaned_data.get("township_code")
        return _("%(place)s公所") % {"place": queries.township_name(code)} if code else ""


class StaffInvitationForm(InviteForm, PostForm):
    """An invitation to a post of an authority; it begins on the day of acceptance."""

    display_name = forms.CharField(label=_("姓名"), max_length=60)
    field_order = ["display_name", "email", "role", "county", "township_code", "valid_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["valid_from"]
