from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.files.models import StoredFile

from . import counties, offices
from .county_field import CountyField
from .enums import ChangeKind, EntryPurpose, Office, Role, role_choices
from .heads import head_by_name, office_in_words


class County(models.Model):
    """A county that runs this portal. Other tables name it by its slug; what it is called says CountyParticulars."""

    slug = models.SlugField(_("代號"), max_length=12, primary_key=True)
    position = models.PositiveSmallIntegerField(_("順序"))

    class Meta:
        verbose_name = _("縣市")
        verbose_name_plural = _("縣市")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.slug


class CountyParticulars(models.Model):
    """What a county is called and what its letters and pages say of it, all of it from a day on until the next row.

    For the meaning of the columns see `counties.Particulars`.
    """

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="particulars")
    starts_on = models.DateField(_("起"))
    name = models.CharField(_("縣市名稱"), max_length=10)
    postal_code = models.CharField(_("郵遞區號"), max_length=6)
    street = models.CharField(_("機關地址"), max_length=80)
    phone = models.CharField(_("電話"), max_length=30)
    fax = models.CharField(_("傳真"), max_length=30, blank=True)
    email = models.EmailField(_("電子信箱"), blank=True)
    signatory = models.CharField(_("署名的職銜"), max_length=10)
    signatory_name = models.CharField(_("署名的姓名"), max_length=30, blank=True)
    signature = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("簽字章")
    )
    delegation = models.CharField(_("分層負責"), max_length=60, blank=True)
    department = models.CharField(_("主辦單位"), max_length=30)
    accounting = models.CharField(_("主計單位"), max_length=30)
    ministry = models.CharField(_("訴願管轄機關"), max_length=30)
    dispatch_word = models.CharField(_("發文字"), max_length=20, blank=True)
    file_number = models.CharField(_("檔號"), max_length=40, blank=True)
    retention = models.CharField(_("保存年限"), max_length=10, blank=True)
    accent = models.CharField(_("網頁顏色"), max_length=7)
    help_phone = models.CharField(_("民眾詢問電話"), max_length=30, blank=True)
    help_hours = models.CharField(_("服務時間"), max_length=80, blank=True)
    help_email = models.EmailField(_("民眾詢問信箱"), blank=True)
    footer = models.CharField(_("頁尾文字"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("縣市資料")
        verbose_name_plural = _("縣市資料")
        ordering = ["county", "starts_on"]
        constraints = [models.UniqueConstraint(fields=["county", "starts_on"], name="particulars_once_a_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_on}"


class User(AbstractUser):
    """A person who signs in. Permissions come from the person's posts, never from the account itself."""

    first_name = None  # type: ignore[assignment]  # no such column here
    last_name = None  # type: ignore[assignment]  # nor this one
    display_name = models.CharField(_("姓名"), max_length=60)
    # Not unique: two people of a household may share one (`addresses`). Empty for people without any.
    email = models.EmailField(_("電子信箱"), blank=True)
    # Never public. It also serves to sign in, if it is one account's alone.
    phone = models.CharField(_("聯絡電話"), max_length=30, blank=True, db_index=True)
    # Part of the value that a session is compared with: adding one ends all sessions, and none of them comes back.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    # The post in which the person works at present, of several; empty for all of them together.
    acting_post = models.ForeignKey(
        "Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    REQUIRED_FIELDS = ["email", "display_name"]

    class Meta:
        verbose_name = _("帳號")
        verbose_name_plural = _("帳號")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        own: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # unknown to the types of Django
        return f"{own}-{self.session_epoch}" if self.session_epoch else own


class Post(models.Model):
    """A post (職務) that a person holds from one day to another, both inclusive; `valid_to` empty means until ended.

    The organisation is a bare number because organisations are in a higher package: communities.services writes a
    member's post here when it records a term of office, so that permissions follow the term, not the account.
    `place_name` is the name of the association or township office on the day of recording; a township's office is
    called by its name of the day.

    A deputy (代理人) holds a post of their own that names the one it stands for: the same office, for the days of the
    absence. So whatever asks who holds a post finds the deputy too; where only the appointed holder is meant, the
    question says `stands_for=None`.

    A clerk who helps somebody at the counter holds a member's post for that day, with the name of the person who came in
    `counter_for`; it is over with the day, or before when it is `closed`.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts", verbose_name=_("姓名"))
    role = models.CharField(_("職務"), max_length=20, choices=role_choices)
    county = CountyField(_("縣"), blank=True)
    township_code = models.CharField(_("鄉鎮市代碼"), max_length=8, blank=True)
    organisation_id = models.BigIntegerField(_("單位"), null=True, blank=True, db_index=True)
    office = models.CharField(_("職稱"), max_length=20, choices=Office, blank=True)
    place_name = models.CharField(_("單位名稱"), max_length=80, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("迄"), null=True, blank=True)
    stands_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("代理的職務")
    )
    counter_for = models.CharField(_("到櫃檯的人"), max_length=60, blank=True, editable=False)
    closed = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("職務")
        verbose_name_plural = _("職務")
        ordering = ["role", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="post_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.MEMBER) | Q(organisation_id__isnull=False), name="post_member_has_organisation"
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.TOWNSHIP_OFFICER) | ~Q(township_code=""), name="post_township_has_code"
            ),
            models.CheckConstraint(condition=Q(role=Role.ADMINISTRATOR) | ~Q(county=""), name="post_has_county"),
            models.CheckConstraint(
                condition=Q(stands_for__isnull=True) | Q(valid_to__isnull=False), name="post_deputy_has_last_day"
            ),
            models.CheckConstraint(
                condition=Q(counter_for="", closed=False) | Q(role=Role.MEMBER, valid_to=F("valid_from")),
                name="post_at_counter_for_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def office_word(self) -> str:
        """The office in words, that of the head as such a body calls it; "" for a post without one."""
        return _office_word(self.office, self.place_name)

    @property
    def member_of(self) -> int:
        """The association of a member's post, which always has one (post_member_has_organisation)."""
        assert self.organisation_id is not None
        return self.organisation_id

    @property
    def holder_id(self) -> int:
        """The person whose work belongs to the post: for a deputy's post the absent one."""
        return self.stands_for.user_id if self.stands_for else self.user_id

    @property
    def label(self) -> str:
        """The post in words, as the trail keeps it: 高雄縣 主管, or 旗山鎮示範社區發展協會 理事長, with 代理 for a deputy."""
        place = offices.name_of(self.township_code) or self.place_name
        # Not by `get_…_display`, which makes all choices anew each time: every page says a post.
        place = place or (dict(counties.choices()).get(self.county, self.county) if self.county else "")
        if self.counter_for:
            return _("%(place)s（櫃檯代辦：%(name)s）") % {"place": place, "name": self.counter_for}
        title = self.office_word or Role(self.role).label
        words = " ".join(str(part) for part in (place, title) if part)
        if self.stands_for is None:
            return words
        return _("%(post)s（代理%(name)s）") % {"post": words, "name": self.stands_for.user}


class SignInFailures(models.Model):
    """Failed sign-ins within a minute, for one account or, without `user`, for all names that belong to nobody.

    The count becomes one entry of the trail (sign_ins.record_failures) and is then deleted.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    minute = models.DateTimeField(_("時間"))
    passwords = models.PositiveIntegerField(_("密碼不對"), default=0)
    codes = models.PositiveIntegerField(_("驗證碼不對"), default=0)
    refused = models.PositiveIntegerField(_("鎖定中"), default=0)

    class Meta:
        verbose_name = _("登入失敗")
        verbose_name_plural = _("登入失敗")
        ordering = ["minute"]
        constraints = [
            models.UniqueConstraint(fields=["user", "minute"], name="failures_once_a_minute", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user else str(_("沒有這個帳號"))


class Invitation(models.Model):
    """A link by e-mail with which an invited person makes an account; there is no other sign-up.

    Only the hash of the token is kept. `used_at` limits the link to one use. `office_term_id` is the term of office
    that the account will belong to, a bare number as in Post.
    """

    email = models.EmailField(_("電子信箱"))
    display_name = models.CharField(_("姓名"), max_length=60)
    token_sha256 = models.CharField(max_length=64, unique=True)
    role = models.CharField(_("職務"), max_length=20, choices=role_choices)
    county = CountyField(_("縣"), blank=True)
    township_code = models.CharField(max_length=8, blank=True)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    office = models.CharField(_("職稱"), max_length=20, choices=Office, blank=True)
    place_name = models.CharField(_("單位名稱"), max_length=80, blank=True)
    office_term_id = models.BigIntegerField(null=True, blank=True)
    valid_to = models.DateField(_("任期迄"), null=True, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField()
    expires_on = models.DateField(_("連結有效至"))
    used_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("邀請")
        verbose_name_plural = _("邀請")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.display_name} <{self.email}>"

    @property
    def office_word(self) -> str:
        """The office in words, that of the head as such a body calls it; "" for a post without one."""
        return _office_word(self.office, self.place_name)


def _office_word(office: str, place: str) -> str:
    if not office:
        return ""
    return office_in_words(office, head_by_name(place) if place else str(Office.CHAIRPERSON.label))


class EntryCode(models.Model):
    """A printed code, with its QR, with which a person sets the password of an account; it serves once.

    The QR's token is long and kept as a digest. The code is short, to be typed, and kept like a password. Who gets
    another letter cannot use the earlier one any more (`voided_at`). `change_id` is the confirmed change that allowed a new
    password, a bare number because changes are in a higher package.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="entry_codes")
    purpose = models.CharField(_("用途"), max_length=10, choices=EntryPurpose)
    token_sha256 = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    change_id = models.BigIntegerField(null=True, blank=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_on = models.DateField(_("有效至"))
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("開通碼")
        verbose_name_plural = _("開通碼")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, voided_at=None), name="entry_code_one_open"
            ),
            models.CheckConstraint(condition=~Q(user=F("issued_by")), name="entry_code_not_for_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_purpose_display()}"


class IdentityChange(models.Model):
    """A change of somebody's identity that waits for a second person, or for the reader of the mail at one's own new
    address.

    `data` holds the new values: {"email"}, or the fields of a post or an invitation. `county` is the county whose
    approver may confirm; empty for somebody of both. Nothing has happened until `confirmed` is true.
    """

    kind = models.CharField(_("變更"), max_length=14, choices=ChangeKind)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="changes", verbose_name=_("人員"))
    county = CountyField(_("縣"), blank=True)
    data = models.JSONField(default=dict)
    summary = models.CharField(_("內容"), max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="changes_proposed")
    proposed_at = models.DateTimeField(_("提出時間"))
    expires_on = models.DateField(_("確認期限"))
    token_sha256 = models.CharField(max_length=64, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="changes_decided")
    decided_at = models.DateTimeField(_("決定時間"), null=True)
    confirmed = models.BooleanField(_("已確認"), default=False)

    class Meta:
        verbose_name = _("人員變更")
        verbose_name_plural = _("人員變更")
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed=False) | Q(kind=ChangeKind.OWN_ADDRESS) | ~Q(decided_by=F("proposed_by")),
                name="change_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["kind", "user"],
                condition=Q(decided_at=None) & ~Q(kind__in=[ChangeKind.POST, ChangeKind.INVITATION]),
                name="change_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.summary


class ContactCode(models.Model):
    """A code that proves that a telephone or a LINE account is the person's: one at a time for each.

    The code itself is not stored: it follows from this row and the portal's secret (`channels.code_of`).
    """

    PHONE, LINE = "phone", "line"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10)
    address = models.CharField(_("號碼"), max_length=10, blank=True)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("確認碼")
        verbose_name_plural = _("確認碼")
        constraints = [models.UniqueConstraint(fields=["user", "purpose"], name="contact_code_one_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.user} {self.purpose}"
