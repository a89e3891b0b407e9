from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evaluation.rules import STEP
from miaoli_kaohsiung.lib.fields import QuantityField, format_quantity


class PointsField(QuantityField):
    """Points of an indicator, whole or half ones; its error messages say points."""

    example = "8 或 7.5"

    def validate(self, value: Any) -> None:
        if value is not None and value > self.max_value:
            words = _("這一項最高%(most)s分。")
            raise ValidationError(words, code="invalid", params={"most": format_quantity(self.max_value)})
        if value is not None and value % STEP:
            raise ValidationError(_("分數以半分為單位，例如 7 或 7.5。"), code="invalid")
        super().validate(value)
