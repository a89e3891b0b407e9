"""Reconciling: the entries of the ledger are added up by themselves and compared with every figure that is shown.

Each query that puts a figure on a page, into a list or into the open data is asked for it, by award, by envelope and by
year. Nothing is written; the nightly run alarms the auditors, and ends the alarm once all agrees again.
"""

import datetime as dt
import gc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import (
    BACK,
    ENDED_OR_HALTED,
    PAID_OR_CANCELLED,
    SET_ASIDE,
    AwardStatus,
    DeadlineKind,
    InstalmentStatus,
    LedgerKind,
)
from grants.models import Award, Debt, Envelope, Instalment, LedgerEntry, MoneySum, Settlement
from grants.queries.awards import with_sums
from grants.queries.open_data import disclosure
from grants.queries.open_data.money import with_payments
from grants.queries.overview.money import programme_sums
from grants.queries.payments import Movements, movements, outcome_of, overpaid
from grants.queries.schemes.public import envelope_uses
from grants.services import notices
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.notices.services import close

CHUNK = 500
# How many differences an alarm names.
NAMED = 20


@dataclass(frozen=True)
class Difference:
    """A figure that is not what the entries add up to, in whole NT dollars. `award` is empty for an envelope or a year."""

    county: str
    award: str
    where: str
    what: str
    entries: int
    shown: int

    def __str__(self) -> str:
        params = {
            "where": self.where,
            "what": self.what,
            "entries": format_amount(self.entries),
            "shown": format_amount(self.shown),
        }
        return _("%(where)s　%(what)s：收支紀錄合計 %(entries)s 元，顯示 %(shown)s 元") % params


def differences(*, numbers: list[str] | None = None) -> Iterator[Difference]:
    """Yield every figure that differs from the entries: of these awards, or of all awards, envelopes and years."""
    rows = Award.objects.order_by("pk")
    if numbers is not None:
        yield from _of_awards(list(rows.filter(number__in=numbers).values_list("pk", flat=True)))
        return
    last = 0
    while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        yield from _of_awards(keys)
        last = keys[-1]
        # As between the pieces of the day's other work (`trail.in_pieces`).
        if len(keys) >= trail.MANY:
            gc.collect()
    yield from _of_envelopes()
    yield from _of_publications()


def alarm() -> int:
    """Tell the auditors of each county what differs in it, once a day while it does; return how many figures differ."""
    found = list(differences())
    for county in counties.slugs():
        mine, thread = [one for one in found if one.county == county], f"reconcile:{county}"
        if not mine:
            close([thread])
            continue
        first = next((one.award for one in mine if one.award), "")
        url = reverse("grants:award_ledger", args=[first]) if first else reverse("grants:payment_list")
        subject = _("對帳有 %(count)d 個數字不符") % {"count": len(mine)}
        body = "\n".join(str(one) for one in mine[:NAMED])
        people = holders_of(Role.AUDITOR, county=county)
        words = notices.Words(subject, body, url)
        notices.send(people, "audit.reconcile", thread, words, thread=thread, repeats="audit.reconcile", at_once=True)
    return len(found)


# --- By award --------------------------------------------------------------------------------------------------------------


