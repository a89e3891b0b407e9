"""Reads for a township's own application for its activity centre (伍九): is the centre in the register, when was it paid for last."""

from django.utils.translation import gettext as _

from communities.models import ActivityCentre
from grants.models import Application, Award
from grants.queries.assets import asked_again
from miaoli_kaohsiung.lib import folding
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

PROGRAMME = "activity_centre"
# The question whose answer names the centre.
QUESTION = "centre"
NAMED = 3


def before_filing(case: Application) -> list[str]:
    """Return what an applicant should know before filing, in sentences: what is there already, and the last award."""
    return [sentence for sentence in (unregistered(case), last_award(case), asked_again(case)) if sentence]


def unregistered(case: Application) -> str:
    """Return a sentence if the case names a centre that its township has not entered; "" otherwise."""
    name = _named(case)
    if not name:
        return ""
    rows = ActivityCentre.objects.filter(township=case.organisation.township_id, closed_on=None)
    if any(folding.key(row) == folding.key(name) for row in rows.values_list("name", flat=True)):
        return ""
    return _("「%(name)s」還沒有登錄為活動中心，沒有設備清冊可以比對。") % {"name": name}


def last_award(case: Application) -> str:
    """Return a sentence that names what the office was granted for the same centre before, the newest first; "" if nothing."""
    name = folding.key(_named(case))
    if not name:
        return ""
    rows = Award.objects.filter(application__organisation=case.organisation_id, application__programme__code=PROGRAMME)
    rows = rows.exclude(application=case.pk).select_related("application").order_by("-approved_on", "-pk")
    found = [row for row in rows if folding.key(str(row.application.answers.get(QUESTION) or "")) == name]
    if not found:
        return ""
    named = "、".join(
        _("%(day)s %(number)s 核定 %(sum)s 元")
        % {"day": format_roc(row.approved_on), "number": row.number, "sum": format_amount(row.total)}
        for row in found[:NAMED]
    )
    return _("同一個活動中心以前補助過：%(rows)s。") % {"rows": named}


def _named(case: Application) -> str:
    if case.programme.code != PROGRAMME:
        return ""
    return str(case.answers.get(QUESTION) or "").strip()
