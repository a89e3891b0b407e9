from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.enums import ReopeningGround, Verdict
from miaoli_kaohsiung.accounts.models import User

from .applications.cases import Application, ApplicationVersion, BudgetLine
from .decisions import four_eyes


class ChecklistAnswer(models.Model):
    """The officer's answer to one checklist item (an R clause, or a document of 陸二) of a case."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checklist")
    item = models.CharField(max_length=40)
    verdict = models.CharField(_("結果"), max_length=10, choices=Verdict)
    note = models.CharField(_("說明"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["-application_id", "item"]
        constraints = [models.UniqueConstraint(fields=["application", "item"], name="checklist_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item} {self.verdict}"


class CorrectionRequest(models.Model):
    """A 補正 request: what is missing, for how many days, and the version that it is about.

    The county's period starts when its 補正函 is issued: until then `due_on` is empty and nothing is overdue. A township's
    starts with its notice. With `whole` the association may change everything, else only what its items are about.
    `delivered_on` is the day on which the letter arrived (送達), if it is known.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    version = models.ForeignKey(ApplicationVersion, on_delete=models.PROTECT, related_name="corrections")
    items = models.TextField(_("請補正的事項"))
    days = models.PositiveSmallIntegerField(_("補正天數"), default=10)
    due_on = models.DateField(_("補正期限"), null=True, blank=True)
    by_township = models.BooleanField(default=False)
    whole = models.BooleanField(_("整件都可以修改"), default=True)
    delivered_on = models.DateField(_("送達日期"), null=True, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    # When the association's staff finished and asked the chairperson to send it back.
    handed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-application_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_on__isnull=True), name="correction_one_open"
            )
        ]
        # Those that wait for a chairperson: few of all that ever were.
        indexes = [
            models.Index(
                fields=["application"],
                condition=Q(answered_on__isnull=True, handed_on__isnull=False),
                name="correction_handed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.due_on}"


class CorrectionItem(models.Model):
    """One thing to correct, as the office wrote it on one line, with the association's answer. It is answered once it
    is ticked as done and a sentence says how. `about` is the key of the field, question, line or paper that it opens
    (queries.applications.places), "" for none.
    """

    request = models.ForeignKey(CorrectionRequest, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveSmallIntegerField()
    text = models.TextField(_("請補正的事項"))
    about = models.CharField(max_length=60, blank=True)
    done = models.BooleanField(_("已處理"), default=False)
    answer = models.CharField(_("怎麼處理的"), max_length=300, blank=True)

    class Meta:
        ordering = ["request", "place"]
        constraints = [models.UniqueConstraint(fields=["request", "place"], name="correction_item_once")]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.place} {self.text[:20]}"

    @property
    def answered(self) -> bool:
        return self.done and bool(self.answer.strip())


class ReviewAssignment(models.Model):
    """A reviewer's part in a case. Until the reviewer has declared interest only the organisation's name is shown; a
    conflict hides the case.
    """

    class Interest(models.TextChoices):
        UNANSWERED = "unanswered", _("尚未聲明")
        NONE = "none", _("無利害關係")
        CONFLICT = "conflict", _("應迴避")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="review_assignments")
    interest = models.CharField(_("利害關係"), max_length=12, choices=Interest, default=Interest.UNANSWERED)
    interest_note = models.CharField(_("說明"), max_length=200, blank=True)
    comment = models.TextField(_("綜合意見"), blank=True)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_on = models.DateField()
    due_on = models.DateField(_("審查期限"))
    submitted_on = models.DateField(null=True, blank=True)
    # Scores and opinions that are being written, as they were typed. Empty once they are submitted.
    draft = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-application_id", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "reviewer"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.reviewer_id}"

    @property
    def apart(self) -> bool:
        """Whether the reviewer has an interest in the case: what was scored before that was known does not count."""
        return self.interest == self.Interest.CONFLICT


class ReviewScore(models.Model):
    """A score of 0 to 100 by one of the four criteria of 陸三, with a comment. Scores of earlier years may have none."""

    assignment = models.ForeignKey(ReviewAssignment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField(_("分數"))
    comment = models.CharField(_("意見"), max_length=300, blank=True)

    class Meta:
        ordering = ["assignment", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(score__lte=100), name="score_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.criterion} {self.score}"


class Proposal(models.Model):
    """The case officer's proposal, with its reason: to approve with an amount for each line, to reject, or not to take
    the case up. Only one is open at a time.
    """

    class Outcome(models.TextChoices):
        APPROVE = "approve", _("建議補助")
        REJECT = "reject", _("建議不予補助")
        NOT_ACCEPT = "not_accept", _("建議不予受理")

    class Decision(models.TextChoices):
        OPEN = "open", _("待核定")
        APPROVED = "approved", _("核定")
        REJECTED = "rejected", _("不予補助")
        NOT_ACCEPTED = "not_accepted", _("不予受理")
        SENT_BACK = "sent_back", _("退回重擬")
        WITHDRAWN = "withdrawn", _("申請單位撤回")
        TAKEN_BACK = "taken_back", _("承辦人收回")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(_("建議"), max_length=10, choices=Outcome)
    total = models.BigIntegerField(_("建議金額"), default=0)
    note = models.TextField(_("承辦意見"), blank=True)
    decision = models.CharField(_("決定"), max_length=12, choices=Decision, default=Decision.OPEN)
    decision_note = models.TextField(_("主管意見"), blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    # What the association must fulfil: [{"stage": ConditionStage, "text": …}].
    conditions = models.JSONField(_("附款條件"), default=list, blank=True)
    # Until when the approver put the decision off (暫緩), and why.
    deferred_until = models.DateField(_("暫緩到"), null=True, blank=True)
    deferral_note = models.CharField(_("暫緩的理由"), max_length=300, blank=True)

    class Meta:
        ordering = ["-application_id", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(decision="open"), name="proposal_one_open"),
            four_eyes("proposal", "proposed_by"),
            models.CheckConstraint(condition=Q(total__gte=0), name="proposal_total_not_negative"),
        ]
        # What a desk leaves out: of all that are open those that its owner made, and those put off.
        indexes = [
            models.Index(
                fields=["proposed_by"], include=["application"], condition=Q(decision="open"), name="proposal_open_by"
            ),
            models.Index(
                fields=["deferred_until"],
                include=["application"],
                condition=Q(decision="open", deferred_until__isnull=False),
                name="proposal_put_off",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome} {self.total}"


class ProposedLine(models.Model):
    """The proposed amount of a budget line, and what the approver decided; a cut needs its reason.

    `decided` stays empty until an approval. These rows are the record of a decision: a later one has rows of its own.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="+")
    requested = models.BigIntegerField()
    amount = models.BigIntegerField(_("建議補助（元）"))
    reason = models.CharField(_("核減理由"), max_length=200, blank=True)
    decided = models.BigIntegerField(_("核定（元）"), null=True, blank=True)
    decided_reason = models.CharField(_("核定的核減理由"), max_length=200, blank=True)

    class Meta:
        ordering = ["proposal", "line__position", "line_id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "line"], name="proposed_line_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount__lte=F("requested")), name="proposed_at_most_requested"
            ),
            models.CheckConstraint(condition=Q(amount=F("requested")) | ~Q(reason=""), name="proposed_cut_has_reason"),
            models.CheckConstraint(
                condition=Q(decided__isnull=True)
                | Q(decided=F("requested"))
                | Q(decided__gte=0) & Q(decided__lt=F("requested")) & ~Q(decided_reason=""),
                name="decided_cut_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.line_id} {self.amount}"


class FirstReview(models.Model):
    """The first review of a township's office: its own checklist, its opinion, and its letter (函) to the county.

    `answers` are rows of text, verdict and note as they were asked; `opinion` is in the county's words of that time. A case
    goes to the county once, so it has one.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="first_review")
    answers = models.JSONField(default=list)
    recommended = models.BooleanField(_("是否推薦"), null=True, blank=True)
    opinion = models.CharField(_("初審意見"), max_length=20, blank=True)
    remarks = models.TextField(_("說明"), blank=True)
    letter_number = models.CharField(_("函轉文號"), max_length=60, blank=True)
    letter_on = models.DateField(_("函轉日期"), null=True, blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    forwarded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    forwarded_on = models.DateField(_("層轉日期"), null=True, blank=True)
    # How many days it lay at the office, without those in which the association corrected it.
    days_held = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("公所初審")
        verbose_name_plural = _("公所初審")
        constraints = [
            models.CheckConstraint(
                condition=Q(letter_number="", letter_on__isnull=True)
                | (~Q(letter_number="") & Q(letter_on__isnull=False)),
                name="first_review_letter_has_both",
            ),
            models.CheckConstraint(
                condition=Q(forwarded_on__isnull=True) | Q(recommended__isnull=False, forwarded_by__isnull=False),
                name="first_review_forwarded_with_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.opinion}"


class ConcernAnswer(models.Model):
    """What speaks against an approval (`queries.reviews.concerns`), as it was put to the officer, with the answer, and
    who decided knowing it.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="concerns")
    key = models.CharField(max_length=20)
    sentence = models.TextField(_("要注意的事"))
    answer = models.CharField(_("說明"), max_length=300)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["proposal", "id"]
        constraints = [models.UniqueConstraint(fields=["proposal", "key"], name="concern_answered_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.key}"


class ProposalDraft(models.Model):
    """A proposal that is being written: the fields of its form as they were typed. Gone once it is proposed."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="proposal_draft")
    data = models.JSONField(default=dict)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_on = models.DateField(_("儲存日期"))

    class Meta:
        verbose_name = _("核定建議草稿")
        verbose_name_plural = _("核定建議草稿")

    def __str__(self) -> str:
        return str(self.application_id)


class Reopening(models.Model):
    """A decided case that is decided anew, as two people found. The earlier decision keeps its own rows: `proposal` with
    its lines, and `letter`; `released` is the money that was set aside for it and not paid.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reopenings")
    ground = models.CharField(_("原因"), max_length=8, choices=ReopeningGround)
    ruling_number = models.CharField(_("決定或簽的文號"), max_length=60)
    ruling_on = models.DateField(_("決定日期"))
    reason = models.TextField(_("理由"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reopened_on = models.DateField(_("重新審查日期"))
    status_before = models.CharField(_("原決定"), max_length=24)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    letter = models.ForeignKey("grants.Letter", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    total = models.BigIntegerField(_("原核定金額"), default=0)
    released = models.BigIntegerField(_("釋出金額"), default=0)
    decided_anew_on = models.DateField(_("重新決定日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("重新審查")
        verbose_name_plural = _("重新審查")
        ordering = ["-application_id", "-id"]
        constraints = [
            four_eyes("reopening", "asked_by", "confirmed_by"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(decided_anew_on__isnull=True), name="reopening_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.ruling_number}"
