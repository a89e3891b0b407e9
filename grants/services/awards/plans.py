"""How an award is paid: the instalments of 柒一, and the days that its letter sets."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.compliance.rulesets import ruleset_for
from grants.enums import InstalmentCondition, InstalmentStatus
from grants.models import Application, Award, Instalment
from grants.rules import payments
from grants.services.letters import terms
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.due_dates import reckoned


@dataclass(frozen=True)
class Plan:
    """How an amount would be paid: the instalments of 柒一, and the days that a letter of today would set. Only a first
    instalment has a day for its receipt.
    """

    instalments: payments.Instalments
    receipt_due: dt.date | None
    settlement_due: dt.date


def plan_for(case: Application, total: int) -> Plan:
    """Return the payment plan of `total` NT dollars approved today."""
    today = clock.today()
    ruleset = ruleset_for(case.scheme, today)
    stages = payments.instalments(total, ruleset, today)
    days = office_calendar.of(case.county, case.township_code)
    due = payments.settlement_due(max(case.last_day, today), days.is_workday, ruleset, today)
    receipt = terms.receipt_due(today, ruleset, case) if stages.two_stage else None
    return Plan(stages, receipt, due.on)


def crossed_terms(plan: Plan) -> str:
    """Return a sentence if the receipt of the first instalment would be due after the settlement, else ""."""
    if plan.receipt_due is None or plan.receipt_due <= plan.settlement_due:
        return ""
    days = {"receipt": reckoned(plan.receipt_due), "settlement": reckoned(plan.settlement_due)}
    return _("第一期款領據的期限（%(receipt)s）會晚於結報期限（%(settlement)s）。") % days


def lay_instalments(award: Award, plan: Plan, *, paid: int = 0) -> Instalment | None:
    """Store the plan's instalments, less what was `paid` before the case was decided anew, and return the first one if
    it waits for the receipt.
    """
    stages, number = plan.instalments, award.instalments.count()
    receipt, settled = InstalmentCondition.RECEIPT, InstalmentCondition.SETTLEMENT
    first = max(0, stages.first - paid) if stages.two_stage else 0
    rest = max(0, award.total - paid - first)
    made = None
    if first:
        number += 1
        made = _instalment(award, number, first, receipt, InstalmentStatus.AWAITING_RECEIPT, stages.clause)
    if rest:
        clause = stages.second_clause if stages.two_stage else stages.clause
        _instalment(award, number + 1, rest, settled, InstalmentStatus.SCHEDULED, clause)
    return made


def _instalment(award: Award, number: int, amount: int, condition: str, status: str, clause: str) -> Instalment:
    return Instalment.objects.create(
        award=award, number=number, amount=amount, condition=condition, status=status, clause=clause
    )
