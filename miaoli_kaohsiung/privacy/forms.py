"""The reasons for which records are still needed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from .models import DisposalItem

LONGEST = 200


class LeavingOutForm(forms.Form):
    """A reason for each record of a page; a record with one is left out of the list."""

    def __init__(self, data: Any, items: Iterable[DisposalItem]) -> None:
        super().__init__(data)
        for item in items:
            self.fields[f"reason_{item.pk}"] = forms.CharField(
                label=_("%(record)s：還要留的理由") % {"record": item.title},
                max_length=LONGEST,
                required=False,
                initial=item.left_out,
            )

    def reasons(self) -> dict[int, str]:
        return {int(name.removeprefix("reason_")): value for name, value in self.cleaned_data.items()}
