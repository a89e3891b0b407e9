"""What holds of a county from a day on, as plain data."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

# Stands for the year in the number of a file (檔號), which changes with it.
YEAR_MARK = "【年度】"


@dataclass(frozen=True)
class Particulars:
    """What holds of a county from a day on.

    `signatory` is the title under a letter and `signatory_name` whose name follows; `signature` the number of the picture
    (簽字章) that is printed in its place. `street` follows the county's name. `ministry` is the authority that hears an
    appeal (訴願). `accent` is the colour of the county's pages.
    """

    starts_on: dt.date
    name: str
    postal_code: str
    street: str
    phone: str
    signatory: str
    department: str
    accounting: str
    ministry: str
    fax: str = ""
    email: str = ""
    signatory_name: str = ""
    signature: str = ""
    delegation: str = ""
    dispatch_word: str = ""
    file_number: str = ""
    retention: str = ""
    accent: str = ""
    help_phone: str = ""
    help_hours: str = ""
    help_email: str = ""
    footer: str = ""

    @property
    def office(self) -> str:
        """The county's government: 高雄縣政府."""
        return f"{self.name}政府"

    @property
    def address(self) -> str:
        return f"{self.postal_code}{self.name}{self.street}"


# What is said from the day on.
SAID = tuple(field.name for field in fields(Particulars) if field.name != "starts_on")
COLUMNS = tuple(field.name for field in fields(Particulars))
Known = dict[str, tuple[Particulars, ...]]


def from_row(row: Any) -> Particulars:
    """Return the particulars of a row of CountyParticulars."""
    values = {name: getattr(row, name) for name in COLUMNS if name != "signature"}
    return Particulars(**values, signature=str(row.signature_id or ""))
