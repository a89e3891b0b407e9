"""Comparing reviewers with applicants: who holds or held an office there, and what of them is the same."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from communities import naming
from communities.models import OfficeTerm, Organisation
from grants.enums import ConflictGround
from grants.models import Application, BudgetLine, Conflict, ReviewerDetails
from grants.rules import names
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.lib import clock, natural
from miaoli_kaohsiung.lib.identifiers import parse_phone
from miaoli_kaohsiung.lib.roc_date import format_roc

# An office counts for so many years after it ended.
YEARS = 2
_POSTCODE = re.compile(r"^[0-9]{3,6}")
# What is compared by a name: an office held without an account here, and who is paid or asked about the case.
BY_NAME = (ConflictGround.OFFICE, ConflictGround.PAID)
# What is compared, by its ground: a value of the applicant with the words that name it.
Trait = tuple[ConflictGround, str, str]


@dataclass(frozen=True)
class Found:
    """One interest of a person in a case."""

    person_id: int
    ground: ConflictGround
    words: str
    # Whether nothing but the name is the same.
    by_name: bool = False

    @property
    def reason(self) -> str:
        return "：".join(part for part in (str(self.ground.label), self.words) if part)


def reasons(case: Application, people: Sequence[User]) -> dict[int, list[str]]:
    """Return by person why each must not review the case: what is kept, and what a comparison finds now."""
    known: dict[int, dict[str, str]] = defaultdict(dict)
    for row in Conflict.holding.filter(application=case, person__in=people):
        known[row.person_id][row.ground] = row.reason
    for found in found_in([case], people).get(case.pk, ()):
        known[found.person_id].setdefault(found.ground, found.reason)
    return {key: list(words.values()) for key, words in known.items()}


def apart_in(cases: Sequence[Application], people: Sequence[User]) -> dict[int, set[int]]:
    """Return by case who of the people has an interest in it, kept or found now, in a few queries."""
    apart: dict[int, set[int]] = defaultdict(set)
    for case, person in Conflict.holding.filter(application__in=cases).values_list("application", "person"):
        apart[case].add(person)
    for key, found in found_in(cases, people).items():
        apart[key] |= {one.person_id for one in found}
    return apart


def found_in(cases: Sequence[Application], people: Sequence[User]) -> dict[int, list[Found]]:
    """Return by case the interests that the portal's own data show, in a few queries for any number of cases; without
    those by name that two people lifted.
    """
    if not cases or not people:
        return {}
    bodies = {case.organisation_id for case in cases}
    held, terms = _offices(bodies), _terms(bodies)
    paid = _paid(cases)
    details = {row.reviewer_id: row for row in ReviewerDetails.objects.filter(reviewer__in=people)}
    known = {case.county: _by_trait(people, details, case.county) for case in cases}
    lifted = _lifted(cases)
    found = {
        case.pk: _of_case(
            case, terms[case.organisation_id], paid[case.pk], held[case.organisation_id], known[case.county]
        )
        for case in cases
    }
    return {
        key: [one for one in rows if not (one.by_name and (key, one.person_id, one.ground) in lifted)]
        for key, rows in found.items()
    }


def found_at(bodies: Sequence[Organisation], people: Sequence[User]) -> dict[int, list[Found]]:
    """Return by association the interests that the portal's own data show, whether it has a case or not."""
    if not bodies or not people:
        return {}
    keys = {body.pk for body in bodies}
    held, terms = _offices(keys), _terms(keys)
    details = {row.reviewer_id: row for row in ReviewerDetails.objects.filter(reviewer__in=people)}
    known = {county: _by_trait(people, details, county) for county in {body.county for body in bodies}}
    found = {}
    for body in bodies:
        traits = (*_traits_of_body(body, body.county), *_traits_of_officers(terms[body.pk]))
        found[body.pk] = list(_matched(traits, held[body.pk], known[body.county]))
    return found


def by_name(cases: QuerySet[Application]) -> QuerySet[Conflict]:
    """Return the interests in these cases that nothing but a name shows."""
    rows = Conflict.holding.filter(by_name=True, application__in=cases)
    return rows.select_related("application__organisation", "person").order_by(
        natural.in_order("application__number"), "pk"
    )


def _lifted(cases: Sequence[Application]) -> set[tuple[int, int, str]]:
    rows = Conflict.objects.filter(application__in=cases, lifted_on__isnull=False)
    return set(rows.values_list("application", "person", "ground"))


def first_day_counted(today: dt.date) -> dt.date:
    """Return the day two years ago: an office that ended before it no longer counts."""
    try:
        return today.replace(year=today.year - YEARS)
    except ValueError:
        return today.replace(year=today.year - YEARS, day=28)


_Known = dict[tuple[ConflictGround, str], list[int]]


def _of_case(
    case: Application, terms: list[OfficeTerm], paid: set[str], held: dict[int, str], known: _Known
) -> Iterator[Found]:
    traits = [*_traits(case, terms), *((ConflictGround.PAID, name, "") for name in paid)]
    return _matched(traits, held, known)


