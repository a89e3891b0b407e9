"""The words and the layout of a 函: composed from the case by templates, printed as PDF. Only reads; services write.

An explanation is a list of paragraphs; one that begins with a full-width space is a sub-item of the paragraph above.
"""

import gc
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from communities.enums import OrganisationKind
from communities.queries import township_name
from grants.enums import LetterKind, LetterStatus
from grants.models import Application, AwardLine, Letter
from grants.queries.applications.forwarding import forwarding_in_words
from grants.rules import catalogue
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import data_address
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.amount_words import in_words, mixed
from miaoli_kaohsiung.lib.lines import one_line
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.pdf_parts import PartsError
from miaoli_kaohsiung.lib.roc_date import format_roc, format_roc_long

from . import names

log = logging.getLogger(__name__)

SUB_ITEM = "　"
# Forking and joining the parts takes as long as setting a few letters.
LETTERS_A_PROCESS = 12
# Letters of which the accounting office gets a copy.
WITH_MONEY = (LetterKind.APPROVAL, LetterKind.SANCTION)
BLANK_DATE = "中華民國　　年　　月　　日"
URGENCIES = ("普通件", "速件", "最速件")
# Times sets digits and Latin letters, Kai all else. Times comes first, so characters in both (○ … —) must be marked.
_KAI = re.compile("[\u00a1-\u2e7f]+")
_DIGITS = "一二三四五六七八九"
_ADDRESSED = {
    OrganisationKind.SCHOOL: "貴校",
    OrganisationKind.TOWNSHIP_OFFICE: "貴所",
    OrganisationKind.CHURCH: "貴教會",
    OrganisationKind.WELFARE_INSTITUTION: "貴單位",
    OrganisationKind.NATIONAL_NONPROFIT: "貴單位",
}


@dataclass(frozen=True)
class Composed:
    """A letter's words before any editing. `context` is what the layout needs, as plain data."""

    subject: str
    explanation: list[str]
    originals: str
    copies: str
    context: dict[str, Any] = field(default_factory=dict)


def compose(kind: str, case: Application, user: User, on: date, **facts: object) -> Composed:
    """Return the words of a letter of this kind on the day. `facts` are what its wording mentions (see the templates).

    A fact that is a date is written as 99年6月1日, text in one line; `table` (rows of the cost table) becomes the
    enclosure. `user` drafts it. Days counted from the dispatch date are marks (grants.letters.marks).
    """
    head = names.head_of(case.county, on)
    printed = names.plain(head, on)
    place = township_name(case.township_code, on)
    you = addressed(case.organisation.kind)
    words = {
        "title": one_line(case.title),
        "number": case.number,
        "you": you,
        "answered": _answered(case, you, on),
        "legal_basis": case.scheme.legal_basis,
        "ministry": head.ministry,
        **{name: _in_words(value) for name, value in facts.items()},
    }
    table = facts.get("table")
    return Composed(
        subject="".join(_words(f"letters/wording/{kind}_subject.txt", words)),
        explanation=_words(f"letters/wording/{kind}_explanation.txt", words),
        originals=case.organisation.name,
        copies=names.copies(head, place, enclosed=bool(table), accounting=kind in WITH_MONEY),
        context={
            "number": case.number,
            "title": case.title,
            "recipient": names.recipient(case, on),
            "contact": names.contact_of(case, user, on),
            "place": {"code": case.township_code, "name": place},
            "head": printed,
            "urgency": URGENCIES[0],
            **{name: printed[name] for name in names.FILING},
            "table": table or [],
        },
    )


def addressed(kind: str) -> str:
    """Return how a letter addresses a body of the kind: 貴會, 貴校."""
    return _ADDRESSED.get(OrganisationKind(kind), "貴會")


def table_of(lines: Iterable[AwardLine], ruleset: RuleSet) -> list[dict[str, Any]]:
    """Return the rows of the 核定經費明細表 from award lines; a cut gives its reason and the item's clause."""
    return [
        {
            "item": item_name(line.item),
            "description": line.description,
            "requested": line.requested,
            "approved": line.approved,
            "reason": _reason(line, ruleset),
        }
        for line in lines
    ]


def _reason(line: AwardLine, ruleset: RuleSet) -> str:
    """Return 「頁數核實（肆、二、2）」, with the clause only once if the reason names it; "" for a line that was not cut."""
    item = catalogue.items().get(line.item)
    clause = ruleset.clauses.get(item.clause) if item else None
    if not line.reason or clause is None or clause.label in line.reason:
        return line.reason
    return f"{line.reason}（{clause.label}）"


def item_name(code: str) -> str:
    """Return the item's name in the catalogue; the code itself for an item that is no longer known."""
    known = catalogue.items().get(code)
    return known.name if known else code


def amounts(total: int, first: int) -> dict[str, str]:
    """Return the amounts of an approval as its wording prints them: mixed digits in the text, words for the 領據."""
    return {"total_mixed": mixed(total), "total_words": in_words(total), "first_words": in_words(first)}


