"""All rows of one record to another, whichever room they are in: found by their columns, so that none is forgotten."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from communities.models import Organisation
from miaoli_kaohsiung.lib import duplicates
from miaoli_kaohsiung.lib.access import Refused

from . import parts

# Lower rooms know a body by its bare number.
_NUMBER = "organisation_id"


def move_all(kept: Organisation, merged: Organisation) -> dict[str, int]:
    """Point every row of `merged` to `kept` and return how many of each table. Raises Refused if both have what a body
    has once.
    """
    moved = {}
    for model, column in columns():
        part = parts.of(model._meta.label_lower)
        count = part.move(kept, merged) if part.move else _point(model, column, kept, merged)
        if count:
            moved[model._meta.label_lower] = count
    return moved


def counts(body: Organisation) -> dict[str, int]:
    """Return how many rows of each table belong to a body, by the table's name on the screen."""
    found: dict[str, int] = {}
    for model, column in columns():
        if model is not Organisation:
            label = str(model._meta.verbose_name_plural)
            found[label] = found.get(label, 0) + model._base_manager.filter(**{column: body.pk}).count()
    return found


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Return each table with the column that names the body."""
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.related_model, relation.field.attname
    for model in apps.get_models():
        if any(field.name == _NUMBER for field in model._meta.local_concrete_fields):
            yield model, _NUMBER


def _point(model: type[models.Model], column: str, kept: Organisation, merged: Organisation) -> int:
    rows: models.QuerySet[Any] = model._base_manager.filter(**{column: merged.pk})
    try:
        with transaction.atomic():
            return rows.update(**{column: kept.pk})
    except IntegrityError as error:
        if not duplicates.columns_of(error):
            raise
        words = _("兩筆的「%(table)s」有相同的一項，不能合併；請先處理其中一項。")
        raise Refused(words % {"table": model._meta.verbose_name}) from error
