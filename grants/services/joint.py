"""A case that an alliance files together: joined to it, divided by association, each of its vouchers with the association that spent."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import Alliance
from communities.queries import alliances
from grants.enums import EDITABLE
from grants.models import Application, Award, JointCase, JointShare, JointVoucher, Settlement
from grants.permissions import actor_for, holds, may_edit
from grants.queries import joint
from grants.services.locks import lock_case
from grants.services.settlements.locks import open_to_member
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.money import format_amount

JOIN = actions.register("joint.join", _l("以結盟申請"))
DIVIDE = actions.register("joint.divide", _l("登錄結盟的分攤"))
ALLOT = actions.register("joint.allot", _l("依協會分單據"))


def join(user: User, case: Application, alliance: Alliance) -> JointCase:
    """File the case for an alliance that the association leads and that is in force. Raises Refused."""
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = lock_case(case)
        require(may_edit(user, row))
        if not joint.is_joint(row):
            raise Refused(_("這個補助類別不是由結盟申請。"))
        if not alliances.in_force(row.organisation).filter(pk=alliance.pk).exists():
            raise Refused(_("請選貴會帶領、現在有效的結盟。"))
        made, new = JointCase.objects.get_or_create(
            application=row, defaults={"alliance": alliance, "joined_by": user, "joined_on": clock.today()}
        )
        if not new and made.alliance_id != alliance.pk:
            made.alliance = alliance
            made.save(update_fields=["alliance"])
            made.shares.all().delete()
        trail.record(JOIN, row, after={"alliance": alliance.name}, case=row.number)
        return made


def divide(user: User, case: Application, amounts: Mapping[int, int]) -> None:
    """Keep what each association is to have, by its key: of the request while it can be changed, else of the award, whose
    total the shares must then come to. Raises Refused.
    """
    with trail.unit_of_work(actor_for(user, case, Role.MEMBER)):
        row = lock_case(case)
        require(holds(user, row, Role.MEMBER))
        found = joint.of_case(row)
        if found is None:
            raise Refused(_("請先選是哪一個結盟。"))
        there = {member.organisation_id: member.organisation.name for member in joint.partners(found)}
        if row.status in EDITABLE:
            require(may_edit(user, row))
            _keep_requested(found, {key: amount for key, amount in amounts.items() if key in there})
        else:
            _keep_awarded(found, row, amounts)
        words = {there.get(key, str(key)): amount for key, amount in amounts.items()}
        trail.record(DIVIDE, row, after={"shares": words}, case=row.number)


def _keep_requested(found: JointCase, amounts: Mapping[int, int]) -> None:
    found.shares.exclude(organisation__in=amounts).delete()
    for key, amount in amounts.items():
        JointShare.objects.update_or_create(joint=found, organisation_id=key, defaults={"requested": amount})


def _keep_awarded(found: JointCase, case: Application, amounts: Mapping[int, int]) -> None:
    award = Award.objects.filter(application=case).first()
    if award is None:
        raise Refused(_("這一件現在不能改分攤；核定以後可以依核定金額重新分。"))
    if Settlement.objects.filter(award=award, submitted_on__isnull=False).exists():
        raise Refused(_("結報已經送出，分攤不能再改。"))
    shares = {share.organisation_id: share for share in found.shares.all()}
    total = sum(amounts.get(key, 0) for key in shares)
    if total != award.total:
        words = _("各協會的分攤合計%(total)s元，和核定的%(award)s元不同。")
        raise Refused(words % {"total": format_amount(total), "award": format_amount(award.total)})
    for key, share in shares.items():
        share.awarded = amounts.get(key, 0)
        share.save(update_fields=["awarded"])


def allot(user: User, settlement: Settlement, whose: Mapping[int, int | None]) -> int:
    """Keep which association spent what each voucher says, by the keys of both, None for one of nobody yet; return how
    many belong to somebody. Raises Refused.
    """
    case = settlement.award.application
    with open_to_member(user, settlement) as row:
        found = joint.of_case(case)
        if found is None:
            raise Refused(_("這一件不是由結盟申請。"))
        there = {share.organisation_id for share in found.shares.all()}
        known = set(row.voucher_rows.values_list("pk", flat=True))
        none = [key for key, body in whose.items() if key in known and body is None]
        JointVoucher.objects.filter(voucher__in=none).delete()
        kept = {key: body for key, body in whose.items() if key in known and body in there}
        for key, body in kept.items():
            JointVoucher.objects.update_or_create(voucher_id=key, defaults={"organisation_id": body})
        trail.record(ALLOT, row, after={"vouchers": {str(key): body for key, body in kept.items()}}, case=case.number)
        return len(kept)


def unallotted(settlement: Settlement) -> str:
    """Return what is to be done while vouchers of a joint case belong to no association; "" when nothing is."""
    case = settlement.award.application
    found = joint.of_case(case) if joint.is_joint(case) else None
    count = joint.table_of(found, case).undivided if found else 0
    return _("還有 %(count)d 張單據沒有分給協會，請按「依協會分單據」。") % {"count": count} if count else ""
