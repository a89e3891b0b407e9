"""Buttons of a case for the offices, taken from the workflow's table: `{% load reviews %}`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import BEING_CHECKED, CASE_DECIDED
from grants.enums import ApplicationStatus as S
from grants.models import Application
from grants.permissions import holds
from grants.workflow import applications
from grants.workflow.core import Move
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, CORRECTION_ASKERS, Who
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User

register = template.Library()


@register.simple_tag
def review_actions(
    case: Application, user: User, moves: Iterable[Move] | None = None, shown: str = ""
) -> list[dict[str, Any]]:
    """Return what the user can do with the case now, one entry for each page: {label, url, post, danger}.

    `shown` is the address of the button that the page already has in its first panel.
    """
    found: dict[str, dict[str, Any]] = {}
    for move in applications.TABLE.open_to(case, user) if moves is None else moves:
        page, at_once = move.screen.page, move.screen.at_once
        # The association's own moves have pages of their own.
        if page and Role.MEMBER not in move.roles:
            label = str(move.label) if at_once else move.button
            entry = {"label": label, "url": reverse(page, args=[case.number]), "post": at_once}
            found.setdefault(page, entry | {"danger": move.screen.grave})
    return [entry for entry in (*found.values(), *_besides(case, user)) if entry["url"] != shown]


def _besides(case: Application, user: User) -> list[dict[str, Any]]:
    """Return steps that change no status: more time for a correction, asking reviewers."""
    wanted: list[tuple[str, str, Who]] = []
    if case.status == S.CORRECTION_REQUESTED and case.correction_due_on:
        wanted.append((_("展延補正期限"), "grants:case_correction", CORRECTION_ASKERS))
        if not case.waits_at_township:
            wanted.append((_("登記補正函送達"), "grants:case_delivery", Role.CASE_OFFICER))
    if case.status in BEING_CHECKED:
        wanted.append((_("請委員審查"), "grants:case_reviewers", Role.CASE_OFFICER))
    if case.status in CASE_DECIDED:
        wanted.append((_("決定的紀錄、重新審查"), "grants:case_decisions", CASE_HANDLERS))
    if case.status == S.UNDER_REVIEW:
        wanted.append((_("看檢核結果"), "grants:case_check", Role.CASE_OFFICER))
    return [
        {"label": label, "url": reverse(name, args=[case.number]), "post": False, "danger": False}
        for label, name, who in wanted
        if holds(user, case, who)
    ]
