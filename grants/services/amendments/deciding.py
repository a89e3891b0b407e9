"""The county's part: an officer gives an opinion on each item, another person approves or refuses each.

Whatever was approved is carried out at once; the letter tells the association, moves the deadlines and lets the money go.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from grants.compliance.judging import Judgement
from grants.compliance.rulesets import ruleset_for
from grants.compliance.stored import store_evaluation
from grants.enums import DECIDED, AmendedPart, AmendmentStatus, EvaluationStage, LetterKind
from grants.letters import marks
from grants.letters.facts import addressed, remedy
from grants.letters.names import head_of
from grants.models import Amendment, AmendmentItem
from grants.permissions import actor_for
from grants.queries.amendments import described
from grants.queries.payments import movements, refund_due
from grants.rules import payments
from grants.services import notices
from grants.services.letters import drafts
from grants.services.locks import with_law
from grants.services.payments import returns
from grants.services.reviews.proposals import LawRefusedError
from grants.workflow import amendments
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.amount_words import in_letter_style, mixed

from .applying import carry_out
from .asking import refuse_unfit
from .comparing import compare
from .items import item_of
from .locking import locked


class Answer(NamedTuple):
    """A yes or no to one item, with the reason of a no."""

    yes: bool
    reason: str = ""


Answers = Mapping[int, Answer]


def check(user: User, amendment: Amendment, answers: Answers) -> Amendment:
    """Keep the officer's opinion on every item and pass the request on to the approver."""
    with trail.unit_of_work(actor_for(user, amendment.award.application, Role.CASE_OFFICER)):
        row = locked(amendment)
        if row.status == AmendmentStatus.CHECKED and row.checked_by_id == user.pk:
            return row
        permit = amendments.permit(row, "check", user)
        for item, answer in _answered(row, answers):
            item.favoured, item.opinion = answer.yes, answer.reason
            item.save(update_fields=["favoured", "opinion"])
        permit.make({"checked_by": user, "checked_on": clock.today()})
        people = notices.others_than(user, notices.approvers(row.award.application))
        notices.about_part(row, people, "checked", _("計畫變更等您核定"), row.reason)
        return row


def send_back(user: User, amendment: Amendment, note: str) -> Amendment:
    """Return the request to the officer, who gives another opinion."""
    with trail.unit_of_work(actor_for(user, amendment.award.application, Role.APPROVER)):
        row = locked(amendment)
        cleared = {"checked_by": None, "checked_on": None, "note": note}
        amendments.move(row, "send_back", user, cleared, note=note)
        notices.about_part(row, notices.officers(row.award.application), "sent_back", _("計畫變更退回，請再審核"), note)
        return row


def decide(user: User, amendment: Amendment, answers: Answers, *, note: str = "") -> Amendment:
    """Approve or refuse each item, by somebody other than the officer who checked. A second call changes nothing.

    The items that are approved must fit together: their sum, the law, the award as it is by now. Raises Refused,
    LawRefusedError.
    """
    with trail.unit_of_work(actor_for(user, amendment.award.application, Role.APPROVER)):
        row = locked(amendment)
        if row.status in DECIDED and row.decided_by_id == user.pk:
            return row
        answered = [(item, answers.get(item.pk, Answer(False))) for item in row.items.all()]
        approved = [item for item, answer in answered if answer.yes]
        permit = amendments.permit(row, "approve" if approved else "refuse", user)
        answered = _answered(row, answers)
        if approved:
            judged = _require_fit(row, approved)
        for item, answer in answered:
            item.approved, item.refusal = answer.yes, "" if answer.yes else answer.reason
            item.save(update_fields=["approved", "refusal"])
        decided = {"decided_by": user, "decided_on": clock.today(), "note": note}
        permit.make(decided, approved=len(approved), refused=len(answered) - len(approved))
        if approved:
            carry_out(user, row.award, row, [item_of(item) for item in approved])
            if any(item.part == AmendedPart.NEW_LINE for item in approved):
                # By now the new lines have keys of their own, by which the settlement finds what was known.
                judged = compare(row.award, [], stage="approval").new
            store_evaluation(row.award.application, EvaluationStage.AMENDMENT, judged)
        _draft_letter(user, row)
        return row


def _answered(row: Amendment, answers: Answers) -> list[tuple[AmendmentItem, Answer]]:
    """Return every item with its answer. Raises Refused if one has none, or a no lacks its reason."""
    found = []
    for item in row.items.all():
        answer = answers.get(item.pk)
        if answer is None:
            raise Refused(_("每一項都要選同意或不同意。"))
        if not answer.yes and not answer.reason.strip():
            raise Refused(_("不同意的項目要寫理由，函文會引用。"))
        found.append((item, Answer(answer.yes, answer.reason.strip())))
    return found


