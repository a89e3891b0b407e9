"""A county's name, letterhead and all that its pages say of it, from a day on.

What is confirmed holds from its first day; a later row that said the same as before follows it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.services import organisations
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import DATA_CONFIRMERS, DATA_PROPOSERS
from miaoli_kaohsiung.accounts.models import County, CountyParticulars, User
from miaoli_kaohsiung.accounts.particulars import SAID, Particulars
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.roc_date import format_roc

from .keepers import proposer


@dataclass(frozen=True)
class Draft:
    """Proposed particulars: `values` are the columns that differ, without the picture of the signature.

    `signature` is a new picture; with `typed` the name is printed instead of one.
    """

    starts_on: dt.date
    values: Mapping[str, str]
    signature: Optional[Upload] = None  # noqa: UP045  # the alias is text while the class is made
    typed: bool = False
    memo_number: str = ""
    reason: str = ""
    scan: Optional[Upload] = None  # noqa: UP045  # as above


def values_of(head: Particulars) -> dict[str, str]:
    """Return the particulars as a change keeps them."""
    return {name: getattr(head, name) for name in SAID}


def propose(user: User, county: str, draft: Draft) -> Change:
    """Keep new particulars until another person confirms them. Raises Refused, as `changes.services.propose`."""
    counties.refresh()
    before = values_of(counties.particulars(county, draft.starts_on))
    with trail.unit_of_work(proposer(user, DATA_PROPOSERS, county)) as by:
        data = {**before, **draft.values, **signed(by, draft)}
        title = _("%(name)s的名稱與公文抬頭，%(day)s起") % {
            "name": data["name"],
            "day": format_roc(draft.starts_on),
        }
        proposal = services.Proposal(
            county=county,
            subject=county,
            title=title,
            data=data,
            before=before,
            starts_on=draft.starts_on,
            memo_number=draft.memo_number,
            reason=draft.reason,
            scan=draft.scan,
        )
        return services.propose(user, KIND, proposal)


def signed(by: Actor, draft: Draft) -> dict[str, str]:
    """Return the column of the signature if it changes, with its picture stored."""
    if draft.typed:
        return {"signature": ""}
    if draft.signature is None:
        return {}
    return {"signature": str(store(draft.signature, actor=by, purpose="signature").pk)}


def rows_of(before: Mapping[str, str], after: Mapping[str, str]) -> list[kinds.Row]:
    """Return the lines of old and new, with the words of the columns."""
    columns = {column.name: str(column.verbose_name) for column in CountyParticulars._meta.fields}
    return [
        kinds.Row(label, *_shown(name, before.get(name, ""), after[name]))
        for name, label in columns.items()
        if name in SAID
    ]


def _shown(name: str, before: str, after: str) -> tuple[str, str]:
    if name != "signature":
        return before, after
    new = _("新的圖檔") if after != before else _("圖檔")
    return _("圖檔") if before else _("沒有，印姓名"), new if after else _("沒有，印姓名")


def _current(change: Change) -> dict[str, str]:
    counties.refresh()
    assert change.starts_on is not None
    return values_of(counties.particulars(change.county, change.starts_on))


def _apply(change: Change, by: Actor) -> None:
    assert change.starts_on is not None
    lock(County.objects.all(), pk=change.county)
    rows = list(CountyParticulars.objects.filter(county=change.county).order_by("starts_on"))
    first = next((row for row in reversed(rows) if row.starts_on <= change.starts_on), rows[0])
    changed = {name: value for name, value in change.data.items() if value != change.before[name]}
    later = [row for row in rows if row.starts_on > change.starts_on]
    if first.starts_on != change.starts_on:
        first.pk, first.starts_on = None, change.starts_on
    for name, value in changed.items():
        _carry(name, change.before[name], value, first, later)
    for row in (first, *later):
        row.save()
    counties.KEPT.forget_on_commit()
    if "name" in changed:
        organisations.refold(change.county)


def _carry(name: str, before: str, value: str, first: CountyParticulars, later: list[CountyParticulars]) -> None:
    """Set a value in the row and in those after it, up to the first that says something else."""
    column = "signature_id" if name == "signature" else name
    setattr(first, column, value or None if name == "signature" else value)
    for row in later:
        if str(getattr(row, column) or "") != before:
            break
        setattr(row, column, getattr(first, column))


KIND = kinds.register(
    kinds.Kind(
        name="county.particulars",
        label=_l("縣市資料與公文抬頭"),
        proposers=DATA_PROPOSERS,
        confirmers=DATA_CONFIRMERS,
        rows=lambda change: rows_of(change.before, change.data),
        apply=_apply,
        page=lambda change: reverse("communities:county", args=[change.county]),
        preview="communities/counties/_proposed_head.html",
        current=_current,
    )
)
