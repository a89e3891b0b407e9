"""Forms of duties: the record of what was done, the event or occasion that an officer sets, the list's filters."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from communities import naming
from communities.enums import OrganisationKind, OrganisationStatus, Tier
from communities.models import Organisation
from communities.places import TOWNSHIP
from communities.queries import township_choices
from grants import duty_kinds
from grants.enums import EntryStage
from grants.models import Duty, DutyEntry
from grants.queries import duties
from grants.services.duties.occasions import Line, Occasion
from grants.services.duties.records import Record
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import QuantityField, RocDateField, field_of
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lists.filters import DayFilter, ListFilter, SearchFilter

MOST = Decimal(999_999)


class DutyForm(forms.Form):
    """The record of a duty. Its fields follow from the kind: figures, and a paper if the clause asks for one."""

    held_on = RocDateField(label=_l("辦理日期"))

    def __init__(self, *args: Any, kind: duty_kinds.Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        field_of(self, "held_on", RocDateField).latest = clock.today()
        for key, label in kind.figures:
            self.fields[f"figure-{key}"] = QuantityField(label=label, max_value=MOST)
        self.fields["note"] = forms.CharField(
            label=_l("紀錄") if kind.note else _l("說明（沒有可以不寫）"),
            max_length=5000,
            required=kind.note,
            widget=forms.Textarea(attrs={"rows": 4 if kind.note else 2}),
        )
        label = _l("紀錄檔案") if kind.file else _l("紀錄檔案（沒有可以不附）")
        self.fields["upload"] = CheckedFileField(label=label, required=kind.file)

    def record(self) -> Record:
        data = self.cleaned_data
        figures = {key: int(data[f"figure-{key}"]) for key, _label in self.kind.figures}
        return Record(data["held_on"], figures, data["note"], data["upload"])


class InvitationForm(forms.Form):
    """An event that an officer sets for a case; the association gets the words unchanged."""

    key = forms.ChoiceField(
        label=_l("事項"),
        choices=[(row.key, row.title) for row in duty_kinds.DUTIES.values() if row.scope == "event"],
        widget=forms.RadioSelect,
    )
    on = RocDateField(label=_l("日期"))
    text = forms.CharField(
        label=_l("通知內容"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("時間、地點、要準備什麼。申請單位會收到這段話。"),
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_l("原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("協會登錄的事項，協會會收到這段話。"),
    )


class OccasionForm(forms.Form):
    """A selection with its day, or a course or visit of the years before these had their own room; `key` is asked only for
    a new one.
    """

    key = forms.ChoiceField(
        label=_l("類別"),
        choices=[(key, duty_kinds.DUTIES[key].title) for key in duty_kinds.SET_HERE],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_l("名稱"), max_length=60, help_text=_l("例如：會計與核銷實務課程。"))
    on = RocDateField(label=_l("日期"), help_text=_l("選拔請填預定有結果的日期。"))
    text = forms.CharField(
        label=_l("時間、地點和要準備的事"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    tell_all = forms.BooleanField(label=_l("通知全縣各社區發展協會"), required=False)

    def __init__(self, *args: Any, duty: Duty | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if duty:
            del self.fields["key"]
            self.initial.update({"title": duty.title, "text": duty.invitation})
            if duty.title:
                self.initial["on"] = duty.due_on

    def occasion(self) -> Occasion:
        data = self.cleaned_data
        return Occasion(data["title"], data["on"], data["text"], data["tell_all"])


class EntryForm(forms.Form):
    """One association at an occasion; the fields follow from the kind."""

    organisation = forms.ModelChoiceField(
        label=_l("社區"), queryset=Organisation.objects.none(), empty_label=_l("請選擇")
    )

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organisation.objects.filter(county=duty.county, kind=OrganisationKind.COMMUNITY_ASSOCIATION)
        places = places.exclude(status=OrganisationStatus.DISSOLVED).order_by("township__position", "name")
        field_of(self, "organisation", forms.ModelChoiceField).queryset = places
        self.stages = duty_kinds.DUTIES[duty.key].stages
        attending = EntryStage.ATTENDED in self.stages
        if len(self.stages) > 1:
            named = [(stage, EntryStage(stage).label) for stage in self.stages]
            self.fields["stage"] = forms.ChoiceField(label=_l("項目"), choices=named, widget=forms.RadioSelect)
        if EntryStage.RESULT in self.stages:
            self.fields["grade"] = forms.ChoiceField(
                label=_l("獎項（登錄結果時選）"), choices=[("", _l("—")), *DutyEntry.Grade.choices], required=False
            )
        self.fields["on"] = RocDateField(label=_l("日期"), latest=clock.today())
        if attending:
            self.fields["people"] = QuantityField(label=_l("出席人數"), min_value="1", max_value=Decimal(9_999))
        label = _l("出席的幹部（職稱、姓名）") if attending else _l("紀錄（推薦的理由、輔導了什麼、評語）")
        self.fields["note"] = forms.CharField(
            label=label, max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

    def line(self) -> Line:
        data = self.cleaned_data
        stage = data.get("stage") or self.stages[0]
        grade = data.get("grade", "") if stage == EntryStage.RESULT else ""
        return Line(data["organisation"], stage, data["on"], int(data.get("people") or 0), data["note"], grade)


class _EntryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_stage_display()} {format_roc(obj.on)}"


class EntryPaperForm(forms.Form):
    entry = _EntryField(label=_l("哪一筆紀錄的文件"), queryset=DutyEntry.objects.none(), empty_label=None)
    title = forms.CharField(label=_l("文件名稱"), max_length=60, help_text=_l("例如：參選計畫書、服務成果。"))
    upload = CheckedFileField(label=_l("檔案"))

    def __init__(self, *args: Any, entries: QuerySet[DutyEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "entry", _EntryField).queryset = entries


class DutyFilter(ListFilter):
    """The filter of the list of duties: the open ones, unless another state is asked for."""

    q = SearchFilter(method="find", hint=_l("單位、案號、名稱"))
    state = django_filters.ChoiceFilter(
        label=_l("狀態"),
        choices=[("late", _l("逾期")), ("done", _l("已登錄"))],
        empty_label=_l("還沒辦的"),
        method="in_any_state",
    )
    kind = django_filters.ChoiceFilter(
        label=_l("事項"),
        field_name="key",
        choices=[(key, duty.title) for key, duty in duty_kinds.DUTIES.items()],
        empty_label=_l("全部"),
    )
    township = django_filters.ChoiceFilter(label=TOWNSHIP, field_name="place", empty_label=_l("全部"))
    due_from = DayFilter(label=_l("期限從"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=_l("期限到"), field_name="due_on", lookup_expr="lte")

    more = ("due_from", "due_to")

    def __init__(self, data: QueryDict, queryset: QuerySet[Duty], *, offices: Collection[str]) -> None:
        """Build the filter. `offices` are the counties in whose offices the person works."""
        super().__init__(data, queryset=queryset, without=() if offices else ("township",))
        if offices:
            self.filters["township"].extra["choices"] = township_choices(*sorted(offices))
        self.dress()

    def filter_queryset(self, queryset: QuerySet[Duty]) -> QuerySet[Duty]:
        state = self.form.cleaned_data.get("state") or "open"
        return duties.in_state(super().filter_queryset(queryset), state)

    def in_any_state(self, queryset: QuerySet[Duty], name: str, value: str) -> QuerySet[Duty]:
        """Leave the rows as they are: no choice is a state as well, so all are narrowed at once above."""
        return queryset

    def find(self, queryset: QuerySet[Duty], name: str, value: str) -> QuerySet[Duty]:
        for word in naming.words(value):
            found = Q(body__icontains=word) | Q(application__number__icontains=word) | Q(title__icontains=word)
            queryset = queryset.filter(found)
        return queryset


class AssociationDutyFilter(DutyFilter):
    """The offices' filter for the associations' yearly duties."""

    state = django_filters.ChoiceFilter(
        label=_l("狀態"),
        choices=[("late", _l("逾期")), ("unchecked", _l("待確認")), ("done", _l("已登錄"))],
        empty_label=_l("還沒辦的"),
        method="in_any_state",
    )
    kind = django_filters.ChoiceFilter(
        label=_l("事項"),
        field_name="key",
        choices=[(key, duty_kinds.DUTIES[key].title) for key in duty_kinds.OF_ASSOCIATIONS],
        empty_label=_l("全部"),
    )
    tier = django_filters.ChoiceFilter(
        label=_l("分級"),
        field_name="organisation__current_tier",
        choices=Tier,
        empty_label=_l("全部"),
    )
