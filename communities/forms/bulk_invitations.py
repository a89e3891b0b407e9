"""Invitations of many office holders at once: who is ticked, and where each invitation goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities import naming
from communities.models import OfficeTerm
from miaoli_kaohsiung.accounts.addresses import accounts_at
from miaoli_kaohsiung.lib.fields import field_of
from miaoli_kaohsiung.lib.lines import OneLineEmailField


@dataclass(frozen=True)
class Row:
    """One office holder with the two fields of the form."""

    term: OfficeTerm
    tick: forms.BoundField
    email: forms.BoundField


class BulkForm(forms.Form):
    """A tick and an address for each of `terms`. The address of the record is filled in; people without one get a letter."""

    def __init__(self, *args: Any, terms: Iterable[OfficeTerm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = list(terms)
        for term in self.terms:
            who = {"who": f"{term.organisation.name} {term.person_name}"}
            self.fields[f"tick-{term.pk}"] = forms.BooleanField(label=_("邀請%(who)s") % who, required=False)
            self.fields[f"email-{term.pk}"] = OneLineEmailField(label=_("%(who)s的電子信箱") % who, required=False)
            self.initial.update({f"tick-{term.pk}": True, f"email-{term.pk}": term.email})
            field_of(self, f"email-{term.pk}", OneLineEmailField).widget.attrs["class"] = "form-control"

    def rows(self) -> list[Row]:
        return [Row(term, self[f"tick-{term.pk}"], self[f"email-{term.pk}"]) for term in self.terms]

    def ticked(self) -> list[OfficeTerm]:
        return [term for term in self.terms if self.cleaned_data.get(f"tick-{term.pk}")]

    def email_of(self, term: OfficeTerm) -> str:
        email: str = self.cleaned_data.get(f"email-{term.pk}", "")
        return email.lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for term in self.ticked():
            others = list(accounts_at(self.email_of(term)))
            if any(naming.same_person(term.person_name, other.display_name) for other in others):
                problem = _("這個人已經有帳號。請在單位的任期改填他的帳號。")
                self.add_error(f"email-{term.pk}", ValidationError(problem))
            elif others:
                self.add_error(
                    f"email-{term.pk}", ValidationError(_("這個信箱別人在用。要共用，請到單位的任期個別邀請。"))
                )
        return cleaned
