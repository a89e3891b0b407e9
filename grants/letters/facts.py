"""What every letter knows without being given it: how it addresses its receiver, what it answers, the remedy, the offices."""

from datetime import date

from communities.enums import OrganisationKind
from communities.queries import township_name
from grants.models import Application
from grants.queries.applications.forwarding import forwarding_in_words
from miaoli_kaohsiung.accounts.particulars import Particulars
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import names

_ADDRESSED = {
    OrganisationKind.SCHOOL: "貴校",
    OrganisationKind.TOWNSHIP_OFFICE: "貴所",
    OrganisationKind.CHURCH: "貴教會",
    OrganisationKind.WELFARE_INSTITUTION: "貴單位",
    OrganisationKind.NATIONAL_NONPROFIT: "貴單位",
}


def addressed(kind: str) -> str:
    """Return how a letter addresses a body of the kind: 貴會, 貴校."""
    return _ADDRESSED.get(OrganisationKind(kind), "貴會")


def remedy(head: Particulars) -> str:
    """Return the notice of remedies that a decision must bear (行政程序法 96), with the authority of the day."""
    return f"如不服本處分，得自本件送達之次日起30日內，繕具訴願書經由本府向{head.ministry}提起訴願。"


def known(to: names.To, head: Particulars, on: date) -> dict[str, object]:
    """Return the values of the fields that no service gives, by their codes."""
    body = to.organisation
    place = township_name(to.township_code, on)
    found: dict[str, object] = {
        "remedy": remedy(head),
        "you": addressed(body.kind) if body else "",
        "organisation": body.name if body else "",
        "recipient": names.recipient(to, on)["name"],
        "township_office": f"{head.name}{place}公所" if place else "",
        "accounting": head.accounting,
        "department": head.department,
    }
    return found | _of_case(to, on) if isinstance(to, Application) else found


def _of_case(case: Application, on: date) -> dict[str, object]:
    return {
        "title": case.title,
        "number": case.number,
        "legal_basis": case.scheme.legal_basis,
        "answered": _answered(case, on),
    }


def _answered(case: Application, on: date) -> str:
    """Return what the letter replies to: the application, or the township's letter that forwarded it."""
    filed_on = format_roc(case.first_filed_on) if case.first_filed_on else ""
    application = f"{addressed(case.organisation.kind)}{filed_on}申請書（案號{case.number}）"
    return f"復{forwarding_in_words(case, on)}{application}。"
