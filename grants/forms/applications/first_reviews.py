"""The first review at the township's office: its checklist, its opinion, its letter."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.compliance.checklist import Item
from grants.enums import Verdict
from grants.forms.fields import YesNoField
from grants.forms.reviews import NO_RESULT, NOTE_LENGTH, AskedItem, EditionForm, verdict_field
from grants.models import FirstReview
from grants.services.reviews.first_reviews import ASKS_REMARKS, Answer, Opinion
from miaoli_kaohsiung.lib.fields import RocDateField, field_of, left_empty
from miaoli_kaohsiung.lib.printable import Printed


class FirstReviewForm(EditionForm):
    """The township's checklist, its opinion and its letter. What passing on needs is asked for with `whole` alone."""

    recommended = YesNoField(label=_l("初審意見"), widget=forms.RadioSelect, required=False)
    remarks = forms.CharField(
        label=_l("給縣府的說明"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )
    letter_number = forms.CharField(
        label=_l("函轉文號"), max_length=60, required=False, help_text=_l("沒有另外發函就空著，之後也可以補登。")
    )
    letter_on = RocDateField(label=_l("函轉日期"), required=False)

    def __init__(
        self, *args: Any, items: Sequence[str], words: tuple[str, str], known: FirstReview | None, **kwargs: Any
    ) -> None:
        names = ("recommended", "remarks", "letter_number", "letter_on")
        initial = {name: getattr(known, name) for name in names} if known else {}
        super().__init__(*args, **{**kwargs, "initial": initial | kwargs.get("initial", {})})
        self.items = list(items)
        opinion = field_of(self, "recommended", YesNoField)
        opinion.choices = [("true", words[0]), ("false", words[1])]
        kept = {row["text"]: row for row in known.answers} if known else {}
        for place, text in enumerate(self.items):
            row = kept.get(text, {})
            self.fields[f"item-{place}"] = verdict_field(text, _l("符合"), _l("不符合"), row.get("verdict", ""))
            self.fields[f"note-{place}"] = forms.CharField(
                label=_l("說明"), max_length=NOTE_LENGTH, required=False, initial=row.get("note", "")
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for place in range(len(self.items)):
            if values.get(f"item-{place}") == Verdict.REFUSED and left_empty(self, f"note-{place}"):
                self.add_error(f"note-{place}", _l("不符合的項目請寫說明。"))
        return values

    def require_whole(self) -> bool:
        """Ask for what passing on needs, each at its field. Return whether all is there."""
        opinion = self.opinion()
        for place, answer in enumerate(opinion.answers):
            if not answer.verdict:
                self.add_error(f"item-{place}", NO_RESULT)
        if opinion.recommended is None:
            self.add_error("recommended", _l("請選一個。"))
        if opinion.asks_remarks and not opinion.remarks:
            self.add_error("remarks", ASKS_REMARKS)
        return not self.errors

    def rows(self) -> Iterator[AskedItem]:
        for place, text in enumerate(self.items):
            yield AskedItem(Item(str(place), text, "", ""), self[f"item-{place}"], self[f"note-{place}"])

    def opinion(self) -> Opinion:
        data = self.cleaned_data
        answers = tuple(
            Answer(text, data.get(f"item-{place}", ""), data.get(f"note-{place}", "").strip())
            for place, text in enumerate(self.items)
        )
        rest = (data.get("recommended"), data.get("remarks", "").strip(), data.get("letter_number", "").strip())
        return Opinion(answers, *rest, data.get("letter_on"))


class TownshipLetterForm(Printed, forms.Form):
    letter_number = forms.CharField(label=_l("函轉文號"), max_length=60)
    letter_on = RocDateField(label=_l("函轉日期"))
