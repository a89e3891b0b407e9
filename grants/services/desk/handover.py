"""Passing cases from one officer to another, because work belongs to the post and not to the person."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Application, Handover
from grants.permissions import actor_for, holds
from grants.queries.desk.handovers import belongs, contents_of, in_hand, officers_of, sections_of
from grants.services import notices
from grants.services.desk import following
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_all
from miaoli_kaohsiung.notices.services import close

REASSIGN = actions.register("application.reassign", _l("改派承辦人"))
HAND_OVER = actions.register("desk.hand_over", _l("移交案件"))
RECEIVE = actions.register("desk.receive_handover", _l("簽收移交清冊"))


def candidates(case: Application) -> list[User]:
    """Return the county's present case officers who do not belong to the association."""
    return [user for user in officers_of([case.county]) if not belongs(user, case)]


def others_of(case: Application) -> QuerySet[Application]:
    """Return the open cases in this county that the case's officer also looks after."""
    if case.officer is None:
        return Application.objects.none()
    return in_hand(case.officer, [case.county]).exclude(pk=case.pk)


def reassign(user: User, case: Application, officer: User, reason: str, *, others: bool = False) -> list[Application]:
    """Give the case to another officer of the county, and with `others` all cases of its present officer, except those
    of the new officer's own association. Returns what moved. Raises Refused.
    """
    more = [row for row in others_of(case) if not belongs(officer, row)] if others else []
    moved = hand_over(user, [case, *more], officer, reason)
    return [row for _made, rows in moved for row in rows]


def hand_over(
    user: User, cases: Sequence[Application], officer: User, reason: str
) -> list[tuple[Handover, list[Application]]]:
    """Give these cases to an officer of the county; return one list for each officer who had some, with its cases.

    Done by a case officer, who may take cases over, or by the approver. Raises Refused and then moves nothing.
    """
    if not cases:
        raise Refused(_("請先勾選要改派的案件。"))
    if len({case.county for case in cases}) > 1:
        raise Refused(_("不同縣的案件請分開改派。"))
    with trail.unit_of_work(actor_for(user, cases[0], CASE_HANDLERS)):
        for case in cases:
            require(holds(user, case, CASE_HANDLERS))
        _refuse_unfit(officer, cases)
        rows = Application.objects.select_related("organisation", "officer", "scheme")
        locked = lock_all(rows.filter(pk__in=[case.pk for case in cases]).order_by("pk"))
        moving: dict[User | None, list[Application]] = {}
        for row in locked:
            if row.officer_id != officer.pk:
                moving.setdefault(row.officer, []).append(row)
        return [(_moved(user, giver, rows, officer, reason.strip()), rows) for giver, rows in moving.items()]


def assign(user: User, case: Application, officer: User, reason: str) -> Application:
    """Give one of many cases to an officer of the county, without a list: the list of the run keeps what passed. A case
    that the officer has stays as it is. Raises Refused.
    """
    with trail.unit_of_work(actor_for(user, case, CASE_HANDLERS)):
        require(holds(user, case, CASE_HANDLERS))
        _refuse_unfit(officer, [case])
        row = lock(Application.objects.select_related("organisation", "officer", "scheme"), pk=case.pk)
        if row.officer_id == officer.pk:
            return row
        giver = row.officer
        _passed(row, officer, reason.strip())
        if giver:
            following.pass_on(giver, officer, [row])
        if officer.pk != user.pk:
            _notify_of(user, row, officer)
        return row


def receive(user: User, handover: Handover) -> Handover:
    """Sign for a list, as its taker; a list signed for stays as it is. Raises Refused."""
    with trail.unit_of_work(actor(user)):
        row = Handover.objects.select_for_update().get(pk=handover.pk)
        if row.taker_id != user.pk:
            raise Refused(_("移交清冊由接收人本人簽收。"))
        if row.received_on is None:
            row.received_on = clock.today()
            row.save(update_fields=["received_on"])
            trail.record(RECEIVE, row, after={"received_on": row.received_on})
            close([thread_of(row)])
        return row


def thread_of(handover: Handover) -> str:
    return f"handover:{handover.pk}"


def _refuse_unfit(officer: User, cases: Sequence[Application]) -> None:
    if officer not in officers_of([cases[0].county]):
        raise Refused(_("請選本縣現任的承辦人；申請單位自己的人員要迴避。"))
    if own := [case.number for case in cases if belongs(officer, case)]:
        words = {"who": officer, "numbers": "、".join(own)}
        reason = _("請選本縣現任的承辦人；申請單位自己的人員要迴避。%(who)s是 %(numbers)s 申請單位的人員。")
        raise Refused(reason % words)


def _moved(user: User, giver: User | None, rows: list[Application], officer: User, reason: str) -> Handover:
    content = contents_of(Application.objects.filter(pk__in=[row.pk for row in rows]))
    giver_name = str(giver) if giver else ""
    for row in rows:
        _passed(row, officer, reason)
    made = _kept(
        user,
        county=rows[0].county,
        giver=giver,
        giver_name=giver_name,
        taker=officer,
        reason=reason,
        content=content,
    )
    if giver:
        following.pass_on(giver, officer, rows)
    if officer.pk != user.pk:
        _notify(user, made, rows, officer)
    return made


def _passed(row: Application, officer: User, reason: str) -> None:
    before = {"officer": str(row.officer) if row.officer else ""}
    row.officer = officer
    row.save(update_fields=["officer"])
    trail.record(REASSIGN, row, before=before, after={"officer": str(officer), "reason": reason}, case=row.number)


def _kept(user: User, **fields: Any) -> Handover:
    taker = fields["taker"]
    made = Handover.objects.create(made_by=user, made_on=clock.today(), taker_name=str(taker), **fields)
    after = {"giver": made.giver_name, "taker": made.taker_name, "cases": len(made.content["cases"])}
    trail.record(HAND_OVER, made, after=after)
    return made


def _notify(user: User, made: Handover, rows: list[Application], officer: User) -> None:
    if len(rows) == 1:
        _notify_of(user, rows[0], officer)
        return
    numbers = "、".join(row.number for row in rows)
    subject = _("有 %(count)d 件改由您承辦，請看移交清冊") % {"count": len(rows)}
    body = _("%(name)s改派給您：%(numbers)s。") % {"name": user.display_name, "numbers": numbers}
    words = notices.Words(subject, body, reverse("grants:handover_record", args=[made.pk]))
    notices.send([officer], "desk.handover", thread_of(made), words, at_once=False)


def _notify_of(user: User, row: Application, officer: User) -> None:
    body = _("%(name)s把這一件改派給您。") % {"name": user.display_name}
    notices.about_case(row, [officer], "reassigned", _("改由您承辦"), body)


def paper(handover: Handover) -> bytes:
    """Return the list as PDF. Raises pdf.UnavailableError where the machine cannot make PDFs, and Refused for
    characters that no font has.
    """
    office = particulars(handover.county, handover.made_on).office
    context = {"handover": handover, "sections": sections_of(handover.content), "office": office}
    html = render_to_string("grants/desk/handover_paper.html", context)
    return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")
