from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.enums import DECIDED, UNDECIDED, AmendedPart, AmendmentStatus
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .awards import Award, AwardLine, Letter


class Amendment(models.Model):
    """What an association asks to change after the approval (計畫變更), item by item.

    The chairperson confirms it, an officer gives an opinion on each item, another person decides each. `total` is what
    would be approved if every item were.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("第幾次"))
    county = models.CharField(max_length=12)
    status = models.CharField(_("狀態"), max_length=14, choices=AmendmentStatus)
    reason = models.TextField(_("為什麼要變更"))
    # The version of the award that it was asked for: a decision on another one is refused.
    of_version = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("提出日期"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(_("理事長確認日期"), null=True, blank=True)
    # The sheet that the chairperson signed where a clerk acts for the association at the counter.
    signed = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_on = models.DateField(_("審核日期"), null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(_("決定日期"), null=True, blank=True)
    note = models.TextField(_("主管意見"), blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notified_on = models.DateField(_("函復日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("計畫變更")
        verbose_name_plural = _("計畫變更")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="amendment_number_once"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(status__in=list(UNDECIDED)), name="amendment_one_undecided"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("checked_by")), name="amendment_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=list(DECIDED)) | Q(decided_by__isnull=False),
                name="amendment_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["county", "status"], name="amendment_county_status")]

    def __str__(self) -> str:
        return f"{self.award.number} {self.number}"

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # the one that Django would make
        status = AmendmentStatus(self.status)
        waits = status == AmendmentStatus.AWAITING_CHAIR
        return self.award.application.organisation.awaits_head if waits else str(status.label)

    @property
    def waits(self) -> bool:
        return self.status in UNDECIDED


class AmendmentItem(models.Model):
    """One thing to change, as it is and as it is to be: plain values by their names, days as ISO text.

    A line that is to be added has no `line` yet and nothing before.
    """

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(_("變更項目"), max_length=10, choices=AmendedPart)
    line = models.ForeignKey(AwardLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # The officer's opinion and the decision; each "no" has its reason.
    favoured = models.BooleanField(null=True, blank=True)
    opinion = models.CharField(_("承辦意見"), max_length=200, blank=True)
    approved = models.BooleanField(null=True, blank=True)
    refusal = models.CharField(_("不同意的理由"), max_length=200, blank=True)

    class Meta:
        ordering = ["amendment", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "part", "line"],
                condition=~Q(part=AmendedPart.NEW_LINE),
                name="amendment_part_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False, part=AmendedPart.LINE)
                | Q(line__isnull=True) & ~Q(part=AmendedPart.LINE),
                name="amendment_item_has_its_line",
            ),
            models.CheckConstraint(condition=~Q(approved=False) | ~Q(refusal=""), name="amendment_refusal_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.part}"


class AmendmentPaper(models.Model):
    """A paper that the association attached to its request: a new quotation, minutes. What the county was sent stays."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="papers")
    name = models.CharField(_("這是什麼文件"), max_length=60)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField(_("附上日期"))

    class Meta:
        verbose_name = _("計畫變更的附件")
        verbose_name_plural = _("計畫變更的附件")
        ordering = ["amendment", "id"]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.pk}"


class AwardVersion(models.Model):
    """What an award says from a decision on; the first is the approval. Never changed: a trigger refuses it.

    `lines` are the position, item, amount and people of each line. The award itself has what holds now.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, null=True, blank=True, related_name="version")
    on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    total = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    settlement_until = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    contact = models.JSONField(default=dict)
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["award", "number"]
        constraints = [models.UniqueConstraint(fields=["award", "number"], name="award_version_once")]

    def __str__(self) -> str:
        return f"{self.award_id} v{self.number}"
