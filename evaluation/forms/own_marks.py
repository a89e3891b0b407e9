from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.enums import Dimension
from evaluation.models import Entry, OwnMark
from evaluation.queries.carried import Carried, carried_of
from evaluation.rules import STEP
from evaluation.services.own_marks import KINDS, Said
from miaoli_kaohsiung.files.fields import CheckedFileField

from .fields import PointsField

WORDS_LENGTH = 1000


def _named(what: Any, indicator: str) -> str:
    """Return a label whose indicator is read out, and shown where it stands without the others of its indicator."""
    return format_html('{}<span class="of">：{}</span>', what, indicator)


class OwnMarksForm(forms.Form):
    """At each indicator points, words and a file; all of it may stay empty. Where nothing was said yet stands what the
    record says.
    """

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = list(entry.round.indicators.all())
        rows = entry.own_marks.select_related("file")
        self.stored: Mapping[int, OwnMark] = {row.indicator_id: row for row in rows}
        self.carried = carried_of(entry)
        for indicator in self.indicators:
            row: OwnMark | Carried | None = self.stored.get(indicator.pk) or self.carried.get(indicator.pk)
            key = indicator.pk
            self.fields[f"points_{key}"] = PointsField(
                label=_named(_("自評分數"), indicator.name),
                required=False,
                step=str(STEP),
                max_value=Decimal(indicator.points),
                initial=row and row.points,
                help_text=_("最高%(points)d分，可以填半分。") % {"points": indicator.points},
            )
            self.fields[f"words_{key}"] = forms.CharField(
                label=_named(_("說明"), indicator.name),
                required=False,
                max_length=WORDS_LENGTH,
                initial=row.words if row else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            label = _named(_("佐證"), indicator.name)
            self.fields[f"file_{key}"] = CheckedFileField(label=label, kinds=KINDS, required=False)

    def by_dimension(
        self,
    ) -> list[tuple[Any, list[tuple[Any, OwnMark | None, Carried | None, list[forms.BoundField]]]]]:
        """Return by dimension (indicator, what is stored, what the record says, its fields), for the page."""
        found = []
        for kind in Dimension:
            rows = [
                (
                    one,
                    self.stored.get(one.pk),
                    self.carried.get(one.pk),
                    [self[f"{part}_{one.pk}"] for part in ("points", "words", "file")],
                )
                for one in self.indicators
                if one.dimension == kind
            ]
            if rows:
                found.append((kind.label, rows))
        return found

    def said(self) -> dict[int, Said]:
        data = self.cleaned_data
        return {
            one.pk: Said(data[f"points_{one.pk}"], data[f"words_{one.pk}"], data[f"file_{one.pk}"])
            for one in self.indicators
        }
