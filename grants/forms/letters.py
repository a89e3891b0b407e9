"""Forms of the letters' register: the filter, a draft with number and day of its dispatch, and the words of a kind."""

import re
from collections.abc import Collection, Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_choices
from grants.enums import LetterKind, LetterStatus
from grants.letters.compose import SECRECIES, URGENCIES
from grants.letters.envelopes import SENT_AS, SHEETS
from grants.letters.fields import RECEIVERS, unknown
from grants.letters.marks import after_arrival
from grants.letters.numbering import DEEPEST, level_of
from grants.letters.words import Wording
from grants.models import Letter
from grants.queries.letters import preparer_choices, sought
from miaoli_kaohsiung.lib import clock, dispatch_number
from miaoli_kaohsiung.lib.fields import RocDateField, WholeNumberField
from miaoli_kaohsiung.lib.lines import OneLineEmailField, OneLineField, one_line
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lists.filters import DayFilter, ListFilter, SearchFilter

from .reviews import EditionForm

# What looks like a template's or a page's language: {{ }}, {% %}, <script>, ${ }.
_PROGRAM = re.compile(r"\{[{%#]|[}%#]\}|\$\{|<\s*[/!a-zA-Z][^>\n]{0,20}>?")


class LetterFilter(ListFilter):
    """The filter of the register and of the 發文登記簿; the days are those of dispatch."""

    q = SearchFilter(method="find", hint=_l("字號、案號、單位、主旨"))
    status = django_filters.ChoiceFilter(label=_l("狀態"), choices=LetterStatus, empty_label=_l("全部"))
    kind = django_filters.ChoiceFilter(label=_l("種類"), choices=LetterKind, empty_label=_l("全部"))
    since = DayFilter(label=_l("發文日起"), field_name="dispatched_on", lookup_expr="gte")
    until = DayFilter(label=_l("發文日迄"), field_name="dispatched_on", lookup_expr="lte")
    township = django_filters.ChoiceFilter(label=TOWNSHIP, method="at", empty_label=_l("全部"))
    preparer = django_filters.ChoiceFilter(label=_l("擬稿人"), field_name="prepared_by", empty_label=_l("全部"))

    more = ("township", "preparer")

    def __init__(self, data: QueryDict, queryset: QuerySet[Letter], *, counties: Collection[str]) -> None:
        """Build the filter. `counties` are those whose letters the person reads for the county."""
        super().__init__(data, queryset=queryset, without=() if counties else self.more)
        if counties:
            self.filters["township"].extra["choices"] = township_choices(*sorted(counties))
            self.filters["preparer"].extra["choices"] = preparer_choices(counties)
        self.dress()

    def find(self, queryset: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        return sought(queryset, value)

    def at(self, queryset: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        return queryset.filter(Q(application__township_code=value) | Q(organisation__township=value))


class LetterForm(EditionForm):
    """A draft: its words, who answers questions, number and day of its dispatch.

    One paragraph a line; a line that begins with a full-width space is a sub-item. The dispatch number is required only
    when the letter is issued (`issuing`); an unusual one must be confirmed, but is not refused.
    """

    dispatch_number = OneLineField(
        label=_l("發文字號"),
        help_text=_l("照公文系統給的字號，例如 府社區字第0990001234號。"),
        max_length=60,
        required=False,
    )
    sure = forms.BooleanField(label=_l("我看過了，就是這個文號"), required=False)
    dispatched_on = RocDateField(label=_l("發文日期"))
    subject = forms.CharField(label=_l("主旨"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    explanation = forms.CharField(
        label=_l("說明"),
        help_text=_l("一行一點，編號會自動加上；行首加全形空白就是下一層（一、→(一)→1.→(1)）。"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=5000,
        strip=False,
    )
    originals = OneLineField(label=_l("正本"), max_length=200)
    copies = OneLineField(label=_l("副本"), max_length=200, required=False)
    contact_name = OneLineField(label=_l("承辦人"), max_length=60)
    contact_phone = OneLineField(
        label=_l("承辦人電話"), max_length=40, required=False, help_text=_l("不填就印機關總機。")
    )
    contact_email = OneLineEmailField(label=_l("承辦人電子信箱"), required=False)
    urgency = forms.ChoiceField(label=_l("速別"), choices=[(word, word) for word in URGENCIES])
    secrecy = OneLineField(
        label=_l("密等及解密條件或保密期限"),
        help_text=_l("普通公文留空；密件填密等和解密條件，例如 密（本件於公布時解密）。"),
        max_length=60,
        required=False,
    )
    enclosures = OneLineField(
        label=_l("附件"), help_text=_l("名稱和份數，沒有就留空。"), max_length=120, required=False
    )
    delegation = OneLineField(
        label=_l("分層負責"),
        help_text=_l("印在署名下面；不用就留空。預設照縣市資料。"),
        max_length=80,
        required=False,
    )
    file_number = OneLineField(label=_l("檔號"), max_length=40, required=False)
    retention = OneLineField(label=_l("保存年限"), max_length=10, required=False)

    def __init__(self, *args: Any, issuing: bool = False, example: str = "", **kwargs: Any) -> None:
        """Build the form; `example` is a number as the county's document system gives it for this letter."""
        super().__init__(*args, **kwargs)
        if example:
            words = _("照公文系統給的字號，例如 %(example)s。") % {"example": example}
            self.fields["dispatch_number"].help_text = words
        self.issuing = issuing
        self.unusual = False

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean_explanation(self) -> list[str]:
        return [line.rstrip() for line in self.cleaned_data["explanation"].splitlines() if line.strip()]

    def clean_secrecy(self) -> str:
        text: str = self.cleaned_data["secrecy"]
        if text and not text.startswith(SECRECIES):
            raise ValidationError(_("密等請從 %(kinds)s 開始寫。") % {"kinds": "、".join(SECRECIES)})
        return text

    def clean_dispatch_number(self) -> str:
        typed = self.cleaned_data["dispatch_number"]
        if not typed:
            if self.issuing:
                raise ValidationError(_l("請填公文系統給的發文字號。"), code="required")
            return ""
        try:
            return dispatch_number.read(typed)
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from wrong

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        number: str = values.get("dispatch_number") or ""
        self.unusual = bool(number) and not dispatch_number.is_usual(number)
        if self.issuing and self.unusual and not values.get("sure"):
            self.add_error("dispatch_number", _l("這個字號和常見的寫法不同。確定是這個文號，請勾選後再按一次。"))
        return values

    def words(self) -> dict[str, Any]:
        """Return the draft's text as it is kept."""
        apart = ("edition", "sure", "dispatch_number", "dispatched_on")
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}


class FreeLetterForm(Printed, forms.Form):
    """What a letter beside the usual ones says; the rest of it is edited on its draft."""

    topic = forms.CharField(
        label=_l("主旨"),
        help_text=_l("例如「檢送99年度補助說明會資料1份」，後面會加上「，請查照。」"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
    )
    body = forms.CharField(
        label=_l("說明"),
        help_text=_l("一行一點，編號會自動加上；行首加全形空白就是下一層。期限可以寫【文到10日】，發文時換成日期。"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5000,
        strip=False,
    )

    def clean_topic(self) -> str:
        text = one_line(self.cleaned_data["topic"]).rstrip("。，").removesuffix("請查照").rstrip("，")
        if not text.strip():
            raise ValidationError(self.fields["topic"].error_messages["required"], code="required")
        return text

    def clean_body(self) -> list[str]:
        typed = (one_line(line).rstrip() for line in self.cleaned_data["body"].splitlines())
        lines = [line for line in typed if line.strip()]
        if not lines:
            raise ValidationError(self.fields["body"].error_messages["required"], code="required")
        return lines


class ConfirmForm(EditionForm):
    """The page shows what will be locked, with its mark in `shown`. Days counted without a calendar want a tick."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    guessed_days = forms.BooleanField(
        label=_l("我知道上面的期限是依週六、週日推算的，仍照這樣發文"),
        error_messages={"required": _l("請先看過推算的期限，再勾選；或等該年行事曆登錄後再發文。")},
    )

    def __init__(self, *args: Any, guessed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not guessed:
            del self.fields["guessed_days"]


class WordsForm(Printed, forms.Form):
    """The words of a kind of letter as a county edits them, from which day on, and why.

    They hold named marks and nothing that a program could run; what the letter cannot do without may not be left out.
    """

    subject = forms.CharField(label=_l("主旨"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    explanation = forms.CharField(
        label=_l("說明"),
        help_text=_l(
            "一行一點，編號會自動加上；行首加全形空白就是下一層（一、→(一)→1.→(1)）。"
            "一行裡的記號這一件沒有內容時，那一行不印。"
        ),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=5000,
        strip=False,
    )
    action = forms.CharField(
        label=_l("擬辦"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False, strip=False
    )
    copies = forms.CharField(
        label=_l("副本"),
        help_text=_l("一行一個機關或單位，可以用記號，也可以直接寫名稱；不給副本就留空。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=300,
        required=False,
    )
    starts_on = RocDateField(
        label=_l("從哪一天起"), help_text=_l("最早今天；確認得晚，就從確認那天起。已擬的函稿不會改。")
    )
    memo_number = OneLineField(label=_l("簽文號"), max_length=60, required=False)
    reason = forms.CharField(label=_l("為什麼改"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, wording: Wording) -> None:
        values = wording.values() | {"copies": "\n".join(wording.copies), "starts_on": clock.today()}
        super().__init__(data, initial=values)
        self.wording = wording
        if not wording.action:
            del self.fields["action"]
        if not wording.originals:
            del self.fields["copies"]

    def clean_subject(self) -> str:
        text = self._checked(one_line(self.cleaned_data["subject"]), self.wording.marks)
        sometimes = [f"【{field.mark}】" for field in self.wording.facts if field.sometimes]
        if wrong := [mark for mark in sometimes if mark in text]:
            params = {"marks": "、".join(wrong)}
            raise ValidationError(_("%(marks)s 有些案件沒有內容，不能放在主旨，請放在說明。") % params)
        return text

    def clean_explanation(self) -> str:
        return self._lines("explanation")

    def clean_action(self) -> str:
        return self._lines("action")

    def clean_copies(self) -> list[str]:
        marks = tuple(field.mark for field in RECEIVERS if field.code != "recipient")
        text = self._checked(self.cleaned_data["copies"], marks)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        if day < clock.today():
            raise ValidationError(_("不能早於今天：已經發出的公文不會改。"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = "\n".join(str(data.get(name, "")) for name in ("subject", "explanation", "action"))
        lost = [f"【{mark}】" for mark in self.wording.needed if f"【{mark}】" not in text]
        if lost and not {"subject", "explanation", "action"} & set(self.errors):
            self.add_error("explanation", _("這種公文一定要有 %(marks)s，請加回去。") % {"marks": "、".join(lost)})
        return data

    def values(self) -> dict[str, Any]:
        """Return what `Wording.values` would, as typed."""
        kept = self.wording.values()
        return {name: self.cleaned_data.get(name, kept[name]) for name in kept}

    def _lines(self, name: str) -> str:
        lines = [line.rstrip() for line in self.cleaned_data[name].splitlines() if line.strip()]
        if not lines and self.fields[name].required:
            raise ValidationError(self.fields[name].error_messages["required"], code="required")
        deepest = 0
        for line in lines:
            level = level_of(line)
            if level > deepest or level > DEEPEST:
                raise ValidationError(
                    _("「%(line)s」的行首全形空白太多，最多比上一行多一個。") % {"line": line.strip()[:20]}
                )
            deepest = level + 1
        return self._checked("\n".join(lines), self.wording.marks)

    def _checked(self, text: str, allowed: Sequence[str]) -> str:
        """Return the text. Raises ValidationError for a mark that is not allowed, and for what looks like a program."""
        if found := _PROGRAM.search(text):
            raise ValidationError(
                _("「%(code)s」是程式的寫法，公文裡不能用；要帶入資料請用【】記號。") % {"code": found[0]}
            )
        wrong = [mark for mark in unknown(text, allowed) if mark not in after_arrival(text)]
        if wrong:
            params = {"wrong": "、".join(dict.fromkeys(wrong)), "marks": "".join(f"【{mark}】" for mark in allowed)}
            raise ValidationError(_("%(wrong)s 不能用。這裡可以用的是 %(marks)s。") % params)
        return text


class LabelForm(forms.Form):
    """How the addresses of a print run stand on sheets of labels."""

    sheet = forms.ChoiceField(
        label=_l("標籤紙"),
        choices=[(sheet.code, sheet.name) for sheet in SHEETS],
    )
    first = WholeNumberField(
        label=_l("從第幾格開始"),
        help_text=_l("用過的標籤紙，從還沒用的那一格開始。"),
        initial=1,
        min_value=1,
    )
    one_a_body = forms.BooleanField(label=_l("同一單位只印一張"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "label_%s", **kwargs})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        sheet = next((sheet for sheet in SHEETS if sheet.code == values.get("sheet")), None)
        if sheet and values.get("first", 1) > sheet.places:
            words = _("這種標籤紙只有 %(places)d 格。") % {"places": sheet.places}
            self.add_error("first", ValidationError(words, code="max_value"))
        return values


class PostalForm(forms.Form):
    """How the letters of a print run are sent."""

    sent_as = forms.ChoiceField(label=_l("郵件種類"), choices=list(SENT_AS.items()))
    together = forms.BooleanField(label=_l("同一單位合寄一件"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "postal_%s", **kwargs})
