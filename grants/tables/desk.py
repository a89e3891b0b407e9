"""The list of one queue of the desk."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.queries.desk.lists import QueueList
from grants.queries.desk.tasks import Task
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.due_dates import days_left
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lists.tables import KEEP, AmountColumn, DaysColumn, LateColumn, ListTable, WordColumn


class _DueColumn(LateColumn):
    """A due day with the days that are left; a file has the day alone."""

    def render(self, value: dt.date) -> str:
        return format_html("{}（{}）", super().render(value), days_left(value, clock.today()))

    def value(self, value: dt.date) -> str:
        return format_roc(value)


class QueueTable(ListTable):
    """Rows of queries.desk.lists.queue_list, each shown as its Task."""

    title = WordColumn(accessor="_title", verbose_name=_l("計畫／名稱"), empty_values=())
    number = tables.Column(accessor="_number", verbose_name=_l("案號"), empty_values=(), attrs=KEEP)
    who = WordColumn(accessor="_who", verbose_name=_l("單位"))
    text = tables.Column(accessor="_kind", verbose_name=_l("要做的事"), orderable=False)
    amount = AmountColumn(accessor="_sum", verbose_name=_l("金額（元）"))
    due = _DueColumn(accessor="_due", verbose_name=_l("期限"))
    since = DaysColumn(accessor="_waits_since", verbose_name=_l("等候天數"))
    urged = tables.Column(accessor="pk", verbose_name=_l("催辦"), orderable=False, attrs=KEEP)

    sums = {"amount": "_sum"}

    def __init__(self, *args: Any, work: QueueList, **kwargs: Any) -> None:
        """Build the table of the queue `work`, first with the columns that say something there."""
        self.work, self.caption = work, work.queue.title
        self._task: Task | None = None
        shown = {
            "text": work.varies,
            "amount": work.has_amount,
            "due": work.queue.due is not None,
            "since": work.has_age,
            "urged": bool(work.queue.urge),
        }
        self.first_columns = tuple(name for name in self.base_columns if shown.get(name, True))
        super().__init__(*args, **kwargs)

    def task(self, record: dict[str, Any]) -> Task:
        """Return the row as work; its cells are drawn one after the other."""
        if self._task is None or self._task.pk != record["pk"]:
            self._task = self.work.task(record)
        return self._task

    def render_title(self, record: dict[str, Any]) -> str:
        task = self.task(record)
        return format_html('<a href="{}">{}</a>{}', task.url, task.title or task.number, _hands(task))

    def value_title(self, record: dict[str, Any]) -> str:
        task = self.task(record)
        return task.title or task.number

    def render_number(self, record: dict[str, Any]) -> str:
        return self.task(record).number

    def render_text(self, record: dict[str, Any]) -> str:
        return self.task(record).text

    def render_urged(self, value: int, record: dict[str, Any]) -> str:
        deadline = self.work.urgeable.get(value, (None, None))[0]
        if deadline is None:
            return ""
        task = self.task(record)
        label = _("催辦 %(who)s %(number)s") % {"who": task.who, "number": task.number}
        button = format_html(
            '<button class="btn btn-outline-primary btn-sm" formaction="{}" aria-label="{}">{}</button>',
            reverse("grants:urge", args=[deadline]),
            label,
            _("催辦"),
        )
        return format_html("{} <small>{}</small>", button, self.value_urged(value))

    def value_urged(self, value: int) -> str:
        day = self.work.urgeable.get(value, (None, None))[1]
        return _("上次 %(day)s") % {"day": format_roc(day)} if day else ""


def _hands(task: Task) -> str:
    """Return whose work it is, where that is not the reader's own."""
    if task.left:
        words = _("承辦人%(name)s已離職，接手") % {"name": task.left}
        return format_html(
            ' <a class="tag ask" href="{}">{}</a>', reverse("grants:case_officer", args=[task.case]), words
        )
    if task.absent:
        return format_html(' <span class="tag">{}</span>', _("代理%(name)s") % {"name": task.absent})
    return ""
