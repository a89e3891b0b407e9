"""The end of a round: its sheets are closed, then its results are published and become proposals of tiers."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.enums import OrganisationStatus, Tier, TierBasis
from communities.services.tiers import record_tier
from evaluation import actions, workflow
from evaluation.enums import Dimension
from evaluation.models import Entry, Round
from evaluation.queries.sheets import results
from evaluation.queries.spread import tier_of, totals
from evaluation.rules import Result
from grants.services.duties import records
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import format_quantity
from miaoli_kaohsiung.notices.services import close as close_notices
from miaoli_kaohsiung.notices.services import notify

from .moderation import require_decided
from .rounds import excuse_as
from .sheets import look_again, thread_of


def close(user: User, round_: Round) -> Round:
    """End the scoring: from now on no sheet changes. What is found of an interest takes out its sheet first, and
    associations that were dissolved without being judged are noted as such. Raises access.Refused.
    """
    look_again(user, round_)
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=round_.county)):
        Round.objects.select_for_update().get(pk=round_.pk)
        gone = round_.unscored().filter(organisation__status=OrganisationStatus.DISSOLVED)
        for entry in Entry.objects.filter(pk__in=gone.values("pk")).order_by("pk").select_for_update():
            excuse_as(entry, _("協會已解散"))
        round_ = workflow.close(round_.pk, user)
        close_notices([thread_of(round_)])
    return round_


def reopen(user: User, round_: Round) -> Round:
    """Give the sheets back to their judges, to be changed before the last day; totals that were moderated fall away.
    Raises access.Refused.
    """
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=round_.county)):
        round_ = workflow.reopen(round_.pk, user)
        for entry in round_.entries.filter(moderated__isnull=False).order_by("pk").select_for_update(of=("self",)):
            trail.record(actions.DROP_MODERATION, entry, before={"moderated": str(entry.moderated)})
            entry.moderated, entry.moderation_reason = None, ""
            entry.save(update_fields=["moderated", "moderation_reason"])
    return round_


def publish(user: User, round_: Round) -> Round:
    """Fix the totals, propose the tiers in the opener's name, notify the associations. Raises access.Refused, TierError."""
    with trail.unit_of_work(actor(user, Role.APPROVER, county=round_.county)):
        round_ = workflow.publish(round_.pk, user)
        require_decided(round_)
        found, standing = results(round_), totals(round_)
        for entry in round_.entries.filter(not_evaluated="").select_related("organisation"):
            entry.total = standing[entry.pk]
            entry.save(update_fields=["total"])
            _propose(round_, entry, found[entry.pk])
            _notify(round_, entry)
        records.note_evaluation(user, round_.county, round_.year, round_.entries.filter(not_evaluated="").count())
    return round_


def _propose(round_: Round, entry: Entry, found: Result) -> None:
    total = entry.total or Decimal()
    governance, finance, services = (found.by_dimension[dimension.value] for dimension in Dimension)
    reason = _("%(year)d年度評鑑總分%(total)s分（會務%(governance)s、財務%(finance)s、業務%(services)s）。") % {
        "year": round_.roc_year,
        "total": format_quantity(total),
        "governance": format_quantity(governance),
        "finance": format_quantity(finance),
        "services": format_quantity(services),
    }
    if entry.moderated is not None:
        params = {"mean": format_quantity(found.total), "why": entry.moderation_reason}
        reason += _("委員平均%(mean)s分，討論後調整：%(why)s") % params
    record_tier(
        round_.opened_by,
        entry.organisation,
        year=round_.year,
        tier=tier_of(round_, total),
        basis=TierBasis.EVALUATION,
        reason=reason,
        what_would_lift=_lift(round_, total),
        scores=(governance, finance, services),
    )


def _lift(round_: Round, total: Decimal) -> str:
    above = {
        Tier.BASIC: (Tier.POTENTIAL, round_.potential_from),
        Tier.POTENTIAL: (Tier.EXCELLENT, round_.excellent_from),
    }
    if (tier := tier_of(round_, total)) not in above:
        return ""
    name, needed = above[tier]
    missing = format_quantity(needed - total)
    return _("總分再增加%(points)s分，可以列為%(tier)s。") % {"points": missing, "tier": name.label}


def _notify(round_: Round, entry: Entry) -> None:
    subject = _("%(year)d年度評鑑結果已經公布") % {"year": round_.roc_year}
    body = _("%(name)s的總分是%(total)s分。分級要等主管確認後才生效。") % {
        "name": entry.organisation.name,
        "total": format_quantity(entry.total or Decimal()),
    }
    url = reverse("evaluation:entry", args=[entry.pk])
    for member in holders_of(Role.MEMBER, organisation_id=entry.organisation_id):
        notify(member, "evaluation.published", f"entry:{entry.pk}", clock.today(), subject, body, url)
