"""What an alliance files together, on pages of others: `{% load joint %}`. The communities lie below and know no cases."""

from typing import Any

from django import template

from communities.models import Alliance
from grants.models import Application
from grants.queries.joint import cases_of, is_joint
from miaoli_kaohsiung.accounts.models import User

register = template.Library()


@register.inclusion_tag("grants/joint/_cases.html")
def joint_cases(alliance: Alliance, user: User) -> dict[str, Any]:
    """Return the alliance's cases with the shares that this person may read."""
    return {"cases": cases_of(user, alliance), "alliance": alliance}


@register.filter
def filed_jointly(case: Application) -> bool:
    """Return whether the case's programme is filed by an alliance."""
    return is_joint(case)
