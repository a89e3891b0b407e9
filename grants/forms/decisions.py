from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l


class RefusalForm(forms.Form):
    """The reason of somebody who refuses what another person proposed. `move` is the move of the post: a confirmation
    needs no reason.
    """

    note = forms.CharField(label=_l("不同意的理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)

    def __init__(self, data: Any = None, *, move: str = "refuse", **kwargs: Any) -> None:
        super().__init__(data if move == "refuse" else {}, **kwargs)
        self.fields["note"].required = move == "refuse"

    @property
    def reason(self) -> str:
        """The reason of a valid form; "" for a confirmation."""
        return str(self.cleaned_data["note"])
