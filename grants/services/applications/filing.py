"""From the draft to the office: hand to the chair, file, file again after a correction, withdraw, discard."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import Office
from communities.models import Organisation
from grants.compliance.judging import Judgement, blocking, judge
from grants.compliance.stored import store_evaluation
from grants.enums import JUST_FILED, DeadlineKind, EvaluationStage, LetterKind
from grants.enums import ApplicationStatus as S
from grants.models import Application, ApplicationVersion, Deadline, Proposal
from grants.permissions import actor_for, at_counter, is_chair
from grants.queries.applications import completeness, stamps
from grants.queries.applications.versions import snapshot
from grants.queries.audit.proofs import FILING_KEPT
from grants.queries.law.pages import label_of
from grants.rules.findings import Finding
from grants.rules.ruleset import RuleSet, load
from grants.services import notices, sanctions
from grants.services.letters import drafts
from grants.services.locks import lock_case
from grants.services.panels import interests
from grants.workflow import applications
from grants.workflow.applications import goes_by_township
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.chain import digest_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny, require
from miaoli_kaohsiung.lib.related import read_related

from . import confirmations
from .drafts import StaleError

# The entry that a filing's proof is made of (queries.audit.proofs): it has the hash of all that was filed.
KEEP = actions.register(FILING_KEPT, _l("留存送件內容"))


@dataclass(frozen=True)
class Filed:
    """A version, and whether this call made it; posting the same token again returns the first one."""

    version: ApplicationVersion
    new: bool


class NotReadyError(Refused):
    """What must be corrected before filing: gaps of the form, and findings of the law that block."""

    def __init__(self, gaps: list[completeness.Gap], findings: list[Finding]) -> None:
        super().__init__(_("還有 %(count)d 項要改好，才能送件。") % {"count": len(gaps) + len(findings)})
        self.gaps, self.findings = gaps, findings


def hand_to_chair(user: User, case: Application) -> Application:
    """Hand the finished draft to the chairperson, who is notified. Raises NotReadyError if something is missing."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = applications.move(lock_case(case), "hand_to_chair", user)
        judge_ready(row)
        clear_note(row)
        notify_chairs(row, _("請確認並送出申請案"), _("承辦人已經填好，請您看過後按「確認送件」。"))
        return row


def return_to_staff(user: User, case: Application, note: str) -> Application:
    """Send the case back from the chairperson to the staff with a note; it is a draft again."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = applications.move(lock_case(case), "return_to_staff", user, note=note)
        keep_note(user, row, note)
        return row


def notify_chairs(row: Application, subject: str, body: str) -> None:
    """Notify the chairpersons of what they are asked to confirm; every such notice names title and sum."""
    url = reverse("grants:application_review", args=[row.number])
    notices.about_case(row, _chairs(row), "chair", subject, body, url)


def keep_note(user: User, row: Application, note: str) -> None:
    """Keep the chairperson's note with the case until it is handed over again, and notify the other members."""
    row.chair_note = note
    row.save(update_fields=["chair_note"])
    staff = [person for person in notices.members(row) if person.pk != user.pk]
    subject = _("%(head)s請您修改") % {"head": row.organisation.head_word}
    notices.about_case(row, staff, "returned", subject, note, reverse("grants:application_edit", args=[row.number]))


def clear_note(row: Application) -> None:
    row.chair_note = ""
    row.save(update_fields=["chair_note"])


def take_back(user: User, case: Application) -> Application:
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        return applications.move(lock_case(case), "take_back", user)


def discard(user: User, case: Application) -> Application:
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        return applications.move(lock_case(case), "discard", user)


