"""Reads of the trail. The caller checks who may read which case."""

from collections.abc import Sequence

from django.db.models import Model, QuerySet

from .models import AuditEntry

# That somebody looked at something is for auditors; it is no part of what became of it.
READ = "read."


def history_of(case: str) -> QuerySet[AuditEntry]:
    """Return everything done on an application or award, newest first; `action_label` and `changed` need no further
    query.
    """
    return _acts().filter(case=case).order_by("-seq") if case else AuditEntry.objects.none()


def history_of_objects(objects: Sequence[Model]) -> QuerySet[AuditEntry]:
    """Return everything done to rows of one table, newest first."""
    numbers = [str(obj.pk) for obj in objects]
    label = objects[0]._meta.label_lower if objects else ""
    return _acts().filter(object_type=label, object_id__in=numbers).order_by("-seq")


def history_of_object(obj: Model) -> QuerySet[AuditEntry]:
    """Return everything done to one row that belongs to no case (an organisation, a ruling), newest first."""
    return _acts().filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).order_by("-seq")


def _acts() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.exclude(action__startswith=READ)
