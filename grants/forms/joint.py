"""Forms of a case that an alliance files together: which alliance, what each association is to have, who spent what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import Alliance, Organisation
from grants.models import Voucher
from grants.queries.joint import Row
from miaoli_kaohsiung.lib.fields import AmountField
from miaoli_kaohsiung.lib.money import format_amount


class JoinForm(forms.Form):
    alliance = forms.ModelChoiceField(label=_l("哪一個結盟"), queryset=Alliance.objects.none(), empty_label=None)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["alliance"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices


class SharesForm(forms.Form):
    """One amount for each association; `rows` are those of queries.joint, of the award if `awarded`."""

    def __init__(self, *args: Any, rows: Sequence[Row], awarded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"share-{row.organisation.pk}"] = AmountField(
                label=row.organisation.name, initial=row.awarded if awarded else row.requested
            )

    def amounts(self) -> dict[int, int]:
        return {row.organisation.pk: self.cleaned_data[f"share-{row.organisation.pk}"] for row in self.rows}


class AllotForm(forms.Form):
    """For each voucher the association that spent it."""

    def __init__(self, *args: Any, vouchers: Sequence[Voucher], bodies: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vouchers = vouchers
        choices = [("", _("還沒有分")), *((str(body.pk), body.name) for body in bodies)]
        for row in vouchers:
            label = _("第 %(number)d 號　%(purpose)s　%(amount)s 元") % {
                "number": row.position,
                "purpose": row.purpose,
                "amount": format_amount(row.amount),
            }
            self.fields[f"voucher-{row.pk}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                initial=str(row.whose or ""),  # type: ignore[attr-defined]  # of queries.joint.vouchers_of
            )

    def whose(self) -> dict[int, int | None]:
        """Return the association of each voucher, None for one that belongs to none yet."""
        chosen = {row.pk: self.cleaned_data[f"voucher-{row.pk}"] for row in self.vouchers}
        return {key: int(body) if body else None for key, body in chosen.items()}