def _of_awards(keys: list[int]) -> Iterator[Difference]:
    entries: dict[int, list[LedgerEntry]] = {key: [] for key in keys}
    parts: dict[int, list[Instalment]] = {key: [] for key in keys}
    for entry in LedgerEntry.objects.filter(award__in=keys).order_by("pk"):
        entries[entry.award_id].append(entry)
    for part in Instalment.objects.filter(award__in=keys).order_by("number"):
        parts[part.award_id].append(part)
    lists = {row.pk: row for row in with_sums(Award.objects.filter(pk__in=keys))}
    rows_of_debts = Debt.objects.filter(award__in=keys).values_list("award", "kind", "amount")
    debts = {(award, kind): amount for award, kind, amount in rows_of_debts}
    rows = with_payments(Award.objects.filter(pk__in=keys).select_related("settlement").order_by("pk"))
    for award in rows:
        money = _added_up(entries[award.pk])
        shown = movements(award)
        outcome = outcome_of(award, shown)
        compared = [
            (_("核定保留"), money.committed, shown.committed),
            (_("釋回年度額度"), money.released, shown.released),
            (_("已撥付"), money.paid, shown.paid),
            (_("已繳回"), money.back, shown.back),
            (_("清單上的已撥付"), money.paid, lists[award.pk].paid),
            (_("清單上的已繳回"), money.back, lists[award.pk].back),
            (_("公開資料的已撥付"), money.paid, award.paid),
            (_("公開資料的已繳回"), money.back, award.returned),
            (_("重複撥付待收回"), _overpaid(entries[award.pk]), overpaid(award)),
            (_("溢付款清單"), _overpaid(entries[award.pk]), debts.get((award.pk, DeadlineKind.OVERPAID), 0)),
            (_("待繳回清單"), outcome.refund if outcome else 0, debts.get((award.pk, DeadlineKind.RETURN), 0)),
            *_of_plan(award, money, parts[award.pk]),
            *(line for part in parts[award.pk] for line in _of_instalment(part, entries[award.pk])),
        ]
        for what, right, wrong in compared:
            if right != wrong:
                yield Difference(award.county, award.number, award.number, what, right, wrong)


def _added_up(entries: list[LedgerEntry]) -> Movements:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.kind] += entry.amount
    return Movements(
        sum(sums[kind] for kind in SET_ASIDE),
        sums[LedgerKind.RELEASED] - sums[LedgerKind.RESTORED],
        sums[LedgerKind.PAID],
        sum(sums[kind] for kind in BACK),
    )


def _overpaid(entries: list[LedgerEntry]) -> int:
    out = sum(entry.amount for entry in entries if entry.kind == LedgerKind.OVERPAID)
    return out - sum(entry.amount for entry in entries if entry.kind == LedgerKind.REGAINED)


def _of_plan(award: Award, money: Movements, parts: list[Instalment]) -> Iterator[tuple[str, int, int]]:
    """Yield what is set aside and what is still to be paid, as entries and account leave it, and as award and
    instalments have it.
    """
    if award.status == AwardStatus.REOPENED:
        return
    aside, outcome = money.committed - money.released, outcome_of(award, money)
    waits = sum(part.amount for part in parts if part.status not in PAID_OR_CANCELLED)
    if outcome is None:
        yield _("核定金額"), aside, max(award.total, money.held)
        # What came back by a decision that was lifted is paid again when the account is settled.
        yield _("待撥付的期款"), max(0, award.total - money.paid), waits
        return
    borne = min(outcome.accepted, money.held) if award.status in ENDED_OR_HALTED else outcome.accepted
    yield _("結報後補助金額"), aside, borne
    yield _("待撥付的期款"), 0 if award.status in ENDED_OR_HALTED else outcome.payable, waits


def _of_instalment(part: Instalment, entries: list[LedgerEntry]) -> Iterator[tuple[str, int, int]]:
    paid = [entry for entry in entries if entry.instalment_id == part.pk and entry.kind == LedgerKind.PAID]
    is_paid, params = part.status == InstalmentStatus.PAID, {"n": part.number}
    yield _("第 %(n)d 期已撥付") % params, sum(entry.amount for entry in paid), part.amount if is_paid else 0
    if is_paid and paid and (paid[-1].on, paid[-1].note) != (part.paid_on, part.voucher_number):
        yield _("第 %(n)d 期的撥付日期或憑單") % params, part.amount, 0


# --- By envelope and year --------------------------------------------------------------------------------------------------


