"""The table of a list: django-tables2 with dense rows, a line of sums, columns to choose, and values for a file."""

import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Callable, Container, Iterator
from copy import copy
from decimal import Decimal
from html import unescape
from typing import Any

import django_tables2 as tables
from django.db.models import Choices, Count, Expression, F, QuerySet, Sum
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib import clock, money, natural, roc_date
from miaoli_kaohsiung.lib.fields import format_quantity
from miaoli_kaohsiung.lib.markup import filled, joined

from .ages import age_of
from .cells import reader, row_drawer

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
KEEP = {"td": {"class": "keep"}}
# How many rows of a file are read at once.
CHUNK = 2_000
# So many rows are counted, added up and shown page by page. A list of more says so; its file has them all.
MOST_COUNTED = 10_000
# So many are counted and added up by one query; of a longer list the rows are counted before they are added up.
ADDED_AT_ONCE = 200
# What stands in an address as it is.
_PLAIN = re.compile(r"[0-9A-Za-z-]+")
_TICKED = '<tr><td class="tick"><input class="form-check-input" type="checkbox" name="row" value="{}"{} aria-label="{}"></td>{}</tr>\n'


def waited(since: dt.date) -> str:
    days = (clock.today() - since).days
    return format_html('<span class="age {}">{}</span>', age_of(since), _("%(days)d 天") % {"days": days})


class RowAddress:
    """The addresses of one page for the rows of a table. The first says where a key stands in those of the others, as long
    as keys are numbers and letters, which stand there as they are.
    """

    def __init__(self, route: str) -> None:
        self.route = route
        self.around: tuple[str, str] | None = None

    def __call__(self, key: Any) -> str:
        words = str(key)
        if self.around is not None and _PLAIN.fullmatch(words):
            return words.join(self.around)
        address = reverse(self.route, args=[key])
        if _PLAIN.fullmatch(words) and address.count(words) == 1:
            before, _key, after = address.partition(words)
            self.around = before, after
        return address

    def link(self, key: Any, words: Any) -> SafeString:
        return filled('<a href="{}">{}</a>', [self(key), words])


class LinkColumn(tables.Column):
    """The cell that leads to the row's page: `route`, with what stands under `key` in the row. A file has the words alone.
    `empty` stands where the row has no words.
    """

    def __init__(self, route: str, key: str, *, empty: Any = "", **kwargs: Any) -> None:
        super().__init__(**{"attrs": KEEP, "empty_values": (), **kwargs})
        self.route, self.key, self.empty = route, tables.A(key), empty

    @cached_property
    def address(self) -> RowAddress:
        return RowAddress(self.route)

    def render(self, value: Any, record: Any) -> str:
        return self.address.link(self.key.resolve(record), self.value(value))

    def value(self, value: Any) -> str:
        return str(value or self.empty)


class NumberColumn(tables.Column):
    """The number of a case, a batch or a thing: sorted as people count, the ten thousandth behind the 9,999th."""

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        column = natural.in_order(str(self.accessor).replace(".", "__"))
        return queryset.order_by(column.desc() if is_descending else column.asc()), True


class NumberLinkColumn(NumberColumn, LinkColumn):
    """The same as a link to its page."""


class EmptyLastColumn(tables.Column):
    """A column whose empty cells stand last, whichever way it is sorted."""

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        column = F(str(self.accessor).replace(".", "__"))
        ordered = column.desc(nulls_last=True) if is_descending else column.asc(nulls_last=True)
        return queryset.order_by(ordered), True


class ChoiceColumn(tables.Column):
    """The words of a choice, for rows that are plain values."""

    def __init__(self, choices: type[Choices], **kwargs: Any) -> None:
        super().__init__(**{"attrs": KEEP, **kwargs})
        self.choices = choices

    def render(self, value: Any) -> str:
        return str(self.choices(value).label)

    def value(self, value: Any) -> str:
        return self.render(value)


