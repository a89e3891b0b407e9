from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities import naming, places
from communities.enums import (
    CounterWay,
    ManpowerGrant,
    Office,
    OrganisationKind,
    OrganisationStatus,
    PaperKind,
    RowOutcome,
    Tier,
    TierBasis,
    TierDecisionStatus,
)
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.heads import office_in_words
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock, roc_date


class Township(models.Model):
    """One of the 45 townships, identified by its present code; its names change and have dates."""

    code = models.CharField(_("代碼"), max_length=8, primary_key=True)
    county = CountyField(_("縣"))
    postal_code = models.CharField(_("郵遞區號"), max_length=3)
    position = models.PositiveSmallIntegerField(_("順序"))

    class Meta:
        verbose_name = _("鄉鎮市")
        verbose_name_plural = _("鄉鎮市")
        ordering = ["county", "position"]

    def __str__(self) -> str:
        return self.code


class TownshipName(models.Model):
    """The name in force from one day to another, both inclusive: 頭份鎮 became 頭份市 on 2015-10-05."""

    township = models.ForeignKey(Township, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("名稱"), max_length=10)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("迄"), null=True, blank=True)

    class Meta:
        ordering = ["township", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "valid_from"], name="township_one_name_a_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class _LivingRecords(models.Manager["Organisation"]):
    """Leaves out records that were merged into another one: no list, no choice and no comparison has them."""

    def get_queryset(self) -> models.QuerySet["Organisation"]:
        return super().get_queryset().filter(merged_into=None)


