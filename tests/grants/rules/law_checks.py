"""Checks of the law files that the suite runs at build time: each gives sentences, none when all is well.

Pass `clauses`, `parameters` and `rules` of your own to prove that a check notices.
"""

import importlib
import re

from grants.rules import chapters, laws, registry, tasks  # noqa: F401  registers the rules

LAWS = laws.found()


def clauses_without_support(law, clauses, rules):
    """E, W and C need a rule or a `by`; M a task kind; R a checklist sentence; I a page; all need their words."""
    carried = {clause for rule in rules if rule.law == law for clause in rule.clauses}
    for clause in clauses.values():
        for word in ("label", "phrase", "kind", "explanation", "does", "document"):
            if not getattr(clause, word):
                yield f"{clause.id}: {word} is empty"
        if set(clause.enforcement) & {"E", "W", "C"} and clause.id not in carried and not _reachable(law, clause.by):
            yield f"{clause.id}: no rule carries it"
        if "M" in clause.enforcement and not clause.task:
            yield f"{clause.id}: no task"
        for key in clause.task:
            if key not in tasks.KINDS:
                yield f"{clause.id}: unknown task {key}"
        if "R" in clause.enforcement and not clause.checklist:
            yield f"{clause.id}: no checklist item"
        if "I" in clause.enforcement and not clause.page:
            yield f"{clause.id}: no page"
    for clause_id in carried - set(clauses):
        yield f"{clause_id}: a rule names it and the law file does not"


def _reachable(law, by):
    """`by` is "portal: …" for another part, or module.function of the law's folder or of the engine, which must be there."""
    if by.startswith("portal: "):
        return True
    module, _, rest = by.partition(".")
    if not rest:
        return False
    own = (laws.FOLDER / law / f"{module}.py").exists()
    thing = importlib.import_module(f"grants.rules.{law}.{module}" if own else f"grants.rules.{module}")
    for name in rest.split("."):
        thing = getattr(thing, name, None)
    return thing is not None


def phrases_not_in(clauses, text):
    """Phrases that do not stand verbatim in the document; parts are joined by ／."""
    for clause in clauses.values():
        for part in clause.phrase.split(" ／ "):
            if part not in text:
                yield f"{clause.id}: 「{part}」 is not in the document"


_NUMBERING = re.compile(
    r"(?:[（(][0-9一二三四五六七八九十]+[）)]|[0-9]+[.、]|[壹貳參肆伍陸柒捌玖一二三四五六七八九十]+、|- )\s*$"
)
_BEGINS_AFTER, _ENDS_BEFORE = "。；;，：:—（\n", "。；;，）\n"


def phrases_cut(clauses, text):
    """Phrases that begin or end in the middle of a sentence of the document, or leave a bracket open.

    A phrase may begin after a stop, a comma, a colon, a heading or a number of the list, and end before a stop or a comma.
    """
    for clause in clauses.values():
        for part in clause.phrase.split(" ／ "):
            places = [found.span() for found in re.finditer(re.escape(part), text)]
            whole = any(_begins(text, start) and _ends(text, end) for start, end in places)
            if places and not (whole and part.count("（") == part.count("）")):
                yield f"{clause.id}: 「{part}」 is cut off"


def _begins(text, start):
    before = text[:start].rstrip(" \u3000")
    return not before or before[-1] in _BEGINS_AFTER or _NUMBERING.search(text[max(0, start - 8) : start]) is not None


def _ends(text, end):
    after = text[end:].lstrip(" \u3000")
    return not after or after[0] in _ENDS_BEFORE or text[end - 1] in "。；"


def quotes_without_clause(rules=None):
    """Rules whose docstring quotes a document (「…」) and that name no clause."""
    for rule in registry.rules() if rules is None else rules:
        if _quotes(rule) and not rule.clauses:
            yield f"{rule.name}: a quote without a clause"


def quotes_beyond(text, rules):
    """Quotes in the rules' docstrings that are not part of the clauses' phrases; `text` holds all of them."""
    for rule in rules:
        for quote in _quotes(rule):
            if quote not in text:
                yield f"{rule.name}: 「{quote}」 is not a phrase of the law file"


def _quotes(rule):
    return re.findall(r"「((?:[^「」]|「[^「」]*」){4,})」", rule.function.__doc__ or "")


def overlapping_starts(parameters):
    for parameter in parameters.values():
        starts = [value.starts_on for value in parameter.values]
        if starts != sorted(set(starts)):
            yield f"{parameter.name}: starts overlap or are out of order"


def citations_missing(law, parameters, clauses):
    """Every parameter has a clause that exists, a title, a source document and the day it was last confirmed."""
    for parameter in parameters.values():
        if parameter.clause not in clauses and not parameter.name.startswith("statutory."):
            yield f"{parameter.name}: clause {parameter.clause!r} is not in the law"
        for word in ("title", "source", "confirmed_on"):
            if not getattr(parameter, word):
                yield f"{parameter.name}: {word} is empty"
        if parameter.name.startswith("reading.") and not (parameter.question and parameter.why):
            yield f"{parameter.name}: a reading without its question and reason"


def twins_without_reading(clauses, parameters):
    """Two clauses that cap the same thing with different numbers in their words need a declared reading."""
    readings = {p.clause for p in parameters.values() if p.name.startswith("reading.")}
    for clause in clauses.values():
        for twin in clause.twins:
            if twin not in clauses:
                yield f"{clause.id}: unknown twin {twin}"
            elif _cap(clause.phrase) != _cap(clauses[twin].phrase) and not {clause.id, twin} & readings:
                yield f"{clause.id} and {twin} cap the same thing differently without a reading"


def _cap(phrase):
    """The number of an upper limit in the words (最多補助3位, 不得請領超過4小時), None without one."""
    found = re.search(r"(?:最多補助|不得請領超過|不得超過)(\d+)", phrase)
    return int(found[1]) if found else None


def readings_missing(parameters, count=34):
    """The ambiguities A1 to A34 that no reading declares."""
    named = {p.ambiguity.rstrip("abc") for p in parameters.values()}
    for number in range(1, count + 1):
        if f"A{number}" not in named:
            yield f"A{number} has no reading"
