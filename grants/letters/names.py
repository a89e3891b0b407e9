"""Names in a letter that depend on its date: county and townships, the officer in post, the signatory.

A county was renamed in 2010 and townships since; a letter drafted before and issued after bears the new names in every
part. Only reads.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from communities import places
from communities.enums import OrganisationKind
from communities.models import Organisation
from communities.naming import present, renamed
from communities.queries import township_name
from grants.models import Application, Letter
from grants.queries.applications.officers import Handler, handlers_of, officer_posts
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.particulars import YEAR_MARK, Particulars
from miaoli_kaohsiung.lib.roc_date import roc_year

from .words import Value, in_line

# Written on a letter unless its officer writes another: the number of its file, for how long that is kept, and by whose
# authority it is signed.
FILING = ("file_number", "retention", "delegation")
# Whether the block around has read the names already.
_READ: ContextVar[bool] = ContextVar("names_read", default=False)


@dataclass(frozen=True)
class Receiver:
    """To whom a letter without a case goes: an association, or people of a panel, by their names."""

    county: str
    organisation: Organisation | None = None
    name: str = ""
    number: str = ""

    @property
    def organisation_id(self) -> int | None:
        return self.organisation.pk if self.organisation else None

    @property
    def officer_id(self) -> int | None:
        return None

    @property
    def township_code(self) -> str:
        return (self.organisation and self.organisation.township_id) or ""


To = Application | Receiver


def receiver_of(letter: Letter) -> To:
    """Return to whom a letter goes: the case's association, or the receiver of a letter without a case."""
    if letter.application:
        return letter.application
    return Receiver(letter.county, letter.organisation, letter.context.get("recipient", {}).get("name", ""))


@contextmanager
def read_once() -> Iterator[None]:
    """Read the names of counties and townships once for all letters that are shown in this block."""
    _read_now()
    reset = _READ.set(True)
    try:
        yield
    finally:
        _READ.reset(reset)


def _read_now() -> None:
    if not _READ.get():
        counties.refresh()
        places.KEPT.read_now()


def head_of(county: str, on: dt.date) -> Particulars:
    """Return the head of a letter of the day, as the rows say at this moment."""
    _read_now()
    return particulars(county, on)


def plain(head: Particulars, on: dt.date) -> dict[str, Any]:
    """Return the letterhead as plain data, kept with the letter; the file's number with the year of the day."""
    return {
        **asdict(head),
        "office": head.office,
        "address": head.address,
        "starts_on": head.starts_on.isoformat(),
        "file_number": head.file_number.replace(YEAR_MARK, str(roc_year(on.year))),
    }


def example_number(to: To, on: dt.date) -> str:
    """Return a dispatch number as one of this letter may look: with the word of the scheme, else of the county."""
    own = to.scheme.dispatch_word if isinstance(to, Application) else ""
    word = own or particulars(to.county, on).dispatch_word
    return f"{word}第{roc_year(on.year):03}0001234號" if word else ""


def copies(lines: Sequence[str], values: Mapping[str, Value], *, enclosed: bool) -> str:
    """Return the 副本 line: each receiver of the kind's rule that there is in this case."""
    mark = "（含附件）" if enclosed else ""
    return "、".join(f"{name}{mark}" for line in lines if (name := in_line(line, values)))


def recipient(to: To, on: dt.date) -> dict[str, str]:
    """Return name, postal code and address for the window of the envelope, with the names of the day."""
    body = to.organisation
    if body is None:
        return {"name": to.name if isinstance(to, Receiver) else "", "postal_code": "", "address": ""}
    postal_code = body.township.postal_code if body.township else ""
    return {
        "name": body.name,
        "postal_code": postal_code,
        "address": present(body.address, to.county, on, body.township_id or ""),
    }


def contact_of(to: To, user: User | None, on: dt.date) -> dict[str, Any]:
    """Return the officer of today whom the letter names: whoever has the case, else the drafter, else a holder of the
    post.

    `user` of the result is None if somebody typed another contact: then nobody replaces it.
    """
    posts = officer_posts(to.county)
    others = [Handler(post.user, deputy=post.stands_for_id is not None) for post in posts]
    drafting = [handler for handler in others if user and handler.user.pk == user.pk]
    own = handlers_of(to, posts) if isinstance(to, Application) else []
    found = [*own, *drafting, *others, *(Handler(person) for person in (user,) if person)]
    if not found:
        return {"name": "", "email": "", "phone": "", "user": 0}
    return {"name": str(found[0]), "email": found[0].user.email, "phone": "", "user": found[0].user.pk}


def redate(letter: Letter, on: dt.date, user: User | None = None) -> None:
    """Put the names of the dispatch date into every part of a draft, without saving. `user` issues it."""
    to, old = receiver_of(letter), letter.context["head"]
    head = plain(head_of(letter.county, on), on)
    code = letter.context["place"]["code"]
    place = {"code": code, "name": township_name(code, on)}
    for name in ("department", "accounting"):
        letter.copies = letter.copies.replace(old[name], head[name])
    letter.copies = renamed(letter.copies, letter.county, on)
    addressed = {**letter.context["recipient"]}
    addressed["address"] = present(addressed["address"], letter.county, on, code)
    if to.organisation and to.organisation.kind == OrganisationKind.TOWNSHIP_OFFICE:
        letter.originals = renamed(letter.originals, letter.county, on)
        addressed["name"] = renamed(addressed["name"], letter.county, on)
    letter.explanation = [renamed(text, letter.county, on, "公所") for text in letter.explanation]
    letter.context = {
        **letter.context,
        **{name: head[name] for name in FILING if letter.context.get(name) == old.get(name)},
        "head": head,
        "place": place,
        "recipient": addressed,
        "contact": _contact(letter, user, on),
    }


def _contact(letter: Letter, user: User | None, on: dt.date) -> dict[str, Any]:
    contact: dict[str, Any] = letter.context["contact"]
    if contact.get("user", 0) is None:
        return contact
    return contact_of(receiver_of(letter), user, on)