class Organisation(models.Model):
    """A body that may apply. Personal data of its people is in OfficeTerm and never on a public page.

    A second record of the same body is merged into the first: it stays, with its name and numbers of that day, and
    `merged_into` leads to the one that lives. Only `every_record` finds it.
    """

    kind = models.CharField(_("單位類別"), max_length=24, choices=OrganisationKind)
    name = models.CharField(_("立案全名"), max_length=80)
    # The name as `naming.fold` writes it; two names are the same if these are.
    folded_name = models.CharField(max_length=100, blank=True, editable=False)
    county = CountyField(_("主管縣"))
    township = models.ForeignKey(
        Township,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("鄉鎮市"),
    )
    village = models.CharField(_("村里"), max_length=40, blank=True)
    status = models.CharField(_("狀態"), max_length=16, choices=OrganisationStatus, default=OrganisationStatus.ACTIVE)
    registration_county = models.CharField(_("立案縣市"), max_length=10, blank=True)
    registration_number = models.CharField(_("立案字號"), max_length=40, blank=True)
    registered_on = models.DateField(_("立案日期"), null=True, blank=True)
    nonprofit = models.BooleanField(_("非營利"), default=True)
    tax_id = models.CharField(_("統一編號"), max_length=8, blank=True)
    tax_id_reason = models.CharField(_("統一編號檢查碼不符的說明"), max_length=200, blank=True)
    address = models.CharField(_("會址"), max_length=120, blank=True)
    phone = models.CharField(_("會址電話"), max_length=30, blank=True)
    email = models.EmailField(_("電子信箱"), blank=True)
    purpose = models.TextField(_("宗旨"), blank=True)
    area_served = models.CharField(_("社區範圍"), max_length=200, blank=True)
    households = models.PositiveIntegerField(_("戶數"), null=True, blank=True)
    population = models.PositiveIntegerField(_("人口數"), null=True, blank=True)
    members_count = models.PositiveIntegerField(_("會員數"), null=True, blank=True)
    bank_code = models.CharField(_("金融機構代碼"), max_length=7, blank=True)
    bank_account = models.CharField(_("帳號"), max_length=16, blank=True)
    bank_account_name = models.CharField(_("戶名"), max_length=80, blank=True)
    bank_name_reason = models.CharField(_("戶名與立案全名不同的說明"), max_length=200, blank=True)
    seal = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("圖記")
    )
    manpower_grant = models.CharField(
        _("人力支持計畫"), max_length=8, choices=ManpowerGrant, default=ManpowerGrant.NONE
    )
    last_service_on = models.DateField(_("最近在本縣服務日期"), null=True, blank=True)
    current_tier = models.CharField(_("分級"), max_length=10, choices=Tier, blank=True)
    current_tier_year = models.PositiveSmallIntegerField(_("分級年度（西元）"), null=True, blank=True)
    profile_updated_on = models.DateField(_("資料更新日期"), null=True, blank=True)
    search = SearchVectorField(null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_records"
    )

    objects = _LivingRecords()
    every_record = models.Manager["Organisation"]()

    class Meta:
        verbose_name = _("單位")
        verbose_name_plural = _("單位")
        ordering = ["county", "township", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "name"], condition=Q(merged_into=None), name="organisation_name_once_a_county"
            ),
            models.UniqueConstraint(
                fields=["county", "folded_name"],
                condition=Q(merged_into=None),
                name="organisation_folded_name_once_a_county",
            ),
            models.CheckConstraint(condition=~Q(folded_name=""), name="organisation_has_folded_name"),
            models.UniqueConstraint(
                fields=["tax_id"], condition=~Q(tax_id="") & Q(merged_into=None), name="organisation_tax_id_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="organisation_merged_into_another"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="organisation_search"),
            models.Index(fields=["county", "current_tier"], name="organisation_tier"),
            # Counted, drawn by township and tier, and the rows of a page found, without reading all of the wide rows.
            models.Index(
                fields=["county", "township", "current_tier"],
                condition=~Q(status=OrganisationStatus.DISSOLVED) & Q(merged_into=None),
                name="organisation_listed",
            ),
            models.Index(
                fields=["county", "township", "name"],
                include=["id", "status"],
                condition=Q(merged_into=None),
                name="organisation_place",
            ),
        ]

    # What names places as they were called when it was typed.
    PLACES = ("address", "village", "area_served")

    def __str__(self) -> str:
        return self.name

    @property
    def present_address(self) -> str:
        """The address with the names that county and township have today."""
        return self.present("address")

    @property
    def present_village(self) -> str:
        """村 or 里 by the name, as today."""
        return self.present("village")

    @property
    def present_area(self) -> str:
        """The area served with the names that county, townships and their parts have today."""
        return self.present("area_served")

    def present(self, name: str) -> str:
        """Return a column of PLACES as it reads today."""
        return naming.present(getattr(self, name), self.county, clock.today(), self.township_id or "")

    @property
    def head_word(self) -> str:
        """What the person who confirms for it is called: a township office has no 理事長."""
        return OrganisationKind(self.kind).head_word(self.name)

    def office_word(self, office: str) -> str:
        """Return an office of it in words."""
        return office_in_words(office, self.head_word)

    @property
    def awaits_head(self) -> str:
        """The status of a case or a change that this person has yet to confirm."""
        return OrganisationKind(self.kind).awaits_head(self.name)

    @property
    def on_envelope(self) -> str:
        """The postal code with the present address, as an envelope has them; without an address the township."""
        code = self.township.postal_code if self.township else ""
        return f"{code}{self.present_address or places.KEPT.get().on(self.township_id or '', clock.today())}"


