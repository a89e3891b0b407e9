"""A desk as its owner sees it, and cases to lie on it."""

import datetime as dt

from django.urls import reverse

from grants.queries.desk import tasks
from tests.factories.grants import ApplicationFactory

TODAY = dt.date(2010, 6, 1)
YESTERDAY = dt.date(2010, 5, 31)


def bare(status, **fields):
    return ApplicationFactory(status=status, first_filed_on=TODAY, filed_on=TODAY, **fields)


def waiting(user):
    return {count.queue.kind: count.number for count in tasks.desk_of(user).counts}


def listed(client, kind, page=1):
    answer = client.get(reverse("grants:desk_queue", args=[kind]), {"page": page})
    assert answer.status_code == 200
    table = answer.context["list"].table
    return [table.task(row.record).number for row in table.page.object_list]
