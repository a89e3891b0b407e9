"""The life of a 申請案. Public names are the labels of ApplicationStatus."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import OrganisationKind
from grants.enums import AT_THE_COUNTER, BEFORE_FILING, BEING_CHECKED, DECIDED_ON_MERITS, RulingStatus
from grants.enums import ApplicationStatus as S
from grants.models import Application, Document, Proposal, Sanction
from grants.permissions import at_counter, is_chair, taken_in
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .core import NOWHERE, Columns, Guard, Move, Permit, Screen, Table
from .reviews import (
    correction_open,
    correction_over,
    no_correction_open,
    not_proposed,
    other_than_proposer,
    own_proposal,
    proposed,
    reopening_confirmed,
)


def _by_chair(case: Application, user: User) -> Answer:
    return is_chair(user, case)


def _chair_confirms(case: Application, user: User) -> Answer:
    """Allow the chairperson, or a clerk at the counter with the sheet that the chairperson signed, or the code."""
    chair = is_chair(user, case)
    if chair or not at_counter(user, case):
        return chair
    if case.documents.filter(kind=Document.SIGNED).exists() or case.chair_codes.exclude(used_at=None).exists():
        return ALLOW
    words = _("請先印確認單給%(head)s簽名，再上傳簽名的掃描，或填%(head)s的確認碼；內容改過要重新確認。")
    return deny(words % {"head": case.organisation.head_word})


def goes_by_township(case: Application) -> bool:
    """Return whether the township's office sees the case first. Its own application (伍九) it does not review itself."""
    return case.terms.township_first and case.organisation.kind != OrganisationKind.TOWNSHIP_OFFICE


def _township_first(case: Application, user: User) -> Answer:
    return ALLOW if goes_by_township(case) else deny(_("這一件直接送縣府，不經公所初審。"))


def _straight_to_county(case: Application, user: User) -> Answer:
    return deny(_("這個方案要先送公所初審。")) if goes_by_township(case) else ALLOW


def _in_window(case: Application, user: User) -> Answer:
    return taken_in(case.scheme, clock.today())


def _offered(case: Application, user: User) -> Answer:
    if case.scheme.terms_on(clock.today()).offers(case.programme.code):
        return ALLOW
    return deny(_("「%(name)s」這一類現在沒有受理，請改填別的類別。") % {"name": case.programme.name})


def _asked_by_township(case: Application, user: User) -> Answer:
    return ALLOW if case.township_asks() else deny(_("這次補正是縣府要求的，請送回縣府。"))


def _asked_by_county(case: Application, user: User) -> Answer:
    return deny(_("這次補正是公所要求的，請送回公所。")) if case.township_asks() else ALLOW


def _barred(case: Application, user: User) -> Answer:
    found = Sanction.objects.filter(
        organisation=case.organisation_id,
        status=RulingStatus.CONFIRMED,
        next_application=True,
        consumed_by__isnull=True,
        notified_on__isnull=False,
    )
    return ALLOW if found.exists() else deny(_("這個單位沒有停止申請的處分。"))


def _row(
    name: str,
    label: str | Promise,
    sources: Iterable[str],
    target: str,
    roles: tuple[Role, ...],
    *guards: Guard,
    screen: Screen = NOWHERE,
) -> Move:
    return Move(name, label, frozenset(sources), target, roles, guards, screen)


MEMBER = (Role.MEMBER,)
TOWNSHIP = (Role.TOWNSHIP_OFFICER,)
OFFICER = (Role.CASE_OFFICER,)
APPROVER = (Role.APPROVER,)
AFTER_FILING = (S.TOWNSHIP_REVIEW, S.SUBMITTED, S.COMPLETENESS_CHECK, S.CORRECTION_REQUESTED, S.UNDER_REVIEW)

