"""What an association proposes about itself: facts of its record, its bank account, a new chairperson; and what a clerk asks
for somebody who lost the password."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities import naming
from communities.enums import Office
from communities.models import Organisation
from communities.services.record_changes import CERTIFIED
from miaoli_kaohsiung.accounts.addresses import accounts_at
from miaoli_kaohsiung.accounts.heads import OF_ASSOCIATIONS
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import identifiers
from miaoli_kaohsiung.lib.asking import DIFFERS, AsksBack
from miaoli_kaohsiung.lib.fields import field_of, read_as
from miaoli_kaohsiung.lib.lines import OneLineEmailField, OneLineField
from miaoli_kaohsiung.lib.printable import Printed

from .people import TermForm, ask_to_share
from .registry import DIGITS, IdentityFields

SCANS = ("pdf", "jpeg", "png")
_COLUMNS = (
    "name", "registration_number", "tax_id", "village", "address", "phone", "email", "area_served", "households",
    "population", "members_count", "purpose",
)  # fmt: skip


class RecordForm(IdentityFields):
    """The facts that an association may ask to change; `columns` returns them."""

    paper = CheckedFileField(
        label=_("證明文件"), required=False, kinds=SCANS, help_text=_("名稱、立案字號、統一編號有變更時要附。")
    )
    reason = OneLineField(label=_("說明"), required=False, max_length=200)

    class Meta:
        model = Organisation
        fields = list(_COLUMNS)
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"phone": _("會公開在社區名錄，請不要填個人手機。"), "address": _("會公開在社區名錄。")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        certified = [name for name in CERTIFIED if name in cleaned and cleaned[name] != getattr(self.instance, name)]
        if certified and not cleaned.get("paper") and "paper" not in self.errors:
            self.add_error("paper", _("名稱、立案字號或統一編號有變更，請附上新的證書或函。"))
        return cleaned

    def columns(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in _COLUMNS}
        if values["tax_id"] != self.instance.tax_id:
            values["tax_id_reason"] = self.answers.get("tax_id", "")
        return values


class BankForm(AsksBack, Printed, forms.ModelForm):  # type: ignore[type-arg]  # takes no brackets at run time
    """Another bank account, with the picture of its passbook."""

    passbook = CheckedFileField(label=_("存摺封面的照片或掃描"), kinds=SCANS)
    reason = OneLineField(label=_("為什麼要換"), required=False, max_length=200)

    class Meta:
        model = Organisation
        fields = ["bank_code", "bank_account", "bank_account_name"]
        help_texts = {
            "bank_code": _("總行3位加分行4位，共7位數字。"),
            "bank_account_name": _("照存摺封面填寫，通常和立案全名相同；不能用個人帳戶。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True
        for name in ("bank_code", "bank_account"):
            # A pasted number may have the spaces and hyphens of the passbook's cover.
            field_of(self, name, forms.CharField).max_length = None
            self.fields[name].validators = []
            self.fields[name].widget.attrs.pop("maxlength", None)
            self.fields[name].widget.attrs |= DIGITS

    def _post_clean(self) -> None:
        """Leave the instance as it is stored: nothing changes before two people have confirmed."""

    def clean_bank_code(self) -> str:
        return str(read_as(identifiers.check_bank_code, self.cleaned_data["bank_code"]))

    def clean_bank_account(self) -> str:
        code = self.cleaned_data.get("bank_code", "")
        return str(read_as(identifiers.check_bank_account, self.cleaned_data["bank_account"], code))

    def clean_bank_account_name(self) -> str:
        """Accept another spelling of the name; anything else needs a sentence, which the people who pay will read."""
        account: str = self.cleaned_data["bank_account_name"].strip()
        body = self.instance
        if naming.fold(account, body.county) != naming.fold(body.name, body.county):
            message = _(
                "戶名和立案全名不同。請對照存摺封面；不能用個人帳戶。真的不同（例如戶名太長被截斷），請寫原因。"
            )
            known = body.bank_name_reason if body.bank_account_name == account else ""
            self.ask("bank_account_name", message, reason=DIFFERS, known=known)
        return account

    def columns(self) -> dict[str, str]:
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return values | {"bank_name_reason": self.answers.get("bank_account_name", "")}


class ChairForm(TermForm):
    """A chairperson who was elected, with the certificate."""

    email = OneLineEmailField(
        label=_("電子信箱"), required=False, help_text=_("邀請信會寄到這裡。沒有可以空白，縣府會印開通信給他。")
    )
    certificate = CheckedFileField(label=_("當選證明書"), kinds=SCANS)
    reason = OneLineField(label=_("說明"), required=False, max_length=200)
    field_order = ["person_name", "board_term_number", "valid_from", "valid_to", "phone", "email", "certificate"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["account_email"], self.fields["office"]
        if self.head != str(OF_ASSOCIATIONS):
            self.fields["certificate"].label = _("就任的證明")
            self.fields["certificate"].help_text = _("當選證明書、派令或聘書。")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        person = self.cleaned_data.get("person_name", "")
        others = list(accounts_at(email))
        if not any(naming.same_person(person, other.display_name) for other in others):
            ask_to_share(self, email, others)
        return email

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["office"] = Office.CHAIRPERSON
        return super().clean()


class RecoveryForm(forms.Form):
    """How the clerk knew that the right person asks."""

    WAYS = {
        "papers": _("本人到場，看過身分證件"),
        "known": _("本人到場，認識本人"),
        "call": _("打登記的電話回撥，問過本人"),
    }

    how = forms.ChoiceField(
        label=_("怎麼確認是本人"),
        choices=[("", _("請選擇")), *WAYS.items()],
        error_messages={"required": _("請選擇怎麼確認是本人，確認的同仁會看到。")},
    )
    reason = OneLineField(label=_("說明"), required=False, max_length=200)

    def words(self) -> str:
        return str(self.WAYS[self.cleaned_data["how"]])
