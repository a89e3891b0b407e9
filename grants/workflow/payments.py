"""The life of an instalment: receipt in, approved by an officer who did not record it, paid by a third person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import ConditionStage, InstalmentCondition
from grants.enums import InstalmentStatus as S
from grants.models import Duty, Instalment, Settlement
from grants.permissions import not_the_same
from grants.rules import tasks
from grants.rules.ruleset import load
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, CASE_HANDLERS, COUNTY_STAFF
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .awards import conditions_met
from .core import Columns, Move, Permit, Screen, Table
from .treasury import not_on_a_draft, not_with_the_treasury, with_the_treasury

CARER_TRAINING = "carer_training"


def _other_than_asker(instalment: Instalment, user: User) -> Answer:
    return not_the_same(user, instalment.requested_by_id, _("登錄領據的人不能自己核付，請由另一位同仁或主管核付。"))


def _other_than_approver(instalment: Instalment, user: User) -> Answer:
    return not_the_same(user, instalment.approved_by_id, _("核付的人不能自己撥款，請由另一位出納辦理。"))


def _other_than_who_approved(instalment: Instalment, user: User) -> Answer:
    """Refuse to let one person alone approve a payment and take it back."""
    reason = _("核付的人不能自己退回核付，請出納，或另一位承辦人、主管退回。")
    return not_the_same(user, instalment.approved_by_id, reason)


def _other_than_recorder(instalment: Instalment, user: User) -> Answer:
    return not_the_same(user, instalment.requested_by_id, _("登錄領據的人不能自己撥款，請由另一位出納辦理。"))


def _other_than_deciders(instalment: Instalment, user: User) -> Answer:
    """Refuse to let the person who proposed or decided the award pay it, whatever posts they hold."""
    award, reason = instalment.award, _("提案或核定這一案的人不能自己撥款，請由另一位出納辦理。")
    return not_the_same(user, award.proposed_by_id, reason) and not_the_same(user, award.approved_by_id, reason)


def _other_than_checker(instalment: Instalment, user: User) -> Answer:
    """Refuse to let the person who checked the settlement's vouchers pay what follows from it."""
    checked = Settlement.objects.filter(award=instalment.award_id, sums_checked_by=user).exists()
    return deny(_("您核過這一案的結報憑證，不能再撥款，請由另一位出納辦理。")) if checked else ALLOW


def _account_as_approved(instalment: Instalment, user: User) -> Answer:
    """Refuse to pay if the account was changed since the approval, until somebody has checked it again. What is with the
    treasury goes to the account on its paper, so that what was paid there can be recorded.
    """
    reason = _("核付以後帳戶改過，不能撥款。請退回核付，由承辦人重新核對領據和帳戶。")
    if _same_account(instalment):
        return ALLOW
    place = with_the_treasury(instalment)
    return ALLOW if place is not None and place.account == instalment.kept_account else deny(reason)


def _account_as_received(instalment: Instalment, user: User) -> Answer:
    """Refuse if the receipt was sealed with another account: the association prints it again."""
    reason = _("領據送出以後帳戶改過，和蓋章的領據不同。請退回領據，請單位用新帳戶重印。")
    return ALLOW if _same_account(instalment) else deny(reason)


def _same_account(instalment: Instalment) -> bool:
    return instalment.kept_account == instalment.registered_account


def _carers_trained(instalment: Instalment, user: User) -> Answer:
    """Refuse the first payment without a record that those who look after children are trained (參、五、1)."""
    case = instalment.award.application
    asked = any(kind.key == CARER_TRAINING for kind in tasks.kinds_for(case.programme.code))
    clauses = tasks.clauses_of(load(case.scheme.ruleset), CARER_TRAINING) if asked else ()
    if not clauses:
        return ALLOW
    done = Duty.objects.filter(award=instalment.award_id, key=CARER_TRAINING, done_on__isnull=False).exists()
    message = _("照顧者訓練紀錄還沒有登錄（%(label)s，%(clause)s）。請申請單位先在「應辦事項」登錄，才能核付。")
    return ALLOW if done else deny(message % {"label": clauses[0].label, "clause": clauses[0].id})


def _conditions_met(instalment: Instalment, user: User) -> Answer:
    """Refuse to approve a receipt while a condition is open that the letter asks for before it."""
    return conditions_met(instalment.award, ConditionStage.RECEIPT)


def letter_issued(instalment: Instalment) -> Answer:
    """Refuse while the letter that tells of the money is only a draft: the approval, a change of it, the account."""
    award = instalment.award
    if award.notified_on is None:
        return deny(_("核定函還沒有發文，發文後才能請款和撥款。"))
    if award.awaits_letter:
        return deny(_("計畫變更函還沒有發文，發文後才能照新的金額請款和撥款。"))
    if instalment.condition != InstalmentCondition.SETTLEMENT:
        return ALLOW
    settlement = getattr(award, "settlement", None)
    notified = settlement is not None and settlement.notified_on is not None
    return ALLOW if notified else deny(_("核銷結果的函還沒有發文，發文後才能請款和撥款。"))


