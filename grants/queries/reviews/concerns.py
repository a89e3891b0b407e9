"""What speaks against approving a case, or has to be weighed first: shown before the decision, and answered one by one."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grants.enums import RUNNING, RulingStatus
from grants.models import Application, Award, ConcernAnswer, Proposal, Sanction
from grants.queries.applications import timing
from grants.queries.applications.centres import last_award, unregistered
from grants.queries.applications.other_cases import late_awards, others_this_year
from grants.queries.assets import asked_again
from grants.queries.payments import owing
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

# How many numbers a sentence names.
NAMED = 5


@dataclass(frozen=True)
class Concern:
    """A sentence that the officer answers and the approver reads. `key` names its kind: one a kind and case."""

    key: str
    sentence: str


def concerns_of(case: Application) -> list[Concern]:
    """Return what is known today, in at most nine queries, two more for an activity centre; the gravest first."""
    own = Award.objects.filter(application__organisation=case.organisation_id).exclude(application=case.pk)
    found = {
        "dates": "".join(timing.of_plan(case, clock.today())),
        "ban": _bans(case),
        "debt": _debts(own),
        "late": _late(case),
        "equipment": asked_again(case),
        "centre": unregistered(case) + last_award(case),
        "awards": _awards(own),
        "cases": _cases(case),
    }
    return [Concern(key, sentence) for key, sentence in found.items() if sentence]


def unseen(case: Application, proposal: Proposal) -> list[ConcernAnswer]:
    """Return what the approver has to read: the officer's answers, and what has come up since, without an answer."""
    answered = {row.key: row for row in proposal.concerns.all()}
    new = [
        ConcernAnswer(proposal=proposal, key=one.key, sentence=one.sentence)
        for one in concerns_of(case)
        if one.key not in answered
    ]
    return [*answered.values(), *new]


def _bans(case: Application) -> str:
    today = clock.today()
    in_force = Q(barred_to__gte=today) | Q(next_application=True, consumed_by__isnull=True)
    rows = Sanction.objects.filter(in_force, organisation=case.organisation_id, status=RulingStatus.CONFIRMED)
    named = [f"{row.award.number} {row.get_event_display()}" for row in rows.select_related("award")[:NAMED]]
    return _("這個單位有還在生效的停止申請處分：%(rows)s。") % {"rows": "、".join(named)} if named else ""


def _debts(own: QuerySet[Award]) -> str:
    rows = list(owing(own))
    if not rows:
        return ""
    named = "、".join(row.number for row in rows[:NAMED])
    params = {"sum": format_amount(sum(row.due for row in rows)), "rows": named}
    return _("這個單位還有 %(sum)s 元沒有繳回（%(rows)s）。") % params


def _late(case: Application) -> str:
    today = clock.today()
    rows = list(late_awards(case.organisation_id, today).exclude(application=case.pk).select_related("settlement"))
    never = [row for row in rows if not getattr(getattr(row, "settlement", None), "submitted_on", None)]
    late = [row for row in rows if row not in never]
    parts = []
    if never:
        parts.append(_("到今天還沒有結報的有 %(n)d 件（%(rows)s）") % _numbered(never))
    if late:
        parts.append(_("逾期才結報的有 %(n)d 件（%(rows)s）") % _numbered(late))
    return "，".join(parts) + "。" if parts else ""


def _awards(own: QuerySet[Award]) -> str:
    rows = list(own.filter(status__in=RUNNING).order_by("-approved_on", "-pk"))
    if not rows:
        return ""
    params = {**_numbered(rows), "sum": format_amount(sum(row.total for row in rows))}
    return _("這個單位另有執行中的核定案 %(n)d 件（%(rows)s），合計 %(sum)s 元。") % params


def _cases(case: Application) -> str:
    today = clock.today()
    rows = others_this_year(case, today)
    if not rows:
        return ""
    params = {
        "day": format_roc(today),
        "n": len(rows),
        "sum": format_amount(sum(row.amount or 0 for row in rows)),
    }
    return _("這個單位今年（到%(day)s）另有 %(n)d 件申請或核定，合計 %(sum)s 元。") % params


def _numbered(rows: list[Award]) -> dict[str, object]:
    return {"n": len(rows), "rows": "、".join(row.number for row in rows[:NAMED])}
