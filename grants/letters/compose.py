"""The words and the layout of a 函: composed from the case and the words of its kind, printed as PDF. Only reads; services
write.

An explanation is a list of paragraphs; the full-width spaces before one set its level (`numbering`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from communities.queries import township_name
from grants.enums import LetterStatus
from grants.models import AwardLine, Letter
from grants.rules import catalogue
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.particulars import Particulars
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import data_address
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.amount_words import in_words, mixed
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc_long

from . import facts, fitting, names, words
from .fields import by_code
from .numbering import numbered

BLANK_DATE = "中華民國　　年　　月　　日"
# What a letter with the cost table encloses.
ENCLOSED = "核定經費明細表1份"
SECRECIES = ("密", "機密", "極機密", "絕對機密")
URGENCIES = ("普通件", "速件", "最速件")
# Times sets digits and Latin letters, Kai all else. Times comes first, so characters in both (○ … —) must be marked.
_KAI = re.compile("[\u00a1-\u2e7f]+")


@dataclass(frozen=True)
class Composed:
    """A letter's words before any editing. `context` is what the layout needs, as plain data; `action` is the 擬辦 of a
    memo.
    """

    subject: str
    explanation: list[str]
    originals: str
    copies: str
    action: list[str] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)


def compose(kind: str, to: names.To, user: User, on: date, **given: object) -> Composed:
    """Return the words of a letter of this kind on the day, with the county's words of that day.

    `given` are the values of its fields by their codes (`fields.FACTS`); `table` (rows of the cost table) becomes the
    enclosure. `user` drafts it. Days counted from the dispatch date stay marks (grants.letters.marks).
    """
    table = given.pop("table", None)
    head, wording = names.head_of(to.county, on), words.wording_of(to.county, kind, on)
    printed = names.plain(head, on)
    values = _values(wording, to, head, on, given)
    return Composed(
        subject=words.in_line(wording.subject, values),
        explanation=words.paragraphs(wording.explanation, values),
        originals=words.in_line(wording.originals, values),
        copies=names.copies(wording.copies, values, enclosed=bool(table)),
        action=words.paragraphs(wording.action, values),
        context={
            "number": to.number,
            "title": values.get("計畫", ""),
            "recipient": names.recipient(to, on),
            "contact": names.contact_of(to, user, on),
            "place": {"code": to.township_code, "name": township_name(to.township_code, on)},
            "head": printed,
            "urgency": URGENCIES[0],
            "secrecy": "",
            "enclosures": ENCLOSED if table else "",
            **{name: printed[name] for name in names.FILING},
            "table": table or [],
        },
    )


def _values(
    wording: words.Wording, to: names.To, head: Particulars, on: date, given: Mapping[str, object]
) -> dict[str, words.Value]:
    """Return the value of each mark. Raises KeyError for a fact that no field has, Refused for one that has no value."""
    found = {**facts.known(to, head, on), **given}
    values: dict[str, words.Value] = {field.mark: "" for field in wording.facts}
    values |= {by_code()[code].mark: words.plain(value) for code, value in found.items()}
    values["理由"] = _sentence(values.get("理由", ""))
    for fact in wording.facts:
        if not values[fact.mark] and not fact.sometimes and f"【{fact.mark}】" in wording.text:
            raise Refused(_("%(kind)s裡要寫「%(mark)s」，現在沒有內容。") % {"kind": wording.name, "mark": fact.mark})
    return values


def _sentence(reason: words.Value) -> words.Value:
    """Return typed words with a full stop at their end."""
    done = not isinstance(reason, str) or not reason or reason.endswith(("。", "！", "？"))
    return reason if done else f"{reason}。"


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


def amounts(total: int, first: int | None, *, rest: int | None = None) -> dict[str, str]:
    """Return the amounts of an approval as its wording prints them: mixed digits in the text, words for the 領據; one
    that is paid at once has no `first`. `rest` is what of the total is not paid yet, if some of it is.
    """
    once = total if rest is None else rest
    receipt = {"first_words": in_words(first)} if first is not None else {"once_words": in_words(once) if once else ""}
    return {"total_mixed": mixed(total), **receipt}


def render(letters: Sequence[Letter], *, final: bool = False) -> bytes:
    """Return one tagged PDF of all letters, each with its own page numbers. Raises UnprintableError naming missing
    glyphs.

    A draft is marked 稿 unless it is `final`: about to be issued as it stands.
    """
    title = letters[0].subject if len(letters) == 1 else _("公文列印檔（%d 件）") % len(letters)
    return pdf.render(markup(letters, title, final=final))


def part(letters: Sequence[Letter], title: str, *, even: bool) -> bytes:
    """Return the letters as a part of a print file with the title (`pdf.part`). Raises UnprintableError as `render`, with
    the letter's number.
    """
    try:
        return pdf.part(markup(letters, title), even=even)
    except pdf.UnprintableError as refused:
        letter = next(row for row in letters if pdf.missing_glyphs(markup([row], title)))
        name = letter.dispatch_number or letter.subject[:30]
        raise pdf.UnprintableError(f"{name}：{refused.reason}") from refused


def markup(letters: Sequence[Letter], title: str = "", *, final: bool = False) -> str:
    """Return the HTML of the letters, for `pdf.render` alone; no browser sees it. Without `title` it has the first
    subject.
    """
    title = title or letters[0].subject
    context = {"title": title, "letters": [_layout(letter, final=final) for letter in letters]}
    return render_to_string("letters/letter.html", context)


def typeset(value: str) -> SafeString:
    """Return the text escaped, with characters of Chinese type marked for it."""
    marked = _KAI.sub(lambda run: f'<span class="kai">{run[0]}</span>', escape(value))
    return mark_safe(marked)  # noqa: S308 -- escaped above


def enclosures_of(letter: Letter) -> str:
    """Return what the letter encloses; one drafted before that could be edited encloses its table."""
    said: str = letter.context.get("enclosures", ENCLOSED if letter.context["table"] else "")
    return said


def secrecy_of(letter: Letter) -> tuple[str, str]:
    """Return the degree of secrecy and how long it lasts, both "" for an ordinary letter."""
    said: str = letter.context.get("secrecy", "")
    kind = next((word for word in SECRECIES if said.startswith(word)), "")
    return kind, said.removeprefix(kind).strip("（）() ")


def content_of(letter: Letter) -> dict[str, Any]:
    """Return all that a letter says, by the names of its layout, as plain text and amounts."""
    rows = [{**row, "cut": row["requested"] - row["approved"]} for row in letter.context["table"]]
    sums = {name: sum(row[name] for row in rows) for name in ("requested", "approved", "cut")}
    return {
        **letter.context,
        "enclosures": enclosures_of(letter),
        "delegation": letter.context.get("delegation", letter.context["head"].get("delegation", "")),
        "subject": letter.subject,
        "originals": letter.originals,
        "copies": letter.copies,
        "dispatch_number": letter.dispatch_number,
        "date": format_roc_long(letter.dispatched_on) if letter.dispatched_on else BLANK_DATE,
        "paragraphs": numbered(letter.explanation),
        "table": rows,
        "sums": sums,
    }


def _layout(letter: Letter, *, final: bool) -> dict[str, Any]:
    words = content_of(letter)
    draft = letter.status == LetterStatus.DRAFT and not final
    signature = _signature(letter.context["head"])
    return {**_typeset_all(words), "draft": draft, "signature": signature, "setting": fitting.setting(words)}


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
