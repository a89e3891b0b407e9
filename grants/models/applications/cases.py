import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Replace
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from grants.enums import BEFORE_FILING, ApplicationStatus, EvaluationStage, Verdict
from grants.models.schemes import Programme, Scheme, SchemeTerms
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock, natural

# What an office sees: as `queries.scope.cases` asks for it, word for word, so that its index is found.
FILED = ~Q(status__in=BEFORE_FILING) & Q(first_filed_on__isnull=False)


class Application(models.Model):
    """A 申請案 as it stands now; what was filed is kept in ApplicationVersion.

    `county` and `township_code` are copies taken from the organisation when the draft is made: a case stays with the
    office that received it. `status` is written by grants.workflow alone. `edition` counts saves, so that a stale page
    is refused.
    """

    number = models.CharField(_("案號"), max_length=16, unique=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="applications")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    county = CountyField()
    township_code = models.CharField(max_length=8, blank=True)
    status = models.CharField(_("狀態"), max_length=24, choices=ApplicationStatus, default=ApplicationStatus.DRAFT)
    edition = models.PositiveIntegerField(default=1)

    contact_name = models.CharField(_("聯絡人"), max_length=60, blank=True)
    contact_phone = models.CharField(_("聯絡電話"), max_length=30, blank=True)
    contact_email = models.EmailField(_("聯絡信箱"), blank=True)

    title = models.CharField(_("計畫名稱"), max_length=80, blank=True)
    starts_on = models.DateField(_("開始日期"), null=True, blank=True)
    ends_on = models.DateField(_("結束日期"), null=True, blank=True)
    service_area = ArrayField(models.CharField(max_length=8), verbose_name=_("服務區域"), default=list, blank=True)
    place = models.CharField(_("辦理地點"), max_length=120, blank=True)
    goal = models.TextField(_("為什麼要辦"), blank=True)
    content = models.TextField(_("要做什麼"), blank=True)
    beneficiaries = models.TextField(_("幫助到誰"), blank=True)
    outcome = models.TextField(_("預期成果"), blank=True)
    answers = models.JSONField(_("方案問題"), default=dict, blank=True)
    other_funding = models.TextField(_("其他單位補助的分項說明"), blank=True)

    # What the chairperson asked the staff to change, until the case is handed over again.
    chair_note = models.CharField(_("理事長請承辦人修改"), max_length=300, blank=True)

    requested_total = models.BigIntegerField(_("申請金額"), default=0)
    # Budget lines removed since the last step was left, so that each can be restored.
    removed_lines = models.JSONField(default=list, blank=True)
    filed_on = models.DateField(_("送件日期"), null=True, blank=True)
    first_filed_on = models.DateField(_("首次送件日期"), null=True, blank=True)
    filed_under = models.ForeignKey(SchemeTerms, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    correction_due_on = models.DateField(_("補正期限"), null=True, blank=True)
    status_since = models.DateField(_("目前狀態起日"))
    officer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承辦人")
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_on = models.DateField()
    updated_at = models.DateTimeField()
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("申請案")
        verbose_name_plural = _("申請案")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "programme"],
                condition=Q(status__in=list(BEFORE_FILING)),
                name="application_one_draft",
            ),
            models.CheckConstraint(condition=Q(requested_total__gte=0), name="application_total_not_negative"),
        ]
        indexes = [
            models.Index(fields=["county", "status", "-id"], name="application_county_status"),
            models.Index(fields=["county", "-id"], name="application_county"),
            models.Index(fields=["organisation", "-id"], name="application_organisation"),
            models.Index(fields=["township_code", "status", "-id"], name="application_township"),
            models.Index(fields=["officer", "status"], name="application_officer"),
            # The queues of the offices, the longest waiting first, with what they are narrowed by.
            models.Index(
                fields=["county", "status", "status_since", "id"], include=["officer"], name="application_queue"
            ),
            models.Index(
                fields=["county", "correction_due_on", "status_since", "id"],
                condition=Q(status=ApplicationStatus.CORRECTION_REQUESTED),
                name="application_correcting",
            ),
            models.Index(
                fields=["county", "officer"], condition=Q(officer__isnull=False), name="application_county_officer"
            ),
            # The list of the offices: counted without its rows, and sorted by number.
            models.Index(fields=["county", "-id"], condition=FILED, name="application_filed"),
            models.Index(
                fields=["county", "status", "-id"],
                include=["requested_total"],
                condition=FILED,
                name="application_filed_status",
            ),
            models.Index(F("county"), natural.in_order("number"), condition=FILED, name="application_filed_number"),
            GinIndex(fields=["search"], name="application_search"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # the one that Django would make
        status = ApplicationStatus(self.status)
        return self.organisation.awaits_head if status == ApplicationStatus.AWAITING_CHAIR else str(status.label)

    @property
    def first_day(self) -> dt.date:
        """`starts_on` of a filed case, which always has it."""
        assert self.starts_on is not None
        return self.starts_on

    @property
    def last_day(self) -> dt.date:
        """`ends_on` of a filed case, which always has it."""
        assert self.ends_on is not None
        return self.ends_on

    @property
    def terms(self) -> SchemeTerms:
        """What the county asks of the case: as it was when the case was filed, for a draft as it is today."""
        if self.filed_under:
            return self.filed_under
        return self.scheme.terms_on(self.first_filed_on or clock.today())

    def township_asks(self) -> bool:
        """Return whether the correction that is waited for was asked for by the township, not by the county."""
        return self.corrections.filter(answered_on__isnull=True, by_township=True).exists()

    @cached_property
    def waits_at_township(self) -> bool:
        """The same for a page, whose parts ask several times: read once for each object."""
        return self.township_asks()


_NARROW = Func("person", template="normalize(%(expressions)s, NFKC)")
_UNSPACED = Func(_NARROW, Value(r"\s"), Value(""), Value("g"), function="regexp_replace")
_FOLDED = Lower(Replace(_UNSPACED, Value("臺"), Value("台")))


class BudgetLine(models.Model):
    """One line of the 經費概算. `quantities` holds what the item's clause refers to (hours, sessions, trips …), with
    numbers as text.

    A blank amount is null, never zero: the rules tell the difference. `person` may name several people (甲、乙), `month`
    several months ("2010-07,2010-08"). `follows` says that the amount follows the other items (rules.automatic).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    item = models.CharField(_("項目"), max_length=30)
    description = models.CharField(_("用途說明"), max_length=120, blank=True)
    quantities = models.JSONField(default=dict, blank=True)
    unit_price = models.BigIntegerField(_("單價（元）"), null=True, blank=True)
    requested = models.BigIntegerField(_("申請補助（元）"), null=True, blank=True)
    own_funds = models.BigIntegerField(_("自籌（元）"), null=True, blank=True)
    other_funds = models.BigIntegerField(_("其他補助（元）"), null=True, blank=True)
    person = models.CharField(_("人員姓名"), max_length=200, blank=True)
    month = models.CharField(_("服務月份"), max_length=200, blank=True)
    employment = models.BooleanField(_("僱用關係"), null=True, blank=True)
    follows = models.BooleanField(_("隨其他項目自動調整"), default=False)
    # What a line was added for after the approval; nothing was asked for it at filing. Null for a line that was filed.
    added = models.BigIntegerField(_("核定後新增（元）"), null=True, blank=True)
    # The names as they are compared (rules.names.folded), to find people who are paid in two cases.
    people = models.GeneratedField(
        expression=Func(_FOLDED, Value("[,;/、]"), function="regexp_split_to_array"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    # What is entered on a line, besides its place and its item.
    FILLED_IN = (
        "description",
        "quantities",
        "unit_price",
        "requested",
        "own_funds",
        "other_funds",
        "person",
        "month",
        "employment",
        "follows",
    )

    class Meta:
        verbose_name = _("經費項目")
        verbose_name_plural = _("經費項目")
        ordering = ["-application_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(requested__isnull=True) | Q(requested__gte=0))
                & (Q(own_funds__isnull=True) | Q(own_funds__gte=0))
                & (Q(other_funds__isnull=True) | Q(other_funds__gte=0)),
                name="budget_line_not_negative",
            )
        ]
        indexes = [GinIndex(fields=["people"], name="budget_line_people")]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.position} {self.item}"

    @property
    def asked(self) -> int:
        """The most that can be decided for the line, in whole NT dollars."""
        return (self.requested or 0) if self.added is None else self.added


class Justification(models.Model):
    """The applicant's written reason for a warning (a W clause), and the reviewer's answer to it, one by one."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="justifications")
    clause = models.CharField(max_length=20)
    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    text = models.TextField(_("說明"))
    verdict = models.CharField(_("審查"), max_length=10, choices=Verdict, default=Verdict.PENDING)
    verdict_note = models.CharField(_("審查說明"), max_length=200, blank=True)
    verdict_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-application_id", "clause", "line"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "clause", "line"], name="justification_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.clause}"


class Document(models.Model):
    """An attachment of a case. `kind` is a document code of the rule catalogue (seal, timetable, land_consent …) or
    `other`. `contents` is the mark (queries.stamps) of the case's contents when its stamped form or signed sheet was uploaded; else
    empty.
    """

    # The sheet that the chairperson signed where a clerk acts for the association; `note` names who signed.
    SIGNED = "chair_signature"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("文件種類"), max_length=40)
    note = models.CharField(_("說明"), max_length=120, blank=True)
    contents = models.CharField(max_length=64, blank=True, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["-application_id", "kind", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"


class ChairCode(models.Model):
    """A code by which a chairperson who is not at the counter confirms what a case says (`contents`, queries.stamps).

    It went to the chairperson's telephone (`phone`), or stands on a letter that `made_by` printed. A case has one that
    may be used; one that was used stays. The code is kept like a password.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="chair_codes")
    contents = models.CharField(max_length=64)
    chair = models.CharField(_("理事長"), max_length=120)
    phone = models.CharField(_("手機號碼"), max_length=10, blank=True)
    code_hash = models.CharField(max_length=128)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_on = models.DateField(_("有效至"))
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("理事長確認碼")
        verbose_name_plural = _("理事長確認碼")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(used_at=None), name="chair_code_one_open"),
            models.CheckConstraint(
                condition=Q(used_at=None) | ~Q(phone="") | ~Q(used_by=F("made_by")), name="chair_code_letter_by_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.made_at:%Y-%m-%d}"


class ApplicationVersion(models.Model):
    """What was filed, when, by whom, under which rule set, with which findings. Never changed.

    `token` is the form's one-time token: posting it again finds this row and makes no second one.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    token = models.UUIDField()
    snapshot = models.JSONField()
    ruleset_sha256 = models.CharField(max_length=64)
    filed_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-application_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["application", "token"], name="version_token_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.number}"


class StoredEvaluation(models.Model):
    """What the law said of a case at an important moment: the inputs, the rule set, the findings, the arithmetic. Never
    changed.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="evaluations")
    stage = models.CharField(max_length=12, choices=EvaluationStage)
    on = models.DateField()
    at = models.DateTimeField()
    ruleset_sha256 = models.CharField(max_length=64)
    ruleset = models.CharField(max_length=30)
    rulings = models.JSONField(default=list)
    facts = models.JSONField()
    result = models.JSONField()
    result_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-application_id", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage}"
