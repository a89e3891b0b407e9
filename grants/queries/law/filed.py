"""Laws that counties filed as data: their versions, what is wrong with new files, and what they will look like."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grants.models import FiledLaw, Scheme
from grants.rules import engine, facts, laws
from grants.rules.catalogue import Item, items_of, quantities_of
from grants.rules.filed import checking
from grants.rules.filed.checking import Mistake
from grants.rules.filed.conditions import question_of
from grants.rules.filed.shape import BY_TABLE
from grants.rules.filed.tables import Tables
from grants.rules.ruleset import RuleSet, from_files, load
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import RULING_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of

from .examples import Example, examples
from .pages import Chapter, chapters, on_day


@dataclass(frozen=True)
class RuleInWords:
    """A cap or condition as the preview lists it."""

    label: str
    kind: str
    about: str
    value: str
    exclusive: bool
    asks: bool


@dataclass(frozen=True)
class Preview:
    """A law's files as they will read: the clauses, what is asked, and a calculation for each item with an example."""

    ruleset: RuleSet
    tables: Tables
    chapters: list[Chapter]
    items: list[tuple[str, list[Item]]]
    rules: list[RuleInWords]
    trial: list[tuple[str, Example]]
    scheme: Mapping[str, Any] | None


def counties_of(user: User) -> list[str]:
    """Return the counties whose laws the user reads; somebody of all counties reads each."""
    own = {post.county for post in posts_of(user) if post.role in RULING_READERS}
    return [slug for slug in counties.slugs() if "" in own or slug in own]


def laws_for(county: str) -> list[str]:
    """Return the laws by which a scheme of the county can be judged: those of the folders, and those that it filed."""
    filed = set(FiledLaw.objects.filter(county=county).values_list("slug", flat=True))
    for slug in filed:
        load(slug)  # known to this process from here on
    return sorted({*laws.folders(), *filed})


def versions(of: Iterable[str]) -> list[FiledLaw]:
    """Return the versions of the counties' laws, law by law, the newest first."""
    rows = FiledLaw.objects.filter(county__in=list(of)).select_related("change__proposed_by", "change__decided_by")
    return sorted(rows, key=lambda row: (row.slug, -row.pk))


def before_of(slug: str) -> dict[str, str]:
    """Return the files of the newest version of a law; empty if nobody filed it."""
    row = FiledLaw.objects.filter(slug=slug).order_by("-pk").first()
    return dict(row.files) if row else {}


def scheme_of(files: Mapping[str, str]) -> dict[str, Any]:
    """Return the head of a law's files, with the scheme that they open under `scheme`."""
    document = tomllib.loads(files["law.toml"])
    return {**document["law"], "scheme": document.get("scheme")}


def mistakes_in(county: str, files: Mapping[str, str], starts_on: dt.date) -> list[Mistake]:
    """Return what keeps the county from filing these files from that day on: what is wrong in them, and what is another's
    already.
    """
    slug = _slug(files)
    before = before_of(slug)
    found = checking.check(files, before)
    if found:
        return found
    if FiledLaw.objects.filter(slug=slug).exclude(county=county).exists():
        found.append(Mistake("law.toml", _("%(slug)s 是別的縣的法規，請換一個名字") % {"slug": slug}, "[law]", "slug"))
    wanted = scheme_of(files)["scheme"]
    if wanted:
        found += _of_scheme(county, slug, wanted)
    if found:
        return found
    ruleset = read(files)
    day = max(ruleset.effective_from or starts_on, starts_on)
    return checking.begins_too_late(files, day) or _not_computed(ruleset, day)


def _slug(files: Mapping[str, str]) -> str:
    """Return the slug that the files name, "" if they cannot be read (which `check` says)."""
    try:
        return str(tomllib.loads(files["law.toml"])["law"]["slug"])
    except (KeyError, TypeError, tomllib.TOMLDecodeError):
        return ""


