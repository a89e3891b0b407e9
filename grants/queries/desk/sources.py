"""Where each kind of row of the desk has what the desk and the lists of its queues show of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Model, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from communities.models import AccountRequest, AllianceMember, OfficeTerm, TierDecision
from grants.enums import DeadlineKind
from grants.models import (
    Amendment,
    Application,
    Award,
    Closure,
    Debt,
    Duty,
    EnvelopeChange,
    Instalment,
    Letter,
    PaymentBatch,
    RecordCorrection,
    ReturnTermsChange,
    ReviewAssignment,
    Ruling,
    Sanction,
    SanctionLifting,
    Settlement,
    Waiver,
)
from grants.queries.applications.officers import has_left
from miaoli_kaohsiung.accounts.models import IdentityChange, Post
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared

# What must come back of an award.
OWED = Subquery(Debt.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.RETURN).values("amount")[:1])


@dataclass(frozen=True)
class Source:
    """Where a kind of row has what the desk shows; `key` fills the address, `who` is the organisation."""

    key: str
    number: Any
    who: Any
    title: Any = None
    amount: str | None = None
    since: str | None = None
    case: str | None = None


def _of_case(path: str, key: str, **more: str) -> Source:
    names = (f"{path}number", f"{path}organisation__name", f"{path}title")
    return Source(key, *names, case=f"{path}number", **more)


SOURCES = {
    Application: _of_case("", "number", amount="requested_total", since="status_since"),
    Award: _of_case("application__", "number", amount="total", since="approved_on"),
    Instalment: _of_case("award__application__", "award__number", amount="amount", since="requested_on"),
    Letter: Source("pk", Coalesce("application__number", Value("")),
                   Coalesce("application__organisation__name", "organisation__name", Value("")),
                   Coalesce("application__title", "subject", output_field=TextField()), since="prepared_on", case="application__number"),
    Settlement: _of_case("award__application__", "number", amount="award__total", since="submitted_on"),
    ReviewAssignment: _of_case("application__", "application__number", since="assigned_on"),
    EnvelopeChange: Source("scheme__slug", "memo_number", "scheme__short_name", amount="amount", since="proposed_on"),
    ReturnTermsChange: Source("scheme__slug", "memo_number", "scheme__short_name", since="proposed_on"),
    PaymentBatch: Source("pk", "number", "made_by__display_name", since="made_on"),
    Waiver: _of_case("application__", "application__number", since="recorded_on"),
    Sanction: Source("pk", "award__number", "organisation__name", "award__application__title", "disallowed",
                     "recorded_on", "award__number"),
    Amendment: _of_case("award__application__", "pk", since="asked_on"),
    SanctionLifting: _of_case("sanction__award__application__", "sanction__pk", since="asked_on"),
    RecordCorrection: _of_case("award__application__", "award__number", since="asked_on"),
    IdentityChange: Source("pk", "summary", "proposed_by__display_name"),
    Change: Source("pk", "title", "proposed_by__display_name", since="proposed_on"),
    Closure: Source("pk", "reason", "declared_by__display_name", since="declared_on"),
    AccountRequest: Source("pk", "organisation_name", "organisation_name", since="requested_on"),
    AllianceMember: Source("alliance_id", "alliance__lead__name", "organisation__name", "alliance__name", since="invited_on"),
    TierDecision: Source("organisation_id", "organisation__name", "organisation__name", since="proposed_on"),
    OfficeTerm: Source("organisation_id", "organisation__name", "person_name", since="valid_to"),
    Post: Source("user_id", "place_name", "place_name", "user__display_name"),
    Duty: Source("pk", Coalesce("application__number", "title"),
                 Coalesce("application__organisation__name", "organisation__name"), "application__title",
                 since="opened_on", case="application__number"),
    Ruling: Source("pk", "memo_number", "scheme__short_name", since="recorded_on"),
}  # fmt: skip


def with_details(rows: QuerySet[Any], *kept: str, **more: Any) -> QuerySet[Any, dict[str, Any]]:
    """Return the rows of a queue in plain values: what `tasks.task_of` reads, and with it columns
    that the rows have, `kept`, and others, `more`.
    """
    model = rows.model
    source, nothing = SOURCES[model], Value(None, output_field=TextField())
    names = ("key", "number", "who", "title", "amount", "since", "case")
    columns = {f"_{name}": getattr(source, name) or nothing for name in names}
    columns = {name: F(column) if isinstance(column, str) else column for name, column in columns.items()}
    if model is Application:
        columns["_left"] = Case(When(has_left(), then=F("officer__display_name")), output_field=TextField())
        columns |= {"_officer": F("officer"), "_officer_name": F("officer__display_name")}
        columns |= {
            "_chair_note": F("chair_note"),
            "_body_kind": F("organisation__kind"),
            "_body": F("organisation__name"),
        }
    if model is Award:
        columns["_owed"] = OWED
    if model is OfficeTerm:
        columns |= {"_begun": F("valid_from"), "_body_kind": F("organisation__kind"), "_body": F("organisation__name")}
    if model is Post:
        columns |= {"_role": F("role"), "_county": F("county")}
    if model is Duty:
        columns |= {"_duty": F("key"), "_period": F("period")}
    found: QuerySet[Any, dict[str, Any]] = rows.annotate(**columns, **more).values("pk", *columns, *kept, *more)
    return found


def details_of(model: type[Model], keys: Sequence[int]) -> list[dict[str, Any]]:
    """Return `with_details` of these rows."""
    return _DETAILS(model, clock.today(), **{f"key{place}": key for place, key in enumerate(keys)})


def _of_keys(model: type[Model], _today: dt.date, **keys: Value) -> QuerySet[Any, dict[str, Any]]:
    return with_details(model._default_manager.filter(pk__in=keys.values()))


# By the model, how many rows there are, and the day on which somebody holds the officer's post.
_DETAILS = Prepared(_of_keys)
