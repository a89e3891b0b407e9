"""What the registry of a county knows, small enough to be held whole: to find the body that a row of the list means."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from communities import naming
from communities.models import Organisation
from miaoli_kaohsiung.lib import identifiers
from miaoli_kaohsiung.lib.numbers import whole_number


@dataclass(frozen=True)
class Problem:
    """Why a row is not taken: the key of the column and a sentence. With a `code` it is a question that a yes answers."""

    key: str
    sentence: str
    code: str = ""


def tax_id_in(texts: dict[str, str]) -> str:
    """Return the tax id of a row if it may be one, for finding whose it is; "" if there is none or it cannot be read."""
    try:
        digits = identifiers.tax_id_digits(texts.get("tax_id", ""))
    except ValueError:
        return ""
    return digits


class Book:
    """The bodies of a county by name and numbers, and what earlier rows of the list were about."""

    def __init__(self, county: str) -> None:
        self.county = county
        self._names: dict[int, str] = {}
        self._by_folded: dict[str, int] = {}
        self._by_tax_id: dict[str, int] = {}
        self._by_registration: dict[str, list[int]] = defaultdict(list)
        self._rows: dict[Any, int] = {}
        self._read_merged()
        self._read_living()
        known = ((self._names[pk], folded) for folded, pk in self._by_folded.items() if pk in self._names)
        self._similar = naming.Names(known)

    def _read_living(self) -> None:
        columns = ("pk", "name", "folded_name", "tax_id", "registration_number")
        for pk, name, folded, tax_id, number in Organisation.objects.filter(county=self.county).values_list(*columns):
            self._names[pk] = name
            self._by_folded[folded] = pk
            if tax_id:
                self._by_tax_id[tax_id] = pk
            if number:
                self._by_registration[number].append(pk)

    def _read_merged(self) -> None:
        """An old name and an old number lead to the record that lives; that one's own come before."""
        merged = Organisation.every_record.filter(county=self.county).exclude(merged_into=None)
        for folded, tax_id, into in merged.values_list("folded_name", "tax_id", "merged_into_id"):
            self._by_folded[folded] = into
            if tax_id:
                self._by_tax_id[tax_id] = into

    def leads_to(self, folded: str) -> int | None:
        """Return the body that has this name, or had it before a merger."""
        return self._by_folded.get(folded)

    def find(self, texts: dict[str, str]) -> tuple[int | None, list[Problem]]:
        """Return the body that the row is about, None for a new one; with problems nothing is certain."""
        pk = whole_number(texts.get("pk"))
        if texts.get("pk") and pk not in self._names:
            return None, [Problem("pk", _("本縣沒有這個系統編號。新的單位請空白。"))]
        tax_id = tax_id_in(texts)
        folded = naming.fold(texts["name"], self.county) if "name" in texts else ""
        found = (pk, self._by_tax_id.get(tax_id), self._by_folded.get(folded))
        bodies = list(dict.fromkeys(one for one in found if one is not None))
        if len(bodies) > 1:
            names = "、".join(f"「{self._names[one]}」" for one in bodies)
            message = _("這一列的編號、統一編號和名稱分別是不同單位的：%(names)s。請確認後只留對的。")
            return None, [Problem("tax_id" if tax_id else "name", message % {"names": names})]
        if bodies:
            return bodies[0], []
        return None, self._problems_of_new(texts)

    def _problems_of_new(self, texts: dict[str, str]) -> list[Problem]:
        if "name" not in texts:
            return [Problem("name", _("請填單位名稱。"))]
        number = texts.get("registration_number", "")
        if number and (others := self._by_registration.get(number)):
            message = _("這個立案字號已經登記給「%(name)s」。同一個單位改名，請填它的統一編號或系統編號。")
            return [Problem("registration_number", message % {"name": self._names[others[0]]})]
        return []

    def alike(self, folded: str, own: str = "") -> list[str]:
        """Return names of other bodies that may be the same one."""
        return [name for name in self._similar.alike(folded) if name != own]

    def remember(self, name: str, folded: str) -> None:
        """Count a new body of the list among those that later rows are compared with."""
        self._similar.add(name, folded)

    def first_row(self, about: Any, number: int) -> int:
        """Return the first row of the list that is about this body or has this number."""
        return self._rows.setdefault(about, number)
