"""The budget as a Django formset: one form for each line, with the fields that the item's clause refers to."""

from collections.abc import Collection, Iterable
from copy import copy
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.forms.fields import MonthsField, YesNoField, dress, field_for, shown, stored, was_posted
from grants.models import BudgetLine
from grants.queries.applications import costs
from grants.queries.law.sums import asks_own_share
from grants.rules import catalogue, names
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib.fields import AmountField, field_of, format_quantity
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.service_months import Period

CHILDREN_ROWS = 4
# The fields that the form of a line may have, besides its quantities.
LINE_FIELDS = tuple(name for name in BudgetLine.FILLED_IN if name != "quantities")


class LineForm(Printed, forms.Form):
    """One budget line. A value that cannot be read stays on the page with its error; the other fields are kept."""

    description = forms.CharField(label=_l("用途說明"), max_length=120, required=False)
    unit_price = AmountField(label=_l("單價（元）"), required=False)
    requested = AmountField(label=_l("申請補助（元）"), required=False)
    own_funds = AmountField(label=_l("自籌（元）"), required=False)
    other_funds = AmountField(label=_l("其他單位補助（元）"), required=False)
    person = forms.CharField(label=_l("姓名（可填多人：甲、乙）"), max_length=200, required=False)
    month = MonthsField(label=_l("服務月份"), required=False)
    employment = YesNoField(
        label=_l("有僱用關係嗎？"), required=False, help_text=_l("領薪水、有勞健保的是僱用；臨時幫忙、志工不是。")
    )
    follows = forms.BooleanField(label=_l("隨其他項目自動調整到上限"), required=False)

    # Whether a correction leaves the line as it is.
    closed = False

    def __init__(
        self,
        *args: Any,
        line: BudgetLine,
        place: int,
        period: Period = (None, None),
        shares: bool = True,
        own_first: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.place, self.item, self.shares = line, place, catalogue.items()[line.item], shares
        self.own_first = own_first
        for name in LINE_FIELDS:
            self.initial[name] = getattr(line, name)
        self._before = costs.multiplied(line) if line.requested is not None else None
        self._before = self._before if self._before == line.requested else None
        for name in self._left_out():
            del self.fields[name]
        if "month" in self.fields:
            field_of(self, "month", MonthsField).period = period
        self.needed = self._add(self.item.quantities)
        self.details = self._add(self.item.details)
        if "unit_price" in self.fields and "quantity" in self.details and self.item.unit:
            self.fields["quantity"].label = _("數量（%(unit)s）") % {"unit": self.item.unit}
        dress(*self.fields.values())
        self.fields["description"].widget.attrs["placeholder"] = _("用途，例如：成果冊印刷")
        if line.follows and "follows" in self.fields:
            self.fields["requested"].widget.attrs["readonly"] = True

    def _left_out(self) -> list[str]:
        unasked = [] if self.item.priced else ["unit_price"]
        unasked += [] if self.item.person else ["person", "month"]
        unasked += [] if self.item.share and self.shares else ["follows"]
        return unasked + ([] if self.item.by_hour else ["employment"])

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
        people, count = names.people(cleaned.get("person")), cleaned.get("persons")
        if len(people) > 1 and count is not None and count != len(people):
            message = _("姓名有 %(names)d 位、人數是 %(count)s，請改成一樣。")
            self.add_error("person", message % {"names": len(people), "count": format_quantity(count)})
        return cleaned

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values that arrived and could be read, as services.save_budget takes them."""
        self.is_valid()
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in LINE_FIELDS if was_posted(self, name)}
        quantities = {name: stored(cleaned[name]) for name in (*self.needed, *self.details) if was_posted(self, name)}
        if self.has_children and (children := self._children()) is not None:
            quantities["children"] = children
        if "requested" not in values:
            # A box that is not ticked posts nothing: if the amount beside it is missing too, the page did not show the box.
            values.pop("follows", None)
        elif values.get("follows"):
            del values["requested"]
        people = names.people(values.get("person"))
        if quantities.get("persons", 0) is None and len(people) > 1:
            quantities["persons"] = len(people)
        values["quantities"] = quantities
        if "requested" in values and values["requested"] in (None, self.product):
            values |= self._multiplied(values)
        return values

    @property
    def product(self) -> int | None:
        """The last 單價 × 數量 of the page. An amount equal to it goes on following it; an amount typed by hand stays. The
        value is a hidden input beside the form's fields, so that nobody is asked which of the two to keep.
        """
        if not self.is_bound or self.add_prefix("product") not in self.data:
            return self._before
        return whole_number(self.data[self.add_prefix("product")], digits=15)

    @property
    def product_shown(self) -> str:
        """The hidden input's value for the line as it stands now."""
        ask = costs.multiplied(self.line)
        return "" if ask is None or ask != self.line.requested else str(ask)

    def _multiplied(self, values: dict[str, Any]) -> dict[str, int]:
        """Return the amount by 單價 × 數量 if both are known; called only if nobody typed another amount."""
        row = copy(self.line)
        _put(row, values)
        ask = costs.multiplied(row)
        return {} if ask is None else {"requested": ask}

    def _children(self) -> list[dict[str, Any]] | None:
        """Return the children with an age; None if an age cannot be read, so that the stored ones stay."""
        cleaned, rows = self.cleaned_data, []
        for place in range(CHILDREN_ROWS):
            head = f"child-{place}"
            if not was_posted(self, f"{head}-age"):
                return None
            if (age := cleaned[f"{head}-age"]) is not None:
                ticks = {"special_needs": cleaned[f"{head}-special_needs"], "own": cleaned[f"{head}-own"]}
                rows.append({"age": int(age), **ticks})
        return rows

    # The fields that the page shows first, and those that it folds away until one of them is filled.
    def first_fields(self) -> list[BoundField]:
        counted = ["quantity"] if "quantity" in self.details else []
        price = ["unit_price"] if "unit_price" in self.fields else []
        monthly = ["person", "month"] if self.item.monthly else []
        own = ["own_funds"] if self.own_first else []
        return [self[name] for name in (*self.needed, *counted, *price, *monthly, *own)]

    def helps(self) -> list[tuple[str, str]]:
        """Return (label, help) of the fields shown first, for the place where the line is opened."""
        return [(str(f.label).split("（")[0], str(f.help_text)) for f in self.first_fields() if f.help_text]

    def further_fields(self) -> list[BoundField]:
        details = [name for name in self.details if name != "quantity"]
        rest = [name for name in ("person", "month") if name in self.fields and not self.item.monthly]
        employment = ["employment"] if "employment" in self.fields else []
        own = [] if self.own_first else ["own_funds"]
        return [self[name] for name in (*own, "other_funds", *details, *rest, *employment)]

    @property
    def open_further(self) -> bool:
        """Whether the folded part holds an error."""
        return any(field.errors for field in self.further_fields())

    @property
    def further_words(self) -> str:
        """The contents of the folded part, in short."""
        filled = [(f, f.value()) for f in self.further_fields() if f.value() not in (None, "", "0", 0)]
        money = ("own_funds", "other_funds")
        return "、".join(str(f.label).split("（")[0] + (f" {value}" if f.name in money else "") for f, value in filled)

    def settled(self) -> dict[str, str]:
        """Return input name → what the portal made of it, if that differs from what was posted; for a page with a
        script.
        """
        if not self.is_bound:
            return {}
        values = {self.add_prefix("product"): self.product_shown}
        now = {"requested": self.line.requested, "own_funds": self.line.own_funds}
        now |= {"persons": self.line.quantities.get("persons")} if "persons" in self.fields else {}
        for name, value in now.items():
            if name in self.cleaned_data and value is not None and self.cleaned_data[name] != value:
                values[self.add_prefix(name)] = format_amount(int(value))
        return values

    def children_rows(self) -> list[list[BoundField]]:
        heads = [f"child-{place}" for place in range(CHILDREN_ROWS)] if self.has_children else []
        return [[self[f"{head}-age"], self[f"{head}-special_needs"], self[f"{head}-own"]] for head in heads]


class BudgetForms:
    """The forms of the stored lines. The server adds and removes lines, so the browser never decides the number of
    forms, and each form is named after its line, whatever else was added meanwhile.
    """

    def __init__(
        self,
        posted: Any = None,
        *,
        lines: list[BudgetLine],
        programme: str = "",
        period: Period = (None, None),
        closed: Collection[int] = (),
    ) -> None:
        """Build the forms; lines whose keys are in `closed` are shown, but nothing of them is read from a post."""
        self.posted, self.lines, self.period, self.closed = posted, lines, period, set(closed)
        known = catalogue.all_programmes().get(programme)
        # Where the law asks for a share of own money, nobody has to look for its field.
        self.own_first = known is not None and asks_own_share(load(known.law))
        # Not every law caps items as a share of the others.
        self.shares = known is None or any(
            f"{item.code}.share" in load(known.law).parameters for item in catalogue.items().values() if item.share
        )

    @cached_property
    def forms(self) -> list[LineForm]:
        common: dict[str, Any] = {
            "period": self.period,
            "shares": self.shares,
            "own_first": self.own_first,
            "use_required_attribute": False,
        }
        made = []
        for place, line in enumerate(self.lines, 1):
            posted = None if line.pk in self.closed else self.posted
            form = LineForm(posted, prefix=f"line-{line.pk}", line=line, place=place, **common)
            form.closed = line.pk in self.closed
            for field in form.fields.values() if form.closed else ():
                field.disabled = True
            made.append(form)
        return made

    @property
    def is_bound(self) -> bool:
        return self.posted is not None

    @property
    def unreadable(self) -> bool:
        """Whether anything typed could not be read."""
        return any(form.errors for form in self.forms)

    def rows(self) -> dict[int, dict[str, Any]]:
        """The values that could be read, by line id."""
        return {form.line.pk: form.values for form in self.forms if not form.closed}

    def typed_lines(self) -> list[BudgetLine]:
        """The lines as typed, not saved, for a check of what is on the page."""
        for form in self.forms:
            if not form.closed:
                _put(form.line, form.values)
        return self.lines

    def settled(self) -> dict[str, str]:
        """Return what the portal multiplied, filled in or adjusted, by input name."""
        return {name: value for form in self.forms for name, value in form.settled().items()}


def _put(line: BudgetLine, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(line, name, {**line.quantities, **value} if name == "quantities" else value)
