"""Saving a form that somebody else may have saved meanwhile: the part of a view that all such forms share.

A form takes part by two hidden fields, `edition` and `seen` (partials/edition.html), and a view that calls `save`. It
works with a button alone; static/js/autosave.js explains the answers in JSON.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.services.applications.drafts import StaleError
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.lib import clock, merge

TRIES = 3
Form = TypeVar("Form", bound=forms.BaseForm)
MakeForms = Callable[[QueryDict | None], Sequence[Form]]
SaveForms = Callable[[Sequence[Form], int], Any]


@dataclass(frozen=True)
class Saved(Generic[Form]):
    """The result of a post: the bound forms, the saved row (None while there are conflicts), and what the page must
    show.
    """

    forms: Sequence[Form]
    row: Any = None
    conflicts: list[merge.Conflict] = field(default_factory=list)
    taken: dict[str, tuple[str, merge.Values]] = field(default_factory=dict)

    @property
    def notice(self) -> str:
        """Names what was changed elsewhere and is now on this page too; "" if nothing was."""
        labels = "、".join(label for label, _values in self.taken.values())
        return _("別的視窗或同仁剛改了「%(labels)s」，已經帶進這一頁。") % {"labels": labels} if labels else ""


def save(request: SignedIn, row: Any, edition: int, make: MakeForms[Form], store: SaveForms[Form]) -> Saved[Form]:
    """Save the post, merged with what was saved since the page was made.

    `row` has the fresh `edition`; `make` builds the forms anew from what is stored (None) or from a post; `store` writes
    the forms at an edition, returns the saved row and raises StaleError when somebody else was faster.
    """
    for _try in range(TRIES):
        # Compared only if somebody else saved meanwhile, or the person chose between two contents.
        stored = make(None) if edition != row.edition or merge.ASKED in request.POST else ()
        data = merge.resolved(request.POST, stored)
        posted, taken = make(data), {}
        undecided = merge.unresolved(data)
        if edition != row.edition or undecided:
            found = merge.merge(zip(posted, stored, strict=True), data.get(merge.SEEN, ""), undecided)
            if found.conflicts:
                return Saved(posted, conflicts=found.conflicts)
            taken = found.taken
            posted = make(merge.laid_over(data, {name: values for name, (_label, values) in taken.items()}))
        try:
            return Saved(posted, store(posted, row.edition), taken=taken)
        except StaleError:
            row.refresh_from_db()
            edition = -1
    raise StaleError


def answer(saved: Saved[Any], stored: Sequence[forms.BaseForm], edition: int) -> tuple[dict[str, Any], int]:
    """Return the part of the JSON answer that every form has, and the status: 200, 409 with conflicts, 422 with
    `errors`.

    `stored` are the forms of what is stored now, `edition` that of the row.
    """
    common = {"edition": edition, "seen": merge.seen(stored)}
    if saved.conflicts:
        panel = render_to_string("partials/conflicts.html", {"conflicts": saved.conflicts})
        return common | {"conflicts": panel, "message": _("還沒有存：別處也改了同一格，請先選要留哪一個。")}, 409
    errors = errors_of(saved.forms)
    fields = {name: list(values) for name, (_label, values) in saved.taken.items()}
    common |= {"errors": errors, "fields": fields, "notice": saved.notice}
    return common | {"saved_at": f"{timezone.localtime(clock.now()):%H:%M}"}, 422 if errors else 200


def errors_of(bound: Sequence[forms.BaseForm]) -> dict[str, list[str]]:
    """Return the errors of each field that could not be read, by its name in the post, for static/js/field-errors.js."""
    return {
        form.add_prefix(name): [str(problem) for problem in problems]
        for form in bound
        for name, problems in form.errors.items()
        if name in form.fields
    }
