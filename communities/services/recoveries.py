"""A lost password of somebody without e-mail: a clerk who saw the person asks, another person confirms, and a new code is
printed. Nobody does any of it for themselves, and no account that acts for an authority is opened in this way.
"""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities import permissions
from communities.models import OfficeTerm, Organisation
from communities.services import entry_letters
from miaoli_kaohsiung.accounts.addresses import acts_for_authority
from miaoli_kaohsiung.accounts.audiences import CLERKS, RECOVERY_CONFIRMERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import EntryCode, User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.accounts.sign_ins import tell_owner
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.kinds import Kind, Row
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import Proposal, propose
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, deny, require
from miaoli_kaohsiung.notices.services import notify

# How long the letter may be printed after the second person confirmed.
DAYS_TO_PRINT = 14


def ask(user: User, term: OfficeTerm, how: str, reason: str = "") -> Change:
    """Propose a new password for an office holder; `how` says in words how the clerk knew the person. Raises Refused."""
    require(permissions.may_ask_recovery(user, term.organisation))
    if term.user is None:
        raise Refused(_("這位人員還沒有帳號，請寄邀請信或印開通信。"))
    _require_open(user, term.user)
    who = f"{term.organisation.name}　{term.get_office_display()}　{term.person_name}"
    proposal = Proposal(
        county=term.organisation.county,
        subject=str(term.user.pk),
        title=_("重設密碼：%(who)s") % {"who": who},
        data={
            "user": term.user.pk,
            "organisation": term.organisation_id,
            "login": term.user.username,
            "who": who,
            "how": how,
        },
        reason=reason,
    )
    change = propose(user, RECOVERY, proposal)
    tell_owner(term.user, "recovery-asked", _("有人替您申請重設密碼"), who, term.user.email)
    return change


def letter(user: User, change: Change) -> bytes:
    """Return the letter with the new code, for one of the two who agreed on it. Raises Refused, and lib.pdf's errors.

    Another print makes the earlier code void; after the code was used, a new request is needed.
    """
    if change.status != ChangeStatus.CONFIRMED or user.pk not in (change.proposed_by_id, change.decided_by_id):
        require(deny(_("另一位同仁確認以後，由提出或確認的人印開通碼。")))
    last = (change.decided_on or dt.date.min) + dt.timedelta(days=DAYS_TO_PRINT)
    if last < clock.today() or EntryCode.objects.filter(change_id=change.pk, used_at__isnull=False).exists():
        raise Refused(
            _("這一件的開通碼已經用過，或確認後超過%(days)d天。要再重設，請重新提出。") % {"days": DAYS_TO_PRINT}
        )
    owner = User.objects.get(pk=change.data["user"])
    _require_open(user, owner)
    body = Organisation.objects.get(pk=change.data["organisation"])
    return entry_letters.recovery_letter(actor(user), owner, body, change.pk)


def _apply(change: Change, by: Actor) -> None:
    owner = User.objects.get(pk=change.data["user"])
    _require_open(by.user, owner)
    subject = _("%(who)s：兩位承辦人員同意重設密碼") % {"who": owner}
    for person in holders_of(Role.MEMBER, organisation_id=change.data["organisation"]):
        if person != owner:
            notify(person, "recovery.agreed", f"change:{change.pk}", clock.today(), subject, "")
    tell_owner(owner, "recovery-agreed", _("重設您密碼的申請已經確認"), change.title, owner.email)


def _require_open(user: User, owner: User) -> None:
    if owner.pk == user.pk:
        raise Refused(_("不能重設自己的密碼，請另一位同仁辦理。"))
    if not owner.is_active:
        raise Refused(_("這個帳號已經停用，請先請系統管理員恢復。"))
    if acts_for_authority(owner):
        raise Refused(_("這個人有公務職務，請用電子信箱重設密碼；信箱不能用時，請找系統管理員。"))


def _rows(change: Change) -> list[Row]:
    data = change.data
    return [
        Row(_("帳號"), data["who"], data["who"]),
        Row(_("登入帳號"), data["login"], data["login"]),
        Row(_("怎麼確認是本人"), "", data["how"]),
        Row(_("密碼"), _("原來的密碼"), _("用開通碼重新設定；兩步驟驗證一併清除")),
    ]


RECOVERY = kinds.register(
    Kind(
        name="account.recovery",
        label=_l("重設密碼"),
        proposers=CLERKS,
        confirmers=RECOVERY_CONFIRMERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("communities:organisation", args=[change.data["organisation"]]),
        preview="communities/_recovery_letter.html",
        reach=lambda post: Q(pk__in=[]),
    )
)
