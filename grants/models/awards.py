from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from grants.enums import RUNNING, AwardStatus, ConditionStage, LetterStatus, letter_kinds
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .applications.cases import Application, BudgetLine
from .schemes import Envelope


class Award(models.Model):
    """What was approved. The total is the sum of its lines; the money set aside is in the ledger."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="award")
    number = models.CharField(_("案號"), max_length=16, unique=True)
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="awards")
    county = CountyField()
    status = models.CharField(_("狀態"), max_length=14, choices=AwardStatus, default=AwardStatus.ACTIVE)
    total = models.BigIntegerField(_("核定金額"))
    starts_on = models.DateField(_("執行起日"))
    ends_on = models.DateField(_("執行迄日"))
    completed_on = models.DateField(_("實際完成日"), null=True, blank=True)
    approved_on = models.DateField(_("核定日期"))
    # The dispatch date of the letter of approval: before it nothing is asked for, due or paid.
    notified_on = models.DateField(_("核定函發文日期"), null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    memo_number = models.CharField(_("超出額度的簽文號"), max_length=40, blank=True)
    # What holds now; every version, the approval first, is kept in AwardVersion.
    version = models.PositiveSmallIntegerField(default=1)
    # The last day of a settlement that the county gave more time for; it never shortens the law's own term.
    settlement_until = models.DateField(_("展延後的結報期限"), null=True, blank=True)
    # An amendment of the money was approved and its letter is still a draft: nothing is asked for or paid meanwhile.
    awaits_letter = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("核定案")
        verbose_name_plural = _("核定案")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("proposed_by")), name="award_four_eyes"),
            models.CheckConstraint(condition=Q(total__gt=0), name="award_total_positive"),
        ]
        indexes = [
            models.Index(fields=["county", "status", "-id"], name="award_county_status"),
            models.Index(fields=["county", "-id"], include=["total"], name="award_county"),
            models.Index(fields=["county", "ends_on", "-id"], condition=Q(status__in=RUNNING), name="award_running"),
        ]

    def __str__(self) -> str:
        return self.number


class AwardLine(models.Model):
    """One line as asked for and as approved, with the reason of a cut in the words of the letter.

    `approved` is what holds now. An `amended` line may hold more than was asked for at first.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=30)
    description = models.CharField(max_length=120, blank=True)
    requested = models.BigIntegerField()
    approved = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    amended = models.BooleanField(default=False)

    class Meta:
        ordering = ["award", "position"]
        constraints = [
            models.UniqueConstraint(fields=["award", "line"], name="award_line_once"),
            models.CheckConstraint(
                condition=Q(approved__gte=0) & (Q(approved__lte=F("requested")) | Q(amended=True)),
                name="approved_at_most_requested",
            ),
            models.CheckConstraint(
                condition=Q(approved=F("requested")) | ~Q(reason=""), name="approved_cut_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.position}"


class AwardCondition(models.Model):
    """What an association must fulfil for its award, as its letter says; an officer notes once it is."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    stage = models.CharField(_("何時查核"), max_length=10, choices=ConditionStage)
    text = models.CharField(_("條件"), max_length=200)
    met_on = models.DateField(_("查核日期"), null=True, blank=True)
    met_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("查核說明"), max_length=200, blank=True)

    class Meta:
        ordering = ["award", "position"]
        constraints = [models.UniqueConstraint(fields=["award", "position"], name="award_condition_once")]

    def __str__(self) -> str:
        return f"{self.award_id} {self.position}"


class Letter(models.Model):
    """A 函. Draft text can be edited; once the dispatch number is typed in, the bytes and their SHA-256 are kept
    for good.

    The text of a draft holds marks like 【補正期限】 where a day is counted from the dispatch date (grants.letters.marks);
    an issued letter has the days themselves. `dispatch_key` is the number as it is compared: without differences of
    width and spacing.
    """

    # A letter may also go to an association without a case, or, with neither, to the members of a panel.
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    county = CountyField()
    kind = models.CharField(_("種類"), max_length=30, choices=letter_kinds)
    status = models.CharField(_("狀態"), max_length=10, choices=LetterStatus, default=LetterStatus.DRAFT)
    # Counts saves, so that only what somebody has seen is issued.
    edition = models.PositiveIntegerField(default=1)
    subject = models.TextField(_("主旨"))
    explanation = models.JSONField(_("說明"), default=list)
    context = models.JSONField(default=dict)
    originals = models.CharField(_("正本"), max_length=500)
    copies = models.CharField(_("副本"), max_length=300, blank=True)
    dispatch_number = models.CharField(_("發文字號"), max_length=60, blank=True)
    dispatch_key = models.CharField(max_length=60, blank=True)
    dispatched_on = models.DateField(_("發文日期"), null=True, blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_on = models.DateField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        verbose_name = _("公文")
        verbose_name_plural = _("公文")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "dispatch_key"], condition=~Q(dispatch_key=""), name="dispatch_key_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"])
                | (~Q(dispatch_number="") & ~Q(sha256="") & Q(file__isnull=False)),
                name="issued_letter_is_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "status", "-id"], name="letter_county_status"),
            models.Index(fields=["county", "-dispatched_on", "-id"], name="letter_county_dispatched"),
            models.Index(fields=["county", "prepared_by"], name="letter_preparer"),
            models.Index(
                fields=["county", "prepared_on", "id"], condition=Q(status=LetterStatus.DRAFT), name="letter_drafted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.dispatch_number or '（稿）'}"

    @property
    def case(self) -> Application:
        """The case of a letter that has one."""
        assert self.application is not None
        return self.application

    @property
    def case_number(self) -> str:
        return self.application.number if self.application else ""

    @property
    def addressee(self) -> Organisation | None:
        """The association that the letter goes to."""
        return self.application.organisation if self.application else self.organisation


class PrintRun(models.Model):
    """Several letters as one print file, made part by part by jobs in the background."""

    county = CountyField()
    letters = models.ManyToManyField(Letter, related_name="print_runs")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    # An empty page after each letter that would end on the front of a sheet.
    duplex = models.BooleanField(_("雙面列印"), default=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    error = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.done}/{self.total}"


class PrintPart(models.Model):
    """Some letters of a run, by their keys, which one process sets at a time; `data` is what it made (lib.pdf_parts). The
    rows go when the file is there.
    """

    run = models.ForeignKey(PrintRun, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    letters = models.JSONField()
    data = models.BinaryField(null=True)

    class Meta:
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="print_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.position}"
