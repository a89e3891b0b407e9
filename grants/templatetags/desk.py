"""As whom somebody acts, for the header of every page."""

from typing import Any

from django import template

from grants.models import Application, Award, Settlement
from grants.permissions import post_for
from miaoli_kaohsiung.accounts.queries import posts_of

register = template.Library()


@register.simple_tag(takes_context=True)
def acting_label(context: Any) -> str:
    """Return the post in which the reader acts on the case of the page, else the one chosen, else all of them."""
    user, case = context.get("user"), _case(context)
    if case is not None and user is not None and len(posts_of(user)) > 1 and (post := post_for(user, case)):
        return post.label
    return str(context.get("account_label", ""))


def _case(context: Any) -> Application | None:
    case, award, settlement = (context.get(name) for name in ("case", "award", "settlement"))
    if isinstance(case, Application):
        return case
    if isinstance(settlement, Settlement):
        award = settlement.award
    return award.application if isinstance(award, Award) else None
