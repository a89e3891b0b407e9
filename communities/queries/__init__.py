"""Reads of the registry: places by their name of the day, organisations from what the user may see."""

import datetime as dt
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from communities import naming, places
from communities.enums import Office, OrganisationStatus, TierDecisionStatus
from communities.models import (
    CounterVisit,
    KeptPaper,
    OfficeTerm,
    Organisation,
    RegistryImport,
    TierDecision,
    Township,
    TownshipName,
)
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, DATA_KEEPERS, LIST_KEEPERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import CountyParticulars, Invitation, Post, User
from miaoli_kaohsiung.accounts.queries import ended_chairs, posts_in_view, posts_of
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import bigrams, clock, colours
from miaoli_kaohsiung.lib.prepared import Prepared

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    OrganisationWithTerm = WithAnnotations[Organisation, "ChairTerm"]

# A term of office that ends within so many days is flagged.
EXPIRY_WARNING_DAYS = 90

# --- Places --------------------------------------------------------------------------------------------------------------


def township_name(code: str, on: dt.date | None = None) -> str:
    """Return the name in force on a day (default: the portal's today); "" for no code. LookupError for an unknown one."""
    if not code:
        return ""
    day = on or clock.today()
    # One that was added a moment ago, by another process or in the present transaction, is read anew.
    if name := places.KEPT.get().on(code, day) or places.KEPT.read_now().on(code, day):
        return name
    raise LookupError(f"Township {code} has no name on {day}.")


_TOWNSHIPS = Prepared(lambda county: Township.objects.filter(county=county).order_by("position"))


def townships_of(county: str) -> list[Township]:
    """Return the county's townships in the usual order, each with `.name`, its name of the portal's today."""
    for place in (rows := _TOWNSHIPS(county=county)):
        place.name = township_name(place.code)  # type: ignore[attr-defined]  # of the day, for lists
    return rows


def township_choices(*counties: str) -> list[tuple[str, str]]:
    """Return code and today's name for a select field."""
    names, today = places.KEPT.get(), clock.today()
    return [(code, names.on(code, today)) for county in counties for code in names.by_county.get(county, ())]