def _of_scheme(county: str, slug: str, wanted: Mapping[str, Any]) -> list[Mistake]:
    found = []
    same = Scheme.objects.filter(slug=wanted["slug"]).exclude(county=county, ruleset=slug)
    if same.exists():
        found.append(Mistake("law.toml", _("已經有方案用這個網址，請換一個"), "[scheme]", "slug"))
    taken = Scheme.objects.filter(number_prefix=wanted["number_prefix"]).exclude(slug=wanted["slug"])
    if taken.exists():
        found.append(Mistake("law.toml", _("已經有方案用這個案號開頭，請換一個"), "[scheme]", "number_prefix"))
    return found


def _not_computed(ruleset: RuleSet, day: dt.date) -> list[Mistake]:
    """Return a mistake for each rule that cannot be computed with ordinary lines: such a rule would hold every case."""
    assert ruleset.data is not None, "the files were looked at"
    lines = tuple(_ordinary(ruleset, item) for item in ruleset.data.items)
    found = []
    for programme in ruleset.data.programmes:
        project = facts.Project(programme, day, day, documents=())
        case = facts.Case(day, facts.Organisation("community_association"), project, lines)
        held = [f for f in engine.evaluate(case, ruleset).findings if f.kind == "held"]
        found += [Mistake("rules.toml", _("%(clause)s 的上限算不出來") % {"clause": f.clause}) for f in held]
    return found


def _ordinary(ruleset: RuleSet, code: str) -> facts.Line:
    """Return a line of the item with everything filled in that its clause refers to."""
    known, item = quantities_of(ruleset.data), items_of(ruleset.data)[code]
    filled = {key: 1 if known[key].type in ("int", "number") else False for key in item.needed.split()}
    return facts.Line(code, code, 1_000, 100, person=_("王小明"), month="2010-07", quantities=filled)


def read(files: Mapping[str, str]) -> RuleSet:
    """Return the rule set of files that hold no mistake, whether they are filed or not."""
    slug = _slug(files)
    return from_files(slug, laws.texts() | {laws.name_in(slug, name): text for name, text in files.items()})


def preview(files: Mapping[str, str], day: dt.date) -> Preview:
    """Return what the files will look like on the day. They must hold no mistake."""
    ruleset = read(files)
    tables = ruleset.data
    assert tables is not None, "the files were looked at"
    worked = examples(ruleset, day)
    items = [Item(**row) for row in tables.items_tables()["ITEMS"]]
    return Preview(
        ruleset,
        tables,
        chapters(ruleset, day, "", worked),
        [(title, [item for item in items if item.group == code]) for code, title in tables.groups],
        [_in_words(ruleset, table, row, day) for table, row in _written(tables)],
        [(clause, example) for clause, rows in worked.items() for example in rows],
        scheme_of(files)["scheme"],
    )


def _written(tables: Tables) -> list[tuple[str, Mapping[str, Any]]]:
    return [("cap", row) for row in tables.caps] + [("condition", row) for row in tables.conditions]


def _in_words(ruleset: RuleSet, table: str, row: Mapping[str, Any], day: dt.date) -> RuleInWords:
    tables, known = ruleset.data, items_of(ruleset.data)
    papers = {paper["code"]: paper["name"] for paper in tables.papers} if tables else {}
    about = [known[code].name for code in row.get("items", ())]
    about += [papers[row["paper"]]] if "paper" in row else []
    about += [question_of(ruleset, row["question"])] if "question" in row else []
    return RuleInWords(
        ruleset.clause(row["clause"]).label,
        BY_TABLE[table][row["kind"]].title,
        "、".join(about),
        _value(ruleset, row.get("parameter", ""), day),
        row.get("exclusive", False),
        row.get("severity") == "warning",
    )


def _value(ruleset: RuleSet, name: str, day: dt.date) -> str:
    """Return what a parameter is on the day, both sides of a reading; "" without one or before its first value."""
    if not name:
        return ""
    parameter = ruleset.parameter(name)
    now = on_day(parameter, day).now
    return "" if now is None else now.strict if now.settled else f"{now.strict}～{now.lenient}"
