"""A list on its page. A view makes a `Listing` and gives it the rows that the person may see; what is chosen stands in the
address, and what the page posts comes back to the same address:

    listing = Listing(request, "letters", LetterTable, LetterFilter(request.GET, queryset=rows))
    return listing.posted() or render(request, "grants/letters/list.html", {"list": listing})
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import FieldError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_tables2.rows import BoundRows

from miaoli_kaohsiung.accounts.audiences import STAFF_ROLES
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.files import written_sheets
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number

from . import queries, services
from .filters import ListFilter
from .forms import ViewForm
from .models import SavedView
from .tables import ListTable

PER_PAGE = 40
# Open formats first.
FORMATS = ("ods", "csv", "xlsx")
# Parts of the address that say where one is, not what one wants to see.
PASSING = ("page",)


# How many rows one act takes at most.
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Act:
    """Something that can be begun with several rows: `begin` gets the chosen rows and answers with the page on which it
    is confirmed. Raises Refused. `most` is how many rows it takes at once, None for any number.
    """

    name: str
    label: Any
    begin: Callable[[SignedIn, QuerySet[Any]], HttpResponseBase]
    most: int | None = MOST_AT_ONCE


@dataclass(frozen=True)
class ShownView:
    view: SavedView
    address: str
    current: bool
    removable: bool


class _CountedPages(Paginator):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The pages of a table, as far as its rows are counted; `more` says that there are rows behind them. What stands
    before a later page is passed over by its keys alone, which an index has in their order. Where all rows are put in order
    first, those of the first page are chosen by their keys too, so that only these are joined with what they show.
    """

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        if number == 1 and not self._table.ordered_whole:
            return super().page(number)
        rows: QuerySet[Any] = self._table.data.data
        try:
            keys = self._keys(self._table.whole.order_by(*rows.query.order_by), number)
        except FieldError:  # sorted by what only a row shows
            keys = self._keys(rows, number)
        return Page(BoundRows(rows.filter(pk__in=keys), self._table), number, self)

    def _keys(self, rows: QuerySet[Any], number: int) -> list[int]:
        before = (number - 1) * self.per_page
        return list(rows.values_list("pk", flat=True)[before : min(before + self.per_page, self.count)])

    @cached_property
    def count(self) -> int:
        return self._table.counted

    @property
    def more(self) -> bool:
        return self._table.more

    @property
    def _table(self) -> ListTable:
        rows: Any = self.object_list
        table: ListTable = rows.table
        return table


