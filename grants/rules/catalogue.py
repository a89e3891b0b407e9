"""What can be applied for and what must be answered: items of chapter 肆, programmes of 參, their questions, the
documents.

Form builders, letters and `facts.from_dict` read the same catalogue. Each entry names its clause; the words are for
volunteers. The tables stand in the folders of the laws.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from grants.rules import laws
from grants.rules.filed.papers import papers_asked
from grants.rules.filed.tables import Tables

if TYPE_CHECKING:
    from grants.rules.facts import Case

T = TypeVar("T")
CLOSING = ("closing", "settlement")
_USUAL, _OTHER = "這個方案常用的項目", "其他項目"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A field that the clause of an item refers to. `type` is int, number (halves allowed), bool, choice, text, date or
    children.
    """

    key: str
    label: str
    unit: str
    type: str
    help: str = ""
    choices: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """One question about an item's receipts at settlement. `papers` maps an answer to the kind of paper that goes with
    it; `wrong` maps an answer that the clause does not allow to the sentence that says so ({name}: the applicant).
    """

    clause: str
    label: str
    choices: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, str], ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """Everything about an item of the budget.

    `needed` and `asked` are keys of quantities: the required ones, and those that may stay blank (`details`). `pay`: it
    is a person's pay; `person`: name and month are asked for; `monthly`: capped by person and month (肆、一、3(5) and 4);
    `by_hour`: the rate is by the hour and may be below the statutory wage, so that employment matters; `share`: capped
    as a share of the other items, which it may follow; `trained`: whoever is paid must be trained; `offered`: whether it
    may still be asked for. `makes_course`,
    `uses_land`: a line of the item implies a course, or use of land, until the applicant answers. `cost` are the
    quantities by which a unit price is multiplied (None: the number given, if any), `cost_per` how many of them the
    price is for; `priced`: whether a unit price is asked for; `counted` is the unit if no quantity has one. `examples`
    are ordinary lines, as an association would write them, for which the law page computes limits.
    """

    code: str
    name: str
    group: str
    clause: str
    help: str
    needed: str = ""
    asked: str = ""
    pay: bool = False
    person: bool = False
    monthly: bool = False
    by_hour: bool = False
    share: bool = False
    counted: str = ""
    cost: tuple[str, ...] | None = None
    cost_per: int = 1
    priced: bool = True
    trained: bool = False
    makes_course: bool = False
    uses_land: bool = False
    offered: bool = True
    proof: Proof | None = None
    examples: tuple[dict[str, Any], ...] = ()

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return _of(quantities(), self.needed)

    @property
    def details(self) -> tuple[Quantity, ...]:
        return _of(quantities(), self.asked)

    @property
    def rated(self) -> bool:
        """Whether its clause names a rate; the rate's rule also reports a blank amount."""
        return bool(self.cost)

    @property
    def unit(self) -> str:
        """The unit in which the item is counted, in words: 小時, 份, 人 × 小時 × 日."""
        units = [quantity.unit for quantity in self.quantities if quantity.unit and quantity.type in ("int", "number")]
        return " × ".join(units) or self.counted


