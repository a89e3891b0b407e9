"""What a county asks beside the law, typed as rows: papers, questions, review criteria."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.rules import catalogue, own
from grants.services.schemes.values import TYPES
from miaoli_kaohsiung.lib.fields import WholeNumberField, field_of
from miaoli_kaohsiung.lib.printable import Printed

SPARE, MOST = 2, 30
MOST_CHOICES, LONGEST_CHOICE = 20, 60


class OwnRow(Printed, forms.Form):
    """A row that is one more thing asked; left blank it is none. `code` says which of the kept ones it is."""

    # The field without which a row is empty.
    head = ""

    code = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, programmes: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(programmes)
        if "programmes" in self.fields:
            field_of(self, "programmes", forms.MultipleChoiceField).choices = offered
            if len(offered) < 2:
                del self.fields["programmes"]

    @property
    def blank(self) -> bool:
        return not self.cleaned_data.get(self.head)

    def row(self) -> dict[str, Any]:
        """Return the row as terms keep it, with an empty code if it is new."""
        data = {"programmes": [], **self.cleaned_data}
        data.pop("DELETE", None)
        return data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("DELETE") and self.head not in self.errors and not cleaned.get(self.head):
            typed = [name for name in ("help", "choices", "weight") if cleaned.get(name) not in (None, "", [])]
            if typed or cleaned.get("code"):
                self.add_error(self.head, _("請填名稱；不要這一列的話，請勾「刪除」。"))
        return cleaned


class PaperRow(OwnRow):
    head = "name"

    name = forms.CharField(label=_l("文件名稱"), max_length=40, required=False)
    help = forms.CharField(label=_l("一句話說明"), max_length=120, required=False)
    required = forms.BooleanField(label=_l("一定要附"), required=False, initial=True)
    programmes = forms.MultipleChoiceField(
        label=_l("只有這些類別要附"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_l("都不勾就是每一類都要。"),
    )


class QuestionRow(OwnRow):
    head = "label"

    label = forms.CharField(label=_l("問題"), max_length=60, required=False)
    help = forms.CharField(label=_l("一句話說明"), max_length=120, required=False)
    type = forms.ChoiceField(label=_l("怎麼回答"), choices=[(key, TYPES[key]) for key in own.TYPES], initial="text")
    choices = forms.CharField(
        label=_l("單選的選項"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_l("一行一個，選「單選」才要填。"),
    )
    required = forms.BooleanField(label=_l("一定要回答"), required=False, initial=True)
    programmes = forms.MultipleChoiceField(
        label=_l("只問這些類別"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_l("都不勾就是每一類都問。"),
    )

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        choices = list(dict.fromkeys(line for line in lines if line))
        if len(choices) > MOST_CHOICES or any(len(choice) > LONGEST_CHOICE for choice in choices):
            params = {"most": MOST_CHOICES, "longest": LONGEST_CHOICE}
            raise ValidationError(_("最多 %(most)d 個選項，每個最多 %(longest)d 個字。") % params)
        return choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("label") and cleaned.get("type") == "choice" and len(cleaned.get("choices") or ()) < 2:
            self.add_error("choices", _("單選至少要兩個選項，一行一個。"))
        return cleaned

    def row(self) -> dict[str, Any]:
        data = super().row()
        return data | {"choices": data["choices"] if data["type"] == "choice" else []}


class CriterionRow(OwnRow):
    head = "name"

    name = forms.CharField(label=_l("審查項目"), max_length=60, required=False)
    weight = WholeNumberField(label=_l("權重（%）"), min_value=1, max_value=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("name") and cleaned.get("weight") is None and "weight" not in self.errors:
            self.add_error("weight", _("請填權重。"))
        return cleaned

    def row(self) -> dict[str, Any]:
        data = super().row()
        return {name: data[name] for name in ("code", "name", "weight")}


if TYPE_CHECKING:
    _Rows = forms.BaseFormSet[OwnRow]
else:
    _Rows = forms.BaseFormSet


class OwnRows(_Rows):
    """The rows of one kind. `kept` are those of the newest terms, `used` every code that was ever given."""

    def __init__(self, *args: Any, kept: Iterable[Mapping[str, Any]], used: set[str], **kwargs: Any) -> None:
        rows = [{**row, "choices": "\n".join(row.get("choices", ()))} for row in kept]
        super().__init__(*args, **{"initial": rows, **kwargs})
        self.known, self.used = {row["code"] for row in rows}, used

    def clean(self) -> None:
        names = [form.cleaned_data.get(form.head) for form in self.filled()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValidationError(_("「%(name)s」寫了兩次，請改成不同的名稱，或刪除一列。") % {"name": twice})

    def filled(self) -> list[OwnRow]:
        return [
            form for form in self.forms if form.is_valid() and not form.blank and not form.cleaned_data.get("DELETE")
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as terms keep them. A new row gets a code that no other ever had."""
        found = []
        for form in self.filled():
            row = form.row()
            if row["code"] not in self.known:
                row["code"] = next_code(self.used)
                self.used.add(row["code"])
            found.append(row)
        return found


class WeighedRows(OwnRows):
    def clean(self) -> None:
        super().clean()
        weights = [form.cleaned_data.get("weight") or 0 for form in self.filled()]
        if weights and sum(weights) != 100:
            raise ValidationError(_("權重加起來要是 100，現在是 %(sum)d。") % {"sum": sum(weights)})


def next_code(used: Iterable[str]) -> str:
    """Return the next code of what a county asks, above all that were given."""
    numbers = [int(code.removeprefix(own.HEAD)) for code in used if own.is_own(code)]
    return f"{own.HEAD}{max(numbers, default=0) + 1}"


def named_programmes(law: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    known = catalogue.programmes(law)
    return [(code, known[code].name) for code in codes if code in known]


def _rows_of(form: type[OwnRow], rows: type[OwnRows]) -> Any:
    return forms.formset_factory(form, rows, extra=SPARE, max_num=MOST, validate_max=True, can_delete=True)


PaperRows = _rows_of(PaperRow, OwnRows)
QuestionRows = _rows_of(QuestionRow, OwnRows)
CriterionRows = _rows_of(CriterionRow, WeighedRows)
