"""Names in a letter that depend on its date: county and townships, the officer in post, the signatory.

A county was renamed in 2010 and townships since; a letter drafted before and issued after bears the new names in every
part. Only reads.
"""

import datetime as dt
from dataclasses import asdict
from typing import Any

from communities import places
from communities.enums import OrganisationKind
from communities.naming import renamed
from communities.queries import township_name
from grants.models import Application, Letter
from grants.queries.applications.officers import Handler, handlers_of, officer_posts
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.particulars import YEAR_MARK, Particulars
from miaoli_kaohsiung.lib.roc_date import roc_year

# Written on a letter unless its officer writes another: the number of its file and for how long that is kept.
FILING = ("file_number", "retention")


def head_of(county: str, on: dt.date) -> Particulars:
    """Return the head of a letter of the day, as the rows say at this moment."""
    counties.refresh()
    places.KEPT.read_now()
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


def example_number(case: Application, on: dt.date) -> str:
    """Return a dispatch number as one of this case may look: with the word of the scheme, else of the county."""
    word = case.scheme.dispatch_word or particulars(case.county, on).dispatch_word
    return f"{word}第{roc_year(on.year):03}0001234號" if word else ""


def copies(head: Particulars, place: str, *, enclosed: bool, accounting: bool) -> str:
    """Return the 副本 line: the township's office, the accounting office if money moves, the department itself."""
    office = [f"{head.name}{place}公所"] if place else []
    mark = "（含附件）" if enclosed else ""
    names = [*office, *([head.accounting] if accounting else []), head.department]
    return "、".join(f"{name}{mark}" for name in names)


def recipient(case: Application, on: dt.date) -> dict[str, str]:
    """Return name, postal code and address for the window of the envelope, with the names of the day."""
    organisation = case.organisation
    postal_code = organisation.township.postal_code if organisation.township else ""
    address = renamed(organisation.address, case.county, on)
    return {"name": organisation.name, "postal_code": postal_code, "address": address}


def contact_of(case: Application, user: User | None, on: dt.date) -> dict[str, Any]:
    """Return the officer of today whom the letter names: whoever has the case, else the drafter, else a holder of the
    post.

    `user` of the result is None if somebody typed another contact: then nobody replaces it.
    """
    posts = officer_posts(case.county)
    others = [Handler(post.user, deputy=post.stands_for_id is not None) for post in posts]
    drafting = [handler for handler in others if user and handler.user.pk == user.pk]
    found = [*handlers_of(case, posts), *drafting, *others, *(Handler(person) for person in (user,) if person)]
    if not found:
        return {"name": "", "email": "", "phone": "", "user": 0}
    return {"name": str(found[0]), "email": found[0].user.email, "phone": "", "user": found[0].user.pk}


def redate(letter: Letter, on: dt.date, user: User | None = None) -> None:
    """Put the names of the dispatch date into every part of a draft, without saving. `user` issues it."""
    case, old = letter.application, letter.context["head"]
    head = plain(head_of(letter.county, on), on)
    code = letter.context["place"]["code"]
    place = {"code": code, "name": township_name(code, on)}
    for name in ("department", "accounting"):
        letter.copies = letter.copies.replace(old[name], head[name])
    letter.copies = renamed(letter.copies, letter.county, on)
    addressed = {**letter.context["recipient"]}
    addressed["address"] = renamed(addressed["address"], letter.county, on)
    if case.organisation.kind == OrganisationKind.TOWNSHIP_OFFICE:
        letter.originals = renamed(letter.originals, letter.county, on)
        addressed["name"] = renamed(addressed["name"], letter.county, on)
    letter.explanation = [renamed(text, letter.county, on, "公所") for text in letter.explanation]
    letter.context = {
        **letter.context,
        **{name: head[name] for name in FILING if letter.context[name] == old.get(name)},
        "head": head,
        "place": place,
        "recipient": addressed,
        "contact": _contact(letter, user, on),
    }


def _contact(letter: Letter, user: User | None, on: dt.date) -> dict[str, Any]:
    contact: dict[str, Any] = letter.context["contact"]
    if contact.get("user", 0) is None:
        return contact
    return contact_of(letter.application, user, on)
