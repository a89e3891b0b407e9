from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import clock

from .models import Entry


class RoundForm(forms.Form):
    """Open a round. The cut-offs are the county's: the plan names none."""

    year = forms.IntegerField(label=_("年度（民國）"), min_value=80, max_value=200)
    excellent_from = forms.IntegerField(
        label=_("績優型最低分"), min_value=2, max_value=100, initial=80, help_text=_("由縣府決定；系統預設80分。")
    )
    potential_from = forms.IntegerField(
        label=_("潛力型最低分"), min_value=1, max_value=99, initial=60, help_text=_("由縣府決定；系統預設60分。")
    )

    def clean_year(self) -> int:
        year = self.cleaned_data["year"] + 1911
        if year > clock.today().year:
            raise ValidationError(_("還不能開辦以後年度的評鑑。"))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("excellent_from") and cleaned.get("potential_from"):
            if cleaned["excellent_from"] <= cleaned["potential_from"]:
                self.add_error("excellent_from", _("績優型最低分要高於潛力型最低分。"))
        return cleaned


class ScoreForm(forms.Form):
    """Points by indicator; what is left empty is scored later."""

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {score.indicator_id: score.points for score in entry.scores.all()}  # type: ignore[attr-defined]
        self.indicators = list(entry.round.indicators.order_by("position"))  # type: ignore[attr-defined]
        for indicator in self.indicators:
            self.fields[f"points_{indicator.pk}"] = forms.IntegerField(
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