class AmountColumn(EmptyLastColumn):
    """Whole NT dollars: grouped on the screen, a number in a file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"attrs": NUMBER, "default": "", **kwargs})

    def render(self, value: int) -> str:
        return money.format_amount(value)

    def value(self, value: int) -> int:
        return value


class DayColumn(EmptyLastColumn):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"attrs": KEEP, "default": "", **kwargs})

    def render(self, value: dt.date) -> str:
        return roc_date.format_roc(value)


class LateColumn(DayColumn):
    """A due day, which stands out once it has passed."""

    def render(self, value: dt.date) -> str:
        words = super().render(value)
        return format_html('<span class="late-text">{}</span>', words) if value < clock.today() else words

    def value(self, value: dt.date) -> str:
        return super().render(value)


class DaysColumn(EmptyLastColumn):
    """For how many days something has been waiting, from a day on; the longer, the more it stands out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"attrs": NUMBER, "default": "", **kwargs})

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        """Order by days: the earlier the day, the more there are."""
        return super().order(queryset, not is_descending)

    def render(self, value: dt.date) -> str:
        return waited(value)

    def value(self, value: dt.date) -> int:
        return (clock.today() - value).days


def _words(value: Any) -> str:
    """Return what a cell says, without its markup."""
    return unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)


def _sum_words(total: int | Decimal) -> str:
    return format_quantity(total) if isinstance(total, Decimal) else money.format_amount(total)


class WordColumn(tables.Column):
    """Text of any length, cut to the room there is in the row; the whole of it stands in its title."""

    def __init__(self, **kwargs: Any) -> None:
        look = {"td": {"class": "long", "title": _words}}
        super().__init__(**{"attrs": look, "default": "", **kwargs})


