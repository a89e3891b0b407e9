"""Forms of a change after the approval: what is asked for, the opinion and the decision on each item."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import AmendedPart
from grants.forms.applications import budget
from grants.forms.fields import MonthsField, dress, field_for, shown, stored
from grants.models import AmendmentItem, Award, AwardLine, BudgetLine
from grants.rules import catalogue
from grants.services.amendments.comparing import OF_LINE
from grants.services.amendments.deciding import Answer
from grants.services.amendments.items import OF_NEW, Item
from grants.services.amendments.papers import NewPaper
from grants.services.settlements.due import due_on
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.lines import OneLineEmailField
from miaoli_kaohsiung.lib.printable import Printed

LONGEST = 1000
# How many lines can be added by one request, and how many papers sent with it; more can be added afterwards.
MOST_NEW = 5
MOST_AT_ONCE = 3


class ReasonForm(Printed, forms.Form):
    reason = forms.CharField(
        label=_l("為什麼要變更"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("簡單寫就好，例如：颱風改期；講師有事換人；印刷費有剩，改買材料。"),
    )
    signed = CheckedFileField(
        label=_l("簽名的變更申請（掃描或照片）"), help_text=_l("在櫃檯代辦時才要。"), required=False
    )

    def __init__(self, *args: Any, at_counter: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if at_counter:
            self.fields["signed"].required = True
        else:
            del self.fields["signed"]

    def unasked(self) -> "ReasonForm":
        """Return the form with what was typed and held, and nothing said of what is missing yet."""
        held = {name: self[name].value() for name in self.fields}
        return type(self)(initial=held, at_counter="signed" in self.fields)


class AttachedForm(Printed, forms.Form):
    """Papers that go with a request: a few files, each with what it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, MOST_AT_ONCE + 1):
            self.fields[f"paper_{place}"] = CheckedFileField(label=_("附件 %(n)d") % {"n": place}, required=False)
            self.fields[f"paper_{place}_name"] = forms.CharField(
                label=_("附件 %(n)d 是什麼文件") % {"n": place}, max_length=60, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(1, MOST_AT_ONCE + 1):
            name = f"paper_{place}"
            if cleaned.get(f"{name}_name") and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("請選擇檔案。不附這一份的話，請把文件名稱清掉。"))
        return cleaned

    def papers(self) -> list[NewPaper]:
        rows = [(self.cleaned_data.get(f"paper_{n}"), f"paper_{n}_name") for n in range(1, MOST_AT_ONCE + 1)]
        return [NewPaper(file, self.cleaned_data[name]) for file, name in rows if file]

    @property
    def open(self) -> bool:
        """Whether something was chosen or is wrong, so that it must be in sight."""
        return bool(self.errors) or any(self[name].value() for name in self.fields)


class PaperForm(Printed, forms.Form):
    """One more paper of a request that was written already."""

    name = forms.CharField(
        label=_l("這是什麼文件"), max_length=60, help_text=_l("例如：新的報價單、理監事會會議紀錄、講師同意書。")
    )
    file = CheckedFileField(label=_l("檔案"))


