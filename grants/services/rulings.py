"""Rulings on the law and waivers for one case: recorded by one officer, confirmed or refused by another."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.rulesets import ruleset_for
from grants.models import Application, Ruling, Scheme, Waiver
from grants.permissions import CountyGround, actor_for, holds
from grants.queries.law.pages import label_of
from grants.rules.ruleset import load
from grants.services import notices
from grants.workflow import rulings
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Answer, Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_first

RECORD_RULING = actions.register("ruling.record", _l("登錄函釋"))
RECORD_WAIVER = actions.register("waiver.record", _l("登錄個案同意"))


@dataclass(frozen=True)
class RulingDraft:
    """A recorded ruling. `value` is {"value": …} for one value or {"strict": …, "lenient": …} for two readings, in
    plain JSON values.
    """

    parameter: str
    value: dict[str, Any]
    effective_from: dt.date
    memo_number: str
    reason: str = ""
    scan: Any = None
    demonstration: bool = False


def may_rule(user: User, county: str) -> Answer:
    """Allow case officers and heads of the county to record and confirm."""
    return holds(user, cast("Application", CountyGround(county)), CASE_HANDLERS)


def record_ruling(user: User, scheme: Scheme, draft: RulingDraft) -> Ruling:
    """Keep a ruling until another officer confirms it. Raises Refused, or RulingError for a value that cannot replace
    the law's.
    """
    require(may_rule(user, scheme.county))
    values = {"parameter": draft.parameter, "from": draft.effective_from, **draft.value, "memo": draft.memo_number}
    ruleset_for(scheme, draft.effective_from).with_rulings([values])
    actor = actor_for(user, cast("Application", CountyGround(scheme.county)), CASE_HANDLERS)
    with trail.unit_of_work(actor):
        ruling = Ruling.objects.create(
            scheme=scheme,
            parameter=draft.parameter,
            value=draft.value,
            effective_from=draft.effective_from,
            memo_number=draft.memo_number,
            reason=draft.reason,
            scan=_stored(draft.scan, actor, "ruling"),
            demonstration=draft.demonstration,
            author=user,
            recorded_on=clock.today(),
        )
        after = trail.snapshot(ruling, "parameter", "value", "effective_from", "memo_number", "reason", "scan")
        trail.record(RECORD_RULING, ruling, after=after)
        subject = _("有一則函釋等您確認：%(memo)s") % {"memo": ruling.memo_number}
        _ask_others(
            user,
            scheme.county,
            "ruling.waits",
            f"ruling:{ruling.pk}",
            subject,
            reverse("grants:ruling", args=[ruling.pk]),
        )
        return ruling


def decide_ruling(user: User, ruling: Ruling, name: str, note: str = "") -> Ruling:
    """Confirm or refuse (`name` of the workflow) what another officer recorded, or withdraw what one recorded oneself.
    Raises MoveRefused.
    """
    ground = rulings.ground_of(ruling)
    with trail.unit_of_work(actor_for(user, ground, CASE_HANDLERS)):
        # Two rulings on one parameter and day are confirmed one after the other, so that the second one sees the first.
        Scheme.objects.select_for_update(no_key=True).get(pk=ruling.scheme_id)
        row = lock(Ruling.objects.select_related("scheme", "author"), pk=ruling.pk)
        rulings.move(row, name, user, _decided(user, name), reason=note)
        if name == "withdraw":
            return row
        subject = _("您登錄的函釋%(outcome)s：%(memo)s") % {
            "outcome": row.get_status_display(),
            "memo": row.memo_number,
        }
        words = notices.Words(subject, note, reverse("grants:ruling", args=[row.pk]))
        notices.send([row.author], f"ruling.{name}", f"ruling:{row.pk}", words, at_once=False)
        return row


def record_waiver(
    user: User, case: Application, clause: str, memo_number: str, reason: str, scan: Any = None
) -> Waiver:
    """Keep a waiver of one clause for one case until another officer confirms it. A refused or withdrawn one may be recorded again.
    Raises Refused.
    """
    require(holds(user, case, CASE_HANDLERS))
    if clause not in ruleset_for(case.scheme, clock.today()).clauses:
        raise Refused(_("這個方案沒有條文 %(clause)s。") % {"clause": clause})
    actor = actor_for(user, case, CASE_HANDLERS)
    with trail.unit_of_work(actor):
        # One at a time for a case: the second call finds the first one's row.
        Application.objects.select_for_update(no_key=True).get(pk=case.pk)
        waiver = _open_waiver(user, case, clause)
        waiver.memo_number, waiver.reason, waiver.author = memo_number, reason, user
        waiver.recorded_on, waiver.decided_by, waiver.decided_on = clock.today(), None, None
        waiver.scan = _stored(scan, actor, f"waiver:{case.number}")
        waiver.save()
        after = trail.snapshot(waiver, "clause", "memo_number", "reason", "scan")
        trail.record(RECORD_WAIVER, waiver, after=after, case=case.number)
        subject = _("有一件個案同意等您確認：%(number)s") % {"number": case.number}
        key, url = f"waiver:{waiver.pk}:{memo_number}", reverse("grants:waivers", args=[case.number])
        _ask_others(user, case.county, "waiver.waits", key, subject, url)
        return waiver


def decide_waiver(user: User, waiver: Waiver, name: str, note: str = "") -> Waiver:
    """Confirm or refuse what another officer recorded, or withdraw what one recorded oneself. Raises MoveRefused."""
    case = waiver.application
    with trail.unit_of_work(actor_for(user, case, CASE_HANDLERS)):
        row = lock(Waiver.objects.select_related("application", "author"), pk=waiver.pk)
        rulings.move(row, name, user, _decided(user, name), reason=note)
        if name == "withdraw":
            return row
        subject = _("您登錄的個案同意%(outcome)s：%(number)s") % {
            "outcome": row.get_status_display(),
            "number": case.number,
        }
        key, url = f"waiver:{row.pk}:{row.memo_number}", reverse("grants:waivers", args=[case.number])
        notices.send(
            [row.author],
            f"waiver.{name}",
            key,
            notices.Words(subject, note, url),
            at_once=False,
            thread=f"waiver:{row.pk}",
            case_number=case.number,
        )
        return row


def _open_waiver(user: User, case: Application, clause: str) -> Waiver:
    found = lock_first(case.waivers.filter(clause=clause))
    if found is None:
        return Waiver(application=case, clause=clause)
    if found.status not in rulings.WAIVERS["record_again"].sources:
        raise Refused(
            _("這一件的 %(clause)s 已經登錄過個案同意。") % {"clause": label_of(clause, load(case.scheme.ruleset))}
        )
    rulings.move(found, "record_again", user)
    return found


def _decided(user: User, name: str) -> dict[str, Any]:
    """Return who decided and when; nobody decides what its author withdraws."""
    return {} if name == "withdraw" else {"decided_by": user, "decided_on": clock.today()}


def _stored(upload: Any, actor: trail.Actor, purpose: str) -> Any:
    return store(upload, actor=actor, purpose=purpose) if upload else None


def _ask_others(user: User, county: str, kind: str, key: str, subject: str, url: str) -> None:
    """Notify everybody who may confirm, except the person who recorded."""
    body = _("%(name)s已經登錄，請看過內容和影響後確認或不同意。") % {"name": user.display_name}
    people = notices.others_than(user, *(holders_of(role, county=county) for role in CASE_HANDLERS))
    # A waiver's key names its memo too; the row's own move closes the notice.
    thread = ":".join(key.split(":")[:2])
    notices.send(people, kind, key, notices.Words(subject, body, url), thread=thread, at_once=False)
