"""An association asks for a change after the approval: its staff writes it, its chairperson sends it, it may be taken
back until it is decided. Nothing of the award changes here.
"""

from collections.abc import Sequence

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import Office
from grants.enums import RUNNING, UNDECIDED, WITH_THE_ASSOCIATION, AmendedPart, AmendmentStatus, AwardStatus
from grants.models import Amendment, AmendmentItem, Award
from grants.permissions import actor_for, at_counter, holds, is_chair
from grants.rules.amendments import beyond
from grants.rules.catalogue import items_for
from grants.services import notices
from grants.services.applications.budget_lines import MAX_LINES, TooManyLinesError
from grants.services.locks import lock_award
from grants.services.settlements.due import due_on
from grants.workflow import amendments
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_all

from .comparing import NotAllowedError, compare, total_after
from .items import Item, item_of
from .locking import locked
from .papers import NewPaper, kept

ASK = actions.register("amendment.ask", _l("提出計畫變更"))
# What may still be asked for once the project is carried out: what the settlement needs.
AFTER_COMPLETION = (AmendedPart.LINE, AmendedPart.NEW_LINE, AmendedPart.CONTACT, AmendedPart.SETTLEMENT)


def ask(
    user: User,
    award: Award,
    items: Sequence[Item],
    *,
    reason: str,
    signed: "Upload | None" = None,
    papers: Sequence[NewPaper] = (),
) -> Amendment:
    """Keep what is asked for; by the chairperson (or at the counter with the signed sheet) it goes to the county at once.

    The same posted twice is one. Raises Refused, NotAllowedError where the law forbids the award with these changes.
    """
    with trail.unit_of_work(actor_for(user, award.application, Role.MEMBER)):
        row = lock_award(award)
        require(holds(user, row.application, Role.MEMBER))
        if same := _posted_before(user, row, items):
            return same
        refuse_unfit(row, items)
        if wrong := compare(row, items, stage="submission").errors:
            raise NotAllowedError(wrong)
        made = _kept(user, row, items, reason)
        for paper in papers:
            kept(user, made, paper)
        if signed is not None:
            made.signed = store(signed, actor=trail.current_actor(), purpose="amendment_signature")
            made.save(update_fields=["signed"])
        if is_chair(user, row.application) or at_counter(user, row.application):
            return _sent(user, made)
        words = _("承辦人已經填好計畫變更，請您看過後確認送出。")
        notices.about_part(made, _chairs(row), "chair", _("請確認計畫變更"), words)
        return made


def confirm(user: User, amendment: Amendment) -> Amendment:
    """Send the change to the county, by the chairperson. Pressed twice, the second call changes nothing."""
    with trail.unit_of_work(actor_for(user, amendment.award.application, Role.MEMBER)):
        row = locked(amendment)
        if row.status == AmendmentStatus.SUBMITTED and row.confirmed_by_id == user.pk:
            return row
        return _sent(user, row)


def withdraw(user: User, amendment: Amendment) -> Amendment:
    """Take the request back, until it is decided."""
    with trail.unit_of_work(actor_for(user, amendment.award.application, Role.MEMBER)):
        row = locked(amendment)
        waits = row.status != AmendmentStatus.AWAITING_CHAIR
        amendments.move(row, "withdraw", user)
        if waits:
            case = row.award.application
            notices.about_part(row, notices.officers(case), "withdrawn", _("申請單位撤回計畫變更"))
        return row


def drop_undecided(award: Award) -> None:
    """End the requests of an award that is over, inside the caller's unit of work."""
    for row in lock_all(award.amendments.filter(status__in=UNDECIDED)):
        row.award = award
        amendments.move(row, "drop", None)


def may_ask(award: Award) -> str:
    """Return why nothing can be asked for now, "" if something can."""
    settlement = getattr(award, "settlement", None)
    if award.notified_on is None:
        return _("核定函還沒有發文，收到核定函以後才能提變更。")
    if award.status not in RUNNING:
        return _("這一案目前是「%(status)s」，不能再變更。") % {"status": award.get_status_display()}
    if settlement is not None and settlement.status not in WITH_THE_ASSOCIATION:
        return _("結報已經送出。要變更，請先請縣府承辦人退回結報補正。")
    if award.amendments.filter(status__in=UNDECIDED).exists():
        return _("已經有一件計畫變更還沒有決定，請等縣府決定，或先撤回那一件。")
    return ""


