"""A new chairperson after an election: the association proposes with the certificate, an officer confirms."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities import naming, permissions, queries
from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from communities.services import terms
from communities.services.papers import Upload
from communities.services.record_changes import body_of, own, page_of
from miaoli_kaohsiung.accounts.addresses import require_address
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION, CASE_OFFICERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds
from miaoli_kaohsiung.changes.kinds import Kind, Row
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import Proposal, propose
from miaoli_kaohsiung.lib import clock, roc_date
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.notices.services import notify


def propose_chair(
    user: User, organisation: Organisation, certificate: Upload, values: Mapping[str, Any], reason: str = ""
) -> Change:
    """Propose a chairperson; `values`: person_name, board_term_number, valid_from, valid_to, phone, email."""
    require(permissions.may_propose_changes(user, organisation))
    days = {name: values[name].isoformat() for name in ("valid_from", "valid_to")}
    account = account_of(organisation, values["person_name"], values["email"])
    proposal = Proposal(
        county=organisation.county,
        subject=str(organisation.pk),
        title=f"{organisation.name}　{organisation.head_word}",
        data=dict(values) | days | {"account": account.pk if account else None},
        before=_chair_now(organisation),
        reason=reason,
        scan=certificate,
    )
    return propose(user, CHAIR, proposal)


def account_of(organisation: Organisation, person_name: str, email: str) -> User | None:
    """Return the account that the new chairperson already has in this association, by name; None if there is none, or
    if the address is another one.
    """
    found = [
        user
        for user in holders_of(Role.MEMBER, organisation_id=organisation.pk)
        if naming.same_person(user.display_name, person_name) and email.lower() in ("", user.email.lower())
    ]
    return found[0] if len(found) == 1 else None


def end_former(by: Actor, organisation: Organisation, first_day: dt.date) -> list[OfficeTerm]:
    """Let the chairpersons who hold the office on `first_day` end on the day before; return their terms. Call it in a
    unit of work. Raises terms.TermError if one of them began later.
    """
    former = queries.chairs_from(organisation, first_day)
    for term in former:
        terms.end_term(by, term, first_day - dt.timedelta(days=1))
        if term.user and term.user != by.user:
            subject = _("您在%(body)s的%(head)s任期登錄到%(day)s為止")
            last = roc_date.format_roc(first_day - dt.timedelta(days=1))
            params = {"body": organisation.name, "head": organisation.head_word, "day": last}
            words = _("縣府依當選證明書登錄了新任%(head)s。如果不對，請馬上打電話給縣府的社區業務承辦人。") % params
            notify(term.user, "term.ended", f"term:{term.pk}", clock.today(), subject % params, words)
    return former


def _apply(change: Change, by: Actor) -> None:
    body, data = body_of(change), dict(change.data)
    require(permissions.may_decide_for(by.user, body))
    email, account = data.pop("email"), data.pop("account")
    first, last = (dt.date.fromisoformat(data[name]) for name in ("valid_from", "valid_to"))
    end_former(by, body, first)
    user = User.objects.filter(pk=account, is_active=True).first() if account else None
    if account and user is None:
        raise Refused(_("提出時要沿用的帳號已經停用。請不同意這一件，請協會再提一次。"))
    fields = data | {"valid_from": first, "valid_to": last}
    made = terms.record_term(by, body, office=Office.CHAIRPERSON, user=user, email=email, **fields)
    if user is None and email:
        require_address(email, authority=False)
        terms.invite(by, made, email)


def _chair_now(organisation: Organisation) -> dict[str, Any]:
    """Return the newest chairperson of the record as a change shows it; empty values if there is none."""
    term = organisation.terms.filter(office=Office.CHAIRPERSON).order_by("-valid_from", "-pk").first()
    if term is None:
        return {"person_name": "", "board_term_number": None, "valid_from": "", "valid_to": ""}
    return {
        "person_name": term.person_name,
        "board_term_number": term.board_term_number,
        "valid_from": term.valid_from.isoformat(),
        "valid_to": term.valid_to.isoformat() if term.valid_to else "",
    }


def _rows(change: Change) -> list[Row]:
    before, after = change.before, change.data
    labels = {"person_name": body_of(change).head_word, "board_term_number": _("屆次")}
    rows = [Row(label, _shown(before[name]), _shown(after[name])) for name, label in labels.items()]
    rows += [Row(label, _day(before[name]), _day(after[name])) for name, label in _DAYS.items()]
    return [*rows, Row(_("聯絡電話"), "", after["phone"]), Row(_("怎麼登入"), "", _way_in(after))]


_DAYS = {"valid_from": _l("任期起"), "valid_to": _l("任期迄")}


def _way_in(data: Mapping[str, Any]) -> str:
    if data["account"]:
        return _("沿用他在這個單位原來的帳號")
    return _("寄邀請信到 %(email)s") % data if data["email"] else _("沒有信箱：確認後在任期旁印開通信")


def _day(text: str) -> str:
    return roc_date.format_roc(dt.date.fromisoformat(text)) if text else ""


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


CHAIR = kinds.register(
    Kind(
        name="organisation.chair",
        label=_l("單位的負責人"),
        proposers=ASSOCIATION,
        confirmers=CASE_OFFICERS,
        rows=_rows,
        apply=_apply,
        page=page_of,
        current=lambda change: _chair_now(body_of(change)),
        reach=own,
    )
)
