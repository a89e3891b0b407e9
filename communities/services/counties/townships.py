"""A county's townships and their names from a day on, as one file says; and the same of a further county."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities import naming, places
from communities.models import Township, TownshipName
from communities.services import organisations
from miaoli_kaohsiung.accounts.audiences import DATA_CONFIRMERS, DATA_PROPOSERS
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.models import County, User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock

SUBJECT = "townships"


def propose(
    user: User, county: str, townships: Sequence[dict[str, Any]], *, reason: str = "", memo_number: str = ""
) -> Change:
    """Keep the townships, as `township_file.read` returns them, until another person confirms them. Raises Refused."""
    before = as_now(township["code"] for township in townships)
    name = name_of(county, clock.today())
    proposal = services.Proposal(
        county=county,
        subject=SUBJECT,
        title=_("%(name)s的鄉鎮市區（%(count)d 個）") % {"name": name, "count": len(townships)},
        data={"townships": list(townships)},
        before={"townships": before},
        memo_number=memo_number,
        reason=reason,
    )
    return services.propose(user, KIND, proposal)


def as_now(codes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the townships of these codes as the tables have them, in the order asked for; those that are not there yet are
    left out.
    """
    asked = list(codes)
    rows = {row.code: row for row in Township.objects.filter(code__in=asked).prefetch_related("names")}
    return [
        {
            "code": code,
            "postal_code": rows[code].postal_code,
            "names": sorted(
                ([name.name, _iso(name.valid_from), _iso(name.valid_to)] for name in rows[code].names.all()),
                key=lambda said: said[1],
            ),
        }
        for code in asked
        if code in rows
    ]


def rows_of(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> list[kinds.Row]:
    old = {township["code"]: _in_words(township) for township in before}
    return [kinds.Row(township["code"], old.get(township["code"], ""), _in_words(township)) for township in after]


def write(county: str, townships: Iterable[dict[str, Any]]) -> None:
    """Make the tables say what these townships say. Raises Refused if one belongs to another county by now."""
    last = Township.objects.filter(county=county).aggregate(last=Max("position"))["last"] or 0
    for place, said in enumerate(townships, last + 1):
        columns = {"postal_code": said["postal_code"], "county": county, "position": place}
        township, made = Township.objects.get_or_create(code=said["code"], defaults=columns)
        if township.county != county:
            raise Refused(_("代碼 %(code)s 已經是別的縣市的。") % {"code": said["code"]})
        if not made:
            township.postal_code = said["postal_code"]
            township.save(update_fields=["postal_code"])
        township.names.all().delete()
        TownshipName.objects.bulk_create(
            TownshipName(township=township, name=name, valid_from=first or None, valid_to=end or None)
            for name, first, end in said["names"]
        )
    places.KEPT.forget_on_commit()
    organisations.refold(county)


def _in_words(township: dict[str, Any]) -> str:
    names = [
        places.Name(township["code"], "", name, _day(first), _day(last)) for name, first, last in township["names"]
    ]
    return f"{township['postal_code']} {naming.names_in_words(names)}"


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _apply(change: Change, by: Actor) -> None:
    lock(County.objects.all(), pk=change.county)
    write(change.county, change.data["townships"])


KIND = kinds.register(
    kinds.Kind(
        name="county.townships",
        label=_l("鄉鎮市區"),
        proposers=DATA_PROPOSERS,
        confirmers=DATA_CONFIRMERS,
        rows=lambda change: rows_of(change.before["townships"], change.data["townships"]),
        apply=_apply,
        page=lambda change: reverse("communities:county", args=[change.county]),
        current=lambda change: {"townships": as_now(row["code"] for row in change.data["townships"])},
    )
)
