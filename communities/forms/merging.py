"""Which record of the same body is kept, and why the two are one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities import queries
from communities.models import Organisation

KEEP_THIS, KEEP_OTHER = "this", "other"


class MergeForm(forms.Form):
    """`found` are the records to choose from, found by name or number."""

    other = forms.ModelChoiceField(
        label=__("另一筆登記"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": __("請選出另一筆登記；沒有列出來的，請在上面用名稱或統一編號找。")},
    )
    kept = forms.ChoiceField(
        label=__("留下哪一筆"),
        choices=[],
        initial=KEEP_THIS,
        widget=forms.RadioSelect,
        help_text=__("另一筆的案件、撥款、任期、文件和帳號都會移過來；它的名稱和統一編號以後也找得到留下的這一筆。"),
    )
    reason = forms.CharField(
        label=__("為什麼是同一個單位"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=__("確認的同仁會看到。"),
    )

    def __init__(self, *args: Any, organisation: Organisation, found: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        fields: dict[str, Any] = self.fields
        fields["other"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in found])
        fields["other"].label_from_instance = _label
        fields["kept"].choices = [
            (KEEP_THIS, _("留下「%(name)s」") % {"name": organisation.name}),
            (KEEP_OTHER, _("留下上面選的另一筆")),
        ]
        if len(found) == 1:
            fields["other"].initial = found[0].pk

    def sides(self) -> tuple[Organisation, Organisation]:
        """Return the record that is kept and the one that is merged into it."""
        both = (self.organisation, self.cleaned_data["other"])
        return both if self.cleaned_data["kept"] == KEEP_THIS else (both[1], both[0])


def _label(body: Organisation) -> str:
    place = queries.township_name(body.township_id or "")
    parts = (body.name, place, body.tax_id, body.registration_number)
    return "　".join(part for part in parts if part)
