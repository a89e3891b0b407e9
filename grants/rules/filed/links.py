"""Whether the files of a law written as data fit each other: each code is known where it is used, each number has its type."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from grants.rules import catalogue, laws
from grants.rules.cites import ROLES
from grants.rules.filed import values
from grants.rules.filed.conditions import TIERS, day_of
from grants.rules.filed.shape import APPLICANTS, BY_TABLE, FILES, Key, Keys, keys_of
from grants.rules.ruleset import load

# file, table ("" for what stands nowhere in it), row (its place, or its name), key, sentence.
Wrong = tuple[str, str, int | str, str, str]
Documents = Mapping[str, Mapping[str, Any]]
COUNTED, TICKED = ("int", "number"), ("bool", "choice")
WAGE = "statutory.basic_wage.monthly"
_PLACE_FOR = re.compile(r"\{(\w*)\}")


class Law:
    """The rows of a law's files, and what is known of each code."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.head: Mapping[str, Any] = documents["law.toml"]["law"]
        self.parameters: Mapping[str, Any] = documents["law.toml"].get("parameter", {})

    def rows(self, table: str) -> list[Mapping[str, Any]]:
        file = next(name for name, tables in FILES.items() if table in tables)
        found: list[Mapping[str, Any]] = self.documents[file].get(table, [])
        return found

    @cached_property
    def questions(self) -> dict[str, Mapping[str, Any]]:
        own = [row for programme in self.rows("programme") for row in programme.get("question", ())]
        return {row["key"]: row for row in [*self.rows("question"), *own]}

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {row["code"]: row for row in self.rows("item")}

    @cached_property
    def quantities(self) -> dict[str, str]:
        """Key → type of the quantities that an item may have: the portal's and the law's own."""
        shared = {key: row.type for key, row in catalogue.quantities().items() if row.type != "children"}
        own = {row["key"]: row.get("type", "number") for row in self.rows("quantity")}
        others = tuple(f"{prefix}_" for prefix in prefixes())
        return {**{key: kind for key, kind in shared.items() if not key.startswith(others)}, **own}

    @cached_property
    def known(self) -> dict[str, set[str]]:
        """What a code may be a code of → the codes that there are."""
        items, programmes = set(self.items), {row["code"] for row in self.rows("programme")}
        return {
            "clause": {row["id"] for row in self.rows("clause")},
            "item": items,
            "programme": programmes,
            "item or programme": items | programmes,
            "quantity": set(self.quantities),
            "question": set(self.questions),
            "paper": {row["code"] for row in self.rows("paper")},
            "group": {row["code"] for row in self.rows("group")},
            "part": {row["code"] for row in self.rows("part")},
        }

    def kind_of(self, parameter: str) -> str:
        return str(self.parameters[parameter].get("type", "int"))

    def items_of(self, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return [self.items[code] for code in row.get("items") or self.items if code in self.items]


def prefixes() -> dict[str, str]:
    """Return the prefixes of the laws filed as data → their slugs."""
    return {load(slug).head["prefix"]: slug for slug in laws.found() if "prefix" in load(slug).head}


def wrong(documents: Documents, before: Documents) -> Iterator[Wrong]:
    law = Law(documents)
    yield from _codes(law)
    yield from _apart(law, before)
    references = list(_references(law))
    yield from references
    if not references:
        yield from _parameters(law)
        yield from _questions(law)
        yield from _rules(law)
        yield from _promises(law)
    if before:
        yield from _kept(law, Law(before))


NEW_CODES = {"group": "code", "quantity": "key", "item": "code", "part": "code", "programme": "code", "question": "key",
             "paper": "code", "criterion": "code"}  # fmt: skip


def file_of(table: str) -> str:
    return next(name for name, tables in FILES.items() if table in tables)


def _codes(law: Law) -> Iterator[Wrong]:
    """Each code begins with the law's prefix and stands once."""
    prefix, seen = law.head["prefix"], set()
    for table, key in NEW_CODES.items():
        for place, row in enumerate(law.rows(table)):
            nested = (
                [("question.key", asked["key"]) for asked in row.get("question", ())] if table == "programme" else []
            )
            for name, code in [(key, row[key]), *nested]:
                if not code.startswith(f"{prefix}_"):
                    yield file_of(table), table, place, name, f"代碼要以 {prefix}_ 開頭，例如 {prefix}_{code}"
                if code in seen:
                    yield file_of(table), table, place, name, f"代碼 {code} 用了兩次"
                seen.add(code)
    for place, row in enumerate(law.rows("clause")):
        if not row["id"].startswith(prefix.upper()):
            yield "clauses.toml", "clause", place, "id", f"條文代碼要以 {prefix.upper()} 開頭，例如 {prefix.upper()}1"
        if row["id"] in seen:
            yield "clauses.toml", "clause", place, "id", f"條文代碼 {row['id']} 用了兩次"
        seen.add(row["id"])
    for table in ("item", "programme", "clause"):
        if not law.rows(table):
            yield file_of(table), table, 0, "", f"至少要有一個 [[{table}]]"
    for place, row in enumerate(law.rows("criterion")):
        if len(row["code"]) > 20:
            yield "programmes.toml", "criterion", place, "code", "審查標準的代碼最多 20 個字"


def _apart(law: Law, before: Documents) -> Iterator[Wrong]:
    """The law is not taken for another one."""
    slug, prefix = law.head["slug"], law.head["prefix"]
    if slug in (*laws.folders(), "statutes", "filed") or f"{slug}.toml" in laws.texts():
        yield "law.toml", "law", 0, "slug", f"{slug} 是系統原有的法規，請換一個名字"
    if before and before["law.toml"]["law"]["slug"] != slug:
        yield "law.toml", "law", 0, "slug", f"這是 {before['law.toml']['law']['slug']} 的新版本，名字不能改"
    taken = prefixes().get(prefix, slug)
    if taken != slug:
        yield "law.toml", "law", 0, "prefix", f"{prefix} 已經由 {taken} 使用，請換一個"
    others = {clause for other in laws.found() if other != slug for clause in load(other).clauses}
    for place, row in enumerate(law.rows("clause")):
        if row["id"] in others:
            yield "clauses.toml", "clause", place, "id", f"條文代碼 {row['id']} 已經是另一部法規的，請換一個 prefix"


def _references(law: Law) -> Iterator[Wrong]:
    for file, tables in FILES.items():
        for table, (keys, _) in tables.items():
            if table == "scheme":
                continue
            if table == "law":
                rows: Any = [(0, law.head)]
            else:
                rows = law.parameters.items() if table == "parameter" else enumerate(law.rows(table))
            for mark, row in rows:
                for key, sentence in _unknown(law, row, keys or keys_of(table, row["kind"])):
                    yield file, table, mark, key, sentence
                for asked in row.get("question", ()) if table == "programme" else ():
                    for key, sentence in _unknown(law, asked, tables["question"][0]):
                        yield file, table, mark, f"question.{key}", sentence


def _unknown(law: Law, row: Mapping[str, Any], keys: Keys) -> Iterator[tuple[str, str]]:
    for key, known in keys.items():
        if key not in row:
            continue
        if known.type == "parameter" and row[key] not in law.parameters and row[key] != WAGE:
            yield key, f"law.toml 裡沒有標準 {row[key]}"
        for place, code in _codes_in(key, known, row[key]) if known.of else ():
            if code not in law.known[known.of]:
                yield place, _no_such(law, known.of, code)


def _codes_in(key: str, known: Key, value: Any) -> list[tuple[str, str]]:
    """Return (where it stands, code) for each code in the value of a key."""
    if known.type == "cites":
        return [(f"{key}.{role}", code) for role, code in value.items()]
    return [(key, code) for code in (value if isinstance(value, list | dict) else [value])]


def _no_such(law: Law, sort: str, code: str) -> str:
    if sort == "quantity":
        return f"沒有數量欄位 {code}；可以用的有 {'、'.join(law.quantities)}"
    return f"沒有 {code}；要是這部法規裡的代碼"


def _parameters(law: Law) -> Iterator[Wrong]:
    usual = load_usual()
    for name, row in law.parameters.items():
        kind = law.kind_of(name)
        at = ("law.toml", "parameter", name)
        if sentence := values.wrong(name, keys_of("cap", "per_case")["parameter"]):
            yield *at, "", sentence
        if name in usual and kind != usual[name].get("type", "int"):
            yield *at, "type", f"這個標準的種類要是 {usual[name].get('type', 'int')}"
        for value in row["values"]:
            for side in ("value", "strict", "lenient"):
                if side in value and (sentence := values.of_parameter(kind, value[side], row.get("choices"))):
                    yield *at, "values", sentence
        if not row["values"] and name not in law.head.get("requires_parameters", ()):
            yield *at, "values", "還沒有值；要由縣府以函釋訂定的，請列在 requires_parameters"
    for name in law.head.get("requires_parameters", ()):
        if name not in law.parameters:
            yield "law.toml", "law", 0, "requires_parameters", f"沒有標準 {name}"
    for role in law.head.get("cites", {}):
        if role not in ROLES:
            yield "law.toml", "law", 0, f"cites.{role}", f"不認得 {role}；可以寫的是{'、'.join(ROLES)}"
    if ("instalment.threshold" in law.parameters) != ("instalment.first_share" in law.parameters):
        yield "law.toml", "law", 0, "", "分期撥款要有 instalment.threshold 和 instalment.first_share 兩個標準"
    yield from _weights(law)
    yield from _window(law)


def _window(law: Law) -> Iterator[Wrong]:
    scheme = law.documents["law.toml"].get("scheme", {})
    if "closes_on" in scheme and scheme["closes_on"] < scheme["opens_on"]:
        yield "law.toml", "scheme", 0, "closes_on", "受理迄日不能早於受理起日"


def load_usual() -> Mapping[str, Any]:
    """Return the parameters that the portal asks of each law (`usual_terms.toml`), and those of instalments and reviews."""
    usual: dict[str, Any] = tomllib.loads(laws.texts()["usual_terms.toml"])["parameter"]
    more = {"instalment.threshold": {}, "instalment.first_share": {"type": "ratio"}, "review.weights": {"type": "list"}}
    return usual | more


def _weights(law: Law) -> Iterator[Wrong]:
    criteria, row = law.rows("criterion"), law.parameters.get("review.weights")
    if criteria and row is None:
        yield (
            "law.toml",
            "law",
            0,
            "",
            f"有 {len(criteria)} 個審查標準，就要有標準 review.weights（{len(criteria)} 個權重）",
        )
    for value in row["values"] if row is not None else ():
        if len(value.get("value", ())) != len(criteria) or (row or {}).get("length") != len(criteria):
            sentence = f"權重要有 {len(criteria)} 個，length 也要寫 {len(criteria)}"
            yield "law.toml", "parameter", "review.weights", "values", sentence


def _questions(law: Law) -> Iterator[Wrong]:
    for table in ("question", "programme"):
        for place, row in enumerate(law.rows(table)):
            asked = [("", row)] if table == "question" else [("question.", one) for one in row.get("question", ())]
            for before, one in asked:
                if (one["type"] in ("choice", "choices")) != ("choices" in one):
                    yield "programmes.toml", table, place, f"{before}choices", "選項題要有 choices，其他題不要"
                if "depends" in one and law.questions[one["depends"]]["type"] != "bool":
                    yield "programmes.toml", table, place, f"{before}depends", "要是一題是非題（bool）"


def _rules(law: Law) -> Iterator[Wrong]:
    for table in ("cap", "condition"):
        for place, row in enumerate(law.rows(table)):
            for key, sentence in _rule(law, table, row):
                yield "rules.toml", table, place, key, sentence


def _rule(law: Law, table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = BY_TABLE[table][row["kind"]]
    name = row.get("parameter")
    if name == WAGE:
        if row["kind"] != "per_person_month" or "basic_wage" not in law.head.get("includes", ()):
            yield "parameter", '只有 per_person_month 可以用基本工資，law.toml 也要寫 includes = ["basic_wage"]'
    elif name and law.kind_of(name) not in kind.parameter:
        yield "parameter", f"{name} 的種類是 {law.kind_of(name)}，這裡要 {' 或 '.join(kind.parameter)}"
    elif name:
        yield from _fits(law, row, name)
    allowed = {"limit", "share"} if table == "cap" else set()
    for word in _PLACE_FOR.findall(row.get("message", "")):
        if word not in allowed:
            yield "message", f"句子裡不能寫 {{{word}}}"
    yield from _of_lines(law, table, row)
    yield from _of_answers(law, row)


def _fits(law: Law, row: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """The values of a parameter can be used by the row."""
    lists = {"applicant_kind": set(APPLICANTS), "applicant_tier": set(TIERS)}
    for value in law.parameters[name]["values"]:
        for side in (value[key] for key in ("value", "strict", "lenient") if key in value):
            if row["kind"] in lists and not set(side) <= lists[row["kind"]]:
                yield "parameter", f"{name} 只能有 {'、'.join(sorted(lists[row['kind']]))}"
            if row["kind"] == "window" and not _day(side):
                yield "parameter", f"{name} 要是日期，或像 12-31 的月和日"


def _day(value: Any) -> bool:
    try:
        # Of a common year, so that 29 February is refused: it has no day in most years.
        return bool(re.fullmatch(r"\d{2}-\d{2}", str(value)) or not isinstance(value, str)) and bool(
            day_of(value, 2027)
        )
    except ValueError:
        return False


def _of_lines(law: Law, table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a cap multiplies or asks for is asked in the form of each of its items."""
    if table != "cap":
        return
    wanted = {"per_day": ["days"], "per_head": ["persons"]}.get(row["kind"], row.get("per", []))
    counted = [*wanted, *([row["quantity"]] if "quantity" in row else [])]
    for key in counted:
        if law.quantities[key] not in COUNTED:
            yield "per" if "per" in row else "quantity", f"{key} 不是數字"
    for key, value in row.get("where", {}).items():
        if law.quantities[key] not in TICKED:
            yield "where", f"{key} 不是可以選的欄位"
        elif value not in [choice for choice, _ in catalogue.quantities()[key].choices or ((True, ""), (False, ""))]:
            yield "where", f"{key} 沒有 {_written(value)} 這個選項"
    if row.get("count", 1) > 1 and len(wanted) != 1:
        yield "count", "只有一個數量欄位時才能寫 count"
    for item in law.items_of(row):
        lacking = [key for key in (*counted, *row.get("where", {})) if key not in item.get("needed", ())]
        if lacking:
            yield "items", f"{item['code']} 的 needed 裡沒有 {'、'.join(lacking)}，申請表就不會問"
        if row["kind"] == "per_person_month" and not item.get("person"):
            yield "items", f"{item['code']} 要寫 person = true，申請表才會問姓名和月份"


def _of_answers(law: Law, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    pairs = [("answers", key, value) for key, value in row.get("answers", {}).items()]
    if "question" in row:
        right = row["answer"] if isinstance(row["answer"], list) else [row["answer"]]
        pairs += [("answer", row["question"], value) for value in right]
    for key, question, value in pairs:
        asked = law.questions[question]
        fine = isinstance(value, bool) if asked["type"] == "bool" else value in asked.get("choices", ())
        if asked["type"] not in ("bool", "choice"):
            yield key, f"{question} 不是是非題，也不是單選題"
        elif not fine:
            yield key, f"{question} 沒有 {_written(value)} 這個回答"


def _written(value: str | bool) -> str:
    """Return a value as it stands in the file."""
    return str(value).lower() if isinstance(value, bool) else value


def _promises(law: Law) -> Iterator[Wrong]:
    """What a clause says that the portal does is done, and each number is used."""
    rules = [*law.rows("cap"), *law.rows("condition")]
    papers = [row for row in law.rows("paper") if row["when"] == "always"]
    carried = {row["clause"] for row in [*rules, *papers]} | {law.head["closed_clause"]}
    counted = carried | set(law.head.get("cites", {}).values()) | {row["clause"] for row in law.parameters.values()}
    for place, row in enumerate(law.rows("clause")):
        for letter, held in (("E", carried), ("W", carried), ("C", counted)):
            if letter in row["enforcement"] and row["id"] not in held:
                yield "clauses.toml", "clause", place, "enforcement", f"寫了 {letter}，但沒有上限、條件或文件引用這一條"
        if ("R" in row["enforcement"]) != ("checklist" in row):
            yield "clauses.toml", "clause", place, "checklist", "R 要有 checklist 的句子，其他不要"
        if ("I" in row["enforcement"]) != ("page" in row):
            yield "clauses.toml", "clause", place, "page", "I 要有 page，其他不要"
    letters = {row["id"]: row["enforcement"] for row in law.rows("clause")}
    for table in ("cap", "condition"):
        for place, row in enumerate(law.rows(table)):
            letter = "W" if row.get("severity") == "warning" else "E"
            if letter not in letters[row["clause"]]:
                yield (
                    "rules.toml",
                    table,
                    place,
                    "clause",
                    f"clauses.toml 裡 {row['clause']} 的 enforcement 要有 {letter}",
                )
    used = {row.get("parameter") for row in rules} | set(load_usual())
    for name in law.parameters:
        if name not in used:
            yield "law.toml", "parameter", name, "", "這個標準沒有任何上限或條件用到"
    for place, row in enumerate(law.rows("programme")):
        for name in row.get("sums", ()):
            if name not in law.parameters:
                yield "programmes.toml", "programme", place, "sums", f"law.toml 裡沒有標準 {name}"
    asked = {row["paper"] for row in law.rows("condition") if "paper" in row}
    for place, row in enumerate(law.rows("paper")):
        if (row["when"] == "asked") != (row["code"] in asked):
            yield "programmes.toml", "paper", place, "when", "asked 的文件要有 prerequisite_paper 條件，always 的不要"


def _kept(law: Law, before: Law) -> Iterator[Wrong]:
    """Old cases still name the codes of the version before."""
    # Those of a programme's own questions too: below.
    codes = {table: key for table, key in NEW_CODES.items() if table != "question"}
    for table, key in {**codes, "clause": "id"}.items():
        now, then = ({row[key] for row in one.rows(table)} for one in (law, before))
        for code in sorted(then - now):
            more = "；不再受理的寫 offered = false" if table == "item" else ""
            yield file_of(table), "", 0, "", f"上一版有 {code}，舊案件還用得到，不能刪{more}"
    for key in sorted(set(before.questions) - set(law.questions)):
        yield "programmes.toml", "", 0, "", f"上一版有 {key}，舊案件還用得到，不能刪"
    for name in sorted(set(before.parameters) - set(law.parameters)):
        yield "law.toml", "", 0, "", f"上一版有標準 {name}，縣府的函釋還用得到，不能刪"
