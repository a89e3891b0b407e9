"""Buttons of a case for the offices, drawn from the workflow's table: `{% load reviews %}`."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import BEING_CHECKED
from grants.enums import ApplicationStatus as S
from grants.models import Application
from grants.permissions import holds
from grants.workflow import applications
from grants.workflow.core import Move
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS, Who
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User

register = template.Library()

# Which page makes a move, and whether its button posts at once, the usual step first; moves of the association are on
# its own pages.
PAGES = {
    "receive": ("grants:case_receive", True),
    "forward": ("grants:case_forward", True),
    "complete": ("grants:case_check", False),
    "propose": ("grants:case_proposal", False),
    "ask_correction_by_township": ("grants:case_correction", False),
    "ask_correction": ("grants:case_correction", False),
    "approve": ("grants:case_decision", False),
    "reject": ("grants:case_decision", False),
    "not_accept": ("grants:case_decision", False),
    "send_back": ("grants:case_decision", False),
    "send_back_to_check": ("grants:case_decision", False),
    "send_back_to_correction": ("grants:case_decision", False),
    "propose_refusal": ("grants:case_refusal", False),
}
DECIDE = _l("看建議並決定")
LABELS = {"complete": _l("檢核文件與說明"), "approve": DECIDE, "reject": DECIDE, "not_accept": DECIDE}


@register.simple_tag
def review_actions(case: Application, user: User, moves: Iterable[Move] | None = None, shown: str = "") -> list[dict]:
    """What the user can do with the case now, one entry for each page: {label, url, post, danger}.

    `shown` is the address of the button that the page has already, in its first panel.
    """
    found: dict[str, dict] = {}
    order = list(PAGES)
    open_now = applications.TABLE.open_to(case, user) if moves is None else moves
    for move in sorted((move for move in open_now if move.name in PAGES), key=lambda move: order.index(move.name)):
        name, post = PAGES[move.name]
        label = LABELS.get(move.name, move.label)
        entry = {"label": label, "url": reverse(name, args=[case.number]), "post": post}
        found.setdefault(name, entry | {"danger": move.name == "propose_refusal"})
    return [entry for entry in (*found.values(), *_besides(case, user)) if entry["url"] != shown]


def _besides(case: Application, user: User) -> list[dict]:
    """Steps that change no status: more time for a correction, asking reviewers."""
    wanted: list[tuple[str, str, Who]] = []
    if case.status == S.CORRECTION_REQUESTED and case.correction_due_on:
        wanted.append((_("展延補正期限"), "grants:case_correction", CORRECTION_ASKERS))
    if case.status in BEING_CHECKED:
        wanted.append((_("請委員審查"), "grants:case_reviewers", Role.CASE_OFFICER))
    if case.status == S.UNDER_REVIEW:
        wanted.append((_("看檢核結果"), "grants:case_check", Role.CASE_OFFICER))
    return [
        {"label": label, "url": reverse(name, args=[case.number]), "post": False, "danger": False}
        for label, name, who in wanted
        if holds(user, case, who)
    ]
