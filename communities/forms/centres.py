"""Forms of activity centres."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities import queries
from communities.enums import CentreCondition
from communities.models import Organisation
from communities.places import TOWNSHIP
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField, WholeNumberField, field_of
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.roc_date import roc_year

# What a picture may be.
PICTURES = ("jpeg", "png")
COLUMNS = ("name", "address", "organisation", "built_in", "area", "used_for", "closed_on")


class CentreForm(Printed, forms.Form):
    name = OneLineField(label=_("名稱"), max_length=60)
    address = OneLineField(label=_("地址"), max_length=120)
    organisation = forms.ModelChoiceField(
        label=_("管理的協會"), queryset=Organisation.objects.none(), required=False, empty_label=_("公所自己管理")
    )
    built_in = WholeNumberField(label=_("啟用年度（民國）"), required=False, min_value=1)
    area = WholeNumberField(label=_("樓地板面積（平方公尺）"), required=False, min_value=1)
    used_for = OneLineField(
        label=_("平常的用途"), max_length=200, required=False, help_text=_("例如：關懷據點、歌唱班、會議。")
    )
    closed_on = RocDateField(label=_("停用日期"), required=False, help_text=_("還在使用請空白。"))

    def __init__(self, *args: Any, townships: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = queries.listed().filter(township__in=townships).order_by("name")
        field_of(self, "organisation", forms.ModelChoiceField).queryset = bodies
        field_of(self, "built_in", WholeNumberField).max_value = Decimal(roc_year(clock.today().year))
        field_of(self, "closed_on", RocDateField).latest = clock.today()


class NewCentreForm(CentreForm):
    township = forms.ChoiceField(label=TOWNSHIP)

    field_order = ["township"]

    def __init__(self, *args: Any, townships: list[str], **kwargs: Any) -> None:
        super().__init__(*args, townships=townships, **kwargs)
        names = [(code, queries.township_name(code)) for code in townships]
        empty = [("", str(_("請選擇")))] if len(names) > 1 else []
        field_of(self, "township", forms.ChoiceField).choices = [*empty, *names]


class ItemForm(Printed, forms.Form):
    name = OneLineField(label=_("品名"), max_length=60)
    quantity = WholeNumberField(label=_("數量"), min_value=1, max_value=999, initial=1)
    bought_in = WholeNumberField(label=_("購置年度（民國）"), required=False, min_value=1)
    condition = forms.ChoiceField(label=_("狀況"), choices=CentreCondition)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "bought_in", WholeNumberField).max_value = Decimal(roc_year(clock.today().year))


class LookForm(Printed, forms.Form):
    day = RocDateField(label=_("日期"))
    condition = forms.ChoiceField(label=_("狀況"), choices=CentreCondition)
    note = OneLineField(label=_("看到什麼"), max_length=200, required=False)
    picture = CheckedFileField(
        label=_("照片"), required=False, kinds=PICTURES, help_text=_("會公開，請不要拍到人的臉。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "day", RocDateField).latest = clock.today()
