"""The forms for people without an account, and the officer's answer."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities import naming, queries
from communities.enums import Office, OrganisationKind, PaperKind, Reached, RequestKind, office_choices
from communities.models import AccountRequest, Organisation
from communities.places import TOWNSHIP
from communities.queries import waiting
from communities.services.papers import Upload
from communities.services.registry_import.readers import MOST_PEOPLE
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.addresses import accounts_at
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.fields import CheckedFileField, OpenUploadInput
from miaoli_kaohsiung.lib import identifiers, roc_date
from miaoli_kaohsiung.lib.asking import CONFIRM, AsksBack
from miaoli_kaohsiung.lib.fields import RocDateField, TaxIdField, WholeNumberField, read_as
from miaoli_kaohsiung.lib.lines import OneLineEmailField, OneLineField
from miaoli_kaohsiung.lib.printable import Printed

from .looks_alike import show_alike
from .own_changes import SCANS
from .people import TermForm, ask_to_share

# The offices for somebody whose body is not known yet.
OFFICES = office_choices(_("理事長或負責人"))
# Of the term of office that the certificate shows.
TERM = ("board_term_number", "valid_from", "valid_to")


def look_at_days(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Say at its field that a term cannot end before it begins."""
    first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
    if first and last and last < first:
        form.add_error("valid_to", _("任期迄不能早於任期起。"))