def withdraw(user: User, case: Application, reason: str) -> Application:
    """Take a filed case back before it is decided, and notify the offices that hold it."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = lock_case(case)
        before = row.status
        applications.move(row, "withdraw", user, reason=reason)
        _close_correction(row)
        # Withdrawn with nobody as the decider; the reason stands in the case's history.
        row.proposals.filter(decision=Proposal.Decision.OPEN).update(
            decision=Proposal.Decision.WITHDRAWN, decided_on=clock.today()
        )
        _draft_withdrawal(row, before)
        notices.about_case(row, _holders(row, before), "withdrawn", _("申請單位撤回申請案"), reason)
        return row


def _draft_withdrawal(row: Application, before: str) -> None:
    """Draft the county's letter that takes note of it; what the township still held gets none."""
    officer = next(iter(notices.officers(row)), None)
    if officer is not None and before != S.TOWNSHIP_REVIEW:
        drafts.prepare(officer, row, LetterKind.WITHDRAWAL, withdrawn_on=clock.today())


def file(user: User, case: Application, token: UUID, *, edition: int) -> Filed:
    """File the case, or file it again after a correction, by the chairperson. Keeps version and evaluation.

    The same token posted again, also in parallel, returns the version that it made. Raises Refused, StaleError when the
    page showed an older edition, and NotReadyError with everything that stands in the way.
    """
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = lock_case(case)
        newest = row.versions.last()
        if done := _filed_before(row, newest, user, token, edition):
            return Filed(done, new=False)
        if row.edition != edition:
            raise StaleError
        name = _move_name(row)
        permit = applications.permit(row, name, user)
        # The law counts an association's cases together, so they are judged and filed one after the other.
        Organisation.objects.select_for_update(no_key=True).get(pk=row.organisation_id)
        # Nobody else writes them while the case is locked.
        read_related(row, "lines", "justifications")
        read_related(row, "documents", joined=("file",))
        judged = judge_ready(row)
        returned, again = is_returned(judged), row.first_filed_on is not None
        if returned:
            applications.move(row, "bar", user, _filing_of(row), clause=judged.ruleset.cite("ban_misused"))
        else:
            permit.make(_filing_of(row))
        version = _keep_version(row, user, token, judged, newest)
        # Nothing is to be corrected of what was never filed.
        if again:
            _close_correction(row)
        if returned:
            _return(row)
            return Filed(version, new=True)
        interests.look([row], holders_of(Role.REVIEWER, county=row.county))
        subject = _("有申請案送到，請收件")
        notices.about_case(row, _holders(row, row.status), f"filed-{version.number}", subject, "")
        chair = stamps.signer_of(row) if at_counter(user, row) else user.display_name
        confirmations.filed(row, version=version.number, chair=chair)
        return Filed(version, new=True)


def may_file(user: User, case: Application) -> Answer:
    """Return whether this person may file the case now, by the workflow's table."""
    answer = applications.TABLE.answer(case, _move_name(case), user)
    return _confirmed_by_chair(case, user) if answer else answer


def _confirmed_by_chair(case: Application, user: User) -> Answer:
    """Allow the chairperson, and a clerk at the counter if the chairperson signed or gave a code for what the case says now."""
    if not at_counter(user, case):
        return is_chair(user, case)
    if stamps.is_signed(case):
        return ALLOW
    words = _("請印確認單給%(head)s簽名，再上傳簽名的掃描，或填%(head)s的確認碼；內容改過要重新確認。")
    return deny(words % {"head": case.organisation.head_word})


def _filed_before(
    row: Application, newest: ApplicationVersion | None, user: User, token: UUID, edition: int
) -> ApplicationVersion | None:
    """Return the version that this token made, or the newest one if the same page was posted twice under two tokens."""
    made = newest if newest is None or newest.token == token else row.versions.filter(token=token).first()
    if made is not None:
        if made.snapshot["edition"] != edition:
            raise StaleError
        return made
    require(_confirmed_by_chair(row, user))
    if newest is None or row.status not in JUST_FILED:
        return None
    return newest if newest.filed_by_id == user.pk and newest.snapshot["edition"] == edition else None


def _move_name(row: Application) -> str:
    if row.status == S.CORRECTION_REQUESTED:
        return "refile_to_township" if row.township_asks() else "refile"
    return "file_to_township" if goes_by_township(row) else "file"


