"""A scheme's own data as changes keep them: plain values, the words for them, and how terms become a row.

`columns` are those of `Scheme`, which hold once confirmed; `asked` are those of `SchemeTerms`, which hold for what is filed
from a day on.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import BEFORE_FILING
from grants.models import Application, Programme, Scheme, SchemeTerms
from grants.rules import catalogue
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.changes.kinds import Row
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc

Values = dict[str, Any]

KEEPERS = CASE_HANDLERS
COLUMNS = (
    "name", "short_name", "summary", "legal_basis", "number_prefix", "dispatch_word", "position", "opens_on", "closes_on",
)  # fmt: skip
ASKED = (
    "township_first", "first_review_items", "first_review_words", "correction_days", "programmes", "papers",
    "questions", "criteria", "originals",
)  # fmt: skip
TYPES = {"text": _l("文字"), "number": _l("數字"), "bool": _l("是或否"), "choice": _l("單選")}
_LABELS = {
    "programmes": _l("受理的類別"),
    "purposes": _l("類別的白話說明"),
    "papers": _l("縣府另外要的文件"),
    "questions": _l("縣府另外要問的事"),
    "criteria": _l("審查項目與權重"),
    "position": _l("排列順序"),
    "ruleset": _l("依哪一部法規審查"),
    "slug": _l("網址代碼"),
}


def values_of(scheme: Scheme) -> Values:
    """Return the scheme's data with its newest terms, those of a later day too."""
    terms = newest_terms(scheme)
    purposes = {row.code: row.purpose for row in scheme.programmes.all()}
    columns = {name: _plain(getattr(scheme, name)) for name in COLUMNS}
    return {**columns, "purposes": purposes, **asked_of(terms)}


def newest_terms(scheme: Scheme) -> SchemeTerms:
    found = scheme.terms.order_by("-starts_on", "-pk").first()
    return found or SchemeTerms(scheme=scheme, starts_on=scheme.opens_on)


def asked_of(terms: SchemeTerms) -> Values:
    """Return what the terms ask; where they offer all programmes, each is named."""
    rows = Programme.objects.filter(scheme=terms.scheme).order_by("position")
    codes = terms.programmes or list(rows.values_list("code", flat=True))
    return {name: getattr(terms, name) for name in ASKED} | {"programmes": codes}


def set_columns(scheme: Scheme, values: Mapping[str, Any]) -> None:
    """Write the columns, with the days that a change keeps as text. The row is not saved."""
    for name in COLUMNS:
        value = values[name]
        is_day = name in ("opens_on", "closes_on")
        setattr(scheme, name, dt.date.fromisoformat(value) if is_day and value else value)


def new_terms(scheme: Scheme, values: Mapping[str, Any], starts_on: dt.date) -> SchemeTerms:
    """Add terms from a day on; a day that is over when they are confirmed becomes today. Raises Refused before the
    newest terms, which rest on others.
    """
    newest, first = newest_terms(scheme), max(starts_on, clock.today())
    if newest.pk and first < newest.starts_on:
        params = {"day": format_roc(newest.starts_on)}
        raise Refused(_("%(day)s起的規定已經訂好了，這次的規定要從那一天或更晚開始。") % params)
    return SchemeTerms.objects.create(scheme=scheme, starts_on=first, **{name: values[name] for name in ASKED})


def require_free_prefix(prefix: str, scheme: Scheme | None) -> None:
    """Raise Refused for a prefix under which another scheme numbers or has numbered its cases."""
    own = Q(pk=scheme.pk) if scheme and scheme.pk else Q(pk__in=[])
    taken = Scheme.objects.exclude(own).filter(number_prefix=prefix).exists()
    used = Application.objects.filter(number__startswith=f"{prefix}-")
    if taken or (used.exclude(scheme=scheme) if scheme and scheme.pk else used).exists():
        raise Refused(_("案號字首「%(prefix)s」別的方案已經用過，請換一個。") % {"prefix": prefix})


def notify_drafts(scheme: Scheme, starts_on: dt.date) -> None:
    """Notify those who are writing a case that more or less will be asked of it, and from when."""
    drafts = Application.objects.filter(scheme=scheme, status__in=BEFORE_FILING)
    subject = _("「%(scheme)s」要的資料有變動") % {"scheme": scheme.short_name}
    words = _("%(day)s起送件的案件，要問的事、要附的文件或辦理方式有變動。請打開草稿看一下，缺的會列在「確認送件」。")
    for case in drafts.select_related("organisation", "scheme"):
        body, url = words % {"day": format_roc(starts_on)}, reverse("grants:application_edit", args=[case.number])
        notices.about_case(case, notices.members(case), "asked_anew", subject, body, url)


# --- Old and new in words -----------------------------------------------------------------------------------------------


def rows_of(law: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    """Return a line of old and new for every value of `after`."""
    fields = {
        field.name: field.verbose_name for model in (SchemeTerms, Scheme) for field in model._meta.concrete_fields
    }
    labels = {**fields, **_LABELS}
    return [
        Row(str(labels[name]), in_words(law, name, before.get(name)), in_words(law, name, after[name]))
        for name in (*COLUMNS, *ASKED, "purposes")
        if name in after and not (name == "criteria" and catalogue.review_criteria(law))
    ]


def in_words(law: str, name: str, value: Any) -> str:
    """Return a value as the page of a change shows it."""
    if value in (None, "", [], {}):
        return ""
    if name in ("opens_on", "closes_on"):
        return format_roc(dt.date.fromisoformat(value))
    if name == "township_first":
        return _("是") if value else _("否")
    if name == "originals":
        return str(SchemeTerms.Originals(value).label)
    if name in _LISTS:
        named = {code: row.name for code, row in catalogue.programmes(law).items()}
        return "\n".join(_LISTS[name](row, named) for row in value)
    if name == "purposes":
        named = {code: row.name for code, row in catalogue.programmes(law).items()}
        return "\n".join(f"{named.get(code, code)}：{purpose}" for code, purpose in value.items())
    return str(value)


def _paper(row: Mapping[str, Any], named: Mapping[str, str]) -> str:
    return _joined(row["name"], _must(row, _("必附"), _("可以不附")), row.get("help", ""), _for(row, named))


def _question(row: Mapping[str, Any], named: Mapping[str, str]) -> str:
    kind = f"{TYPES[row['type']]}：{'／'.join(row['choices'])}" if row.get("choices") else str(TYPES[row["type"]])
    return _joined(row["label"], kind, _must(row, _("必答"), _("可以不填")), row.get("help", ""), _for(row, named))


def _criterion(row: Mapping[str, Any], named: Mapping[str, str]) -> str:
    return f"{row['name']} {row['weight']}%"


def _must(row: Mapping[str, Any], yes: str, no: str) -> str:
    return yes if row["required"] else no


def _for(row: Mapping[str, Any], named: Mapping[str, str]) -> str:
    codes = row.get("programmes", [])
    return _("只問：%(names)s") % {"names": "、".join(named.get(code, code) for code in codes)} if codes else ""


def _joined(head: str, *parts: str) -> str:
    return f"{head}（{'；'.join(part for part in parts if part)}）"


_LISTS: dict[str, Any] = {
    "programmes": lambda code, named: named.get(code, code),
    "first_review_items": lambda text, named: text,
    "first_review_words": lambda text, named: text,
    "papers": _paper,
    "questions": _question,
    "criteria": _criterion,
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
