"""The life of an award. Completion and closing come from the settlement; revocation is a decision of its own, and so is
the consent to give a plan up.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.enums import AwardStatus as S
from grants.enums import ConditionStage, RulingStatus, SanctionEvent
from grants.models import Award, Sanction
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .core import Columns, Guard, Move, Screen, Table


def _confirmed(event: str) -> Guard:
    """Return a guard: only a decision of 柒三 that two people have made ends an award in this way."""

    def guard(award: Award, user: User) -> Answer:
        found = Sanction.objects.filter(award=award, event=event, status=RulingStatus.CONFIRMED).exists()
        return ALLOW if found else deny(_("要先有兩位同仁登錄和確認的處分。"))

    return guard


def conditions_met(award: Award, stage: ConditionStage) -> Answer:
    """Refuse while a condition of the award that is checked at the stage is not noted as fulfilled."""
    waiting = award.conditions.filter(stage=stage, met_on__isnull=True).first()
    return deny(_("附款條件還沒有查核：%(text)s") % {"text": waiting.text}) if waiting else ALLOW


def _threads(award: Award) -> tuple[str, ...]:
    """Return the threads that end: on closing the money to come back, while the settlement's result stays to be read;
    on any other end the settlement.
    """
    more = "return" if award.status == S.CLOSED else "settlement"
    return f"award:{award.number}", f"{more}:{award.number}"


# Ended by a decision that may be lifted again.
DECIDED_AWAY = frozenset([S.NOT_EXECUTED, S.REVOKED])

TABLE = Table(
    name="award",
    model=Award,
    statuses=S,
    case_of=lambda award: award.application,
    threads=_threads,
    page="grants:award_detail",
    moves=(
        Move(
            "complete",
            gettext_lazy("登記執行完畢"),
            frozenset([S.ACTIVE]),
            S.COMPLETED,
            (Role.MEMBER,),
            screen=Screen(
                "grants:settlement_detail",
                form="completion",
                button=gettext_lazy("辦理結報"),
                queue="settle",
                asks=gettext_lazy("請登記計畫實際完成的日期"),
                waits=gettext_lazy("等申請單位登記執行完畢"),
            ),
        ),
        Move("close", gettext_lazy("結案"), frozenset([S.COMPLETED]), S.CLOSED, ()),
        # A case that is decided anew: its award waits, and goes on or ends with the new decision.
        Move("halt", gettext_lazy("重新審查"), frozenset([S.ACTIVE, S.COMPLETED]), S.REOPENED, ()),
        Move("decide_anew", gettext_lazy("重新核定"), frozenset([S.REOPENED]), S.ACTIVE, ()),
        Move("decide_completed", gettext_lazy("重新核定"), frozenset([S.REOPENED]), S.COMPLETED, ()),
        Move("end_anew", gettext_lazy("重新決定不予補助"), frozenset([S.REOPENED]), S.REVOKED, ()),
        Move("halt_again", gettext_lazy("重新審查"), frozenset([S.REVOKED, S.GIVEN_UP]), S.REOPENED, ()),
        Move("reopen", gettext_lazy("支用不當，待繳回"), frozenset([S.CLOSED]), S.COMPLETED, ()),
        Move("settle_again", gettext_lazy("核銷撤銷，重新結報"), frozenset([S.CLOSED]), S.COMPLETED, ()),
        Move("open_again", gettext_lazy("款項更正，尚未結清"), frozenset([S.CLOSED]), S.COMPLETED, ()),
        Move(
            "not_execute",
            gettext_lazy("登記未執行"),
            frozenset([S.ACTIVE, S.COMPLETED]),
            S.NOT_EXECUTED,
            CASE_HANDLERS,
            (_confirmed(SanctionEvent.NOT_EXECUTED),),
        ),
        Move("reinstate", gettext_lazy("處分撤銷，回復執行"), DECIDED_AWAY, S.ACTIVE, ()),
        Move("reinstate_completed", gettext_lazy("處分撤銷，回復結報"), DECIDED_AWAY, S.COMPLETED, ()),
        Move("give_up", gettext_lazy("同意放棄"), frozenset([S.ACTIVE]), S.GIVEN_UP, ()),
        Move(
            "revoke",
            gettext_lazy("廢止"),
            frozenset([S.ACTIVE, S.COMPLETED, S.CLOSED]),
            S.REVOKED,
            CASE_HANDLERS,
            (_confirmed(SanctionEvent.REVOKED),),
        ),
    ),
)


def move(award: Award, name: str, user: User | None, columns: Columns = None, **noted: object) -> Award:
    return core.move(TABLE, award, name, user, columns, **noted)
