"""What an association asks of a central programme (M5.1): asked, forwarded with the county's opinion, decided there."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from grants.models import Application, CentralProgramme, CentralRequest
from grants.permissions import actor_for, body_ground, holds
from grants.queries.central import facts_of, open_programmes
from grants.services import notices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.money import format_amount

ASK = actions.register("central.ask", _l("提出中央補助申請"))
FORWARD = actions.register("central.forward", _l("函轉中央補助申請"))
RESULT = actions.register("central.result", _l("登錄中央補助結果"))


@dataclass(frozen=True)
class Asked:
    """What an association asks: the amount in whole NT dollars, and the own case from which it was taken, if one was."""

    programme: CentralProgramme
    title: str
    amount: int
    text: str = ""
    case: Application | None = None


@dataclass(frozen=True)
class Outcome:
    """What the ministry decided."""

    result: str
    number: str
    on: dt.date
    granted: int = 0


def ask(user: User, organisation: Organisation, asked: Asked) -> CentralRequest:
    """Keep the request with the association's facts of today. Raises Refused beyond what the programme gives, and for one
    that was sent already.
    """
    ground = body_ground(organisation)
    with trail.unit_of_work(actor_for(user, ground, Role.MEMBER)):
        require(holds(user, ground, Role.MEMBER))
        lock(Organisation.objects.all(), pk=organisation.pk)
        if not open_programmes(organisation.county).filter(pk=asked.programme.pk).exists():
            raise Refused(_("這個計畫現在不受理。"))
        if asked.programme.most is not None and asked.amount > asked.programme.most:
            raise Refused(_("這個計畫每案最高 %s 元。") % format_amount(asked.programme.most))
        if asked.case and asked.case.organisation_id != organisation.pk:
            raise Refused(_("只能帶入自己單位的案件。"))
        same = {"programme": asked.programme, "organisation": organisation, "title": asked.title.strip()}
        if CentralRequest.objects.filter(**same, forwarded_on=None).exists():
            raise Refused(_("這個計畫已經送出同名的申請，等縣府函轉。"))
        made = CentralRequest.objects.create(
            programme=asked.programme,
            organisation=organisation,
            application=asked.case,
            year=clock.today().year,
            title=asked.title.strip(),
            text=asked.text.strip(),
            amount=asked.amount,
            data=facts_of(organisation),
            asked_by=user,
            asked_on=clock.today(),
        )
        trail.record(ASK, made, after=trail.snapshot(made, "programme", "title", "amount", "application"))
        subject = _("中央補助申請待函轉：%s") % organisation.name
        _send(holders_of(Role.CASE_OFFICER, county=organisation.county), "asked", made, subject, made.title)
        return made


def forward(user: User, request: CentralRequest, *, opinion: str, number: str, on: dt.date) -> CentralRequest:
    """Note that the county forwarded it with its opinion, once. Raises Refused without a number."""
    with trail.unit_of_work(actor_for(user, body_ground(request.organisation), Role.CASE_OFFICER)):
        row = _locked(user, request)
        if row.forwarded_on is not None:
            raise Refused(_("已經函轉過了。"))
        if not opinion.strip() or not number.strip():
            raise Refused(_("請寫縣府意見和函轉文號。"))
        if not row.asked_on <= on <= clock.today():
            raise Refused(_("函轉日期要在提出以後、今天以前。"))
        row.opinion, row.dispatch_number, row.forwarded_on, row.forwarded_by = opinion.strip(), number.strip(), on, user
        row.save(update_fields=["opinion", "dispatch_number", "forwarded_on", "forwarded_by"])
        trail.record(FORWARD, row, after=trail.snapshot(row, "opinion", "dispatch_number", "forwarded_on"))
        subject = _("中央補助申請已函轉：%s") % row.title
        _send(_members(row), "forwarded", row, subject, row.dispatch_number)
        return row


def record_result(user: User, request: CentralRequest, outcome: Outcome) -> CentralRequest:
    """Note what the ministry decided, once. A grant has an amount, of at most what was asked for."""
    with trail.unit_of_work(actor_for(user, body_ground(request.organisation), Role.CASE_OFFICER)):
        row = _locked(user, request)
        if row.forwarded_on is None:
            raise Refused(_("還沒有函轉，不能登錄結果。"))
        if row.result:
            raise Refused(_("結果已經登錄過了。"))
        granted = outcome.result == CentralRequest.Result.GRANTED
        if granted and not 0 < outcome.granted <= row.amount:
            raise Refused(_("核定金額要大於 0，不超過申請的 %s 元。") % format_amount(row.amount))
        if not row.forwarded_on <= outcome.on <= clock.today():
            raise Refused(_("核定日期要在函轉以後、今天以前。"))
        row.result, row.granted = outcome.result, outcome.granted if granted else 0
        row.result_number, row.result_on, row.result_by = outcome.number.strip(), outcome.on, user
        row.save(update_fields=["result", "granted", "result_number", "result_on", "result_by"])
        trail.record(RESULT, row, after=trail.snapshot(row, "result", "granted", "result_number", "result_on"))
        _send(_members(row), "result", row, _("中央補助結果：%s") % row.title, row.state)
        return row


def _locked(user: User, request: CentralRequest) -> CentralRequest:
    require(holds(user, body_ground(request.organisation), Role.CASE_OFFICER))
    return lock(CentralRequest.objects.all(), pk=request.pk)


def _members(row: CentralRequest) -> list[User]:
    return holders_of(Role.MEMBER, organisation_id=row.organisation_id)


def _send(people: list[User], kind: str, row: CentralRequest, subject: str, body: str) -> None:
    words = notices.Words(subject, body, reverse("grants:central_request", args=[row.pk]))
    notices.send(people, f"central.{kind}", f"central:{row.pk}:{kind}", words, at_once=True)
