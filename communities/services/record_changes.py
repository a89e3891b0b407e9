"""Changes of an association's record that it proposes itself: its facts, and its bank account.

Facts are confirmed by one officer. An account is looked at by two people of the office, beside the passbook: where the
money goes must never hang on one of them.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities import permissions, queries
from communities.enums import PaperKind
from communities.models import Organisation
from communities.services import organisations, papers
from communities.services.papers import Upload
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION, ASSOCIATION_OR_OFFICER, CASE_OFFICERS, COUNTY_STAFF
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds
from miaoli_kaohsiung.changes.kinds import Kind, Row
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import Proposal, propose
from miaoli_kaohsiung.lib.access import Refused, require

# What the certificate of registration shows: a change of it needs a new one.
CERTIFIED = ("name", "registration_number", "tax_id")
BANK = ("bank_code", "bank_account", "bank_account_name", "bank_name_reason")


def body_of(change: Change) -> Organisation:
    """Return the association that a change is about, by the change's subject."""
    return queries.living(int(change.subject))


def own(post: Post) -> Q:
    """Return the changes that somebody of an association sees: those of the association."""
    return Q(subject=str(post.organisation_id or ""))


def page_of(change: Change) -> str:
    return reverse("communities:organisation", args=[int(change.subject)])


def propose_record(
    user: User, organisation: Organisation, values: Mapping[str, Any], reason: str = "", scan: Upload | None = None
) -> Change | None:
    """Propose new facts; returns None if nothing differs."""
    require(permissions.may_propose_changes(user, organisation))
    new = {name: value for name, value in values.items() if value != getattr(organisation, name)}
    if not new:
        return None
    if set(new) & set(CERTIFIED) and scan is None:
        raise Refused(_("名稱、立案字號或統一編號有變更，請附上新的證書或函。"))
    return propose(user, RECORD, _proposal(organisation, _("登記資料"), new, reason, scan))


def propose_bank(
    user: User, organisation: Organisation, values: Mapping[str, Any], passbook: Upload, reason: str = ""
) -> Change:
    """Propose another account, with the picture of the passbook. `values` has all of BANK."""
    require(permissions.may_propose_bank(user, organisation))
    return propose(user, ACCOUNT, _proposal(organisation, _("金融帳戶"), dict(values), reason, passbook))


def _proposal(organisation: Organisation, what: str, new: dict[str, Any], reason: str, scan: Upload | None) -> Proposal:
    return Proposal(
        county=organisation.county,
        subject=str(organisation.pk),
        title=f"{organisation.name}　{what}",
        data=new,
        before={name: getattr(organisation, name) for name in new},
        reason=reason,
        scan=scan,
    )


def _current(change: Change) -> dict[str, Any]:
    body = body_of(change)
    return {name: getattr(body, name) for name in change.before}


def _rows(change: Change) -> list[Row]:
    columns = Organisation._meta
    return [
        Row(str(columns.get_field(name).verbose_name), _shown(change.before.get(name)), _shown(value))  # type: ignore[union-attr]  # a column of its own
        for name, value in change.data.items()
    ]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _apply_record(change: Change, by: Actor) -> None:
    body = body_of(change)
    require(permissions.may_decide_for(by.user, body))
    _refuse_taken(body, change.data)
    organisations.update_contact(by, body, **change.data)
    if change.scan and set(change.data) & set(CERTIFIED):
        papers.keep(by, body, PaperKind.REGISTRATION, change.scan)


def _apply_bank(change: Change, by: Actor) -> None:
    body = body_of(change)
    require(permissions.may_decide_for(by.user, body))
    organisations.update_organisation(by, body, **change.data)
    if change.scan:
        papers.keep(by, body, PaperKind.PASSBOOK, change.scan)


def _refuse_taken(body: Organisation, data: Mapping[str, Any]) -> None:
    """Raise Refused if another body has got the name or the number since."""
    others = Organisation.objects.exclude(pk=body.pk)
    if "name" in data and others.filter(queries.named(data["name"], body.county)).exists():
        raise Refused(_("本縣已經登記了同名的單位，不能確認。"))
    if data.get("tax_id") and others.filter(tax_id=data["tax_id"]).exists():
        raise Refused(_("這個統一編號已經登記給別的單位，不能確認。"))


RECORD = kinds.register(
    Kind(
        name="organisation.record",
        label=_l("協會的登記資料"),
        proposers=ASSOCIATION,
        confirmers=CASE_OFFICERS,
        rows=_rows,
        apply=_apply_record,
        page=page_of,
        current=_current,
        reach=own,
    )
)
ACCOUNT = kinds.register(
    Kind(
        name="organisation.bank",
        label=_l("協會的金融帳戶"),
        proposers=ASSOCIATION_OR_OFFICER,
        checkers=CASE_OFFICERS,
        confirmers=COUNTY_STAFF,
        rows=_rows,
        preview="communities/_bank_change.html",
        apply=_apply_bank,
        page=page_of,
        current=_current,
        reach=own,
    )
)
