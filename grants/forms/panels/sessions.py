"""Forms of presentation sessions: the plan with its agenda, and what is recorded afterwards."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import AgendaItem, Application, PresentationSession
from grants.queries.panels.agendas import Turn
from grants.services.panels.sessions import Heard, Minutes, Plan
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.fields import ClockField, RocDateField, WholeNumberField, field_of
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed

LEAST_MINUTES, MOST_MINUTES = 5, 120
# How many cases one session takes.
MOST_CASES = 40


class PlanForm(Printed, forms.Form):
    """A session: when, where, whom, and which cases in which order. A case is on the agenda once it has a number."""

    meeting = OneLineField(
        label=_l("會議名稱"), max_length=60, help_text=_l("例如 99年度第1次補助案審查會；函裡會寫。")
    )
    held_on = RocDateField(label=_l("日期"))
    begins_at = ClockField(label=_l("開始時間"), help_text=_l("例如 14:00"))
    place = OneLineField(label=_l("地點"), max_length=80)
    minutes_each = WholeNumberField(
        label=_l("每件幾分鐘"), min_value=LEAST_MINUTES, max_value=MOST_MINUTES, help_text=_l("簡報和詢答合計。")
    )
    members = forms.ModelMultipleChoiceField(
        label=_l("邀請的委員"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _l("請至少選一位委員。")},
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        *,
        reviewers: Iterable[User],
        cases: Sequence[Application],
        session: PresentationSession | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(session))
        self.cases = cases
        field = field_of(self, "members", forms.ModelMultipleChoiceField)
        field.queryset = User.objects.filter(pk__in=[person.pk for person in reviewers]).order_by("display_name", "pk")
        for case in cases:
            self.fields[f"turn-{case.pk}"] = WholeNumberField(
                label=_("順序：%(number)s") % {"number": case.number},
                min_value=1,
                max_value=999,
                required=False,
            )
            self.fields[f"turn-{case.pk}"].widget.attrs |= {"class": "form-control", "size": 4}

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("turn-")]

    @property
    def rows(self) -> list[tuple[Application, forms.BoundField]]:
        return [(case, self[f"turn-{case.pk}"]) for case in self.cases]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        turns = [int(data[f"turn-{case.pk}"]) for case in self.cases if data.get(f"turn-{case.pk}")]
        if len(set(turns)) < len(turns):
            raise ValidationError(_("有兩件的順序相同，請改成不同的號碼。"))
        if not turns and not any(name.startswith("turn-") for name in self.errors):
            raise ValidationError(_("請在要簡報的案件填順序，例如 1、2、3；或按「全部依案號排」。"))
        if len(turns) > MOST_CASES:
            raise ValidationError(_("一場最多 %(most)d 件，請分成幾場。") % {"most": MOST_CASES})
        return data

    def plan(self) -> Plan:
        data = self.cleaned_data
        chosen = [(int(data[f"turn-{case.pk}"]), case) for case in self.cases if data[f"turn-{case.pk}"]]
        return Plan(
            data["meeting"],
            data["held_on"],
            data["begins_at"],
            data["place"],
            int(data["minutes_each"]),
            list(data["members"]),
            [case for _turn, case in sorted(chosen, key=lambda pair: pair[0])],
        )


def _initial(session: PresentationSession | None) -> dict[str, Any]:
    if session is None:
        return {"minutes_each": 20}
    return {
        "meeting": session.meeting,
        "held_on": session.held_on,
        "begins_at": session.begins_at,
        "place": session.place,
        "minutes_each": session.minutes_each,
        "members": [row.reviewer_id for row in session.members.all()],
        **{f"turn-{item.application_id}": item.turn for item in session.items.all()},
    }


class CancelForm(forms.Form):
    reason = OneLineField(label=_l("取消的原因"), max_length=200)


class RecordForm(Printed, forms.Form):
    """Who came and what was said: of the members, and of each case on the agenda."""

    chair = OneLineField(label=_l("主持人"), max_length=40)
    present = forms.MultipleChoiceField(
        label=_l("出席的委員"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_l("沒有勾的就是沒有出席。"),
    )
    text = forms.CharField(label=_l("會議紀錄"), widget=forms.Textarea(attrs={"rows": 6}), max_length=5000)

    def __init__(self, data: Any, *, session: PresentationSession, turns: Sequence[Turn]) -> None:
        members = list(session.members.select_related("reviewer"))
        initial = {
            "chair": session.chair,
            "text": session.minutes,
            "present": [str(row.pk) for row in members if row.came],
        }
        super().__init__(data, initial=initial)
        field_of(self, "present", forms.MultipleChoiceField).choices = [(row.pk, str(row.reviewer)) for row in members]
        self.turns = turns
        for turn in turns:
            self._add(turn.item)

    def _add(self, item: AgendaItem) -> None:
        came = {True: "yes", False: "no"}.get(item.came) if item.came is not None else ""
        look = {"class": "form-control"}
        self.fields[f"came-{item.pk}"] = forms.ChoiceField(
            label=_l("到場"),
            choices=[("", _l("請選")), ("yes", _l("到場")), ("no", _l("未到"))],
            initial=came,
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"required": _l("請選到場或未到。")},
        )
        self.fields[f"speakers-{item.pk}"] = OneLineField(
            label=_l("到場的人"),
            max_length=100,
            required=False,
            initial=item.speakers,
            widget=forms.TextInput(attrs=look),
        )
        self.fields[f"notes-{item.pk}"] = forms.CharField(
            label=_l("紀錄"), max_length=2000, required=False, initial=item.notes,
            widget=forms.Textarea(attrs={**look, "rows": 2}),
        )  # fmt: skip

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("chair", "present", "text")]

    @property
    def rows(self) -> list[tuple[Turn, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [
            (turn, self[f"came-{turn.item.pk}"], self[f"speakers-{turn.item.pk}"], self[f"notes-{turn.item.pk}"])
            for turn in self.turns
        ]

    def minutes(self) -> Minutes:
        data = self.cleaned_data
        heard = {
            turn.item.pk: Heard(
                data[f"came-{turn.item.pk}"] == "yes", data[f"speakers-{turn.item.pk}"], data[f"notes-{turn.item.pk}"]
            )
            for turn in self.turns
        }
        return Minutes(data["chair"], data["text"], [int(key) for key in data["present"]], heard)