def is_returned(judged: Judgement) -> bool:
    """Return whether the case is returned at once on filing, as the next case after a misuse decision (A29)."""
    return any(returns(found, judged.ruleset) for found in judged.evaluation.errors)


def standing_in_the_way(row: Application, judged: Judgement) -> list[Finding]:
    """Return what must be corrected first. An error that only returns the case cannot be corrected and does not block
    filing.
    """
    return [found for found in blocking(row, judged) if not returns(found, judged.ruleset)]


def returns(found: Finding, ruleset: RuleSet) -> bool:
    """Return whether this error returns the case: the bar of the one next application after misuse does; a bar of a
    year (A29), with a last day, only blocks.
    """
    return found.clause == ruleset.cite("ban_misused") and found.allowed is None


def _return(row: Application) -> None:
    """Return the case and use up the bar, so that the next case may be filed."""
    sanction = sanctions.consume(row)
    if sanction is None:
        # Another case was returned under this bar a moment ago, so nothing bars this one any more.
        raise Refused(_("停止申請剛剛已經期滿，請再按一次「確認送件」。"))
    params = {"number": sanction.number or _("（待發文）"), "clause": _barring(row)}
    body = _("依 %(number)s（%(clause)s），這一次不得申請，已經退回。再下一件就可以申請。") % params
    people = {person.pk: person for person in [*notices.members(row), *notices.officers(row)]}
    notices.about_case(row, people.values(), "barred", _("申請案退回"), body)


def _barring(row: Application) -> str:
    ruleset = load(row.scheme.ruleset)
    return label_of(ruleset.cite("ban_misused"), ruleset)


def judge_ready(row: Application) -> Judgement:
    """Return the law's judgement of the case as it stands. Raises NotReadyError if something must be corrected before
    filing.
    """
    judged = judge(row, stage=EvaluationStage.SUBMISSION)
    gaps, findings = completeness.gaps(row), standing_in_the_way(row, judged)
    if gaps or findings:
        raise NotReadyError(gaps, findings)
    return judged


def _filing_of(row: Application) -> dict[str, Any]:
    """Return what a filing writes into the case beside its status."""
    today = clock.today()
    columns: dict[str, Any] = {"filed_on": today, "correction_due_on": None, "chair_note": ""}
    if row.first_filed_on is None:
        terms = row.scheme.terms_on(today)
        columns |= {"first_filed_on": today, "filed_under": terms if terms.pk else None}
    return columns


def _keep_version(
    row: Application, user: User, token: UUID, judged: Judgement, newest: ApplicationVersion | None
) -> ApplicationVersion:
    store_evaluation(row, EvaluationStage.SUBMISSION, judged)
    version = ApplicationVersion.objects.create(
        application=row,
        number=newest.number + 1 if newest else 1,
        token=token,
        snapshot=snapshot(row),
        ruleset_sha256=judged.ruleset.sha256,
        filed_on=clock.today(),
        filed_at=clock.now(),
        filed_by=user,
    )
    trail.record(KEEP, version, after={"sha256": digest_of(version.snapshot)}, case=row.number)
    return version


def _close_correction(row: Application) -> None:
    drafts.drop_corrections(row)
    row.corrections.filter(answered_on__isnull=True).update(answered_on=clock.today())
    Deadline.objects.filter(application=row, kind=DeadlineKind.CORRECTION, done_on__isnull=True).update(
        done_on=clock.today()
    )


def _chairs(row: Application) -> list[User]:
    return holders_of(Role.MEMBER, organisation_id=row.organisation_id, office=Office.CHAIRPERSON)


def _holders(row: Application, status: str) -> list[User]:
    """Return who holds the case in this status: the township's officers, else the case's own officer, else the county's."""
    if status == S.TOWNSHIP_REVIEW:
        return holders_of(Role.TOWNSHIP_OFFICER, county=row.county, township_code=row.township_code)
    return notices.officers(row)
