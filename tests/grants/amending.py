"""A change after the approval, asked for by the association's people and decided by the county's."""

from types import SimpleNamespace
from typing import Any

from grants.enums import AmendedPart
from grants.models import Amendment, Award
from grants.services.amendments import asking, deciding
from grants.services.amendments.deciding import Answer
from grants.services.amendments.items import Item
from tests.factories.communities import chair_of


def place(award: Award, name: str = "社區活動中心") -> Item:
    return Item(AmendedPart.PLACE, {"place": award.application.place}, {"place": name})


def amount(award: Award, position: int, approved: int, **more: Any) -> Item:
    """A line's amount; `more` are its other new values, with what stands there now as the old ones."""
    line = award.lines.select_related("line").get(position=position)
    before = {"approved": line.approved} | {name: getattr(line.line, name) for name in more}
    return Item(AmendedPart.LINE, before, {"approved": approved, **more}, line.pk)


def period(award: Award, starts_on: str, ends_on: str) -> Item:
    before = {"starts_on": award.starts_on.isoformat(), "ends_on": award.ends_on.isoformat()}
    return Item(AmendedPart.PERIOD, before, {"starts_on": starts_on, "ends_on": ends_on})


def later(award: Award, due_on: str) -> Item:
    return Item(AmendedPart.SETTLEMENT, {"due_on": "2010-06-30"}, {"due_on": due_on})


def given_up() -> Item:
    return Item(AmendedPart.GIVE_UP)


def asked(award: Award, *items: Item, reason: str = "場地修繕") -> Amendment:
    """Sent by the chairperson: with the county at once."""
    return asking.ask(chair_of(award.application.organisation), award, items, reason=reason)


def checked(staff: SimpleNamespace, amendment: Amendment) -> Amendment:
    return deciding.check(staff.officer, amendment, {item.pk: Answer(True) for item in amendment.items.all()})


def decided(staff: SimpleNamespace, amendment: Amendment, *no: int) -> Amendment:
    """Decided by the head: everything but the positions in `no`."""
    row = checked(staff, amendment)
    answers = {item.pk: Answer(item.position not in no, "與核定目的不符") for item in row.items.all()}
    return deciding.decide(staff.head, row, answers)


def added(item: str, approved: int, **more: Any) -> Item:
    """A line that the approval did not have."""
    return Item(AmendedPart.NEW_LINE, {}, {"item": item, "approved": approved, "quantities": {}, **more})