class _Columns(OrderedDict[str, tables.Column]):
    """The columns of a table, of which each request takes a copy: of the columns, not of all that hangs on them, which
    stays as it is.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> OrderedDict[str, tables.Column]:
        return OrderedDict((name, copy(column)) for name, column in self.items())


class ListTable(tables.Table):
    """The base of every list. `first_columns` are those that are shown until somebody chooses others; `sums` names the
    columns that are added up over all pages, with what is added up if it is not the column itself. `ticked` is the
    attribute of a row that is added up beside the boxes while rows are ticked.
    """

    first_columns: tuple[str, ...] = ()
    sums: dict[str, str | Expression] = {}
    ticked: str = ""
    # How a column is added up in a list of many rows, where that is not done row by row.
    sums_of_many: dict[str, Callable[[QuerySet[Any]], int]] = {}
    # Whether most people who see the list as it is have more rows than are added up at once.
    likely_long = False
    # How many rows are counted, if fewer than of any list, and whether more are known to be there without counting.
    counted_at_most: int | None = None
    known_more = False
    # Whether all rows are put in order before the first of them are known.
    ordered_whole = False
    # What is read of each row beside what the columns shown stand for; None where a row is a whole record of its model.
    read_with: tuple[str, ...] | None = None
    caption: Any = ""
    caption_is_heading = True

    class Meta:
        template_name = "lists/table.html"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.base_columns = _Columns(cls.base_columns)

    def __init__(
        self, data: QuerySet[Any], *, chosen: list[str], counted: QuerySet[Any] | None = None, **kwargs: Any
    ) -> None:
        """Build the table. `counted` are the same rows without what only a row shows."""
        known = [name for name in self.base_columns if name in chosen] or list(self.first_columns or self.base_columns)
        without = [name for name in self.base_columns if name not in known]
        self.whole = data if counted is None else counted
        super().__init__(self._values(data, known), exclude=without, **kwargs)

    def _values(self, data: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
        """Return the rows as plain values of these columns. Records of several wide tables would take longer to build than
        all their cells to draw.
        """
        if self.read_with is None:
            return data
        columns = [(name, self.base_columns[name]) for name in names]
        read = [str(column.accessor or name) for name, column in columns]
        read += [str(column.key) for _name, column in columns if isinstance(column, LinkColumn)]
        return data.values(*dict.fromkeys(["pk", *read, *self.read_with]))

    @classmethod
    def columns_to_choose(cls) -> list[tuple[str, str]]:
        return [(name, str(column.verbose_name)) for name, column in cls.base_columns.items()]

    def key_of(self, record: Any) -> int:
        key: int = record["pk"] if isinstance(record, dict) else record.pk
        return key

    @property
    def drawn_rows(self) -> SafeString:
        """Return the rows of the page, each with its cells."""
        draw = row_drawer(self)
        return joined([filled("<tr>{}</tr>\n", [draw(row.record)]) for row in self.paginated_rows])

    @property
    def ticked_rows(self) -> SafeString:
        """Return the same with a box to tick in front, which says what is added up while it is ticked."""
        name, draw, words = reader(self, self.columns[0]), row_drawer(self), _("勾選 %(name)s")
        drawn = []
        for row in self.paginated_rows:
            record = row.record
            amount = tables.A(self.ticked).resolve(record) if self.ticked else ""
            added = filled(' data-amount="{}"', [amount]) if str(amount) else ""
            label = words % {"name": name(record)}
            drawn.append(filled(_TICKED, [self.key_of(record), added, label, draw(record)]))
        return joined(drawn)

    @cached_property
    def _tally(self) -> dict[str, Any]:
        """Return the number of the rows and the sums of the columns shown, in one query that reads one row more than
        are added up at once. A list of more is counted first, which its index does alone, and added up if it is counted
        to its end: however many rows there are, it takes no longer. One that is `likely_long` is not tried.
        """
        if self.known_more:
            return {"rows_counted": self.most_counted + 1}
        if not self.likely_long or not self._wanted:
            few = self._added_up(ADDED_AT_ONCE + 1)
            if few["rows_counted"] <= ADDED_AT_ONCE or not self._wanted:
                return few
        number = self.whole.order_by().values("pk")[: self.most_counted + 1].count()
        return {"rows_counted": number} if number > self.most_counted else self._added_up_all(number)

    def _added_up_all(self, number: int) -> dict[str, Any]:
        """Return the sums of so many rows: each column by its own way for many, if it has one."""
        apart = {name: self.sums_of_many[name] for name in self.sums_of_many if f"sum_{name}" in self._wanted}
        found = self._added_up(number, besides=apart)
        return found | {f"sum_{name}_all": total(self.whole.order_by()) for name, total in apart.items()}

    @property
    def _wanted(self) -> dict[str, Any]:
        return {
            f"sum_{name}": F(what) if isinstance(what, str) else what
            for name, what in self.sums.items()
            if name in self.columns.names()
        }

    def _added_up(self, most: int, besides: Container[str] = ()) -> dict[str, Any]:
        wanted = {name: what for name, what in self._wanted.items() if name.removeprefix("sum_") not in besides}
        rows = self.whole.order_by().annotate(**wanted).values("pk", *wanted)
        rows = rows[: most if wanted else self.most_counted + 1]
        found: dict[str, Any] = rows.aggregate(rows_counted=Count("*"), **{f"{name}_all": Sum(name) for name in wanted})
        return found

    @property
    def most_counted(self) -> int:
        return MOST_COUNTED if self.counted_at_most is None else self.counted_at_most

    @property
    def more(self) -> bool:
        """Whether there are more rows than are counted."""
        return bool(self._tally["rows_counted"] > self.most_counted)

    @property
    def counted(self) -> int:
        return min(int(self._tally["rows_counted"]), self.most_counted)

    @property
    def added(self) -> dict[str, int | Decimal]:
        """Return the sums of the columns shown, over all pages; none of a list that is not counted to its end."""
        if self.more:
            return {}
        known = [name for name in self.sums if name in self.columns.names()]
        return {name: self._tally[f"sum_{name}_all"] or 0 for name in known}

    @property
    def foot(self) -> list[tuple[str, str]]:
        """Return (column, cell) of the line of sums; the first says how many rows there are."""
        words = _("超過 %(count)s 筆") if self.more else _("共 %(count)s 筆")
        count = words % {"count": money.format_amount(self.counted)}
        heads = [(column.name, str(column.header)) for column in self.columns]
        added = self.added
        cells = [_sum_words(added[name]) if name in added else "" for name, _head in heads]
        return [(head, count if place == 0 else cells[place]) for place, (_name, head) in enumerate(heads)]

    def rows_of_file(self) -> Iterator[list[Any]]:
        """Return all rows, whatever the page, as their columns are shown; read in chunks."""
        readers = [reader(self, column) for column in self.columns]
        for record in self.data.data.iterator(chunk_size=CHUNK):
            yield [read(record) for read in readers]
