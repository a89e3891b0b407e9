"""Requests for an account: anybody sends one, an officer of the county answers it, later the personal part is emptied."""

import datetime as dt
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from communities import actions
from communities.enums import AccountRequestStatus as Status
from communities.models import AccountRequest, Organisation
from communities.services import terms
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

# How many days the telephone number and the rest are kept after the answer, for questions.
DAYS_KEPT = 90
# How many days they are kept if the county never answers.
DAYS_WAITING = 365
PERSONAL = ("person_name", "phone", "email", "needs")
# A township sends no more than this in a day: more would not come from associations.
MOST_A_DAY = 30


class RequestError(Refused):
    """A request that cannot be taken or answered."""


def receive(**fields: Any) -> AccountRequest:
    """Keep a request from a person without an account. Raises RequestError for a flood."""
    today = clock.today()
    with trail.unit_of_work(Actor.system(_("帳號申請"))):
        same_day = AccountRequest.objects.filter(township_id=fields["township_id"], requested_on=today)
        if same_day.count() >= MOST_A_DAY:
            raise RequestError(_("這個鄉鎮市今天的申請太多了，請打電話給縣府的社區業務承辦人。"))
        made = AccountRequest.objects.create(requested_on=today, received_at=clock.now(), **fields)
        # The trail is kept for good: nothing personal goes into it.
        trail.record(actions.ASK_FOR_ACCOUNT, made, after=trail.snapshot(made, "county", "organisation_name"))
    return made


def invite(
    by: Actor, asked: AccountRequest, *, organisation: Organisation, email: str, user: User | None = None, **term: Any
) -> AccountRequest:
    """Record the term of office and send the invitation; `user`, who has an account already, gets the office with it.

    Raises RequestError, TermError, accounts InvitationError and PostError.
    """
    with trail.unit_of_work(by):
        asked = _waiting(asked)
        made = terms.record_term(by, organisation, user=user, email=email, **term)
        if user is None:
            terms.invite(by, made, email)
        return _decide(asked, by, Status.INVITED, organisation=organisation)


def refuse(by: Actor, asked: AccountRequest, reason: str) -> AccountRequest:
    """Refuse with a reason, sent by mail if there is an address. Raises RequestError when the mail fails."""
    with trail.unit_of_work(by):
        asked = _decide(_waiting(asked), by, Status.REFUSED, reason=reason)
        if asked.email:
            _send_refusal(asked)
    return asked


def forget(day: dt.date) -> int:
    """Empty the personal part of requests answered DAYS_KEPT or sent DAYS_WAITING days before; return how many.

    Runs with the daily jobs; a request is emptied once.
    """
    answered = AccountRequest.objects.filter(decided_on__lte=day - dt.timedelta(days=DAYS_KEPT))
    unanswered = AccountRequest.objects.filter(requested_on__lte=day - dt.timedelta(days=DAYS_WAITING))
    rows = (answered | unanswered).filter(forgotten_on__isnull=True)
    with trail.unit_of_work(Actor.system(_("每日工作"))):
        found = list(rows.select_for_update())
        for asked in found:
            for name in PERSONAL:
                setattr(asked, name, "")
            asked.forgotten_on = day
            asked.save(update_fields=[*PERSONAL, "forgotten_on"])
            trail.record(actions.FORGET_REQUEST, asked)
    return len(found)


def _waiting(asked: AccountRequest) -> AccountRequest:
    asked = AccountRequest.objects.select_for_update().get(pk=asked.pk)
    if asked.status != Status.WAITING:
        raise RequestError(_("這件申請已經有同仁處理過了。"))
    return asked


def _decide(asked: AccountRequest, by: Actor, status: Status, **fields: Any) -> AccountRequest:
    fields |= {"status": status, "decided_by": by.user, "decided_on": clock.today()}
    for name, value in fields.items():
        setattr(asked, name, value)
    asked.save(update_fields=list(fields))
    action = actions.ANSWER_REQUEST if status == Status.INVITED else actions.REFUSE_REQUEST
    trail.record(action, asked, after=trail.snapshot(asked, "organisation_name", "status"))
    return asked


def _send_refusal(asked: AccountRequest) -> None:
    address = settings.PORTAL_URL + reverse("grants:home")
    text = render_to_string("communities/emails/request_refused.txt", {"asked": asked, "address": address})
    try:
        send_mail(_("您的社區補助網帳號申請"), text, None, [asked.email])
    except (SMTPException, OSError) as failed:
        raise RequestError(_("通知信現在寄不出去，請稍後再試，或先打電話告訴對方。")) from failed