def render(letters: Sequence[Letter], *, final: bool = False) -> bytes:
    """Return one tagged PDF of all letters, each with its own page numbers. Raises UnprintableError naming missing
    glyphs.

    A draft is marked 稿 unless it is `final`: about to be issued as it stands. Several processes set a long run.
    """
    if lost := pdf.missing_glyphs(_text_of(letters)):
        shown = "、".join(f"「{char}」（U+{ord(char):04X}）" for char in lost)
        raise pdf.UnprintableError(_("這些字在公文字型裡沒有，請改用通用的字：%(chars)s") % {"chars": shown})
    title = letters[0].subject if len(letters) == 1 else _("公文列印檔（%d 件）") % len(letters)
    with _collector_at_rest():
        try:
            return pdf.render_parts([markup(part, title, final=final) for part in _parts(letters)])
        except PartsError:
            log.warning("a print run is rendered by one process", exc_info=True)
            return pdf.render(markup(letters, title, final=final))


def _parts(letters: Sequence[Letter]) -> list[Sequence[Letter]]:
    """Return runs of equal length, at most one per processor, each long enough to be worth a process."""
    count = max(1, min(os.cpu_count() or 1, len(letters) // LETTERS_A_PROCESS))
    bounds = [len(letters) * place // count for place in range(count + 1)]
    return [letters[begin:end] for begin, end in pairwise(bounds)]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Switch garbage collection off: WeasyPrint's trees live until the file is written, and searching them costs a
    quarter of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def markup(letters: Sequence[Letter], title: str = "", *, final: bool = False) -> str:
    """Return the HTML of the letters, for `pdf.render` alone; no browser sees it. Without `title` it has the first
    subject.
    """
    title = title or letters[0].subject
    context = {"title": title, "letters": [_layout(letter, final=final) for letter in letters]}
    return render_to_string("letters/letter.html", context)


def numbered(paragraphs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the paragraphs with numbers: 一、 for the first level, (一) below it; a single paragraph gets no number."""
    tops = [text for text in paragraphs if not text.startswith(SUB_ITEM)]
    rows: list[dict[str, Any]] = []
    for text in paragraphs:
        if text.startswith(SUB_ITEM) and rows:
            below = rows[-1]["below"]
            below.append({"mark": f"({chinese_number(len(below) + 1)})", "text": text.strip()})
        else:
            mark = f"{chinese_number(len(rows) + 1)}、" if len(tops) > 1 else ""
            rows.append({"mark": mark, "text": text.strip(), "below": []})
    return rows


def chinese_number(number: int) -> str:
    """Return 1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones - 1]
    return ("" if tens == 1 else _DIGITS[tens - 1]) + "十" + (_DIGITS[ones - 1] if ones else "")


def typeset(value: str) -> SafeString:
    """Return the text escaped, with characters of Chinese type marked for it."""
    marked = _KAI.sub(lambda run: f'<span class="kai">{run[0]}</span>', escape(value))
    return mark_safe(marked)  # noqa: S308 -- escaped above


def _layout(letter: Letter, *, final: bool) -> dict[str, Any]:
    rows = [{**row, "cut": row["requested"] - row["approved"]} for row in letter.context["table"]]
    sums = {name: sum(row[name] for row in rows) for name in ("requested", "approved", "cut")}
    words = {
        **letter.context,
        "subject": letter.subject,
        "originals": letter.originals,
        "copies": letter.copies,
        "dispatch_number": letter.dispatch_number,
        "date": format_roc_long(letter.dispatched_on) if letter.dispatched_on else BLANK_DATE,
        "paragraphs": numbered(letter.explanation),
        "table": rows,
        "sums": sums,
    }
    draft = letter.status == LetterStatus.DRAFT and not final
    return {**_typeset_all(words), "draft": draft, "signature": _signature(letter.context["head"])}


def _signature(head: dict[str, Any]) -> dict[str, str] | None:
    """Return the picture that is printed instead of title and name, and what it shows."""
    if not head.get("signature"):
        return None
    words = f"{head['signatory']}　{head['signatory_name']}"
    return {"src": data_address(StoredFile.objects.get(pk=head["signature"])), "alt": words}


def _typeset_all(value: Any) -> Any:
    """Return the structure with every text and amount in it typeset."""
    if isinstance(value, dict):
        return {key: _typeset_all(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_typeset_all(part) for part in value]
    if isinstance(value, int):
        return typeset(format_amount(value))
    return typeset(value) if isinstance(value, str) else value


def _words(template: str, words: dict[str, Any]) -> list[str]:
    """Return the lines of a wording without blank ones. The layout escapes the text, not this function."""
    text = render_to_string(template, words)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _in_words(value: object) -> object:
    """Return a fact as a wording takes it. The layout sets rows of a table cell by cell."""
    if isinstance(value, date):
        return format_roc(value)
    if isinstance(value, str):
        return one_line(value)
    return [_in_words(part) for part in value] if isinstance(value, list) else value


def _answered(case: Application, you: str, on: date) -> str:
    """Return what the letter replies to: the application, or the township's letter that forwarded it."""
    filed_on = format_roc(case.first_filed_on) if case.first_filed_on else ""
    application = f"{you}{filed_on}申請書（案號{case.number}）"
    return f"復{forwarding_in_words(case, on)}{application}。"


def _text_of(letters: Sequence[Letter]) -> str:
    parts: list[str] = []
    for letter in letters:
        contact = [letter.context["contact"].get(name, "") for name in ("name", "phone", "email")]
        parts += [letter.subject, *letter.explanation, letter.originals, letter.copies, letter.dispatch_number]
        parts += [*letter.context["recipient"].values(), *contact]
        parts += [value for value in letter.context["head"].values() if isinstance(value, str)]
        parts += [row[name] for row in letter.context["table"] for name in ("item", "description", "reason")]
    return "".join(parts)