class Listing:
    """One list as somebody sees it. Tools (columns, views, files) are for people of an office; the files of a list that
    `anyone_takes` are for all who see it.
    """

    def __init__(
        self,
        request: SignedIn,
        name: str,
        table: type[ListTable],
        found: ListFilter,
        acts: Sequence[Act] = (),
        kept: Mapping[str, str] | None = None,
        anyone_takes: bool = False,
        shown: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        """Build the list. `kept` are parts of the address that say which list it is, and stay whatever is chosen; `shown`
        adds to the rows what is shown of them, so that they are counted without it.
        """
        self.request, self.name, self.filter, self.acts = request, name, found, acts
        self.kept, self.anyone_takes = kept or {}, anyone_takes
        rows = found.qs
        columns = request.GET.getlist("column")
        self.table = table(shown(rows) if shown else rows, chosen=columns, counted=rows, **kwargs)
        self.table.counted_at_most, self.table.known_more = found.counted, found.known_more
        self.table.likely_long = self.staff and found.likely_long
        self.table.ordered_whole = found.ordered_whole
        if order := request.GET.getlist("sort"):
            self.table.order_by = order
        # Rows that are equal in the column keep their place from page to page.
        self.table.data.data = self.table.data.data.order_by(*self.table.data.data.query.order_by, "-pk")
        # First the paginator, by which the table knows that its rows are to be counted and not read.
        self.table.paginator = _CountedPages(self.table.rows, PER_PAGE)
        self.table.page = self.table.paginator.get_page(request.GET.get("page"))
        self.view_form = ViewForm()

    @cached_property
    def staff(self) -> bool:
        return any(post.role in STAFF_ROLES for post in posts_of(self.request.user))

    @property
    def taken(self) -> bool:
        """Whether this person may take the list out as a file."""
        return self.staff or self.anyone_takes

    @property
    def rows(self) -> QuerySet[Any]:
        """All rows that the filters leave, on whatever page."""
        rows: QuerySet[Any] = self.table.whole
        return rows

    @property
    def query(self) -> str:
        """What stands behind the address, without the page."""
        kept = self.request.GET.copy()
        for name in PASSING:
            kept.pop(name, None)
        return kept.urlencode()

    @property
    def whole(self) -> str:
        """The address of the list without any choice."""
        return f"{self.request.path}?{urlencode(self.kept)}" if self.kept else self.request.path

    @property
    def sort(self) -> str:
        return self.request.GET.get("sort", "")

    @cached_property
    def columns(self) -> list[tuple[str, str, bool]]:
        """Return (name, words, whether it is shown) for each column."""
        shown = self.table.columns.names()
        return [(name, words, name in shown) for name, words in self.table.columns_to_choose()]

    @property
    def columns_chosen(self) -> bool:
        return bool(self.request.GET.getlist("column"))

    @cached_property
    def roomy(self) -> bool:
        return queries.roomy(self.request.user)

    @cached_property
    def views(self) -> list[ShownView]:
        user, here = self.request.user, self.query
        return [
            ShownView(view, f"{self.request.path}?{view.query}", view.query == here, queries.may_remove(user, view))
            for view in queries.views_now(user, self.name)
        ]

    @property
    def formats(self) -> list[tuple[str, str]]:
        return [(extension, extension.upper()) for extension in FORMATS]

    def posted(self) -> HttpResponseBase | None:
        """Return the answer to what the page posted; None for a look at the page, and for a name that was refused."""
        if self.request.method != "POST":
            return None
        if self.taken and self.request.POST.get("export") in FORMATS:
            return self._file(self.request.POST["export"])
        if act := next((act for act in self.acts if act.name == self.request.POST.get("act")), None):
            return self._begin(act)
        if self.staff and "save_view" in self.request.POST:
            return self._save_view()
        if self.staff and "remove_view" in self.request.POST:
            self._remove_view()
        if "rows" in self.request.POST:
            services.set_roomy(self.request.user, roomy=self.request.POST["rows"] == "roomy")
        return redirect(self.request.get_full_path())

    def _file(self, extension: str) -> HttpResponseBase:
        """Return what is shown as a file: these filters, columns and this order, all pages."""
        services.note_export(self.request.user, self.name, extension, self.query, self.rows.order_by().count())
        heads = [str(column.header) for column in self.table.columns]
        name = f"{self.name}-{clock.today().isoformat()}"
        return written_sheets.answer(name, extension, str(self.table.caption), heads, self.table.rows_of_file())

    def _begin(self, act: Act) -> HttpResponseBase:
        rows = self._chosen()
        try:
            count = 0 if rows is None else rows.count()
            if rows is None or not count:
                raise Refused(_("請先勾選要辦的列。"))
            if act.most is not None and count > act.most:
                raise Refused(_("一次最多 %(most)d 件，請用條件縮小範圍，分次辦理。") % {"most": act.most})
            return act.begin(self.request, rows)
        except Refused as refused:
            messages.error(self.request, refused.reason)
            return redirect(self.request.get_full_path())

    def _chosen(self) -> QuerySet[Any] | None:
        """Return the ticked rows of the list, or all of them if that was ticked; None if nothing was."""
        if "every_row" in self.request.POST:
            return self.rows
        keys = [key for text in self.request.POST.getlist("row") if (key := whole_number(text)) is not None]
        return self.rows.filter(pk__in=keys) if keys else None

    def _save_view(self) -> HttpResponseBase | None:
        self.view_form = ViewForm(self.request.POST)
        if not self.view_form.is_valid():
            return None
        data = self.view_form.cleaned_data
        try:
            services.save_view(self.request.user, self.name, data["name"], self.query, shared=data["shared"])
        except Refused as refused:
            self.view_form.add_error("name", refused.reason)
            return None
        messages.success(self.request, _("已儲存檢視「%(name)s」。") % {"name": data["name"]})
        return redirect(self.request.get_full_path())

    def _remove_view(self) -> None:
        key = whole_number(self.request.POST["remove_view"])
        seen = queries.views_of(self.request.user, self.name)
        view = seen.filter(pk=key).first() if key is not None else None
        if view is not None:
            services.remove_view(self.request.user, view)
            messages.success(self.request, _("已刪除檢視「%(name)s」。") % {"name": view.name})
