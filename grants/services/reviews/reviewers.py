"""Reviewers: the officer asks them, they declare their interest first and then score by the criteria of 陸三."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.criteria import criteria_of
from grants.enums import BEING_CHECKED
from grants.models import Application, ReviewAssignment
from grants.permissions import actor_for, holds
from grants.queries.panels import interests
from grants.services import notices
from grants.services.locks import lock_case
from grants.services.panels.interests import declared
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close

from .checks import after_today

ASSIGN = actions.register("application.assign", _l("指派審查委員"))
RELEASE = actions.register("application.release_reviewer", _l("免除卸任委員的審查"))
DECLARE = actions.register("application.declare_interest", _l("聲明利害關係"))
DRAFT = actions.register("application.draft_score", _l("儲存評分草稿"))
SCORE = actions.register("application.score", _l("評分"))


@dataclass(frozen=True)
class Panel:
    """The county's reviewers with regard to a case: who may review it, and who must not, with the reasons."""

    eligible: list[User]
    apart: list[tuple[User, list[str]]]


def panel_of(case: Application) -> Panel:
    people = holders_of(Role.REVIEWER, county=case.county)
    found = interests.reasons(case, people)
    return Panel(
        [person for person in people if person.pk not in found],
        [(person, found[person.pk]) for person in people if person.pk in found],
    )


def assign(user: User, case: Application, reviewers: Iterable[User], *, due_on: dt.date) -> list[ReviewAssignment]:
    """Ask reviewers of the county to score the case; who was asked before stays asked, unless that person is no reviewer
    of the county any more and has not scored.
    """
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = lock_case(case)
        require(holds(user, row, Role.CASE_OFFICER))
        if row.status not in BEING_CHECKED:
            raise Refused(_("檢核或審查中的案件才能指派審查委員。"))
        after_today(due_on)
        panel = panel_of(row)
        allowed = {person.pk for person in panel.eligible}
        why = {person.pk: "；".join(reasons) for person, reasons in panel.apart}
        made = []
        for reviewer in reviewers:
            if reviewer.pk in why:
                params = {"name": reviewer, "reason": why[reviewer.pk]}
                raise Refused(_("%(name)s和這一件有利害關係（%(reason)s），不能指派。") % params)
            if reviewer.pk not in allowed:
                raise Refused(_("%(name)s不是本縣的審查委員。") % {"name": reviewer})
            assignment, new = ReviewAssignment.objects.get_or_create(
                application=row,
                reviewer=reviewer,
                defaults={"assigned_by": user, "assigned_on": clock.today(), "due_on": due_on},
            )
            if new:
                made.append(assignment)
                trail.record(ASSIGN, assignment, after={"reviewer": str(reviewer)}, case=row.number)
        if made:
            _release_leavers(row)
        url = reverse("grants:case_review", args=[row.number])
        for assignment in made:
            body = _("請在%(due)s前看過並評分。") % {"due": format_roc(due_on)}
            notices.about_case(
                row, [assignment.reviewer], "assigned", _("請聲明利害關係並審查"), body, url, _thread(assignment)
            )
        return made


def _release_leavers(case: Application) -> None:
    """Take out those who left before they scored, now that others do it. A declared conflict stays on record."""
    present = {person.pk for person in holders_of(Role.REVIEWER, county=case.county)}
    waiting = case.assignments.filter(submitted_on=None).exclude(interest=ReviewAssignment.Interest.CONFLICT)
    for row in waiting.exclude(reviewer__in=present).select_related("reviewer"):
        trail.record(RELEASE, row, before={"reviewer": str(row.reviewer)}, case=case.number)
        close([_thread(row), f"interest:{row.pk}", f"scores:{row.pk}"])
        row.moves.all().delete()
        row.delete()


