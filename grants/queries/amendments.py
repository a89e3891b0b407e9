"""Reads of changes after the approval: their rows in words, old beside new, and what came of an award."""

import datetime as dt
from copy import copy
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import AmendedPart
from grants.models import Amendment, AmendmentItem, AmendmentPaper, AwardLine, BudgetLine
from grants.queries import scope
from grants.queries.applications.pages import ShownPaper, item_name, quantity_words
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

# One line of old and new: (label, before, after).
Row = tuple[str, str, str]
_NOTHING = "—"


def visible(user: User) -> QuerySet[Amendment]:
    """Return the requests on awards that the user may see."""
    rows = Amendment.objects.filter(award__in=scope.awards(user))
    return rows.select_related(
        "award__application__organisation",
        "award__application__scheme",
        "award__application__programme",
        "letter",
        "asked_by",
        "confirmed_by",
        "checked_by",
        "decided_by",
    )


def papers_of(amendment: Amendment) -> list[ShownPaper]:
    """Return what the association attached, in the order in which it came."""
    return [_shown(row) for row in amendment.papers.select_related("file")]


def _shown(row: AmendmentPaper) -> ShownPaper:
    at = [row.amendment_id, row.pk]
    return ShownPaper(
        row.name,
        _("%(day)s 附上") % {"day": format_roc(row.added_on)},
        row.file,
        f"paper-{row.pk}",
        f"paper:{row.pk}",
        reverse("grants:amendment_paper", args=at),
        lambda page: reverse("grants:amendment_paper_page", args=[*at, page]),
    )


def described(item: AmendmentItem) -> list[Row]:
    """Return what the item changes, in words; nothing for giving up, which has no before and after."""
    if item.part == AmendedPart.LINE and item.line is not None:
        return _line(item.line, item.before, item.after)
    return {
        AmendedPart.NEW_LINE: _new_line,
        AmendedPart.PERIOD: _period,
        AmendedPart.PLACE: _place,
        AmendedPart.CONTACT: _contact,
        AmendedPart.SETTLEMENT: _settlement,
    }.get(AmendedPart(item.part), _none)(item.before, item.after)


def _line(line: AwardLine, before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    name = f"{line.position}　{item_name(line.line)}"
    rows: list[Row] = []
    if before["approved"] != after["approved"]:
        rows.append((name, _money(before["approved"]), _money(after["approved"])))
    old, new = copy(line.line), copy(line.line)
    for key in after.keys() - {"approved"}:
        setattr(old, key, before[key])
        setattr(new, key, after[key])
    if (then := quantity_words(old)) != (now := quantity_words(new)):
        rows.append((_("%(name)s（數量、人員）") % {"name": name}, then or _NOTHING, now or _NOTHING))
    if before.get("unit_price") != after.get("unit_price"):
        rows.append((_("%(name)s（單價）") % {"name": name}, _money(before["unit_price"]), _money(after["unit_price"])))
    return rows


def _new_line(before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    """Return the line that is to be added: its amount, then whatever was entered with it."""
    row = BudgetLine(item=after["item"])
    for key in after.keys() - {"item", "approved"}:
        setattr(row, key, after[key])
    own = [(_("自籌"), row.own_funds), (_("其他單位補助"), row.other_funds), (_("單價"), row.unit_price)]
    said = [(_("用途"), row.description), (_("數量、人員"), quantity_words(row))]
    said += [(label, _money(amount)) for label, amount in own if amount]
    rows: list[Row] = [(_("新增%(name)s") % {"name": item_name(row)}, _NOTHING, _money(after["approved"]))]
    return rows + [(label, _NOTHING, words) for label, words in said if words]


def _period(before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    return [(_("執行期間"), _days(before), _days(after))]


def _days(values: dict[str, Any]) -> str:
    return _("%(first)s至%(last)s") % {"first": _day(values["starts_on"]), "last": _day(values["ends_on"])}


def _place(before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    return [(_("辦理地點"), before["place"] or _NOTHING, after["place"] or _NOTHING)]


def _contact(before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    return [(_("聯絡人"), _person(before), _person(after))]


def _person(values: dict[str, Any]) -> str:
    return "　".join(part for part in (values["name"], values["phone"], values["email"]) if part) or _NOTHING


def _settlement(before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    return [(_("結報期限"), _day(before["due_on"]), _day(after["due_on"]))]


def _none(before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    return []


def _money(amount: int | None) -> str:
    return _NOTHING if amount is None else _("%(amount)s 元") % {"amount": format_amount(amount)}


def _day(text: str) -> str:
    return format_roc(dt.date.fromisoformat(text))
