"""What each reviewer of a county is asked about."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.queries import township_name
from grants.models import Programme, ReviewerRemit
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of, posts_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

REMIT = actions.register("reviewer.remit", _l("設定委員的審查範圍"))


def set_remit(
    user: User, county: str, reviewer: User, programmes: Collection[Programme], townships: Sequence[str]
) -> ReviewerRemit:
    """Keep which programmes and townships a reviewer is asked about; none of a kind stands for all. What was assigned
    before stays.
    """
    post = next((post for post in posts_of(user) if post.role == Role.CASE_OFFICER and post.county == county), None)
    if post is None:
        raise Refused(_("審查範圍由本縣承辦人設定。"))
    if reviewer.pk not in {person.pk for person in holders_of(Role.REVIEWER, county=county)}:
        raise Refused(_("%(name)s不是本縣的審查委員。") % {"name": reviewer})
    with trail.unit_of_work(Actor(user, post.label)):
        row = ReviewerRemit.objects.filter(county=county, reviewer=reviewer).first()
        before = _said(row) if row else {}
        row, _new = ReviewerRemit.objects.update_or_create(
            county=county,
            reviewer=reviewer,
            defaults={"townships": list(townships), "set_by": user, "set_on": clock.today()},
        )
        row.programmes.set(programmes)
        old, new = trail.changes(before, _said(row))
        trail.record(REMIT, row, before=old, after={"reviewer": str(reviewer), **new})
    return row


def _said(row: ReviewerRemit) -> dict[str, list[str]]:
    return {
        "programmes": [programme.name for programme in row.programmes.all()],
        "townships": [township_name(code) for code in row.townships],
    }
