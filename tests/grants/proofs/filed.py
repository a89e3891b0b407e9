"""For each kind of cap and condition of a law written as data that judges a number: rows of it, and what is proven of each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grants.rules.facts import Case, Elsewhere, PersonMonth
from grants.rules.filed.rules import book_of
from grants.rules.registry import Rule
from grants.rules.ruleset import RuleSet
from tests.grants.proofs.facts import Sides, case_of, line_of
from tests.grants.proofs.proving import Question
from tests.grants.proofs.symbolic import number
from tests.grants.rules import filing_laws

Numbers = Mapping[str, Any]
LIMIT = "a.limit"
# Quantities of the law of `filing_laws` that a line of it has; a question leaves open what the row counts.
GIVEN = {"hours": 3, "in_house": False, "days": 2, "persons": 1, "zz_words": 2500}
# Shares of a ruling, as 100 parts: each of these in `make test`, every whole percentage in `make soak`.
SHARES = (1, 33, 80)


@dataclass(frozen=True)
class Filed:
    """A row of a law written as data: its kind, what stands in it beside its limit, and what is proven of it."""

    kind: str
    question: Question
    row: str = ""
    value: str = "100"
    sort: str = "int"

    @contextmanager
    def law(self) -> Iterator[tuple[Rule, RuleSet]]:
        """The law is known while the block lasts; its limit may be any number on either side."""
        table = "cap" if self.kind in CAPS else "condition"
        name = "" if "parameter" in self.row else f'parameter = "{LIMIT}"'
        rules = f'[[{table}]]\nkind = "{self.kind}"\nclause = "ZZ1"\n{name}\n{self.row}\n'
        files = filing_laws.small(rules, filing_laws.parameter(LIMIT, self.value, self.sort, "max"))
        with filing_laws.known(files) as law:
            assert law.data is not None
            book = book_of(law.data, {"slug": law.slug, "closed_clause": "ZZ1"})
            every = [*book.everywhere, *(rule for rules in book.by_item.values() for rule in rules)]
            yield next(rule for rule in every if rule.name == f"{table}_1.{self.kind}"), law


def meant(limit: Callable[[Numbers, Any], Any], below: bool = False) -> Callable[..., Any]:
    """Return what is offered, once it is shown to be what the row means: the most whole dollars that its limit lets pass."""

    def offer(hit: Any, known: Numbers, sides: Sides) -> Any:
        exact = number(limit(known, sides.strict.__getitem__))
        most = exact // 1
        if below and most == exact:
            most = most - 1
        assert hit.suggested == (max(0, most)), "another limit than the row's"
        return hit.suggested

    return offer


def offered(hit: Any, known: Numbers, sides: Sides) -> Any:
    return hit.suggested


def line(counted: str = "", judged: str = "requested", below: bool = False, each: int = 1, **more: Any) -> Question:
    """A question about one line; a quantity with / is counted in halves, and `each` of them are one unit."""
    parts = {name.strip("/"): 2 if name.endswith("/") else 1 for name in counted.split()}
    money = {name: 1 for name in ("own_funds", "other_funds") if name in more.get("more", ())}

    def make(known: Numbers) -> Case:
        quantities = {**GIVEN, **{name: known[name] for name in parts}}
        beside = {name: known[name] for name in money}
        one = line_of(
            "zz_pay", known.get("requested", 0), quantities=quantities, person="甲", month="2010-05", **beside
        )
        return case_of(one, programme="zz_one")

    def limit(known: Numbers, strict: Any) -> Any:
        amount: Any = Fraction(1, each)
        for name in parts:
            amount = amount * known[name]
        return amount * strict(LIMIT)

    asked = {"requested": 1} if judged == "requested" else {}
    grow = tuple(name for name in parts if name != judged)
    return Question(make, {**asked, **parts, **money}, judged, **{"more": grow, "offer": meant(limit, below), **more})


def one_of_all(of: str, share: int, below: bool) -> Question:
    """One line of the item beside another item. The sum counts in its own base, but not where the others alone are it."""

    def make(known: Numbers) -> Case:
        lines = [
            line_of("zz_pay", known["requested"], quantities=GIVEN),
            line_of("zz_other", known["rest"], "2", quantities=GIVEN, own_funds=known.get("own_funds", 0)),
        ]
        return case_of(*lines, programme="zz_one")

    def limit(known: Numbers, _strict: Any) -> Any:
        rest = known["rest"] + known.get("own_funds", 0)
        return rest * share / (100 if of == "others" else 100 - share)

    names = ("rest", "own_funds") if of == "cost" else ("rest",)
    return Question(make, {"requested": 1, **dict.fromkeys(names, 1)}, more=names, offer=meant(limit, below))


def of_line(share: int) -> Question:
    """What the subsidy is of the line's own cost."""

    def limit(known: Numbers, _strict: Any) -> Any:
        return (known["own_funds"] + known["other_funds"]) * share / (100 - share)

    return line(more=("own_funds", "other_funds"), offer=meant(limit))


