"""The days that a letter sets, counted from its dispatch date.

The law or the county names a period. Paper takes some days to arrive (文到), and a day off moves to the next workday, so
the printed day is never earlier than the period allows.
"""

import datetime as dt

from grants.compliance.rulesets import ruleset_for
from grants.enums import AMENDMENTS, InstalmentCondition, LetterKind
from grants.letters.marks import CORRECTION_DUE, RECEIPT_DUE, RETURN_DUE, SETTLEMENT_DUE, after_arrival
from grants.letters.names import To, receiver_of
from grants.letters.words import filed
from grants.models import Application, Award, CorrectionRequest, Letter
from grants.rules import payments
from grants.rules.ruleset import NoValue, RuleSet
from grants.services.settlements import due
from miaoli_kaohsiung.lib import clock, office_calendar

# Days by post within the island; the portal's own notice arrives at once.
DELIVERY_DAYS = 3


def days_of(letter: Letter, on: dt.date) -> dict[str, dt.date]:
    """Return mark → day for a letter that is dispatched on the day."""
    to, text = receiver_of(letter), "\n".join([letter.subject, *letter.explanation])
    counted = {mark: _arrived_and(on, days, to) for mark, days in after_arrival(text).items()}
    return counted | (_days_of_case(letter, letter.application, on) if letter.application else {})


def _days_of_case(letter: Letter, case: Application, on: dt.date) -> dict[str, dt.date]:
    wanted = {f"【{name}】" for name in filed()[letter.kind].days}
    if CORRECTION_DUE in wanted:
        asked = request_of(letter)
        return {CORRECTION_DUE: correction_due(on, asked.days, case)} if asked else {}
    if SETTLEMENT_DUE in wanted:
        award = Award.objects.filter(application=case).select_related("application__scheme").first()
        if award is None:
            return {}
        return _days_of_amendment(letter, award) if letter.kind in AMENDMENTS else _days_of_award(award, on)
    if letter.kind == LetterKind.SETTLEMENT_ACCEPTED:
        return _days_of_last_receipt(letter, case, on)
    if RETURN_DUE in wanted:
        return {RETURN_DUE: _arrived_and(on, case.scheme.return_days, case)}
    return {}


def fix_due(letter: Letter, on: dt.date) -> dt.date | None:
    """Return the first day that the words of an issued letter counted from its arrival (文到○日), if they count any."""
    said = "\n".join([letter.context["draft_subject"], *letter.context["draft_explanation"]])
    counted = [_arrived_and(on, days, receiver_of(letter)) for days in after_arrival(said).values()]
    return min(counted, default=None)


def request_of(letter: Letter) -> CorrectionRequest | None:
    """Return the request that a 補正函 is about."""
    return CorrectionRequest.objects.filter(pk=letter.context.get("correction")).first()


def correction_due(on: dt.date, days: int, case: Application) -> dt.date:
    """Return the last of so many working days after the letter has arrived."""
    calendar = office_calendar.of(case.county, case.township_code)
    return calendar.add_workdays(on + dt.timedelta(days=DELIVERY_DAYS), days)


def receipt_due(on: dt.date, ruleset: RuleSet, case: Application) -> dt.date:
    """Return the day by which a letter of the day asks for the receipt of an instalment. Raises NoValue where the law
    counts no such days.
    """
    return _arrived_and(on, payments.receipt_days(ruleset, clock.today()), case)


def _days_of_award(award: Award, on: dt.date) -> dict[str, dt.date]:
    days = {SETTLEMENT_DUE: due.due_on(award, letter_on=on)}
    if award.instalments.filter(condition=InstalmentCondition.RECEIPT).exists():
        ruleset = ruleset_for(award.application.scheme, clock.today())
        days[RECEIPT_DUE] = receipt_due(on, ruleset, award.application)
    return days


def _days_of_last_receipt(letter: Letter, case: Application, on: dt.date) -> dict[str, dt.date]:
    """Return the day of the receipt, if something is still to be paid and the law counts one."""
    if not letter.context["figures"]["pays"]:
        return {}
    try:
        return {RECEIPT_DUE: receipt_due(on, ruleset_for(case.scheme, clock.today()), case)}
    except NoValue:
        return {}


def _days_of_amendment(letter: Letter, award: Award) -> dict[str, dt.date]:
    """Return the settlement's term as the change leaves it, where the letter names one."""
    named = any(SETTLEMENT_DUE in text for text in (letter.subject, *letter.explanation))
    return {SETTLEMENT_DUE: due.due_on(award)} if named else {}


def _arrived_and(on: dt.date, days: int, to: To) -> dt.date:
    calendar = office_calendar.of(to.county, to.township_code)
    return calendar.next_workday(on + dt.timedelta(days=DELIVERY_DAYS + days))