class GiveUpForm(ReasonForm):
    reason = forms.CharField(label=_l("為什麼放棄"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class PlanForm(Printed, forms.Form):
    """What is not money. Each field holds what is in force; what is left as it is, is not asked for."""

    starts_on = RocDateField(label=_l("開始日期"))
    ends_on = RocDateField(label=_l("結束日期"))
    settlement_until = RocDateField(
        label=_l("結報展延到哪一天"), required=False, help_text=_l("來不及結報才填；改了結束日期，結報期限會跟著改。")
    )
    place = forms.CharField(label=_l("辦理地點"), max_length=120, required=False)
    contact_name = forms.CharField(label=_l("聯絡人"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_l("聯絡電話"), max_length=30, required=False)
    contact_email = OneLineEmailField(label=_l("聯絡信箱"), required=False)

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        case = award.application
        initial = {"starts_on": award.starts_on, "ends_on": award.ends_on, "place": case.place}
        initial |= {name: getattr(case, name) for name in ("contact_name", "contact_phone", "contact_email")}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.award = award
        if award.completed_on:
            for name in ("starts_on", "ends_on", "place"):
                del self.fields[name]

    def dates(self) -> list[BoundField]:
        return [self[name] for name in ("starts_on", "ends_on", "settlement_until") if name in self.fields]

    def people(self) -> list[BoundField]:
        return [
            self[name] for name in ("place", "contact_name", "contact_phone", "contact_email") if name in self.fields
        ]

    def items(self) -> list[Item]:
        """Return what differs from what is in force."""
        award, case, typed = self.award, self.award.application, self.cleaned_data
        found = []
        if "ends_on" in self.fields:
            before = {"starts_on": award.starts_on.isoformat(), "ends_on": award.ends_on.isoformat()}
            after = {"starts_on": typed["starts_on"].isoformat(), "ends_on": typed["ends_on"].isoformat()}
            found.append(Item(AmendedPart.PERIOD, before, after))
            found.append(Item(AmendedPart.PLACE, {"place": case.place}, {"place": typed["place"]}))
        contact = {name: getattr(case, f"contact_{name}") for name in ("name", "phone", "email")}
        found.append(Item(AmendedPart.CONTACT, contact, {name: typed[f"contact_{name}"] for name in contact}))
        if until := typed["settlement_until"]:
            before = {"due_on": due_on(award).isoformat()}
            found.append(Item(AmendedPart.SETTLEMENT, before, {"due_on": until.isoformat()}))
        return [item for item in found if item.before != item.after]


class LineForm(Printed, forms.Form):
    """One line of the award: its amount, and what is counted and who is paid. Children have no fields of their own here."""

    approved = AmountField(label=_l("改為（元）"))
    unit_price = AmountField(label=_l("單價（元）"), required=False)
    person = forms.CharField(label=_l("姓名（可填多人：甲、乙）"), max_length=200, required=False)
    month = MonthsField(label=_l("服務月份"), required=False)

    def __init__(self, *args: Any, line: AwardLine, award: Award, more: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": f"line-{line.pk}", **kwargs})
        self.line, self.item = line, catalogue.items()[line.item]
        row = line.line
        known = {
            "approved": line.approved + more,
            "unit_price": row.unit_price,
            "person": row.person,
            "month": row.month,
        }
        self.initial.update(known)
        unasked = [] if self.item.priced else ["unit_price"]
        unasked += [] if self.item.person else ["person", "month"]
        for name in unasked:
            del self.fields[name]
        if "month" in self.fields:
            field_of(self, "month", MonthsField).period = (award.starts_on, award.ends_on)
        self.counted = [one for one in (*self.item.quantities, *self.item.details) if one.type != "children"]
        for one in self.counted:
            unit = f"（{one.unit}）" if one.unit else ""
            self.fields[one.key] = field_for(one.type, one, label=f"{one.label}{unit}", help_text=one.help)
            self.initial[one.key] = shown(row.quantities.get(one.key), one.type)
        dress(*self.fields.values())

    @property
    def name(self) -> str:
        return self.item.name

    def more_fields(self) -> list[BoundField]:
        names = [one.key for one in self.counted] + ["unit_price", "person", "month"]
        return [self[name] for name in names if name in self.fields]

    @property
    def open_more(self) -> bool:
        return any(field.errors for field in self.more_fields()) or bool(set(self.changed_data) - {"approved"})

    def changes(self) -> Item | None:
        """Return the change of this line, None if it stays as it is."""
        row, typed = self.line.line, self.cleaned_data
        before: dict[str, Any] = {"approved": self.line.approved}
        after: dict[str, Any] = {"approved": typed["approved"]}
        quantities = {one.key: stored(typed[one.key]) for one in self.counted}
        other = {key: value for key, value in quantities.items() if value != self._known(key)}
        columns = {"quantities": {**row.quantities, **other}} | {name: typed[name] for name in OF_LINE if name in typed}
        for name, value in columns.items():
            if getattr(row, name) != value:
                before[name], after[name] = getattr(row, name), value
        return Item(AmendedPart.LINE, before, after, self.line.pk) if before != after else None

    def _known(self, key: str) -> Any:
        """Return a quantity of the line as its field reads it: the same number may be kept as a number and as text."""
        try:
            return stored(self.fields[key].clean(self.initial[key]))
        except forms.ValidationError:
            return self.initial[key]


class LineForms:
    """The forms of all lines; each is named after its line. The `chosen` line begins with so much `more`."""

    def __init__(self, posted: Any = None, *, award: Award, chosen: int | None = None, more: int = 0) -> None:
        self.posted, self.award, self.chosen, self.more = posted, award, chosen, more

    @cached_property
    def forms(self) -> list[LineForm]:
        lines = self.award.lines.select_related("line")
        common: dict[str, Any] = {"award": self.award, "use_required_attribute": False}
        more = {self.chosen: self.more}
        return [LineForm(self.posted, line=line, more=more.get(line.pk, 0), **common) for line in lines]

    def is_valid(self) -> bool:
        return not any(form.errors for form in self.forms)

    def items(self) -> list[Item]:
        return [item for form in self.forms if (item := form.changes()) is not None]


class NewLineForm(budget.LineForm):
    """A line that is to be added, with all that is asked at filing."""

    def __init__(
        self, *args: Any, award: Award, place: int, code: str, amount: int | None = None, **kwargs: Any
    ) -> None:
        line = BudgetLine(pk=-place, item=code, requested=amount)
        period = (award.starts_on, award.ends_on)
        super().__init__(*args, prefix=f"new-{place}", line=line, place=place, period=period, shares=False, **kwargs)

    @property
    def name(self) -> str:
        return self.item.name

    def change(self) -> Item:
        values = {name: value for name, value in self.values.items() if name in OF_NEW}
        values["quantities"] = {key: value for key, value in values["quantities"].items() if value is not None}
        return Item(AmendedPart.NEW_LINE, {}, {"item": self.line.item, "approved": self.values["requested"], **values})


class NewLineForms:
    """The forms of the lines that are to be added. Which there are stands in inputs of the page, and the server adds and
    takes away, so the page works without a script. One that was just added begins with the `amount`.
    """

    def __init__(self, posted: Any = None, *, award: Award, amount: int | None = None) -> None:
        self.posted: Any = posted.copy() if posted is not None else None
        self.award, self.amount = award, amount
        self.groups = catalogue.items_for(award.application.programme.code)
        known = {} if posted is None else {n: posted.get(f"new-{n}-item", "") for n in range(1, MOST_NEW + 1)}
        self.codes = {place: code for place, code in known.items() if code in catalogue.items()}
        self.latest = 0

    def add(self, code: str) -> bool:
        """Add a line of the item; False if the scheme has none such, or there are as many as can be asked for at once."""
        free = next((place for place in range(1, MOST_NEW + 1) if place not in self.codes), 0)
        if not free or not any(item.code == code for _title, items in self.groups for item in items):
            return False
        self.codes[free], self.latest = code, free
        return True

    def take_away(self, place: int) -> None:
        self.codes.pop(place, None)

    @cached_property
    def forms(self) -> list[NewLineForm]:
        made = []
        for place, code in sorted(self.codes.items()):
            posted = None if place == self.latest else self.posted
            common: dict[str, Any] = {"award": self.award, "place": place, "use_required_attribute": False}
            made.append(NewLineForm(posted, code=code, amount=self.amount, **common))
            if place == self.latest:
                made[-1].fields["description"].widget.attrs["autofocus"] = True
        return made

    def is_valid(self) -> bool:
        """Return whether all can be read and have an amount, which may come of its price and quantity."""
        for form in self.forms:
            if "requested" not in form.errors and not form.values.get("requested"):
                form.add_error("requested", _("請填要增加的金額。"))
        return not any(form.errors for form in self.forms)

    def items(self) -> list[Item]:
        return [form.change() for form in self.forms]

    def settle(self) -> None:
        """Put what was multiplied into the fields, where it can be seen and changed."""
        for form in self.forms:
            for name, value in form.values.items():
                setattr(form.line, name, value)
            for name, words in form.settled().items():
                self.posted[name] = words


class AnswersForm(Printed, forms.Form):
    """A yes or no to each item, with the reason of a no. `initial` are the answers of whoever looked before."""

    def __init__(self, *args: Any, items: Iterable[AmendmentItem], earlier: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            yes, no = self.names(item)
            self.fields[yes] = forms.ChoiceField(
                label=_("這一項"), choices=[("yes", _("同意")), ("no", _("不同意"))], widget=forms.RadioSelect
            )
            self.fields[no] = forms.CharField(label=_("不同意的理由（函文會引用）"), max_length=200, required=False)
            if earlier and item.favoured is not None:
                self.initial.update({yes: "yes" if item.favoured else "no", no: item.opinion})
        dress(*(self.fields[self.names(item)[1]] for item in self.items))

    @staticmethod
    def names(item: AmendmentItem) -> tuple[str, str]:
        return f"item-{item.pk}", f"why-{item.pk}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.items:
            yes, why = self.names(item)
            if cleaned.get(yes) == "no" and not cleaned.get(why):
                self.add_error(why, _("不同意的項目要寫理由。"))
        return cleaned

    def rows(self) -> dict[int, tuple[BoundField, BoundField]]:
        return {item.pk: (self[self.names(item)[0]], self[self.names(item)[1]]) for item in self.items}

    def answers(self) -> Mapping[int, Answer]:
        typed = self.cleaned_data
        pairs = ((item.pk, *self.names(item)) for item in self.items)
        return {pk: Answer(typed[yes] == "yes", typed[why]) for pk, yes, why in pairs}


class DecisionForm(AnswersForm):
    note = forms.CharField(
        label=_l("補充說明（印在函文，可不填）"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SendBackForm(forms.Form):
    note = forms.CharField(label=_l("退回的理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_back_%s", **kwargs})