def townships_by_county(of: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the same under the county's name of today."""
    return [(name, township_choices(county)) for county, name in counties.choices() if county in of]


# --- Organisations -----------------------------------------------------------------------------------------------------------


def registered(user: User) -> QuerySet[Organisation]:
    """Return the organisations that the user may see in the registry: the county's, the township's, or their own."""
    seen = Q(pk__in=[])
    for post in posts_of(user):
        if post.role == Role.MEMBER:
            seen |= Q(pk=post.organisation_id)
        elif post.role == Role.TOWNSHIP_OFFICER:
            seen |= Q(county=post.county, township_id=post.township_code)
        elif post.role in COUNTY_READERS:
            seen |= Q(county=post.county)
    return Organisation.objects.filter(seen)


def listed_counties(user: User) -> list[str]:
    """Return the counties whose list of associations the user may bring in and take out."""
    posts = [post for post in posts_of(user) if post.role in LIST_KEEPERS]
    if any(not post.county for post in posts):
        return counties.slugs()
    return sorted({post.county for post in posts})


def lists_of(user: User) -> QuerySet[RegistryImport]:
    """Return the lists that were brought for these counties, the newest first."""
    return RegistryImport.objects.filter(county__in=listed_counties(user)).select_related("made_by", "confirmed_by")


def own(user: User) -> QuerySet[Organisation]:
    """Return the organisations in which the user holds an office today; the one in whose post he works if he chose one."""
    chosen = [post.member_of for post in posts_in_view(user) if post.role == Role.MEMBER]
    held = [post.member_of for post in posts_of(user) if post.role == Role.MEMBER]
    return Organisation.objects.filter(pk__in=chosen or held)


def listed() -> QuerySet[Organisation]:
    """Return the organisations of the public directory."""
    return Organisation.objects.exclude(status=OrganisationStatus.DISSOLVED)


def search(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Return the rows whose name, village, area or tax id contain every word typed; all rows if nothing was typed."""
    if not text.strip():
        return rows
    words = bigrams.sought(naming.sought(text))
    if not words:
        return rows.none()
    query = SearchQuery(" & ".join(f"'{word}'" for word in words), search_type="raw", config="simple")
    return rows.filter(search=query)


def living(pk: int) -> Organisation:
    """Return the body of this number; of a record that was merged, the one that it was merged into."""
    found = Organisation.every_record.select_related("merged_into").get(pk=pk)
    return found.merged_into or found


def merged_into(pk: int) -> int | None:
    """Return the number of the record that this one was merged into, None if it lives."""
    return Organisation.every_record.values_list("merged_into", flat=True).filter(pk=pk).first()


def waiting_mergers(organisation: Organisation) -> list[Change]:
    """Return the proposals to merge this record, or another one into it, that wait for a second person."""
    waiting = Change.objects.filter(kind="organisation.merge", status=ChangeStatus.WAITING)
    return list(waiting.filter(Q(subject=str(organisation.pk)) | Q(data__kept=organisation.pk)))


def named(name: str, county: str) -> Q:
    """Return a filter for bodies of the county that have this name, however it is written, or had it before a merger."""
    folded = naming.fold(name, county)
    return Q(county=county) & (Q(name=name) | Q(folded_name=folded) | _formerly(county=county, folded_name=folded))


def numbered(tax_id: str) -> Q:
    """Return a filter for the body that has this tax id, or had it before a merger."""
    return Q(tax_id=tax_id) | _formerly(tax_id=tax_id)


def _formerly(**columns: str) -> Q:
    merged = Organisation.every_record.filter(**columns).exclude(merged_into=None)
    return Q(pk__in=merged.values("merged_into"))


def alike(name: str, county: str, but: int | None = None, *, listed: bool = False) -> list[tuple[int, str]]:
    """Return number and name of at most three other bodies of the county that may be the same one: first those with this
    very name in another spelling. With `listed` only those of the public directory. One query.
    """
    others = Organisation.objects.filter(county=county).exclude(pk=but or 0)
    if listed:
        others = others.exclude(status=OrganisationStatus.DISSOLVED)
    rows = list(others.values_list("pk", "name", "folded_name"))
    folded = naming.fold(name, county)
    near = set(naming.Names((one, key) for _pk, one, key in rows).alike(folded))
    found = sorted((key != folded, one, pk) for pk, one, key in rows if one in near)
    return [(pk, one) for _differs, one, pk in found[:3]]


def waiting_numbers(organisation: Organisation) -> dict[str, Change]:
    """Return the numbers that wait for a second person, by their column (services.numbers)."""
    subjects = [f"{organisation.pk}:{column}" for column in ("tax_id", "registration_number")]
    waiting = Change.objects.filter(kind="organisation.number", subject__in=subjects, status=ChangeStatus.WAITING)
    return {change.subject.partition(":")[2]: change for change in waiting.select_related("proposed_by")}


class ChairTerm(TypedDict):
    """What `with_chair_term` annotates."""

    chair: str | None
    chair_until: dt.date | None


def with_chair_term(rows: QuerySet[Organisation]) -> "QuerySet[OrganisationWithTerm]":
    """Add of the newest chairperson `chair`, the name, and `chair_until`, the last day of the term; None if none is
    recorded, or for a term without an end.
    """
    chairs = _chairs()
    return rows.annotate(
        chair=Subquery(chairs.values("person_name")[:1]), chair_until=Subquery(chairs.values("valid_to")[:1])
    )


def by_chair_term(rows: QuerySet[Organisation], state: str) -> QuerySet[Organisation]:
    """Return the bodies whose chairperson's term is over, ending within EXPIRY_WARNING_DAYS, or none was recorded for."""
    if state == "none":
        return rows.exclude(Exists(_chairs()))
    until, today = Subquery(_chairs().values("valid_to")[:1]), clock.today()
    dated = rows.alias(term_until=until)
    if state == "over":
        return dated.filter(term_until__lt=today)
    return dated.filter(term_until__range=(today, today + dt.timedelta(days=EXPIRY_WARNING_DAYS)))


def _chairs() -> QuerySet[OfficeTerm]:
    of_body = OfficeTerm.objects.filter(organisation=OuterRef("pk"), office=Office.CHAIRPERSON)
    return of_body.order_by("-valid_from")


# --- The counter ------------------------------------------------------------------------------------------------------------------


def open_visit(user: User) -> CounterVisit | None:
    """Return whom the clerk helps now; a visit of an earlier day is over."""
    rows = CounterVisit.objects.filter(clerk=user, day=clock.today(), ended_at__isnull=True)
    return rows.select_related("organisation", "post").first()


def visits_at_counter(organisation: Organisation) -> QuerySet[CounterVisit]:
    """Return when clerks acted for the association, the newest first."""
    return CounterVisit.objects.filter(organisation=organisation).select_related("clerk")


# --- Terms and tiers --------------------------------------------------------------------------------------------------------------


def terms_of(organisation: Organisation) -> list[OfficeTerm]:
    """Return the terms, newest first, with the account if there is one; each with `.state` as `term_state`
    returns it, `.has_password`: whether the account was ever opened, and `.may_be_extended`: an end is near or past, and
    no other chairperson began after it."""
    terms = list(OfficeTerm.objects.filter(organisation=organisation).select_related("user"))
    last_chair = max((term.valid_from for term in terms if term.office == Office.CHAIRPERSON), default=None)
    for term in terms:
        term.organisation = organisation
        term.state = term_state(term)  # type: ignore[attr-defined]  # for its row on the page
        replaced = term.office == Office.CHAIRPERSON and term.valid_from != last_chair
        term.may_be_extended = term.state in ("expiring", "expired") and not replaced  # type: ignore[attr-defined]  # as above
        term.has_password = term.user is not None and term.user.has_usable_password()  # type: ignore[attr-defined]  # as above
    return terms


def term_start(invitation: Invitation) -> dt.date | None:
    """Return the first day of the term of office that an invitation is for; None if it is for none."""
    if invitation.office_term_id is None:
        return None
    return OfficeTerm.objects.values_list("valid_from", flat=True).get(pk=invitation.office_term_id)


def term_state(term: OfficeTerm) -> str:
    """Return future, current, expiring (within EXPIRY_WARNING_DAYS) or expired, as of the portal's today."""
    today = clock.today()
    if term.valid_from > today:
        return "future"
    if term.valid_to is None:
        return "current"
    if term.valid_to < today:
        return "expired"
    return "expiring" if term.valid_to <= today + dt.timedelta(days=EXPIRY_WARNING_DAYS) else "current"


def expired_chairs(on: dt.date | None = None) -> QuerySet[OfficeTerm]:
    """Return the last terms of chairpersons that are over with nobody elected since, of bodies that still exist."""
    return _last_chairs(valid_to__lt=on or clock.today())


def ending_chairs(on: dt.date | None = None) -> QuerySet[OfficeTerm]:
    """Return the terms of chairpersons that end within EXPIRY_WARNING_DAYS, with nobody elected for the time after."""
    day = on or clock.today()
    return _last_chairs(valid_to__range=(day, day + dt.timedelta(days=EXPIRY_WARNING_DAYS)))


def _last_chairs(**ending: Any) -> QuerySet[OfficeTerm]:
    """Return the terms of chairpersons that end so, with nobody elected since, of bodies that still exist."""
    later = OfficeTerm.objects.filter(
        organisation=OuterRef("organisation"), office=Office.CHAIRPERSON, valid_from__gt=OuterRef("valid_from")
    )
    exists = ~Q(organisation__status=OrganisationStatus.DISSOLVED)
    return OfficeTerm.objects.filter(exists, ~Exists(later), office=Office.CHAIRPERSON, **ending)


def chairs_from(organisation: Organisation, day: dt.date) -> list[OfficeTerm]:
    """Return the terms of chairpersons that are not over by that day."""
    rows = OfficeTerm.objects.filter(organisation=organisation, office=Office.CHAIRPERSON)
    return list(rows.filter(Q(valid_to=None) | Q(valid_to__gte=day)).select_related("user", "organisation"))


def lapsed_posts(user: User) -> list[Post]:
    """Return posts as chairperson that ended with no successor recorded: their holder may still read, but no longer act."""
    if not hasattr(user, "_lapsed_posts"):
        posts = ended_chairs(user)
        bodies = [post.organisation_id for post in posts]
        over = expired_chairs().filter(organisation__in=bodies, user=user) if posts else []
        left = {term.organisation_id for term in over}
        user._lapsed_posts = [post for post in posts if post.organisation_id in left]  # type: ignore[attr-defined]
    lapsed: list[Post] = user._lapsed_posts  # type: ignore[attr-defined]
    return lapsed


def lapsed_chairs(organisation_id: int) -> list[User]:
    """Return the accounts whose term as chairperson of this body is over with nobody elected; they are notified instead."""
    rows = expired_chairs().filter(organisation=organisation_id, user__is_active=True).select_related("user")
    return [term.user for term in rows if term.user]


def tier_history(organisation: Organisation) -> QuerySet[TierDecision]:
    """Return all decisions, newest year first: proposed, confirmed and refused ones."""
    return organisation.tier_decisions.select_related("proposed_by", "decided_by")


def confirmed_tiers(organisation: Organisation) -> QuerySet[TierDecision]:
    """Return the part of the history that the public and the association see."""
    return tier_history(organisation).filter(status=TierDecisionStatus.CONFIRMED)


def office_holders(organisation_id: int, office: str) -> list[str]:
    """Return the names of those who hold the office today, in the order in which they came."""
    terms = OfficeTerm.objects.filter(organisation_id=organisation_id, office=office, valid_from__lte=clock.today())
    return list(terms.exclude(valid_to__lt=clock.today()).order_by("id").values_list("person_name", flat=True))


def kept_papers(organisation_id: int) -> list[KeptPaper]:
    """Return the papers that the association keeps with the portal and that are still valid today."""
    rows = KeptPaper.objects.filter(organisation_id=organisation_id, replaced_on=None).select_related("file")
    return list(rows.exclude(valid_until__lt=clock.today()))


# --- Counties -------------------------------------------------------------------------------------------------------------


def counties_seen(user: User) -> list[str]:
    """Return the counties whose data the user keeps; an administrator of all sees each."""
    own = {post.county for post in posts_of(user) if post.role in DATA_KEEPERS}
    return [slug for slug in counties.slugs() if "" in own or slug in own]


def particulars_by_day(county: str) -> list[tuple[CountyParticulars, list[tuple[str, str]]]]:
    """Return the rows of a county, the newest first, each with what it says anew: (label, value)."""
    found: list[tuple[CountyParticulars, list[tuple[str, str]]]] = []
    before: CountyParticulars | None = None
    for row in CountyParticulars.objects.filter(county=county).order_by("starts_on"):
        found.append((row, _said_anew(row, before)))
        before = row
    return found[::-1]


def _said_anew(row: CountyParticulars, before: CountyParticulars | None) -> list[tuple[str, str]]:
    columns = [column for column in row._meta.fields if column.attname not in ("id", "county_id", "starts_on")]
    return [
        (str(column.verbose_name), _("圖檔") if column.is_relation else str(value))
        for column in columns
        if (value := getattr(row, column.attname)) and (before is None or value != getattr(before, column.attname))
    ]


def townships_with_names(county: str) -> list[tuple[Township, list[TownshipName]]]:
    """Return the county's townships with every name that each has or will have, the oldest first."""
    rows = Township.objects.filter(county=county).order_by("position").prefetch_related("names")
    return [(row, sorted(row.names.all(), key=lambda name: name.valid_from or dt.date.min)) for row in rows]


def changes_of(kinds: list[str], county: str) -> QuerySet[Change]:
    """Return the changes of these kinds, the newest first, with the people in them."""
    rows = Change.objects.filter(kind__in=kinds, county=county)
    return rows.select_related("proposed_by", "decided_by", "scan")


def is_signature_of(county: str, file: UUID) -> bool:
    """Return whether the file is a signature of the county, in force, former or proposed."""
    held = CountyParticulars.objects.filter(county=county, signature=file)
    return held.exists() or Change.objects.filter(county=county, data__signature=str(file)).exists()


def colours_css() -> str:
    """Return the rules that give each county's pages its colour of today."""
    today = clock.today()
    rules = []
    for slug in counties.slugs():
        shades = colours.shades(counties.particulars(slug, today).accent)
        words = " ".join(f"--{name}: {value};" for name, value in shades.items())
        rules.append(f'[data-county="{slug}"] {{ {words} }}\n')
    return "".join(rules)