def _letter_issued(instalment: Instalment, user: User) -> Answer:
    return letter_issued(instalment)


# What must hold before an instalment is paid, singly or on a batch that goes to the treasury.
BEFORE_PAYING = (
    _letter_issued,
    _other_than_approver,
    _other_than_recorder,
    _other_than_deciders,
    _other_than_checker,
    _account_as_approved,
)

TABLE = Table(
    name="instalment",
    model=Instalment,
    statuses=S,
    case_of=lambda instalment: instalment.award.application,
    threads=lambda instalment: (f"instalment:{instalment.award.number}:{instalment.number}",),
    page="grants:award_detail",
    moves=(
        Move("release", _l("結報已核，可以請款"), frozenset([S.SCHEDULED]), S.AWAITING_RECEIPT, ()),
        Move(
            "request",
            _l("送出領據請款"),
            frozenset([S.AWAITING_RECEIPT]),
            S.REQUESTED,
            ASSOCIATION_OR_OFFICER,
            (_letter_issued,),
            Screen(
                "grants:instalment_request",
                button=_l("送領據請款"),
                queue="receipt",
                asks=_l("請送第 %(n)d 期款 %(amount)s 元的領據"),
                waits=_l("等申請單位送第 %(n)d 期款的領據"),
                short=_l("請送領據"),
            ),
        ),
        Move(
            "approve",
            _l("核付"),
            frozenset([S.REQUESTED]),
            S.APPROVED,
            CASE_HANDLERS,
            (_letter_issued, _other_than_asker, _conditions_met, _carers_trained, _account_as_received),
            Screen(
                "grants:instalment_approve",
                queue="payment",
                asks=_l("第 %(n)d 期款 %(amount)s 元的領據已到，請核付"),
                waits=_l("第 %(n)d 期款的領據已送出，等縣府核付"),
                short=_l("縣府核對領據"),
            ),
        ),
        Move(
            "return_receipt",
            _l("退回領據"),
            frozenset([S.REQUESTED]),
            S.AWAITING_RECEIPT,
            (Role.CASE_OFFICER,),
            screen=Screen("grants:instalment_return", grave=True),
        ),
        Move(
            "pay",
            _l("登記撥付"),
            frozenset([S.APPROVED]),
            S.PAID,
            (Role.FINANCE_OFFICER,),
            (*BEFORE_PAYING, not_on_a_draft),
            Screen(
                "grants:instalment_pay",
                queue="pay",
                asks=_l("第 %(n)d 期款 %(amount)s 元已核付，請撥款"),
                waits=_l("第 %(n)d 期款已核付，等出納撥款"),
                short=_l("縣府撥款"),
            ),
        ),
        Move(
            "withdraw_approval",
            _l("退回核付"),
            frozenset([S.APPROVED]),
            S.REQUESTED,
            COUNTY_STAFF,
            (_other_than_who_approved, not_with_the_treasury),
            Screen("grants:instalment_withdraw", grave=True),
        ),
        # What two people have found of a payment that was recorded (services.payments.corrections).
        Move("bounce", _l("退匯，請單位確認帳戶"), frozenset([S.PAID]), S.AWAITING_RECEIPT, ()),
        Move("pay_again", _l("退匯，重新核付"), frozenset([S.PAID]), S.REQUESTED, ()),
        Move("not_paid", _l("誤登撥付，更正"), frozenset([S.PAID]), S.APPROVED, ()),
        Move("end_unpaid", _l("退匯或誤登，不再撥付"), frozenset([S.PAID]), S.CANCELLED, ()),
        # The acceptance of the account was taken back (services.settlements.reversing).
        Move(
            "take_back",
            _l("核銷撤銷，收回這一期"),
            frozenset([S.AWAITING_RECEIPT, S.REQUESTED, S.APPROVED]),
            S.SCHEDULED,
            (),
        ),
        Move("restore", _l("處分或核銷撤銷，回復期款"), frozenset([S.CANCELLED]), S.SCHEDULED, ()),
        Move("cancel", _l("取消"), frozenset([S.SCHEDULED, S.AWAITING_RECEIPT]), S.CANCELLED, ()),
    ),
)


def ready_for_treasury(instalment: Instalment, user: User) -> Answer:
    """Return whether an instalment that stands on a batch may go to the treasury by this person's hand."""
    if instalment.status != S.APPROVED:
        return deny(_("已不是「已核付」。"))
    return next((no for guard in BEFORE_PAYING if not (no := guard(instalment, user))), ALLOW)


def permit(instalment: Instalment, name: str, user: User) -> Permit[Instalment]:
    return core.permit(TABLE, instalment, name, user)


def move(instalment: Instalment, name: str, user: User | None, columns: Columns = None, **noted: object) -> Instalment:
    return core.move(TABLE, instalment, name, user, columns, **noted)
