"""People in cases, in their accounts, and who keeps what was bought."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from grants.enums import BEFORE_FILING, OVER, UNSUCCESSFUL, SettlementStatus
from grants.models import (
    AgendaItem,
    Application,
    BudgetLine,
    ChairCode,
    Conflict,
    PropertyItem,
    ReceiptReading,
    RosterRow,
    Settlement,
    Voucher,
)
from grants.rules.days import anniversary

from .base import GONE, Rule, before, blank, last_year, numbered, of_body, of_case, some

# A draft that was never filed is no case yet.
DRAFT_YEARS = 3


def _cases(day: dt.date) -> QuerySet[Application]:
    year, draft = last_year(day, "case"), anniversary(day, -DRAFT_YEARS)
    award, settled = Q(award__status__in=OVER), Q(award__settlement__accepted_on__year__lte=year)
    unsettled = Q(award__settlement__accepted_on=None, award__ends_on__year__lte=year)
    over = (
        Q(status__in=BEFORE_FILING, updated_at__date__lte=draft)
        | Q(status__in=UNSUCCESSFUL, status_since__year__lte=year)
        | award & (settled | unsettled)
    )
    of_case = {"application": OuterRef("pk")}
    held = (
        some("contact_name", "contact_phone", "contact_email")
        | Exists(BudgetLine.objects.exclude(person="").filter(**of_case))
        | Exists(Conflict.objects.exclude(words="").filter(**of_case))
    )
    return Application.objects.filter(over, held)


def _empty_case(case: Application) -> None:
    blank("contact_name", "contact_phone", "contact_email")(case)
    BudgetLine.objects.filter(application=case).update(person="")
    Conflict.objects.filter(application=case).update(words="")


def _chair_codes(day: dt.date) -> QuerySet[ChairCode]:
    rows = ChairCode.objects.exclude(chair=GONE).filter(made_at__date__lte=before(day, "chair_code"))
    return rows.select_related("application")


def _empty_chair_code(code: ChairCode) -> None:
    # Whether it went to a telephone or into a letter stays: by letter it took two people.
    ChairCode.objects.filter(pk=code.pk).update(chair=GONE, phone=GONE if code.phone else "")


def _accounts(day: dt.date) -> QuerySet[Settlement]:
    vouchers = Voucher.objects.filter(some("payee", "payee_tax_id"), settlement=OuterRef("pk"))
    people = RosterRow.objects.filter(some("name", "folded"), voucher__settlement=OuterRef("pk"))
    over = {"status": SettlementStatus.ACCEPTED, "accepted_on__year__lte": last_year(day, "accounting")}
    rows = Settlement.objects.filter(Exists(vouchers) | Exists(people), **over)
    return rows.select_related("award__application")


def _empty_account_of_case(row: Settlement) -> None:
    vouchers = Voucher.objects.filter(settlement=row)
    ReceiptReading.objects.filter(photo__in=vouchers.values("photo")).update(found={})
    RosterRow.objects.filter(voucher__settlement=row).update(name="", folded="")
    vouchers.update(payee="", payee_tax_id="")


def _speakers(day: dt.date) -> QuerySet[AgendaItem]:
    rows = AgendaItem.objects.filter(some("speakers"), session__held_on__lte=before(day, "session_speaker"))
    return rows.select_related("application")


def _keepers(day: dt.date) -> QuerySet[PropertyItem]:
    last = before(day, "keeper")
    gone = Q(written_off_on__lte=last) | Q(withdrawn_on__lte=last)
    return PropertyItem.objects.filter(gone, some("keeper")).select_related("organisation")


RULES = (
    Rule(
        "case",
        Application,
        {
            "grants.Application": ("contact_name", "contact_phone", "contact_email"),
            "grants.BudgetLine": ("person",),
            "grants.Conflict": ("words",),
        },
        _cases,
        lambda row: str(row.county),
        of_case,
        _empty_case,
    ),
    Rule(
        "chair_code",
        ChairCode,
        {"grants.ChairCode": ("phone", "chair")},
        _chair_codes,
        lambda row: str(row.application.county),
        lambda row: f"{numbered(row)}　{of_case(row.application)}",
        _empty_chair_code,
    ),
    Rule(
        "accounting",
        Settlement,
        {
            "grants.RosterRow": ("name", "folded"),
            "grants.Voucher": ("payee", "payee_tax_id"),
            "grants.ReceiptReading": ("found",),
        },
        _accounts,
        lambda row: str(row.award.application.county),
        lambda row: row.award.application.number,
        _empty_account_of_case,
    ),
    Rule(
        "session_speaker",
        AgendaItem,
        {"grants.AgendaItem": ("speakers",)},
        _speakers,
        lambda row: str(row.application.county),
        lambda row: f"{numbered(row)}　{of_case(row.application)}",
        blank("speakers"),
    ),
    Rule(
        "keeper",
        PropertyItem,
        {"grants.PropertyItem": ("keeper",)},
        _keepers,
        of_body,
        lambda row: f"{numbered(row)}　{row.number}",
        blank("keeper"),
    ),
)