def _of_envelopes() -> Iterator[Difference]:
    """Compare what the public table of each scheme, and the open data, show of a year with entries added up one by one."""
    sums: Counter[tuple[int, str]] = Counter()
    for envelope, kind, amount in LedgerEntry.objects.values_list("envelope", "kind", "amount").iterator():
        sums[envelope, kind] += amount
    years: dict[tuple[str, int], list[int]] = {}
    for use in envelope_uses(Envelope.objects.order_by("scheme", "year")):
        row = use.envelope
        aside = (
            sum(sums[row.pk, kind] for kind in (*SET_ASIDE, LedgerKind.RESTORED)) - sums[row.pk, LedgerKind.RELEASED]
        )
        held = sums[row.pk, LedgerKind.PAID] - sum(sums[row.pk, kind] for kind in BACK)
        where = _("%(scheme)s %(year)d 年度") % {"scheme": row.scheme.short_name, "year": roc_year(row.year)}
        for what, right, wrong in (
            (_("已核定"), aside, use.approved),
            (_("已撥付"), held, use.paid),
            (_("尚可核定"), row.amount - aside, use.left),
        ):
            if right != wrong:
                yield Difference(row.scheme.county, "", where, what, right, wrong)
        total = years.setdefault((row.scheme.county, row.year), [0, 0])
        total[0], total[1] = total[0] + aside, total[1] + held
    yield from _of_programmes(sums)
    yield from _of_charts()
    yield from _of_years(years)


def _of_programmes(sums: Counter[tuple[int, str]]) -> Iterator[Difference]:
    """Compare what the money page shows by programme with the entries of each envelope."""
    shown: Counter[tuple[int, str]] = Counter()
    for row in programme_sums(Envelope.objects.all()):
        for what, amount in (("aside", row.approved), ("paid", row.paid), ("back", row.back), ("waits", row.waits)):
            shown[row.envelope, what] += amount
    unpaid = Instalment.objects.exclude(status__in=PAID_OR_CANCELLED).order_by().values_list("award__envelope")
    waits = dict(unpaid.annotate(sum=Sum("amount")))
    for envelope in Envelope.objects.select_related("scheme").order_by("pk"):
        key = envelope.pk
        aside = sum(sums[key, kind] for kind in (*SET_ASIDE, LedgerKind.RESTORED)) - sums[key, LedgerKind.RELEASED]
        where = _("%(scheme)s %(year)d 年度各類別") % {
            "scheme": envelope.scheme.short_name,
            "year": roc_year(envelope.year),
        }
        for what, right, wrong in (
            (_("已核定"), aside, shown[key, "aside"]),
            (_("已撥付"), sums[key, LedgerKind.PAID], shown[key, "paid"]),
            (_("已繳回"), sum(sums[key, kind] for kind in BACK), shown[key, "back"]),
            (_("還要撥"), waits.get(key, 0), shown[key, "waits"]),
        ):
            if right != wrong:
                yield Difference(envelope.scheme.county, "", where, what, right, wrong)


def _of_charts() -> Iterator[Difference]:
    """Compare what the chart of a county and the months ahead show with awards, accounts and debts."""
    shown = MoneySum.objects.order_by().values_list("envelope__scheme__county", "kind").annotate(sum=Sum("amount"))
    sums = {(county, kind): amount for county, kind, amount in shown}
    accepted = Settlement.objects.filter(accepted_on__isnull=False)
    for what, kind, rows, column in (
        (_("核定"), MoneySum.Also.APPROVED, Award.objects.all(), F("total")),
        (_("准予核銷"), MoneySum.Also.ACCEPTED, accepted, F("eligible") + F("surcharge")),
        (_("應收繳回"), MoneySum.Also.DUE, Debt.objects.filter(kind=DeadlineKind.RETURN), F("amount")),
    ):
        right = dict(rows.order_by().values_list("county").annotate(sum=Sum(column)))
        for county in counties.slugs():
            one, other = right.get(county, 0), sums.get((county, kind), 0)
            if one != other:
                yield Difference(county, "", _("一覽圖表"), what, one, other)


