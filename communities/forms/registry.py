from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities import queries
from communities.enums import OrganisationKind, PaperKind, Tier
from communities.models import Organisation, TierDecision
from communities.places import TOWNSHIP
from communities.services.registry_import.readers import MOST_PEOPLE, REGISTRATION
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock, folding, identifiers
from miaoli_kaohsiung.lib.asking import CONFIRM, PROOF, AsksBack
from miaoli_kaohsiung.lib.fields import RocDateField, TaxIdField, WholeNumberField, field_of, left_empty, read_as
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.roc_date import ad_year

from .looks_alike import show_alike

# Numbers that are names, not amounts: digits on a phone's keyboard, but not right-aligned.
DIGITS = {"inputmode": "numeric", "class": "text"}


class _ContactFields(AsksBack, Printed, forms.ModelForm):  # type: ignore[type-arg]  # as below
    households = WholeNumberField(label=_("戶數"), required=False, max_value=MOST_PEOPLE)
    population = WholeNumberField(label=_("人口數"), required=False, max_value=MOST_PEOPLE)
    members_count = WholeNumberField(label=_("會員數"), required=False, max_value=MOST_PEOPLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._places():
            self.initial[name] = self.instance.present(name)

    def _places(self) -> list[str]:
        return [name for name in Organisation.PLACES if name in self.fields and self.instance.pk]

    def clean(self) -> dict[str, Any]:
        """Leave alone what names its places as today already."""
        cleaned = super().clean() or {}
        for name in self._places():
            if cleaned.get(name) == self.instance.present(name):
                cleaned[name] = getattr(self.instance, name)
        return cleaned

    def _post_clean(self) -> None:
        """Leave the instance as it is stored: the service takes cleaned_data, and the page goes on showing what is true."""

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        phone = str(read_as(identifiers.parse_phone, typed)) if typed else ""
        if identifiers.is_mobile(phone) and phone != self.instance.phone:
            self.ask(
                "phone", _("這是手機號碼，會公開在社區名錄，每個人都看得到。沒有市內電話也可以空白。") + str(CONFIRM)
            )
        return phone


class ContactForm(_ContactFields):
    """The contact data, which a case officer may correct at once."""

    class Meta:
        model = Organisation
        fields = ["address", "phone", "email", "area_served", "households", "population", "members_count", "purpose"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"phone": _("會公開在社區名錄，請不要填個人手機。"), "address": _("會公開在社區名錄。")}


class IdentityFields(_ContactFields):
    """What tells a body from others: its name and numbers, compared with those of the county's other bodies."""

    tax_id = TaxIdField(label=_("統一編號"), required=False, help_text=_("剛立案還沒有的可以先空白。"))

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county = county
        self.fields["tax_id"].widget.attrs |= DIGITS

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if private := folding.private(name):
            message = _("名稱裡有 %(count)d 個造字，別的電腦看不到。請改用通用的字，或以同音字加註。")
            raise ValidationError(message, params={"count": len(private)})
        if same := self._others().filter(queries.named(name, self.county)).first():
            message = _("本縣已經登記了同名的單位「%(name)s」（寫法不同也算同名），請先在名單裡找找看。")
            raise ValidationError(message, params={"name": same.name})
        if name != self.instance.name and (near := queries.alike(name, self.county, self.instance.pk)):
            message = _("本縣有名稱很像的單位：%(names)s。是同一個單位，請改那一筆；是另一個單位，")
            self.ask("name", message % {"names": "、".join(other for _pk, other in near)} + CONFIRM)
        return name

    def clean_registration_number(self) -> str:
        number: str = self.cleaned_data["registration_number"].strip()
        if number == self.instance.registration_number or not number or REGISTRATION.search(number):
            return number
        message = _("立案字號通常像「府社區字第0980001234號」，和這裡填的不一樣。真的是這樣，請寫下依據。")
        return self.odd("registration_number", number, message)

    def clean_tax_id(self) -> str:
        tax_id: str = self.cleaned_data["tax_id"]
        if tax_id and (other := self._others().filter(queries.numbered(tax_id)).first()):
            if other.county == self.county:
                raise ValidationError(_("這個統一編號已經登記給「%(name)s」。"), params={"name": other.name})
            raise ValidationError(_("這個統一編號已經登記在另一個縣。"))
        if tax_id == self.instance.tax_id or not tax_id or identifiers.has_check_digit(tax_id):
            return tax_id
        message = _("統一編號的檢查碼不符，請對照扣繳單位編配通知書再看一次。真的是這個號碼，請寫下依據。")
        return self.odd("tax_id", tax_id, message)

    def odd(self, column: str, value: str, question: Any) -> str:
        """Return the value of a number that looks wrong, once the question why it is right is answered."""
        self.ask(column, question, reason=PROOF)
        return value

    def _others(self) -> Any:
        return Organisation.objects.exclude(pk=self.instance.pk)


class OrganisationForm(IdentityFields):
    """Registration facts, kept by the county. The bank account is not among them: two people look at it."""

    registered_on = RocDateField(label=_("立案日期"), required=False)
    last_service_on = RocDateField(
        label=_("最近在本縣服務日期"), required=False, help_text=_("全國性非營利團體才要填。")
    )
    township = forms.ChoiceField(label=TOWNSHIP, required=False)

    class Meta:
        model = Organisation
        fields = [
            "kind",
            "name",
            "township",
            "village",
            "status",
            "nonprofit",
            "registration_county",
            "registration_number",
            "registered_on",
            "tax_id",
            "address",
            "phone",
            "email",
            "area_served",
            "households",
            "population",
            "members_count",
            "purpose",
            "manpower_grant",
            "last_service_on",
        ]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, county=county, **kwargs)
        # Numbers with the reason why they are right, which wait for a second person (services.numbers).
        self.odd_numbers: dict[str, tuple[str, str]] = {}
        self._waiting = queries.waiting_numbers(self.instance) if self.instance.pk else {}
        if self.instance.pk:
            self.initial["township"] = self.instance.township_id or ""
        show_alike(self, "name", f"{reverse('communities:registry-alike')}?but={self.instance.pk or ''}")
        field_of(self, "kind", forms.ChoiceField).choices = [("", _("請選擇")), *OrganisationKind.choices]
        choices = [("", format_lazy(_("不屬於單一{kinds}"), kinds=TOWNSHIP)), *queries.township_choices(county)]
        field_of(self, "township", forms.ChoiceField).choices = choices

    def clean_township(self) -> str | None:
        return self.cleaned_data["township"] or None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if left_empty(self, "township") and cleaned.get("kind") not in (None, OrganisationKind.NATIONAL_NONPROFIT):
            self.add_error("township", format_lazy(_("請選擇單位所在的{kinds}。"), kinds=TOWNSHIP))
        return cleaned

    def odd(self, column: str, value: str, question: Any) -> str:
        """Ask why an odd number is right; with the answer it waits for a second person, and the present one stays."""
        change = self._waiting.get(column)
        known = change.reason if change and change.data == {"value": value} else ""
        if self.ask(column, question, reason=PROOF, known=known):
            self.odd_numbers[column] = (value, self.answers[column])
            return str(getattr(self.instance, column))
        return value

    def reasons(self) -> dict[str, str]:
        """Return the column with the reason why an odd number is right; empty once it looks right."""
        kept = self.cleaned_data["tax_id"] == self.instance.tax_id
        return {"tax_id_reason": self.instance.tax_id_reason if kept else ""}