def _require_fit(row: Amendment, approved: list[AmendmentItem]) -> Judgement:
    """Return what the law says of the award with the approved items alone. Raises Refused, LawRefusedError."""
    award = row.award
    if award.version != row.of_version:
        raise Refused(_("核定內容在這之後又變更過，請申請單位重新提出。"))
    with_law(award.application)
    items = [item_of(item) for item in approved]
    refuse_unfit(award, items, undecided=True)
    comparison = compare(award, items, stage="approval")
    if comparison.errors:
        raise LawRefusedError(comparison.errors)
    return comparison.new


def _draft_letter(user: User, row: Amendment) -> None:
    """Draft the letter and tell the officers that it waits; the association gets notice when it is issued."""
    case, items = row.award.application, list(row.items.select_related("line__line"))
    approved = [item for item in items if item.approved]
    if not approved:
        kind, facts = LetterKind.AMENDMENT_REFUSED, _refused_facts(items)
    elif any(item.part == AmendedPart.GIVE_UP for item in approved):
        kind, facts = LetterKind.RELINQUISHMENT, _given_up_facts(row)
    else:
        kind, facts = LetterKind.AMENDMENT_APPROVED, _approved_facts(row, items, approved)
    common = {"asked_on": row.asked_on, "note": _sentence(" ".join(row.note.split()))}
    row.letter = drafts.prepare(user, case, kind, {"amendment": row.pk}, **common, **facts)
    row.save(update_fields=["letter"])
    subject = _("計畫變更已決定，請發函")
    notices.about_part(row, notices.officers(case), "decided", subject, str(row.get_status_display()))


def _refused_facts(items: list[AmendmentItem]) -> dict[str, Any]:
    reasons = dict.fromkeys(item.refusal for item in items)
    return {"changes": [_change(item) for item in items], "reason": _sentence("；".join(reasons))}


def _given_up_facts(row: Amendment) -> dict[str, Any]:
    award, case = row.award, row.award.application
    refund = refund_due(award)
    return {
        "given_up_on": row.asked_on,
        "total_mixed": mixed(award.total),
        "unpaid_note": ""
        if refund
        else _("本件不是處分，不影響%(you)s日後申請補助。") % {"you": addressed(case.organisation.kind)},
        "refund_mixed": mixed(refund) if refund else "",
        "return_way": returns.way_of(case) if refund else "",
    }


def _approved_facts(row: Amendment, items: list[AmendmentItem], approved: list[AmendmentItem]) -> dict[str, Any]:
    award = row.award
    refused = [item for item in items if not item.approved]
    dates = any(item.part in (AmendedPart.PERIOD, AmendedPart.SETTLEMENT) for item in approved)
    words = _("結報期限改為%(day)s，請於期限前檢送原始支出憑證、成果照片及活動相關資料函送本府結報。")
    return {
        "result": _("部分同意變更") if refused else _("同意變更"),
        "changes": [_change(item) for item in approved],
        "total_mixed": mixed(award.total),
        "starts_on": award.starts_on,
        "ends_on": award.ends_on,
        "plan_words": _instalments(row) if award.awaits_letter else "",
        "settle_by": words % {"day": marks.SETTLEMENT_DUE} if dates else "",
        "refusals": [_refusal(item) for item in refused],
        "partly_remedy": remedy(head_of(award.county, clock.today())) if refused else "",
    }


def _instalments(row: Amendment) -> str:
    """Return the payments that follow from the new total, if nothing is paid yet."""
    award, today = row.award, clock.today()
    plan = payments.instalments(award.total, ruleset_for(award.application.scheme, today), today)
    if movements(award).paid:
        return ""
    if not plan.two_stage:
        return _("補助款於計畫執行完畢，檢送領據、存摺影本及支出憑證核銷後一次撥付。")
    params = {"first": mixed(plan.first), "second": mixed(plan.second)}
    return _("變更後第一期款%(first)s，第二期款%(second)s。") % params


def _change(item: AmendmentItem) -> str:
    rows = described(item)
    if not rows:
        return _sentence(str(item.get_part_display()))
    if item.part == AmendedPart.NEW_LINE:
        (name, _none, amount), *others = rows
        more = "；".join(f"{label}：{after}" for label, _before, after in others)
        return _sentence(in_letter_style(f"{name}{amount}" + (f"（{more}）" if more else "")))
    text = _("%(label)s由「%(before)s」變更為「%(after)s」")
    said = (text % {"label": label, "before": before, "after": after} for label, before, after in rows)
    return _sentence(in_letter_style("；".join(said)))


def _refusal(item: AmendmentItem) -> str:
    labels = [label for label, _before, _after in described(item)]
    label = "、".join(labels[:1] if item.part == AmendedPart.NEW_LINE else labels)
    return _sentence(_("%(label)s：%(reason)s") % {"label": label, "reason": item.refusal})


def _sentence(text: str) -> str:
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"
