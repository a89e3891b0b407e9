from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities.places import TOWNSHIP
from communities.queries import township_name
from evaluation.enums import Dimension, Interest
from evaluation.forms.fields import PointsField
from evaluation.models import Indicator, Sheet
from evaluation.queries.sheets import NOWHERE, JudgeLoad
from evaluation.rules import STEP
from evaluation.services.sheets import Marks
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.fields import field_of

COMMENT_LENGTH = 2000


class SheetForm(forms.Form):
    """A judge's points by indicator and a comment; fields left empty are scored later."""

    comment = forms.CharField(
        label=_("評語"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("公布後協會看得到，不會寫是哪一位委員。"),
    )

    def __init__(self, *args: Any, sheet: Sheet, indicators: list[Indicator] | None = None, **kwargs: Any) -> None:
        """Build the form. `indicators` are those of the round, where they are known already."""
        super().__init__(*args, **kwargs)
        given = {score.indicator_id: score.points for score in sheet.scores.all()}
        self.indicators = list(sheet.entry.round.indicators.all()) if indicators is None else indicators
        fields: dict[str, forms.Field] = {}
        for indicator in self.indicators:
            fields[f"points_{indicator.pk}"] = PointsField(
                label=indicator.name,
                required=False,
                step=str(STEP),
                max_value=Decimal(indicator.points),
                initial=given.get(indicator.pk),
                help_text=_("最高%(points)d分") % {"points": indicator.points},
            )
        self.fields = {**fields, **self.fields}
        self.fields["comment"].initial = sheet.comment

    def by_dimension(self) -> list[tuple[Any, int, list[forms.BoundField]]]:
        """Return (dimension, its points, its fields), for the page."""
        rows: dict[str, list[forms.BoundField]] = defaultdict(list)
        points: dict[str, int] = defaultdict(int)
        for indicator in self.indicators:
            rows[indicator.dimension].append(self[f"points_{indicator.pk}"])
            points[indicator.dimension] += indicator.points
        return [(kind.label, points[kind], rows[kind]) for kind in Dimension if rows[kind]]

    def marked_fields(self) -> list[forms.BoundField]:
        """Return the fields of the points, in the order of the indicators."""
        return [self[f"points_{indicator.pk}"] for indicator in self.indicators]

    def marks(self) -> Marks:
        """Return what could be read; what could not is left as it stands."""
        data, stored = self.cleaned_data, self.fields["comment"].initial
        names = {f"points_{indicator.pk}": indicator.pk for indicator in self.indicators}
        points = {key: data[name] for name, key in names.items() if name in data}
        return Marks(points, data.get("comment", stored))


class InterestForm(forms.Form):
    interest = forms.ChoiceField(
        label=_("您和這個協會有沒有利害關係？"),
        choices=[
            (Interest.NONE, _("沒有")),
            (Interest.CONFLICT, _("有（例如擔任會員、幹部、親屬或有金錢往來），我不評這一個")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("請選有或沒有。")},
    )
    note = forms.CharField(label=_("說明"), max_length=200, required=False)


class AssignForm(forms.Form):
    """Who judges which associations: whole townships, or those that were ticked in the list."""

    judges = forms.ModelMultipleChoiceField(
        label=_("評鑑委員"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("請勾選評鑑委員。")},
    )
    townships = forms.MultipleChoiceField(
        label=TOWNSHIP,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": format_lazy(_("請勾選{kinds}。"), kinds=TOWNSHIP)},
    )

    def __init__(
        self, *args: Any, loads: Iterable[JudgeLoad], townships: Iterable[tuple[str, int, int]] | None, **kwargs: Any
    ) -> None:
        """Build the form. Without `townships` the associations were ticked already."""
        super().__init__(*args, **kwargs)
        self.loads = {load.person.pk: load for load in loads}
        judges = field_of(self, "judges", forms.ModelMultipleChoiceField)
        judges.queryset = User.objects.filter(pk__in=self.loads).order_by("display_name", "pk")
        judges.label_from_instance = self._label  # type: ignore[assignment]  # as Django has it done
        if townships is None:
            del self.fields["townships"]
        else:
            places = field_of(self, "townships", forms.MultipleChoiceField)
            places.choices = [(code or NOWHERE, _place(code, every, without)) for code, every, without in townships]

    def _label(self, person: User) -> str:
        load = self.loads[person.pk]
        return _("%(name)s（手上%(count)d個，已送出%(done)d個）") % {
            "name": person,
            "count": load.assigned,
            "done": load.submitted,
        }


def _place(code: str, every: int, without: int) -> str:
    params = {
        "name": township_name(code) if code else format_lazy(_("沒有登記{kinds}"), kinds=TOWNSHIP),
        "every": every,
        "without": without,
    }
    if without:
        return _("%(name)s（%(every)d個協會，%(without)d個還沒有委員）") % params
    return _("%(name)s（%(every)d個協會）") % params
