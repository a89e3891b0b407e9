"""What hangs on a post, said where an administrator ends it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.services.people import Hanging, when_ending
from grants.models import Handover
from grants.queries.desk.hanging import cases_of, rows_of
from miaoli_kaohsiung.accounts.models import Post


@when_ending
def hanging(post: Post) -> list[Hanging]:
    """Return the cases in hand, the lists not signed for, and each queue with what only this person finds in it."""
    page = reverse("grants:post_work", args=[post.pk])
    unsigned = Handover.objects.filter(taker=post.user, organisation=None, county=post.county, received_on=None)
    found = [
        Hanging(_("承辦中的案件"), cases_of(post).count(), f"{page}#cases"),
        Hanging(_("還沒簽收的移交清冊"), unsigned.count(), f"{page}#handovers"),
    ]
    return found + [Hanging(str(queue.title), rows.count(), f"{page}#{queue.kind}") for queue, rows in rows_of(post)]
