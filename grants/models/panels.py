"""Who reviews what, and who must not: conflicts of interest, and what the portal compares to find them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.enums import ConflictGround
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User

from .applications import Application
from .schemes import Programme


class ReviewerRemit(models.Model):
    """Which cases of a county a reviewer is asked about: programmes and townships by code, none of a kind for all of it."""

    county = CountyField(_("縣"))
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="remits")
    programmes = models.ManyToManyField(Programme, blank=True, related_name="+", verbose_name=_("補助類別"))
    townships = models.JSONField(_("鄉鎮市"), default=list, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_on = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("審查範圍")
        verbose_name_plural = _("審查範圍")
        constraints = [models.UniqueConstraint(fields=["county", "reviewer"], name="remit_once_a_county")]

    def __str__(self) -> str:
        return f"{self.county} {self.reviewer_id}"

    def covers(self, case: Application) -> bool:
        """Return whether the case is one that the reviewer is asked about; `programmes` are prefetched for many."""
        programmes = {one.pk for one in self.programmes.all()}
        place = not self.townships or case.township_code in self.townships
        return place and (not programmes or case.programme_id in programmes)


class ReviewerDetails(models.Model):
    """What a reviewer tells of themselves, to be compared with the applicants. Nobody else reads it, only what it matched."""

    reviewer = models.OneToOneField(User, on_delete=models.PROTECT, related_name="reviewer_details")
    tax_id = models.CharField(_("服務單位統一編號"), max_length=8, blank=True)
    address = models.CharField(_("住址"), max_length=120, blank=True)
    phone = models.CharField(_("其他聯絡電話"), max_length=30, blank=True)
    bank_account = models.CharField(_("領取審查費的帳號"), max_length=16, blank=True)
    updated_on = models.DateField()

    class Meta:
        verbose_name = _("審查委員資料")
        verbose_name_plural = _("審查委員資料")

    def __str__(self) -> str:
        return str(self.reviewer)


class Conflict(models.Model):
    """A person's interest in a case, declared by the person or found by the portal. It hides the case from the person in
    every post except the association's own, and it stays, whatever becomes of the data that it was found by.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    ground = models.CharField(_("理由"), max_length=10, choices=ConflictGround)
    words = models.CharField(_("說明"), max_length=200, blank=True)
    found_on = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("利害關係")
        verbose_name_plural = _("利害關係")
        ordering = ["application", "person", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "person", "ground"], name="conflict_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id} {self.ground}"

    @property
    def reason(self) -> str:
        """The reason as an officer reads it."""
        return "：".join(part for part in (str(self.get_ground_display()), self.words) if part)
