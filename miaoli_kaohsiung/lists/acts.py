"""How a list begins an act on its rows that is looked at, confirmed once and then done row by row (bulk)."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from miaoli_kaohsiung.accounts.permissions import SignedIn

from .bulk import services
from .bulk.kinds import Kind
from .pages import Act


def _own_keys(rows: QuerySet[Any]) -> Sequence[int]:
    return list(rows.order_by().values_list("pk", flat=True))


def bulk_act(kind: Kind, keys_of: Callable[[QuerySet[Any]], Sequence[int]] = _own_keys) -> Act:
    """Return the act of a list for this kind; `keys_of` names what is acted on, if that is not the rows themselves."""

    def begin(request: SignedIn, rows: QuerySet[Any]) -> HttpResponseBase:
        run = services.choose(request.user, kind, keys_of(rows), request.get_full_path())
        return redirect("lists:bulk_run", run.pk)

    return Act(kind.name, kind.label, begin)
