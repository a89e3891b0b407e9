"""The steps of the application form, except the budget. Every field may stay empty until filing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.forms.fields import ShownOnly, dress, field_for, shown, stored, was_posted
from grants.models import Application
from grants.queries.applications.places import Openness, openness_of
from grants.queries.schemes import terms
from grants.rules import catalogue
from grants.rules.catalogue import Question
from grants.rules.own import OwnQuestion
from miaoli_kaohsiung.lib.fields import RocDateField, field_of
from miaoli_kaohsiung.lib.lines import OneLineEmailField
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.printable import Printed

# Empty rows offered after the filled ones.
SPARE_ROWS = 3
FIRST_ROWS = {"users": 16, "residents": 4, "houses": 3}
MOST_ROWS = 60
TALL = {"rows": 3}


class PlainStep(Printed, forms.Form):
    """A step that asks for columns of the case, with each field named after its column."""

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {name: getattr(case, name) for name in self.base_fields}, **kwargs})
        opened = openness_of(case)
        for name in [name for name in self.fields if not opened.field(name)]:
            self.fields[name] = ShownOnly(self.fields[name])

    def values(self) -> dict[str, Any]:
        """Return the fields that could be read."""
        return {name: self.cleaned_data[name] for name in _open_fields(self) if was_posted(self, name)}


def _open_fields(form: forms.Form) -> list[str]:
    """Return the columns that the form may change now."""
    return [name for name in form.base_fields if not form.fields[name].disabled]


class OrganisationStep(PlainStep):
    """The contact for questions. The registry's data on the organisation are shown, not asked."""

    contact_name = forms.CharField(label=_l("聯絡人"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_l("聯絡電話"), max_length=30, required=False, help_text=_l("例如 07-6610000")
    )
    contact_email = OneLineEmailField(label=_l("聯絡信箱"), required=False, help_text=_l("沒有可以不填"))


# The steps that consist of such a form alone; each page is made from its row here.
PLAIN_STEPS: dict[str, type[PlainStep]] = {"organisation": OrganisationStep}


@dataclass
class Asked:
    """A question with its fields, ready for the page: one field, or rows of them."""

    question: Question
    fields: list[BoundField] = field(default_factory=list)
    rows: list[list[BoundField]] = field(default_factory=list)


class ProjectStep(Printed, forms.Form):
    """What is planned, in the applicant's own words, and the facts that the programme's clauses need."""

    title = forms.CharField(label=_l("計畫名稱"), max_length=80, required=False)
    starts_on = RocDateField(label=_l("開始日期"), required=False)
    ends_on = RocDateField(label=_l("結束日期"), required=False)
    service_area = forms.MultipleChoiceField(
        label=_l("服務區域"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_l("可以複選。")
    )
    place = forms.CharField(label=_l("辦理地點"), max_length=120, required=False)
    goal = forms.CharField(label=_l("為什麼要辦？"), max_length=4000, required=False, widget=forms.Textarea(TALL))
    content = forms.CharField(
        label=_l("要做什麼？"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(TALL),
        help_text=_l("活動或服務的內容、時間安排、誰來做。"),
    )
    beneficiaries = forms.CharField(
        label=_l("幫助到誰？"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    outcome = forms.CharField(label=_l("預期成果"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))
    other_funding = forms.CharField(
        label=_l("有其他單位補助嗎？"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_l("有的話，請寫哪個單位、補助哪一項、多少錢；沒有就空著。"),
    )

    def __init__(
        self,
        *args: Any,
        case: Application,
        areas: list[tuple[str, str]],
        items: set[str],
        also: list[str],
        **kwargs: Any,
    ) -> None:
        """Build the form. `areas` are the townships to choose from, `items` those of the budget, `also` further
        questions to ask.
        """
        initial = {name: getattr(case, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.case = case
        self._lengths: dict[str, int] = {}
        field_of(self, "service_area", forms.MultipleChoiceField).choices = self.areas = areas
        self.questions = questions_of(case, items, also)
        for question in self.questions:
            if question.type == "list":
                self._add_rows(question, case.answers.get(question.key) or [])
            else:
                self._add_field(question, case.answers.get(question.key))
        self._close(openness_of(case))

    def _close(self, opened: Openness) -> None:
        """Show without changing it what a correction has not opened."""
        if opened.whole:
            return
        closed = [name for name in self.base_fields if not opened.field(name)]
        for question in self.questions:
            head = _name(question.key)
            if not opened.question(question.key):
                closed += [name for name in self.fields if name == head or name.startswith(f"{head}-")]
        for name in closed:
            self.fields[name] = ShownOnly(self.fields[name])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begin and end and end < begin:
            self.add_error("ends_on", _("結束日期不可以早於開始日期。"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the fields that could be read, with the answers under `answers`."""
        plain = {name: self.cleaned_data[name] for name in _open_fields(self) if was_posted(self, name)}
        return plain | {"answers": self._answers()}

    def asked(self) -> list[Asked]:
        """Return the questions with their bound fields, for the page."""
        return [
            Asked(question, rows=[[self[name] for name in names] for names in self._rows[question.key]])
            if question.type == "list"
            else Asked(question, [self[name] for name in self._names(question)])
            for question in self.questions
        ]

    def _names(self, question: Question) -> list[str]:
        """Return the question's field, and the one for an answer in one's own words if it has one."""
        name = _name(question.key)
        return [each for each in (name, f"{name}-own") if each in self.fields]

    def plain_fields(self) -> list[BoundField]:
        return [self[name] for name in self.base_fields]

    def _add_field(self, question: Question, value: Any) -> None:
        name = _name(question.key)
        extra = {"label": question.label, "help_text": question.help}
        self.fields[name] = field_for(question.type, question, **extra)
        if question.type == "choices" and value:
            known = {key for key, _label in question.choices}
            field_of(self, name, forms.MultipleChoiceField).choices = [
                *question.choices,
                *((own, own) for own in value if own not in known),
            ]
        self.initial[name] = shown(value, question.type)
        if question.type == "choices" and question.key == "activities":
            self.fields[f"{name}-own"] = forms.CharField(label=_("其他（自己寫）"), max_length=60, required=False)

    @property
    def _rows(self) -> dict[str, list[list[str]]]:
        return {
            question.key: [
                [f"{_name(question.key)}-{place}-{column}" for column, _label, _kind in question.columns]
                for place in range(self._lengths[question.key])
            ]
            for question in self.questions
            if question.type == "list"
        }

    def _add_rows(self, question: Question, kept: list[dict[str, Any]]) -> None:
        lengths = self._lengths
        first = FIRST_ROWS.get(question.key, SPARE_ROWS)
        lengths[question.key] = min(MOST_ROWS, max(first, len(kept) + SPARE_ROWS, self._posted_rows(question)))
        for place in range(lengths[question.key]):
            for column, label, kind in question.columns:
                name = f"{_name(question.key)}-{place}-{column}"
                self.fields[name] = field_for(kind, label=f"{label}（{place + 1}）")
                dress(self.fields[name])
                value = kept[place].get(column) if place < len(kept) else None
                self.initial[name] = shown(value, kind)

    def _posted_rows(self, question: Question) -> int:
        """Return how many rows the page showed, so that none of them is dropped."""
        head = f"{_name(question.key)}-"
        places = [name[len(head) :].split("-")[0] for name in self.data if name.startswith(head)]
        known = (whole_number(place, digits=3) for place in places)
        return max((place + 1 for place in known if place is not None), default=0)

    def _answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        opened = openness_of(self.case)
        for question in self.questions:
            name = _name(question.key)
            if not opened.question(question.key):
                continue
            if question.type == "list":
                rows = self._read_rows(question)
                if rows is not None:
                    answers[question.key] = rows
            elif was_posted(self, name):
                value = self.cleaned_data[name]
                own = (self.cleaned_data.get(f"{name}-own") or "").strip()
                answers[question.key] = stored([*value, own] if own else value)
        return answers

    def _read_rows(self, question: Question) -> list[dict[str, Any]] | None:
        """Return the rows that are filled; None if one of them cannot be read or did not arrive, so that nothing stored
        is lost.
        """
        rows = []
        for names in self._rows[question.key]:
            if not all(was_posted(self, name) for name in names):
                return None
            row = {name.rsplit("-", 1)[1]: stored(self.cleaned_data[name]) for name in names}
            if any(value is not None for value in row.values()):
                rows.append({key: value for key, value in row.items() if value is not None})
        return rows


class ReasonForm(Printed, forms.Form):
    """The written reasons that are posted beside a step's own fields, by the names of their inputs."""

    def __init__(self, data: Any, *, kept: Mapping[str, str]) -> None:
        """Build the form. `kept` maps each input's name to the stored reason."""
        super().__init__(data)
        for name, text in kept.items():
            self.fields[name] = forms.CharField(label=_("說明"), required=False, initial=text)


class WithdrawForm(Printed, forms.Form):
    """The reason for taking a filed case back."""

    reason = forms.CharField(label=_l("撤回的原因"), max_length=300, widget=forms.Textarea({"rows": 3}))


def questions_of(case: Application, items: set[str], also: list[str]) -> list[Question]:
    """Return the questions to ask. Those bound to items appear once such an item is in the budget. Those that depend on
    a yes stay until the answer is no, because a page without a script cannot show them later.
    """
    own = catalogue.all_programmes()[case.programme.code].questions
    known = catalogue.questions()
    answered = [key for key in case.answers if key in known and key not in {question.key for question in own}]
    further = [known[key] for key in dict.fromkeys([*also, *answered])]
    county = [_of_county(row) for row in terms.questions_of(case)]
    return [
        question
        for question in (*own, *further, *county)
        if (not question.items or items.intersection(question.items) or case.answers.get(question.key) is not None)
        and not (question.depends and case.answers.get(question.depends) is False)
    ]


def _of_county(row: OwnQuestion) -> Question:
    if row.required:
        return row.question
    return replace(row.question, help=" ".join(filter(None, (row.question.help, _("可以不填。")))))


def _name(key: str) -> str:
    return f"q_{key}"