class AskingForm(Printed, forms.Form):
    """Who asks, and how the officer calls back; the same for everybody without an account."""

    # Looks like a field to a program that fills in all fields; people neither see nor reach it.
    website = forms.CharField(
        label=_("這一格請留空白"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true"}),
    )
    person_name = forms.CharField(label=_("您的姓名"), max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    office = forms.ChoiceField(label=_("您的職稱"), choices=[("", _("請選擇")), *OFFICES])
    phone = forms.CharField(
        label=_("聯絡電話"),
        max_length=30,
        help_text=_("縣府承辦人會打這支電話和您確認，手機也可以。"),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = OneLineEmailField(
        label=_("電子信箱"),
        required=False,
        help_text=_("邀請信會寄到這裡。沒有信箱可以空白，縣府會印一封開通信給您。"),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    needs = forms.CharField(
        label=_("想辦什麼事"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如：要申請照顧據點、換了負責人要接著辦。"),
    )
    asking = ("person_name", "office", "phone", "email", "needs")
    # The headings of a long form, each by the field that it stands above.
    headings: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in (
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
        return str(read_as(identifiers.parse_phone, self.cleaned_data["phone"]))

    def values(self) -> dict[str, Any]:
        """Return the columns of the request."""
        return {name: self.cleaned_data[name] for name in self.asking}

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields that people see under their headings; the first may have none."""
        found: list[tuple[Any, list[forms.BoundField]]] = []
        for field in self:
            if field.name in self.headings or not found:
                found.append((self.headings.get(field.name, ""), []))
            if field.name != "website":
                found[-1][1].append(field)
        return [(heading, fields) for heading, fields in found if fields]

    def uploads(self) -> dict[str, Upload]:
        """Return the papers by kind."""
        kinds = {str(kind) for kind in PaperKind.values}
        return {name: value for name, value in self.cleaned_data.items() if name in kinds and value}


class _PlaceForm(AsksBack, AskingForm):
    """Names the body and its township, which says to which county the request goes."""

    organisation_name = forms.CharField(
        label=_("協會或單位全名"), max_length=80, help_text=_("照立案證書上的全名，從縣市、鄉鎮開始寫。")
    )
    township = forms.ChoiceField(label=format_lazy(_("在哪個{kinds}"), kinds=TOWNSHIP))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = queries.townships_by_county(counties.slugs())
        fields: dict[str, Any] = self.fields
        fields["township"].choices = [("", _("請選擇")), *places]
        fields["township"].error_messages["required"] = format_lazy(
            _("請選擇{kinds}，我們才知道要送給哪一個縣府。"), kinds=TOWNSHIP
        )
        fields["organisation_name"].error_messages["required"] = _("請填寫協會或單位的全名。")
        show_alike(self, "organisation_name", reverse("communities:alike"), "township")

    def clean(self) -> dict[str, Any]:
        """Ask whether a body with a similar name is meant; the directory shows it to everybody."""
        cleaned = super().clean() or {}
        name, county = cleaned.get("organisation_name"), county_of(cleaned.get("township", ""))
        if name and county and not Organisation.objects.filter(queries.named(name, county)).exists():
            if near := queries.alike(name, county, listed=True):
                message = _("名錄裡有名稱很像的：%(names)s。是同一個，請照名錄的名稱填；是另一個單位，")
                self.ask("organisation_name", message % {"names": "、".join(one for _pk, one in near)} + CONFIRM)
        return cleaned

    def values(self) -> dict[str, Any]:
        code = self.cleaned_data["township"]
        names = {name: self.cleaned_data[name] for name in ("organisation_name", "registration_number")}
        return super().values() | names | {"county": county_of(code), "township_id": code}


def county_of(township: str) -> str:
    """Return the county of a township's code; "" for none."""
    return next((one for one in counties.slugs() if township in dict(queries.township_choices(one))), "")


class AccountRequestForm(_PlaceForm):
    """A few questions, all of which the officer needs to find the body and to call back."""

    registration_number = forms.CharField(
        label=_("立案字號"), max_length=40, required=False, help_text=_("寫在立案證書上；手邊沒有可以先空白。")
    )
    field_order = ["website", "organisation_name", "township", "registration_number"]


class ClaimForm(AskingForm):
    """Somebody of a body of the directory: its registration number, and the certificate that shows who they are."""

    registration_number = forms.CharField(
        label=_("立案字號"), max_length=40, help_text=_("照立案證書填寫，縣府會和登記的對照。")
    )
    election_certificate = CheckedFileField(
        label=_("當選證明書"),
        kinds=SCANS,
        widget=OpenUploadInput,
        help_text=_("照片或 PDF。不是負責人的，請附聘書或負責人簽名的同意書。"),
    )
    board_term_number = WholeNumberField(
        label=_("屆次"), required=False, min_value=1, max_value=99, help_text=_("證書上寫第幾屆；沒有寫可以空白。")
    )
    valid_from = RocDateField(
        label=_("任期起"), required=False, help_text=_("證書上的日期，例如 99/3/1；沒有寫可以空白。")
    )
    valid_to = RocDateField(label=_("任期迄"), required=False)
    of_claim = ("registration_number", *TERM)
    field_order = [
        "website", "registration_number", "person_name", "office", "phone", "email", "election_certificate", *TERM,
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        look_at_days(self, cleaned)
        return cleaned

    def values(self) -> dict[str, Any]:
        return super().values() | {name: self.cleaned_data[name] for name in self.of_claim}


class RegistrationForm(_PlaceForm):
    """A body that the registry does not have: what it is, who leads it, and the papers that show both (K2.1a, M5.10b)."""

    body_kind = forms.ChoiceField(label=_("單位類別"), choices=OrganisationKind)
    village = forms.CharField(label=_("村里"), max_length=40, required=False)
    registration_number = forms.CharField(label=_("立案字號"), max_length=40, help_text=_("照立案證書填寫。"))
    registered_on = RocDateField(label=_("立案日期"))
    tax_id = TaxIdField(label=_("統一編號"), required=False, help_text=_("剛立案還沒有的可以先空白。"))
    address = forms.CharField(label=_("會址"), max_length=120, help_text=_("會公開在社區名錄。"))
    area_served = forms.CharField(label=_("社區範圍"), max_length=200, required=False)
    households = WholeNumberField(label=_("戶數"), required=False, max_value=MOST_PEOPLE)
    population = WholeNumberField(label=_("人口數"), required=False, max_value=MOST_PEOPLE)
    members_count = WholeNumberField(label=_("會員數"), required=False, max_value=MOST_PEOPLE)
    purpose = forms.CharField(label=_("宗旨"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}))
    board_term_number = WholeNumberField(label=_("屆次"), required=False, min_value=1, max_value=99)
    valid_from = RocDateField(label=_("您的任期起"))
    valid_to = RocDateField(label=_("您的任期迄"), required=False)
    registration_certificate = CheckedFileField(label=_("立案證書"), kinds=SCANS, widget=OpenUploadInput)
    election_certificate = CheckedFileField(label=_("負責人當選證明書"), kinds=SCANS, widget=OpenUploadInput)
    charter = CheckedFileField(label=_("章程"), required=False, kinds=SCANS, widget=OpenUploadInput)
    officers = CheckedFileField(label=_("理監事及幹部名冊"), required=False, kinds=SCANS, widget=OpenUploadInput)
    body = (
        "village", "registered_on", "tax_id", "address", "area_served", "households", "population", "members_count",
        "purpose",
    )  # fmt: skip
    headings = {
        "organisation_name": _("您的單位"),
        "person_name": _("您是誰，怎麼聯絡"),
        "registration_certificate": _("文件"),
    }
    field_order = [
        "website", "organisation_name", "body_kind", "township", "village", "registration_number", "registered_on",
        "tax_id", "address", "area_served", "households", "population", "members_count", "purpose", "person_name",
        "office", "board_term_number", "valid_from", "valid_to", "phone", "email",
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        look_at_days(self, cleaned)
        if cleaned.get("office") == Office.CHAIRPERSON and "valid_to" in cleaned and cleaned["valid_to"] is None:
            self.add_error("valid_to", _("負責人的任期要填迄日。"))
        return cleaned

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        facts = {name: data[name] for name in self.body} | {"kind": data["body_kind"]}
        term = {name: data[name] for name in TERM}
        return super().values() | term | {"facts": facts}


class GrantAccountForm(TermForm):
    """The answer yes: for which body, in which office and until when. `account` is what the person has already,
    `ends_former` whether the present chairperson's term ends with it.
    """

    organisation = forms.ModelChoiceField(
        label=_("是哪一個單位"), queryset=Organisation.objects.none(), empty_label=_("請選擇")
    )
    email = OneLineEmailField(
        label=_("電子信箱"),
        required=False,
        help_text=_("邀請信會寄到這裡，連結14天內有效，只能用一次。空白的話，接著印開通信。"),
    )
    field_order = ["organisation", "office", "person_name", "board_term_number", "valid_from", "valid_to", "phone"]

    def __init__(self, *args: Any, asked: AccountRequest, **kwargs: Any) -> None:
        super().__init__(*args, head=asked.head_word, **kwargs)
        self.account: User | None = None
        self.ends_former = False
        if asked.kind == RequestKind.REGISTRATION:
            # The body is made with the answer; its form stands beside this one.
            del self.fields["organisation"]
            return
        found = waiting.bodies_for(asked)
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = found
        if not self.is_bound and len(found) == 1:
            self.initial["organisation"] = found[0].pk

    def clean_email(self) -> str:
        """Find the person's own account at this address: it gets the office directly."""
        email: str = self.cleaned_data["email"].lower()
        person, others = self.cleaned_data.get("person_name", ""), list(accounts_at(email))
        own = [user for user in others if user.is_active and naming.same_person(person, user.display_name)]
        self.account = own[0] if own else self.cleaned_data.get("account_email")
        if self.account is None:
            ask_to_share(self, email, others)
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        body, first = cleaned.get("organisation"), cleaned.get("valid_from")
        if cleaned.get("office") == Office.CHAIRPERSON and body and first:
            self._look_at_present_chair(body, cleaned.get("person_name", ""), first)
        return cleaned

    def answer(self) -> dict[str, Any]:
        """Return what the services take."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "account_email"}
        return values | {"user": self.account, "ends_former": self.ends_former}

    def _look_at_present_chair(self, body: Organisation, person: str, first: dt.date) -> None:
        for term in queries.chairs_from(body, first):
            if not naming.same_person(term.person_name, person):
                last = roc_date.format_roc(term.valid_to) if term.valid_to else _("未訂")
                message = _("現任%(head)s是%(name)s，任期到%(last)s。看過當選證明書，要讓他的任期到新任的前一天為止，")
                params = {"head": body.head_word, "name": term.person_name, "last": last}
                self.ends_former = self.ask("valid_from", message % params + CONFIRM)
            elif term.user_id:
                self.add_error(
                    "person_name",
                    _("這位%(head)s已經有帳號。忘記密碼的，請到單位資料的任期旁辦理「重設密碼」。")
                    % {"head": body.head_word},
                )


class RefuseAccountForm(forms.Form):
    """The answer no. People without an address learn of it by telephone or by letter."""

    reason = forms.CharField(
        label=_("不同意的理由"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("有電子信箱的，會把這段話寄給對方；沒有的，請選下面的方式告訴他。"),
        error_messages={"required": _("請寫理由，讓對方知道可以怎麼辦。")},
    )
    reached_by = forms.ChoiceField(
        label=_("怎麼告訴對方"), choices=[(str(way), way.label) for way in (Reached.LETTER, Reached.PHONE)]
    )
    reached_note = OneLineField(
        label=_("電話紀錄"), required=False, max_length=200, help_text=_("打電話的，請記下哪一天、誰接的。")
    )

    def __init__(self, *args: Any, asked: AccountRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asked.email:
            del self.fields["reached_by"], self.fields["reached_note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reached_by") == Reached.PHONE and not cleaned.get("reached_note"):
            self.add_error("reached_note", _("請記下哪一天打的電話、誰接的。"))
        return cleaned
