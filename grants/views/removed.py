"""Papers just removed from a case, kept in the session so that one click restores them."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

SESSION_KEY = "removed-papers"
_MOST = 12


@dataclass(frozen=True)
class Removed:
    """A removed paper. `file` is the id of the stored file; `scope` names the case and which part of it
    ("settlement:88-099-0027").
    """

    scope: str
    kind: str
    file: str
    name: str
    note: str = ""
    contents: str = ""


def remember(request: HttpRequest, removed: Removed) -> None:
    rows = [row for row in request.session.get(SESSION_KEY, ()) if row["file"] != removed.file]
    request.session[SESSION_KEY] = [*rows, asdict(removed)][-_MOST:]


def of(request: HttpRequest, scope: str) -> list[Removed]:
    """Return what was removed in this scope, oldest first."""
    return [Removed(**row) for row in request.session.get(SESSION_KEY, ()) if row["scope"] == scope]


def take(request: HttpRequest, scope: str, file: str) -> Removed | None:
    """Return the removed paper of this file and forget it."""
    found = next((row for row in of(request, scope) if row.file == file), None)
    rows = request.session.get(SESSION_KEY, ())
    request.session[SESSION_KEY] = [row for row in rows if row["file"] != file]
    return found
