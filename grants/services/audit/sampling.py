"""Drawing a sample of cases for an audit: once drawn it stays, with who drew it, from how many and by which seed."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import AuditSample
from grants.queries.audit.sampling import Plan, counties_of, drawn_of, frame_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

DRAW = actions.register("audit.sample", _l("稽核抽樣"))
# More than this nobody checks sheet by sheet.
MOST = 150
# Any number that no other advisory lock has.
TURNS_LOCK = 88_0990002


def draw_sample(user: User, plan: Plan) -> AuditSample:
    """Draw and keep a sample; what was drawn alike today is the same sample. Raises Refused."""
    if plan.county not in counties_of(user):
        raise Refused(_("稽核人員才能抽樣。"))
    layers = frame_of(plan)
    strata: list[dict[str, Any]] = [
        {"label": label, "size": len(rows), "drawn": drawn_of(plan, rows)} for label, rows in layers
    ]
    count = sum(len(stratum["drawn"]) for stratum in strata)
    if not count:
        raise Refused(_("這一年沒有核定的案件，沒有東西可以抽。"))
    if count > MOST:
        words = _("這樣會抽出 %(count)d 件，一次最多 %(most)d 件。請減少每層的件數，或換一種分層。")
        raise Refused(words % {"count": count, "most": MOST})
    frame = [[row.number for row in rows] for _label, rows in layers]
    with trail.unit_of_work(actor(user, Role.AUDITOR, county=plan.county)):
        return _kept(user, plan, strata, frame)


def _kept(user: User, plan: Plan, strata: list[dict[str, Any]], frame: list[list[str]]) -> AuditSample:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURNS_LOCK])
    known = {**vars(plan), "drawn_by": user, "drawn_on": clock.today(), "frame": frame}
    if alike := AuditSample.objects.filter(**known).first():
        return alike
    turn = AuditSample.objects.filter(county=plan.county, year=plan.year).count() + 1
    sample = AuditSample.objects.create(**known, strata=strata, turn=turn, drawn_at=clock.now())
    after = {**vars(plan), "turn": turn, "frame_size": sample.size, "count": sample.count, "drawn": _numbers(sample)}
    trail.record(DRAW, sample, after=after)
    return sample


def _numbers(sample: AuditSample) -> list[str]:
    return [row[0] for stratum in sample.strata for row in stratum["drawn"]]
