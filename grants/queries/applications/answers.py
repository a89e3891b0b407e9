"""Check your answers: everything that was entered, row by row, each with the place in the form where it can be changed."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.models import Application
from grants.queries.schemes import terms
from miaoli_kaohsiung.lib import clock, money, roc_date

from . import other_cases
from .completeness import STEPS
from .pages import Paper, ShownLine, answer_words


@dataclass(frozen=True)
class Row:
    """A question with its answer; `blank` if nothing was entered."""

    label: str
    text: str
    url: str
    blank: bool = False
    notes: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    url: str
    rows: list[Row] = field(default_factory=list)


def sections_of(case: Application, lines: list[ShownLine], documents: list[Paper]) -> list[Section]:
    """Return the whole form in its order. `lines` and `documents` are those of `pages.contents`."""
    return [_organisation(case), _project(case), _questions(case), _budget(case, lines), _documents(case, documents)]


def _organisation(case: Application) -> Section:
    at = reverse("grants:application_organisation", args=[case.number])
    rows = [
        _row(_("聯絡人"), case.contact_name, f"{at}#div_id_contact_name"),
        _row(_("聯絡電話"), case.contact_phone, f"{at}#div_id_contact_phone"),
        _row(_("聯絡信箱"), case.contact_email, f"{at}#div_id_contact_email"),
    ]
    return Section("organisation", str(STEPS["organisation"]), at, rows)


def _project(case: Application) -> Section:
    at = reverse("grants:application_project", args=[case.number])
    areas = "、".join(other_cases.township_names(case.service_area, clock.today()).values())
    fields = [
        ("title", _("計畫名稱"), case.title),
        ("starts_on", _("開始日期"), roc_date.format_roc(case.starts_on) if case.starts_on else ""),
        ("ends_on", _("結束日期"), roc_date.format_roc(case.ends_on) if case.ends_on else ""),
        ("service_area", _("服務區域"), areas),
        ("place", _("辦理地點"), case.place),
        ("goal", _("為什麼要辦"), case.goal),
        ("content", _("要做什麼"), case.content),
        ("beneficiaries", _("幫助到誰"), case.beneficiaries),
        ("outcome", _("預期成果"), case.outcome),
        ("other_funding", _("其他單位補助"), case.other_funding),
    ]
    return Section(
        "project", str(STEPS["project"]), at, [_row(label, text, f"{at}#ask-{name}") for name, label, text in fields]
    )


def _questions(case: Application) -> Section:
    at = reverse("grants:application_project", args=[case.number])
    answered = [
        question
        for question in terms.known_questions(case).values()
        if case.answers.get(question.key) not in (None, "", [])
    ]
    rows = [
        _row(question.label, answer_words(question, case.answers[question.key]), f"{at}#ask-{question.key}")
        for question in answered
    ]
    return Section("questions", _("方案問題"), f"{at}#questions", rows)


def _budget(case: Application, lines: list[ShownLine]) -> Section:
    at = reverse("grants:application_budget", args=[case.number])
    rows = []
    for place, shown in enumerate(lines, 1):
        asked = "" if shown.line.requested is None else money.format_amount(shown.line.requested)
        own = (
            _("，自籌 %(own)s 元") % {"own": money.format_amount(shown.line.own_funds)} if shown.line.own_funds else ""
        )
        words = "，".join(part for part in (shown.line.description, shown.quantities) if part)
        text = _("申請 %(asked)s 元%(own)s") % {"asked": asked, "own": own} if asked else ""
        notes = tuple(note for note in shown.notes if note.kind == "stop" or note.asks)
        label = f"{place}　{shown.name}"
        row = _row(label, "\n".join(part for part in (text, words) if part), f"{at}#line-{shown.line.pk}")
        rows.append(Row(row.label, row.text, row.url, row.blank, notes))
    total = _("申請補助合計 %(total)s 元") % {"total": money.format_amount(case.requested_total)}
    return Section("budget", f"{STEPS['budget']}：{total}", at, rows)


def _documents(case: Application, documents: list[Paper]) -> Section:
    at = reverse("grants:application_documents", args=[case.number])
    rows = [_row(row.name, row.document.file.name, f"{at}#div-{row.document.kind}") for row in documents]
    return Section("documents", str(STEPS["documents"]), at, rows)


def _row(label: str, text: str, url: str) -> Row:
    return Row(str(label), text or _("（未填）"), url, blank=not text)
