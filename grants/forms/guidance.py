"""Forms of visits: the day on which somebody goes, and a picture of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.models import Duty
from grants.queries.guidance import visitors_of
from grants.services.guidance.visits import PICTURES, Appointment
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import ClockField, RocDateField, field_of


class VisitForm(forms.Form):
    on = RocDateField(label=_l("訪視日期"))
    starts_at = ClockField(label=_l("時間（可以不填）"), required=False)
    place = forms.CharField(label=_l("地點（可以不填）"), max_length=80, required=False)
    visitor = forms.ModelChoiceField(label=_l("誰去"), queryset=User.objects.none(), empty_label=_l("請選擇"))

    def __init__(self, *args: Any, duty: Duty, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = visitors_of(duty.county)
        numbers = [person.pk for person in people]
        field_of(self, "visitor", forms.ModelChoiceField).queryset = User.objects.filter(pk__in=numbers).order_by("pk")
        field_of(self, "on", RocDateField).earliest = clock.today()
        self.initial.setdefault("visitor", user.pk if user.pk in numbers else None)

    def appointment(self) -> Appointment:
        data = self.cleaned_data
        return Appointment(data["on"], data["visitor"], data["starts_at"], data["place"])


class PhotoForm(forms.Form):
    upload = CheckedFileField(label=_l("照片"), kinds=PICTURES)
    caption = forms.CharField(label=_l("照片說明"), max_length=80)
