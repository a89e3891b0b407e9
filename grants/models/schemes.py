import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from grants.enums import RulingStatus
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import banks, clock, office_calendar
from miaoli_kaohsiung.lib.prepared import Prepared

from .decisions import Decided, confirmed_by_somebody, four_eyes
from .law import newest_version, require_version


class Scheme(models.Model):
    """A 補助方案: what a county pays for, under which law, in which window."""

    slug = models.SlugField(unique=True)
    county = CountyField(_("縣"))
    name = models.CharField(_("名稱"), max_length=80)
    short_name = models.CharField(_("簡稱"), max_length=30)
    summary = models.TextField(_("白話說明"))
    legal_basis = models.CharField(_("法令依據"), max_length=80)
    ruleset = models.CharField(_("規則集"), max_length=30)
    number_prefix = models.CharField(_("案號字首"), max_length=4, unique=True)
    opens_on = models.DateField(_("受理起日"))
    closes_on = models.DateField(_("受理迄日"), null=True, blank=True)
    # Within how many days money must come back, and to which account (繳回; the law names neither).
    return_days = models.PositiveSmallIntegerField(_("繳回天數"), default=30)
    return_account = models.CharField(_("繳回的帳戶"), max_length=200, blank=True)
    dispatch_word = models.CharField(_("發文字"), max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    # The newest version of its law (`FiledLaw`), if a county filed that as data: whoever reads the row knows the law.
    law_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("補助方案")
        verbose_name_plural = _("補助方案")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.law_version = newest_version(self.ruleset)
        super().save(*args, **kwargs)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any) -> Self:
        scheme = super().from_db(db, field_names, values, **kwargs)
        if "law_version" in field_names and "ruleset" in field_names:
            require_version(scheme.ruleset, scheme.law_version)
        return scheme

    @cached_property
    def dated_terms(self) -> list["SchemeTerms"]:
        """All terms, the earliest first; of one day, the newest last."""
        return sorted(self._terms(), key=lambda row: (row.starts_on, row.pk))

    def _terms(self) -> list["SchemeTerms"]:
        if self.pk is None or "terms" in getattr(self, "_prefetched_objects_cache", ()):
            return list(self.terms.all())
        rows = _TERMS(scheme=self.pk)
        for row in rows:
            row.scheme = self
        return rows

    @cached_property
    def years(self) -> list["SchemeRound"]:
        """The years that were opened on their own days."""
        return list(self.rounds.all()) if self.pk else []

    def terms_on(self, day: dt.date) -> "SchemeTerms":
        """Return the terms that hold for a case filed on the day; a blank set before the first ones."""
        found = [row for row in self.dated_terms if row.starts_on <= day]
        return found[-1] if found else SchemeTerms(scheme=self, starts_on=self.opens_on)

    def offered(self, day: dt.date) -> list["Programme"]:
        """Return the programmes for which a case can be filed on the day, in their order."""
        terms = self.terms_on(day)
        return [row for row in self.programmes.all() if terms.offers(row.code)]

    def window_on(self, day: dt.date) -> "Window | None":
        """Return from when to when cases are taken in, if they are on this day. Once a year was opened on its own, the
        scheme takes in nothing outside its years.
        """
        closes_on = self._last_day(self.closes_on) if self.closes_on else None
        if day < self.opens_on or (closes_on and day > closes_on):
            return None
        begun = [Window(row.opens_on, self._last_day(row.closes_on), row.year) for row in self.years]
        begun = [window for window in begun if window.opens_on <= day]
        if not begun:
            return Window(self.opens_on, closes_on)
        running = [window for window in begun if window.closes_on and day <= window.closes_on]
        return max(running, key=lambda window: window.closes_on or day, default=None)

    def _last_day(self, closes_on: dt.date) -> dt.date:
        """Return the last day of a window: where the county's offices were closed on it, the next workday."""
        return office_calendar.of(self.county).past_closure(closes_on)

    def next_opening(self, day: dt.date) -> "Window | None":
        """Return the first window that opens after the day."""
        ahead = [Window(row.opens_on, row.closes_on, row.year) for row in self.years if row.opens_on > day]
        if self.opens_on > day:
            ahead = ahead or [Window(self.opens_on, self.closes_on)]
        return min(ahead, key=lambda window: window.opens_on, default=None)

    def closed_after(self, day: dt.date) -> dt.date | None:
        """Return the last day of the window that closed most recently before the day."""
        stated = [row.closes_on for row in self.years] + ([self.closes_on] if self.closes_on else [])
        ends = [self._last_day(end) for end in stated]
        return max((end for end in ends if end < day), default=None)


@dataclass(frozen=True)
class Window:
    """From when to when cases are taken in; `year` (AD) if it is the round of a year."""

    opens_on: dt.date
    closes_on: dt.date | None
    year: int | None = None


