"""The append-only trail. Triggers (migration 0002) refuse UPDATE, DELETE and TRUNCATE to every role of the database."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import actions

GENESIS = "0" * 64


class AuditEntry(models.Model):
    """One thing done by one person in one post. `seq` runs 1, 2, 3 … without a gap; `hash` covers every other column.

    `at` is the real time, `portal_date` the day that the portal's clock showed. `case` is the number of the application
    or award. `actor_name` and `post_label` are kept as they read that day: people marry, and posts end.
    """

    seq = models.BigIntegerField(_("序號"), primary_key=True)
    at = models.DateTimeField(_("時間"))
    portal_date = models.DateField(_("系統日期"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("人員")
    )
    actor_name = models.CharField(_("姓名"), max_length=150)
    post_label = models.CharField(_("職務"), max_length=100, blank=True)
    action = models.CharField(_("動作"), max_length=actions.MAX_LENGTH)
    object_type = models.CharField(_("資料類別"), max_length=100)
    object_id = models.CharField(_("資料代碼"), max_length=64)
    object_label = models.CharField(_("資料"), max_length=200)
    case = models.CharField(_("案號"), max_length=40, blank=True)
    before = models.JSONField(_("變更前"), null=True)
    after = models.JSONField(_("變更後"), null=True)
    request_id = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("稽核紀錄")
        verbose_name_plural = _("稽核紀錄")
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["case", "seq"], name="audit_case"),
            models.Index(fields=["object_type", "object_id", "seq"], name="audit_object"),
            models.Index(fields=["actor", "seq"], name="audit_actor"),
            models.Index(fields=["portal_date", "seq"], name="audit_portal_date"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action_label}"

    @property
    def action_label(self) -> str:
        """What was done, in words."""
        return actions.label_of(self.action)

    @property
    def address_mark(self) -> str:
        """What stands for the address from which it was done: equal for equal addresses, and no address; "" if unknown."""
        return self.request_id.partition(" ")[2]

    # `title`, `who`, `text` and `at` are what templates/partials/history.html shows.
    @property
    def title(self) -> str:
        return self.action_label

    @property
    def who(self) -> str:
        """The person, with the post in which they acted."""
        return f"{self.actor_name}（{self.post_label}）" if self.post_label else self.actor_name

    @property
    def text(self) -> str:
        """The reason, for an action that asks for one (recorded as "reason" in `after`)."""
        return str((self.after or {}).get("reason") or "")

    @property
    def changed(self) -> list[tuple[str, object, object]]:
        """Field, value before, value after, in the order of the field names; None if a side has no such field."""
        before, after = self.before or {}, self.after or {}
        return [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]


class AuditHead(models.Model):
    """The newest link, in one row written in the same transaction as the entries: a cut-off tail shows at once.

    A trigger refuses to delete the row or to set it back.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("稽核鏈首")
        verbose_name_plural = _("稽核鏈首")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class AuditSeal(models.Model):
    """The head of the chain at the end of a day, kept here and exported to a place that the database's owner cannot
    reach.

    `tree` is the top of the tree over the entries since the seal before (`audit.tree`), and `mark` one value for all of
    it (`audit.proofs`); both are empty in seals that an older release made.
    """

    day = models.DateField(_("日期"), primary_key=True)
    seq = models.BigIntegerField(_("序號"))
    hash = models.CharField(_("雜湊值"), max_length=64)
    made_at = models.DateTimeField(_("產生時間"))
    tree = models.CharField(max_length=64, blank=True, default="", db_default="")
    mark = models.CharField(_("存證值"), max_length=64, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("每日封存值")
        verbose_name_plural = _("每日封存值")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.seq}:{self.hash}"


class AuditAttestation(models.Model):
    """What somebody else says of a day's mark: a time stamp by RFC 3161 (`token`, as DER), or that a witness keeps it."""

    class Kind(models.TextChoices):
        STAMP = "stamp", _("時戳")
        WITNESS = "witness", _("異地存證")

    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="attestations")
    kind = models.CharField(max_length=10, choices=Kind)
    token = models.BinaryField(blank=True, default=b"")
    at = models.DateTimeField()

    class Meta:
        ordering = ["seal", "kind"]
        constraints = [models.UniqueConstraint(fields=["seal", "kind"], name="audit_attested_once")]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.kind}"
