"""What an approver has to settle with an approval: figures, conditions, what speaks against it, and who may decide."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import ConditionStage
from grants.models import Application, Award, AwardCondition, Proposal, ProposedLine
from grants.permissions import actor_for, holds
from grants.queries.reviews.concerns import unseen
from grants.queries.reviews.county_rules import rules_of
from grants.services.locks import lock_award
from grants.services.reviews.proposals import Condition, Cut, UnansweredError, checked_figures
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.money import format_amount

MET = actions.register("award.condition_met", _l("登記附款條件已查核"))


def decided_figures(lines: Sequence[ProposedLine], figures: Mapping[int, Cut] | None) -> dict[int, Cut]:
    """Return what is decided for each line: the approver's figures, or as proposed. Raises Refused, FiguresError."""
    proposed = {line.line_id: (line.amount, line.reason) for line in lines}
    asked = {line.line_id: line.requested for line in lines}
    return checked_figures(asked, {**proposed, **(figures or {})})


def keep_decided(lines: Sequence[ProposedLine], figures: Mapping[int, Cut]) -> None:
    """Write what was decided beside what was proposed."""
    for line in lines:
        line.decided, line.decided_reason = figures[line.line_id]
    ProposedLine.objects.bulk_update(lines, ["decided", "decided_reason"])


def may_decide(user: User, case: Application, total: int) -> Answer:
    """Allow whom the county's levels name for the amount; else say who decides."""
    rules = rules_of(case.county, clock.today())
    if rules.may(user, case.county, total):
        return ALLOW
    titles = "、".join(level.title for level in rules.for_total(total)) or _("更高一級的主管")
    params = {"total": format_amount(total), "titles": titles}
    return deny(_("依縣府的分層負責，核定 %(total)s 元要由%(titles)s決定，請轉請決定。") % params)


def note_seen(user: User, case: Application, proposal: Proposal, seen: Collection[str]) -> None:
    """Note that the approver has read everything that speaks against the approval. Raises UnansweredError."""
    rows = unseen(case, proposal)
    if missing := [row for row in rows if row.key not in seen]:
        raise UnansweredError(missing, _("還有 %(count)d 項要先看過並勾選：%(first)s"))
    for row in rows:
        row.answer = row.answer or _("提案以後才有，主管已看過。")
        row.seen_by, row.seen_on = user, clock.today()
        row.save()


def keep_conditions(award: Award, proposal: Proposal, conditions: Sequence[Condition] | None) -> None:
    """Keep the conditions of the award: the approver's, or as proposed."""
    kept = conditions if conditions is not None else [Condition(**one) for one in proposal.conditions]
    if not kept:
        return
    last = award.conditions.aggregate(last=Max("position"))["last"] or 0
    AwardCondition.objects.bulk_create(
        AwardCondition(award=award, position=place, stage=one.stage, text=one.text)
        for place, one in enumerate(kept, last + 1)
    )


def facts_of_conditions(award: Award) -> dict[str, object]:
    """Return the conditions as the letter lists them, and how many they are; nothing if there are none."""
    when = {ConditionStage.RECEIPT: _("請款前"), ConditionStage.SETTLEMENT: _("結報時")}
    rows = [f"{when[ConditionStage(row.stage)]}：{row.text}" for row in award.conditions.all()]
    return {"conditions": rows, "conditions_count": str(len(rows))} if rows else {}


def meet_condition(user: User, award: Award, pk: int, note: str) -> AwardCondition:
    """Note that the association has fulfilled a condition, as an officer has found. A second call changes nothing."""
    with trail.unit_of_work(actor_for(user, award.application, Role.CASE_OFFICER)):
        row = lock(AwardCondition.objects.filter(award=lock_award(award)), pk=pk)
        require(holds(user, award.application, Role.CASE_OFFICER))
        if row.met_on:
            return row
        if not note.strip():
            raise Refused(_("請寫怎麼查核的，例如「已附完成的照片」。"))
        row.met_on, row.met_by, row.note = clock.today(), user, note.strip()
        row.save(update_fields=["met_on", "met_by", "note"])
        trail.record(MET, row, after={"condition": row.text, "note": row.note}, case=award.number)
        return row