class SealForm(forms.Form):
    """The print of the seal, as a picture so that it can be shown beside a paper."""

    seal = CheckedFileField(label=_("圖記的照片或掃描"), kinds=("jpeg", "png"))


class KeptPaperForm(forms.Form):
    """A paper of the association, to be offered in each of its cases."""

    kind = forms.ChoiceField(label=_("這是什麼文件？"), choices=PaperKind)
    paper = CheckedFileField(label=_("檔案"))
    valid_until = RocDateField(
        label=_("有效至"), required=False, help_text=_("名冊等會過期的文件才填；過了這一天就不再帶出來。")
    )


class TierForm(Printed, forms.Form):
    """A proposal of a tier. The year is typed as the office says it: 99."""

    year = WholeNumberField(label=_("年度（民國）"), min_value=80, max_value=200)
    # Nothing is chosen beforehand: a tier must be decided, not left as it stands.
    tier = forms.ChoiceField(
        label=_("分級"), choices=[("", _("請選擇")), *Tier.choices], error_messages={"required": _("請選擇分級。")}
    )
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    what_would_lift = forms.CharField(
        label=_("怎樣可以升級"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("協會看得到這一段，請寫具體可以做的事。"),
    )

    def clean_year(self) -> int:
        year: int = ad_year(self.cleaned_data["year"])
        if year > clock.today().year + 1:
            raise ValidationError(_("年度最多到明年。"))
        return year


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no brackets at run time
    """The approver's decision on a proposal; a refusal needs a reason."""

    class Meta:
        model = TierDecision
        fields = ["decision_note"]
        widgets = {"decision_note": forms.Textarea(attrs={"rows": 3})}

    def clean_decision_note(self) -> str:
        note: str = self.cleaned_data["decision_note"]
        if "refuse" in self.data and not note.strip():
            raise ValidationError(_("不同意時請寫理由，讓承辦人知道怎麼修改。"))
        return note

    def clean(self) -> dict[str, Any]:
        """Without a button nothing is decided."""
        if not {"confirm", "refuse"} & set(self.data):
            raise ValidationError(_("請按「確認分級」或「不同意」。"))
        return super().clean() or {}
