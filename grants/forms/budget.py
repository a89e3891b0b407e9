"""The budget as a Django formset: one form a line, its fields those that the item's clause speaks of."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet, ManagementForm
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import BudgetLine
from grants.rules import catalogue
from miaoli_kaohsiung.lib.fields import AmountField

from .fields import MonthField, YesNoField, dress, field_for, shown, stored, told

CHILDREN_ROWS = 4
WITHOUT_PRICE = {"admin_overhead"}


class LineForm(forms.Form):
    """One budget line. What cannot be read stays on the page with its sentence; the other fields are kept."""

    description = forms.CharField(label=_l("用途說明"), max_length=120, required=False)
    unit_price = AmountField(label=_l("單價（元）"), required=False)
    requested = AmountField(label=_l("申請補助（元）"), required=False)
    own_funds = AmountField(label=_l("自籌（元）"), required=False)
    other_funds = AmountField(label=_l("其他單位補助（元）"), required=False)
    person = forms.CharField(label=_l("姓名"), max_length=60, required=False)
    month = MonthField(label=_l("服務月份"), required=False)
    employment = YesNoField(
        label=_l("有僱用關係嗎？"), required=False, help_text=_l("領薪水、有勞健保的是僱用；臨時幫忙、志工不是。")
    )

    def __init__(self, *args: Any, line: BudgetLine, place: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.place, self.item = line, place, catalogue.items()[line.item]
        for name in self.base_fields:
            self.initial[name] = getattr(line, name)
        for name in self._left_out():
            del self.fields[name]
        self.needed = self._add(self.item.quantities)
        self.details = self._add(self.item.details)
        dress(*self.fields.values())

    def _left_out(self) -> list[str]:
        unasked = ["unit_price"] if self.item.code in WITHOUT_PRICE else []
        return unasked + ([] if self.item.person else ["person", "month"]) + ([] if self.item.pay else ["employment"])

    def _add(self, quantities: Iterable[catalogue.Quantity]) -> list[str]:
        names = []
        for quantity in quantities:
            if quantity.type == "children":
                self._add_children(self.line.quantities.get("children") or [])
                continue
            unit = f"（{quantity.unit}）" if quantity.unit else ""
            made = field_for(quantity.type, quantity, label=f"{quantity.label}{unit}", help_text=quantity.help)
            self.fields[quantity.key] = made
            self.initial[quantity.key] = shown(self.line.quantities.get(quantity.key), quantity.type)
            names.append(quantity.key)
        return names

    def _add_children(self, kept: list[dict[str, Any]]) -> None:
        for place in range(CHILDREN_ROWS):
            child = kept[place] if place < len(kept) else {}
            head = f"child-{place}"
            self.fields[f"{head}-age"] = field_for("int", label=_("第 %(n)d 位的年齡（足歲）") % {"n": place + 1})
            self.fields[f"{head}-special_needs"] = forms.BooleanField(
                label=_("第 %(n)d 位是身心障礙或發展遲緩") % {"n": place + 1}, required=False
            )
            self.fields[f"{head}-own"] = forms.BooleanField(
                label=_("第 %(n)d 位是照顧者自己的子女或孫子女") % {"n": place + 1}, required=False
            )
            self.initial[f"{head}-age"] = shown(child.get("age"), "int")
            self.initial[f"{head}-special_needs"] = child.get("special_needs", False)
            self.initial[f"{head}-own"] = child.get("own", False)

    @property
    def has_children(self) -> bool:
        return "child-0-age" in self.fields

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(CHILDREN_ROWS if self.has_children else 0):
            head = f"child-{place}"
            ticked = cleaned.get(f"{head}-special_needs") or cleaned.get(f"{head}-own")
            if ticked and f"{head}-age" in cleaned and cleaned[f"{head}-age"] is None:
                self.add_error(f"{head}-age", _("請填這個孩子的年齡。"))
        return cleaned

    @cached_property
    def values(self) -> dict[str, Any]:
        """What arrived and could be read, as services.save_budget takes it."""
        self.is_valid()
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in self.base_fields if told(self, name)}
        quantities = {name: stored(cleaned[name]) for name in (*self.needed, *self.details) if told(self, name)}
        if self.has_children and (children := self._children()) is not None:
            quantities["children"] = children
        return values | {"quantities": quantities}

    def _children(self) -> list[dict[str, Any]] | None:
        """The children whose age is told; None when an age cannot be read, so that those stored stay."""
        cleaned, rows = self.cleaned_data, []
        for place in range(CHILDREN_ROWS):
            head = f"child-{place}"
            if not told(self, f"{head}-age"):
                return None
            if (age := cleaned[f"{head}-age"]) is not None:
                ticks = {"special_needs": cleaned[f"{head}-special_needs"], "own": cleaned[f"{head}-own"]}
                rows.append({"age": int(age), **ticks})
        return rows

    # What the page shows first, and what it folds away until something is in it.
    def first_fields(self) -> list[BoundField]:
        person = ["person", "month"] if self.item.person else []
        price = ["unit_price"] if "unit_price" in self.fields else []
        return [self[name] for name in (*person, *self.needed, *price, "requested")]

    def further_fields(self) -> list[BoundField]:
        employment = ["employment"] if "employment" in self.fields else []
        return [self[name] for name in (*self.details, "own_funds", "other_funds", *employment)]

    @property
    def open_further(self) -> bool:
        """Whether the folded part holds something, or something that is wrong."""
        return any(field.errors or field.value() not in (None, "", "0", 0) for field in self.further_fields())

    def children_rows(self) -> list[list[BoundField]]:
        heads = [f"child-{place}" for place in range(CHILDREN_ROWS)] if self.has_children else []
        return [[self[f"{head}-age"], self[f"{head}-special_needs"], self[f"{head}-own"]] for head in heads]


class BudgetFormSet(BaseFormSet):
    """The forms of the lines that are stored. Lines are added and removed by the server, so that the number of forms is
    never the browser's word, and each form is named after its line, whatever else was added meanwhile.
    """

    form = LineForm
    extra = 0
    min_num = max_num = absolute_max = 60
    can_order = can_delete = can_delete_extra = validate_min = validate_max = False
    edit_only = False
    renderer = forms.renderers.get_default_renderer()

    def __init__(self, *args: Any, lines: list[BudgetLine], **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(*args, prefix="line", **kwargs)

    @cached_property
    def management_form(self) -> ManagementForm:
        count = len(self.lines)
        made = ManagementForm({"line-TOTAL_FORMS": count, "line-INITIAL_FORMS": count}, prefix="line")
        made.full_clean()
        return made

    def total_form_count(self) -> int:
        return len(self.lines)

    def initial_form_count(self) -> int:
        return len(self.lines)

    def add_prefix(self, index: int) -> str:
        return f"line-{self.lines[index].pk}"

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        if index is None:
            return {}
        return {"line": self.lines[index], "place": index + 1}

    @property
    def unreadable(self) -> bool:
        """Whether anything typed could not be read; the formset's own count would compare every field as well."""
        return any(form.errors for form in self.forms)

    def rows(self) -> dict[int, dict[str, Any]]:
        """What could be read, by line id."""
        return {form.line.pk: form.values for form in self.forms}

    def typed_lines(self) -> list[BudgetLine]:
        """The lines as typed, not saved: for a check of what is on the page."""
        for form in self.forms:
            for name, value in form.values.items():
                setattr(form.line, name, {**form.line.quantities, **value} if name == "quantities" else value)
        return self.lines
