"""Lists of cases and what a case page shows. Every read starts from what the person may see."""

import datetime as dt
import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from communities import naming
from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from communities.queries import township_choices, township_name
from grants.enums import BEFORE_FILING, WITH_THE_OFFICER
from grants.models import Application, Deadline, NumberSeries, Programme, ReviewAssignment, Scheme
from grants.permissions import in_scope
from grants.queries import scope
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF
from miaoli_kaohsiung.accounts.counties import slugs
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_view, posts_of
from miaoli_kaohsiung.lib import clock, identifiers, search
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lib.related import read_related
from miaoli_kaohsiung.lists.ages import LATE_DAYS

# Counting the rows of a word stops here: of a word that so many have, the rows are read in the order of the list.
COMMON = 300
# So many rows of a word are still found, and sorted, by the index of words: where fewer have it, the rows that are read in
# the order of the list until a page of them is found are more than that.
OFTEN = 3_000
# Of a word of every twentieth case the index of words would fetch a mark for each before the first is read. In a table of more
# than MANY cases the NEWEST are looked at first, which say it in a tenth of the time, and of these the FIRST: where they have
# the words half as often as would do, it is left to the index.
MANY, NEWEST, FIRST = 100_000, 5_000, 500
# No name of a person has one.
_DIGIT = re.compile(r"\d")
# So many keys at either end do not say how dense the rows of a word lie.
APART = 10


def listed(user: User) -> QuerySet[Application]:
    """Return the cases that the user may see, newest first. A case in which interest is to be declared first is left out:
    `to_declare`.
    """
    return scope.cases(user, in_view=True).exclude(pk__in=undeclared_of(user)).order_by("-id")


