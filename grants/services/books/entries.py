"""An association's own lines in its cash book: written down and, where one was wrong, cancelled with a reason."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from grants.models import BookEntry
from grants.permissions import actor_for, body_ground, holds
from grants.queries.books import passed
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

ADD = actions.register("book.add", _l("記現金簿"))
CANCEL = actions.register("book.cancel", _l("作廢現金簿的一筆"))


@dataclass(frozen=True)
class Entry:
    on: dt.date
    subject: str
    text: str
    amount: int
    number: str = ""


def add(user: User, organisation: Organisation, entry: Entry) -> BookEntry:
    """Write a line down. Raises Refused for a day to come, or in a year whose accounts were passed."""
    ground = body_ground(organisation)
    with trail.unit_of_work(actor_for(user, ground, Role.MEMBER)):
        require(holds(user, ground, Role.MEMBER))
        if entry.on > clock.today():
            raise Refused(_("日期不能晚於今天。"))
        if (first := organisation.registered_on) and entry.on < first:
            raise Refused(_("日期不能早於本單位立案的%(day)s，請檢查年份。") % {"day": format_roc(first)})
        _refuse_passed(organisation, entry.on)
        _refuse_twice(organisation, entry)
        made = BookEntry.objects.create(
            organisation=organisation, added_by=user, added_on=clock.today(), **asdict(entry)
        )
        trail.record(ADD, made, after={"on": entry.on, "subject": entry.subject, "amount": entry.amount})
        return made


def cancel(user: User, entry: BookEntry, reason: str) -> BookEntry:
    """Take a wrong line out of the sums; it stays with its reason. Pressed twice, the second call changes nothing."""
    ground = body_ground(entry.organisation)
    with trail.unit_of_work(actor_for(user, ground, Role.MEMBER)):
        require(holds(user, ground, Role.MEMBER))
        row = lock(BookEntry.objects.select_related("organisation"), pk=entry.pk)
        if row.cancelled_on is not None:
            return row
        _refuse_passed(row.organisation, row.on)
        row.cancelled_on, row.cancelled_by, row.reason = clock.today(), user, reason
        row.save(update_fields=["cancelled_on", "cancelled_by", "reason"])
        trail.record(CANCEL, row, before={"amount": row.amount}, after={"reason": reason})
        return row


def _refuse_twice(organisation: Organisation, entry: Entry) -> None:
    """Refuse a line that stands there already, and money carried over that the book carries over by itself."""
    lines = organisation.book_entries.filter(cancelled_on__isnull=True)
    if lines.filter(**asdict(entry)).exists():
        raise Refused(_("這一天已經記過一樣的一筆。真的有兩筆，請把摘要寫得不一樣。"))
    if entry.subject != BookEntry.Subject.OPENING:
        return
    if (first := lines.filter(subject=entry.subject).first()) and first.on.year != entry.on.year:
        params = {"day": format_roc(first.on), "amount": format_amount(first.amount)}
        raise Refused(_("%(day)s已經記過前期結存 %(amount)s 元，以後各年由系統結轉，不用再記。") % params)


def _refuse_passed(organisation: Organisation, on: dt.date) -> None:
    if passed(organisation, on.year):
        raise Refused(_("這一年的決算已經大會通過並登錄，現金簿不能再改。要更正，請縣府承辦人先退回那一項登錄。"))
