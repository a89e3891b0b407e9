"""A new scheme, and a change of one: proposed by one person of the county, confirmed by another."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.stored import keep_text
from grants.models import Scheme, SchemeTerms
from grants.rules.ruleset import load
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import Upload
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock

from . import values
from .programmes import keep_programmes

SET = actions.register("scheme.set", _l("補助方案的資料"))


@dataclass(frozen=True)
class Paperwork:
    """What a proposal rests on."""

    reason: str = ""
    memo_number: str = ""
    scan: Optional[Upload] = None  # noqa: UP045  # the alias is text while the class is made


def propose_change(
    user: User, scheme: Scheme, data: Mapping[str, Any], starts_on: dt.date | None, paper: Paperwork
) -> Change:
    """Keep a change of the scheme until another person confirms it. `starts_on` is the first day of new terms. Raises
    Refused.
    """
    before = values.values_of(scheme)
    values.require_free_prefix(data["number_prefix"], scheme)
    asks = any(data[name] != before[name] for name in values.ASKED)
    proposal = services.Proposal(
        county=scheme.county,
        subject=scheme.slug,
        title=_("變更補助方案：%(scheme)s") % {"scheme": scheme.short_name},
        data=data,
        before=before,
        starts_on=starts_on if asks else None,
        reason=paper.reason,
        memo_number=paper.memo_number,
        scan=paper.scan,
    )
    return services.propose(user, CHANGE, proposal)


def propose_new(user: User, data: Mapping[str, Any], paper: Paperwork) -> Change:
    """Keep a new scheme until another person confirms it; `data` has `slug`, `county` and `ruleset` too. Raises Refused."""
    _require_new(data)
    proposal = services.Proposal(
        county=data["county"],
        subject=data["slug"],
        title=_("新增補助方案：%(scheme)s") % {"scheme": data["short_name"]},
        data=data,
        starts_on=dt.date.fromisoformat(data["opens_on"]),
        reason=paper.reason,
        memo_number=paper.memo_number,
        scan=paper.scan,
    )
    return services.propose(user, NEW, proposal)


def scheme_of(change: Change) -> Scheme:
    """Return the scheme of the change; for a new one that waits, or was not wanted, one that is not stored."""
    slug = change.subject.partition("/")[0]
    found = Scheme.objects.filter(slug=slug).first()
    return found or Scheme(slug=slug, county=change.county, ruleset=change.data["ruleset"])


def page_of(change: Change) -> str:
    scheme = scheme_of(change)
    return reverse("grants:scheme_data", args=[scheme.slug]) if scheme.pk else reverse("grants:schemes")


def _require_new(data: Mapping[str, Any]) -> None:
    if Scheme.objects.filter(slug=data["slug"]).exists():
        raise Refused(_("網址代碼「%(slug)s」已經有方案用了，請換一個。") % {"slug": data["slug"]})
    values.require_free_prefix(data["number_prefix"], None)


def _apply_change(change: Change, by: Actor) -> None:
    scheme = lock(Scheme.objects.all(), slug=change.subject)
    before, after = change.before, change.data
    values.require_free_prefix(after["number_prefix"], scheme)
    values.set_columns(scheme, after)
    scheme.save(update_fields=values.COLUMNS)
    keep_programmes(scheme, after["programmes"], after["purposes"])
    if any(after[name] != before[name] for name in values.ASKED):
        assert change.starts_on is not None, "new terms are proposed with their day"
        terms = values.new_terms(scheme, after, change.starts_on)
        values.notify_drafts(scheme, terms.starts_on)
    old, new = trail.changes(before, after)
    trail.record(SET, scheme, before=old, after=new)


def _apply_new(change: Change, by: Actor) -> None:
    data = change.data
    _require_new(data)
    scheme = Scheme(slug=data["slug"], county=data["county"], ruleset=data["ruleset"])
    values.set_columns(scheme, data)
    scheme.save()
    SchemeTerms.objects.create(scheme=scheme, starts_on=scheme.opens_on, **{name: data[name] for name in values.ASKED})
    keep_programmes(scheme, data["programmes"], data["purposes"])
    keep_text(load(scheme.ruleset))
    trail.record(SET, scheme, after={"slug": scheme.slug, "ruleset": scheme.ruleset})


CHANGE = kinds.register(
    kinds.Kind(
        name="scheme.change",
        label=_l("補助方案的變更"),
        proposers=values.KEEPERS,
        confirmers=values.KEEPERS,
        rows=lambda change: values.rows_of(scheme_of(change).ruleset, change.before, change.data),
        apply=_apply_change,
        page=page_of,
        preview="grants/schemes/data/_preview.html",
        current=lambda change: values.values_of(scheme_of(change)),
    )
)
NEW = kinds.register(
    kinds.Kind(
        name="scheme.new",
        label=_l("新的補助方案"),
        proposers=values.KEEPERS,
        confirmers=values.KEEPERS,
        rows=lambda change: values.rows_of(change.data["ruleset"], {}, change.data),
        apply=_apply_new,
        page=page_of,
        preview="grants/schemes/data/_preview.html",
    )
)
