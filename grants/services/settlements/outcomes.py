"""Who is notified of an accepted 結報, and of what follows from it."""

from django.utils.translation import gettext as _

from grants.enums import InstalmentStatus
from grants.models import Settlement
from grants.queries.payments import refund_due
from grants.services import notices
from grants.services.payments import returns
from miaoli_kaohsiung.lib.money import format_amount


def notify_of_outcome(row: Settlement) -> None:
    """Notify the association of what it is still paid or must return, and finance of money that must come back."""
    award = row.award
    people = notices.members(award.application)
    text = _("准予核銷 %(amount)s 元。") % {"amount": format_amount(row.eligible or 0)}
    if row.surcharge:
        text += _("另加收費加成 %(amount)s 元。") % {"amount": format_amount(row.surcharge)}
    last = award.instalments.filter(status=InstalmentStatus.AWAITING_RECEIPT).first()
    if last:
        text += _("縣府發函以後，請送第 %(number)d 期款 %(amount)s 元的領據，就能撥款。") % {
            "number": last.number,
            "amount": format_amount(last.amount),
        }
    elif due := refund_due(award):
        params = {"amount": format_amount(due)}
        text += _("已撥的款項多於核銷金額，縣府會發函請您繳回 %(amount)s 元。") % params
        returns.notify_finance(award, "settlement.return")
    notices.about_part(row, people, "accepted", _("結報准予核銷"), text)
