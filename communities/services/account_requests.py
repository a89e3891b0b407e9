"""Requests for an account: anybody sends one, an officer of the county answers it, later the personal part is emptied."""

import datetime as dt
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from communities import actions, naming
from communities.enums import AccountRequestStatus as Status
from communities.enums import PaperKind, Reached
from communities.models import AccountRequest, KeptPaper, OfficeTerm, Organisation, RequestPaper
from communities.services import chair_changes, organisations, papers, terms
from communities.services.papers import Upload
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import discard, store
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused

# How many days the telephone number and the rest are kept after the answer, for questions.
DAYS_KEPT = 90
# How many days they are kept if the county never answers.
DAYS_WAITING = 365
PERSONAL = ("person_name", "phone", "email", "needs", "reached_note")
# A township sends no more than this in a day: more would not come from associations.
MOST_A_DAY = 30


class RequestError(Refused):
    """A request that cannot be taken or answered."""


def receive(uploads: Mapping[str, Upload] | None = None, **fields: Any) -> AccountRequest:
    """Keep a request from a person without an account, with its papers by kind. Raises RequestError for a flood."""
    today = clock.today()
    with trail.unit_of_work(Actor.system(_("帳號申請"))) as by:
        same_day = AccountRequest.objects.filter(township_id=fields["township_id"], requested_on=today)
        if same_day.count() >= MOST_A_DAY:
            raise RequestError(_("您選的地方今天的申請太多了，請打電話給縣府的社區業務承辦人。"))
        made = AccountRequest.objects.create(requested_on=today, received_at=clock.now(), **fields)
        for kind, upload in (uploads or {}).items():
            stored = store(upload, actor=by, purpose=f"account_request:{made.pk}")
            RequestPaper.objects.create(request=made, kind=kind, file=stored)
        # The trail is kept for good: nothing personal goes into it.
        after = trail.snapshot(made, "county", "organisation_name", "kind")
        trail.record(actions.ASK_FOR_ACCOUNT, made, after=after)
    return made


def register(by: Actor, asked: AccountRequest, facts: Mapping[str, Any], **answer: Any) -> OfficeTerm:
    """Enter the new body of a request in the registry, keep its papers there and let the person in, as `invite`."""
    with trail.unit_of_work(by):
        organisation = organisations.create_organisation(by, county=asked.county, **facts)
        for paper in asked.papers.select_related("file"):
            if paper.kind != PaperKind.ELECTED:
                papers.keep(by, organisation, paper.kind, paper.file)
        return invite(by, asked, organisation=organisation, **answer)


def invite(
    by: Actor,
    asked: AccountRequest,
    *,
    organisation: Organisation,
    email: str,
    user: User | None = None,
    ends_former: bool = False,
    **term: Any,
) -> OfficeTerm:
    """Record the term of office and send the invitation; without an address a letter is to be printed. `user`, who has
    an account already, gets the office with it. A term that the registry has of this person is used as it stands.
    `ends_former`: the present chairperson's term ends on the day before.

    Raises RequestError, TermError, accounts InvitationError and PostError.
    """
    with trail.unit_of_work(by):
        asked = _waiting(asked)
        if naming.same_person(term["person_name"], by.user.display_name):
            raise RequestError(_("申請人和您同名，請另一位同仁辦理。"))
        made = own_term(organisation, term["office"], term["person_name"])
        if made is None:
            if ends_former:
                chair_changes.end_former(by, organisation, term["valid_from"])
            made = terms.record_term(by, organisation, user=user, email=email, **term)
        elif user is not None:
            made = terms.link(by, made, user)
        if made.user is None and email:
            terms.invite(by, made, email)
        _decide(asked, by, Status.INVITED, organisation=organisation)
        return made


def own_term(organisation: Organisation, office: str, person_name: str) -> OfficeTerm | None:
    """Return the term of this person that the registry has and that no account goes with, if it is in force."""
    today = clock.today()
    rows = OfficeTerm.objects.filter(organisation=organisation, office=office, user=None, valid_from__lte=today)
    found = rows.exclude(valid_to__lt=today).select_related("organisation")
    return next((term for term in found if naming.same_person(term.person_name, person_name)), None)


def refuse(by: Actor, asked: AccountRequest, reason: str, reached_by: str = "", note: str = "") -> AccountRequest:
    """Refuse with a reason. It goes out by mail if there is an address; else `reached_by` says how the person learns of
    it. Raises RequestError when the mail fails.
    """
    with trail.unit_of_work(by):
        way = Reached.MAIL if asked.email else Reached(reached_by or Reached.LETTER)
        asked = _decide(_waiting(asked), by, Status.REFUSED, reason=reason, reached_by=way, reached_note=note)
        if way == Reached.MAIL:
            _send_refusal(asked)
    return asked


def refusal_letter(asked: AccountRequest) -> bytes:
    """Return the refusal as a letter, for people without e-mail. Raises lib.pdf's errors."""
    head = counties.particulars(asked.county, clock.today())
    context = {"asked": asked, "head": head, "today": clock.today()}
    return pdf.render(render_to_string("communities/refusal_letter.html", context))


def forget(day: dt.date) -> int:
    """Empty the personal part of requests answered DAYS_KEPT or sent DAYS_WAITING days before; return how many.

    Runs with the daily jobs; a request is emptied once.
    """
    answered = AccountRequest.objects.filter(decided_on__lte=day - dt.timedelta(days=DAYS_KEPT))
    unanswered = AccountRequest.objects.filter(requested_on__lte=day - dt.timedelta(days=DAYS_WAITING))
    rows = (answered | unanswered).filter(forgotten_on__isnull=True)
    with trail.unit_of_work(Actor.daily()):
        found = list(rows.select_for_update())
        for asked in found:
            for name in PERSONAL:
                setattr(asked, name, "")
            asked.facts, asked.forgotten_on = {}, day
            asked.save(update_fields=[*PERSONAL, "facts", "forgotten_on"])
            _forget_papers(asked)
            trail.record(actions.FORGET_REQUEST, asked)
    return len(found)


def _forget_papers(asked: AccountRequest) -> None:
    """Delete the papers, but for the files that the registry has kept of a new body."""
    files = [paper.file for paper in asked.papers.select_related("file")]
    asked.papers.all().delete()
    kept = set(KeptPaper.objects.filter(file__in=files).values_list("file_id", flat=True))
    for file in files:
        if file.pk not in kept:
            discard(file)


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