def of_case(items: bool = False) -> Question:
    def make(known: Numbers) -> Case:
        lines = [line_of("zz_pay", known["requested"], quantities=GIVEN)]
        # What stands beside the items of the row does not count.
        lines += [line_of("zz_other", known["rest"], "2", quantities=GIVEN)] if items else []
        return case_of(*lines, programme="zz_one")

    offer = meant(lambda known, strict: strict(LIMIT), below=items)
    beside = ("rest",) if items else ()
    return Question(make, {"requested": 1, **dict.fromkeys(beside, 1)}, more=beside, offer=offer)


def of_year(below: bool = False) -> Question:
    """What was asked for in the year already may use all of it: then nothing is left, and nothing is offered."""

    def make(known: Numbers) -> Case:
        asked = {"asked_this_year": known["earlier"]}
        return case_of(line_of("zz_pay", known["requested"], quantities=GIVEN), programme="zz_one", organisation=asked)

    offer = meant(lambda known, strict: strict(LIMIT) - known["earlier"], below)
    return Question(make, {"requested": 1, "earlier": 1}, offer=offer)


def of_month(people: tuple[str, ...] = ("甲",), below: bool = False, wage: bool = False) -> Question:
    """What people are paid in a month, the first of them beside another application of the same body."""

    def make(known: Numbers) -> Case:
        paid = (PersonMonth("甲", "2010-05", known["earlier"], "zz_pay"),)
        quantities = {**GIVEN, "persons": len(people)}
        one = line_of("zz_pay", known["requested"], quantities=quantities, people=people, month="2010-05")
        return case_of(one, programme="zz_one", elsewhere=Elsewhere(paid))

    # Each is paid alike: the one with the least room sets the sum of all.
    limit = meant(lambda known, strict: (strict(LIMIT) - (1 if below else 0) - known["earlier"]) * len(people))
    more = {} if wage else {"offer": limit}
    return Question(make, {"requested": 1, "earlier": 1}, **more)


def of_quantity(key: str, parts: int, least_step: int = 0) -> Question:
    """The number of the line is offered where it may be reached, else the next one below."""

    def offer(hit: Any, known: Numbers, sides: Sides) -> Any:
        assert hit.suggested == sides.strict[LIMIT]
        return hit.suggested - number(least_step) / parts if least_step else hit.suggested

    where = lambda known, sides: (sides.strict[LIMIT].whole >= 1,)  # noqa: E731
    counted = f"{key}/" if parts == 2 else key
    return line(counted, key, offer=offer, where=where)


def own(exclusive: bool = False) -> Callable[[int], Question]:
    """What the applicant bears of the whole cost, which grows with it: the least that does."""

    def asked(share: int) -> Question:
        def make(known: Numbers) -> Case:
            one = line_of("zz_pay", known["requested"], quantities=GIVEN, own_funds=known["own_funds"])
            return case_of(one, programme="zz_one")

        def offer(hit: Any, known: Numbers, sides: Sides) -> Any:
            beside = known["requested"] * share
            return beside // (100 - share) + 1 if exclusive else -(-beside // (100 - share))

        return Question(make, {"requested": 1, "own_funds": 1}, "own_funds", least=True, offer=offer)

    return asked