def refuse_unfit(award: Award, items: Sequence[Item], *, undecided: bool = False) -> None:
    """Refuse what can never be approved. `undecided` is for the decision on a request that is itself the waiting one."""
    if not undecided and (reason := may_ask(award)):
        raise Refused(reason)
    if not items:
        raise Refused(_("沒有要變更的內容，請先改其中一項。"))
    parts = {item.part for item in items}
    if award.status == AwardStatus.COMPLETED and not parts <= set(AFTER_COMPLETION):
        raise Refused(_("計畫已登記執行完畢，只能再變更經費項目、聯絡人，或展延結報。"))
    if AmendedPart.GIVE_UP in parts and len(items) > 1:
        raise Refused(_("放棄計畫不能和別的變更一起提出。"))
    if sentence := beyond(award.total, total_after(award, items)):
        raise Refused(sentence)
    if total_after(award, items) == 0:
        raise Refused(_("所有項目都改成 0 元，請改用「放棄計畫」。"))
    _refuse_new_lines(award, items)
    for item in items:
        _refuse_days(award, item)


def _refuse_new_lines(award: Award, items: Sequence[Item]) -> None:
    """Refuse lines of an item that the scheme does not pay for, lines without an amount, and more than a budget has."""
    new = [item for item in items if item.part == AmendedPart.NEW_LINE]
    offered = {one.code for _title, group in items_for(award.application.programme.code) for one in group}
    for item in new:
        if item.after["item"] not in offered:
            raise Refused(_("這個補助方案沒有這個經費項目，請從清單選。"))
        if not item.after["approved"]:
            raise Refused(_("新增的項目要填金額。"))
    if new and award.lines.count() + len(new) > MAX_LINES:
        raise TooManyLinesError


def _refuse_days(award: Award, item: Item) -> None:
    today = clock.today()
    if item.part == AmendedPart.PERIOD:
        starts_on, ends_on = item.day("starts_on"), item.day("ends_on")
        if starts_on > ends_on:
            raise Refused(_("開始日期不能晚於結束日期。"))
        if starts_on != award.starts_on and award.starts_on <= today:
            raise Refused(_("計畫已經開始，開始日期不能再改。"))
        if ends_on != award.ends_on and ends_on < today:
            raise Refused(_("新的結束日期不能早於今天。"))
    if item.part == AmendedPart.SETTLEMENT and item.day("due_on") <= max(due_on(award), today):
        raise Refused(_("展延後的結報期限要晚於現在的期限和今天。"))


def _posted_before(user: User, award: Award, items: Sequence[Item]) -> Amendment | None:
    row = award.amendments.filter(status__in=UNDECIDED, asked_by=user).first()
    return row if row is not None and [item_of(one) for one in row.items.all()] == list(items) else None


def _kept(user: User, award: Award, items: Sequence[Item], reason: str) -> Amendment:
    last = award.amendments.aggregate(last=Max("number"))["last"] or 0
    made = Amendment.objects.create(
        award=award,
        number=last + 1,
        county=award.county,
        status=AmendmentStatus.AWAITING_CHAIR,
        reason=reason,
        of_version=award.version,
        asked_by=user,
        asked_on=clock.today(),
    )
    AmendmentItem.objects.bulk_create(
        AmendmentItem(
            amendment=made,
            position=position,
            part=item.part,
            line_id=item.line_id,
            before=dict(item.before),
            after=dict(item.after),
        )
        for position, item in enumerate(items, 1)
    )
    after = {"reason": reason, "parts": "、".join(str(AmendedPart(item.part).label) for item in items)}
    trail.record(ASK, made, after=after, case=award.number)
    return lock(Amendment.objects.select_related("award__application"), pk=made.pk)


def _sent(user: User, row: Amendment) -> Amendment:
    amendments.move(row, "confirm", user, {"confirmed_by": user, "confirmed_on": clock.today()})
    notices.about_part(row, notices.officers(row.award.application), "submitted", _("收到計畫變更，請審核"), row.reason)
    return row


def _chairs(award: Award) -> list[User]:
    return holders_of(Role.MEMBER, organisation_id=award.application.organisation_id, office=Office.CHAIRPERSON)
