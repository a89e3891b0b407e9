"""What an office asks an association to correct, place by place, and when its letter arrived."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.forms.fields import dress
from grants.forms.reviews import MOST_CORRECTION_DAYS, NOTE_LENGTH, EditionForm
from grants.queries.applications.places import Place
from grants.services.applications.correction_requests import Wanted
from miaoli_kaohsiung.lib.fields import RocDateField, WholeNumberField, left_empty


class CorrectionForm(EditionForm):
    """The places that are opened, each with a word on what to correct, further items, and the days.

    `suggested` maps the keys of places to words that are there already.
    """

    items = forms.CharField(
        label=_l("請補正的事項"),
        help_text=_l("沒有對應的欄位時寫在這裡，一行寫一項；通知和補正函會逐項列出。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    whole = forms.BooleanField(
        label=_l("整件都可以修改"),
        help_text=_l("不勾的話，協會只能修改上面勾選的地方，其他的只能看。"),
        required=False,
    )
    days = WholeNumberField(label=_l("補正天數（工作日）"), min_value=1, max_value=MOST_CORRECTION_DAYS)

    def __init__(
        self, *args: Any, by_township: bool, places: Iterable[Place] = (), suggested: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(places)
        for place in self.places:
            word = suggested.get(place.key, "")
            self.fields[f"open_{place.key}"] = forms.BooleanField(label=place.name, required=False, initial=bool(word))
            self.fields[f"word_{place.key}"] = forms.CharField(
                label=_("要補什麼：%(name)s") % {"name": place.name},
                max_length=NOTE_LENGTH,
                required=False,
                initial=word,
            )
            dress(self.fields[f"open_{place.key}"], self.fields[f"word_{place.key}"])
        self.fields["days"].help_text = (
            _l("從今天的次一個工作日起算。") if by_township else _l("從補正函送達起算，只算上班日；發文時會算出期限。")
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = [place for place in self.places if self._chosen(place)]
        for place in chosen:
            if not values.get(f"word_{place.key}", "").strip() and f"word_{place.key}" not in self.errors:
                self.add_error(f"word_{place.key}", _("請寫要補什麼，例如「請蓋圖記」。"))
        if not chosen and not left_empty(self, "items") and not values.get("whole"):
            self.add_error("whole", _("請在上面勾選可以修改的地方，或勾選整件都可以修改。"))
        if not chosen and left_empty(self, "items"):
            self.add_error("items", _("請勾選要補正的地方，或寫下要補正的事項。"))
        return values

    def _chosen(self, place: Place) -> bool:
        return bool(self.cleaned_data.get(f"open_{place.key}") or self.cleaned_data.get(f"word_{place.key}"))

    def wanted(self) -> list[Wanted]:
        """Return the places of a valid form, each with its word."""
        words = {place: self.cleaned_data[f"word_{place.key}"].strip() for place in self.places if self._chosen(place)}
        return [Wanted(f"{place.name}：{word}", place.key) for place, word in words.items()]

    def groups(self) -> list[tuple[str, bool, list[tuple[Place, forms.BoundField, forms.BoundField]]]]:
        """Return the parts of the case: name, whether it is unfolded, and its places with tick and word."""
        found: dict[str, list[tuple[Place, forms.BoundField, forms.BoundField]]] = {}
        for place in self.places:
            found.setdefault(place.group, []).append((place, self[f"open_{place.key}"], self[f"word_{place.key}"]))
        return [
            (name, any(tick.value() or word.value() or word.errors for _place, tick, word in rows), rows)
            for name, rows in found.items()
        ]


class DeliveryForm(forms.Form):
    delivered_on = RocDateField(label=_l("補正函送達日期"), help_text=_l("照掛號回執登記，期限從這一天算起。"))
