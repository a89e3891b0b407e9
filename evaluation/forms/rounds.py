import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evaluation.defaults import INDICATORS
from evaluation.enums import Dimension, Theme
from evaluation.forms.fields import PointsField
from evaluation.models import Round
from evaluation.services.rounds import COLUMNS, Days, Terms
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField, WholeNumberField, field_of
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.roc_date import ad_year

FULL = 100
# Empty rows below the indicators, and how many a press of the button adds. A hundred points are at most a hundred rows.
SPARE = 2
MORE = 5
MOST_ROWS = FULL + SPARE
PARTS = ("dimension", "name", "points")

Row = tuple[str, Any, int]


class DaysForm(forms.Form):
    """The last days of a round, each not before the one above it."""

    self_until = RocDateField(label=_("協會自評到哪一天"), help_text=_("這一天以前，協會可以填寫和修改自評。"))
    visits_until = RocDateField(label=_("訪視到哪一天"))
    closes_on = RocDateField(label=_("評分到哪一天"), help_text=_("過了這一天，委員不能再改分數。"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, then in itertools.pairwise(COLUMNS):
            if cleaned.get(first) and cleaned.get(then) and cleaned[then] < cleaned[first]:
                earlier = self.fields[first].label
                self.add_error(then, _("不可以早於「%(earlier)s」。") % {"earlier": earlier})
        return cleaned

    def days(self) -> Days:
        return Days(*(self.cleaned_data[name] for name in COLUMNS))


class ChangeDaysForm(DaysForm):
    """The same for a round that began on a day."""

    def __init__(self, *args: Any, opened_on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "self_until", RocDateField).earliest = opened_on


class OpenDaysForm(DaysForm):
    """The same for a round that begins today."""

    def clean_self_until(self) -> Any:
        day = self.cleaned_data["self_until"]
        if day and day < clock.today():
            raise ValidationError(_("不可以早於今天。"))
        return day


class RoundForm(OpenDaysForm):
    """Open a round. Days, cut-offs and indicators are the county's: the plan names only the three dimensions.

    A row of an indicator is dimension_1, name_1, points_1; a row without name and points does not count. The rows begin
    as `known`: those of the county's last round, else the portal's.
    """

    year = WholeNumberField(label=_("年度（民國）"), min_value=80, max_value=200)
    excellent_from = WholeNumberField(
        label=_("績優型最低分"), min_value=2, max_value=100, initial=80, help_text=_("由縣府決定；系統預設80分。")
    )
    potential_from = WholeNumberField(
        label=_("潛力型最低分"), min_value=1, max_value=99, initial=60, help_text=_("由縣府決定；系統預設60分。")
    )
    decimals = forms.TypedChoiceField(
        label=_("總分怎麼取"),
        choices=[(0, _("整數，四捨五入")), (1, _("小數一位，四捨五入")), (2, _("小數兩位，四捨五入"))],
        coerce=int,
        initial=1,
        help_text=_("各委員送出的評分表取平均，再照這裡四捨五入；分級看四捨五入後的總分。"),
    )

    outlier_points = WholeNumberField(
        label=_("差幾分以上要討論"),
        min_value=1,
        max_value=100,
        initial=15,
        help_text=_("一位委員的總分和其他委員的平均差這麼多，就列出來請委員討論；系統預設15分。"),
    )

    def __init__(self, *args: Any, last: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = _rows_of(last) if last else list(INDICATORS)
        for name in ("excellent_from", "potential_from", "decimals", "outlier_points"):
            if last:
                self.fields[name].initial = getattr(last, name)
        posted = whole_number(self.data.get("rows"), digits=3) or 0
        more = MORE if "more" in self.data else 0
        self.numbers = range(1, min(max(posted + more, len(known) + SPARE), MOST_ROWS) + 1)
        for number in self.numbers:
            self._add_row(number, known[number - 1] if number <= len(known) else (Dimension.SERVICES, "", None))

    def _add_row(self, number: int, row: Sequence[Any]) -> None:
        dimension, name, points = row
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

    @property
    def asks_for_rows(self) -> bool:
        """Whether the button for more rows was pressed: then nothing is checked yet."""
        return "more" in self.data

    def rows(self) -> list[tuple[forms.BoundField, ...]]:
        """Return the fields of each indicator, for the page."""
        return [tuple(self[f"{part}_{number}"] for part in PARTS) for number in self.numbers]

    def indicators(self) -> list[Row]:
        """Return dimension, name and points, in the order of the rows."""
        data = self.cleaned_data
        rows = [tuple(data.get(f"{part}_{number}") for part in PARTS) for number in self.numbers]
        return [(dimension or "", name, points) for dimension, name, points in rows if name and points]

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            self.days(), data["excellent_from"], data["potential_from"], data["decimals"], data["outlier_points"]
        )

    def _clean_indicators(self) -> None:
        for number in self.numbers:
            name, points = (self.cleaned_data.get(f"{part}_{number}") for part in ("name", "points"))
            if name and self.cleaned_data.get(f"dimension_{number}") == "":
                self.add_error(f"dimension_{number}", _("請選擇這一項的面向。"))
            if name and points is None and f"points_{number}" not in self.errors:
                self.add_error(f"points_{number}", _("請填這一項的配分；不用這一項，請把指標也清空。"))
            if points and not name and f"name_{number}" not in self.errors:
                self.add_error(f"name_{number}", _("請填這一項的指標；不用這一項，請把配分也清空。"))
        if any(name.startswith(("name_", "points_", "dimension_")) for name in self.errors):
            return
        self._clean_sum()

    def _clean_sum(self) -> None:
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
        cleaned = super().clean()
        if cleaned.get("excellent_from") and cleaned.get("potential_from"):
            if cleaned["excellent_from"] <= cleaned["potential_from"]:
                self.add_error("excellent_from", _("績優型最低分要高於潛力型最低分。"))
        self._clean_indicators()
        return cleaned


def _rows_of(round_: Round) -> list[Row]:
    return list(round_.indicators.order_by("position").values_list("dimension", "name", "points"))


class DifficultiesForm(forms.Form):
    themes = forms.MultipleChoiceField(
        label=_("哪一方面的困難"), choices=Theme, required=False, widget=forms.CheckboxSelectMultiple
    )
    difficulties = forms.CharField(
        label=_("困難與需要"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("推動社區工作遇到什麼困難？需要縣府幫什麼忙？不會影響分數。"),
    )


class ExcuseForm(forms.Form):
    not_evaluated = forms.CharField(
        label=_("未受評原因"),
        required=False,
        max_length=200,
        help_text=_("沒有參加評鑑的協會才填，例如：已停止運作。清空就恢復評分。"),
    )


class ModerationForm(forms.Form):
    """Another total for an association, agreed on when its sheets were talked over."""

    total = PointsField(
        label=_("討論後的總分"), max_value=Decimal(FULL), error_messages={"required": _("請填討論後的總分。")}
    )
    reason = forms.CharField(
        label=_("為什麼調整"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("請寫為什麼調整。")},
        help_text=_("寫委員討論的結論。由主管確認才生效，各委員的評分表不變。"),
    )
