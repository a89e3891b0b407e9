"""The people of a 印領清冊: kept with its voucher, whose amount is their sum; what is kept back of their pay is reckoned."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from grants.compliance.rosters import RowFinding, person_of, row_findings
from grants.enums import VoucherKind
from grants.models import RosterRow, SettlementLine, Voucher
from grants.rules import rosters, withholding
from grants.rules.names import folded
from grants.rules.rosters import PaidPerson
from miaoli_kaohsiung.lib import sealed
from miaoli_kaohsiung.lib.access import Refused


class RosterFindingsError(Refused):
    """The law asks something of a row, and nobody has written a word about it."""

    def __init__(self, found: Sequence[RowFinding]) -> None:
        super().__init__(" ".join(one.message for one in found))
        self.found = found


def total_of(line: SettlementLine, people: Sequence[PaidPerson]) -> int:
    return sum(rosters.pay_of(line.line.item, row) for row in people)


def payee_of(people: Sequence[PaidPerson]) -> str:
    """Return what stands as the payee of the voucher: the first person and how many there are."""
    heads = len({row.key for row in people})
    return people[0].name if heads == 1 else _("%(name)s等 %(heads)d 人") % {"name": people[0].name, "heads": heads}


def refuse_unexplained(row: Voucher, people: Sequence[PaidPerson], note: str) -> None:
    """Refuse a roster with findings as long as nobody explained them. Raises RosterFindingsError."""
    found = row_findings(row.line, people, row.issued_on, apart_from=row.pk)
    if found and not note.strip():
        raise RosterFindingsError(found)


def refuse_mismatch(line: SettlementLine, kind: str, people: Sequence[PaidPerson], amount: int) -> None:
    """Refuse a roster without people, people without a roster, and an amount that is not their sum. Raises Refused."""
    if (kind == VoucherKind.ROSTER) != bool(people):
        raise Refused(_("印領清冊請在這一項按「記印領清冊」，一個人填一列。"))
    for one in people:
        if wrong := rosters.impossible(line.line.item, one)[1]:
            raise Refused(f"{one.name}：{wrong}")
    if people and total_of(line, people) != amount:
        raise Refused(_("印領清冊的金額是各人應領的合計，請重新整理頁面再存一次。"))


def write(row: Voucher, people: Sequence[PaidPerson]) -> None:
    """Write the people of a voucher anew, with what is kept back from each."""
    row.people.all().delete()
    item = row.line.line.item
    income = withholding.income_of(item)
    whole: dict[tuple[str, str], int] = {}
    for one in people:
        whole[one.key] = whole.get(one.key, 0) + rosters.pay_of(item, one)
    for place, one in enumerate(people, start=1):
        # The payment is one, however many rows it has.
        kept = withholding.kept_back(income, row.issued_on, whole.pop(one.key, 0))
        number = one.national_id if income else ""
        row.people.create(
            position=place,
            name=one.name,
            folded=folded(one.name),
            sealed_id=sealed.seal(number),
            id_mark=sealed.mark_of(number),
            month=one.month,
            count=one.count,
            hours=one.hours,
            rate=one.rate,
            pay=rosters.pay_of(item, one),
            income=income,
            tax=kept.tax,
            premium=kept.premium,
        )


def people_of(row: Voucher) -> tuple[PaidPerson, ...]:
    return tuple(person_of(one) for one in row.people.all())


def last_people(line: SettlementLine) -> list[RosterRow]:
    """Return the people of the newest roster of the same item of the same association, to begin the next one with."""
    body = line.settlement.award.application.organisation_id
    same = Voucher.objects.filter(
        kind=VoucherKind.ROSTER,
        line__line__item=line.line.item,
        settlement__award__application__organisation=body,
    )
    newest = same.order_by("-issued_on", "-pk").first()
    return list(newest.people.all()) if newest else []


def last_numbers(line: SettlementLine) -> dict[str, str]:
    """Return the numbers of those people by their folded names; not of two people of one name."""
    known: dict[str, set[str]] = {}
    for person in last_people(line):
        known.setdefault(person.folded, set()).add(person.national_id)
    return {name: numbers.pop() for name, numbers in known.items() if len(numbers) == 1}
