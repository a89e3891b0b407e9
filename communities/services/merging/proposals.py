"""Merging as a change of two people: what each record says, what becomes of it, and the move itself."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities import actions, queries
from communities.models import Organisation
from communities.services import organisations
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, CASE_OFFICERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import Proposal
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import moving, own, parts

# What the living record takes over where it says nothing itself.
TAKEN_OVER = (
    "township_id", "village", "registration_county", "registration_number", "registered_on", "tax_id", "address", "phone",
    "email", "area_served", "households", "population", "members_count", "purpose", "last_service_on",
)  # fmt: skip
_WITH_IT = {"tax_id": ("tax_id_reason",), "bank_account": ("bank_code", "bank_account_name", "bank_name_reason")}


def propose(user: User, kept: Organisation, merged: Organisation, reason: str) -> Change:
    """Propose that `merged` becomes part of `kept`. Raises Refused with all reasons why they cannot be one."""
    _require_mergeable(kept, merged)
    proposal = Proposal(
        county=kept.county,
        subject=str(merged.pk),
        title=_("把「%(merged)s」併入「%(kept)s」") % {"merged": merged.name, "kept": kept.name},
        data={"kept": kept.pk, "sides": _sides(kept, merged)},
        before={"kept": None, "sides": _sides(kept, merged)},
        reason=reason,
    )
    return services.propose(user, KIND, proposal)


def _require_mergeable(kept: Organisation, merged: Organisation) -> None:
    # What follows presupposes two living records of one county.
    if problems := own.of_records(kept, merged) or parts.refusals(kept, merged):
        raise Refused("\n".join(problems))


def _both(change: Change) -> tuple[Organisation, Organisation]:
    rows = Organisation.every_record.in_bulk([change.data["kept"], int(change.subject)])
    return rows[change.data["kept"]], rows[int(change.subject)]


def _sides(kept: Organisation, merged: Organisation) -> list[dict[str, Any]]:
    names = ("name", *TAKEN_OVER, "bank_account")
    return [trail.masked(trail.snapshot(body, *names)) for body in (kept, merged)]


def _current(change: Change) -> Mapping[str, Any]:
    return {"kept": None, "sides": _sides(*_both(change))}


def _rows(change: Change) -> list[kinds.Row]:
    """Return what the second record says beside what the living one will say, as they were when it was proposed; and how
    many rows of each table come together.
    """
    kept, merged = change.data["sides"]
    columns = {field.attname: field.verbose_name for field in Organisation._meta.concrete_fields}
    rows = [kinds.Row(__("單位（併入的一筆／留下的一筆）"), merged["name"], kept["name"])]
    for name in (*TAKEN_OVER, "bank_account"):
        before, after = _words(name, merged[name]), _words(name, kept[name] or merged[name])
        if before or after:
            rows.append(kinds.Row(columns[name], before, after))
    return rows + _counted(change)


def _counted(change: Change) -> list[kinds.Row]:
    if change.status != "waiting":
        return []
    here, there = (moving.counts(body) for body in _both(change))
    words = _("%(count)d 筆")
    return [
        kinds.Row(table, words % {"count": there[table]}, words % {"count": there[table] + here[table]})
        for table in sorted(there)
        if there[table]
    ]


def _words(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name in ("registered_on", "last_service_on"):
        return format_roc(dt.date.fromisoformat(value))
    return queries.township_name(value) if name == "township_id" else str(value)


def _apply(change: Change, by: Actor) -> None:
    numbers = [change.data["kept"], int(change.subject)]
    parts.lock_rows(numbers)
    list(Organisation.every_record.select_for_update().filter(pk__in=numbers).order_by("pk"))
    kept, merged = _both(change)
    _require_mergeable(kept, merged)
    moved = moving.move_all(kept, merged)
    # First it lives no longer: of two living records only one may have the number.
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    organisations.update_organisation(by, kept, action=actions.TAKE_IN, **_taken_over(kept, merged))
    trail.record(actions.MERGE, merged, after={"merged_into": kept.pk, "moved": moved})


def _taken_over(kept: Organisation, merged: Organisation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in (*TAKEN_OVER, "seal_id", "bank_account"):
        if not getattr(kept, name) and getattr(merged, name):
            found |= {one: getattr(merged, one) for one in (name, *_WITH_IT.get(name, ()))}
    if (merged.current_tier_year or 0) > (kept.current_tier_year or 0):
        found |= {name: getattr(merged, name) for name in ("current_tier", "current_tier_year")}
    return found


KIND = kinds.register(
    kinds.Kind(
        name="organisation.merge",
        label=__("單位合併"),
        proposers=CASE_OFFICERS,
        confirmers=CASE_HANDLERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("communities:organisation", args=[change.data["kept"]]),
        current=_current,
    )
)