def _of_years(years: dict[tuple[str, int], list[int]]) -> Iterator[Difference]:
    """Compare the envelopes of a county's year with what its awards of that year add up to."""
    awards: dict[tuple[str, int], list[int]] = {}
    rows = Award.objects.values_list("county", "envelope__year", "entries__kind", "entries__amount")
    for county, year, kind, amount in rows.exclude(entries=None).iterator():
        total = awards.setdefault((county, year), [0, 0])
        if kind in (*SET_ASIDE, LedgerKind.RESTORED, LedgerKind.RELEASED):
            total[0] += -amount if kind == LedgerKind.RELEASED else amount
        elif kind == LedgerKind.PAID or kind in BACK:
            total[1] += -amount if kind in BACK else amount
    for county, year in sorted(years.keys() | awards.keys()):
        entries, shown = years.get((county, year), [0, 0]), awards.get((county, year), [0, 0])
        where = _("%(year)d 年度全部案件") % {"year": roc_year(year)}
        for what, right, wrong in ((_("已核定"), entries[0], shown[0]), (_("已撥付"), entries[1], shown[1])):
            if right != wrong:
                yield Difference(county, "", where, what, right, wrong)


# --- What is published -----------------------------------------------------------------------------------------------------


def _of_publications() -> Iterator[Difference]:
    """Compare the lists of the quarters, the table of each year, the list for the central system and the open data with
    awards and entries added up one by one.
    """
    right = _added_up_by_year()
    for (county, year), sums in sorted(right.items()):
        days = disclosure.year_days(year)
        parts = (disclosure.quarter_days(year, quarter) for quarter in (1, 2, 3, 4))
        quarters = [disclosure.sums_of(disclosure.within(county, part).iterator(CHUNK), part) for part in parts]
        table = disclosure.sums_of(disclosure.within(county, days).iterator(CHUNK), days)
        central = sum(row.total for row in disclosure.central(county, year).iterator(CHUNK))
        where = _("%(year)d 年度") % {"year": roc_year(year)}
        for what, shown in ((_("四季清單"), sum(quarters, disclosure.Sums())), (_("年度明細表"), table)):
            yield from _differing(county, f"{where}{what}", sums, shown)
        if central != sums.approved:
            yield Difference(county, "", where, _("捐補助清單的核定金額"), sums.approved, central)
    for county in sorted({county for county, _year in right}):
        rows = with_payments(Award.objects.filter(county=county)).iterator(CHUNK)
        days = (dt.date.min, dt.date.max)
        total = sum((sums for (one, _year), sums in right.items() if one == county), disclosure.Sums())
        yield from _differing(county, _("開放資料"), total, disclosure.sums_of(rows, days))


def _added_up_by_year() -> dict[tuple[str, int], disclosure.Sums]:
    found: dict[tuple[str, int], disclosure.Sums] = {}
    for county, day, amount in Award.objects.values_list("county", "approved_on", "total").iterator():
        key = (county, day.year)
        found[key] = found.get(key, disclosure.Sums()) + disclosure.Sums(approved=amount)
    rows = LedgerEntry.objects.filter(kind__in=(LedgerKind.PAID, *BACK))
    for county, day, kind, amount in rows.values_list("award__county", "on", "kind", "amount").iterator():
        paid = amount if kind == LedgerKind.PAID else 0
        key = (county, day.year)
        found[key] = found.get(key, disclosure.Sums()) + disclosure.Sums(paid=paid, returned=amount - paid)
    return found


def _differing(county: str, where: str, right: disclosure.Sums, shown: disclosure.Sums) -> Iterator[Difference]:
    for what, entries, figure in (
        (_("核定"), right.approved, shown.approved),
        (_("撥付"), right.paid, shown.paid),
        (_("繳回"), right.returned, shown.returned),
    ):
        if entries != figure:
            yield Difference(county, "", where, what, entries, figure)