def _matched(traits: Iterable[Trait], held: dict[int, str], known: _Known) -> Iterator[Found]:
    """Return each interest once: who holds an office, and whose own values are among `traits`."""
    seen = set[tuple[int, ConflictGround]]()
    people = {person for persons in known.values() for person in persons}
    office = ((person, ConflictGround.OFFICE, words, False) for person, words in held.items() if person in people)
    matched = (
        (person, ground, words, ground in BY_NAME)
        for ground, value, words in traits
        if value
        for person in known.get((ground, value), ())
    )
    for person, ground, words, named in (*office, *matched):
        if (person, ground) not in seen:
            seen.add((person, ground))
            yield Found(person, ground, words, named)


def _traits(case: Application, terms: list[OfficeTerm]) -> Iterator[Trait]:
    """Return what may be the same of the applicant, its officers of the last two years, and the case's contact."""
    yield from _traits_of_body(case.organisation, case.county)
    yield ConflictGround.PHONE, _phone(case.contact_phone), _("與這一件的聯絡人相同")
    yield ConflictGround.EMAIL, _email(case.contact_email), _("與這一件的聯絡人相同")
    yield ConflictGround.PAID, names.folded(case.contact_name), _("姓名與聯絡人相同")
    yield from _traits_of_officers(terms)


def _traits_of_body(body: Organisation, county: str) -> Iterator[Trait]:
    own = _("與申請單位相同")
    yield ConflictGround.TAX_ID, body.tax_id, own
    yield ConflictGround.ADDRESS, _address(body.address, county), own
    yield ConflictGround.PHONE, _phone(body.phone), own
    yield ConflictGround.EMAIL, _email(body.email), own
    yield ConflictGround.ACCOUNT, _digits(body.bank_account), own


def _traits_of_officers(terms: list[OfficeTerm]) -> Iterator[Trait]:
    for term in terms:
        who = {"office": term.get_office_display(), "name": term.person_name}
        yield ConflictGround.OFFICE, names.folded(term.person_name), _served(term)
        yield ConflictGround.PHONE, _phone(term.phone), _("與%(office)s%(name)s相同") % who
        yield ConflictGround.EMAIL, _email(term.email), _("與%(office)s%(name)s相同") % who
        if term.user:
            yield ConflictGround.PHONE, _phone(term.user.phone), _("與%(office)s%(name)s相同") % who
            yield ConflictGround.EMAIL, _email(term.user.email), _("與%(office)s%(name)s相同") % who


def _served(term: OfficeTerm) -> str:
    params = {"office": term.get_office_display(), "first": format_roc(term.valid_from)}
    if term.valid_to is None:
        return _("%(office)s，%(first)s起") % params
    return _("%(office)s，%(first)s至%(last)s") % {**params, "last": format_roc(term.valid_to)}


def _by_trait(people: Sequence[User], details: dict[int, ReviewerDetails], county: str) -> _Known:
    found: _Known = defaultdict(list)
    for person in people:
        own = details.get(person.pk)
        name = names.folded(person.display_name)
        traits = [
            (ConflictGround.OFFICE, name),
            (ConflictGround.PAID, name),
            (ConflictGround.PHONE, _phone(person.phone)),
            (ConflictGround.EMAIL, _email(person.email)),
        ]
        if own:
            traits += [
                (ConflictGround.TAX_ID, own.tax_id),
                (ConflictGround.ADDRESS, _address(own.address, county)),
                (ConflictGround.PHONE, _phone(own.phone)),
                (ConflictGround.ACCOUNT, _digits(own.bank_account)),
            ]
        for trait in traits:
            if trait[1]:
                found[trait].append(person.pk)
    return found


def _terms(bodies: Iterable[int]) -> dict[int, list[OfficeTerm]]:
    found: dict[int, list[OfficeTerm]] = defaultdict(list)
    first = first_day_counted(clock.today())
    rows = OfficeTerm.objects.filter(Q(valid_to=None) | Q(valid_to__gte=first), organisation__in=bodies)
    for row in rows.select_related("user", "organisation"):
        found[row.organisation_id].append(row)
    return found


def _offices(bodies: Iterable[int]) -> dict[int, dict[int, str]]:
    """Return by association who holds or held a post of it, with the words for it."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    first = first_day_counted(clock.today())
    rows = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=first), role=Role.MEMBER, counter_for="")
    for row in rows.filter(organisation_id__in=bodies).order_by("valid_from"):
        params = {"office": row.office_word, "first": format_roc(row.valid_from)}
        found[row.member_of][row.user_id] = _("%(office)s，%(first)s起") % params
    return found


def _paid(cases: Sequence[Application]) -> dict[int, set[str]]:
    """Return by case the folded names of those whom its budget pays."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = BudgetLine.objects.filter(application__in=cases).exclude(person="")
    for case, people in rows.values_list("application", "people"):
        found[case] |= set(people)
    return found


def _phone(text: str) -> str:
    """Return the digits of a telephone number, "" for what is none."""
    try:
        return parse_phone(text).digits if text else ""
    except ValueError:
        return ""


def _email(text: str) -> str:
    return text.strip().casefold()


def _address(text: str, county: str) -> str:
    """Return an address for comparison, "" for one without a number of the house."""
    folded = naming.fold(naming.present(_POSTCODE.sub("", text.strip()), county, clock.today()), county)
    return folded if any(character.isdecimal() for character in folded.partition(":")[2] or folded) else ""


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
