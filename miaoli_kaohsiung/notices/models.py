"""The outbox: every notice is a row first; a message of Celery only wakes a worker that drains the rows."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EmailState(models.TextChoices):
    PENDING = "pending", _("待寄")
    SENT = "sent", _("已寄")
    FAILED = "failed", _("未能寄達")
    NO_ADDRESS = "no_address", _("沒有信箱")
    QUEUED = "queued", _("等每日彙整")
    DIGESTED = "digested", _("已列入每日彙整")
    NOT_NEEDED = "not_needed", _("已辦完，不用寄")
    NOT_ASKED = "not_asked", _("不用電子郵件")


class Channel(models.TextChoices):
    """By what a notice leaves the portal; on the screen it always stands."""

    EMAIL = "email", _("電子郵件")
    SMS = "sms", _("簡訊")
    LINE = "line", "LINE"


# The kind of a row that is a day's mail of several notices; the inbox does not show it.
DIGEST = "digest"


class Notice(models.Model):
    """One notice of one thing to one person: (recipient, kind, object_key, due_on) is unique.

    `object_key` names what it is about ("application:88-099-0001"), `due_on` the day of the occasion, so that a
    reminder 14 days before and one 3 days before are two notices. `message_id` is fixed when the row is made: a mail
    that is sent again after a crash has the same one, and mail programs show it once.

    `thread` names what must move for the notice to be over ("settlement:88-099-0001"): when it moves, the notice is
    closed. A repeated reminder is a new row that closes the earlier one and takes over its `first_on`; `times` counts
    them.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name=_("收件人")
    )
    kind = models.CharField(_("類別"), max_length=60)
    object_key = models.CharField(_("對象"), max_length=100)
    due_on = models.DateField(_("日期"))
    subject = models.CharField(_("主旨"), max_length=200)
    body = models.TextField(_("內容"))
    url = models.CharField(_("連結"), max_length=300, blank=True)
    short = models.CharField(_("手機短句"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("通知時間"))
    read_at = models.DateTimeField(_("已讀時間"), null=True, blank=True)
    thread = models.CharField(_("所屬的事"), max_length=100, blank=True)
    case_number = models.CharField(_("案號"), max_length=16, blank=True)
    first_on = models.DateField(_("第一次通知"), null=True, blank=True)
    times = models.PositiveSmallIntegerField(_("第幾次"), default=1)
    closed_at = models.DateTimeField(_("結束時間"), null=True, blank=True)
    digest = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="listed")
    address = models.EmailField(_("另寄信箱"), blank=True)
    email_state = models.CharField(_("郵件"), max_length=10, choices=EmailState, default=EmailState.PENDING)
    email_sent_at = models.DateTimeField(_("寄出時間"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("已試次數"), default=0)
    next_attempt_at = models.DateTimeField(_("下次嘗試"))
    last_error = models.CharField(_("錯誤"), max_length=300, blank=True)
    message_id = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "object_key", "due_on"], name="notice_told_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="notice_outbox",
                condition=models.Q(email_state=EmailState.PENDING),
            ),
            models.Index(
                fields=["recipient"],
                name="notice_unread",
                condition=models.Q(read_at__isnull=True, closed_at__isnull=True),
            ),
            models.Index(fields=["thread"], name="notice_open", condition=models.Q(closed_at__isnull=True)),
            models.Index(fields=["recipient"], name="notice_queued", condition=models.Q(email_state=EmailState.QUEUED)),
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_inbox"),
        ]

    def __str__(self) -> str:
        return self.subject


class Reach(models.Model):
    """By what a person may be reached besides the screen: what was proved to be theirs, and what they allow.

    A telephone number counts once its code was typed in, a LINE account once it sent the code that the person's own
    page showed. Reminders obey `email`, `sms` and `line`; letters and decisions are mailed in any case.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reach")
    email = models.BooleanField(_("電子郵件"), default=True)
    sms = models.BooleanField(_("簡訊"), default=True)
    line = models.BooleanField("LINE", default=True)
    phone = models.CharField(_("手機號碼"), max_length=10, blank=True)
    phone_confirmed_at = models.DateTimeField(_("手機確認時間"), null=True, blank=True)
    line_id = models.CharField("LINE", max_length=40, null=True, blank=True, unique=True)
    line_bound_at = models.DateTimeField(_("LINE 綁定時間"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知管道")
        verbose_name_plural = _("通知管道")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def number(self) -> str:
        """The number that was confirmed; "" while it was not."""
        return self.phone if self.phone_confirmed_at else ""


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("待送")
    SENDING = "sending", _("傳送中")
    WAITING = "waiting", _("等本人在 LINE 上詢問")
    SENT = "sent", _("已送出")
    FAILED = "failed", _("未能送達")
    NOT_NEEDED = "not_needed", _("已辦完，不用送")


class Delivery(models.Model):
    """A text to one person by one channel: a row first, claimed by one process, tried again, never twice by one channel.

    `key` goes with every attempt: whoever carries the text takes the same key only once. A row without a notice is a
    code for the number in `address`; its text is emptied when it was sent.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("管道"), max_length=10, choices=Channel)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    address = models.CharField(_("號碼"), max_length=40, blank=True)
    text = models.CharField(_("內容"), max_length=300)
    state = models.CharField(_("狀態"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    made_at = models.DateTimeField(_("建立時間"))
    next_attempt_at = models.DateTimeField(_("下次嘗試"))
    attempts = models.PositiveSmallIntegerField(_("已試次數"), default=0)
    first_attempt_at = models.DateTimeField(_("第一次嘗試"), null=True, blank=True)
    sent_at = models.DateTimeField(_("送出時間"), null=True, blank=True)
    last_error = models.CharField(_("錯誤"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("簡訊與 LINE")
        verbose_name_plural = _("簡訊與 LINE")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel")]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="delivery_outbox",
                condition=models.Q(state__in=[DeliveryState.PENDING, DeliveryState.SENDING]),
            ),
            models.Index(
                fields=["recipient"],
                name="delivery_waiting",
                condition=models.Q(state=DeliveryState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class LineEvent(models.Model):
    """What somebody did in LINE, as its webhook reported it: kept once, answered by a worker with the reply token.

    The text is emptied when it was answered.
    """

    event_id = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    line_id = models.CharField(max_length=40)
    reply_token = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("LINE 來訊")
        verbose_name_plural = _("LINE 來訊")
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="line_event_open", condition=models.Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class Feed(models.Model):
    """The secret address of a person's calendar. Renewing it draws another one; the old one is gone at once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("行事曆網址")
        verbose_name_plural = _("行事曆網址")

    def __str__(self) -> str:
        return str(self.user)


class JobRun(models.Model):
    """A periodic job's work of a period ("2010-06-01"). If beat starts it twice, the second finds the row, finished."""

    job = models.CharField(_("工作"), max_length=60)
    period = models.CharField(_("期間"), max_length=40)
    # Read by the release before this one alone.
    token = models.UUIDField(default=uuid.uuid4)
    claimed_at = models.DateTimeField(_("開始"))
    finished_at = models.DateTimeField(_("結束"), null=True, blank=True)
    result = models.TextField(_("結果"), blank=True)

    class Meta:
        verbose_name = _("排程紀錄")
        verbose_name_plural = _("排程紀錄")
        ordering = ["-claimed_at"]
        constraints = [models.UniqueConstraint(fields=["job", "period"], name="job_once_a_period")]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"