def declare(user: User, assignment: ReviewAssignment, interest: str, note: str = "") -> ReviewAssignment:
    """Keep the reviewer's declaration of interest, made once. A conflict hides the case and takes the reviewer out."""
    case = assignment.application
    with trail.unit_of_work(actor_for(user, case, Role.REVIEWER)):
        row = _own_assignment(user, assignment)
        if row.interest == interest:
            return row
        require(holds(user, case, Role.REVIEWER))
        if row.interest != ReviewAssignment.Interest.UNANSWERED:
            raise Refused(_("您已經聲明過，要更正請告訴承辦人。"))
        row.interest, row.interest_note = interest, note
        row.save(update_fields=["interest", "interest_note"])
        trail.record(DECLARE, row, after={"interest": interest, "note": note}, case=case.number)
        close([f"interest:{row.pk}"])
        if interest == ReviewAssignment.Interest.CONFLICT:
            declared(case, user, note)
            subject = _("審查委員有利害關係，請另派")
            notices.about_case(case, notices.officers(case), f"conflict-{row.pk}", subject, str(user))
        return row


def score(
    user: User, assignment: ReviewAssignment, scores: Mapping[str, tuple[int, str]], comment: str
) -> ReviewAssignment:
    """Keep the reviewer's score of 0 to 100 and comment on each criterion of 陸三, until the case is proposed."""
    case = assignment.application
    with trail.unit_of_work(actor_for(user, case, Role.REVIEWER)):
        row = _own_assignment(user, assignment)
        require(holds(user, case, Role.REVIEWER))
        if row.interest != ReviewAssignment.Interest.NONE:
            raise Refused(_("請先聲明沒有利害關係，才能評分。"))
        if lock_case(case).status not in BEING_CHECKED:
            raise Refused(_("這一件已經提出核定建議或決定，不能再改分數。"))
        _refuse_other_criteria(case, scores)
        if not all(words.strip() for _points, words in scores.values()):
            raise Refused(_("每一項分數都要寫意見，說明為什麼給這個分數。"))
        for criterion, (points, words) in scores.items():
            row.scores.update_or_create(criterion=criterion, defaults={"score": points, "comment": words})
        row.comment, row.submitted_on, row.draft = comment, clock.today(), {}
        row.save(update_fields=["comment", "submitted_on", "draft"])
        values = {criterion: points for criterion, (points, _words) in scores.items()}
        trail.record(SCORE, row, after={**values, "comment": comment}, case=case.number)
        close([_thread(row), f"scores:{row.pk}"])
        notices.about_case(case, notices.officers(case), f"scored-{row.pk}", _("審查委員已評分"), str(user))
        return row


def save_draft(user: User, assignment: ReviewAssignment, typed: Mapping[str, str]) -> ReviewAssignment:
    """Keep scores and comments as they were typed, until they are submitted. Nobody else reads them."""
    case = assignment.application
    with trail.unit_of_work(actor_for(user, case, Role.REVIEWER)):
        row = _own_assignment(user, assignment)
        require(holds(user, case, Role.REVIEWER))
        if row.interest != ReviewAssignment.Interest.NONE or lock_case(case).status not in BEING_CHECKED:
            raise Refused(_("這一件現在不能評分，草稿沒有存。"))
        if row.draft != typed:
            row.draft = dict(typed)
            row.save(update_fields=["draft"])
            trail.record(DRAFT, row, after={"fields": sum(1 for text in typed.values() if text)}, case=case.number)
        return row


def _refuse_other_criteria(case: Application, scores: Mapping[str, tuple[int, str]]) -> None:
    """Refuse scores of other criteria: all those of the case are scored, and nothing else."""
    asked = {criterion.code for criterion in criteria_of(case, clock.today())}
    if set(scores) != asked:
        raise Refused(_("評分的項目和這個方案的審查原則不符，請重新整理頁面再評分。"))


def _thread(assignment: ReviewAssignment) -> str:
    return f"assignment:{assignment.pk}"


def _own_assignment(user: User, assignment: ReviewAssignment) -> ReviewAssignment:
    row = lock(ReviewAssignment.objects.all(), pk=assignment.pk)
    if row.reviewer_id != user.pk:
        raise Refused(_("這一件不是指派給您審查的。"))
    return row
