"""A further county: its particulars and its townships together, proposed by one administrator, confirmed by another."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import ADMINISTRATORS
from miaoli_kaohsiung.accounts.models import County, CountyParticulars, User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused

from . import particulars, townships
from .keepers import proposer


def propose(user: User, slug: str, draft: particulars.Draft, places: Sequence[dict[str, Any]]) -> Change:
    """Keep a further county until another administrator confirms it. Raises Refused, as `changes.services.propose`."""
    with trail.unit_of_work(proposer(user, ADMINISTRATORS, "")) as by:
        said = {"signature": "", **draft.values, **particulars.signed(by, draft)}
        proposal = services.Proposal(
            county="",
            subject=slug,
            title=_("新增縣市：%(name)s（%(count)d 個鄉鎮市區）") % {"name": said["name"], "count": len(places)},
            data={"particulars": said, "townships": list(places)},
            starts_on=draft.starts_on,
            memo_number=draft.memo_number,
            reason=draft.reason,
            scan=draft.scan,
        )
        return services.propose(user, KIND, proposal)


def _rows(change: Change) -> list[kinds.Row]:
    said = particulars.rows_of({}, change.data["particulars"])
    return [kinds.Row(_l("代號"), "", change.subject), *said, *townships.rows_of([], change.data["townships"])]


def _apply(change: Change, by: Actor) -> None:
    if County.objects.filter(slug=change.subject).exists():
        raise Refused(_("代號「%(slug)s」已經有縣市在用。") % {"slug": change.subject})
    assert change.starts_on is not None
    last = County.objects.aggregate(last=Max("position"))["last"] or 0
    county = County.objects.create(slug=change.subject, position=last + 1)
    values = {name: value for name, value in change.data["particulars"].items() if name != "signature"}
    CountyParticulars.objects.create(
        county=county,
        starts_on=change.starts_on,
        signature_id=change.data["particulars"]["signature"] or None,
        **values,
    )
    counties.KEPT.forget_on_commit()
    townships.write(change.subject, change.data["townships"])


KIND = kinds.register(
    kinds.Kind(
        name="county.opening",
        label=_l("新增縣市"),
        proposers=ADMINISTRATORS,
        confirmers=ADMINISTRATORS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("communities:counties"),
        preview="communities/counties/_proposed_head.html",
    )
)
