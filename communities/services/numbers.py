"""Numbers of a body that look wrong and are right: taken with a reason, and in force once a second person has confirmed
them. Until then the record says 待確認.
"""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities import queries
from communities.models import Organisation
from communities.services import organisations
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, CASE_OFFICERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import Proposal
from miaoli_kaohsiung.lib import duplicates
from miaoli_kaohsiung.lib.access import Refused

COLUMNS = {"tax_id": __("統一編號"), "registration_number": __("立案字號")}


def propose(user: User, organisation: Organisation, column: str, value: str, reason: str) -> Change | None:
    """Keep a number until another person of the county confirms it; None if the very same waits already. Raises Refused."""
    waiting = queries.waiting_numbers(organisation).get(column)
    if waiting and waiting.data == {"value": value}:
        return None
    label = COLUMNS[column]
    proposal = Proposal(
        county=organisation.county,
        subject=f"{organisation.pk}:{column}",
        title=_("%(name)s的%(label)s：%(value)s") % {"name": organisation.name, "label": label, "value": value},
        data={"value": value},
        before={"value": getattr(organisation, column)},
        reason=reason,
    )
    return services.propose(user, KIND, proposal)


def _split(change: Change) -> tuple[Organisation, str]:
    number, _colon, column = change.subject.partition(":")
    return queries.living(int(number)), column


def _rows(change: Change) -> list[kinds.Row]:
    organisation, column = _split(change)
    name = kinds.Row(__("單位"), organisation.name, organisation.name)
    return [name, kinds.Row(COLUMNS[column], change.before["value"], change.data["value"])]


def _current(change: Change) -> dict[str, str]:
    organisation, column = _split(change)
    return {"value": getattr(organisation, column)}


def _apply(change: Change, by: Actor) -> None:
    organisation, column = _split(change)
    fields = {column: change.data["value"]}
    if column == "tax_id":
        fields["tax_id_reason"] = change.reason[:200]
    try:
        with transaction.atomic():
            organisations.update_organisation(by, organisation, **fields)
    except IntegrityError as taken:
        if "tax_id" not in duplicates.columns_of(taken):
            raise
        raise Refused(_("這個統一編號已經登記給別的單位，不能再確認。")) from taken


KIND = kinds.register(
    kinds.Kind(
        name="organisation.number",
        label=__("特殊的統一編號、立案字號"),
        proposers=CASE_OFFICERS,
        confirmers=CASE_HANDLERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("communities:organisation", args=[_split(change)[0].pk]),
        current=_current,
    )
)
