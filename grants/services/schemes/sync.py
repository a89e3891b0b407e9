"""Bring the filed schemes (filed.toml) into the database."""

import tomllib
from pathlib import Path
from typing import Any

from grants.compliance.stored import keep_text
from grants.models import Envelope, Programme, Scheme
from grants.rules import catalogue
from grants.rules.ruleset import load
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor, unit_of_work

FILED = Path(__file__).with_name("filed.toml")

actions.register("scheme.sync", "更新補助方案")


def sync() -> list[Scheme]:
    """Create or refresh the filed schemes with their programmes; envelopes already entered stay as they are. The text
    of the law is kept before the first case is judged by it. Can run again.
    """
    with unit_of_work(Actor.system("sync_schemes")):
        schemes = [_sync_one(row) for row in filed()]
        for slug in {scheme.ruleset for scheme in schemes}:
            keep_text(load(slug))
        return schemes


def filed() -> list[dict[str, Any]]:
    """Return the schemes of the documents, as columns of `Scheme` with `programmes` and `envelopes`."""
    schemes: list[dict[str, Any]] = tomllib.loads(FILED.read_text(encoding="utf-8"))["scheme"]
    return schemes


def _sync_one(row: dict[str, Any]) -> Scheme:
    wanted = row.pop("programmes", None)
    envelopes = {int(year): amount for year, amount in row.pop("envelopes").items()}
    scheme, created = Scheme.objects.update_or_create(slug=row.pop("slug"), defaults=row)
    for programme in catalogue.programmes(scheme.ruleset).values():
        if wanted is None or programme.code in wanted:
            Programme.objects.update_or_create(
                scheme=scheme,
                code=programme.code,
                defaults={
                    "name": programme.name,
                    "part": programme.part,
                    "clause": programme.clause,
                    "purpose": programme.purpose,
                    "position": programme.order,
                },
            )
    for year, amount in envelopes.items():
        Envelope.objects.get_or_create(scheme=scheme, year=year, defaults={"amount": amount})
    if created:
        trail.record("scheme.sync", scheme, after={"slug": scheme.slug, "envelopes": envelopes})
    return scheme
