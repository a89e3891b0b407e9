"""The list of central programmes: one person of the county proposes an entry, another confirms it."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import CentralProgramme
from grants.queries.central import PROGRAMME
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

KEEP = actions.register("central.programme", _l("登錄中央補助計畫"))
FIELDS = ("ministry", "name", "item", "most", "closes_on", "words", "active")


def propose(user: User, county: str, programme: CentralProgramme | None, values: dict[str, Any], reason: str) -> Change:
    """Propose a new entry, or other values of one that stands. Raises Refused if nothing differs."""
    data = _plain(values)
    before = values_of(programme) if programme else {}
    if data == before:
        raise Refused(_("沒有改變，不用送出。"))
    proposal = services.Proposal(
        county=county,
        subject=str(programme.pk) if programme else f"new:{data['name']}:{data['item']}",
        title=f"{KIND.label}　{data['name']}",
        data=data,
        before=before,
        reason=reason,
    )
    return services.propose(user, KIND, proposal)


def values_of(programme: CentralProgramme) -> dict[str, Any]:
    """Return an entry as the data of a change."""
    return _plain({name: getattr(programme, name) for name in FIELDS})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: one.isoformat() if isinstance(one, dt.date) else one for name, one in values.items()}


def _standing(change: Change) -> CentralProgramme | None:
    return None if change.subject.startswith("new:") else CentralProgramme.objects.get(pk=int(change.subject))


def _current(change: Change) -> dict[str, Any]:
    row = _standing(change)
    return values_of(row) if row else {}


def _rows(change: Change) -> list[Row]:
    labels = {column.name: str(column.verbose_name) for column in CentralProgramme._meta.fields}
    return [Row(labels[name], _shown(name, change.before), _shown(name, change.data)) for name in FIELDS]


def _shown(name: str, values: dict[str, Any]) -> str:
    value = values.get(name)
    if value in (None, ""):
        return "—"
    if name == "most":
        return format_amount(value)
    if name == "closes_on":
        return format_roc(dt.date.fromisoformat(value))
    if name == "active":
        return _("是") if value else _("否")
    return str(value)


def _apply(change: Change, by: Actor) -> None:
    row = _standing(change) or CentralProgramme(county=change.county)
    same = CentralProgramme.objects.filter(county=change.county, name=change.data["name"], item=change.data["item"])
    if same.exclude(pk=row.pk or 0).exists():
        raise Refused(_("這個計畫已經登錄過，請改那一筆。"))
    closes = change.data["closes_on"]
    for name in FIELDS:
        setattr(row, name, change.data[name])
    row.closes_on = dt.date.fromisoformat(closes) if closes else None
    row.confirmed_on = clock.today()
    row.save()
    trail.record(KEEP, row, before=change.before or None, after=change.data)


KIND = register(
    Kind(
        name=PROGRAMME,
        label=_l("中央補助計畫"),
        proposers=CASE_HANDLERS,
        confirmers=CASE_HANDLERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:central_programmes"),
        current=_current,
    )
)
