"""Opening a year of a scheme: its own days, with papers and questions carried over from the year before.

The money of the year is no part of it: that is entered by those who keep the county's money (`envelopes`), who are notified.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Envelope, Scheme, SchemeRound
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.roc_date import format_roc, roc_year
from miaoli_kaohsiung.notices.services import close

from . import values
from .particulars import Paperwork, page_of, scheme_of
from .programmes import keep_programmes

OPENED = actions.register("scheme.round", _l("開辦年度"))
# What of a year's terms may change when it is opened.
CARRIED = ("programmes", "papers", "questions")


def propose(user: User, scheme: Scheme, data: Mapping[str, Any], paper: Paperwork) -> Change:
    """Keep the days of a year, with what it asks, until another person confirms them. `data` has `year` (AD), `opens_on`
    and `closes_on` as text, and CARRIED. Raises Refused.
    """
    _require_inside(scheme, data)
    proposal = services.Proposal(
        county=scheme.county,
        subject=f"{scheme.slug}/{data['year']}",
        title=_("開辦%(year)d年度：%(scheme)s") % {"year": roc_year(data["year"]), "scheme": scheme.short_name},
        data=data,
        before=values_of(scheme, data["year"]),
        starts_on=dt.date.fromisoformat(data["opens_on"]),
        reason=paper.reason,
        memo_number=paper.memo_number,
        scan=paper.scan,
    )
    return services.propose(user, YEAR, proposal)


def values_of(scheme: Scheme, year: int) -> values.Values:
    """Return the days of the year as they are, "" if it was not opened, with the newest terms."""
    found = scheme.rounds.filter(year=year).first()
    days = {
        "year": year,
        "opens_on": found.opens_on.isoformat() if found else "",
        "closes_on": found.closes_on.isoformat() if found else "",
    }
    return days | _carried(scheme)


def copy_of_last(scheme: Scheme) -> values.Values:
    """Return the next year as a copy of the last one: the same days a year later, with the newest papers and questions."""
    last = scheme.rounds.order_by("-year").first()
    if last is None:
        return {"year": None, "opens_on": None, "closes_on": None, **_carried(scheme)}
    return {
        "year": last.year + 1,
        "opens_on": a_year_later(last.opens_on),
        "closes_on": a_year_later(last.closes_on),
        **_carried(scheme),
    }


def a_year_later(day: dt.date) -> dt.date:
    """Return the same day of the next year; of 29 February the 28th."""
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def needs_envelope(scheme: Scheme) -> list[SchemeRound]:
    """Return the years that were opened and have no money entered yet, the earliest first."""
    entered = Envelope.objects.filter(scheme=scheme).values("year")
    return list(scheme.rounds.exclude(year__in=entered).order_by("year"))


def close_envelope_notice(scheme: Scheme, year: int) -> None:
    """End the notices that ask for the money of the year, once it is entered."""
    close([_thread(scheme, year)])


def _carried(scheme: Scheme) -> values.Values:
    asked = values.asked_of(values.newest_terms(scheme))
    return {name: asked[name] for name in CARRIED}


def _require_inside(scheme: Scheme, data: Mapping[str, Any]) -> None:
    """Raise Refused for days outside the scheme's own window, or across those of another year."""
    opens, closes = (dt.date.fromisoformat(data[name]) for name in ("opens_on", "closes_on"))
    if opens < scheme.opens_on or (scheme.closes_on and closes > scheme.closes_on):
        params = {
            "from": format_roc(scheme.opens_on),
            "to": format_roc(scheme.closes_on) if scheme.closes_on else _("（沒有訂迄日）"),
        }
        raise Refused(_("方案的受理期間是%(from)s至%(to)s。年度要在這裡面；要延長，請先變更方案的受理期間。") % params)
    across = scheme.rounds.exclude(year=data["year"]).filter(opens_on__lte=closes, closes_on__gte=opens).first()
    if across:
        params = {
            "year": str(roc_year(across.year)),
            "from": format_roc(across.opens_on),
            "to": format_roc(across.closes_on),
        }
        raise Refused(_("和%(year)s年度的受理期間（%(from)s至%(to)s）重疊了。") % params)


def _apply(change: Change, by: Actor) -> None:
    scheme, data = lock(Scheme.objects.all(), slug=change.subject.partition("/")[0]), change.data
    _require_inside(scheme, data)
    days = {name: dt.date.fromisoformat(data[name]) for name in ("opens_on", "closes_on")}
    opened, _made = SchemeRound.objects.update_or_create(scheme=scheme, year=data["year"], defaults=days)
    if any(data[name] != change.before[name] for name in CARRIED):
        asked = values.asked_of(values.newest_terms(scheme)) | {name: data[name] for name in CARRIED}
        terms = values.new_terms(scheme, asked, days["opens_on"])
        keep_programmes(scheme, data["programmes"])
        values.notify_drafts(scheme, terms.starts_on)
    trail.record(
        OPENED,
        opened,
        before={},
        after={"year": data["year"], "opens_on": data["opens_on"], "closes_on": data["closes_on"]},
    )
    if not Envelope.objects.filter(scheme=scheme, year=data["year"]).exists():
        _ask_for_envelope(scheme, data["year"])


def _ask_for_envelope(scheme: Scheme, year: int) -> None:
    params = {"scheme": scheme.short_name, "year": roc_year(year)}
    subject = _("請登錄「%(scheme)s」%(year)d年度的額度") % params
    body = _("這個年度已經開辦，額度還沒有登錄；登錄並由另一位確認以前，不能核定。")
    words = notices.Words(subject, body, reverse("grants:envelope", args=[scheme.slug]))
    keepers = {person.pk: person for role in MONEY_KEEPERS for person in holders_of(role, county=scheme.county)}
    notices.send(keepers.values(), "scheme.envelope_missing", _thread(scheme, year), words, at_once=False)


def _thread(scheme: Scheme, year: int) -> str:
    return f"envelope_missing:{scheme.pk}:{year}"


def _rows(change: Change) -> list[kinds.Row]:
    law, before, after = scheme_of(change).ruleset, change.before, change.data
    year = str(roc_year(after["year"]))
    days = values.rows_of(law, before, after)
    return [kinds.Row(_("年度"), year if before.get("opens_on") else "", year), *days]


YEAR = kinds.register(
    kinds.Kind(
        name="scheme.year",
        label=_l("開辦年度"),
        proposers=values.KEEPERS,
        confirmers=values.KEEPERS,
        rows=_rows,
        apply=_apply,
        page=page_of,
        preview="grants/schemes/data/_preview.html",
        current=lambda change: values_of(scheme_of(change), change.data["year"]),
    )
)