class OfficeTerm(models.Model):
    """Who holds an office of an organisation from one day to another, both inclusive.

    The authority to confirm an application or a receipt follows this term. Phone and e-mail are never public.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="terms")
    office = models.CharField(_("職稱"), max_length=20, choices=Office)
    person_name = models.CharField(_("姓名"), max_length=60)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="office_terms")
    board_term_number = models.PositiveSmallIntegerField(_("屆次"), null=True, blank=True)
    valid_from = models.DateField(_("任期起"))
    valid_to = models.DateField(_("任期迄"), null=True, blank=True)
    phone = models.CharField(_("聯絡電話（不公開）"), max_length=30, blank=True)
    email = models.EmailField(_("電子信箱（不公開）"), blank=True)

    class Meta:
        verbose_name = _("任期")
        verbose_name_plural = _("任期")
        ordering = ["organisation", "-valid_from", "office"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="term_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()} {self.person_name}"

    def get_office_display(self) -> str:  # type: ignore[no-redef]  # made by the field, this says more
        """The office in words, that of the head as such a body calls it. Load the organisation with several terms."""
        return self.organisation.office_word(self.office)


class TierDecision(models.Model):
    """One decision on an association's tier for a year (M4.3a): proposed by a case officer, confirmed by another."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tier_decisions")
    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    tier = models.CharField(_("分級"), max_length=10, choices=Tier)
    basis = models.CharField(_("依據"), max_length=12, choices=TierBasis)
    reason = models.TextField(_("理由"))
    what_would_lift = models.TextField(_("怎樣可以升級"), blank=True)
    governance_score = models.DecimalField(_("會務"), max_digits=5, decimal_places=2, null=True, blank=True)
    finance_score = models.DecimalField(_("財務"), max_digits=5, decimal_places=2, null=True, blank=True)
    services_score = models.DecimalField(_("業務"), max_digits=5, decimal_places=2, null=True, blank=True)
    status = models.CharField(_("狀態"), max_length=10, choices=TierDecisionStatus, default=TierDecisionStatus.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField(_("提報日期"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(_("確認日期"), null=True, blank=True)
    decision_note = models.TextField(_("主管意見"), blank=True)

    class Meta:
        verbose_name = _("分級決定")
        verbose_name_plural = _("分級決定")
        ordering = ["-year", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="tier_four_eyes"
            ),
            models.UniqueConstraint(
                fields=["organisation", "year"],
                condition=Q(status=TierDecisionStatus.PROPOSED),
                name="tier_one_open_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year} {self.get_tier_display()}"

    @property
    def roc_year(self) -> int:
        return roc_date.roc_year(self.year)


class KeptPaper(models.Model):
    """A paper of the association that is offered in each case. A case that uses it refers to this very file, so that a
    newer one changes nothing that was filed. `replaced_on` is set when it is no longer offered.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="kept_papers")
    kind = models.CharField(_("文件"), max_length=30, choices=PaperKind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateField(_("有效至"), null=True, blank=True)
    kept_on = models.DateField(_("上傳日期"))
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaced_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("單位的文件")
        verbose_name_plural = _("單位的文件")
        ordering = ["organisation", "kind", "-id"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class RegistryImport(models.Model):
    """A county's list on its way into the registry: read and compared, confirmed or forgotten.

    `columns` says what each column of the file is (keys of services.registry_import.columns), empty until the officer
    has seen it. `accepted` are the questions (codes of problems) that the officer has answered with yes. `counts` has
    the rows by their outcome. Rows hold personal data and are deleted after a time; the counts and the hash stay.
    """

    county = CountyField(_("縣"))
    file_name = models.CharField(_("檔案"), max_length=120)
    sha256 = models.CharField(max_length=64)
    heads = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    accepted = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("選檔日期"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(_("匯入日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("單位名單匯入")
        verbose_name_plural = _("單位名單匯入")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="registry_import_confirmed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """A row of the list: its number in the file, its cells, and what would become of it."""

    registry_import = models.ForeignKey(RegistryImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("列"))
    cells = models.JSONField()
    name = models.CharField(_("單位"), max_length=120, blank=True)
    outcome = models.CharField(_("結果"), max_length=10, choices=RowOutcome, blank=True)
    # Key of the column, earlier text and new text of each change; key, sentence and code of each problem.
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["registry_import", "number"]
        constraints = [models.UniqueConstraint(fields=["registry_import", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.registry_import_id}/{self.number}"


class CounterVisit(models.Model):
    """A clerk acts for an association at the counter, on the telephone or from paper: who asked, and what was said.

    The clerk holds `post` meanwhile, so every entry of the trail names the clerk and the person who came. It is over
    with the day at the latest.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="counter_visits")
    clerk = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("怎麼來的"), max_length=8, choices=CounterWay)
    person_name = models.CharField(_("來的人"), max_length=40)
    office = models.CharField(_("職稱"), max_length=20, choices=Office)
    said = models.TextField(_("說了什麼"), blank=True)
    began_at = models.DateTimeField()
    day = models.DateField(_("日期"))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("櫃檯代辦")
        verbose_name_plural = _("櫃檯代辦")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["clerk", "day"], name="counter_visit_today")]
        constraints = [
            models.UniqueConstraint(
                fields=["clerk", "day"], condition=Q(ended_at__isnull=True), name="counter_visit_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.person_name} {self.day}"

    def get_office_display(self) -> str:  # type: ignore[no-redef]  # made by the field, this says more
        return self.organisation.office_word(self.office)
