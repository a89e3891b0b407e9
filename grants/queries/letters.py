"""The letters' register and the print runs, from what this person may see."""

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from communities import naming
from grants.enums import SENT
from grants.models import Application, Letter, PrintRun
from grants.queries import scope
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, LETTER_PRINTERS, STAFF_ROLES
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.dispatch_number import folded
from miaoli_kaohsiung.lib.prepared import Prepared


def letters_listed(user: User) -> QuerySet[Letter]:
    """Return the letters that the user may see: drafts first, then the newest."""
    return scope.letters(user, in_view=True).order_by("-dispatched_on", "-id")


def described(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """Return the letters with what a row shows, in one query for any number of rows."""
    receiver = Coalesce("application__organisation__name", "organisation__name", "originals")
    preparer = Coalesce(NullIf("prepared_by__display_name", Value("")), "prepared_by__username")
    return rows.annotate(receiver=receiver, preparer=preparer)


def preparers(counties: Collection[str]) -> QuerySet[User]:
    """Return who drafted a letter of these counties: of those who ever held an office's post there, each asked for one."""
    held = Post.objects.filter(role__in=STAFF_ROLES, county__in=counties)
    letters = Letter.objects.filter(county__in=counties, prepared_by=OuterRef("pk")).order_by()
    people = User.objects.filter(pk__in=held.values("user"))
    return people.alias(found=Subquery(letters.values("prepared_by")[:1])).filter(found__isnull=False)


_PREPARERS = Prepared(lambda *counties: preparers(counties))


def preparer_choices(counties: Collection[str]) -> list[tuple[str, str]]:
    """Return the same as choices of a filter, as they are now."""
    return [(str(person.pk), str(person)) for person in sorted(_PREPARERS(*sorted(counties)), key=lambda one: one.pk)]


def sought(rows: QuerySet[Letter], words: str) -> QuerySet[Letter]:
    """Return the letters with all words, each in the number, the subject, the case's number or the body's name."""
    for word in naming.words(words):
        rows = rows.filter(_with(word))
    return rows


def letters_of(case: Application, user: User) -> list[Letter]:
    """Return the letters of the case that this person may see, the newest first."""
    posts = posts_of(user)
    reach = scope.reach_of(user, posts)
    values = scope.as_values(user, scope.printed_too(reach, posts))
    return _OF_CASE(scope.prints_all(posts), reach.compared, case=case.pk, **values)


def _of_case(everything: bool, compared: bool, *, case: Any, person: Any, **places: list[Any]) -> QuerySet[Letter]:
    seen = scope.letters_reached(person, everything, compared, **places)
    return Letter.objects.filter(seen, application=case).order_by("-id").defer("context", "explanation")


_OF_CASE = Prepared(_of_case)


def counties_read(user: User) -> set[str]:
    """Return the counties all of whose letters the person reads."""
    return {post.county for post in posts_of(user) if post.role in COUNTY_READERS}


def is_printer(user: User) -> bool:
    return any(post.role in LETTER_PRINTERS for post in posts_of(user))


def book_of(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """Return those of the letters that went out, in the order of their going out: the rows of the 發文登記簿."""
    sent = rows.filter(status__in=SENT)
    return sent.order_by("dispatched_on", "dispatch_key", "pk")


def _with(word: str) -> Q:
    """Return a filter for letters with the word in one of the texts by which somebody looks for one."""
    number = folded(word)
    found = Q(dispatch_key__contains=number) if number else Q()
    for name in (
        "subject",
        "originals",
        "application__number",
        "application__organisation__name",
        "organisation__name",
    ):
        found |= Q(**{f"{name}__icontains": word})
    return found


def runs_seen(user: User) -> QuerySet[PrintRun]:
    """Return the runs of the county whose letters this person prints, newest first."""
    seen = scope.NOTHING
    for post in posts_of(user):
        if post.role in LETTER_PRINTERS:
            seen |= Q(county=post.county) if post.county else scope.EVERYTHING
    return PrintRun.objects.filter(seen).select_related("requested_by", "file").order_by("-id")
