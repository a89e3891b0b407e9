"""The form of a county's rule of sampling."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.queries.settlements.sampling import SamplingRule
from miaoli_kaohsiung.changes.forms import RuleForm
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, WholeNumberField


class SamplingForm(RuleForm):
    percent = WholeNumberField(
        label=_l("抽查比例（%）"), min_value=1, max_value=100, help_text=_l("低風險的案件中，幾成要逐張核對單據。")
    )
    up_to = AmountField(label=_l("核定多少元以下是低風險"), min_value=1)
    seed = forms.CharField(
        label=_l("種子"),
        max_length=60,
        help_text=_l("公開抽出的數字或文字，例如當天公益彩券的開獎號碼；寫在每一案的結報頁，誰都可以重算。"),
    )
    starts_on = RocDateField(label=_l("生效日"), help_text=_l("這一天起送來的結報照這個規定。"))
    field_order = ("percent", "up_to", "seed")

    def __init__(self, data: Any = None, *, rule: SamplingRule | None) -> None:
        held = {"percent": rule.percent, "up_to": rule.up_to} if rule else {}
        super().__init__(data, initial={"starts_on": clock.today(), **held})

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"percent": data["percent"], "up_to": data["up_to"], "seed": data["seed"].strip()}
