"""What officers keep of their lists, and an act on several rows at once."""

import datetime as dt
from collections.abc import Iterator

from grants.models import Deadline
from grants.queries.desk.queues import QUEUES
from grants.services.desk import bulk
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lists.bulk.services import choose, confirm, work_pending
from miaoli_kaohsiung.lists.services import save_view

from .places import KAOHSIUNG, MIAOLI
from .registry import World

# The list, what the view is called, what the address chooses.
VIEWS = (
    ("awards", "結報逾期的", "view=awards&late=on&sort=due_on"),
    ("applications", "停留最久的", "status=under_review&sort=-days"),
    ("letters", "今年的補正函", "kind=correction&since=99%2F1%2F1"),
)


def year(world: World) -> Iterator[dt.date]:
    """Officers share the views that they look at each week; one urges all whose days have passed."""
    yield dt.date(2010, 5, 25)
    for county in (KAOHSIUNG, MIAOLI):
        for listing, name, query in VIEWS:
            save_view(world.of(county, "officer"), listing, name, query, shared=True)
    yield dt.date(2010, 5, 26)
    officer = world.of(KAOHSIUNG, "officer")
    kinds = [queue.urge for queue in QUEUES if queue.urge]
    open_ones = Deadline.objects.filter(kind__in=kinds, done_on=None, application__county=KAOHSIUNG)
    late = open_ones.filter(due_on__lt=clock.today())
    if keys := list(late.values_list("pk", flat=True)):
        confirm(officer, choose(officer, bulk.URGE, keys, "/desk/late_settlement/"), {})
        work_pending()
