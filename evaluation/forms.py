from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import WholeNumberField
from miaoli_kaohsiung.lib.roc_date import ad_year

from .defaults import INDICATORS
from .enums import Dimension
from .models import Entry

ROWS = range(1, len(INDICATORS) + 3)
FULL = 100


class RoundForm(forms.Form):
    """Open a round. Cut-offs and indicators are the county's: the plan names only the three dimensions.

    A row of an indicator is dimension_1, name_1, points_1; a row without name and points does not count.
    """

    year = WholeNumberField(label=_("年度（民國）"), min_value=80, max_value=200)
    excellent_from = WholeNumberField(
        label=_("績優型最低分"), min_value=2, max_value=100, initial=80, help_text=_("由縣府決定；系統預設80分。")
    )
    potential_from = WholeNumberField(
        label=_("潛力型最低分"), min_value=1, max_value=99, initial=60, help_text=_("由縣府決定；系統預設60分。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in ROWS:
            known = INDICATORS[number - 1] if number <= len(INDICATORS) else (Dimension.SERVICES, "", None)
            dimension, name, points = known
            params = {"number": number}
            self.fields[f"dimension_{number}"] = forms.ChoiceField(
                label=_("第%(number)d項面向") % params, choices=Dimension, initial=dimension, required=False
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("第%(number)d項指標") % params, max_length=60, initial=name, required=False
            )
            self.fields[f"points_{number}"] = WholeNumberField(
                label=_("第%(number)d項配分") % params, min_value=1, max_value=FULL, initial=points, required=False
            )

    def rows(self) -> list[tuple[forms.BoundField, ...]]:
        """Return the fields of each indicator, for the page."""
        return [tuple(self[f"{part}_{number}"] for part in ("dimension", "name", "points")) for number in ROWS]

    def indicators(self) -> list[tuple[str, str, int]]:
        """Return dimension, name and points, in the order of the rows."""
        data = self.cleaned_data
        rows = [(data.get(f"dimension_{n}", ""), data.get(f"name_{n}"), data.get(f"points_{n}")) for n in ROWS]
        return [(dimension, name, points) for dimension, name, points in rows if name and points]

    def _clean_indicators(self) -> None:
        for number in ROWS:
            name, points = (self.cleaned_data.get(f"{part}_{number}") for part in ("name", "points"))
            if name and self.cleaned_data.get(f"dimension_{number}") == "":
                self.add_error(f"dimension_{number}", _("請選擇這一項的面向。"))
            if name and points is None and f"points_{number}" not in self.errors:
                self.add_error(f"points_{number}", _("請填這一項的配分；不用這一項，請把指標也清空。"))
            if points and not name and f"name_{number}" not in self.errors:
                self.add_error(f"name_{number}", _("請填這一項的指標；不用這一項，請把配分也清空。"))
        if any(name.startswith(("name_", "points_", "dimension_")) for name in self.errors):
            return
        indicators = self.indicators()
        if (total := sum(points for _dimension, _name, points in indicators)) != FULL:
            problem = _("各項配分加起來要剛好100分，現在是%(total)d分。") % {"total": total}
            self.add_error("points_1", problem)
        if missing := [kind.label for kind in Dimension if kind not in {dimension for dimension, *_rest in indicators}]:
            problem = _("三個面向都要有指標，還缺：%(missing)s。") % {"missing": "、".join(map(str, missing))}
            self.add_error("dimension_1", problem)

    def clean_year(self) -> int:
        year: int = ad_year(self.cleaned_data["year"])
        if year > clock.today().year:
            raise ValidationError(_("還不能開辦以後年度的評鑑。"))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("excellent_from") and cleaned.get("potential_from"):
            if cleaned["excellent_from"] <= cleaned["potential_from"]:
                self.add_error("excellent_from", _("績優型最低分要高於潛力型最低分。"))
        self._clean_indicators()
        return cleaned


class PointsField(WholeNumberField):
    """Whole points of an indicator; its error messages say points."""

    def validate(self, value: Any) -> None:
        if value is not None and value > self.max_value:
            raise ValidationError(_("這一項最高%(most)d分。"), code="invalid", params={"most": self.max_value})
        if value is not None and value % 1:
            raise ValidationError(_("分數請填整數，不用小數。"), code="invalid")
        super().validate(value)


class ScoreForm(forms.Form):
    """Points by indicator; fields left empty are scored later."""

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {score.indicator_id: score.points for score in entry.scores.all()}
        self.indicators = list(entry.round.indicators.order_by("position"))
        for indicator in self.indicators:
            self.fields[f"points_{indicator.pk}"] = PointsField(
                label=f"{indicator.get_dimension_display()}：{indicator.name}",
                required=False,
                min_value=0,
                max_value=indicator.points,
                initial=given.get(indicator.pk),
                help_text=_("配分%(points)d分") % {"points": indicator.points},
            )
        self.fields["comment"] = forms.CharField(
            label=_("評語"),
            required=False,
            max_length=2000,
            initial=entry.comment,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("公布後協會看得到。"),
        )
        self.fields["not_evaluated"] = forms.CharField(
            label=_("未受評原因"),
            required=False,
            max_length=200,
            initial=entry.not_evaluated,
            help_text=_("沒有參加評鑑的協會才填，例如：已停止運作。"),
        )

    def points(self) -> dict[int, int | None]:
        return {indicator.pk: self.cleaned_data[f"points_{indicator.pk}"] for indicator in self.indicators}


class DifficultiesForm(forms.Form):
    difficulties = forms.CharField(
        label=_("困難與需要"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("推動社區工作遇到什麼困難？需要縣府幫什麼忙？不會影響分數。"),
    )
