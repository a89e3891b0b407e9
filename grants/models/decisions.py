"""The columns and constraints shared by rows that one person proposes and another confirms or refuses."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.enums import RulingStatus
from miaoli_kaohsiung.accounts.models import User


class Decided(models.Model):
    """A row that takes effect once somebody other than its author has confirmed it."""

    status = models.CharField(_("狀態"), max_length=10, choices=RulingStatus, default=RulingStatus.DRAFT)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(_("決定日期"), null=True, blank=True)

    class Meta:
        abstract = True


def four_eyes(prefix: str, author: str, decider: str = "decided_by") -> models.CheckConstraint:
    """Return the constraint that the person in the column `author` is not the one who decides."""
    condition = Q(**{f"{decider}__isnull": True}) | ~Q(**{decider: F(author)})
    return models.CheckConstraint(condition=condition, name=f"{prefix}_four_eyes")


def confirmed_by_somebody(prefix: str, decider: str = "decided_by") -> models.CheckConstraint:
    condition = ~Q(status=RulingStatus.CONFIRMED) | Q(**{f"{decider}__isnull": False})
    return models.CheckConstraint(condition=condition, name=f"{prefix}_confirmed_by_somebody")
