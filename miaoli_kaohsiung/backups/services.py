"""What is recorded about backups, so that a page and an alarm can say when the last one was made and tried."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.models import AuditEntry, AuditHead
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close, notify

MADE = actions.register("backup.made", _l("備份完成"))
TRIED = actions.register("backup.tried", _l("試還原備份"))
# A nightly backup that began later than the day before, and a weekly try.
MADE_WITHIN, TRIED_WITHIN = dt.timedelta(hours=26), dt.timedelta(days=8)
ALARM = "backup.overdue"


def record(action: str, **facts: Any) -> None:
    """Write it into the trail. A portal without any entry yet has nothing that an entry could be about."""
    if (head := AuditHead.objects.first()) is not None:
        with trail.unit_of_work(Actor.system("備份")):
            trail.record(action, head, after=facts)


def overdue() -> list[str]:
    """Return what is wrong with the backups, a sentence each: none made since yesterday, none tried for a week, or the
    last try found something.
    """
    made, tried = _last(MADE), _last(TRIED)
    found = []
    if made is None or clock.now() - made.at > MADE_WITHIN:
        found.append(_("超過一天沒有完成備份，最近一次：%(when)s。") % {"when": _when(made)})
    if tried is None or clock.now() - tried.at > TRIED_WITHIN:
        found.append(_("超過八天沒有試還原備份，最近一次：%(when)s。") % {"when": _when(tried)})
    elif (outcome := tried.after or {}).get("problem") or outcome.get("problems"):
        found.append(_("%(when)s 試還原備份時發現問題，請看稽核紀錄。") % {"when": _when(tried)})
    if unsound := ((made and made.after) or {}).get("unsound"):
        params = {"when": _when(made), "count": unsound}
        found.append(_("%(when)s 備份時有 %(count)d 個檔案遺失或內容不符。") % params)
    return found


def alarm() -> int:
    """Notify the administrators once a day while something is wrong with the backups; return how many things are."""
    found = overdue()
    if not found:
        close([ALARM])
        return 0
    with trail.unit_of_work(Actor.system("備份")):
        for person in holders_of(Role.ADMINISTRATOR):
            notify(person, ALARM, ALARM, clock.today(), _("備份需要處理"), "\n".join(found), repeats=ALARM)
    return len(found)


def _last(action: str) -> AuditEntry | None:
    return AuditEntry.objects.filter(action=action).order_by("-seq").first()


def _when(entry: AuditEntry | None) -> str:
    return format_roc(entry.at.astimezone(clock.TAIPEI).date()) if entry else _("沒有紀錄")
