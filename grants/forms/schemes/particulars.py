"""The forms by which a county proposes a new scheme, a change of one, or the days of a year."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.forms.fields import YesNoField
from grants.models import Scheme, SchemeTerms
from grants.queries.law.filed import laws_for
from grants.rules import catalogue
from grants.rules.ruleset import load
from grants.services.schemes import values
from grants.services.schemes.particulars import Paperwork
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.fields import RocDateField, WholeNumberField, field_of
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.roc_date import ad_year, roc_year

from .asked import CriterionRows, OwnRows, PaperRows, QuestionRows, named_programmes

# Words of addresses that stand where the slug of a scheme stands.
RESERVED = {"new"}
MOST_ITEMS, LONGEST_ITEM = 20, 80
_PREFIX = re.compile(r"[0-9A-Z]{1,4}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TALL = {"rows": 3}


class PaperworkForm(Printed, forms.Form):
    """What a proposal rests on."""

    reason = forms.CharField(label=_l("理由"), widget=forms.Textarea({"rows": 2}), max_length=1000)
    memo_number = forms.CharField(label=_l("簽文號"), max_length=60, required=False)
    scan = CheckedFileField(label=_l("簽的掃描檔"), kinds=("pdf", "jpeg", "png"), required=False)

    def paperwork(self) -> Paperwork:
        data = self.cleaned_data
        return Paperwork(data["reason"], data["memo_number"], data["scan"])


class SchemeForm(PaperworkForm):
    """The scheme's own data. `starts_on` is asked once there are cases whose terms would change."""

    name = forms.CharField(label=_l("名稱"), max_length=80)
    short_name = forms.CharField(label=_l("簡稱"), max_length=30, help_text=_l("清單和通知裡用，例如「福利社區化」。"))
    summary = forms.CharField(label=_l("白話說明"), widget=forms.Textarea(_TALL), max_length=500)
    legal_basis = forms.CharField(label=_l("法令依據"), max_length=80)
    opens_on = RocDateField(label=_l("受理起日"))
    closes_on = RocDateField(label=_l("受理迄日"), required=False, help_text=_l("沒有訂就空著。"))
    programmes = forms.MultipleChoiceField(label=_l("受理的類別"), widget=forms.CheckboxSelectMultiple)
    township_first = YesNoField(label=_l("先送公所初審嗎？"), widget=forms.RadioSelect)
    first_review_items = forms.CharField(
        label=_l("公所初審事項"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        help_text=_l("先送公所才要填，一行一項；空著就用一般的五項。"),
    )
    recommends = forms.CharField(
        label=_l("公所同意時的用語"), max_length=20, required=False, help_text=_l("例如 建議補助；空著就是「推薦」。")
    )
    recommends_not = forms.CharField(
        label=_l("公所不同意時的用語"), max_length=20, required=False, help_text=_l("空著就是「不推薦」。")
    )
    correction_days = WholeNumberField(label=_l("補正天數"), min_value=1, max_value=90)
    originals = forms.ChoiceField(
        label=_l("結報時，支出憑證的正本"), choices=SchemeTerms.Originals, widget=forms.RadioSelect
    )
    number_prefix = forms.CharField(
        label=_l("案號字首"), max_length=4, help_text=_l("一到四個大寫英文字母或數字，例如 ML；不能和別的方案相同。")
    )
    dispatch_word = forms.CharField(label=_l("發文字"), max_length=20, help_text=_l("例如 府社行字。"))
    position = WholeNumberField(label=_l("排列順序"), min_value=0, max_value=999, help_text=_l("數字小的排前面。"))
    starts_on = RocDateField(
        label=_l("從哪一天起送件的案件適用"),
        required=False,
        help_text=_l("類別、公所初審、補正天數、文件和問題從這一天起改；已經送件的照送件時的規定。空著就是確認當天。"),
    )

    def __init__(
        self, *args: Any, law: str, scheme: Scheme | None = None, kept: Mapping[str, Any], **kwargs: Any
    ) -> None:
        """Build the form. `kept` are the values it begins with (`values.values_of`)."""
        initial = {**kept, **{name: _day(kept.get(name)) for name in ("opens_on", "closes_on")}}
        words = kept.get("first_review_words") or ["", ""]
        initial["first_review_items"] = "\n".join(kept.get("first_review_items", ()))
        initial["recommends"], initial["recommends_not"] = words
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.law, self.scheme, known = law, scheme, catalogue.programmes(law)
        field_of(self, "programmes", forms.MultipleChoiceField).choices = named_programmes(law, known)
        if scheme is None:
            del self.fields["starts_on"]
        for code, programme in known.items():
            said = kept.get("purposes", {}).get(code) or programme.purpose
            self.fields[f"purpose-{code}"] = forms.CharField(label=programme.name, max_length=200, initial=said)

    def clean_township_first(self) -> bool:
        if (answer := self.cleaned_data["township_first"]) is None:
            raise ValidationError(_("請選一個。"))
        return bool(answer)

    def clean_first_review_items(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["first_review_items"].splitlines()]
        items = list(dict.fromkeys(line for line in lines if line))
        if len(items) > MOST_ITEMS or any(len(item) > LONGEST_ITEM for item in items):
            params = {"most": MOST_ITEMS, "longest": LONGEST_ITEM}
            raise ValidationError(_("最多 %(most)d 項，每項最多 %(longest)d 個字。") % params)
        return items

    def clean_number_prefix(self) -> str:
        prefix: str = self.cleaned_data["number_prefix"]
        if not _PREFIX.fullmatch(prefix):
            raise ValidationError(_("只用一到四個大寫英文字母或數字，例如 ML。"))
        try:
            values.require_free_prefix(prefix, self.scheme)
        except Refused as refused:
            raise ValidationError(refused.reason) from refused
        return prefix

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"] or clock.today()
        if day < clock.today():
            raise ValidationError(_("已經過去的日子不能改；請填今天或以後的日期。"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("opens_on"), cleaned.get("closes_on")
        if begin and end and end < begin:
            self.add_error("closes_on", _("受理迄日不可以早於受理起日。"))
        words = (cleaned.get("recommends", "").strip(), cleaned.get("recommends_not", "").strip())
        if any(words) and (not all(words) or words[0] == words[1]):
            self.add_error("recommends_not", _("兩種用語要一起填，而且不能相同。"))
        return cleaned

    def own_names(self) -> list[str]:
        """Return the names of the fields that say what a programme is for."""
        return [name for name in self.fields if name.startswith("purpose-")]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        codes = [code for code in catalogue.programmes(self.law) if code in data["programmes"]]
        kept = {row.code: row.purpose for row in self.scheme.programmes.all()} if self.scheme else {}
        plain = {name: data[name] for name in values.COLUMNS if name not in ("opens_on", "closes_on")}
        return {
            **plain,
            "opens_on": data["opens_on"].isoformat(),
            "closes_on": data["closes_on"].isoformat() if data["closes_on"] else None,
            "purposes": kept | {code: data[f"purpose-{code}"] for code in codes},
            "township_first": data["township_first"],
            "first_review_items": data["first_review_items"],
            "first_review_words": [data["recommends"], data["recommends_not"]] if data["recommends"] else [],
            "correction_days": data["correction_days"],
            "originals": data["originals"],
            "programmes": codes,
        }


class NewSchemeForm(SchemeForm):
    """The same for a scheme that is not there yet; its law was chosen before."""

    slug = forms.CharField(
        label=_l("網址代碼"), max_length=40, help_text=_l("小寫英文、數字和 -，例如 elder-care；以後不能改。")
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not _SLUG.fullmatch(slug) or slug in RESERVED:
            raise ValidationError(_("只用小寫英文、數字和中間的 -，例如 elder-care。"))
        if Scheme.objects.filter(slug=slug).exists():
            raise ValidationError(_("這個代碼已經有方案用了，請換一個。"))
        return slug


class YearForm(PaperworkForm):
    """The days of a year, and the programmes that are offered in it."""

    year = WholeNumberField(label=_l("年度（民國）"), min_value=90, max_value=200)
    opens_on = RocDateField(label=_l("受理起日"))
    closes_on = RocDateField(label=_l("受理迄日"))
    programmes = forms.MultipleChoiceField(label=_l("受理的類別"), widget=forms.CheckboxSelectMultiple)

    field_order = ("year", "opens_on", "closes_on", "programmes")

    def __init__(self, *args: Any, scheme: Scheme, kept: Mapping[str, Any], **kwargs: Any) -> None:
        year = roc_year(kept["year"]) if kept["year"] else roc_year(clock.today().year)
        super().__init__(*args, **{"initial": {**kept, "year": year}, **kwargs})
        known = named_programmes(scheme.ruleset, catalogue.programmes(scheme.ruleset))
        field_of(self, "programmes", forms.MultipleChoiceField).choices = known

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("opens_on"), cleaned.get("closes_on")
        if begin and end and end < begin:
            self.add_error("closes_on", _("受理迄日不可以早於受理起日。"))
        if end and end < clock.today():
            self.add_error("closes_on", _("受理迄日已經過去了。"))
        return cleaned

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "year": ad_year(data["year"]),
            "opens_on": data["opens_on"].isoformat(),
            "closes_on": data["closes_on"].isoformat(),
            "programmes": data["programmes"],
        }


class LawForm(forms.Form):
    """The law by which the cases of a new scheme are checked."""

    law = forms.ChoiceField(
        label=_l("依哪一部法規審查"), widget=forms.RadioSelect, error_messages={"required": _l("請選一個。")}
    )

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(slug, load(slug).document) for slug in laws_for(county) if catalogue.programmes(slug)]
        field_of(self, "law", forms.ChoiceField).choices = choices


class AskedRows:
    """The rows of papers, questions and, where the law names none, review criteria, as one part of a page."""

    def __init__(self, posted: Any, *, law: str, kept: Mapping[str, Any], used: set[str], criteria: bool) -> None:
        offered = named_programmes(law, catalogue.programmes(law))
        shared: dict[str, Any] = {"used": used, "form_kwargs": {"programmes": offered}}
        self.papers: OwnRows = PaperRows(posted, prefix="papers", kept=kept["papers"], **shared)
        self.questions: OwnRows = QuestionRows(posted, prefix="questions", kept=kept["questions"], **shared)
        self.kept = kept
        # What a law has scored has its weights by ruling: the county sets none beside it.
        asks = criteria and not catalogue.review_criteria(law)
        rows = kept.get("criteria", [])
        self.criteria: OwnRows | None = CriterionRows(posted, prefix="criteria", kept=rows, **shared) if asks else None

    def sets(self) -> list[OwnRows]:
        return [rows for rows in (self.papers, self.questions, self.criteria) if rows is not None]

    def is_valid(self) -> bool:
        # Each of them, so that everything that is wrong is said at once.
        found = [rows.is_valid() for rows in self.sets()]
        return all(found)

    def problems(self) -> list[str]:
        """Return what is wrong with the rows as a whole."""
        return [str(problem) for rows in self.sets() for problem in rows.non_form_errors()]

    def forms(self) -> list[forms.Form]:
        return [form for rows in self.sets() for form in rows.forms]

    def values(self) -> dict[str, Any]:
        criteria = self.criteria.rows() if self.criteria is not None else self.kept.get("criteria", [])
        return {"papers": self.papers.rows(), "questions": self.questions.rows(), "criteria": criteria}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
