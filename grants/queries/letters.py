"""The letters' register and the print runs, from what this person may see."""

from django.db.models import Q, QuerySet

from grants.models import Application, Letter, PrintRun
from grants.queries import scope
from miaoli_kaohsiung.accounts.audiences import LETTER_PRINTERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of


def letters_listed(user: User, status: str = "", kind: str = "") -> QuerySet[Letter]:
    """Return the letters with what a row shows, in one query for any number of rows."""
    rows = scope.letters(user, in_view=True).select_related("application__organisation", "organisation").order_by("-id")
    if status:
        rows = rows.filter(status=status)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.only(
        "kind",
        "status",
        "dispatch_number",
        "dispatched_on",
        "prepared_on",
        "subject",
        "application__number",
        "application__organisation__name",
        "organisation__name",
    )


def letters_of(case: Application, user: User) -> list[Letter]:
    """Return the letters of the case that this person may see, the newest first."""
    return list(scope.letters(user).filter(application=case).order_by("-id").defer("context", "explanation"))


def is_printer(user: User) -> bool:
    return any(post.role in LETTER_PRINTERS for post in posts_of(user))


def runs_seen(user: User) -> QuerySet[PrintRun]:
    """Return the runs of the county whose letters this person prints, newest first."""
    seen = scope.NOTHING
    for post in posts_of(user):
        if post.role in LETTER_PRINTERS:
            seen |= Q(county=post.county) if post.county else scope.EVERYTHING
    return PrintRun.objects.filter(seen).select_related("requested_by", "file").order_by("-id")
