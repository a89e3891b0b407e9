"""Printed letters with which office holders get into their accounts without e-mail.

A letter shows its code once: it is made in the answer to the request and kept nowhere. Whoever needs it again gets another
one, and the earlier code is void.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from communities import naming
from communities.models import OfficeTerm, Organisation
from communities.services import terms
from miaoli_kaohsiung.accounts import counties, entry_codes
from miaoli_kaohsiung.accounts.entry_codes import EntryError, Printed
from miaoli_kaohsiung.accounts.enums import EntryPurpose
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.particulars import Particulars
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock, pdf, qr


@dataclass(frozen=True)
class Page:
    """One letter. `place` is the body and the office of the reader."""

    printed: Printed
    organisation: Organisation
    place: str
    head: Particulars

    @property
    def typed_address(self) -> str:
        return f"{settings.PORTAL_URL}{reverse('entry')}"

    @property
    def picture(self) -> SafeString:
        address = settings.PORTAL_URL + reverse("entry-link", args=[self.printed.token])
        return qr.svg(address, 46, title=_("開通用的方塊碼"))


def first_letters(by: Actor, found: Iterable[OfficeTerm]) -> bytes:
    """Make the accounts of these office holders, where they have none, and return their letters as one PDF.

    Raises EntryError and terms.TermError, after which nothing is kept, and lib.pdf's errors.
    """
    with trail.unit_of_work(by):
        pages = []
        for term in found:
            if naming.same_person(term.person_name, by.user.display_name):
                raise EntryError(_("%(who)s和您同名。不能給自己開通信，請另一位同仁辦理。") % {"who": term.person_name})
            user = terms.open_account(by, term)
            printed = entry_codes.issue(by, user, EntryPurpose.FIRST)
            place = f"{term.organisation.name}　{term.get_office_display()}"
            pages.append(_page(printed, term.organisation, place))
        return _rendered(pages)


def recovery_letter(by: Actor, user: User, organisation: Organisation, change_id: int) -> bytes:
    """Return the letter with which somebody of this body sets a new password. The caller has asked who may.

    Raises EntryError and lib.pdf's errors, after which nothing is kept.
    """
    with trail.unit_of_work(by):
        printed = entry_codes.issue(by, user, EntryPurpose.RECOVERY, change_id=change_id)
        return _rendered([_page(printed, organisation, organisation.name)])


def _page(printed: Printed, organisation: Organisation, place: str) -> Page:
    return Page(printed, organisation, place, counties.particulars(organisation.county, clock.today()))


def _rendered(pages: list[Page]) -> bytes:
    return pdf.render(render_to_string("accounts/entry_letter.html", {"pages": pages, "today": clock.today()}))
