"""What somebody without an account asks for, and the papers with it."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.enums import AccountRequestStatus, Office, PaperKind, Reached, RequestKind
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.heads import head_by_name, office_in_words
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .registry import Organisation, Township


class AccountRequest(models.Model):
    """A request of a person without an account: who they are and of which body. Anybody may send one.

    Only officers of the county read it. A claim names the body of the directory (`organisation`) from the beginning; a new
    body's facts are in `facts`, by column of Organisation. `account_requests.forget` empties the personal part (name,
    telephone, mail, words, papers) when it has been kept long enough; county, body and the result stay.
    """

    kind = models.CharField(_("種類"), max_length=12, choices=RequestKind, default=RequestKind.ACCOUNT)

    county = CountyField(_("縣"))
    township = models.ForeignKey(Township, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("鄉鎮市"))
    organisation_name = models.CharField(_("協會或單位全名"), max_length=80)
    registration_number = models.CharField(_("立案字號"), max_length=40, blank=True)
    person_name = models.CharField(_("您的姓名"), max_length=60, blank=True)
    office = models.CharField(_("您的職稱"), max_length=20, choices=Office)
    phone = models.CharField(_("聯絡電話"), max_length=30, blank=True)
    email = models.EmailField(_("電子信箱"), blank=True)
    needs = models.TextField(_("想辦什麼事"), blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    board_term_number = models.PositiveSmallIntegerField(_("屆次"), null=True, blank=True)
    valid_from = models.DateField(_("任期起"), null=True, blank=True)
    valid_to = models.DateField(_("任期迄"), null=True, blank=True)
    requested_on = models.DateField(_("提出日期"))
    received_at = models.DateTimeField()
    status = models.CharField(
        _("狀態"), max_length=10, choices=AccountRequestStatus, default=AccountRequestStatus.WAITING
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("不開立的理由"), blank=True)
    reached_by = models.CharField(_("怎麼告訴對方"), max_length=10, choices=Reached, blank=True)
    reached_note = models.CharField(_("電話紀錄"), max_length=200, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(_("處理日期"), null=True, blank=True)
    forgotten_on = models.DateField(_("個人資料刪除日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("帳號申請")
        verbose_name_plural = _("帳號申請")
        ordering = ["requested_on", "pk"]
        indexes = [models.Index(fields=["county", "status"], name="account_request_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=AccountRequestStatus.REFUSED) | ~Q(reason=""), name="account_request_refused_why"
            )
        ]

    def __str__(self) -> str:
        return self.organisation_name

    def get_office_display(self) -> str:  # type: ignore[no-redef]  # made by the field, this says more
        return office_in_words(self.office, self.head_word)

    @property
    def head_word(self) -> str:
        """What a body of this name calls whoever confirms for it."""
        return head_by_name(self.organisation_name)


class RequestPaper(models.Model):
    """A paper that came with a request: a certificate of election or of registration, a charter, a roster."""

    request = models.ForeignKey(AccountRequest, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("文件"), max_length=30, choices=PaperKind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("申請的文件")
        verbose_name_plural = _("申請的文件")
        ordering = ["request", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"
