"""The register of letters."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _l

from grants.enums import LetterKind, LetterStatus
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    ChoiceColumn,
    DayColumn,
    ListTable,
    NumberColumn,
    NumberLinkColumn,
    RowAddress,
    WordColumn,
)

# How a status stands out.
_LOOKS = {LetterStatus.DRAFT: "ask", LetterStatus.ISSUED: "good"}


class LetterTable(ListTable):
    """Rows of queries.letters.described."""

    dispatch_number = NumberLinkColumn("grants:letter_detail", "pk", empty=_l("（稿）"), verbose_name=_l("發文字號"))
    kind = ChoiceColumn(LetterKind, verbose_name=_l("種類"))
    case = NumberColumn(accessor="application__number", verbose_name=_l("案號"), default="", attrs=KEEP)
    receiver = WordColumn(verbose_name=_l("受文者"))
    subject = WordColumn(verbose_name=_l("主旨"))
    prepared_on = DayColumn(verbose_name=_l("擬稿日期"))
    dispatched_on = DayColumn(verbose_name=_l("發文日期"))
    preparer = tables.Column(verbose_name=_l("擬稿人"), default="", attrs=KEEP)
    status = ChoiceColumn(LetterStatus, verbose_name=_l("狀態"))

    first_columns = ("dispatch_number", "kind", "case", "receiver", "subject", "prepared_on", "dispatched_on", "status")
    read_with = ()
    caption = _l("公文")

    def __init__(self, *args: Any, opens_case: bool, **kwargs: Any) -> None:
        """Build the table. `opens_case` says whether the person may open the case of a letter."""
        super().__init__(*args, **kwargs)
        self.opens_case = opens_case
        self.address_of_case = RowAddress("grants:application_detail")

    def render_case(self, value: str) -> str:
        if not self.opens_case:
            return value
        return self.address_of_case.link(value, value)

    def value_case(self, value: str) -> str:
        return value

    def render_status(self, value: str) -> str:
        status = LetterStatus(value)
        return format_html('<span class="tag {}">{}</span>', _LOOKS.get(status, ""), status.label)

    def value_status(self, value: str) -> str:
        return str(LetterStatus(value).label)