class SchemeTerms(models.Model):
    """What a scheme asks of the cases that are filed from a day on. A row never changes: new terms are a new row, and a
    filed case keeps those under which it was filed.

    `programmes` are the codes that are offered, all if empty. `papers`, `questions` and `criteria` are what the county
    asks beside the law, as `rules.own` reads them.
    """

    class Originals(models.TextChoices):
        """What becomes of the originals of the vouchers of a settlement."""

        SCANNED = "scanned", _("拍照或掃描上傳就好，正本由單位保存")
        SENT = "sent", _("正本黏貼、簽章後，隨結報寄送縣府")
        KEPT = "kept", _("正本由單位保存，縣府抽查時拿出來看")

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="terms")
    starts_on = models.DateField(_("適用起日"))
    township_first = models.BooleanField(_("須經公所層轉初審"), default=False)
    correction_days = models.PositiveSmallIntegerField(_("補正天數"), default=10)
    programmes = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    papers = models.JSONField(default=list, blank=True)
    questions = models.JSONField(default=list, blank=True)
    criteria = models.JSONField(default=list, blank=True)
    originals = models.CharField(
        _("支出憑證正本"), max_length=10, choices=Originals, default=Originals.SCANNED, db_default=Originals.SCANNED
    )
    # What the township's office looks at and the two words of its opinion; the usual ones if empty.
    first_review_items = ArrayField(
        models.CharField(max_length=80), verbose_name=_("公所初審事項"), default=list, blank=True
    )
    first_review_words = ArrayField(
        models.CharField(max_length=20), verbose_name=_("公所初審意見"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("方案的規定")
        verbose_name_plural = _("方案的規定")
        ordering = ["scheme", "starts_on", "pk"]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.starts_on}"

    def offers(self, code: str) -> bool:
        return not self.programmes or code in self.programmes


_TERMS = Prepared(lambda scheme: SchemeTerms.objects.filter(scheme_id=scheme))


class SchemeRound(models.Model):
    """The days on which a scheme takes in cases of a year."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    opens_on = models.DateField(_("受理起日"))
    closes_on = models.DateField(_("受理迄日"))

    class Meta:
        verbose_name = _("年度受理")
        verbose_name_plural = _("年度受理")
        ordering = ["scheme", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "year"], name="scheme_round_once_a_year"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="scheme_round_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.year}"


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

    def __str__(self) -> str:
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

    def __str__(self) -> str:
        return f"{self.scheme} {self.year}"


class SchemeChange(Decided):
    """A proposed change of a scheme's money, with the paper that it rests on; another person confirms it."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    memo_number = models.CharField(_("簽文號"), max_length=60)
    reason = models.TextField(_("理由"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    decision_note = models.TextField(_("不同意的理由"), blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]


class EnvelopeChange(SchemeChange):
    """A proposed envelope of a year.

    `before` is the amount in force when it was proposed, None for a year's first entry. In whole NT dollars.
    """

    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    before = models.BigIntegerField(null=True, blank=True)
    amount = models.BigIntegerField(_("額度（元）"))
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta(SchemeChange.Meta):
        verbose_name = _("額度登錄")
        verbose_name_plural = _("額度登錄")
        constraints = [
            four_eyes("envelope", "proposed_by"),
            confirmed_by_somebody("envelope"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="envelope_change_not_negative"),
            models.UniqueConstraint(
                fields=["scheme", "year"], condition=Q(status=RulingStatus.DRAFT), name="envelope_one_open_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year}: {self.amount}"


class ReturnTermsChange(SchemeChange):
    """A proposal of where and within how many days money comes back (繳回).

    Once confirmed, it is copied to the scheme's `return_account` and `return_days`.
    """

    days = models.PositiveSmallIntegerField(_("繳回天數"))
    bank_code = models.CharField(_("金融機構代號"), max_length=7)
    bank_account = models.CharField(_("帳號"), max_length=16)
    account_name = models.CharField(_("戶名"), max_length=60)

    class Meta(SchemeChange.Meta):
        verbose_name = _("繳回帳戶登錄")
        verbose_name_plural = _("繳回帳戶登錄")
        constraints = [
            four_eyes("return_terms", "proposed_by"),
            confirmed_by_somebody("return_terms"),
            models.CheckConstraint(condition=Q(days__gte=1), name="return_terms_at_least_a_day"),
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(status=RulingStatus.DRAFT), name="return_terms_one_open_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.account}"

    @property
    def account(self) -> str:
        """The account as pages and letters write it."""
        bank = banks.name_of(self.bank_code, clock.today()) or _("金融機構")
        params = {"bank": bank, "code": self.bank_code, "number": self.bank_account, "name": self.account_name}
        return _("%(bank)s（代號%(code)s）帳號%(number)s，戶名%(name)s") % params


class NumberSeries(models.Model):
    """The next serial of a scheme and year; locked while a number is taken so that none is given twice."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.scheme_id}-{self.year}: {self.last}"