# Ways to the screen that several moves share.
TO_FILE = Screen(
    "grants:application_review",
    button=_l("看內容並送件"),
    queue="confirm",
    asks=_l("請您看過後確認送件"),
    waits=_l("等理事長登入確認送件"),
)
TO_CORRECT = Screen(
    "grants:application_edit",
    button=_l("開始補正"),
    queue="correct",
    asks=_l("請逐項補正，再由理事長送回"),
    waits=_l("等申請單位補正"),
    short=_l("請補正後送回"),
)
TO_DECIDE = Screen(
    "grants:case_decision",
    button=_l("看建議並決定"),
    queue="decide",
    asks=_l("縣府主管核定"),
    short=_l("縣府核定"),
)
TO_SEND_BACK = Screen("grants:case_decision")
TO_TAKE_BACK = Screen("grants:case_take_back", at_once=True, grave=True)

TABLE = Table(
    name="application",
    model=Application,
    statuses=S,
    case_of=lambda case: case,
    threads=lambda case: (f"application:{case.number}",),
    page="grants:application_detail",
    stamps=lambda case: {"status_since": clock.today()},
    moves=(
        _row(
            "hand_to_chair",
            _l("送請確認"),
            [S.DRAFT],
            S.AWAITING_CHAIR,
            MEMBER,
            screen=Screen(
                "grants:application_edit",
                button=_l("接著填寫"),
                queue="draft",
                asks=_l("接著填寫，填好後由理事長確認送件"),
            ),
        ),
        _row("take_back", _l("收回修改"), [S.AWAITING_CHAIR], S.DRAFT, MEMBER),
        _row("return_to_staff", _l("請承辦人修改"), [S.AWAITING_CHAIR], S.DRAFT, MEMBER, _by_chair),
        _row("discard", _l("作廢草稿"), BEFORE_FILING, S.WITHDRAWN, MEMBER),
        _row(
            "file",
            _l("確認送件"),
            BEFORE_FILING,
            S.SUBMITTED,
            MEMBER,
            _chair_confirms,
            _straight_to_county,
            _in_window,
            _offered,
            screen=TO_FILE,
        ),
        _row(
            "file_to_township",
            _l("確認送件"),
            BEFORE_FILING,
            S.TOWNSHIP_REVIEW,
            MEMBER,
            _chair_confirms,
            _township_first,
            _in_window,
            _offered,
            screen=TO_FILE,
        ),
        # 柒三: the next application after a misuse decision is returned at once (grants.services.applications.filing).
        _row("bar", _l("不得申請，退回"), BEFORE_FILING, S.NOT_ACCEPTED, MEMBER, _chair_confirms, _barred),
        _row(
            "forward",
            _l("層轉縣府"),
            [S.TOWNSHIP_REVIEW],
            S.SUBMITTED,
            TOWNSHIP,
            screen=Screen(
                "grants:case_forward",
                button=_l("開始初審"),
                queue="first_review",
                asks=_l("公所初審後層轉縣府"),
                short=_l("公所初審"),
            ),
        ),
        _row(
            "ask_correction_by_township",
            _l("請協會補正"),
            [S.TOWNSHIP_REVIEW],
            S.CORRECTION_REQUESTED,
            TOWNSHIP,
            screen=Screen("grants:case_correction"),
        ),
        _row(
            "receive",
            _l("收件"),
            [S.SUBMITTED],
            S.COMPLETENESS_CHECK,
            OFFICER,
            screen=Screen(
                "grants:case_receive",
                at_once=True,
                button=_l("看案件並收件"),
                queue="receive",
                asks=_l("縣府承辦人收件"),
                short=_l("縣府收件"),
            ),
        ),
        _row(
            "complete",
            _l("檢核完成，進入審查"),
            [S.COMPLETENESS_CHECK],
            S.UNDER_REVIEW,
            OFFICER,
            screen=Screen(
                "grants:case_check",
                button=_l("開始檢核"),
                queue="check",
                asks=_l("縣府承辦人檢查文件是否齊全"),
                short=_l("縣府檢查文件"),
            ),
        ),
        _row(
            "propose",
            _l("提出核定建議"),
            [S.UNDER_REVIEW],
            S.PROPOSED,
            OFFICER,
            screen=Screen(
                "grants:case_proposal", queue="propose", asks=_l("縣府審查，並提出核定建議"), short=_l("縣府審查")
            ),
        ),
        _row(
            "ask_correction",
            _l("請協會補正"),
            BEING_CHECKED,
            S.CORRECTION_REQUESTED,
            OFFICER,
            screen=Screen("grants:case_correction"),
        ),
        _row(
            "refile",
            _l("補正後送回縣府"),
            [S.CORRECTION_REQUESTED],
            S.COMPLETENESS_CHECK,
            MEMBER,
            _chair_confirms,
            _asked_by_county,
            screen=TO_CORRECT,
        ),
        _row(
            "refile_to_township",
            _l("補正後送回公所"),
            [S.CORRECTION_REQUESTED],
            S.TOWNSHIP_REVIEW,
            MEMBER,
            _chair_confirms,
            _asked_by_township,
            screen=TO_CORRECT,
        ),
        _row(
            "propose_refusal",
            _l("建議不予受理"),
            [*AT_THE_COUNTER, S.CORRECTION_REQUESTED],
            S.PROPOSED,
            OFFICER,
            correction_over,
            screen=Screen("grants:case_refusal", grave=True),
        ),
        _row(
            "approve",
            _l("核定"),
            [S.PROPOSED],
            S.APPROVED,
            APPROVER,
            other_than_proposer,
            proposed(Proposal.Outcome.APPROVE),
            screen=TO_DECIDE,
        ),
        _row("reject", _l("不予補助"), [S.PROPOSED], S.REJECTED, APPROVER, other_than_proposer, screen=TO_DECIDE),
        _row(
            "not_accept",
            _l("不予受理"),
            [S.PROPOSED],
            S.NOT_ACCEPTED,
            APPROVER,
            other_than_proposer,
            proposed(Proposal.Outcome.NOT_ACCEPT),
            screen=TO_DECIDE,
        ),
        _row(
            "send_back",
            _l("退回重擬"),
            [S.PROPOSED],
            S.UNDER_REVIEW,
            APPROVER,
            not_proposed(Proposal.Outcome.NOT_ACCEPT),
            screen=TO_SEND_BACK,
        ),
        _row(
            "send_back_to_check",
            _l("退回檢核"),
            [S.PROPOSED],
            S.COMPLETENESS_CHECK,
            APPROVER,
            proposed(Proposal.Outcome.NOT_ACCEPT),
            no_correction_open,
            screen=TO_SEND_BACK,
        ),
        _row(
            "send_back_to_correction",
            _l("退回，再等補正"),
            [S.PROPOSED],
            S.CORRECTION_REQUESTED,
            APPROVER,
            proposed(Proposal.Outcome.NOT_ACCEPT),
            correction_open,
            screen=TO_SEND_BACK,
        ),
        _row(
            "reopen",
            _l("重新審查"),
            DECIDED_ON_MERITS,
            S.UNDER_REVIEW,
            APPROVER,
            reopening_confirmed,
        ),
        _row("reopen_to_check", _l("重新審查"), [S.NOT_ACCEPTED], S.COMPLETENESS_CHECK, APPROVER, reopening_confirmed),
        _row(
            "take_back_proposal",
            _l("收回建議"),
            [S.PROPOSED],
            S.UNDER_REVIEW,
            OFFICER,
            own_proposal,
            not_proposed(Proposal.Outcome.NOT_ACCEPT),
            screen=TO_TAKE_BACK,
        ),
        _row(
            "take_back_to_check",
            _l("收回建議"),
            [S.PROPOSED],
            S.COMPLETENESS_CHECK,
            OFFICER,
            own_proposal,
            proposed(Proposal.Outcome.NOT_ACCEPT),
            no_correction_open,
            screen=TO_TAKE_BACK,
        ),
        _row(
            "take_back_to_correction",
            _l("收回建議"),
            [S.PROPOSED],
            S.CORRECTION_REQUESTED,
            OFFICER,
            own_proposal,
            proposed(Proposal.Outcome.NOT_ACCEPT),
            correction_open,
            screen=TO_TAKE_BACK,
        ),
        _row("withdraw", _l("撤回申請"), [*AFTER_FILING, S.PROPOSED], S.WITHDRAWN, MEMBER, _by_chair),
    ),
)


def permit(case: Application, name: str, user: User) -> Permit[Application]:
    return core.permit(TABLE, case, name, user)


def move(case: Application, name: str, user: User | None, columns: Columns = None, **noted: object) -> Application:
    return core.move(TABLE, case, name, user, columns, **noted)