def so_many(of: str, exclusive: bool = False) -> Question:
    """Earlier applications of the year: as many as leave room for this one."""

    def make(known: Numbers) -> Case:
        if of == "scheme":
            return case_of(programme="zz_one", organisation={"applications_this_year": known["earlier"]})
        return case_of(programme="zz_one", elsewhere=Elsewhere(same_programme=known["earlier"]))

    room = 2 if exclusive else 1
    offer = lambda hit, known, sides: sides.strict[LIMIT] - room  # noqa: E731
    where = lambda known, sides: (sides.strict[LIMIT].whole >= room,)  # noqa: E731
    return Question(make, {"earlier": 1}, "earlier", offer=offer, where=where)


CAPS = {
    "per_unit", "per_day", "per_head", "quantity", "percentage", "per_case", "per_person_month", "per_year_of_applicant",
}  # fmt: skip
ITEM, BELOW, SOFT = 'items = ["zz_pay"]', "exclusive = true", 'severity = "warning"'
FILED: dict[str, Filed] = {
    "per_unit": Filed("per_unit", line("hours/"), 'per = ["hours"]'),
    "per_unit of two": Filed("per_unit", line("persons days"), 'per = ["persons", "days"]'),
    "per_unit of a thousand": Filed("per_unit", line("zz_words", each=1000), 'per = ["zz_words"]\ncount = 1000'),
    "per_unit below": Filed("per_unit", line("hours/", below=True), f'per = ["hours"]\n{BELOW}'),
    "per_unit asked about": Filed("per_unit", line("hours"), f'per = ["hours"]\n{SOFT}'),
    "per_unit rounded by a ruling": Filed(
        "per_unit", line("hours/", readings=("rounding.cap",), offer=offered), 'per = ["hours"]'
    ),
    "per_day": Filed("per_day", line("days/")),
    "per_head": Filed("per_head", line("persons", below=True), BELOW),
    "quantity": Filed("quantity", of_quantity("hours", 2), 'quantity = "hours"'),
    "quantity below": Filed("quantity", of_quantity("zz_words", 1, 1), f'quantity = "zz_words"\n{BELOW}'),
    "quantity of halves below": Filed("quantity", of_quantity("hours", 2, 1), f'quantity = "hours"\n{BELOW}'),
    "per_case": Filed("per_case", of_case()),
    "per_case below": Filed("per_case", of_case(items=True), f"{ITEM}\n{BELOW}"),
    "per_person_month": Filed("per_person_month", of_month(), ITEM),
    "per_person_month below": Filed("per_person_month", of_month(below=True), f"{ITEM}\n{BELOW}"),
    "per_person_month of two": Filed("per_person_month", of_month(("甲", "乙")), ITEM),
    "per_person_month by the basic wage": Filed(
        "per_person_month", of_month(wage=True), f'{ITEM}\nparameter = "statutory.basic_wage.monthly"'
    ),
    "per_year_of_applicant": Filed("per_year_of_applicant", of_year()),
    "per_year_of_applicant below": Filed("per_year_of_applicant", of_year(below=True), f"{BELOW}\n{SOFT}"),
    "cases_in_the_year": Filed("cases_in_the_year", so_many("programme"), 'of = "programme"'),
    "cases_in_the_year below": Filed("cases_in_the_year", so_many("scheme", True), f'of = "scheme"\n{BELOW}'),
}
# Rows of a share, for the share of a ruling in hundredths.
OF_SHARES: dict[str, Callable[[int], Filed]] = {
    **{
        f"percentage of {of}{word}": (
            lambda share, of=of, more=more: Filed(
                "percentage",
                one_of_all(of, share, bool(more)),
                f'{ITEM}\nof = "{of}"\n{more}',
                f"[{share}, 100]",
                "ratio",
            )
        )
        for of in ("asked", "others", "cost")
        for word, more in (("", ""), (" below", BELOW))
    },
    "percentage of line": lambda share: Filed("percentage", of_line(share), 'of = "line"', f"[{share}, 100]", "ratio"),
    "own_share": lambda share: Filed("own_share", own()(share), "", f"[{share}, 100]", "ratio"),
    "own_share above": lambda share: Filed("own_share", own(True)(share), BELOW, f"[{share}, 100]", "ratio"),
}
# Kinds that judge days: each day of a stretch is tried.
ONE_BY_ONE = {"window", "days_before_start"}
