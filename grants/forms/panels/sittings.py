"""The form of a sitting: what an approver chooses for each case of a list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.models import ConcernAnswer, Proposal
from grants.services.panels.sittings import CHOICES, WORDS, Wish
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed


class SittingForm(Printed, forms.Form):
    """What an approver chooses for each case of a list; what is left empty is not decided now.

    `memo_number` counts for every case that goes beyond the year's money.
    """

    memo_number = forms.CharField(
        label=_l("簽文號"), help_text=_l("有案件超出年度額度才需要填。"), max_length=40, required=False
    )

    def __init__(
        self,
        *args: Any,
        proposals: Iterable[Proposal],
        concerns: Mapping[int, Sequence[ConcernAnswer]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposals = list(proposals)
        for proposal in self.proposals:
            case, outcome = proposal.application, Proposal.Outcome(proposal.outcome)
            choices = [("", _l("這次不決定")), *((name, WORDS[name]) for name in CHOICES[outcome])]
            self.fields[f"choice-{case.pk}"] = forms.ChoiceField(
                label=_l("決定"), choices=choices, required=False, widget=forms.Select(attrs={"class": "form-select"})
            )
            self.fields[f"note-{case.pk}"] = OneLineField(
                label=_l("主管意見"),
                max_length=500,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control", "placeholder": _l("主管意見")}),
            )
            self.fields[f"seen-{case.pk}"] = forms.MultipleChoiceField(
                label=_l("看過了"),
                choices=[(one.key, _said(one)) for one in concerns.get(case.pk, ())],
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
                required=False,
            )
            self.fields[f"shown-{case.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput(attrs={"id": False}), initial=proposal.pk, required=False
            )

    def choice(self, case_id: int) -> str:
        """Return what is chosen for the case, as far as it can be read."""
        data = getattr(self, "cleaned_data", {})
        return str(data.get(f"choice-{case_id}") or "")

    def wishes(self) -> list[Wish]:
        """Return what was chosen, in the order of the list."""
        data = self.cleaned_data
        return [
            Wish(
                proposal.application,
                choice,
                data.get(f"shown-{proposal.application_id}") or proposal.pk,
                data[f"note-{proposal.application_id}"],
                data["memo_number"],
                tuple(data.get(f"seen-{proposal.application_id}", ())),
            )
            for proposal in self.proposals
            if (choice := self.choice(proposal.application_id))
        ]


def _said(concern: ConcernAnswer) -> str:
    """Return what is to be read before an approval, with the officer's answer."""
    return f"{concern.sentence}（{concern.answer}）" if concern.answer else concern.sentence
