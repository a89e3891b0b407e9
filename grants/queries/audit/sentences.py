"""The trail in sentences: who, in which post, did what to which case, and what changed from what to what, under the names
that the screens have. What only programs read is left out here and stands in the raw record.
"""

import datetime as dt
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.queries import township_name
from grants.rules import catalogue
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock, money, numbers, roc_date

# Amounts of whole NT dollars, under whatever name a service recorded them.
MONEY = frozenset(
    {
        "amount",
        "total",
        "requested",
        "approved",
        "decided",
        "own_funds",
        "other_funds",
        "spent",
        "granted",
        "unit_price",
    }
    | {"requested_total", "surcharge", "eligible", "released", "refused_amount", "fee", "balance", "paid", "returned"}
)
# How many changes a sentence says; the page of the entry says all.
SAID = 6
LONGEST = 60
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
# A mark by which programs compare bytes or find files.
MARK = re.compile(r"[0-9a-f]{40,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A code of the programs within a label: two small Latin letters, or a key before a stroke.
CODED = re.compile(r"[a-z_]{2,}|^\d+[/ ]|[0-9a-f]{12,}")


class Change(NamedTuple):
    """One field of an entry in words; a side is empty where the entry has none."""

    label: str
    before: str
    after: str


class Sentence(NamedTuple):
    """An entry with its sentence, as a line of the workbench."""

    entry: AuditEntry
    text: str


@cache
def words() -> dict[str, Any]:
    """Return the names of kinds and fields that no screen has."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def kind_of(object_type: str) -> str:
    """Return what a kind of row is called: 案件, 核定項目; 資料 for one that an older release had."""
    if object_type in words()["kinds"]:
        return str(words()["kinds"][object_type])
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return _("資料")


def label_of(object_type: str, name: str) -> str:
    """Return what a field is called; "" for one that only programs read, or that nobody knows any more."""
    if name in words()["hidden"]["names"]:
        return ""
    field = _field(object_type, name)
    label = str(getattr(field, "verbose_name", "")) if field else ""
    known = words()["fields"]
    return label if CHINESE.search(label) else str(known.get(name) or known.get(name.removesuffix("_id"), ""))


def _field(object_type: str, name: str) -> Any:
    """Return the column of a name as it was recorded, with or without its `_id`; None if there is none any more."""
    try:
        meta = apps.get_model(object_type)._meta
    except (LookupError, ValueError):
        return None
    for known in (name, name.removesuffix("_id")):
        try:
            return meta.get_field(known)
        except FieldDoesNotExist:
            continue
    return None


class Names:
    """What rows that entries point to are called, asked for once for many entries."""

    def __init__(self, entries: Iterable[AuditEntry]) -> None:
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for entry in entries:
            for side in (entry.before or {}, entry.after or {}):
                for name, value in side.items():
                    model = getattr(_field(entry.object_type, name), "related_model", None)
                    if model and _is_key(model, value):
                        wanted[model].add(value)
        self.found = {model: _called(model, keys) for model, keys in wanted.items()}

    def of(self, model: type[models.Model], key: Any) -> str:
        name = self.found.get(model, {}).get(str(key), "")
        if not name and numbers.whole_number(str(key)) is None:
            return kind_of(model._meta.label_lower)
        return name or _("%(kind)s第 %(key)s 號") % {"kind": kind_of(model._meta.label_lower), "key": key}


def _called(model: type[models.Model], keys: set[Any]) -> dict[str, str]:
    rows = model._base_manager.filter(pk__in=keys)
    return {str(row.pk): text for row in rows if _readable(text := str(row)) or model is StoredFile}


def _is_key(model: type[models.Model], value: Any) -> bool:
    """Return whether a value that was recorded under the name of a relation is the key of a row, and no name or hash."""
    if value in ("", None, True, False) or not isinstance(value, (int, str)):
        return False
    try:
        model._meta.pk.to_python(value)
    except (ValidationError, ValueError, TypeError):
        return False
    return True


def _readable(text: str) -> bool:
    return bool(CHINESE.search(text)) and not CODED.search(text)


def changes_of(entry: AuditEntry, names: Names) -> list[Change]:
    """Return the fields of an entry in words, in the order in which they were recorded."""
    before, after = entry.before or {}, entry.after or {}
    rows = []
    for name in {**before, **after}:
        if label := label_of(entry.object_type, name):
            old, new = (_side(entry, name, side, names) for side in (before, after))
            # Nothing where nothing was is no change.
            if {old, new} - {"", _blank()}:
                rows.append(Change(label, old, new))
    return rows


def _side(entry: AuditEntry, name: str, side: Mapping[str, Any], names: Names) -> str:
    return _shown(entry.object_type, name, side[name], names) if name in side else ""


def _blank() -> str:
    return _("（空白）")


def _shown(object_type: str, name: str, value: Any, names: Names) -> str:
    if value in (None, "", [], {}):
        return _blank()
    field = _field(object_type, name)
    model = getattr(field, "related_model", None)
    if model and _is_key(model, value):
        return names.of(model, value)
    if field is not None and (label := _choice(field, value)):
        return label
    return _coded(name, value) or _plain(object_type, name, value, names)


def _township(code: str) -> str:
    try:
        return township_name(code)
    except LookupError:
        return ""


def _choice(field: Any, value: Any) -> str:
    if not getattr(field, "flatchoices", None):
        return ""
    return next((str(label) for key, label in field.flatchoices if str(key) == str(value)), "")


def _coded(name: str, value: Any) -> str:
    """Return the words for a code of the law's catalogue, a county, a township or a post; "" for what is none."""
    if not isinstance(value, str):
        return ""
    if name == "county" and value in counties.slugs():
        return counties.name_of(value, clock.today())
    if name in ("township", "township_code"):
        return _township(value)
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    return _catalogued(value) or _choices().get((name, value), "")


@cache
def _choices() -> dict[tuple[str, str], str]:
    """Return the words of codes that a service recorded beside the columns, by the name of a column elsewhere and the code;
    only where all columns of that name have the same words for it.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            for code, label in field.flatchoices or ():
                found[field.name, str(code)].add(str(label))
    return {key: labels.pop() for key, labels in found.items() if len(labels) == 1}


@cache
def _catalogue() -> dict[str, str]:
    """Return the names of programmes, items, papers and quantities by their codes."""
    known = {code: row.name for code, row in catalogue.documents().items()}
    known |= {code: row.name for code, row in catalogue.items().items()}
    known |= {code: row.name for code, row in catalogue.all_programmes().items()}
    known |= {code: row.label for code, row in catalogue.quantities().items()}
    known |= {code: row.label for code, row in catalogue.questions().items()}
    return {code: label for row in catalogue.questions().values() for code, label in row.choices} | known


def _catalogued(code: str) -> str:
    return _catalogue().get(code, "")


def _plain(object_type: str, name: str, value: Any, names: Names) -> str:
    match value:
        case bool():
            return _("是") if value else _("否")
        case int():
            return _number(name, value, _field(object_type, name))
        case list():
            return "、".join(filter(None, (_shown(object_type, name, part, names) for part in value)))
        case dict():
            pairs = ((_part(key), _shown("", key, part, names)) for key, part in value.items())
            return "、".join(f"{label} {part}" for label, part in pairs if label and part)
    text = str(value)
    if MARK.fullmatch(text):
        return ""
    if DAY.fullmatch(text):
        return _day(text)
    return _moment(text) if MOMENT.fullmatch(text) else text


def _part(key: str) -> str:
    """Return what a part of a value is called: a field, else a code of the catalogue; "" for what only programs read."""
    return label_of("", key) or _catalogued(key) or (key if CHINESE.search(key) else "")


def _number(name: str, value: int, field: Any) -> str:
    label = str(getattr(field, "verbose_name", ""))
    if name in MONEY or "金額" in label or "（元）" in label:
        return _("%(amount)s 元") % {"amount": money.format_amount(value)}
    if name in ("year", "last_year") and value > roc_date.FIRST_AD_YEAR:
        return _("%(year)d年度") % {"year": roc_date.roc_year(value)}
    return money.format_amount(value)


def _day(text: str) -> str:
    try:
        return roc_date.format_roc(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _moment(text: str) -> str:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    at = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{roc_date.format_roc(at.date())} {at:%H:%M}"


def subject_of(entry: AuditEntry) -> str:
    """Return what an entry is about: 案件 88-099-0001; 經費項目（案件 …）; 協會「…」."""
    kind = kind_of(entry.object_type)
    if entry.object_type in ("grants.application", "grants.award") and entry.case:
        return f"{kind} {entry.case}"
    label = entry.object_label.strip()
    about = f"{kind}「{label}」" if _readable(label) and label != entry.actor_name else kind
    return _("%(about)s（案件 %(case)s）") % {"about": about, "case": entry.case} if entry.case else about


def sentence_of(entry: AuditEntry, names: Names) -> str:
    """Return one entry as a sentence."""
    parts = [part for part in changes_of(entry, names) if part.before != part.after]
    said = "；".join(_clause(part) for part in parts[:SAID])
    if len(parts) > SAID:
        said += _("；等 %(count)d 項") % {"count": len(parts)}
    own = entry.object_type == "accounts.user" and entry.object_id == str(entry.actor_id)
    head = (
        f"{entry.who}{entry.action_label}"
        if own and not entry.case
        else f"{entry.who}{entry.action_label}：{_about(entry, own)}"
    )
    return f"{head}。{said}。" if said else f"{head}。"


def _about(entry: AuditEntry, own: bool) -> str:
    return _("案件 %(case)s") % {"case": entry.case} if own else subject_of(entry)


def _clause(part: Change) -> str:
    before, after = (_cut(side) for side in (part.before, part.after))
    if part.before and part.after:
        return _("%(label)s由「%(before)s」改為「%(after)s」") % {"label": part.label, "before": before, "after": after}
    return (
        f"{part.label} {after}"
        if part.after
        else _("原來的%(label)s %(before)s") % {"label": part.label, "before": before}
    )


def _cut(text: str) -> str:
    return text.rstrip("。") if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def sentences(entries: Sequence[AuditEntry]) -> list[Sentence]:
    """Return entries with their sentences; what they point to is asked for once for all."""
    names = Names(entries)
    return [Sentence(entry, sentence_of(entry, names)) for entry in entries]


def in_chunks(entries: Iterator[AuditEntry], size: int) -> Iterator[Sentence]:
    """Yield sentences of any number of entries, so many held at once."""
    held: list[AuditEntry] = []
    for entry in entries:
        held.append(entry)
        if len(held) == size:
            yield from sentences(held)
            held = []
    yield from sentences(held)
