"""A law that a county files as data: proposed with its files, confirmed by another person, in force from its day on."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.stored import keep_text
from grants.models import FiledLaw, Scheme, SchemeTerms
from grants.models.law import read_filed_laws
from grants.queries.law.filed import before_of, mistakes_in, scheme_of
from grants.rules.filed.shape import FILES
from grants.rules.filed.tables import Tables, asks_for, of_files
from grants.rules.laws import name_in
from grants.rules.ruleset import load
from grants.services.schemes.programmes import keep_programmes
from miaoli_kaohsiung.accounts.audiences import DATA_CONFIRMERS, DATA_PROPOSERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

OPEN = actions.register("scheme.open_by_law", _l("依法規資料開辦方案"))


def propose(
    user: User,
    county: str,
    files: Mapping[str, str],
    starts_on: dt.date,
    *,
    memo_number: str = "",
    reason: str = "",
) -> Change:
    """Keep the files until another person confirms them. Raises Refused, also for files that hold a mistake."""
    _require_right(county, files, starts_on)
    head = scheme_of(files)
    return services.propose(
        user,
        KIND,
        services.Proposal(
            county=county,
            subject=head["slug"],
            title=_("法規資料：%(title)s") % {"title": head["title"]},
            data={"files": dict(files)},
            before={"files": before_of(head["slug"])},
            starts_on=starts_on,
            memo_number=memo_number,
            reason=reason,
        ),
    )


def _require_right(county: str, files: Mapping[str, str], starts_on: dt.date) -> None:
    found = mistakes_in(county, files, starts_on)
    if found:
        raise Refused(f"{found[0].place}：{found[0].sentence}")
    if before_of(scheme_of(files)["slug"]) and starts_on < clock.today():
        raise Refused(_("新版本要從今天或以後開始適用，之前送件的案件仍照原來的版本。"))


def _apply(change: Change, by: Actor) -> None:
    """Make the files a version of the law, and the law that of its schemes. What was changed elsewhere meanwhile is seen."""
    files, starts_on = change.data["files"], change.starts_on
    assert starts_on is not None, "each is proposed with its day"
    _require_right(change.county, files, max(starts_on, clock.today()))
    row = FiledLaw.objects.create(
        slug=change.subject, county=change.county, starts_on=starts_on, files=files, change=change
    )
    # Also if what follows, or the transaction around, fails: then the rows are as before and read so.
    transaction.on_commit(read_filed_laws)
    read_filed_laws()
    Scheme.objects.filter(ruleset=change.subject).update(law_version=row.pk)
    keep_text(load(change.subject))
    _bring_to_schemes(change)


def _bring_to_schemes(change: Change) -> None:
    tables = _tables(change.subject, change.data["files"])
    head = scheme_of(change.data["files"])
    wanted = head.get("scheme")
    if wanted and not Scheme.objects.filter(slug=wanted["slug"]).exists():
        _open_scheme(change, wanted, head, tables)
    for scheme in Scheme.objects.filter(ruleset=change.subject):
        keep_programmes(scheme, tables.programmes)


def _open_scheme(change: Change, wanted: Mapping[str, Any], head: Mapping[str, Any], tables: Tables) -> None:
    columns = {key: value for key, value in wanted.items() if key != "slug"}
    scheme = Scheme.objects.create(
        slug=wanted["slug"],
        county=change.county,
        legal_basis=head["title"],
        ruleset=change.subject,
        position=Scheme.objects.count() + 1,
        **columns,
    )
    SchemeTerms.objects.create(
        scheme=scheme,
        starts_on=scheme.opens_on,
        township_first=asks_for("township_first", tables),
        programmes=[*tables.programmes],
    )
    trail.record(OPEN, scheme, after={"slug": scheme.slug, "ruleset": scheme.ruleset})


def _tables(slug: str, files: Mapping[str, str]) -> Tables:
    tables = of_files(slug, {name_in(slug, name): text for name, text in files.items()})
    assert tables is not None, "the files were looked at"
    return tables


def _rows(change: Change) -> list[kinds.Row]:
    """Return one row a file: how many lines it has, and how many of them are new or gone."""
    old, new = change.before.get("files", {}), change.data["files"]
    rows = []
    for name in FILES:
        before, after = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        gone, added = set(before) - set(after), set(after) - set(before)
        count = _("%(count)d 行") % {"count": len(after)}
        changes = [f"＋ {line.strip()}" for line in after if line in added and line.strip()] if before else []
        changes += [f"－ {line.strip()}" for line in before if line in gone and line.strip()]
        words = "\n".join([count, *changes[:MOST_LINES], *(["…"] if len(changes) > MOST_LINES else [])])
        rows.append(kinds.Row(name, _("%(count)d 行") % {"count": len(before)} if before else "", words))
    return rows


MOST_LINES = 40
KIND = kinds.register(
    kinds.Kind(
        name="law.bundle",
        label=_l("法規資料"),
        proposers=DATA_PROPOSERS,
        confirmers=DATA_CONFIRMERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:filed_laws"),
        preview="grants/law/filing/_preview_of_change.html",
        current=lambda change: {"files": before_of(change.subject)},
    )
)
