"""The 領據 of an instalment as PDF: filled in with what the portal knows, with space for seal and signatures."""

from django.template.loader import render_to_string

from communities.models import OfficeTerm
from grants.models import Instalment
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.enums import Office
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.amount_words import in_words


def render(instalment: Instalment) -> bytes:
    """Return the PDF; its date is left blank to be written by hand. Raises pdf.UnavailableError where the machine
    cannot make PDFs.
    """
    case = instalment.award.application
    today = clock.today()
    context = {
        "row": instalment,
        "case": case,
        "organisation": case.organisation,
        "words": in_words(instalment.amount),
        "payer": particulars(case.county, today).office,
        "single": instalment.award.instalments.count() == 1,
        "account": instalment.kept_account or instalment.registered_account,
        "names": names_of(case.organisation_id),
    }
    return pdf.render(render_to_string("grants/payments/receipt.html", context))


def names_of(organisation_id: int) -> dict[str, str]:
    """Return who holds which office today, by the office's code; several people in one office are named together."""
    today = clock.today()
    terms = OfficeTerm.objects.filter(organisation_id=organisation_id, valid_from__lte=today)
    names: dict[str, list[str]] = {}
    for term in terms.exclude(valid_to__lt=today).order_by("id"):
        names.setdefault(term.office, []).append(term.person_name)
    return {office: "、".join(names.get(office, ())) for office in Office}