# Rows as the laws write them: (key, label, help, type, clause, further fields) of a question, and
# (code, name, part, clause, purpose in plain words, questions) of a programme.
QuestionRow = tuple[str, str, str, str, str, Mapping[str, Any]]
ProgrammeRow = tuple[str, str, str, str, str, tuple[QuestionRow, ...]]
# (code, title, items) of a group.
Group = tuple[str, str, tuple[Item, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that a clause needs. `type` is int, number, money, bool, choice, choices, list, text or date; `columns`
    are the (key, label, type) of a list's rows; `depends` names a yes/no question that must be answered yes first; with
    `items` the question is asked only if the budget has one of them; a case is not filed while a `needed` one is open.
    """

    key: str
    label: str
    help: str
    type: str
    clause: str
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str, str], ...] = ()
    depends: str = ""
    items: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    code: str
    name: str
    part: str
    order: int
    clause: str
    purpose: str
    questions: tuple[Question, ...]
    law: str


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A paper of the case. `when` is always, registered, national, course, land_use or residents for papers at filing;
    asked for one that a condition of a law in data asks for; closing for one that each closing report needs, the code
    of a programme for one that its reports need, settlement for others.
    """

    code: str
    name: str
    clause: str
    when: str
    help: str


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    name: str
    clause: str


class Known(dict[str, T]):
    """Codes with what they stand for. Before a code counts as unknown, the laws that were filed meanwhile are read."""

    def __init__(self, values: Mapping[str, T], again: Callable[[], Mapping[str, T]]) -> None:
        super().__init__(values)
        self._again = again

    def __missing__(self, code: str) -> T:
        if laws.look_again():
            return self._again()[code]
        raise KeyError(code)


@laws.cached
def review_criteria(law: str) -> tuple[Criterion, ...]:
    """Return what reviewers score under a law (陸、三), in its order; `checklist.review_criteria` adds the weights of a
    day.
    """
    return tuple(Criterion(*row) for row in laws.table(law, "programmes", "REVIEW_CRITERIA"))


@laws.cached
def quantities() -> dict[str, Quantity]:
    return {row[0]: Quantity(*row) for row in _of_all("items", "QUANTITIES")}


@laws.cached
def quantities_of(data: Tables | None) -> Mapping[str, Quantity]:
    """Return the quantities as a law's text describes them, beside those of all others."""
    own = data.items_tables()["QUANTITIES"] if data else ()
    return {**quantities(), **{row[0]: Quantity(*row) for row in own}}


@laws.cached
def items() -> dict[str, Item]:
    """Return all items by code, in the order of chapter 肆."""
    rows = (row if isinstance(row, Item) else Item(**row) for row in _of_all("items", "ITEMS"))
    return Known({item.code: item for item in rows}, items)


@laws.cached
def items_of(data: Tables | None) -> Mapping[str, Item]:
    """Return the items as a law's text describes them, beside those of all others; all items for a law in Python."""
    own = data.items_tables()["ITEMS"] if data else ()
    return {**items(), **{row["code"]: Item(**row) for row in own}} if own else items()


def items_by_group(law: str) -> tuple[Group, ...]:
    """Return (group code, its Chinese title, items) of the law's own items, in its order; empty if it names none."""
    return tuple(
        (code, title, tuple(i for i in items().values() if i.group == code))
        for code, title in laws.table(law, "items", "GROUPS")
    )


@laws.cached
def usual_codes(programme: str) -> tuple[str, ...]:
    """Return the codes of the programme's usual items, in order."""
    return tuple(_by_code("USUAL_ITEMS").get(programme, "").split())


@laws.cached
def sums(programme: str) -> tuple[str, ...]:
    """Return the names of the parameters that say how much the programme pays, in the order in which people ask for
    them.
    """
    return tuple(_by_code("PROGRAMME_SUMS").get(programme, "").split())


@laws.cached
def usual_items(programme: str) -> tuple[Item, ...]:
    """Return the programme's usual items; empty if it has none."""
    return tuple(item for code in usual_codes(programme) if (item := items()[code]).offered)


@laws.cached
def items_for(programme: str) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """Return (title, items) for a choice: the programme's usual items, then the others by group."""
    usual, first = usual_codes(programme), ((_USUAL, usual_items(programme)),)
    others = (
        (title, tuple(i for i in group if i.code not in usual and i.offered))
        for law in _laws_offered(all_programmes()[programme].law)
        for _, title, group in items_by_group(law)
    )
    groups = ((f"{_OTHER}：{title}" if usual else title, rows) for title, rows in others)
    return tuple((title, rows) for title, rows in (*first, *groups) if rows)


def _laws_offered(law: str) -> tuple[str, ...]:
    """Return the laws whose items a law pays for: its own if it is written as data, else those of every folder."""
    return (law,) if laws.data_of(law) else tuple(other for other in laws.folders() if not laws.data_of(other))


@laws.cached
def programmes(law: str) -> dict[str, Programme]:
    """Return all programmes of a law by code, in order; `questions` hold the programme's own before the common ones."""
    common = tuple(Question(*row[:5], **row[5]) for row in laws.table(law, "programmes", "COMMON_QUESTIONS"))
    rows, parts = (laws.table(law, "programmes", name) for name in ("PROGRAMME_ROWS", "PART_TITLES"))
    return {
        code: Programme(
            code,
            name,
            parts[part],
            order,
            clause,
            purpose,
            tuple(Question(*row[:5], **row[5]) for row in own) + common,
            law,
        )
        for order, (code, name, part, clause, purpose, own) in enumerate(rows, 1)
    }


@laws.cached
def all_programmes() -> dict[str, Programme]:
    found = {code: programme for law in laws.found() for code, programme in programmes(law).items()}
    return Known(found, all_programmes)


@laws.cached
def questions() -> dict[str, Question]:
    """Return all questions of all programmes by key."""
    return {q.key: q for programme in all_programmes().values() for q in programme.questions}


@laws.cached
def documents() -> dict[str, DocumentKind]:
    return {row[0]: DocumentKind(*row) for row in _of_all("programmes", "DOCUMENTS")}


def filing_papers(law: str) -> tuple[DocumentKind, ...]:
    """Return the papers that a law may ask for at filing, in order; empty if it names none."""
    rows = (DocumentKind(*row) for row in laws.table(law, "programmes", "DOCUMENTS"))
    return tuple(paper for paper in rows if paper.when not in CLOSING and paper.when not in all_programmes())


def documents_for(case: "Case") -> tuple[DocumentKind, ...]:
    """Return the papers that the law of the programme asks of this case at filing, in order."""
    law = all_programmes()[case.project.programme].law
    data = laws.data_of(law)
    if data:
        asked = {row["code"] for row in papers_asked(case, data)}
        return tuple(paper for paper in filing_papers(law) if paper.code in asked)
    wanted = {"always"}
    if has_course(case):
        wanted.add("course")
    if uses_land(case):
        wanted.add("land_use")
    if case.project.programme == "rental_housing":
        wanted.add("residents")
    if case.organisation.kind == "national_nonprofit":
        wanted.add("national")
    elif case.organisation.kind in ("community_association", "welfare_institution", "civic_group"):
        wanted.add("registered")
    return tuple(d for d in filing_papers(law) if d.when in wanted)


def has_course(case: "Case") -> bool:
    """Return whether there is a course: a lecturer's line or the applicant's own answer makes one."""
    return case.project.answers.get("course") is True or any(items()[line.item].makes_course for line in case.lines)


def uses_land(case: "Case") -> bool:
    """Return whether land is used: the applicant's answer decides, and until then building materials count as a yes."""
    answer = case.project.answers.get("land_use")
    return answer is True or (answer is None and any(items()[line.item].uses_land for line in case.lines))


def _of_all(module: str, name: str) -> tuple[Any, ...]:
    """Return the rows of this table from every law, one after the other."""
    return tuple(row for law in laws.found() for row in laws.table(law, module, name))


@laws.cached
def _by_code(name: str) -> dict[str, str]:
    """Return this table by programme from every law."""
    return {code: row for law in laws.found() for code, row in dict(laws.table(law, "programmes", name)).items()}


def _of(known: Mapping[str, Quantity], keys: str) -> tuple[Quantity, ...]:
    return tuple(known[key] for key in keys.split())
