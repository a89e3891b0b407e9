"""Forms of partners: who it is, what it offers and where, and what it promised or gave."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities.enums import HelpWay, PartnerKind
from communities.models import Organisation
from communities.places import TOWNSHIP
from communities.queries import named, township_choices
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed


class PartnerForm(Printed, forms.Form):
    kind = forms.ChoiceField(label=__("類別"), choices=PartnerKind)
    name = OneLineField(label=__("名稱"), max_length=80)
    offers = OneLineField(label=__("可以幫什麼"), max_length=300, help_text=__("例如 借場地、捐米、健康講座、義剪。"))
    townships = forms.MultipleChoiceField(
        label=format_lazy(__("服務的{kinds}"), kinds=TOWNSHIP),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=__("都不勾就是全縣。"),
    )
    contact_name = OneLineField(label=__("聯絡人"), max_length=60, required=False, help_text=__("不公開。"))
    contact_phone = OneLineField(label=__("聯絡電話"), max_length=30, required=False, help_text=__("不公開。"))
    ended_on = RocDateField(label=__("不再往來的日期"), required=False, help_text=__("還有往來請空白。"))

    def __init__(self, *args: Any, county: str, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["townships"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = township_choices(county)
        if new:
            del self.fields["ended_on"]


class HelpForm(Printed, forms.Form):
    """`county` asks for which association the help was; an own partner helps its association."""

    way = forms.ChoiceField(label=__("承諾或提供"), choices=HelpWay, widget=forms.RadioSelect, initial=HelpWay.GIVEN)
    day = RocDateField(label=__("日期"))
    what = OneLineField(label=__("什麼幫助"), max_length=200, help_text=__("例如 借禮堂半天、白米 30 公斤。"))
    organisation = OneLineField(
        label=__("哪個協會用到"), max_length=80, required=False, help_text=__("立案全名；縣府自己用到請空白。")
    )

    def __init__(self, *args: Any, county: str, own: list[Organisation], asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county, self.own = county, own
        if not asks:
            del self.fields["organisation"]

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > clock.today():
            raise ValidationError(_("日期還沒到。"))
        return day

    def clean_organisation(self) -> Organisation | None:
        name = self.cleaned_data["organisation"]
        if not name:
            return self.own[0] if self.own else None
        found = Organisation.objects.filter(named(name, self.county)).first()
        if found is None:
            raise ValidationError(_("找不到這個協會，請寫立案全名。"))
        return found
