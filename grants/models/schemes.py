from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.enums import County


class Scheme(models.Model):
    """A 補助方案: what a county pays for, under which law, in which window."""

    slug = models.SlugField(unique=True)
    county = models.CharField(_("縣"), max_length=12, choices=County)
    name = models.CharField(_("名稱"), max_length=80)
    short_name = models.CharField(_("簡稱"), max_length=30)
    summary = models.TextField(_("白話說明"))
    legal_basis = models.CharField(_("法令依據"), max_length=80)
    ruleset = models.CharField(_("規則集"), max_length=30)
    number_prefix = models.CharField(_("案號字首"), max_length=4, unique=True)
    opens_on = models.DateField(_("受理起日"))
    closes_on = models.DateField(_("受理迄日"), null=True, blank=True)
    township_first = models.BooleanField(_("須經公所層轉初審"), default=False)
    correction_days = models.PositiveSmallIntegerField(_("補正天數"), default=10)
    # Money that must come back: within so many days, and where to (繳回; the law names neither).
    return_days = models.PositiveSmallIntegerField(_("繳回天數"), default=30)
    return_account = models.CharField(_("繳回的帳戶"), max_length=200, blank=True)
    dispatch_word = models.CharField(_("發文字"), max_length=20)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("補助方案")
        verbose_name_plural = _("補助方案")
        ordering = ["position", "slug"]

    def __str__(self):
        return self.name


class Programme(models.Model):
    """One of the scheme's 方案類別; `code` is the code of the rule catalogue, which holds its questions and clause."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="programmes")
    code = models.CharField(max_length=30)
    name = models.CharField(_("名稱"), max_length=40)
    part = models.CharField(_("部分"), max_length=40, blank=True)
    clause = models.CharField(_("條文"), max_length=20)
    purpose = models.TextField(_("白話說明"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("方案類別")
        verbose_name_plural = _("方案類別")
        ordering = ["scheme", "position"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="programme_code_once")]

    def __str__(self):
        return self.name


class Envelope(models.Model):
    """The money of a scheme for one year (K8.2b). Lock this row before anything is taken from it."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="envelopes")
    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    amount = models.BigIntegerField(_("額度（元）"))

    class Meta:
        verbose_name = _("年度額度")
        verbose_name_plural = _("年度額度")
        ordering = ["scheme", "year"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "year"], name="envelope_once_a_year"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="envelope_not_negative"),
        ]

    def __str__(self):
        return f"{self.scheme} {self.year}"


class NumberSeries(models.Model):
    """The next serial of a scheme and year; locked while a number is taken so that none is given twice."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "year"], name="number_series_once")]

    def __str__(self):
        return f"{self.scheme_id}-{self.year}: {self.last}"
