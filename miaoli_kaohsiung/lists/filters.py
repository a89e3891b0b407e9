"""The filters of lists: a search, what is chosen most in one line, the rest behind 更多條件."""

from collections import OrderedDict
from collections.abc import Iterable
from copy import copy
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib.fields import AmountField, RocDateField

_LOOKS: dict[type[forms.Widget], str] = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}


class SearchFilter(django_filters.CharFilter):
    """The search of a list; `hint` names what it looks in."""

    def __init__(self, *, hint: Any, **kwargs: Any) -> None:
        look = {"placeholder": hint, "title": hint}
        super().__init__(label=_l("搜尋"), max_length=60, widget=forms.TextInput(attrs=look), **kwargs)


class DayFilter(django_filters.Filter):
    field_class = RocDateField


class AmountFilter(django_filters.Filter):
    field_class = AmountField


class TickField(forms.Field):
    widget = forms.CheckboxInput

    def to_python(self, value: Any) -> bool | None:
        return True if value else None


class TickFilter(django_filters.Filter):
    """A box that narrows the list when it is ticked; unticked it says nothing."""

    field_class = TickField


class _Filters(OrderedDict[str, django_filters.Filter]):
    """The filters of a list, of which each request takes a copy: of each filter and of what its field is made with, which
    a list changes, and not of all that hangs on them.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> OrderedDict[str, django_filters.Filter]:
        return OrderedDict((name, self._copied(known)) for name, known in self.items())

    @staticmethod
    def _copied(known: django_filters.Filter) -> django_filters.Filter:
        copied = copy(known)
        copied.extra = dict(known.extra)
        # A method of the list is asked through its filter.
        copied.method = known.method
        return copied


class _Fields(dict[str, forms.Field]):
    """The fields of a form that is made for one request, so that it needs no copy of them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Fields":
        return self


class ListFilter(django_filters.FilterSet):
    """What every list's filter has: fields dressed for its line, the search at the key `/`, `more` behind a fold."""

    more: tuple[str, ...] = ()
    # What is chosen of these leaves as many rows as are counted before they are added up.
    broad: tuple[str, ...] = ()
    # Whether all that is found is put in order before its first rows are known: those are then chosen by their keys.
    ordered_whole = False
    # So many rows are counted at most, if not as many as of any list: what is found by a word that many have.
    counted: int | None = None
    # Whether there are more than these, as far as that is known without counting.
    known_more = False

    def __init__(self, data: QueryDict | None = None, *args: Any, without: Iterable[str] = (), **kwargs: Any) -> None:
        """Build the filter. `without` are fields that this person does not get."""
        super().__init__(data, *args, **kwargs)
        for name in without:
            del self.filters[name]

    @classmethod
    def get_filters(cls) -> OrderedDict[str, django_filters.Filter]:
        return _Filters(super().get_filters())

    def get_form_class(self) -> type[forms.Form]:
        made: type[forms.Form] = super().get_form_class()
        made.base_fields = _Fields(made.base_fields)
        return made

    def dress(self) -> None:
        """Give the fields their looks, once all of them have their choices."""
        for field in self.form.fields.values():
            field.widget.attrs["class"] = _LOOKS.get(type(field.widget), "form-control")
        if "q" in self.form.fields:
            self.form.fields["q"].widget.attrs |= {"data-key": "/", "data-key-label": _l("搜尋")}

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name not in self.more]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name in self.more]

    @property
    def used(self) -> bool:
        """Whether anything narrows the list, or was meant to."""
        return any(self.data.get(name) for name in self.filters)

    @property
    def likely_long(self) -> bool:
        """Whether nothing but what leaves many rows narrows the list."""
        return not any(self.data.get(name) for name in self.filters if name not in self.broad)

    @property
    def more_used(self) -> bool:
        return any(self.data.get(name) for name in self.more)
