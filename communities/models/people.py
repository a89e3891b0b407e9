from django.db import models
from django.utils.translation import gettext_lazy as _

from .registry import Organisation


class AssociationPerson(models.Model):
    """Somebody of an association by name: who goes to courses, who volunteers. Never on a public page.

    Two people with the same name are kept apart by what the association writes behind it: 王小明（大埔）.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(_("姓名"), max_length=40)
    # The name as `lib.folding.key` writes it.
    folded_name = models.CharField(max_length=60, editable=False)

    class Meta:
        verbose_name = _("協會的人員")
        verbose_name_plural = _("協會的人員")
        ordering = ["organisation", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "folded_name"], name="association_person_once"),
            models.CheckConstraint(condition=~models.Q(folded_name=""), name="association_person_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
