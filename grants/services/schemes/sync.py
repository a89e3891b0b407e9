"""Bring the filed schemes (filed.toml) into the database."""

import tomllib
from pathlib import Path
from typing import Any

from grants.compliance.stored import keep_text
from grants.models import Scheme, SchemeTerms
from grants.rules import catalogue
from grants.rules.ruleset import load
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor, unit_of_work

from .programmes import keep_programmes

FILED = Path(__file__).with_name("filed.toml")

actions.register("scheme.sync", "更新補助方案")


def sync() -> list[Scheme]:
    """Create the filed schemes that are not there yet, each with its first terms. What is there is the county's own and
    stays as it is; of its programmes only what the law says is refreshed. The text of the law is kept before the
    first case is judged by it. Can run again.
    """
    with unit_of_work(Actor.system("sync_schemes")):
        schemes = [_sync_one(row) for row in filed()]
        for slug in {scheme.ruleset for scheme in schemes}:
            keep_text(load(slug))
        return schemes


def filed() -> list[dict[str, Any]]:
    """Return the schemes of the documents: columns of `Scheme` and, under `terms`, of its first `SchemeTerms`."""
    schemes: list[dict[str, Any]] = tomllib.loads(FILED.read_text(encoding="utf-8"))["scheme"]
    return schemes


def _sync_one(row: dict[str, Any]) -> Scheme:
    terms = row.pop("terms", {})
    scheme, created = Scheme.objects.get_or_create(slug=row.pop("slug"), defaults=row)
    if created:
        offered = terms.pop("programmes", [*catalogue.programmes(scheme.ruleset)])
        SchemeTerms.objects.create(scheme=scheme, starts_on=scheme.opens_on, programmes=offered, **terms)
        keep_programmes(scheme, offered)
        trail.record("scheme.sync", scheme, after={"slug": scheme.slug})
    keep_programmes(scheme, scheme.programmes.values_list("code", flat=True))
    return scheme