def shown(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Return the cases with the name of their officer, which no column of theirs has."""
    officer = Coalesce(NullIf("officer__display_name", Value("")), "officer__username")
    return cases.annotate(officer_name=officer)


def to_declare(user: User) -> list[dict[str, str]]:
    """Return number and township, all that the reviewer may know, of the cases in which to declare interest."""
    rows = Application.objects.filter(pk__in=undeclared_of(user)).order_by("-id").values("number", "township_code")
    return [{"number": row["number"], "township": township_name(row["township_code"])} for row in rows]


@dataclass(frozen=True)
class Sought:
    """What a search found; `over` is set if there are more cases than that with the words, which nobody counted, and
    `ordered_whole` if the index of words gives them all before the first of them are known.
    """

    cases: QuerySet[Application]
    over: int | None = None
    ordered_whole: bool = False


def sought(cases: QuerySet[Application], typed: str) -> Sought:
    """Return the cases whose number, title or organisation contain every word typed, or whose association has this tax
    id, this chairperson or stands in this township.
    """
    if not typed.strip():
        return Sought(cases)
    last = _last()
    if _lately(cases, typed, last) > COMMON:
        return Sought(cases.filter(search.matching("search", naming.sought(typed), by_index=False)), over=COMMON)
    words = search.matching("search", naming.sought(typed))
    arms = [cases.filter(words), *(Application.objects.filter(one) for one in _of_association(typed.strip()))]
    keys = [
        rows.order_by().annotate(arm=Value(place)).values_list("arm", "pk")[: None if place else COMMON + 1]
        for place, rows in enumerate(arms)
    ]
    # Each by its own index, and then by their keys: of conditions joined by "or" the database would look at every case.
    found = list(keys[0].union(*keys[1:], all=True) if keys[1:] else keys[0])
    first = sorted(key for place, key in found if place == 0)
    if len(first) > COMMON:
        dense = _estimated(first, last) > OFTEN
        found_by_words = cases.filter(search.matching("search", naming.sought(typed), by_index=not dense))
        return Sought(found_by_words, over=COMMON, ordered_whole=not dense)
    codes = [code for code, name in township_choices(*slugs()) if typed.strip() in name]
    wanted = Q(pk__in=[key for _place, key in found])
    return Sought(cases.filter(wanted | Q(township_code__in=codes) if codes else wanted))


def _lately(cases: QuerySet[Application], typed: str, last: int) -> int:
    """Return how many of the newest cases have the words, COMMON and one more at most; none where there are few cases in all."""
    if last <= MANY:
        return 0
    words = search.matching("search", naming.sought(typed), by_index=False)
    lately = cases.filter(words).order_by().values_list("pk")
    few = COMMON * FIRST // (2 * NEWEST)
    if len(lately.filter(pk__gt=last - FIRST)[:few]) < few:
        return 0
    return len(lately.filter(pk__gt=last - NEWEST)[: COMMON + 1])


_LAST: Prepared[int] = Prepared(lambda: Application.objects.order_by("-pk").values_list("pk", flat=True)[:1])


def _last() -> int:
    """Return the key of the newest case, about as much as there are cases."""
    return _LAST.first() or 1


def _estimated(first: list[int], last: int) -> int:
    """Return how many cases have the words, as far as the keys of the first that were found say: they lie as they were
    stored, so that between the tenth and the last but ten they are about as dense as anywhere.
    """
    if len(first) <= 2 * APART:
        return last
    return int(last * (len(first) - 2 * APART) / max(1, first[-APART - 1] - first[APART]))


def _of_association(typed: str) -> list[Q]:
    """Return filters by what people also ask for when the telephone rings, beside the name of a township: each only where
    it may be meant, because an association's tax id is looked for among all of them.
    """
    with suppress(ValueError):
        return [Q(organisation__tax_id=identifiers.tax_id_digits(typed))]
    if _DIGIT.search(typed):
        return []
    chairs = OfficeTerm.objects.filter(office=Office.CHAIRPERSON, person_name__startswith=typed)
    return [Q(organisation__in=chairs.values("organisation"))]


def officers_of(counties: Collection[str]) -> QuerySet[User]:
    """Return who looks after a case of these counties or did: of those who ever held a post of a county's staff there,
    each asked for one case, because all cases are too many to look through.
    """
    held = Post.objects.filter(role__in=COUNTY_STAFF, county__in=counties)
    cases = Application.objects.filter(county__in=counties, officer=OuterRef("pk")).order_by()
    people = User.objects.filter(pk__in=held.values("user"))
    # The case's officer, not its key: both columns stand in one index, so that no case is read.
    return people.alias(found=Subquery(cases.values("officer")[:1])).filter(found__isnull=False)


_OFFICERS = Prepared(lambda *counties: officers_of(counties))


def officer_choices(counties: Collection[str]) -> list[tuple[str, str]]:
    """Return the same as choices of a filter, as they are now: every list asks."""
    return [(str(person.pk), str(person)) for person in sorted(_OFFICERS(*sorted(counties)), key=lambda one: one.pk)]


_PROGRAMMES = Prepared(
    lambda *counties: (
        Programme.objects.filter(scheme__county__in=counties)
        .order_by("scheme__position", "position")
        .values_list("pk", "name")
    )
)


def programme_choices(counties: Collection[str]) -> list[tuple[str, str]]:
    """Return the programmes of these counties as choices of a filter."""
    return [(str(key), name) for key, name in _PROGRAMMES(*sorted(counties))]


def late() -> Q:
    """Return a filter for cases of which some deadline has passed."""
    passed = {"done_on": None, "due_on__lt": clock.today()}
    return Q(Exists(Deadline.objects.filter(application=OuterRef("pk"), **passed)))


def slow() -> Q:
    """Return a filter for cases that have been waiting too long for their officer."""
    since = clock.today() - dt.timedelta(days=LATE_DAYS)
    return Q(status__in=WITH_THE_OFFICER, status_since__lte=since)


_FIRST_YEAR = Prepared(
    lambda *counties: (
        NumberSeries.objects.filter(scheme__county__in=counties).order_by("year").values_list("year", flat=True)[:1]
    )
)


def years_of(counties: Collection[str]) -> list[int]:
    """Return the years since the first case of these counties was begun, the latest first. They are not read from the
    cases: that would be all of them.
    """
    this = clock.today().year
    first = _FIRST_YEAR.first(*sorted(counties))
    return list(range(this, (first or this) - 1, -1))


def organisations_of(user: User, *, in_view: bool = False) -> QuerySet[Organisation]:
    """Return the organisations for which the user may file today; `in_view` only those of the chosen post."""
    posts = posts_in_view(user) if in_view else posts_of(user)
    return Organisation.objects.filter(pk__in=[post.member_of for post in posts if post.role == Role.MEMBER])


def open_drafts(organisations: Collection[Organisation]) -> QuerySet[Application]:
    """Return drafts that were never filed, last changed first."""
    mine = Application.objects.filter(organisation__in=organisations, status__in=BEFORE_FILING)
    return mine.select_related("programme", "organisation").order_by("-updated_at")


def earlier_cases(user: User) -> QuerySet[Application]:
    """Return filed cases whose words and lines a new one may take over, newest first."""
    mine = Application.objects.filter(organisation__in=organisations_of(user), first_filed_on__isnull=False)
    return mine.only("number", "title", "programme_id", "organisation_id").order_by("-id")


def open_schemes(counties: set[str]) -> QuerySet[Scheme]:
    """Return the schemes of these counties with their programmes."""
    return Scheme.objects.filter(county__in=counties).prefetch_related("programmes", "terms", "rounds")


def case_of(user: User, number: str, *, whole: bool = False) -> Application | None:
    """Return the case, or None if this person may see none of that number. `whole` also reads its officer, lines, reasons,
    documents and rulings once for a whole page; not for requests that change them. The township's first review is read
    where it is shown: planning one join more takes the database longer than the rest.
    """
    reach = scope.reach_of(user, posts_of(user))
    values = scope.as_values(user, reach.places)
    case = _CASE.first(whole, reach.reviews, reach.compared, number=number, **values)
    if case is not None and whole:
        read_related(case, "lines", "justifications")
        read_related(case, "documents", joined=("file",))
        read_related(case.scheme, "rulings")
    return case


def _case(
    whole: bool, reviews: bool, compared: bool, *, number: Any, person: Any, **places: list[Any]
) -> QuerySet[Application]:
    seen = scope.reached(person, reviews, compared, **places)
    cases = Application.objects.filter(seen, number=number).defer("search")
    cases = cases.select_related("scheme", "programme", "organisation", "filed_under")
    return cases.select_related("officer") if whole else cases


_CASE = Prepared(_case)


def read_parts(case: Application) -> None:
    """Read lines, reasons, papers, waivers and rulings of the case once, unless they were read with it. For a request
    that saves a step: what it then says of the case rests on these, as long as nobody else saved meanwhile.
    """
    read_related(case, "lines", "justifications", "documents", "waivers")
    read_related(case.scheme, "rulings")


def only_name_shown(user: User, case: Application) -> bool:
    """Return whether only the organisation's name is shown: to a reviewer who has not declared interest yet."""
    return case.pk in undeclared_of(user)


def undeclared_of(user: User) -> set[int]:
    """Return the ids of the cases that the user is asked to review, has not declared interest in, and may see in no
    other post.
    """
    posts = posts_of(user)
    if not any(post.role == Role.REVIEWER for post in posts):
        return set()
    others = [post for post in posts if post.role != Role.REVIEWER]
    asked = ReviewAssignment.objects.filter(reviewer=user, interest=ReviewAssignment.Interest.UNANSWERED)
    return {
        row.application_id
        for row in asked.select_related("application")
        if not any(in_scope(post, row.application) for post in others)
    }
